#!/usr/bin/env python3
"""callout calendar show from files: months, years, days, for people and as JSON. No daemon.

    test_calendar_show.py CALLOUT
"""
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CALLOUT = sys.argv[1]
room = tempfile.mkdtemp(prefix="callout-calendar-")

BERLIN = re.search(r"```yaml\n(.*?)```", open(f"{ROOT}/docs/calendars.md").read(), re.S).group(1)
with open(f"{room}/berlin.yaml", "w") as f:
    f.write(BERLIN)
with open(f"{room}/de.yaml", "w") as f:
    f.write('holidays: de\nyears: [2026]\ndays:\n  - {date: "2026-10-03", name: Unity, working: false}\n  - {date: "2026-12-25", name: Christmas, working: false}\n')


def show(*words, code=0, path=None):
    files = [path] if path else [f"{ROOT}/calendars/{name}.yaml" for name in ("cn-office", "cn-holidays")]
    options = [option for file in files for option in ("-f", file)]
    done = subprocess.run([CALLOUT, "calendar", "show", *words, *options], capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout if code == 0 else done.stderr


def has(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in:\n{text}"


def a_month_shows_hours_weekends_holidays_and_make_up_days():
    text = show("cn-office", "2026-10")
    has(text, "cn-office, October 2026, Asia/Shanghai, UTC+08:00", "1 holiday     2 holiday     3 holiday     4 holiday", "国庆节", "10 make-up",
        "18 working days (1 of them make-up workdays), 162 h of working time; 7 days of public holiday")
    assert text == show("2026-10"), "the only calendar needs no name"
    rows = [line for line in text.splitlines() if line.strip()]
    assert rows[1].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert text.count("09:00-18:00") == 18 and all(line == line.rstrip() for line in text.splitlines())


def a_year_sums_its_months_and_names_its_days():
    text = show("2026")
    has(text, "February             16        2         9         144 h", "2026-02-15  2026-02-23  public holiday   春节", "2026-02-28              make-up workday  春节",
        "248 working days (6 of them make-up workdays), 2232 h of working time; 33 days of public holiday")


def a_day_says_what_it_is():
    has(show("2026-10-10"), "Saturday, 2026-10-10", "make-up workday (国庆节): 09:00-18:00; 9 h of working time")
    has(show("2026-10-01"), "Thursday", "public holiday (国庆节)")
    has(show("2026-10-11"), "Sunday", "no working day")


def a_year_that_is_not_known_says_so():
    for period in ("2027", "2027-03", "2027-03-01"):
        has(show(period), "the public holidays of 2027 are not known yet: only the week is counted")
    assert json.loads(show("2027-03", "-o", "json"))["unknown_years"] == [2027]
    assert "not known" not in show("2026-03")


def the_calendar_of_the_documentation_changes_its_week_and_its_clock():
    path = room
    has(show("2026-10", path=path), "Europe/Berlin, UTC+02:00 to UTC+01:00", "3 holiday", "Unity")
    has(show("2026-12-24", path=path), "working day (Christmas Eve): 09:00-12:00; 3 h of working time")
    has(show("2026-12-31", path=path), "public holiday (closed)")
    has(show("2026-12-30", path=path), "09:00-12:00, 13:00-18:00; 8 h")
    has(show("2027-01-04", path=path), ": 08:00-17:00; 9 h")
    has(show("2027-01-01", path=path), ": 08:00-12:00; 4 h")


def json_has_every_day():
    answer = json.loads(show("2026-02", "-o", "json"))
    assert len(answer["days"]) == 28 and answer["working_days"] == 16 and answer["working_us"] == 144 * 3600 * 10**6
    kinds = {d["date"]: (d["kind"], d["name"]) for d in answer["days"]}
    assert kinds["2026-02-14"] == ("makeup", "春节") and kinds["2026-02-15"] == ("holiday", "春节") and kinds["2026-02-08"] == ("free", "")
    assert answer["days"][1]["hours"] == ["09:00-18:00"] and answer["days"][1]["weekday"] == "Monday"


def without_a_name_the_calendars_are_listed():
    with tempfile.TemporaryDirectory() as two:
        for name in ("a", "b"):
            with open(f"{two}/{name}.yaml", "w") as f:
                f.write(f"calendar: {name}\nzone: UTC\nutc_offset: Z\nweek: {{mon: [\"00:00-24:00\"]}}\n")
        has(show(path=two), "calendar", "no holidays")
        assert [c["calendar"] for c in json.loads(show("-o", "json", path=two))] == ["a", "b"]
        has(show("a", "2026-06-01", path=two), "00:00-24:00; 24 h")


def mistakes_are_told():
    has(show("cn-ofice", code=4), "did you mean 'cn-office'?")
    has(show("cn-office", "2026-13", code=2), "2026-13: allowed: 2026, 2026-10, 2026-10-01")
    has(show("cn-office", "2026-02-30", code=2), "2026-02-30: allowed")
    has(show("2026-10", code=4, path=f"{room}/nowhere"), "nowhere")
    with open(f"{room}/bad.yml", "w") as f:
        f.write("calendar: x\nzone: UTC\nweek: {mon: [9-5]}\n")
    has(show("2026-10", code=3, path=f"{room}/bad.yml"), "bad.yml:3: week.mon[0]", "09:00-18:00")


def main():
    tests = [f for name, f in globals().items() if callable(f) and getattr(f, "__module__", "") == "__main__" and name not in ("main", "show", "has")]
    failed = 0
    for test in tests:
        try:
            test()
        except (AssertionError, KeyError, TypeError, ValueError) as e:
            failed += 1
            print(f"FAILED: {test.__name__}: {e}", flush=True)
    print(f"Checks: {len(tests)}, Failures: {failed}, Errors: 0")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
