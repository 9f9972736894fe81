"""callout audit timers, over cases that real daemons made: it adds up, and whatever is taken away, added or moved is named.

    test_audit_timers.py BUILD
"""
import json
import os
import re
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from test_audit import CASES, make_history, run  # noqa: E402

QUARTER_US = 15 * 60 * 1000000  # half of the first answer's half hour: its first warning
WARNED, BREACHED = 23, 24
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def timers(suite, code=0, *options):
    return json.loads(run(suite, "audit", "timers", *options, "-o", "json", code=code))


def total(report, what):
    return sum(int(c.get(what, 0)) for c in report["counts"])


def adds_up(report):
    return total(report, "armed") == total(report, "fired") + total(report, "cancelled") + total(report, "pending")


@test
def in_an_empty_database_nothing_is_armed(suite):
    assert "0 cases: armed = fired + cancelled + pending" in run(suite, "audit", "timers")


@test
def what_real_daemons_made_adds_up(suite):
    make_history(suite)
    report = timers(suite)
    assert adds_up(report) and CASES / 2 < int(report["cases"]) <= CASES, report
    assert min(total(report, what) for what in ("fired", "cancelled", "pending", "taken_back")) > 0, report
    assert int(report["lateness"]["count"]) == total(report, "fired") and int(report["late_news"]) > 0, report
    assert sum(int(b.get("count", 0)) for b in report["lateness"]["buckets"]) == total(report, "fired"), report


def lateness_metric(suite):
    """(all, those within a minute)"""
    text = suite.metrics("sla")
    name = "callout_sla_timer_lateness_seconds"
    return [float(re.search(rf"^{re.escape(name + rest)} (\S+)", text, re.M).group(1)) for rest in ("_count", '_bucket{le="60"}')]


@test
def what_follows_from_facts_reported_days_late_is_late_from_the_report_on(suite):
    every, within_a_minute = lateness_metric(suite)
    assert every == within_a_minute > CASES, (every, within_a_minute)
    assert int(timers(suite)["lateness"]["most_us"]) < 60000000


def number_of(suite, lane, case_id):
    """As the audit writes it."""
    rows = (json.loads(line) for line in suite.callout("list", "-o", "json", "--limit", "1000").splitlines())
    return {(int(c["case_id"]) & 255, int(c["case_id"])): c["number"] for c in rows}[int(lane), int(case_id)]


def damaged(suite, table, where, damage):
    """What is found while a damage of some rows is there."""
    before = timers(suite)
    psql(suite.url, "-1", "-c", f"CREATE TABLE public.kept AS SELECT * FROM {table} WHERE {where}", "-c", damage)
    try:
        report = timers(suite, 1)
    finally:
        psql(suite.url, "-1", "-c", f"DELETE FROM {table} WHERE {where}", "-c", f"INSERT INTO {table} SELECT * FROM public.kept", "-c", "DROP TABLE public.kept")
    assert total(timers(suite), "armed") == total(before, "armed")
    return report


@test
def an_announcement_that_is_not_there_is_missing_and_does_not_add_up(suite):
    lane, case_id, seq = query(suite.url, f"""SELECT lane, case_id, min(seq) FROM journal.entry WHERE kind = {BREACHED}
        GROUP BY lane, case_id HAVING count(*) = 1 ORDER BY case_id LIMIT 1""")[0]
    where = f"lane = {lane} AND seq = {seq}"
    report = damaged(suite, "journal.entry", where, f"DELETE FROM journal.entry WHERE {where}")
    found = report["differences"]
    assert not adds_up(report) and [d["what"] for d in found] == ["missing"], found
    assert found[0]["number"] == number_of(suite, lane, case_id) and found[0]["kind"] == "due time", found


@test
def an_announcement_made_again_is_found(suite):
    lane, seq = query(suite.url, f"SELECT lane, seq FROM journal.entry WHERE kind = {WARNED} ORDER BY lane, seq DESC LIMIT 1")[0]
    where = f"lane = {lane} AND seq = 999999"
    report = damaged(suite, "journal.entry", where,
                     f"INSERT INTO journal.entry SELECT lane, 999999, at, case_id, kind, body FROM journal.entry WHERE lane = {lane} AND seq = {seq}")
    assert "twice" in {d["what"] for d in report["differences"]} or "strange" in {d["what"] for d in report["differences"]}, report


@test
def an_announcement_before_its_time_is_found(suite):
    lane, seq = query(suite.url, f"SELECT lane, seq FROM journal.entry WHERE kind = {WARNED} ORDER BY lane, seq DESC LIMIT 1")[0]
    where = f"lane = {lane} AND seq = {seq}"
    report = damaged(suite, "journal.entry", where, f"UPDATE journal.entry SET at = '2001-01-01' WHERE {where}")
    assert "early" in {d["what"] for d in report["differences"]}, report


@test
def a_row_that_wakes_up_late_or_never_or_is_gone_loses_its_timers(suite):
    lane, case_id = query(suite.url, "SELECT lane, case_id FROM sla.case WHERE state = 'open' AND next_at > now() + interval '20 min' ORDER BY case_id LIMIT 1")[0]
    where = f"lane = {lane} AND case_id = {case_id}"
    for damage in (f"UPDATE sla.case SET next_at = next_at + interval '1 us' WHERE {where}", f"UPDATE sla.case SET next_at = NULL WHERE {where}",
                   f"DELETE FROM sla.case WHERE {where}"):
        report = damaged(suite, "sla.case", where, damage)
        found = report["differences"]
        assert not adds_up(report) and {d["what"] for d in found} == {"lost"}, (damage, found)
        assert {d["number"] for d in found} == {number_of(suite, lane, case_id)}, found


def submit_due_in(suite, seconds):
    """A case whose first warning is due so soon."""
    import callout
    keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
    client = callout.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])
    due_us = int((time.time() + seconds) * 1e6)
    return client.submit(customer="haihe-bank", site="haihe-beijing", product="storage", title="array down", stated_severity=2,
                         occurred_us=due_us - QUARTER_US).number, due_us


@test
def what_became_due_while_sla_was_down_is_missing_until_it_is_back_and_then_late(suite):
    number, due_us = submit_due_in(suite, 4)
    wait_for("the case is open", lambda: suite.case(number).get("state") == "open")
    suite.kill("sla")
    wait_for("its time", lambda: time.time() * 1e6 > due_us + 3500000)
    report = timers(suite, 1, "--grace", "0s")
    assert [(d["number"], d["what"]) for d in report["differences"]] == [(number, "missing")], report
    assert adds_up(timers(suite)), "ten seconds are the grace"
    suite.start("sla")
    late = wait_for("announced", lambda: [line for line in suite.callout("watch", number, "--once").splitlines() if "warned" in line])
    assert "announced late by" in late[0], late
    report = timers(suite, 0, "--grace", "0s")
    assert int(report["lateness"]["most_us"]) > 3000000, report


@test
def a_clock_that_was_set_back_makes_nothing_early_or_strange(suite):
    number, due_us = submit_due_in(suite, 3)
    wait_for("the warning", lambda: "warned" in suite.callout("watch", number, "--once"))
    psql(suite.url, "-c", "UPDATE journal.clock SET anchor_domain = anchor_domain - interval '1 min'")
    try:
        assert adds_up(timers(suite))
    finally:
        psql(suite.url, "-c", "UPDATE journal.clock SET anchor_domain = anchor_domain + interval '1 min'")


@test
def a_parked_case_is_named(suite):
    number, due_us = submit_due_in(suite, 1)
    wait_for("the warning", lambda: "warned" in suite.callout("watch", number, "--once"))
    case_id = query(suite.url, "SELECT max(case_id) FROM sla.case")[0][0]
    suite.kill("sla")
    psql(suite.url, "-c", f"INSERT INTO journal.parked (lane, service, case_id, since_seq, reason) SELECT lane, 'sla', case_id, 1000000, 'test' FROM sla.case WHERE case_id = {case_id}")
    text = run(suite, "audit", "timers")
    assert "1 cases are parked for sla" in text, text


def main():
    failures = 0
    with Suite(sys.argv[1]) as suite:
        for function in TESTS:
            try:
                function(suite)
            except Exception:  # noqa: BLE001
                failures += 1
                print(f"FAILED: {function.__name__}\n{traceback.format_exc()}", flush=True)
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
