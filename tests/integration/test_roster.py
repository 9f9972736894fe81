#!/usr/bin/python3
"""callout roster show|gaps from files. No daemon.

    test_roster.py CALLOUT
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CALLOUT = sys.argv[1]
room = tempfile.mkdtemp(prefix="callout-roster-")
REGISTRY = """offices:
  north: {name: North, position: {lat: 40, lon: 116}}
  south: {name: South, position: {lat: 23, lon: 113}}
persons:
  day: {name: Day, email: day@example.com}
  night: {name: Night, email: night@example.com}
  free: {name: Free, email: free@example.com}
products:
  disk: {name: Disk}
engineers:
  day: {office: north, skill: 2, skills: [{key: lecturer, until: 2026-03-04T18:00:00+08:00}, {key: disk, level: 3}]}
  night: {office: north, skill: 1}
  free: {office: south, skill: 3, products: [disk]}
rosters:
  day:
    calendar: cn-office
    rules: [{workdays: true, hours: '08:00-20:00'}]
    absences: [{from: 2026-03-04T12:00:00+08:00, until: 2026-03-05T00:00:00+08:00, why: leave}]
  night:
    calendar: cn-office
    rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], hours: '20:00-08:00'}]
"""
with open(f"{room}/registry.yaml", "w") as file:
    file.write(REGISTRY)


def roster(*words, code=0, paths=None):
    paths = paths or [f"{room}/registry.yaml", f"{ROOT}/calendars"]
    done = subprocess.run([CALLOUT, "roster", words[0], *paths, *words[1:]], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "TZ": "Asia/Shanghai"})
    assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def everybody_is_shown_with_his_duties_and_absences():
    text = roster("show", "--from", "2026-03-04", "--days", "1")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[1:] == ["day north 2 lecturer, disk 3 2026-03-04 08:00 2026-03-04 12:00 4h", "day north 2 lecturer, disk 3 2026-03-04 12:00 2026-03-05 00:00 away: leave",
                         "free south 3 always", "night north 1 2026-03-04 00:00 2026-03-04 08:00 8h",
                         "night north 1 2026-03-04 20:00 2026-03-05 00:00 4h"], text
    only = roster("show", "--from", "2026-03-04", "--days", "1", "--person", "free")
    assert "always" in only and "north" not in only, only
    spans = json.loads(roster("show", "--from", "2026-03-04", "--days", "1", "-o", "json"))
    assert [(s["engineer"], s["state"]) for s in spans] == [("day", "on_duty"), ("day", "away"), ("free", "on_duty"), ("night", "on_duty"), ("night", "on_duty")], spans
    assert spans[1]["why"] == "leave" and spans[0]["skills"] == "lecturer, disk 3", spans
    only = roster("show", "--from", "2026-03-04", "--days", "1", "--product", "disk", "--level", "3")
    assert "day" in only and "free" in only and "night" not in only, only
    assert "free" not in roster("show", "--from", "2026-03-04", "--days", "1", "--skill", "lecturer")
    assert "nobody is on duty" in roster("show", "--from", "2026-03-05", "--days", "1", "--skill", "lecturer")


def a_gap_is_found_where_nobody_of_an_office_is_on_duty():
    text = roster("gaps", "--from", "2026-03-04", "--days", "1", code=1)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[1:] == ["north anybody 2026-03-04 12:00:00 2026-03-04 20:00:00 8h"], text
    senior = roster("gaps", "--from", "2026-03-04", "--days", "1", "--level", "2", "--office", "north", code=1)
    assert "2026-03-04 00:00:00" in senior and "to the end of what was asked" in senior, senior
    assert "none: there is always somebody on duty" in roster("gaps", "--office", "south")
    found = json.loads(roster("gaps", "--from", "2026-03-04", "--days", "1", "-o", "json", code=1))
    assert len(found) == 1 and found[0]["office"] == "north" and found[0]["until_us"] - found[0]["from_us"] == 8 * 3600 * 10**6, found


def a_qualification_that_ends_leaves_a_gap_from_then_on():
    found = json.loads(roster("gaps", "--from", "2026-03-02", "--days", "4", "--skill", "lecturer", "--office", "north", "-o", "json", code=1))
    at = [(s["from_us"] - 1772380800 * 10**6) / 3600e6 for s in found]  # hours since 2026-03-02 00:00 there
    assert at == [0, 20, 44, 60] and found[0]["who"] == "anybody, lecturer", (at, found)
    assert found[-1]["until_us"] == (1772380800 + 4 * 86400) * 10**6, found  # one gap, over the end of the certificate
    assert "nobody has the qualification 'pilot'" in roster("gaps", "--from", "2026-03-02", "--days", "1", "--skill", "pilot", code=1)


def whom_policy_packs_send_is_looked_for_in_all_offices_together():
    paths = [f"{room}/registry.yaml", f"{ROOT}/calendars", f"{ROOT}/policies"]
    found = json.loads(roster("gaps", "--from", "2026-03-04", "--days", "1", "-o", "json", code=1, paths=paths))
    assert [(s["office"], s["who"], s["policy"]) for s in found] == [("north", "anybody", "")], found  # level 2 and 3: "free" is there
    found = json.loads(roster("gaps", "--from", "2026-03-04", "--days", "1", "--policy", "ceph-expert", "-o", "json", code=1, paths=paths))
    assert [(s["office"], s["who"], s["policy"]) for s in found] == [("north", "level 3", "ceph-expert")], found
    text = roster("gaps", "--from", "2026-03-04", "--days", "1", "--policy", "storage-after-sales", "--office", "north", code=1, paths=paths)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[1:] == ["north level 2 (storage-after-sales) 2026-03-04 00:00:00 2026-03-04 08:00:00 8h",
                         "north level 2 (storage-after-sales) 2026-03-04 12:00:00 to the end of what was asked",
                         "north anybody (storage-after-sales) 2026-03-04 12:00:00 2026-03-04 20:00:00 8h"], text
    assert "there is no policy pack 'x'" in roster("gaps", "--policy", "x", code=4)


def what_is_wrong_is_said():
    assert "there is no office 'west'" in roster("gaps", "--office", "west", code=4)
    assert "allowed are show, gaps and import" in roster("list", code=2)
    assert "takes no --person" in roster("gaps", "--person", "day", code=2)
    assert "takes no --role" in roster("show", "--role", "pm", code=2)
    assert "--role boss: allowed are customer" in roster("gaps", "--role", "boss", code=2)
    assert "goes without --office" in roster("gaps", "--role", "pm", "--office", "north", code=2)
    assert "there is no person 'frea'; did you mean 'free'?" in roster("show", "--person", "frea", code=4)
    assert "takes no --policy" in roster("show", "--policy", "x", code=2) and "takes no --out" in roster("show", "--out", "x", code=2)
    assert "there is no product 'disc'; did you mean 'disk'?" in roster("show", "--product", "disc", code=4)
    assert "there is no office 'nort'; did you mean 'north'?" in roster("show", "--office", "nort", code=4)
    assert "--level" in roster("show", "--level", "4", code=2)
    assert "at least one day" in roster("show", "--days", "0", code=2)


ROTATION = REGISTRY.replace("  night: {name: Night, email: night@example.com}\n", """  night: {name: Night, email: night@example.com}
  boss: {name: Boss, email: boss@example.com, delegate: free}
  lone: {name: Lone, email: lone@example.com}
""") + """  boss:
    calendar: cn-office
    absences: [{from: 2026-03-04T09:00:00+08:00, until: 2026-03-04T18:00:00+08:00, why: leave}]
  lone:
    calendar: cn-office
    absences: [{from: 2026-03-04T09:00:00+08:00, until: 2026-03-04T18:00:00+08:00}]
desks:
  house: {holders: {support: [day, night], director: boss, vendor: lone}}
"""


def roles_and_their_holders_are_looked_at_like_engineers():
    path = f"{room}/rotation"
    os.mkdir(path)
    with open(f"{path}/registry.yaml", "w") as out:
        out.write(ROTATION)
    paths = [path, f"{ROOT}/calendars"]
    text = roster("show", "--from", "2026-03-04", "--days", "1", paths=paths)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[6:8] == ["boss director 2026-03-04 00:00 2026-03-04 09:00 9h", "boss director 2026-03-04 18:00 2026-03-05 00:00 6h"], text
    assert lines[8].startswith("boss director 2026-03-04 09:00 2026-03-04 18:00 away: leave"), text
    (*_, away) = json.loads(roster("show", "--from", "2026-03-04", "--days", "1", "--person", "lone", "-o", "json", paths=paths))
    assert (away["person"], away["roles"], away["state"], away["why"]) == ("lone", "vendor", "away", ""), away
    assert "boss" not in roster("show", "--from", "2026-03-04", "--days", "1", "--level", "2", paths=paths)
    found = [g for g in json.loads(roster("gaps", "--from", "2026-03-04", "--days", "1", "-o", "json", code=1, paths=paths)) if "role" in g]
    hours = [(g["role"], g["holders"], (g["from_us"] - 1772553600 * 10**6) / 3600e6, (g["until_us"] - 1772553600 * 10**6) / 3600e6) for g in found]
    # the delegate stands in for the director; who holds a role alone has it also out of his shifts
    assert hours == [("support", ["day", "night"], 12, 20), ("vendor", ["lone"], 9, 18)], hours
    text = roster("gaps", "--from", "2026-03-04", "--days", "1", "--role", "support", code=1, paths=paths)
    assert [" ".join(line.split()) for line in text.splitlines()][1:] == ["desks support (day, night) 2026-03-04 12:00:00 2026-03-04 20:00:00 8h"], text
    assert "none: there is always somebody" in roster("gaps", "--from", "2026-03-04", "--days", "1", "--role", "director", paths=paths)


TESTS = [everybody_is_shown_with_his_duties_and_absences, a_gap_is_found_where_nobody_of_an_office_is_on_duty,
         a_qualification_that_ends_leaves_a_gap_from_then_on, whom_policy_packs_send_is_looked_for_in_all_offices_together,
         roles_and_their_holders_are_looked_at_like_engineers, what_is_wrong_is_said]
for test in TESTS:
    test()
    print("passed ", test.__name__)
print(f"Checks: {len(TESTS)}, Failures: 0, Errors: 0")
