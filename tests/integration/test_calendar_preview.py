#!/usr/bin/python3
"""What a new version of a calendar would move is shown before it is applied, through the real intake and sla; and the rest that asks
daemons about calendars: show, status, the log.

Usage: test_calendar_preview.py BUILD_DIR
"""
import datetime
import json
import os
import sys
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
from database import query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from wire import Checks  # noqa: E402

MINUTE = 60 * 1000000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONE = datetime.timezone(datetime.timedelta(hours=8))
STATES = 8
TESTS = []

REGISTRY = """customers: {acme: {name: {zh: 客户, en: Acme}}}
products: {storage: {name: {zh: 存储, en: Storage}}}
persons: {pm: {name: pm, email: pm@example.com}}
desks: {desk: {holders: {desk: pm}}}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
sites:
  harbour: {customer: acme, name: {zh: 港口, en: Harbour}, regions: [coast]}
  mine: {customer: acme, name: {zh: 矿山, en: Mine}, calendar: other}
contracts:
  k: {customer: acme, name: {zh: 合同, en: K}, policy: trial, calendar: plant,
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
"""
PACK = """policy:
  name: trial
  title: {zh: 试验, en: Trial}
  source: made up for a test
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  excluded: {force_majeure: {zh: 不可抗力, en: Force majeure}}
  milestones:
    - {name: response, title: {zh: 响应, en: Response}, start: [entitled], stop: [contacted], targets: {1: 2h}}
    - {name: repair, title: {zh: 修复, en: Repair}, start: [entitled], stop: [restored], targets: {1: working 96h}}
"""


def test(function):
    TESTS.append(function)
    return function


def now_us():
    return time.time_ns() // 1000 // MINUTE * MINUTE  # whole minutes: RFC 3339 without fractions says them exactly


def written(us):
    return datetime.datetime.fromtimestamp(us / 1e6, ZONE).isoformat(timespec="seconds")


class World:
    def __init__(self, suite):
        import callout as client
        self.suite, self.module, self.closed, self.exclusions = suite, client, {"plant": [], "other": []}, ""
        keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
        self.dir = f"{suite.dir}/registry"
        os.mkdir(self.dir)
        self.write("trial", PACK)
        self.write("registry", REGISTRY)
        self.apply("--yes")
        self.client = client.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])

    def write(self, name, text):
        with open(f"{self.dir}/{name}.yaml", "w") as file:
            file.write(text)

    def apply(self, *options, check=True):
        for key, days in self.closed.items():
            lines = "".join(f"  - {{date: {day}, name: Shut, hours: []}}\n" for day in days)
            week = "".join(f"  {day}: [\"00:00-24:00\"]\n" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
            self.write(key, f"calendar: {key}\nzone: Asia/Shanghai\nutc_offset: \"+08:00\"\nweek:\n{week}years: [2020]\n"
                       + (f"exceptions:\n{lines}" if days else ""))
        self.write("exclusions", self.exclusions or "exclusions: {}\n")
        return self.suite.callout("apply", "-f", self.dir, "--keys", f"{self.suite.dir}/keys", *options, key="admin", check=check)

    def submit(self, occurred_us, site="harbour"):
        done = self.client.submit(title="down", customer="acme", contract="k", site=site, product="storage", occurred_us=occurred_us, wait_ms=5000)
        wait_for("promises", lambda: len(self.view(done.number).clocks) >= 2)
        return done.number

    def view(self, number):
        return self.client.query("case", number=number).view

    def due(self, number, milestone):
        return [c.due_us for c in self.view(number).clocks if c.milestone == milestone][-1]

    def cancel_all(self, numbers):
        for number in numbers:
            self.client.command(number, "cancel")

    def version(self):
        return query(self.suite.url, "SELECT max(version) FROM registry.version")

    def sweeps(self):
        return query(self.suite.url, "SELECT to_regclass('sla.sweep') IS NOT NULL") == [["t"]]


def day_after(us, days):
    return (datetime.datetime.fromtimestamp(us / 1e6, ZONE) + datetime.timedelta(days=days)).date().isoformat()


def moves(answer):
    return {(m["number"], m["milestone"]): (int(m["old_due_us"]), int(m["new_due_us"])) for m in answer.get("moved", [])}


@test
def without_open_cases_nothing_moves_and_that_is_said(w):
    w.closed["plant"] = ["2030-01-01"]
    text = w.apply("--dry-run")
    assert "calendar plant: no due time moves (open cases looked at: 0)" in text, text
    w.apply("--yes")
    assert "due time" not in w.apply("--dry-run")


@test
def what_moves_is_listed_and_what_does_not_is_not(w):
    now = now_us()
    here, there = w.submit(now), w.submit(now, site="mine")
    due = w.due(here, "repair")
    w.closed["plant"] = [day_after(now, 2)]
    before = w.version()
    text = w.apply("--dry-run")
    assert "calendar plant: 1 due times of 1 open cases would move" in text and here in text and there not in text, text
    assert "repair" in text and "response" not in text and "later by 1d" in text, text
    answer = json.loads(w.apply("--dry-run", "-o", "json"))
    assert moves(answer) == {(here, "repair"): (due, due + DAY)} and answer["changed"] == 1, answer
    refused = w.apply(check=False)
    assert refused.returncode == 2 and here in refused.stdout and "--yes is needed" in refused.stderr, refused
    assert w.version() == before and w.due(here, "repair") == due
    silent = w.apply("--dry-run", "--no-preview")
    assert here not in silent and "1 changed" in silent, silent
    both = json.loads(w.apply("--dry-run", "-o", "json"))
    w.closed["other"] = [day_after(now, 1)]
    both = moves(json.loads(w.apply("--dry-run", "-o", "json")))
    assert both == {(here, "repair"): (due, due + DAY), (there, "repair"): (due, due + DAY)}, both
    w.closed["other"] = []


@test
def what_was_shown_is_what_then_happens(w):
    shown = moves(json.loads(w.apply("--yes", "-o", "json")))
    assert len(shown) == 1, shown
    (number, milestone), (_, new_us) = next(iter(shown.items()))
    if not w.sweeps():
        print("# open cases are not rebased by this sla: only the preview is looked at", flush=True)
        return
    wait_for("the case is rebased", lambda: w.due(number, milestone) == new_us)
    text = w.apply("--dry-run")
    assert "due time" not in text, text
    w.closed["plant"] = []
    back = moves(json.loads(w.apply("--yes", "-o", "json")))
    assert back == {(number, milestone): (new_us, new_us - DAY)}, back
    wait_for("the case is as it was", lambda: w.due(number, milestone) == new_us - DAY)


@test
def of_many_the_first_twenty_and_the_count_are_shown(w):
    now = now_us()
    w.closed["plant"] = []
    w.apply("--yes")
    numbers = [w.submit(now - i * MINUTE) for i in range(25)]
    w.closed["plant"] = [day_after(now, 1)]
    text = w.apply("--dry-run")
    answer = moves(json.loads(w.apply("--dry-run", "-o", "json")))
    assert all((n, "repair") in answer for n in numbers), answer
    assert f"... and {len(answer) - 20} more (-o json lists all)" in text, text
    assert text.count("later by") == 20 and text.index(numbers[24]) < text.index(numbers[23]), text
    w.cancel_all(numbers)
    wait_for("none of them is left", lambda: not set(moves(json.loads(w.apply("--dry-run", "-o", "json")))) & {(n, "repair") for n in numbers})
    w.closed["plant"] = []
    w.apply("--yes")


@test
def an_exclusion_is_previewed_too(w):
    now = now_us()
    number, elsewhere = w.submit(now - 3 * HOUR), w.submit(now - 3 * HOUR, site="mine")
    wait_for("a breach", lambda: any(c.milestone == "response" and c.state == "breached" for c in w.view(number).clocks))
    due = w.due(number, "response")
    w.exclusions = ("exclusions:\n  typhoon: {title: {zh: 台风, en: Typhoon}, cause: force_majeure, regions: [coast], "
                    f"from: {written(now - 2 * HOUR)}, until: {written(now - 30 * MINUTE)}}}\n")
    answer = json.loads(w.apply("--dry-run", "-o", "json"))
    found = moves(answer)
    assert found[number, "response"] == (due, due + 90 * MINUTE) and (elsewhere, "response") not in found, answer
    row = [m for m in answer["moved"] if (m["number"], m["milestone"]) == (number, "response")][0]
    assert row["was_late"] and not row.get("is_late"), row
    assert "no longer late" in w.apply("--dry-run")
    if w.sweeps():
        w.apply("--yes")
        wait_for("the case has its time back", lambda: w.due(number, "response") == due + 90 * MINUTE)
        w.exclusions = ""
        taken_back = moves(json.loads(w.apply("--yes", "--prune", "-o", "json")))
        assert taken_back[number, "response"] == (due + 90 * MINUTE, due), taken_back
        wait_for("it is taken back", lambda: w.due(number, "response") == due)
    w.exclusions = ""
    w.apply("--yes", "--prune")


@test
def only_who_may_apply_reads_the_states_of_cases(w):
    request = w.module.M["Request"](request_id=uuid.uuid4().hex, query={"what": STATES})
    w.client.socket.send(request.SerializeToString())
    reply = w.module.M["Reply"].FromString(w.client.socket.recv_multipart()[-1])
    assert reply.code == w.module.CODES["CODE_FORBIDDEN"] and not reply.result.states, reply


@test
def calendars_in_force_are_shown(w):
    text = w.suite.callout("calendar", "show", "plant", "2030-01-02")
    assert "plant, Wednesday, 2030-01-02" in text and "00:00-24:00; 24 h" in text and "2030 are not known yet" in text, text
    listed = json.loads(w.suite.callout("calendar", "show", "-o", "json"))
    assert [c["calendar"] for c in listed] == ["other", "plant"], listed
    assert "did you mean 'plant'?" in w.suite.callout("calendar", "show", "plan", check=False).stderr
    kind = w.module.M["Request"](request_id=uuid.uuid4().hex, query={"what": 5, "kind": "calender"})
    w.client.socket.send(kind.SerializeToString())
    reply = w.module.M["Reply"].FromString(w.client.socket.recv_multipart()[-1])
    assert reply.code == w.module.CODES["CODE_INVALID"] and reply.error.field == "query.kind", reply


@test
def a_year_without_holidays_is_told_by_status_and_in_the_log(w):
    year = datetime.datetime.now(ZONE).year
    status = w.suite.callout("status", key="admin")
    for key in ("other", "plant"):
        assert f"calendar {key}: the public holidays of {year} and {year + 1} are NOT KNOWN" in status, status
    gaps = json.loads(w.suite.callout("status", "-o", "json", key="admin"))["gaps"]
    assert [(g["calendar"], g["years"]) for g in gaps] == [("other", [year, year + 1]), ("plant", [year, year + 1])], gaps
    w.suite.kill("sla", sign=15)
    os.truncate(f"{w.suite.dir}/sla.log", 0)
    w.suite.start("sla")
    w.suite.wait_ready("sla")
    log = wait_for("the warning", lambda: [line for line in open(f"{w.suite.dir}/sla.log") if "holidays_unknown" in line])
    assert any("calendar=plant" in line and f"years={year},{year + 1}" in line and "warn" in line for line in log), log


def main():
    checks = Checks()
    with Suite(sys.argv[1], daemons=("sla", "intake"), migrate=("--lanes", "4"), registry=()) as suite:
        checks.run(TESTS, World(suite))
        if checks.failures:
            print(suite.log_end("sla", 40), suite.log_end("intake", 20))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
