#!/usr/bin/python3
"""What goes up where nobody answers, and who is reminded where nothing follows, through the real daemons: planned, seen, sent, cancelled.

Usage: test_unanswered.py BUILD_DIR
"""
import os
import re
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import HOUR, World, run_tests  # noqa: E402

# The project manager is to acknowledge that the vendor is waited for: the director hears of it after a moment, the desk after an hour.
RULES = ("  notices:\n    # 3.2: the fault investigation", """  reminders: [{after: 2s}, {after: 1h, roles: [director]}]
  notices:
    - on: act
      act: waiting_vendor
      answers: [acknowledged]
      unanswered: [{after: 2s, roles: [director]}, {after: 1h, roles: [desk]}]
      roles: [pm]
      subject: {zh: '{number} 等待厂家', en: '{number}: the vendor is waited for'}
      body: {zh: '「{title}」', en: '"{title}"'}
    # 3.2: the fault investigation""")
CODE = re.compile(r"(?:我来处理|I take care of it) (C-[0-9A-Z]+-[0-9A-Z]{10})")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def asked(w):
    """A case of which the project manager was asked to acknowledge something."""
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    assert w.client.command(number, "waiting_vendor", role="ROLE_SUPPORT", person="support").applied
    return number


def notices(view, prefix):
    return [n for n in view.notices if n.obligation.startswith(prefix)]


def states(w, view, prefix):
    names = w.client_module.M["NoticeView"].DESCRIPTOR.fields_by_name["state"].enum_type.values_by_number
    return [names[n.state].name for n in notices(view, prefix)]


def acknowledge(w, number):
    view = w.wait(number, "the question", lambda v: "NOTICE_ACCEPTED" in states(w, v, "act/waiting_vendor"))
    body = query(w.suite.url, f"SELECT replace(body, E'\\n', ' ') FROM notify.notice_text WHERE case_id = {view.case_id} AND obligation LIKE 'act/waiting_vendor/%'")
    assert "answered" in w.suite.callout("answer", CODE.search(body[0][0]).group(1))


@test
def what_nobody_answers_goes_up_when_its_time_has_come(w):
    number = asked(w)
    view = w.wait(number, "planned", lambda v: len(notices(v, "unanswered/")) == 2)
    first, second = notices(view, "unanswered/")
    assert (first.slot, second.slot) == ("director/0", "desk/0"), view.notices
    assert first.not_before_us - first.planned_us == 2 * 1000000 and second.not_before_us - second.planned_us == HOUR, view.notices
    shown = w.suite.callout("show", number)
    assert "planned for" in shown, shown
    view = w.wait(number, "gone up", lambda v: states(w, v, "unanswered/")[:1] == ["NOTICE_ACCEPTED"])
    first, second = notices(view, "unanswered/")
    assert first.settled_us >= first.not_before_us, first
    assert states(w, view, "unanswered/")[1] == "NOTICE_PLANNED", view.notices
    body = w.suite.callout("notice", "show", number, first.obligation, first.slot, key="admin")
    assert "等待厂家" in body and CODE.search(body), body
    assert "planned" in w.suite.callout("notice", "list", "--case", number, "--state", "planned", key="admin")
    assert w.client.command(number, "cancel").applied
    w.wait(number, "nobody is asked", lambda v: states(w, v, "unanswered/")[1] == "NOTICE_CANCELLED")


@test
def who_answers_ends_what_would_go_up_and_is_reminded_until_something_is_done(w):
    number = asked(w)
    acknowledge(w, number)
    view = w.wait(number, "answered", lambda v: states(w, v, "act/waiting_vendor") == ["NOTICE_DELIVERED"] and
                  "NOTICE_PLANNED" not in states(w, v, "unanswered/") and len(notices(v, "reminded/")) == 2)
    assert states(w, view, "unanswered/")[1] == "NOTICE_CANCELLED", view.notices
    assert [n.person for n in notices(view, "reminded/")] == ["pm-north", "director"], view.notices
    view = w.wait(number, "reminded", lambda v: states(w, v, "reminded/") == ["NOTICE_ACCEPTED", "NOTICE_PLANNED"])
    assert w.client.command(number, "contacted", role="ROLE_SUPPORT", person="support").applied
    view = w.wait(number, "progress", lambda v: states(w, v, "reminded/") == ["NOTICE_ACCEPTED", "NOTICE_CANCELLED"])
    assert notices(view, "reminded/")[1].detail == "something was done", view.notices


@test
def what_is_planned_for_later_outlives_the_process_that_planned_it(w):
    number = asked(w)
    w.wait(number, "planned", lambda v: len(notices(v, "unanswered/")) == 2)
    w.suite.kill("notify")
    w.suite.start("notify")
    w.wait(number, "gone up", lambda v: states(w, v, "unanswered/")[:1] == ["NOTICE_ACCEPTED"])


@test
def what_was_acknowledged_while_nobody_could_send_does_not_go_up(w):
    number = asked(w)
    w.wait(number, "planned", lambda v: len(notices(v, "unanswered/")) == 2)
    view = w.wait(number, "the question", lambda v: "NOTICE_ACCEPTED" in states(w, v, "act/waiting_vendor"))
    w.suite.kill("notify")
    assert w.client.command(number, "acknowledged", role="ROLE_PM", person="pm-north").applied
    due = notices(view, "unanswered/")[0].not_before_us
    wait_for("its time is over", lambda: time.time() * 1e6 > due + 200000)
    w.suite.start("notify")
    view = w.wait(number, "reminders", lambda v: len(notices(v, "reminded/")) == 2 and "NOTICE_PLANNED" not in states(w, v, "unanswered/"))
    assert states(w, view, "unanswered/") == ["NOTICE_CANCELLED", "NOTICE_CANCELLED"], view.notices


def main():
    with Suite(sys.argv[1], rewrite=[RULES]) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
