#!/usr/bin/python3
"""One visit offered to two engineers at the same time, through the real daemons: the first to accept goes, the other is told.

Usage: test_offers.py BUILD_DIR
"""
import json
import os
import sys
import threading
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
from database import query  # noqa: E402
from end_to_end import World  # noqa: E402
from suite import Suite, wait_for  # noqa: E402

RULE = ("    confirm: [5m, 5m, 10m, 30m]\n", "    at_once: [2, 2, 1]\n")
TOO_LATE = "somebody else was asked at the same time and took the visit"
DEATHS = (("decided", 2), ("before_commit", 3), ("after_commit", 2), ("after_commit", 3))  # of the turns in which two are sought, claimed and asked
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def ask(w, traits="data_damaged"):
    return w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=[traits], onsite=True).number


def is_open(view):
    return [offer for offer in view.order.offers if offer.state == "open"]


def is_told(view, offer):
    return any(n.obligation == f"offered/{offer.generation}" and n.attempts > 0 for n in view.notices)


def offered(w, number, count=2):
    """The open offers, once there are that many, and whoever is asked was told."""
    return is_open(w.wait(number, f"{count} open offers", lambda v: len(is_open(v)) == count and all(is_told(v, offer) for offer in is_open(v))))


def answer(client, w, number, act, offer):
    """The verdict."""
    try:
        return client.command(number, act, person=offer.engineer, order_generation=offer.generation)
    except w.client_module.Refused as problem:
        return problem.args[0].verdict


def claimed(w, number):
    view = w.view(number)
    rows = query(w.suite.url, f"SELECT generation FROM read.dispatch_claim WHERE case_id = {view.case_id} ORDER BY generation")
    return [int(row[0]) for row in rows]


def holds(w, number, offers):
    """The table of claims holds these offers of the case, and nothing else."""
    expected = sorted(offer.generation for offer in offers)
    wait_for(f"{number}: claims of {expected}", lambda: claimed(w, number) == expected)


def cancel(w, number):
    assert w.client.command(number, "cancel").applied
    holds(w, number, [])


@test
def two_are_asked_at_once_and_the_first_to_accept_goes(w):
    number = ask(w)
    first, second = offered(w, number)
    assert first.engineer != second.engineer and abs(first.offered_us - second.offered_us) < 60000000, (first, second)
    holds(w, number, [first, second])
    assert answer(w.client, w, number, "accept", second).applied
    view = w.wait(number, "assigned", lambda v: v.order.state == "assigned")
    assert view.order.engineer == second.engineer, view.order
    assert [offer.state for offer in view.order.offers] == ["overtaken", "accepted"], view.order
    holds(w, number, [second])
    late = answer(w.client, w, number, "accept", first)
    assert not late.applied and late.reason == TOO_LATE, late
    w.wait(number, f"{first.engineer} is told", lambda v: any(
        n.obligation == f"withdrawn/offered/{first.generation}" and n.person == first.engineer for n in v.notices))
    wait_for("the mail says that somebody else goes", lambda: any(
        number in line and (": somebody else goes" in line or "已由他人接单" in line) for line in open(f"{w.suite.dir}/sink.log")))
    w.wait(number, f"{second.engineer} is told that he goes", lambda v: any(
        n.obligation == f"assigned/{second.generation}" and n.person == second.engineer for n in v.notices))
    cancel(w, number)


@test
def at_a_level_without_it_one_is_asked_after_the_other(w):
    number = ask(w, "partly_degraded")
    (offer,) = offered(w, number, 1)
    assert answer(w.client, w, number, "decline", offer).applied
    (other,) = offered(w, number, 1)
    assert other.generation == 2 and len(w.view(number).order.offers) == 2
    cancel(w, number)


@test
def a_refusal_asks_a_third_while_the_other_still_thinks(w):
    number = ask(w)
    first, second = offered(w, number)
    assert answer(w.client, w, number, "decline", first).applied
    kept, third = w.wait(number, "a third offer", lambda v: len(v.order.offers) == 3 and len(is_open(v)) == 2) and offered(w, number)
    assert kept.generation == second.generation and third.engineer not in (first.engineer, second.engineer), (kept, third)
    holds(w, number, [second, third])
    table, found = w.suite.callout("whynot", number), json.loads(w.suite.callout("whynot", number, "-o", "json"))
    assert f"{number}: offered, {second.engineer}, {third.engineer}" in table, table
    assert found["asked_now"] == [second.engineer, third.engineer], found
    assert not {second.engineer, third.engineer} & {row["engineer"] for row in found["not_chosen"]}, found
    shown = w.suite.callout("show", number)
    states = [line.split()[-1] for line in shown.splitlines() if line.strip()[:2] in ("1 ", "2 ", "3 ")]
    assert states == ["declined", "open", "open"], shown
    people = {row["engineer"]: row for row in json.loads(w.suite.callout("people", "-o", "json"))}
    assert [people[offer.engineer]["state"] for offer in (second, third)] == ["offered"] * 2, people
    cancel(w, number)


@test
def whom_the_project_manager_names_is_asked_instead_of_all(w):
    number = ask(w)
    before = offered(w, number)
    named = next(key for key in ("bj-1", "bj-2", "bj-3") if key not in [offer.engineer for offer in before])
    assert w.client.command(number, "name_engineer", role="ROLE_PM", name=named).applied
    view = w.wait(number, "the one who is named is asked", lambda v: len(is_open(v)) == 1 and is_open(v)[0].engineer == named)
    assert [offer.state for offer in view.order.offers] == ["withdrawn", "withdrawn", "open"], view.order
    holds(w, number, is_open(view))
    cancel(w, number)


@test
def of_two_who_accept_at_the_same_moment_one_goes(w):
    for _ in range(5):
        number = ask(w)
        offers = offered(w, number)
        start, verdicts = threading.Barrier(2), {}

        def accept(offer):
            client = World(w.suite).client
            start.wait(60)
            verdicts[offer.generation] = answer(client, w, number, "accept", offer)

        threads = [threading.Thread(target=accept, args=(offer,)) for offer in offers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        winner = [offer for offer in offers if verdicts[offer.generation].applied]
        loser = [offer for offer in offers if not verdicts[offer.generation].applied]
        assert len(winner) == 1 and verdicts[loser[0].generation].reason == TOO_LATE, verdicts
        view = w.wait(number, "assigned", lambda v: v.order.state == "assigned")
        assert view.order.engineer == winner[0].engineer, view.order
        holds(w, number, winner)
        cancel(w, number)


@test
def whoever_goes_without_having_been_asked_ends_all_offers(w):
    number = ask(w)
    before = offered(w, number)
    other = next(key for key in ("bj-1", "bj-2", "bj-3") if key not in [offer.engineer for offer in before])
    assert w.client.command(number, "underway", person=other).applied
    view = w.wait(number, "he goes", lambda v: v.order.engineer == other)
    assert not is_open(view), view.order
    wait_for("only his claim is held", lambda: claimed(w, number) == [3])
    cancel(w, number)


@test
def a_dispatch_that_is_killed_at_any_step_offers_to_two_and_one_goes(w):
    for step, count in DEATHS:
        w.suite.kill("dispatch")
        w.suite.start("dispatch", env={"CALLOUT_FAULT": f"{step}:kill:{count}"})
        number = ask(w)
        process = w.suite.running["dispatch"]
        wait_for(f"dispatch dies at {step} {count}", lambda: process.poll() is not None)
        w.suite.start("dispatch")
        offers = offered(w, number)
        assert len({offer.engineer for offer in offers}) == 2, offers
        holds(w, number, offers)
        w.suite.kill("dispatch")
        verdict = {}
        thread = threading.Thread(target=lambda: verdict.update(got=answer(World(w.suite).client, w, number, "accept", offers[1])))
        thread.start()
        w.suite.start("dispatch")
        thread.join(60)
        view = w.wait(number, "assigned", lambda v: v.order.state == "assigned")
        assert view.order.engineer == offers[1].engineer, view.order
        assert sorted(offer.state for offer in view.order.offers if offer.generation in (1, 2)) == ["accepted", "overtaken"]
        holds(w, number, [offers[1]])
        cancel(w, number)
    w.suite.wait_ready("dispatch")


def main():
    failures = 0
    with Suite(sys.argv[1], rewrite=[RULE]) as suite:
        world = World(suite)
        for function in TESTS:
            try:
                function(world)
                print(f"passed  {function.__name__}", flush=True)
            except Exception:
                failures += 1
                print(f"FAILED  {function.__name__}", flush=True)
                traceback.print_exc(limit=-3, file=sys.stdout)
        if failures:
            for name in suite.running:
                print(f"--- {name}\n{suite.log_end(name)}")
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
