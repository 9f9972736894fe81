#!/usr/bin/python3
"""A ticket through all four daemons, the real database and the real sockets: posted, promised, dispatched, told, closed.

Usage: end_to_end.py BUILD_DIR
"""
import json
import os
import re
import sys
import time
import unicodedata
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import HOUR, MINUTE, World, run_tests  # noqa: E402

TESTS = []


def test(function):
    TESTS.append(function)
    return function


def visit(world, **more):
    """A level 1 ticket on site in zone 2 whose task order is confirmed and whose first offer is out."""
    done = world.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["data_damaged"], onsite=True, **more)
    world.confirm(done.number)
    return world.wait(done.number, "an offer", lambda v: v.order.offers)


@test
def a_ticket_gets_its_severity_and_every_promise_of_its_level(w):
    view = visit(w)
    assert view.severity == 1 and view.severity_why.rule == "trait", view.severity_why
    due = {c.milestone: c.due_us - c.start_us for c in view.clocks}
    assert due["response"] == 30 * MINUTE and due["expert"] == HOUR and due["process_start"] == 30 * MINUTE, due
    arrival = w.clock(view, "arrival")
    assert arrival.due_us - arrival.start_us == 4 * HOUR and arrival.start_us == view.reported_us, arrival
    assert view.located.office == "beijing" and 41 <= view.located.km <= 80, view.located


@test
def an_accepted_visit_runs_to_its_signed_end(w):
    view = visit(w)
    number, engineer = view.number, view.order.offers[0].engineer
    assert w.client.command(number, "accept", person=engineer).applied
    w.wait(number, "assigned", lambda v: v.order.engineer == engineer)
    for act in ("contacted", "expert_joined", "process_started", "underway", "arrived", "restored"):
        assert w.client.command(number, act, person=engineer).applied, act
    for role in ("ROLE_CUSTOMER", "ROLE_PM"):
        assert w.client.command(number, "sign", role=role).applied
    view = w.wait(number, "closed", lambda v: v.state == "closed")
    try:
        w.client.command(number, "contacted", person=engineer)
    except w.client_module.Refused as refused:
        assert len(refused.args[0].verdict.possible) == 4, refused  # a note, a call back, the wish for one, archiving
    else:
        raise AssertionError("a closed case took a report")
    assert w.client.command(number, "archive", role="ROLE_DIRECTOR").applied
    w.wait(number, "archived", lambda v: v.state == "archived")
    states = {c.milestone: c.state for c in view.clocks}
    assert states["response"] == states["arrival"] == states["restore"] == "met", states
    view = w.wait(number, "the engineer is free again", lambda v: v.order.state == "ended")
    held = query(w.suite.url, f"SELECT count(*) FROM dispatch.claim WHERE case_id = {view.case_id}")
    assert held == [["0"]], held


@test
def a_refusal_asks_the_next_engineer_and_never_the_same_again(w):
    number = visit(w).number
    asked = []
    for turn in range(2):
        view = w.wait(number, "the next offer", lambda v: len(v.order.offers) > turn)
        offer = view.order.offers[turn]
        assert offer.engineer not in asked, asked
        asked.append(offer.engineer)
        assert w.client.command(number, "decline", person=offer.engineer, note="on leave").applied
    w.wait(number, "a third offer", lambda v: len(v.order.offers) > 2 and v.order.offers[2].engineer not in asked)


@test
def an_acceptance_by_somebody_who_was_not_asked_is_refused_with_what_is_possible(w):
    view = visit(w)
    try:
        w.client.command(view.number, "accept", person="nobody")
    except w.client_module.Refused as refused:
        reply = refused.args[0]
        assert w.client_module.CODES["CODE_REFUSED"] == reply.code and reply.verdict.reason and reply.verdict.possible, reply
    else:
        raise AssertionError("accepted")


@test
def at_the_everyday_level_an_engineer_is_sent_too(w):
    done = w.submit(customer="dongjiang-telecom", site="dongjiang-dongguan", product="storage", stated_severity=4, onsite=True)
    w.confirm(done.number)
    view = w.wait(done.number, "the project manager is told", lambda v: v.order.missing == "agreed_time" and any(
        n.obligation == "nobody_left/1" and n.person == "pm-south" for n in v.notices))
    assert w.clock(view, "arrival").due_us == 0 and w.clock(view, "arrival").state == "open", view.clocks
    assert not view.order.offers, view.order
    agreed = view.reported_us + 24 * HOUR
    assert w.client.command(done.number, "agree", agreed_us=agreed).applied
    view = w.wait(done.number, "an offer for the agreed time", lambda v: v.order.offers)
    assert view.order.offers[0].arrive_by_us == w.clock(view, "arrival").due_us == agreed, view.order
    assert w.client.command(done.number, "cancel").applied


@test
def over_the_last_zone_a_proposed_time_is_answered_by_the_other_side(w):
    done = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["data_damaged"], onsite=True,
                    position=dict(latitude=43.8, longitude=87.6))
    view = w.wait(done.number, "agreeing has a limit", lambda v: any(c.milestone == "agreement" for c in v.clocks))
    assert w.clock(view, "arrival").due_us == 0 and w.clock(view, "agreement").due_us == view.reported_us + 2 * HOUR, view.clocks
    first, second = view.reported_us + 30 * HOUR, view.reported_us + 48 * HOUR
    assert w.client.command(done.number, "propose_time", role="ROLE_PM", agreed_us=first).applied
    try:
        w.client.command(done.number, "agree", role="ROLE_PM")
    except w.client_module.Refused as refused:
        assert "other side" in refused.args[0].verdict.reason, refused
    else:
        raise AssertionError("agreed with itself")
    assert w.client.command(done.number, "reject_time", role="ROLE_CUSTOMER").applied
    assert w.client.command(done.number, "propose_time", role="ROLE_CUSTOMER", agreed_us=second).applied
    assert w.client.command(done.number, "agree", role="ROLE_PM").applied
    view = w.wait(done.number, "the agreed time", lambda v: w.clock(v, "arrival").due_us == second)
    assert w.clock(view, "agreement").state == "met", view.clocks
    assert [h.outcome for h in view.history] == ["applied", "refused"] + ["applied"] * 3, view.history
    assert w.client.command(done.number, "cancel").applied


@test
def nobody_is_in_two_places(w):
    numbers = [visit(w).number for _ in range(6)]
    engineers = [w.view(n).order.offers[-1].engineer for n in numbers]
    rows = query(w.suite.url, "SELECT resource, slot, count(*) FROM dispatch.claim GROUP BY 1, 2 HAVING count(*) > 1")
    most = max(engineers.count(e) for e in engineers)
    assert not rows and most <= 2, engineers  # some engineers of the sample may have two orders at a time


@test
def an_unknown_site_is_taken_and_held_and_goes_on_when_it_is_approved(w):
    done = w.submit(customer="haihe-bank", site="haihe-langfan", product="storage", stated_severity=2)
    assert [u.field for u in done.unknown] == ["site"] and "haihe-langfang" in done.unknown[0].nearest, done.unknown
    view = w.wait(done.number, "held", lambda v: v.state == "held")
    assert view.held.reason == "unknown_site" and not view.clocks, view.held
    assert w.client.command(done.number, "approve").applied
    view = w.wait(done.number, "open", lambda v: v.state == "open" and v.clocks)
    assert view.severity == 2


@test
def an_expired_contract_holds_the_case_for_the_project_manager(w):
    done = w.submit(customer="linhai-logistics", contract="linhai-2023", stated_severity=3)
    view = w.wait(done.number, "held", lambda v: v.state == "held")
    assert view.held.reason == "expired", view.held


@test
def long_term_versions_of_openeuler_are_served_with_their_service_packs_and_others_held(w):
    for version in ("22.03-lts", "22.03-lts-sp4", "20.03-lts", "20.03-lts-sp1"):
        done = w.submit(customer="taihu-cloud", product="openeuler", version=version, stated_severity=3)
        view = w.wait(done.number, "open", lambda v: v.state == "open" and v.clocks)
        assert (view.contract, view.version, view.policy.key) == ("taihu-2026", version, "os-support"), view
    done = w.submit(customer="taihu-cloud", product="openeuler", version="24.03-lts", stated_severity=3)
    view = w.wait(done.number, "held", lambda v: v.state == "held")
    assert (view.held.reason, view.held.contract) == ("version_not_covered", "taihu-2026"), view.held


@test
def a_report_of_a_fault_that_people_caused_is_held_where_the_service_does_not_cover_it(w):
    done = w.submit(customer="jiangcheng-auto", product="ceph", traits=["pg_stuck", "caused_by_people"])
    view = w.wait(done.number, "held", lambda v: v.state == "held")
    assert (view.held.reason, view.held.title.en) == ("excluded_cause", "Caused by people"), view.held
    assert w.client.command(done.number, "approve", role="ROLE_PM", person="pm-south").applied
    view = w.wait(done.number, "open", lambda v: v.state == "open" and v.clocks)
    assert view.severity == 2 and view.entitled.why == "approved", view


@test
def a_late_report_of_a_contact_in_time_makes_the_promise_met(w):
    reported = int(time.time() * 1e6) - 2 * HOUR
    done = w.submit(customer="haihe-bank", site="haihe-beijing", product="storage", stated_severity=4, occurred_us=reported)
    view = w.wait(done.number, "a breach", lambda v: any(c.state == "breached" for c in v.clocks))
    assert w.clock(view, "response").state == "breached"
    assert w.client.command(done.number, "contacted", occurred_us=reported + 10 * MINUTE).applied
    view = w.wait(done.number, "met after all", lambda v: w.clock(v, "response").state == "met")
    assert w.clock(view, "response").end_us == reported + 10 * MINUTE


@test
def the_same_key_gives_the_same_number_and_another_content_a_conflict(w):
    key = uuid.uuid4().hex
    first, again = (w.submit(key=key, customer="haihe-bank", stated_severity=4) for _ in range(2))
    assert first.number == again.number and again.duplicate and not first.duplicate
    try:
        w.submit(key=key, customer="haihe-bank", stated_severity=3)
    except w.client_module.Refused as refused:
        assert refused.args[0].code == w.client_module.CODES["CODE_CONFLICT"], refused
    else:
        raise AssertionError("taken")


@test
def those_who_must_know_are_told_by_mail_and_webhook(w):
    view = visit(w)
    engineer = view.order.offers[0].engineer
    view = w.wait(view.number, "the offer is told", lambda v: any(
        n.obligation.startswith("offered/") and n.person == engineer and n.state >= 2 for n in v.notices))
    assert all(n.state != 3 for n in view.notices), view.notices
    wait_for("a mail in the sink", lambda: os.path.isdir(f"{w.suite.dir}/mail") and any(
        view.number in open(f"{w.suite.dir}/mail/{name}", errors="replace").read() for name in os.listdir(f"{w.suite.dir}/mail")))


@test
def a_watch_sees_what_happens_to_a_case(w):
    done = w.submit(customer="haihe-bank", site="haihe-beijing", product="storage", stated_severity=4)
    page = w.client.query("entries", number=done.number)
    after = page.next
    assert {"ticket_submitted", "case_opened", "promised"} <= {e.event.WhichOneof("body") for e in page.entries}
    w.client.command(done.number, "contacted")
    seen = set()
    while "met" not in seen:
        page = w.client.query("entries", number=done.number, after=after, wait_ms=5000)
        assert page.entries, seen
        seen |= {e.event.WhichOneof("body") for e in page.entries}
        after = page.next
    assert "command_received" in seen and "command_applied" in seen


@test
def what_a_request_causes_carries_its_trace(w):
    make = w.client_module.M
    traces = [f"00-{uuid.uuid4().hex}-00f067aa0ba902b7-01" for _ in range(2)]
    ticket = make["SubmitTicket"](key=uuid.uuid4().hex, customer="haihe-bank", title="t", stated_severity=4, wait_ms=5000)
    number = w.client.call(5000, traceparent=traces[0], submit=ticket).submitted.number
    act = make["Command"](key=uuid.uuid4().hex, number=number, act=3)
    assert w.client.call(5000, traceparent=traces[1], command=act).verdict.applied
    seen = wait_for("a met promise", lambda: (lambda es: es if any(e.event.WhichOneof("body") == "met" for e in es) else None)(
        w.client.query("entries", number=number, limit=1000).entries))
    by_kind = {e.event.WhichOneof("body"): e.event.traceparent for e in seen}
    ids = [trace.split("-")[1] for trace in traces]
    of = lambda kind: by_kind[kind].split("-")  # noqa: E731
    assert of("ticket_submitted")[1] == of("case_opened")[1] == of("promised")[1] == ids[0], by_kind
    assert of("command_received")[1] == of("command_applied")[1] == of("met")[1] == ids[1], by_kind
    spans = {of(kind)[2] for kind in ("ticket_submitted", "case_opened", "command_received", "command_applied")}
    assert len(spans | {traces[0].split("-")[2]}) == 5, by_kind  # each hop has a span of its own


@test
def what_is_no_trace_context_is_ignored(w):
    make = w.client_module.M
    for wrong in ("00-not-a-trace", "x" * 300, "00-" + "0" * 32 + "-00f067aa0ba902b7-01"):
        ticket = make["SubmitTicket"](key=uuid.uuid4().hex, customer="haihe-bank", title="t", stated_severity=4, wait_ms=5000)
        number = w.client.call(5000, traceparent=wrong, submit=ticket).submitted.number
        assert all(e.event.traceparent == "" for e in w.client.query("entries", number=number, limit=1000).entries)


@test
def the_command_shows_lists_and_explains_a_case(w):
    number = visit(w, conditions=["no_such_word"]).number
    shown = w.suite.callout("show", number)
    for word in (number, "arrival", "beijing", "ignored    no_such_word"):
        assert word in shown, shown
    assert number in w.suite.callout("list") and "arrival" in w.suite.callout("explain", number)
    assert "sla" in w.suite.callout("status")
    missing = w.suite.callout("show", "C-ZZZZZZ", check=False)
    assert missing.returncode in (3, 4) and missing.stderr, missing


def account(w, number):
    """What explain computes, by milestone; checked to be whole: segments touch from start to due and add up to the target."""
    explained = json.loads(w.suite.callout("explain", number, "-o", "json"))
    for clock in explained["clocks"]:
        segments = clock.get("segments", [])
        if not segments:
            assert not clock.get("due_us"), clock
            continue
        assert segments[0]["from_us"] == clock["start_us"] and segments[-1]["until_us"] == clock["due_us"], clock
        assert all(a["until_us"] == b["from_us"] for a, b in zip(segments, segments[1:])), clock
        counted = sum(1 if clock.get("is_days") else s["until_us"] - s["from_us"] for s in segments if s.get("counts"))
        assert counted == clock["target"] == clock["counted"], clock
    return explained, {c["milestone"]: c for c in explained["clocks"]}


def columns(text):
    """Where the columns of a table of segments begin, in cells of a terminal, for each of its lines."""
    lines = text.split("\n")
    width = lambda t: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in t)
    rows = [line for line in lines if re.match(r" {4}\d{4}-", line)]
    return {(width(re.match(r"( {4}\S+ \S+  )", r).group(1)), width(re.match(r"( {4}\S+ \S+  \S+ \S+  )", r).group(1))) for r in rows}


@test
def every_second_between_start_and_due_is_accounted_for(w):
    done = w.submit(customer="dongjiang-telecom", site="dongjiang-shantou", product="storage", traits=["data_damaged"], onsite=True)
    view = w.wait(done.number, "an arrival", lambda v: any(c.milestone == "arrival" for c in v.clocks))
    explained, clocks = account(w, done.number)
    for clock in view.clocks:
        told = clocks[clock.milestone]
        assert told["due_us"] == clock.due_us and told["start_us"] == clock.start_us and not told.get("announced"), told
    arrival = clocks["arrival"]
    assert arrival["is_days"] and arrival["target"] == 2 and arrival["table"] == "journey", arrival
    assert arrival["basis"]["zone"] == "zone 6" and arrival["basis"]["calendar"] == "cn-office", arrival
    assert {s["why"] for s in arrival["segments"]} <= {"day", "makeup_day", "off_hours", "weekend", "holiday"}, arrival
    assert explained["calendar"]["key"] == "cn-office" and explained["source"], explained
    for language, why in (("en", "counts as a day"), ("zh", "计为一日")):
        text = w.suite.callout("explain", done.number, "--lang", language)
        for word in (why, "of 2 days", "zone table journey", "cn-office as of registry version", explained["source"]):
            assert word in text, text
        assert len(columns(text)) == 1, text
    assert w.client.command(done.number, "cancel").applied  # the engineers of the sample are few
    assert "stopped at" in w.suite.callout("explain", done.number)
    held = w.submit(customer="nobody-knows", stated_severity=2)
    w.wait(held.number, "held", lambda v: v.state == "held")
    assert "the case is held" in w.suite.callout("explain", held.number)


@test
def a_case_keeps_the_versions_it_was_opened_under(w):
    def response(number):
        w.wait(number, "promises", lambda v: v.clocks)
        explained, clocks = account(w, number)
        assert not any(c.get("announced") for c in clocks.values()), clocks
        return explained["policy"]["since"], clocks["response"]["target"]

    def ticket():
        return w.submit(customer="haihe-bank", site="haihe-beijing", product="storage", stated_severity=3).number

    path = f"{w.suite.dir}/registry/storage-after-sales.yaml"
    text = open(path).read()
    changed = text.replace("targets: {1: 30m, 2: 30m, 3: 30m, 4: 15m}", "targets: {1: 30m, 2: 30m, 3: 45m, 4: 15m}")
    assert changed != text
    old = ticket()
    since, target = response(old)
    assert target == 30 * MINUTE
    try:
        open(path, "w").write(changed)
        w.suite.apply_samples()
        new = ticket()
        assert response(new) == (response(new)[0], 45 * MINUTE) and response(new)[0] > since
        assert w.client.command(old, "set_severity", severity=2).applied
        assert w.client.command(old, "set_severity", severity=3).applied  # folded anew, under its own version
        assert response(old) == (since, 30 * MINUTE)
        try:
            w.client.query("object", kind="policy", key="storage-after-sales", since=10**9)
        except w.client_module.Refused as refused:
            assert refused.args[0].code == w.client_module.CODES["CODE_NOT_FOUND"], refused
        else:
            raise AssertionError("a version that was never applied")
    finally:
        open(path, "w").write(text)
        w.suite.apply_samples()


@test
def a_site_may_work_by_a_calendar_of_its_own(w):
    path = f"{w.suite.dir}/registry/sites.yaml"
    text = open(path).read()
    week = "".join(f'  {day}: ["00:00-24:00"]\n' for day in "mon tue wed thu fri sat sun".split())
    with open(f"{w.suite.dir}/registry/always.yaml", "w") as file:
        file.write(f'calendar: always\nzone: Asia/Shanghai\nutc_offset: "+08:00"\nweek:\n{week}')
    try:
        with open(path, "w") as file:
            file.write(text.replace("    address: 汕头市样例路 6 号\n", "    address: 汕头市样例路 6 号\n    calendar: always\n"))
        w.suite.apply_samples()
        done = w.submit(customer="dongjiang-telecom", site="dongjiang-shantou", product="storage", traits=["data_damaged"], onsite=True)
        w.wait(done.number, "an arrival", lambda v: any(c.milestone == "arrival" for c in v.clocks))
        explained, clocks = account(w, done.number)
        assert explained["calendar"]["key"] == "always", explained["calendar"]
        assert (clocks["arrival"]["due_us"] + 8 * HOUR) % (24 * HOUR) == 0, clocks["arrival"]  # closes at midnight
        assert w.client.command(done.number, "cancel").applied
    finally:
        with open(path, "w") as file:
            file.write(text)
        w.suite.apply_samples()


@test
def two_dispatch_processes_share_the_lanes_and_one_may_be_killed(w):
    w.suite.start("dispatch-2", "dispatch")
    w.suite.wait_ready("dispatch-2")
    shares = "SELECT count(DISTINCT owner), count(owner), max(n) FROM (SELECT owner, count(*) OVER (PARTITION BY owner) AS n FROM journal.cursor WHERE service = 'dispatch') AS t"
    wait_for("an even share", lambda: query(w.suite.url, shares)[0] == ["2", "16", "8"], 15)
    w.suite.kill("dispatch-2")
    for _ in range(8):
        visit(w)
    wait_for("the lanes of the dead", lambda: query(w.suite.url, shares)[0] == ["1", "16", "16"], 15)


@test
def every_case_folded_anew_gives_what_was_announced(w):
    print(w.suite.callout("audit", "refold"), end="")  # an exit code other than 0 raises


def main():
    only = sys.argv[2:]
    tests = [t for t in TESTS if not only or t.__name__ in only]
    with Suite(sys.argv[1]) as suite:
        failures = run_tests(tests, World(suite))
    bad = {name: code for name, code in suite.codes.items() if code != 0 and name not in ("sink", "dispatch-2")}
    failures += bool(bad)
    print(f"daemons that did not end in order: {bad}" if bad else "every daemon ended in order")
    print(f"Checks: {len(tests) + 1}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
