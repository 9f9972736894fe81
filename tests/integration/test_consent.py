#!/usr/bin/python3
"""Remote access through the real daemons: asked, given by command and by the code in a mail, refused, narrowed, withdrawn, over by time; entering without consent.

Usage: test_consent.py BUILD_DIR
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite  # noqa: E402
from world import World, run_tests  # noqa: E402

CODE = {"yes": re.compile(r"(?<!不)(?:同意|I agree) (C-[0-9A-Z]+-[0-9A-Z]{10})"), "no": re.compile(r"(?:不同意|I do not agree) (C-[0-9A-Z]+-[0-9A-Z]{10})")}
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def contacted(w):
    """A case of OS support in which telephone support was tried."""
    number = w.submit(title="kernel panics", customer="taihu-cloud", site="taihu-wuxi", product="openeuler", version="22.03-lts",
                      traits=["service_interrupted"]).number
    for act in ("case_accepted", "contacted"):
        assert w.client.command(number, act, role="ROLE_SUPPORT", person="support").applied
    return number


def act(w, number, *words):
    return w.suite.callout("act", number, *words)


def refused(w, number, *words):
    done = w.suite.callout("act", number, *words, check=False)
    assert done.returncode != 0, done
    return done.stderr


def ask(w, number, key="db", *more):
    return act(w, number, "consent_asked", "--name", key, "--systems", "db1,db2", "--until", "+2h", "--by", "support", *more)


def give(w, number, key="db", *more):
    return act(w, number, "consent_given", "--name", key, "--as", "customer", "--by", "taihu-ops", *more)


def enter(w, number, key="db", person="support"):
    return act(w, number, "session_started", "--name", key, "--by", person, "--as", "support")


def states(view):
    return [c.state for c in view.consents]


def code_of(w, number, what):
    view = w.wait(number, "the question", lambda v: any("/asked/" in n.obligation for n in v.notices))
    rows = query(w.suite.url, f"SELECT replace(body, E'\\n', ' ') FROM notify.notice_text WHERE case_id = {view.case_id} AND obligation LIKE 'consent/%/asked/%'")
    found = CODE[what].search(rows[0][0])
    assert found, rows
    return found.group(1)


@test
def nobody_enters_before_the_telephone_was_tried_nor_without_consent(w):
    number = w.submit(title="kernel panics", customer="taihu-cloud", site="taihu-wuxi", product="openeuler", version="22.03-lts").number
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert "Telephone support has to be tried before remote access: contacted." in why, why
    number = contacted(w)
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert 'The customer was never asked for the consent "db".' in why, why
    why = refused(w, number, "session_started", "--name", "db", "--by", "pm-north", "--as", "pm")
    assert "This role may not enter: by this policy support, expert may." in why, why
    ask(w, number)
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert "has not answered yet" in why, why
    assert not w.view(number).sessions


@test
def the_clock_stands_while_the_customer_is_asked_and_goes_on_with_his_answer(w):
    number = contacted(w)
    ask(w, number)
    view = w.wait(number, "it stands", lambda v: w.clock(v, "solution").state == "paused")
    assert states(view) == ["asked"], view.consents
    assert "db1, db2" in w.suite.callout("show", number) and "no answer yet" in w.suite.callout("show", number)
    give(w, number)
    view = w.wait(number, "it goes on", lambda v: w.clock(v, "solution").state == "running")
    assert states(view) == ["asked", "given"] and view.consents[1].person == "taihu-ops"
    assert list(view.consents[1].consent.systems) == ["db1", "db2"]
    shown = w.suite.callout("explain", number)
    assert "consent" in shown, shown


@test
def only_a_contact_of_the_customer_lets_anybody_in(w):
    number = contacted(w)
    ask(w, number)
    why = refused(w, number, "consent_given", "--name", "db", "--as", "customer", "--by", "support")
    assert "Only a contact of the customer says so, in the customer's name: taihu-ops." in why, why
    why = refused(w, number, "consent_given", "--name", "db", "--as", "pm", "--by", "taihu-ops")
    assert "command.role" in why and "customer" in why, why
    assert states(w.view(number)) == ["asked"]
    give(w, number)
    why = refused(w, number, "consent_withdrawn", "--name", "db", "--as", "customer", "--by", "pm-north")
    assert "Only a contact" in why, why


@test
def the_customer_agrees_by_the_code_in_his_mail(w):
    number = contacted(w)
    ask(w, number, "db", "--persons", "support")
    assert "answered" in w.suite.callout("answer", code_of(w, number, "yes"))
    view = w.wait(number, "given", lambda v: states(v) == ["asked", "given"])
    assert view.consents[1].person == "taihu-ops" and list(view.consents[1].consent.persons) == ["support"]
    w.wait(number, "support is told", lambda v: any("/given/" in n.obligation and n.slot.startswith("support") for n in v.notices))
    no = w.suite.callout("answer", code_of(w, number, "no"), check=False)
    assert no.returncode != 0 and "answered before" in no.stderr, no
    enter(w, number)
    view = w.wait(number, "he is in", lambda v: v.sessions)
    assert (view.sessions[0].person, view.sessions[0].consent, view.sessions[0].ended_us) == ("support", "db", 0)
    assert "IS IN" in w.suite.callout("show", number)
    why = refused(w, number, "session_started", "--name", "db", "--by", "expert", "--as", "expert")
    assert 'does not name expert, but: support.' in why, why


@test
def refused_nobody_there_and_no_answer_are_told_apart(w):
    for how, words, told in (("consent_nobody", "nobody was there", "nobody"), ("consent_silent", "got no answer", "silent")):
        number = contacted(w)
        ask(w, number)
        act(w, number, how, "--name", "db", "--by", "support")
        why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
        assert words in why, why
        w.wait(number, "the project manager is told", lambda v: any(f"/{told}/" in n.obligation and n.person == "pm-north" for n in v.notices))
        assert w.clock(w.view(number), "solution").state == "running"
    number = contacted(w)
    ask(w, number)
    assert "answered" in w.suite.callout("answer", code_of(w, number, "no"))
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert "The customer refused" in why and "taihu-ops" in why, why


@test
def a_withdrawal_ends_an_open_session_and_support_is_told(w):
    number = contacted(w)
    ask(w, number)
    give(w, number)
    enter(w, number)
    w.wait(number, "he is in", lambda v: v.sessions)
    act(w, number, "consent_withdrawn", "--name", "db", "--as", "customer", "--by", "taihu-ops")
    view = w.wait(number, "he is out", lambda v: v.sessions[0].ended_us)
    assert view.sessions[0].why == "withdrawn" and view.consents[-1].state == "withdrawn"
    w.wait(number, "support is told", lambda v: any("/withdrawn/" in n.obligation for n in v.notices))
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert "was withdrawn at 20" in why and "by taihu-ops" in why, why
    why = refused(w, number, "session_ended", "--name", "db", "--by", "support")
    assert "support is not in by the consent" in why, why


@test
def a_narrowed_consent_ends_the_session_of_whom_it_no_longer_names(w):
    number = contacted(w)
    give(w, number, "db", "--systems", "db1,db2", "--until", "+2h", "--persons", "support, expert")
    enter(w, number)
    act(w, number, "session_started", "--name", "db", "--by", "expert", "--as", "expert", "--systems", "db2")
    w.wait(number, "both are in", lambda v: len(v.sessions) == 2)
    act(w, number, "consent_changed", "--name", "db", "--as", "customer", "--by", "taihu-ops", "--systems", "db2", "--until", "+3h")
    view = w.wait(number, "one is out", lambda v: v.sessions[0].ended_us)
    assert view.sessions[0].why == "narrowed" and view.sessions[1].ended_us == 0, view.sessions
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support", "--systems", "db1")
    assert "does not let anybody into db1, but into: db2." in why, why
    act(w, number, "session_ended", "--name", "db", "--by", "expert")
    w.wait(number, "he is out", lambda v: v.sessions[1].why == "ended")


@test
def a_consent_ends_by_itself_and_so_does_the_session(w):
    number = contacted(w)
    give(w, number, "db", "--systems", "db1", "--until", "+4s")
    enter(w, number)
    view = w.wait(number, "it is over", lambda v: states(v) == ["given", "ended"] and v.sessions and v.sessions[0].ended_us)
    assert view.sessions[0].why == "expired" and view.sessions[0].ended_us == view.consents[0].consent.until_us
    assert view.consents[1].changed_us == view.consents[0].consent.until_us
    why = refused(w, number, "session_started", "--name", "db", "--by", "support", "--as", "support")
    assert "expired at 20" in why, why


@test
def a_withdrawal_that_arrives_late_takes_back_what_came_after_it(w):
    number = contacted(w)
    give(w, number, "db", "--systems", "db1", "--until", "+2h")
    enter(w, number)
    view = w.wait(number, "he is in", lambda v: v.sessions)
    at_us = view.sessions[0].started_us - 1
    assert w.client.command(number, "consent_withdrawn", name="db", role="ROLE_CUSTOMER", person="taihu-ops", occurred_us=at_us).applied
    view = w.wait(number, "he is out", lambda v: v.sessions and v.sessions[0].ended_us)
    assert (view.sessions[0].started_us, view.sessions[0].ended_us, view.sessions[0].why) == (at_us + 1, at_us + 1, "withdrawn")


@test
def wrong_values_are_told_with_what_is_allowed(w):
    number = contacted(w)
    assert "--systems LIST is needed" in refused(w, number, "consent_asked", "--name", "db", "--until", "+2h")
    assert "--until TIME is needed" in refused(w, number, "consent_asked", "--name", "db", "--systems", "db1")
    assert "a time after --from" in refused(w, number, "consent_asked", "--name", "db", "--systems", "db1", "--from", "+2h", "--until", "+1h")
    assert "1 to 32 names" in refused(w, number, "consent_asked", "--name", "db", "--systems", "db1,,db2", "--until", "+1h")
    assert "a-z 0-9" in refused(w, number, "consent_asked", "--name", "The DB", "--systems", "db1", "--until", "+1h")
    assert "belongs to consent_asked" in refused(w, number, "contacted", "--systems", "db1")
    assert "never asked" in refused(w, number, "consent_given", "--name", "web", "--as", "customer", "--by", "taihu-ops")
    storage = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    assert "By this policy there is no remote access." in refused(w, storage, "consent_asked", "--name", "db", "--systems", "db1", "--until", "+1h")


@test
def what_was_said_is_what_is_computed(w):
    print(w.suite.callout("audit", "refold"), end="")  # an exit code other than 0 raises
    print(w.suite.callout("audit", "timers"), end="")
    number = contacted(w)
    give(w, number, "db", "--systems", "db1", "--until", "+2h")
    enter(w, number)
    view = json.loads(w.suite.callout("show", number, "-o", "json"))
    assert view["sessions"][0]["person"] == "support" and view["consents"][0]["consent"]["systems"] == ["db1"], view


def main():
    with Suite(sys.argv[1]) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
