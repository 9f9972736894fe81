#!/usr/bin/python3
"""Courses and event duty through the real daemons, with two dispatch workers: who and what is booked for a date, who is told where nobody is,
what people say to it, and who is sent to faults meanwhile.

Usage: test_bookings.py BUILD_DIR
"""
import json
import os
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import HOUR, World, run_tests  # noqa: E402

DAY = 24 * HOUR
ONLY = (", skills: [{key: lecturer, until: 2027-07-01T00:00:00+08:00}]", "")  # gz-3 is none: bj-1 is the only lecturer
SENIOR = ("bj-1: {office: beijing, skill: 3,", "bj-1: {office: beijing, skill: 2,")  # and the first whom a fault in Beijing is offered to
AT_ONCE = ("    confirm: [5m, 5m, 10m, 30m]\n", "")
DEATHS = (("decided", 2), ("before_commit", 2), ("before_commit", 3), ("after_commit", 2), ("after_commit", 3))
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def in_days(days, hours=0):
    return int(time.time() + 5) * 1000000 + days * DAY + hours * HOUR


def course(w, begin_us, hours=8, **more):
    return w.submit(**{"customer": "haihe-bank", "site": "haihe-beijing", "offering": "training", "title": "storage course",
                       "dated_us": begin_us, "dated_until_us": begin_us + hours * HOUR, **more}).number


def slots(view):
    return {b.slot: b for b in view.bookings}


def booked(w, number, *keys):
    """The view, once these are booked for the case: "engineer/bj-1" ..."""
    return w.wait(number, f"{keys} are booked", lambda v: sorted(b.resource for b in v.bookings if b.resource) == sorted(keys))


def rows(w, number):
    view = w.view(number)
    found = query(w.suite.url, f"SELECT resource FROM read.dispatch_booking WHERE case_id = {view.case_id} ORDER BY resource")
    return [row[0] for row in found]


def act(w, number, what, *words, ok=True):
    done = w.suite.callout("act", number, what, "--as", "pm", *words, check=False)
    assert (done.returncode == 0) == ok, done
    return done.stdout if ok else done.stderr


def cancel(w, *numbers):
    for number in numbers:
        assert w.client.command(number, "cancel").applied
        wait_for(f"{number} holds nothing", lambda: rows(w, number) == [])


@test
def a_course_books_a_lecturer_and_a_lab_and_they_are_told(w):
    begin_us = in_days(20)
    number = course(w, begin_us)
    view = booked(w, number, "engineer/bj-1", "resource/lab-north")
    lecturer, lab = slots(view)["lecturer"], slots(view)["lab"]
    assert (lecturer.from_us, lecturer.until_us) == (begin_us, begin_us + 8 * HOUR), lecturer
    assert lab.from_us == begin_us - 4 * HOUR, lab  # to set it up
    assert rows(w, number) == ["engineer/bj-1", "resource/lab-north"]
    w.wait(number, "the lecturer is told", lambda v: any(n.obligation == "booked/lecturer/1" and n.person == "bj-1" for n in v.notices))
    shown = w.suite.callout("show", number)
    assert "Booked" in shown and "bj-1" in shown and "lab-north" in shown, shown
    cancel(w, number)
    w.wait(number, "the lecturer is told that it is off", lambda v: any(
        n.obligation.startswith("withdrawn/booked/lecturer/1") and n.person == "bj-1" for n in v.notices))


@test
def of_two_courses_at_once_one_gets_the_only_lecturer_and_of_the_other_people_are_told(w):
    for round_ in range(3):
        begin_us, numbers = in_days(30 + round_), []
        threads = [threading.Thread(target=lambda: numbers.append(course(World(w.suite), begin_us))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        views = [w.wait(number, "decided", lambda v: len(v.bookings) == 2 and all(b.resource or b.missing for b in v.bookings)) for number in numbers]
        lucky = [v.number for v in views if slots(v)["lecturer"].resource == "engineer/bj-1"]
        assert len(lucky) == 1, [(v.number, v.bookings) for v in views]
        labs = sorted(slots(v)["lab"].resource for v in views)
        assert labs == ["", "resource/lab-north", "resource/lab-north", "resource/lab-south"], labs  # two, and one, at a time
        for view in views:
            if view.number not in lucky:
                lecturer = slots(view)["lecturer"]
                assert (lecturer.missing, lecturer.nearest) == ("free_engineer", "bj-1"), lecturer
                w.wait(view.number, "the project manager is told", lambda v: any(
                    n.obligation.startswith("nobody_to_book/lecturer/") and n.person == "pm-north" for n in v.notices))
        cancel(w, *numbers)


@test
def what_is_let_go_is_found_by_who_waits_for_it(w):
    begin_us = in_days(40)
    first = course(w, begin_us)
    booked(w, first, "engineer/bj-1", "resource/lab-north")
    second = course(w, begin_us + 4 * HOUR)
    w.wait(second, "nobody", lambda v: slots(v).get("lecturer") and slots(v)["lecturer"].missing == "free_engineer")
    cancel(w, first)
    w.wait(second, "the lecturer", lambda v: slots(v)["lecturer"].resource == "engineer/bj-1", limit_s=100)
    cancel(w, second)


@test
def people_name_who_is_taken_and_are_told_why_not(w):
    number = course(w, in_days(50))
    booked(w, number, "engineer/bj-1", "resource/lab-north")
    other = course(w, in_days(50, 1))
    w.wait(other, "nobody", lambda v: slots(v).get("lecturer") and slots(v)["lecturer"].missing)
    assert 'bj-2 lacks the qualification "lecturer"' in act(w, number, "book", "--slot", "lecturer", "--name", "bj-2", ok=False)
    assert f"bj-1 is booked for {number} from" in act(w, other, "book", "--slot", "lecturer", "--name", "bj-1", ok=False)
    assert 'the registry has no engineer of the key "li"' in act(w, number, "book", "--slot", "lecturer", "--name", "li", ok=False)
    assert 'the policy has no slot "chair"; it has lecturer, lab' in act(w, number, "book", "--slot", "chair", "--name", "bj-1", ok=False)
    assert "--slot SLOT is needed" in act(w, number, "book", "--name", "bj-1", ok=False)
    assert "book" in act(w, number, "book", "--slot", "lab", "--name", "lab-south")
    assert slots(booked(w, number, "engineer/bj-1", "resource/lab-south"))["lab"].is_named
    act(w, number, "unbook", "--slot", "lecturer")
    w.wait(number, "let go, and not taken again by itself", lambda v: slots(v)["lecturer"].resource == "" and slots(v)["lecturer"].missing)
    act(w, number, "book", "--slot", "lecturer", "--name", "bj-1")
    booked(w, number, "engineer/bj-1", "resource/lab-south")
    fault = w.submit(customer="haihe-bank", site="haihe-beijing", product="storage", traits=["partly_degraded"]).number
    assert "takes nobody for its date" in act(w, fault, "book", "--slot", "lecturer", "--name", "bj-1", ok=False)
    cancel(w, number, other, fault)


@test
def a_moved_date_books_anew_and_lets_go_what_was_booked(w):
    begin_us = in_days(60)
    number = course(w, begin_us)
    booked(w, number, "engineer/bj-1", "resource/lab-north")
    later_us = begin_us + 2 * DAY
    assert w.client.command(number, "reschedule", role="ROLE_PM", from_us=later_us, until_us=later_us + HOUR).applied
    view = w.wait(number, "booked for another day", lambda v: slots(v)["lecturer"].resource and slots(v)["lecturer"].from_us == later_us)
    assert slots(view)["lecturer"].generation == 2, view.bookings
    assert not query(w.suite.url, f"SELECT slot FROM read.dispatch_booking WHERE case_id = {view.case_id} AND generation = 1")
    cancel(w, number)


@test
def whoever_is_away_by_a_newer_roster_is_let_go_and_the_project_manager_hears_it(w):
    begin_us = in_days(70)
    number = course(w, begin_us)
    booked(w, number, "engineer/bj-1", "resource/lab-north")
    day = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begin_us / 1000000))
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begin_us / 1000000 + 3600))
    with open(f"{w.suite.dir}/away.yaml", "w") as file:
        file.write(f"rosters:\n  bj-1: {{calendar: cn-office, absences: [{{from: {day}, until: {end}, why: leave}}]}}\n")
    w.suite.callout("apply", "-f", f"{w.suite.dir}/away.yaml", "--yes", key="admin")
    view = w.wait(number, "let go", lambda v: slots(v)["lecturer"].resource == "" and slots(v)["lecturer"].missing)
    assert (slots(view)["lecturer"].missing, slots(view)["lecturer"].nearest) == ("absence", "bj-1"), view.bookings
    assert rows(w, number) == ["resource/lab-north"]
    with open(f"{w.suite.dir}/away.yaml", "w") as file:
        file.write("rosters:\n  bj-1: {calendar: cn-office, absences: []}\n")
    w.suite.callout("apply", "-f", f"{w.suite.dir}/away.yaml", "--yes", key="admin")
    booked(w, number, "engineer/bj-1", "resource/lab-north")  # at once: the registry is another one
    cancel(w, number)


def fault(w, site="haihe-beijing"):
    return w.submit(customer="haihe-bank", site=site, product="storage", traits=["data_damaged"], onsite=True).number


def offered(w, number):
    return w.wait(number, "an offer", lambda v: v.order.offers and v.order.offers[0].state == "open").order.offers


@test
def who_gives_a_course_is_sent_to_no_fault_meanwhile(w):
    before = fault(w)
    asked = offered(w, before)[0].engineer
    cancel_order(w, before)
    assert asked == "bj-1", asked
    number = course(w, in_days(0), hours=6)
    booked(w, number, "engineer/bj-1", "resource/lab-north")
    during = fault(w)
    assert offered(w, during)[0].engineer != "bj-1"
    found = json.loads(w.suite.callout("whynot", during, "-o", "json"))
    why = {row["engineer"]: row for row in found["not_chosen"]}["bj-1"]
    assert why["reason"] == "booked" and number in why["possible_with"], why
    cancel_order(w, during)
    cancel(w, number)


def cancel_order(w, number):
    assert w.client.command(number, "cancel").applied


@test
def who_is_on_event_duty_gets_the_faults_of_the_site_first_and_no_others(w):
    begin_us = in_days(0) - HOUR
    number = w.submit(customer="haihe-bank", site="haihe-langfang", offering="event-duty", title="the yearly show", dated_us=begin_us,
                      dated_until_us=begin_us + 5 * HOUR).number
    view = w.wait(number, "somebody has to be named", lambda v: slots(v).get("duty") and slots(v)["duty"].missing == "name")
    assert view.bookings[0].nearest, view.bookings
    act(w, number, "book", "--slot", "duty", "--name", "gz-3")
    booked(w, number, "engineer/gz-3")
    here = fault(w, site="haihe-langfang")
    offers = offered(w, here)
    assert [o.engineer for o in offers] == ["gz-3"] and offers[0].travel_us == 0, offers
    found = json.loads(w.suite.callout("whynot", here, "-o", "json"))
    assert "event_duty" in {row["reason"] for row in found["not_chosen"]}, found
    assert w.client.command(here, "decline", person="gz-3").applied
    w.wait(here, "the next one", lambda v: any(o.state == "open" and o.engineer != "gz-3" for o in v.order.offers))
    elsewhere = fault(w)
    assert offered(w, elsewhere)[0].engineer != "gz-3"
    cancel_order(w, here)
    cancel_order(w, elsewhere)
    cancel(w, number)


@test
def a_worker_that_dies_in_between_books_nothing_twice(w):
    w.suite.kill("dispatch-2")
    for i, (step, count) in enumerate(DEATHS):
        w.suite.kill("dispatch")
        w.suite.start("dispatch", env={"CALLOUT_FAULT": f"{step}:kill:{count}"})
        number = course(w, in_days(80 + i))
        process = w.suite.running["dispatch"]
        wait_for(f"dispatch dies at {step} {count}", lambda: process.poll() is not None)
        w.suite.start("dispatch")
        view = booked(w, number, "engineer/bj-1", "resource/lab-north")
        assert rows(w, number) == ["engineer/bj-1", "resource/lab-north"]
        assert len([b for b in view.bookings if b.resource]) == 2, view.bookings
        kinds = [e.event.WhichOneof("body") for e in entries(w, number)]
        assert kinds.count("booked") == 2 and kinds.count("booking_ended") == 0, kinds
        cancel(w, number)
    w.suite.start("dispatch-2")
    w.suite.wait_ready("dispatch-2")


def entries(w, number):
    return w.client.query("entries", number=number).entries


@test
def what_was_announced_is_what_follows(w):
    w.suite.callout("audit", "refold")
    assert query(w.suite.url, "SELECT resource FROM read.dispatch_booking") == []


def main():
    with Suite(sys.argv[1], rewrite=(ONLY, SENIOR, AT_ONCE)) as suite:
        suite.start("dispatch-2")
        suite.wait_ready("dispatch-2")
        return run_tests(TESTS, World(suite))


if __name__ == "__main__":
    sys.exit(main())
