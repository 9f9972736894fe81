#!/usr/bin/env python3
"""callout calendar import: holiday-cn and iCalendar files, by themselves and into a set that is there. No daemon.

    test_calendar_import.py CALLOUT
"""
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DATA = f"{ROOT}/tests/data"
CALLOUT = sys.argv[1]
YEARS = range(2023, 2027)
room = tempfile.mkdtemp(prefix="callout-calendar-")


def run(*words, code=0):
    done = subprocess.run([CALLOUT, "calendar", *words], capture_output=True, text=True, cwd=room, env={"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done


def written(name, text):
    with open(f"{room}/{name}", "w") as f:
        f.write(text)
    return f"{room}/{name}"


def read(name):
    with open(f"{room}/{name}") as f:
        return f.read()


def days_of(*words):
    """{date: (name, working)} and the known years."""
    answer = json.loads(run("import", *words, "-o", "json").stdout)
    return {d["date"]: (d["name"], d["working"]) for d in answer["days"]}, [y["year"] for y in answer["years"] if y["known"]]


def event(*lines, uid="u1"):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"]) + "\r\n"


def calendar(*parts):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


def ics(*events, words=()):
    return days_of(written("t.ics", calendar(*events)), *words)


def refused(text, *texts, name="t.ics", words=()):
    done = run("import", written(name, text), *words, code=3)
    for t in texts:
        assert t in done.stderr, f"{t!r} is not in {done.stderr!r}"
    assert done.stdout == ""


def source_days():
    """What the files of holiday-cn say, read here."""
    days = {}
    for year in YEARS:
        for d in json.load(open(f"{DATA}/holidays/{year}.json"))["days"]:
            days[d["date"]] = (d["name"], not d["isOffDay"])
    return days


def json_ics_and_the_shipped_set_say_the_same_of_every_day_of_2023_to_2026():
    want = source_days()
    from_json, years = days_of(*(f"{DATA}/holidays/{y}.json" for y in YEARS))
    from_ics, ics_years = days_of(*(f"{DATA}/holidays/{y}.ics" for y in YEARS))
    assert years == ics_years == list(YEARS), (years, ics_years)
    shipped = {d: (n, w == "true") for d, n, w in re.findall(r'date: "(\S+)", name: (\S+), working: (\w+)', open(f"{ROOT}/calendars/cn-holidays.yaml").read())}
    day = datetime.date(2022, 12, 1)
    while day < datetime.date(2027, 1, 1):
        date = day.isoformat()
        assert want.get(date) == from_json.get(date) == from_ics.get(date) == shipped.get(date), (date, want.get(date), from_json.get(date), from_ics.get(date))
        day += datetime.timedelta(days=1)
    assert len(want) == len(from_json) == len(from_ics) == len(shipped)


def a_year_without_notice_is_no_error_and_stays_unknown():
    for kind in ("json", "ics"):
        assert days_of(f"{DATA}/holidays/2026.{kind}", f"{DATA}/holidays/2027.{kind}")[1] == [2026]
        done = run("import", f"{DATA}/holidays/2027.{kind}", "--out", "empty.yaml")
        assert "nothing was written" in done.stderr, done.stderr
        assert not os.path.exists(f"{room}/empty.yaml")
    assert "2027: nothing said yet" in run("import", f"{DATA}/holidays/2027.json").stderr


def a_set_is_made_year_by_year_and_a_second_time_nothing_changes():
    for year in (2024, 2023, 2026, 2025):
        run("import", f"{DATA}/holidays/{year}.json", "--out", "cn.yaml")
    text = read("cn.yaml")
    assert "years: [2023, 2024, 2025, 2026]" in text
    assert re.findall(r"  - {date.*", text) == re.findall(r"  - {date.*", open(f"{ROOT}/calendars/cn-holidays.yaml").read())
    assert all(f"#   {year}: http" in text for year in YEARS)
    assert "already says this" in run("import", f"{DATA}/holidays/2025.ics", "--out", "cn.yaml").stderr
    assert read("cn.yaml") == text


def what_people_wrote_into_a_set_stays():
    text = ('# Ours.\nholidays: cn   # the set\nyears: [2025]   # known\n# before the days\ndays:\n  - {date: "2025-01-01", name: 元旦, working: false}  # kept\n'
            "  # a remark\n  - {date: \"2025-05-09\", name: founding day, working: false}\n  - {date: '2030-01-01', name: far away, working: false}\n# the end\n")
    written("own.yaml", text)
    run("import", f"{DATA}/holidays/2026.json", "--out", "own.yaml")
    after = read("own.yaml")
    for line in text.splitlines():
        if not line.startswith("years"):
            assert line in after.splitlines(), line
    assert "years: [2025, 2026]   # known" in after
    assert after.index("2026-01-01") < after.index("2030-01-01") and after.index("2025-05-09") < after.index("2026-01-01")
    # its year again: days of that year that the notice does not have go
    run("import", f"{DATA}/holidays/2025.json", "--out", "own.yaml")
    assert "founding day" not in read("own.yaml") and "# a remark" in read("own.yaml") and "far away" in read("own.yaml")


def a_corrected_notice_replaces_its_year_only():
    run("import", f"{DATA}/holidays/2025.json", f"{DATA}/holidays/2026.json", "--out", "fix.yaml")
    data = json.load(open(f"{DATA}/holidays/2026.json"))
    data["days"] = [d for d in data["days"] if d["date"] != "2026-10-10"] + [{"name": "国庆节", "date": "2026-10-11", "isOffDay": False}]
    data["days"][0]["name"] = "新年"
    written("2026.json", json.dumps(data))
    before = read("fix.yaml")
    run("import", "2026.json", "--out", "fix.yaml")
    after = read("fix.yaml")
    gone, new = set(before.splitlines()) - set(after.splitlines()), set(after.splitlines()) - set(before.splitlines())
    assert gone == {'  - {date: "2026-01-01", name: 元旦, working: false}', '  - {date: "2026-10-10", name: 国庆节, working: true}'}, gone
    assert new == {'  - {date: "2026-01-01", name: 新年, working: false}', '  - {date: "2026-10-11", name: 国庆节, working: true}'}, new


def the_end_of_december_from_the_next_notice_is_kept():
    run("import", f"{DATA}/holidays/2023.json", "--out", "december.yaml")
    text = json.dumps({"year": 2022, "days": [{"name": "元旦", "date": "2022-01-03", "isOffDay": True}]})
    run("import", written("2022.json", text), "--out", "december.yaml")
    assert "2022-12-31" in read("december.yaml") and "2022-01-03" in read("december.yaml")


def a_file_that_cannot_be_changed_in_place_is_left_alone():
    text = "holidays: cn\nyears:\n  - 2025\ndays:\n  - date: 2025-01-01\n    name: 元旦\n    working: false\n"
    written("block.yaml", text)
    done = run("import", f"{DATA}/holidays/2026.json", "--out", "block.yaml", code=3)
    assert "cannot be changed in place" in done.stderr and read("block.yaml") == text
    written("other.yaml", "customers:\n  a: {name: A}\n")
    assert "holds no set of holidays" in run("import", f"{DATA}/holidays/2026.json", "--out", "other.yaml", code=3).stderr
    assert "not \"x\"" in run("import", f"{DATA}/holidays/2026.json", "--out", "block.yaml", "--name", "x", code=5).stderr
    assert sorted(os.listdir(room)) == sorted(f for f in os.listdir(room) if not f.startswith("block.yaml.")), "something was left beside it"


def days_of_more_than_one_day_end_before_dtend():
    days, years = ics(event("SUMMARY:Easter", "DTSTART;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260407"),
                      event("SUMMARY:Labour Day", "DTSTART;VALUE=DATE:20260501"),
                      event("SUMMARY:Whitsun", "DTSTART;VALUE=DATE:20260524", "DURATION:P2D"),
                      event("SUMMARY:One\\, two", "DTSTART;VALUE=DATE:20261003", "DTEND;VALUE=DATE:20261003"))
    assert list(days) == ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-24", "2026-05-25", "2026-10-03"], days
    assert days["2026-10-03"] == ("One, two", False) and years == [2026]


def rules_repeat_and_exceptions_and_additions_count():
    rule = event("SUMMARY:Thanksgiving", "DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "EXDATE;VALUE=DATE:20261126",
                 "RDATE;VALUE=DATE:20261127,20271231")
    days, years = ics(rule, words=("--years", "2025-2027"))
    assert list(days) == ["2025-11-27", "2026-11-27", "2027-11-25", "2027-12-31"] and years == [2025, 2026, 2027], (days, years)
    assert list(ics(rule, words=("--years", "2019-2020"))[0]) == ["2020-11-26"]


def without_years_recurring_days_reach_two_years_ahead():
    days, years = ics(event("SUMMARY:New Year", "DTSTART;VALUE=DATE:19700101", "RRULE:FREQ=YEARLY"))
    this = datetime.datetime.now(datetime.timezone.utc).year
    assert years in ([this, this + 1, this + 2], [this - 1, this, this + 1]), years  # the year may end while this runs
    assert len(days) == 3


def a_moved_day_replaces_the_one_of_its_rule_and_a_cancelled_one_goes():
    master = event("SUMMARY:Queen", "DTSTART;VALUE=DATE:20240610", "RRULE:FREQ=YEARLY;COUNT=4")
    moved = event("SUMMARY:King", "RECURRENCE-ID;VALUE=DATE:20250610", "DTSTART;VALUE=DATE:20250614")
    off = event("SUMMARY:Queen", "RECURRENCE-ID;VALUE=DATE:20260610", "DTSTART;VALUE=DATE:20260610", "STATUS:CANCELLED")
    days, _ = ics(master, moved, off, words=("--years", "2024-2027"))
    assert days == {"2024-06-10": ("Queen", False), "2025-06-14": ("King", False), "2027-06-10": ("Queen", False)}, days


def events_with_a_time_count_as_the_whole_days_of_their_zone():
    zone = open(f"{DATA}/ical/Shanghai.ics").read().replace("\r\n", "\n")
    zone = zone[zone.index("BEGIN:VTIMEZONE"):zone.index("END:VCALENDAR")].replace("\n", "\r\n")
    own = "/citadel.org/20220930_1/Asia/Shanghai"
    in_file = event("SUMMARY:a", f"DTSTART;TZID={own}:20260101T000000", f"DTEND;TZID={own}:20260102T000000")
    in_utc = event("SUMMARY:b", "DTSTART:20260501T160000Z", "DTEND:20260503T160000Z", uid="u2")
    assert list(ics(zone, in_file)[0]) == ["2026-01-01"]
    assert list(ics(zone, in_file, in_utc, words=("--zone", "Asia/Shanghai"))[0]) == ["2026-01-01", "2026-05-02", "2026-05-03"]
    # 25 hours are one day where the clock is put back, and so is every year's
    berlin = event("SUMMARY:c", "DTSTART;TZID=Europe/Berlin:20261025T000000", "DTEND;TZID=Europe/Berlin:20261026T000000")
    assert list(ics(berlin)[0]) == ["2026-10-25"] and list(ics(berlin, words=("--zone", "Europe/Berlin"))[0]) == ["2026-10-25"]
    part = event("SUMMARY:d", "DTSTART;TZID=Europe/Berlin:20261224T140000", "DTEND;TZID=Europe/Berlin:20261225T000000")
    done = run("import", written("t.ics", calendar(berlin, part)))
    assert "1 events are no whole days off" in done.stderr and "2026-12-24" not in done.stdout


def make_up_days_are_told_by_word_category_or_mark():
    days, _ = ics(event("SUMMARY:元旦（休）", "DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20260104"), event("SUMMARY:元旦（班）", "DTSTART;VALUE=DATE:20260104"),
                  event("SUMMARY:情人节", "DTSTART;VALUE=DATE:20260214"))
    assert days == {"2026-01-01": ("元旦", False), "2026-01-02": ("元旦", False), "2026-01-03": ("元旦", False), "2026-01-04": ("元旦", True)}, days
    days, _ = ics(event("SUMMARY:Bridge", "DTSTART;VALUE=DATE:20260102", "CATEGORIES:Holiday,Bridge day"),
                  event("SUMMARY:Swap", "DTSTART;VALUE=DATE:20260110", "CATEGORIES:Holiday,Working Saturday"), words=("--makeup", "Working Saturday"))
    assert days == {"2026-01-02": ("Bridge", False), "2026-01-10": ("Swap", True)}, days
    days, _ = ics(event("SUMMARY:A", "DTSTART;VALUE=DATE:20260102", "DESCRIPTION:Public holiday"), event("SUMMARY:B", "DTSTART;VALUE=DATE:20260103", "DESCRIPTION:Observance"),
                  words=("--only", "Public holiday"))
    assert list(days) == ["2026-01-02"]


def rules_come_as_often_as_libical_expects():
    """Each rule of libical's own list that goes by days, as an event of a whole day. Where its start is not a day of the rule
    itself it counts all the same (RFC 5545), which the list does not expect."""
    text = open(f"{DATA}/ical/libical-recur.txt").read().replace("\r", "")
    seen, unlike = 0, []
    for block in re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", text, re.S):
        block = block.replace("\n ", "")
        rule, start, want = (re.search(p, block, re.M) for p in (r"^RRULE\s*:(\S+)", r"^DTSTART\S*?:(\d{8})", r"^X-EXPECT-NUMEVENTS:\s*(\d+)"))
        if not (rule and start and want) or re.search(r"HOUR|MINUTE|SECOND|^(EXDATE|RDATE|EXRULE)", block, re.M) or block.count("\nRRULE") > 1:
            continue
        until = re.search(r"UNTIL=(\d{8})T(\d{6})Z?", rule[1])
        words = rule[1]
        if until:
            last = datetime.datetime.strptime(until[1], "%Y%m%d") - datetime.timedelta(days=until[2] == "000000")
            words = words.replace(until[0], f"UNTIL={last:%Y%m%d}")
        days, _ = ics(event("SUMMARY:x", f"DTSTART;VALUE=DATE:{start[1]}", f"RRULE:{words}"), words=("--years", "1990-2037"))
        seen += 1
        if len(days) != int(want[1]):
            unlike.append((words, start[1], int(want[1]), len(days)))
    print(f"# {seen} rules, {len(unlike)} with a start beside the rule")
    for u in unlike:
        print("#", u)
    assert seen >= 30 and all(got == expected + 1 for _, _, expected, got in unlike), unlike


def what_is_wrong_is_told_with_file_line_and_uid():
    good = event("SUMMARY:a", "DTSTART;VALUE=DATE:20260101")
    refused(calendar(good, event("SUMMARY:b", uid="u-7")), "t.ics:8: event u-7: DTSTART is missing")
    refused(calendar(event("SUMMARY:b", "DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260101")), "t.ics:3: event u1: it ends before it begins")
    refused(calendar(event("SUMMARY:b", "DTSTART;VALUE=DATE:tomorrow")), "t.ics:3: event u1", "DTSTART")
    refused(calendar(event("SUMMARY:b", "DTSTART;TZID=Mars/Base:20260105T000000", "DURATION:P1D")), "t.ics:3: event u1", "\"Mars/Base\" is neither in the file nor known here")
    refused(calendar(event("SUMMARY:b", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=NEVER")), "t.ics:3: event u1", "RRULE")
    refused(calendar(event("SUMMARY:b", "DTSTART:20200105T000000", "DURATION:P1D", "RRULE:FREQ=SECONDLY")), "t.ics:3: event u1", "more than 200000 times")
    refused(calendar(good)[:-len("END:VCALENDAR\r\n")], "t.ics:8: the file ends within BEGIN:VCALENDAR")
    refused(calendar(good).replace("END:VEVENT", "END:VTODO"), "t.ics:7: END:VTODO where BEGIN:VEVENT is open")
    refused(calendar(good, event("SUMMARY:上班(补a假期)", "DTSTART;VALUE=DATE:20260101", uid="u2")), "event u", "2026-01-01", "make-up workday")
    refused("hello\n", "t.txt:1: is neither", name="t.txt")
    refused("{\n\"year\": 2026,\n", "t.json:", "no JSON", name="t.json")
    refused('{"year": 2026}', "\"days\" is missing", name="t.json")
    refused('{"year": 1900, "days": []}', "\"year\" is missing or out of range", name="t.json")
    refused('{"year": 2026, "days": [{"name": "a", "date": "2026-02-30", "isOffDay": true}, {"name": "a", "date": "2026-01-01"}, {"date": "2029-01-01"}]}',
            "days[0]: date \"2026-02-30\" is no day", "days[1]: isOffDay is missing", "days[2]: date 2029-01-01 does not belong", "3 problems", name="t.json")
    assert "No such file" in run("import", "nowhere.ics", code=4).stderr
    assert "allowed: 2026, 2025-2027" in run("import", written("t.ics", calendar(good)), "--years", "26", code=2).stderr
    assert "\"Mars/Base\" is not known here" in run("import", "t.ics", "--zone", "Mars/Base", code=3).stderr
    assert "takes no --file" in run("import", "t.ics", "-f", "x", code=2).stderr
    assert "allowed are import and show" in run("export", code=2).stderr


def hostile_files_are_refused_or_read_but_never_fatal():
    good = calendar(event("SUMMARY:a", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20270101"))
    for cut in range(0, len(good), 7):
        with open(f"{room}/cut.ics", "w") as f:
            f.write(good[:cut] + good[cut + 3:])
        done = subprocess.run([CALLOUT, "calendar", "import", f"{room}/cut.ics"], capture_output=True, check=False)
        assert done.returncode in (0, 2, 3), (cut, done)
    refused("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 100, "more than 16 components in one another")
    refused(calendar(event("SUMMARY:a", "DTSTART;VALUE=DATE:20260101", "DURATION:P99999999D")), "event u1")
    refused(calendar(event("SUMMARY:a", "DTSTART;VALUE=DATE:99990101")), "no day of the years")


def main():
    tests = [f for name, f in globals().items() if callable(f) and getattr(f, "__module__", "") == "__main__" and name.count("_") >= 3]
    failed = 0
    for test in tests:
        try:
            test()
        except (AssertionError, KeyError, ValueError) as e:
            failed += 1
            print(f"FAILED: {test.__name__}: {e}", flush=True)
    print(f"Checks: {len(tests)}, Failures: {failed}, Errors: 0")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
