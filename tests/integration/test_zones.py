#!/usr/bin/python3
"""Zones as policy data, through the real daemons: a region, an excluded area, a borderline distance, and agreeing on a far arrival.

Usage: test_zones.py BUILD_DIR
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from suite import Suite  # noqa: E402
from world import HOUR, World, run_tests  # noqa: E402

RULES = [
    ("      edge_percent: 5   # ours",
     "      regions:\n"
     "        - {region: islands, name: by ferry, targets: {1: 20h, 2: 20h, 3: 20h}}\n"
     "        - {region: border, name: border strip}\n"
     "      edge_percent: 5   # ours"),
    ("    position: {lat: 39.9139, lon: 116.3659, datum: gcj02}\n",
     "    position: {lat: 39.9139, lon: 116.3659, datum: gcj02}\n    regions: [islands]\n"),
    ("    distances: {beijing: 138}\n", "    distances: {beijing: 138}\n    regions: [border, tianjin]\n"),
]
NEAR_EDGE = dict(latitude=39.3333, longitude=116.39723)  # 64 km south of Beijing: about 79 km by road, zone 2 ends at 80
FAR = dict(latitude=43.8, longitude=87.6)
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def ask(w, site, severity="data_damaged", **more):
    return w.submit(customer="haihe-bank", site=site, product="storage", traits=[severity], onsite=True, **more).number


def refused(w, number, act, **more):
    try:
        w.client.command(number, act, **more)
    except w.client_module.Refused as problem:
        return problem.args[0].verdict.reason
    raise AssertionError(f"{act} was taken")


@test
def a_region_wins_over_the_distance(w):
    number = ask(w, "haihe-beijing")
    w.confirm(number)
    view = w.wait(number, "an offer", lambda v: v.order.offers)
    arrival = w.clock(view, "arrival")
    assert arrival.due_us - arrival.start_us == 20 * HOUR, arrival
    assert (arrival.basis.zone, arrival.basis.region, arrival.basis.borderline) == ("by ferry", "islands", False), arrival.basis
    for command in ("show", "explain"):
        assert "by ferry (islands)" in w.suite.callout(command, number), command
    assert w.client.command(number, "cancel").applied


@test
def an_excluded_area_gets_no_promise_and_nobody_and_the_project_manager_is_told(w):
    number = ask(w, "haihe-tianjin")
    view = w.wait(number, "the area is named", lambda v: v.not_served.milestone)
    assert (view.not_served.region, view.not_served.zone, view.not_served.severity) == ("border", "border strip", 1), view.not_served
    view = w.wait(number, "the project manager is told", lambda v: any(
        n.obligation == "not_served/arrival/1" and n.person == "pm-north" for n in v.notices))
    assert not [c for c in view.clocks if c.milestone in ("arrival", "agreement")], view.clocks
    assert not view.order.offers, view.order
    assert "waits for an agreed time" in refused(w, number, "agree", role="ROLE_CUSTOMER", agreed_us=view.reported_us + 30 * HOUR)
    shown = w.suite.callout("show", number)
    assert "border strip (border): asked for on site" in shown and "nobody is sent by itself" in shown, shown
    for command in (("explain", number), ("watch", number, "--once")):
        assert "border strip (border)" in w.suite.callout(*command), command
    assert json.loads(w.suite.callout("explain", number, "-o", "json"))["not_served"]["zone"] == "border strip"
    for act in ("underway", "arrived"):  # somebody goes all the same
        assert w.client.command(number, act, person="bj-2").applied
    assert w.client.command(number, "onsite_requested", role="ROLE_CUSTOMER").applied  # and is asked there again
    w.wait(number, "he is told again", lambda v: any(n.obligation == "not_served/arrival/2" for n in v.notices))
    proof = f"{w.suite.dir}/proof.json"
    w.suite.callout("certificate", number, proof)
    assert "border strip" in open(proof).read()
    print(w.suite.callout("verify", proof, "--key", f"{w.suite.dir}/keys/signing.pub"), end="")
    assert w.client.command(number, "cancel").applied


@test
def at_a_level_whose_time_is_agreed_anyway_an_excluded_area_changes_nothing(w):
    number = ask(w, "haihe-tianjin", severity="log_full")
    view = w.wait(number, "to be agreed", lambda v: any(c.milestone == "arrival" for c in v.clocks))
    assert w.clock(view, "arrival").due_us == 0 and not view.not_served.milestone, view
    assert w.client.command(number, "cancel").applied


@test
def a_distance_near_the_edge_of_a_zone_is_promised_as_borderline(w):
    number = ask(w, "haihe-langfang", position=NEAR_EDGE)
    view = w.wait(number, "an arrival", lambda v: any(c.milestone == "arrival" for c in v.clocks))
    basis = w.clock(view, "arrival").basis
    assert (basis.zone, basis.borderline, basis.other_zone) == ("zone 2", True, "zone 3"), basis
    assert view.located.source == "estimate", view.located
    for command in ("show", "explain"):
        assert "borderline to zone 3" in w.suite.callout(command, number), command
    assert "by estimate" in w.suite.callout("explain", number)
    assert w.client.command(number, "cancel").applied


@test
def a_far_arrival_is_proposed_rejected_proposed_and_agreed(w):
    number = ask(w, "haihe-langfang", position=FAR)
    view = w.wait(number, "agreeing has a limit", lambda v: any(c.milestone == "agreement" for c in v.clocks))
    assert w.clock(view, "agreement").due_us == view.reported_us + 2 * HOUR and w.clock(view, "agreement").internal, view.clocks
    act = lambda *words: w.suite.callout("act", number, *words)  # noqa: E731
    assert "--agreed TIME" in w.suite.callout("act", number, "propose-time", "--as", "pm", check=False).stderr
    assert refused(w, number, "agree", role="ROLE_CUSTOMER").startswith("No proposed time waits")
    assert refused(w, number, "reject_time", role="ROLE_CUSTOMER").startswith("No proposed time waits")
    second = view.reported_us + 48 * HOUR
    assert w.client.command(number, "propose_time", role="ROLE_PM", agreed_us=view.reported_us + 30 * HOUR).applied
    act("reject-time", "--as", "customer", "--note", "the machine room is closed on that day")
    assert refused(w, number, "agree", role="ROLE_CUSTOMER").startswith("No proposed time waits")
    assert w.client.command(number, "propose_time", role="ROLE_CUSTOMER", agreed_us=second).applied
    assert "other side" in refused(w, number, "agree", role="ROLE_CUSTOMER")
    act("agree", "--as", "pm")
    view = w.wait(number, "the agreed time", lambda v: w.clock(v, "arrival").due_us == second)
    assert w.clock(view, "agreement").state == "met" and w.clock(view, "arrival").basis.kind == "agreed", view.clocks
    decided = [(h.act, h.outcome) for h in view.history]
    assert len(decided) == 8 and [o for _, o in decided].count("refused") == 4, decided
    text = w.suite.callout("show", number)
    when = next(line for line in text.splitlines() if "propose_time" in line and "customer" in line)
    assert "applied" in when and when.split()[4] > when.split()[0], when  # who proposed, and the time
    for command in (("explain", number), ("watch", number, "--once")):
        text = w.suite.callout(*command)
        assert re.search(r"propose_time (at \S+ \S+ )?as customer: 20", text) and "reject_time" in text, text
    third = second + HOUR  # the plane is late: what was agreed holds until the other side takes the new time
    assert w.client.command(number, "propose_time", role="ROLE_PM", agreed_us=third).applied
    assert w.clock(w.view(number), "arrival").due_us == second
    assert w.client.command(number, "agree", role="ROLE_CUSTOMER").applied
    w.wait(number, "the time agreed anew", lambda v: w.clock(v, "arrival").due_us == third)
    assert w.client.command(number, "cancel").applied


@test
def zone_test_says_the_same(w):
    for place, says in (("haihe-tianjin", "by region border  1: excluded, 2: excluded, 3: excluded"), ("haihe-beijing", "by ferry"),
                        ("39.3333,116.39723", "borderline to zone 3")):
        text = w.suite.callout("zone", "test", place, "--policy", "storage-after-sales")
        assert says in text, text


@test
def every_case_folded_anew_gives_what_was_announced(w):
    print(w.suite.callout("audit", "refold"), end="")  # an exit code other than 0 raises


def main():
    with Suite(sys.argv[1], rewrite=RULES) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
