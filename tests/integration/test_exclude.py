#!/usr/bin/python3
"""callout exclude: exclusions declared, changed, ended, taken back and listed without a file, through the real intake and sla.

Usage: test_exclude.py BUILD_DIR
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
from suite import Suite, wait_for  # noqa: E402
from test_calendar_preview import HOUR, World, moves, now_us, written  # noqa: E402
from wire import Checks  # noqa: E402

TESTS = []
COAST = ["--cause", "force_majeure", "--region", "coast", "--title", "Typhoon", "--title-zh", "台风"]


def test(function):
    TESTS.append(function)
    return function


def exclude(w, *words, code=0):
    done = w.suite.callout("exclude", *words, key="admin", check=False)
    assert done.returncode == code, f"exclude {words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def declared(w):
    return {o["exclusion"]["key"]: o["exclusion"] for o in json.loads(exclude(w, "-o", "json")).get("objects", [])}


def the_rest(w):
    objects = json.loads(w.suite.callout("export", "-o", "json", key="admin"))["objects"]
    return [o for o in objects if "exclusion" not in o]


@test
def nothing_declared_is_said(w):
    assert exclude(w) == "no exclusion is declared\n"
    assert declared(w) == {}


@test
def what_is_missing_or_contradicts_itself_is_said_and_changes_nothing(w):
    before = w.version()
    for words, said in [
            (["t", "--cause", "force_majeure", "--from", "-2h", "--title", "T"], "--region or --everywhere is needed"),
            (["t", *COAST], "--from is needed"),
            (["t", "--region", "coast", "--everywhere"], "--everywhere or --region, not both"),
            (["t", "--end", "t"], "one of KEY, --end KEY and --take-back KEY"),
            (["--end", "t", "--cause", "x"], "--end changes nothing else"),
            (["--until", "now"], "which exclusion"),
            (["t", *COAST, "--from", "yesterday-ish"], "--from"),
            (["t", *COAST, "--from", "-2h"], "nobody can be asked here, so --yes is needed")]:
        text = exclude(w, *words, code=2)
        assert said in text, (words, text)
    assert "force_majeure" in exclude(w, "t", "--cause", "force_majeur", *COAST[2:], "--from", "-2h", "--yes", code=3)
    assert "\n  exclusion t, until: the exclusion ends before it begins" in exclude(w, "t", *COAST, "--from", "-2h", "--until", "-3h", "--yes", code=3)
    assert "there is no exclusion t" in exclude(w, "--end", "t", code=4)
    assert "there is no exclusion t" in exclude(w, "--take-back", "t", code=4)
    text = exclude(w, "t", *COAST, "--region", "coastt", "--region", "moon", "--from", "-2h", "--dry-run")
    assert "no site lies in the region 'coastt'; did you mean 'coast'?\nno site lies in the region 'moon'\n" in text and "'coast'\n" not in text, text
    assert w.version() == before and declared(w) == {}


@test
def one_is_declared_changed_ended_and_taken_back_and_open_cases_follow(w):
    now = now_us()
    number, elsewhere = w.submit(now - HOUR), w.submit(now - HOUR, site="mine")
    due = w.due(number, "response")
    span = ["--from", written(now - HOUR), "--until", written(now - HOUR // 2)]
    text = exclude(w, "typhoon", *COAST, *span, "--dry-run")
    assert "added  exclusion  typhoon" in text and number in text and elsewhere not in text, text
    shown = moves(json.loads(exclude(w, "typhoon", *COAST, *span, "--yes", "-o", "json")))
    assert shown[number, "response"] == (due, due + HOUR // 2), shown
    wait_for("the clocks stood", lambda: w.due(number, "response") == due + HOUR // 2)
    assert "nothing to do" in exclude(w, "typhoon", "--yes")

    text = exclude(w, "typhoon", "--until", written(now - HOUR // 4), "--yes")
    assert "0 added, 1 changed, 0 removed" in text, text
    wait_for("the difference counts", lambda: w.due(number, "response") == due + HOUR * 3 // 4)
    listed = exclude(w)
    assert "typhoon" in listed and "over" in listed and "1: coast" in listed and "Typhoon" in listed, listed
    assert "is over since" in exclude(w, "--end", "typhoon", "--yes", code=3)

    text = exclude(w, "typhoon", "--until", "none", "--yes")
    assert "2 due times of 1 open cases would move" in text and text.count("the clock stands until it is over") == 2, text
    wait_for("the clocks stand", lambda: "the clock stands" in w.suite.callout("show", number))
    assert "if it goes on now" in w.suite.callout("explain", number)
    assert "not over" in exclude(w) and "in force" in exclude(w)
    exclude(w, "--end", "typhoon", "--until", written(now - HOUR // 2), "--yes")
    assert int(declared(w)["typhoon"]["until_us"]) == now - HOUR // 2
    wait_for("it is over", lambda: w.due(number, "response") == due + HOUR // 2)

    text = exclude(w, "--take-back", "typhon", "--yes", code=4)
    assert "did you mean 'typhoon'?" in text, text
    back = json.loads(exclude(w, "--take-back", "typhoon", "--yes", "-o", "json"))
    assert moves(back)[number, "response"] == (due + HOUR // 2, due) and back["removed"] == 1, back
    wait_for("it never was", lambda: w.due(number, "response") == due)
    assert declared(w) == {} and w.due(elsewhere, "response") == due


@test
def closed_cases_are_not_looked_at(w):
    number = w.submit(now_us() - HOUR)
    w.cancel_all([number])
    wait_for("it is closed", lambda: w.view(number).state == "closed")
    text = exclude(w, "typhoon", *COAST, "--from", "-30m", "--dry-run")
    assert "could not be computed" not in text and number not in text, text


@test
def the_rest_of_the_registry_is_left_as_it_is(w):
    exclude(w, "a", *COAST, "--from", "now", "--yes")
    exclude(w, "b", "--cause", "force_majeure", "--everywhere", "--title", "B", "--from", "now", "--yes")
    before = the_rest(w)
    assert "everywhere" in exclude(w)
    exclude(w, "--take-back", "a", "--yes")
    assert set(declared(w)) == {"b"}
    exclude(w, "a", *COAST, "--from", "now", "--yes")
    exclude(w, "--take-back", "b", "--yes")
    exclude(w, "--take-back", "a", "--yes")
    assert the_rest(w) == before and len(before) == 11, before
    assert declared(w) == {}


def main():
    checks = Checks()
    with Suite(sys.argv[1], daemons=("sla", "intake"), migrate=("--lanes", "4"), registry=()) as suite:
        checks.run(TESTS, World(suite))
        if checks.failures:
            print(suite.log_end("sla", 40), suite.log_end("intake", 20))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
