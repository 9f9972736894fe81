#!/usr/bin/python3
"""The project manager calls the customer after the answer, through the real daemons: asked for, told, kept, followed up, reported.

Usage: test_call_back.py BUILD_DIR
"""
import csv
import io
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from suite import Suite  # noqa: E402
from world import HOUR, World, run_tests  # noqa: E402

TESTS = []
PM = {"role": "ROLE_PM", "person": "pm-north"}


def test(function):
    TESTS.append(function)
    return function


def answered(w):
    """A case that support solved over the telephone."""
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    for act in ("contacted", "answer_given"):
        assert w.client.command(number, act, person="support", role="ROLE_SUPPORT").applied, act
    return number


def told(w, number, obligation):
    view = w.wait(number, obligation, lambda v: any(n.obligation.startswith(obligation) for n in v.notices))
    return sorted(n.person for n in view.notices if n.obligation.startswith(obligation))


def report(w, *options):
    return json.loads(w.suite.callout("report", "satisfaction", *options, "-o", "json"))


@test
def without_a_call_the_report_is_empty_and_says_so(w):
    assert report(w)["total"]["calls"] == 0
    done = w.suite.callout("report", "satisfaction", check=False)
    assert done.returncode == 0 and "no customer was called back" in done.stderr, done
    wrong = w.suite.callout("report", "satisfaction", "--by", "month", check=False)
    assert wrong.returncode == 2 and "engineer, office, contract" in wrong.stderr, wrong


@test
def an_answer_gives_the_project_manager_the_duty_to_call(w):
    number = answered(w)
    view = w.wait(number, "the duty", lambda v: any(c.milestone == "call_back" for c in v.clocks))
    clock = w.clock(view, "call_back")
    assert clock.internal and clock.basis.kind == "working" and clock.basis.amount == 4 * HOUR, clock
    assert told(w, number, "promised/call_back/1") == ["pm-north"]
    done = w.suite.callout("act", number, "call-back", "--as", "pm", "--by", "pm-north", "--solved", "yes", "--rating", "5")
    assert "called_back" in done, done
    view = w.wait(number, "the call", lambda v: v.calls)
    assert (view.calls[0].person, view.calls[0].engineer, view.calls[0].office, view.calls[0].rating) == ("pm-north", "support", "", 5), view.calls
    assert w.clock(view, "call_back").state == "met"
    shown = w.suite.callout("show", number)
    assert "Called back" in shown and "5 of 5" in shown and "solved" in shown, shown


@test
def a_customer_who_is_not_content_is_followed_up(w):
    number = answered(w)
    assert w.client.command(number, "called_back", solved="SOLVED_PARTLY", rating=2, name="bj-1", **PM).applied
    assert told(w, number, "act/called_back/") == ["director", "pm-north"]


@test
def a_call_without_its_answers_is_refused_with_what_is_missing(w):
    number = answered(w)
    for more, field in (({"role": "ROLE_PM"}, "command.solved"), ({"solved": "SOLVED_YES"}, "command.role"),
                        ({**PM, "solved": "SOLVED_YES", "rating": 6}, "command.rating")):
        try:
            w.client.command(number, "called_back", **more)
        except w.client_module.Refused as refused:
            assert refused.args[0].error.field == field, refused
        else:
            raise AssertionError(f"taken without {field}")
    wrong = w.suite.callout("act", number, "call-back", "--as", "pm", "--solved", "perhaps", check=False)
    assert wrong.returncode == 2 and "yes, partly and no" in wrong.stderr, wrong


@test
def who_signs_without_having_called_is_asked_to_and_may_still_tell_it_afterwards(w):
    number = answered(w)
    assert w.client.command(number, "restored", person="support", role="ROLE_SUPPORT").applied
    assert not w.client.command(number, "sign", role="ROLE_CUSTOMER").missing
    asked = w.client.command(number, "sign", role="ROLE_PM").missing
    names = w.client_module.M["Command"].DESCRIPTOR.fields_by_name["act"].enum_type.values_by_number
    assert [names[act].name for act in asked] == ["ACT_CALLED_BACK"], asked
    w.wait(number, "closed", lambda v: v.state == "closed")
    assert w.client.command(number, "called_back", solved="SOLVED_NO", rating=1, **PM).applied
    view = w.wait(number, "the call", lambda v: v.calls)
    assert view.state == "closed" and view.calls[0].rating == 1, view.calls


@test
def the_report_sums_up_what_customers_said(w):
    rows = {tuple(r["keys"]): r for r in report(w)["rows"]}
    assert sorted(rows) == [("bj-1",), ("support",)], rows
    support = rows[("support",)]
    assert [support[k] for k in ("calls", "solved", "partly", "unsolved", "rated", "stars", "unhappy")] == [2, 1, 0, 1, 2, 6, 1], support
    assert report(w, "--by", "contract")["total"]["calls"] == 3
    table = w.suite.callout("report", "satisfaction", "--by", "engineer,office")
    assert table.splitlines()[0].split()[:3] == ["engineer", "office", "calls"] and "3.00" in table, table
    lines = list(csv.DictReader(io.StringIO(w.suite.callout("report", "satisfaction", "--csv"))))
    assert [(x["engineer"], x["calls"]) for x in lines] == [("bj-1", "1"), ("support", "2")], lines
    assert report(w, "--to", "2020-01-01")["total"]["calls"] == 0


def main():
    with Suite(sys.argv[1]) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
