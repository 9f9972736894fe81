#!/usr/bin/python3
"""callout roster import: shifts, absences and swaps of iCalendar files as rosters. No daemon.

    test_roster_import.py CALLOUT
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CALLOUT = sys.argv[1]
room = tempfile.mkdtemp(prefix="callout-roster-import-")
PEOPLE = """offices:
  north: {name: North, position: {lat: 40, lon: 116}}
persons:
  a: {name: 张三, email: Zhang.San@example.com}
  b: {name: Li Ming, email: li.ming@example.com}
  c: {name: Wang Wu, email: wang.wu@example.com}
  pm: {name: Pm, email: pm@example.com}
engineers:
  a: {office: north, skill: 2}
  b: {office: north, skill: 1}
  c: {office: north, skill: 3}
"""
BERLIN = "TZID=Europe/Berlin"
SHANGHAI = "TZID=Asia/Shanghai"
SPAN = ["--from", "2026-03-01", "--until", "2026-06-01"]
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def written(name, text):
    with open(f"{room}/{name}", "w") as f:
        f.write(text)
    return f"{room}/{name}"


def read(name):
    with open(f"{room}/{name}") as f:
        return f.read()


def callout(*words, code=0):
    done = subprocess.run([CALLOUT, *words], capture_output=True, text=True, cwd=room, check=False, env={"PATH": os.environ["PATH"], "TZ": "UTC"})
    assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done


def event(*lines, uid="u1"):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"]) + "\r\n"


def calendar(*parts):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


def imported(*events, words=(), code=0, people=None, name="t.ics"):
    base = [written("people.yaml", people or PEOPLE), f"{ROOT}/calendars"]
    files = [word for path in base for word in ("-f", path)]
    return callout("roster", "import", written(name, calendar(*events)), *files, *([] if "--calendar" in words else ["--calendar", "cn-office"]),
                   *([] if "--from" in words else SPAN), *words, code=code)


def rosters(*events, **more):
    """By engineer: what the message says."""
    more["words"] = (*more.get("words", ()), "-o", "json")
    answer = json.loads(imported(*events, **more).stdout)
    return {o["roster"]["key"]: o["roster"] for o in answer.get("objects", [])}


def when(us):
    return datetime.datetime.fromtimestamp(int(us) / 1e6, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M")


def spans(roster, field="shifts"):
    return [(when(s.get("from_us", 0)), when(s["until_us"]), s.get("why", "")) for s in roster.get(field, [])]


def day(number):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=number)).isoformat()


def rules(roster):
    return [(r.get("weekdays", []), r.get("from_min", 0), r["until_min"], r.get("workdays", False), day(r.get("from_day", 0)),
             day(r["until_day"]) if r.get("until_day") else None) for r in roster.get("rules", [])]


def shown(text, *words):
    """callout roster show of what an import wrote: (engineer, from, until, for)."""
    out = callout("roster", "show", written("people.yaml", PEOPLE), written("out.yaml", text), f"{ROOT}/calendars", *words, "-o", "json").stdout
    return [(r["engineer"], r["state"], when(r["from_us"]), when(r["until_us"])) for r in json.loads(out)]


WEEK = ["SUMMARY:Day duty", "CATEGORIES:Workday", f"DTSTART;{SHANGHAI}:20260302T080000", f"DTEND;{SHANGHAI}:20260302T180000", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"]
ALWAYS = [([1, 2, 3, 4, 5, 6, 7], 0, 1440, False, "1970-01-01", None)]
A, B, C = ("ATTENDEE:mailto:zhang.san@example.com", "ATTENDEE;CN=Li:MAILTO:Li.Ming@example.com", "ATTENDEE:mailto:wang.wu@example.com")


@test
def a_weekly_shift_stays_a_rule_that_minds_holidays_and_makeup_workdays():
    got = rosters(event(*WEEK, A))
    assert list(got) == ["a"] and rules(got["a"]) == [([1, 2, 3, 4, 5], 480, 1080, True, "2026-03-02", None)], got
    assert got["a"]["calendar"] == "cn-office" and spans(got["a"]) == []
    rows = shown(imported(event(*WEEK, A)).stdout, "--from", "2026-05-01", "--days", "10")
    on = [r[2] for r in rows if r[0] == "a"]  # 1 to 5 May are off, Saturday the 9th is a make-up workday
    assert on == ["2026-05-06T00:00", "2026-05-07T00:00", "2026-05-08T00:00", "2026-05-09T00:00"], rows


@test
def a_shift_over_midnight_in_utc_is_a_rule_of_local_time():
    got = rosters(event("SUMMARY:Li Ming, night", "DTSTART:20260302T120000Z", "DURATION:PT12H", "RRULE:FREQ=WEEKLY;BYDAY=SA,MO;UNTIL=20260601T000000Z"))
    assert rules(got["b"]) == [([1, 6], 1200, 1920, False, "2026-03-02", "2026-05-30")], got
    got = rosters(event("SUMMARY:b", "DTSTART:20260302T230000Z", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3"))  # Tuesday 07:00
    assert rules(got["b"]) == [([2], 420, 540, False, "2026-03-03", "2026-03-17")], got


@test
def a_rule_began_before_the_span_begins_with_it_and_a_past_one_is_no_rule():
    got = rosters(event("SUMMARY:b", f"DTSTART;{SHANGHAI}:20240101T200000", "DURATION:PT12H", "RRULE:FREQ=DAILY"))
    assert rules(got["b"]) == [([1, 2, 3, 4, 5, 6, 7], 1200, 1920, False, "2026-02-28", None)], got
    done = imported(event("SUMMARY:b", f"DTSTART;{SHANGHAI}:20240101T200000", "DURATION:PT12H", "RRULE:FREQ=DAILY;COUNT=9"))
    assert "rules" not in done.stdout and "b has no shift in that time" in done.stderr, done


@test
def what_is_excluded_ends_a_rule_and_the_next_begins_after_it():
    got = rosters(event(*WEEK, A, f"EXDATE;{SHANGHAI}:20260310T080000,20260311T080000"))
    assert [r[4:] for r in rules(got["a"])] == [("2026-03-02", "2026-03-09"), ("2026-03-12", None)], got


@test
def an_instance_with_another_attendee_is_a_swap_and_both_say_so():
    swap = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T080000", f"DTSTART;{SHANGHAI}:20260310T080000", f"DTEND;{SHANGHAI}:20260310T180000", "SUMMARY:Day duty", B)
    for events in ((event(*WEEK, A), swap), (swap, event(*WEEK, A))):  # in any order
        got = rosters(*events)
        assert [r[4:] for r in rules(got["a"])] == [("2026-03-02", "2026-03-09"), ("2026-03-11", None)], got
        assert spans(got["a"], "absences") == [("2026-03-10T00:00", "2026-03-10T10:00", "swap with b")], got
        assert spans(got["b"]) == [("2026-03-10T00:00", "2026-03-10T10:00", "swap with a")], got
        assert rules(got["b"]) == ALWAYS, got  # who takes a time over can be sent as before
    rows = shown(imported(event(*WEEK, A), swap).stdout, "--from", "2026-03-10", "--days", "1")
    assert ("a", "away", "2026-03-10T00:00", "2026-03-10T10:00") in rows and not [r for r in rows if r[:2] == ("a", "on_duty")], rows


@test
def who_takes_a_time_over_beside_shifts_of_his_own_is_on_duty_then():
    night = event("SUMMARY:night", f"DTSTART;{SHANGHAI}:20260302T200000", "DURATION:PT12H", "RRULE:FREQ=DAILY", B, uid="u2")
    swap = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T080000", f"DTSTART;{SHANGHAI}:20260310T080000", "DURATION:PT10H", B)
    rows = [r for r in shown(imported(event(*WEEK, A), night, swap).stdout, "--from", "2026-03-10", "--days", "1") if r[0] == "b"]
    assert rows == [("b", "on_duty", "2026-03-10T00:00", "2026-03-10T10:00"), ("b", "on_duty", "2026-03-10T12:00", "2026-03-11T00:00")], rows


@test
def a_swapped_shift_is_no_absence_from_another_shift_at_that_time():
    oncall = ["SUMMARY:on call", f"DTSTART;{SHANGHAI}:20260303T120000", f"DTEND;{SHANGHAI}:20260303T220000", "RRULE:FREQ=WEEKLY"]
    swap = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T120000", "SUMMARY:on call", f"DTSTART;{SHANGHAI}:20260310T120000", "DURATION:PT10H", B, uid="u2")
    got = rosters(event(*WEEK, A), event(*oncall, A, uid="u2"), swap)
    assert spans(got["a"], "absences") == [] and spans(got["b"]) == [("2026-03-10T04:00", "2026-03-10T14:00", "swap with a")], got
    rows = [r for r in shown(imported(event(*WEEK, A), event(*oncall, A, uid="u2"), swap).stdout, "--from", "2026-03-10", "--days", "1") if r[0] == "a"]
    assert rows == [("a", "on_duty", "2026-03-10T00:00", "2026-03-10T10:00")], rows


@test
def an_instance_is_moved_cancelled_or_shared():
    moved = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T080000", f"DTSTART;{SHANGHAI}:20260310T120000", "DURATION:PT10H")
    got = rosters(event(*WEEK, A), moved)  # names nobody: as its event
    assert spans(got["a"]) == [("2026-03-10T04:00", "2026-03-10T14:00", "moved")] and len(rules(got["a"])) == 2, got
    off = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T080000", f"DTSTART;{SHANGHAI}:20260310T080000", "DURATION:PT10H", "STATUS:CANCELLED")
    got = rosters(event(*WEEK, A), off)
    assert spans(got["a"]) == [] and len(rules(got["a"])) == 2 and spans(got["a"], "absences") == [], got
    shared = event(f"RECURRENCE-ID;{SHANGHAI}:20260310T080000", f"DTSTART;{SHANGHAI}:20260310T080000", "DURATION:PT10H", "SUMMARY:help", A, C)
    got = rosters(event(*WEEK, A, B), shared)
    assert len(rules(got["a"])) == 1 and len(rules(got["b"])) == 2 and spans(got["c"]) == [("2026-03-10T00:00", "2026-03-10T10:00", "swap with b")], got


@test
def other_rules_and_additions_become_spans_within_the_horizon():
    got = rosters(event("SUMMARY:first Sunday", "X-CALLOUT-ENGINEER:c", f"DTSTART;{SHANGHAI}:20260104T090000", "DURATION:PT3H", "RRULE:FREQ=MONTHLY;BYDAY=1SU",
                        f"RDATE;{SHANGHAI}:20260320T090000,20270101T090000"))
    assert [s[0][:10] for s in spans(got["c"])] == ["2026-03-01", "2026-03-20", "2026-04-05", "2026-05-03"] and rules(got["c"]) == [], got
    got = rosters(event("SUMMARY:c", f"DTSTART;{SHANGHAI}:20260302T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY;INTERVAL=2"), words=("--from", "2026-03-10", "--until", "2026-04-10"))
    assert [s[0][:10] for s in spans(got["c"])] == ["2026-03-16", "2026-03-30"] and rules(got["c"]) == [], got


@test
def a_rule_of_a_zone_with_summer_time_is_spans_where_the_calendar_has_none():
    got = rosters(event("SUMMARY:b", f"DTSTART;{BERLIN}:20260302T080000", "DURATION:PT8H", "RRULE:FREQ=WEEKLY"), words=("--from", "2026-03-20", "--until", "2026-04-10"))
    assert rules(got["b"]) == [] and [s[0] for s in spans(got["b"])] == ["2026-03-23T07:00", "2026-03-30T06:00", "2026-04-06T06:00"], got
    berlin = written("berlin.yaml", "calendar: berlin\nzone: Europe/Berlin\nutc_offset: '+01:00'\nweek: {mon: ['09:00-17:00']}\ntransitions:\n" + "".join(
        f"  - {{at: {at}, offset: '{offset}'}}\n" for at, offset in (("2026-03-29T01:00:00Z", "+02:00"), ("2026-10-25T01:00:00Z", "+01:00"), ("2027-03-28T01:00:00Z", "+02:00"), ("2027-10-31T01:00:00Z", "+01:00"))))
    got = rosters(event("SUMMARY:b", f"DTSTART;{BERLIN}:20260302T220000", "DURATION:PT8H", "RRULE:FREQ=WEEKLY"), words=("-f", berlin, "--calendar", "berlin"))
    assert rules(got["b"]) == [([1], 1320, 1800, False, "2026-03-02", None)], got


@test
def a_zone_of_the_file_and_whole_days_and_times_without_zone_are_understood():
    zone = open(f"{ROOT}/tests/data/ical/Shanghai.ics").read().replace("\r\n", "\n")
    zone = zone[zone.index("BEGIN:VTIMEZONE"):zone.index("END:VCALENDAR")].replace("\n", "\r\n")
    own = "TZID=/citadel.org/20220930_1/Asia/Shanghai"
    got = rosters(zone, event("SUMMARY:a", f"DTSTART;{own}:20260302T080000", f"DTEND;{own}:20260302T120000"))
    assert spans(got["a"]) == [("2026-03-02T00:00", "2026-03-02T04:00", "")], got
    got = rosters(event("SUMMARY:a", "DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260309"))
    assert spans(got["a"]) == [("2026-03-06T16:00", "2026-03-08T16:00", "")], got
    done = imported(event("SUMMARY:a", "DTSTART:20260302T080000", "DTEND:20260302T120000"))
    assert "2026-03-02T00:00:00Z" in done.stdout and "1 events have times without a zone: they count as local in Asia/Shanghai" in done.stderr, done


@test
def absences_are_told_by_category_mark_or_word_and_private_ones_stay_private():
    off = ["DTSTART;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260411"]
    for lines, why in ((["SUMMARY:spa", "CATEGORIES:Personal,Vacation", A], "spa"), (["SUMMARY:trip", "X-CALLOUT-KIND:absence", A], "trip"),
                       (["SUMMARY:张三年假"], "张三年假"), (["SUMMARY:sick leave", A], "sick leave"), (["SUMMARY:Busy", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", A], "Busy"),
                       (["SUMMARY:surgery", "CATEGORIES:Leave", "CLASS:PRIVATE", A], "away")):
        got = rosters(event(*lines, *off))
        assert spans(got["a"], "absences") == [("2026-04-02T16:00", "2026-04-10T16:00", why)], (lines, got)
    got = rosters(event("SUMMARY:Friday off", "CATEGORIES:absence", f"DTSTART;{SHANGHAI}:20260306T000000", "DURATION:PT24H", "RRULE:FREQ=WEEKLY;COUNT=3", C))
    assert [s[0][:10] for s in spans(got["c"], "absences")] == ["2026-03-05", "2026-03-12", "2026-03-19"], got


@test
def who_has_only_absences_there_keeps_his_shifts_or_can_be_sent_at_any_other_time():
    leave = event("SUMMARY:leave", "DTSTART;VALUE=DATE:20260403", A, C)
    people = PEOPLE + "rosters:\n  a: {calendar: support-centre, rules: [{weekdays: [1], hours: '08:00-12:00'}], absences: [{from: 2026-03-09T00:00:00Z, until: 2026-03-10T00:00:00Z}]}\n"
    got = rosters(leave, people=people)
    assert rules(got["a"])[0][:3] == ([1], 480, 720) and got["a"]["calendar"] == "support-centre" and len(spans(got["a"], "absences")) == 1, got
    assert rules(got["c"]) == ALWAYS, got
    got = rosters(event(*WEEK, A), people=people)  # nothing about absences: those known stay
    assert spans(got["a"], "absences") == [("2026-03-09T00:00", "2026-03-10T00:00", "")] and rules(got["a"])[0][1] == 480, got


@test
def people_are_known_by_key_mail_name_or_map_and_organizers_by_default():
    time = [f"DTSTART;{SHANGHAI}:20260302T080000", "DURATION:PT2H"]
    for lines, who in ((["X-CALLOUT-ENGINEER:a, c", "SUMMARY:b"], ["a", "c"]), (["SUMMARY:b: night"], ["b"]), (["SUMMARY:值班：张三、Li Ming"], ["a", "b"]),
                       (["SUMMARY:张三值班"], ["a"]), (["SUMMARY:x", "ORGANIZER:mailto:wang.wu@example.com"], ["c"]),
                       (["SUMMARY:x", A, "ATTENDEE;PARTSTAT=DECLINED:mailto:li.ming@example.com", "ATTENDEE;CUTYPE=ROOM:mailto:room-7@example.com"], ["a"]),
                       (["SUMMARY:b", A], ["a"])):
        assert list(rosters(event(*lines, *time))) == who, (lines, who)
    mapped = rosters(event("SUMMARY:x", "ATTENDEE:mailto:zs@corp.example", *time), event("SUMMARY:Old Wang", *time, uid="u2"),
                     words=("--map", "ZS@corp.example=a", "--map", "old wang=c"))
    assert list(mapped) == ["a", "c"], mapped
    guest = imported(event("SUMMARY:x", A, "ATTENDEE:mailto:stranger@example.com", *time))
    assert "stranger@example.com is the mail of nobody" in guest.stderr and "\n  a:" in guest.stdout, guest


@test
def whoever_holds_a_role_has_a_roster_like_engineers():
    time = [f"DTSTART;{SHANGHAI}:20260302T080000", "DURATION:PT2H"]
    for lines, who in ((["SUMMARY:x", A, "ATTENDEE:mailto:pm@example.com"], ["a", "pm"]), (["SUMMARY:pm: on call"], ["pm"]), (["X-CALLOUT-PERSON:pm"], ["pm"]),
                       (["SUMMARY:b: pm shift"], ["b"])):
        assert list(rosters(event(*lines, *time))) == who, (lines, who)
    mapped = rosters(event("SUMMARY:x", "ATTENDEE:mailto:boss@corp.example", *time), words=("--map", "boss@corp.example=pm"))
    assert list(mapped) == ["pm"], mapped
    nobody = imported(event("SUMMARY:x", A, *time), words=("--map", "boss=pn"), code=2).stderr
    assert "there is no person pn; did you mean pm" in nobody, nobody


@test
def what_is_wrong_is_told_with_its_place_and_the_rest_goes_on():
    time = [f"DTSTART;{SHANGHAI}:20260302T080000", "DURATION:PT2H"]
    good = event("SUMMARY:a", *time)
    for lines, text in ((["SUMMARY:x", "ATTENDEE:mailto:li.mign@example.com", *time], 'nobody in the registry; did you mean "li.ming@example.com"?'),
                        (["X-CALLOUT-ENGINEER:d", *time], 'there is no person "d"'), (["SUMMARY:nothing", *time], "names nobody"),
                        (["SUMMARY:b", "DTSTART:20260301T090000Z", "DTEND:20260301T080000Z"], "it ends before it begins"), (["SUMMARY:b", "DTSTART:20260301T090000Z"], "has no end"),
                        (["SUMMARY:b", "DURATION:PT1H"], "DTSTART is missing"), (["SUMMARY:b", "X-CALLOUT-KIND:party", *time], 'X-CALLOUT-KIND "party": allowed: shift, workday, absence'),
                        (["SUMMARY:b", "DTSTART;TZID=Mars/Base:20260105T000000", "DURATION:P1D"], '"Mars/Base" is neither in the file nor known here'),
                        (["SUMMARY:b", *time, "RRULE:FREQ=SECONDLY"], "more than 200000 times")):
        done = imported(good, event(*lines, uid="u-7"), code=1)
        assert f"{room}/t.ics:9: event u-7: " in done.stderr and text in done.stderr, (text, done.stderr)
        assert "\n  a:" in done.stdout and "could not be taken; the others were" in done.stderr, done
    for text, told in (("hello\n", "is no iCalendar"), (calendar(good)[:-len("END:VCALENDAR\r\n")], "the file ends within BEGIN:VCALENDAR")):
        done = callout("roster", "import", written("bad.ics", text), "-f", "people.yaml", "-f", f"{ROOT}/calendars", "--calendar", "cn-office", code=3)
        assert told in done.stderr and done.stdout == "", done
    assert "there are cn-office, support-centre" in callout("roster", "import", "t.ics", "-f", "people.yaml", "-f", f"{ROOT}/calendars", code=2).stderr
    assert "there is no calendar 'cn'" in imported(good, words=("--calendar", "cn"), code=4).stderr
    assert "did you mean" not in imported(good, words=("--map", "x=zz"), code=2).stderr
    assert "must be later than --from" in imported(good, words=("--from", "2026-03-01", "--until", "2026-02-01"), code=2).stderr
    assert "a day is written" in imported(good, words=("--from", "tomorrow"), code=2).stderr
    assert "takes no --office" in imported(good, words=("--office", "north"), code=2).stderr
    assert "which files" in callout("roster", "import", code=2).stderr
    assert "No such file" in callout("roster", "import", "nowhere.ics", "-f", "people.yaml", "-f", f"{ROOT}/calendars", "--calendar", "cn-office", code=4).stderr


@test
def an_outcome_is_written_once_and_nothing_else_is_replaced():
    if os.path.exists(f"{room}/made.yaml"):
        os.unlink(f"{room}/made.yaml")
    week = event(*WEEK, A)
    assert "made.yaml: written" in imported(week, words=("--out", "made.yaml")).stderr
    first = read("made.yaml")
    assert first.startswith("# Rosters, made by callout roster import from t.ics") and "already says this" in imported(week, words=("--out", "made.yaml")).stderr
    assert "made.yaml: changed" in imported(week, event("SUMMARY:b", "DTSTART:20260301T090000Z", "DURATION:PT1H", uid="u2"), words=("--out", "made.yaml")).stderr
    written("own.yaml", "rosters: {}\n")
    assert "holds something else" in imported(week, words=("--out", "own.yaml"), code=5).stderr and read("own.yaml") == "rosters: {}\n"
    empty = imported(words=("--out", "empty.yaml"))
    assert "nothing was written" in empty.stderr and not os.path.exists(f"{room}/empty.yaml"), empty
    done = imported(event("SUMMARY:a", "DTSTART:20250301T090000Z", "DURATION:PT1H"), event("SUMMARY:a", "DTSTART:20260302T090000Z", "DURATION:PT1H", uid="u2"))
    assert "1 single times are not within 2026-03-01 to 2026-06-01 and were passed over" in done.stderr, done


@test
def spans_that_overlap_become_one_and_the_registry_takes_them():
    got = rosters(event("SUMMARY:one", "X-CALLOUT-ENGINEER:a", "DTSTART:20260302T090000Z", "DURATION:PT4H"), event("SUMMARY:two", "X-CALLOUT-ENGINEER:a", "DTSTART:20260302T120000Z", "DURATION:PT4H", uid="u2"),
                  event("SUMMARY:two", "X-CALLOUT-ENGINEER:a", "DTSTART:20260302T160000Z", "DURATION:PT4H", uid="u3"))
    assert spans(got["a"]) == [("2026-03-02T09:00", "2026-03-02T16:00", "one; two"), ("2026-03-02T16:00", "2026-03-02T20:00", "two")], got


@test
def hostile_files_are_refused_or_read_but_never_fatal():
    good = calendar(event(*WEEK, A, f"EXDATE;{SHANGHAI}:20260310T080000"), event(f"RECURRENCE-ID;{SHANGHAI}:20260312T080000", f"DTSTART;{SHANGHAI}:20260312T080000", "DURATION:PT10H", B))
    files = ["-f", written("people.yaml", PEOPLE), "-f", f"{ROOT}/calendars", "--calendar", "cn-office", *SPAN]
    for cut in range(0, len(good), 7):
        with open(f"{room}/cut.ics", "w") as f:
            f.write(good[:cut] + good[cut + 3:])
        done = subprocess.run([CALLOUT, "roster", "import", f"{room}/cut.ics", *files], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 3), (cut, done)
    for lines in (["SUMMARY:" + "张三值班" * 3000, "DTSTART:20260302T080000Z", "DURATION:PT1H"], ["SUMMARY:" + "a b " * 3000, "DTSTART:20260302T080000Z", "DURATION:PT1H"],
                  ["SUMMARY:a", "DTSTART:20260302T080000Z", "DURATION:P99999999D"], ["SUMMARY:a", "DTSTART:99990101T000000Z", "DURATION:P1D"],
                  [*(f"ATTENDEE:mailto:{i}@example.com" for i in range(500)), A, "DTSTART:20260302T080000Z", "DURATION:PT1H"], ["ATTENDEE:", "SUMMARY:a", "DTSTART:20260302T080000Z", "DURATION:PT1H"],
                  ["SUMMARY:a", "DTSTART:20260302T080000Z", "DURATION:P300D", "RRULE:FREQ=DAILY"], ["SUMMARY:a", "DTSTART:20260302T080000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY;COUNT=100000"]):
        done = subprocess.run([CALLOUT, "roster", "import", written("h.ics", calendar(event(*lines))), *files], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 3), (lines[0][:40], done.returncode, done.stderr[-500:])


@test
def a_thousand_shifts_with_overrides_take_little_time():
    events, people = [], [PEOPLE]
    start = datetime.date(2026, 3, 2)
    for i in range(1000):
        uid = f"e{i}"
        events.append(event(*WEEK, (A, B, C)[i % 3], uid=uid))
        for w in range(5):
            d = (start + datetime.timedelta(days=7 * w + i % 5)).strftime("%Y%m%d")
            events.append(event(f"RECURRENCE-ID;{SHANGHAI}:{d}T080000", f"DTSTART;{SHANGHAI}:{d}T080000", "DURATION:PT10H", (B, C, A)[i % 3], uid=uid))
    began = time.monotonic()
    imported(*events)
    took = time.monotonic() - began
    print(f"# 6000 events in {took:.2f} s")
    assert took < 60, took


for t in TESTS:
    t()
    print("passed ", t.__name__, flush=True)
print(f"Checks: {len(TESTS)}, Failures: 0, Errors: 0")
