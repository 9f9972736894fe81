#!/usr/bin/env python3
"""Cases that Callout opens by itself: dates of plans, once each, whatever is restarted or changed. A whole suite with two intakes and
stepped time. Usage: test_plans.py [BUILD_DIR]"""
import datetime
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT, psql, query  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

START = "2026-12-01T00:00:00+08:00"
PLAN = """  {key}:
    title: {{zh: 例行, en: Routine}}
    contract: haihe-2026
    site: haihe-beijing
    policy: preventive
    calendar: cn-office
    from: {first}
    rrule: {rule}
    lead: {lead}
    conditions: [inspection]
    dates: {dates}
"""
BASE = dict(first="2026-11-02T09:00:00+08:00", rule="FREQ=WEEKLY;BYDAY=MO", lead="2d", dates="[]")


def step(suite, time):
    psql(suite.url, "-c", f"UPDATE journal.clock SET anchor_domain = greatest(anchor_domain, '{time}'::timestamptz) WHERE rate = 0")


def apply(suite, prune=True, **plans):
    """The registry with these plans, and no others."""
    with open(f"{suite.dir}/registry/plans.yaml", "w") as out:
        if plans:
            out.write("plans:\n" + "".join(PLAN.format(key=key.replace("_", "-"), **{**BASE, **p}) for key, p in plans.items()))
    return suite.callout("apply", "-f", f"{suite.dir}/registry", "--keys", f"{suite.dir}/keys", "--prune", "--yes", "--no-preview", key="admin")


def keys(suite, name):
    return [row[0] for row in query(suite.url, f"SELECT key FROM intake.receipt WHERE source = 'callout' AND key LIKE 'plan/{name}/%' ORDER BY key")]


def tickets(suite):
    return int(query(suite.url, "SELECT count(*) FROM journal.entry WHERE kind = 10")[0][0])


def settled(suite, time):
    """All intakes have looked at that time: what was to be opened is there, and nothing else comes."""
    wait_for(f"everything up to {time} is opened",
             lambda: query(suite.url, f"SELECT 1 FROM intake.planned WHERE at >= '{time}'::timestamptz AND version = (SELECT max(version) FROM registry.version)"))


def later(time, **delta):
    return (datetime.datetime.fromisoformat(time) + datetime.timedelta(**delta)).isoformat()


def to(suite, time):
    step(suite, time)
    settled(suite, time)


def plans(suite, *words):
    return json.loads(suite.callout("plan", *words, "-o", "json"))


def nothing_is_planned_at_first(w):
    out = w.suite.callout("plan", "list")
    assert "nothing is planned until then" in out, out
    assert plans(w.suite, "list") == []


def what_lies_before_a_plan_was_known_is_left_alone(w):
    apply(w.suite, weekly={})
    settled(w.suite, START)
    assert keys(w.suite, "weekly") == [], keys(w.suite, "weekly")


def a_date_that_is_still_ahead_is_opened_though_its_case_should_be_there_already(w):
    apply(w.suite, weekly={}, late=dict(lead="20d"))
    settled(w.suite, START)
    wait_for("the dates of the next 20 days", lambda: len(keys(w.suite, "late")) == 2)
    assert keys(w.suite, "late") == ["plan/late/2026-12-07T09:00", "plan/late/2026-12-14T09:00"]
    apply(w.suite, weekly={})


def each_date_opens_one_case_whoever_plans(w):
    to(w.suite, "2026-12-05T08:59:59+08:00")
    assert keys(w.suite, "weekly") == []
    to(w.suite, "2026-12-05T09:00:00+08:00")
    wait_for("the first date", lambda: keys(w.suite, "weekly") == ["plan/weekly/2026-12-07T09:00"])
    row = [r for r in plans(w.suite, "list") if r["state"] == "opened"][0]
    assert row["key"] == "weekly" and row["date"] == "plan/weekly/2026-12-07T09:00", row
    view = w.wait(row["number"], "it is open", lambda v: v.state == "open")
    assert (view.source, view.origin.kind, view.origin.key) == ("callout", "plan", "weekly"), view
    assert (view.contract, view.site, view.policy.key, view.title) == ("haihe-2026", "haihe-beijing", "preventive", "例行 / Routine"), view
    due = {c.milestone: c.due_us for c in view.clocks}
    date = datetime.datetime.fromisoformat("2026-12-07T09:00:00+08:00").timestamp() * 1000000
    assert due["begun"] == date + 3600 * 1000000 and due["prepared"] == date - 3 * 86400 * 1000000, due
    assert [c.basis.kind for c in view.clocks] == ["dated"] * len(view.clocks)


def restarts_and_changes_open_nothing_twice(w):
    before = tickets(w.suite)
    for name in ("intake", "intake-2"):
        w.suite.kill(name)
    start(w.suite, "intake")
    start(w.suite, "intake-2")
    apply(w.suite, weekly=dict(dates="[{at: 2026-12-21T09:00:00+08:00, skipped: true, why: year's end}]"))
    to(w.suite, "2026-12-06T00:00:00+08:00")
    assert tickets(w.suite) == before, (tickets(w.suite), before)


def what_falls_into_a_time_without_any_intake_is_opened_late(w):
    for name in ("intake", "intake-2"):
        w.suite.kill(name)
    step(w.suite, "2026-12-16T12:00:00+08:00")
    start(w.suite, "intake")
    start(w.suite, "intake-2")
    settled(w.suite, "2026-12-16T12:00:00+08:00")
    wait_for("the missed date", lambda: keys(w.suite, "weekly")[-1] == "plan/weekly/2026-12-14T09:00")
    assert len(keys(w.suite, "weekly")) == 2


def a_skipped_date_opens_nothing_and_is_shown(w):
    to(w.suite, "2026-12-22T00:00:00+08:00")
    assert "plan/weekly/2026-12-21T09:00" not in keys(w.suite, "weekly")
    out = w.suite.callout("plan", "show", "weekly")
    line = [x for x in out.splitlines() if x.startswith("2026-12-21")][0]
    assert "skipped: year's end" in line, out


def a_moved_date_is_opened_once_at_its_new_time(w):
    skipped = "{at: 2026-12-21T09:00:00+08:00, skipped: true, why: year's end}"
    apply(w.suite, weekly=dict(dates=f"[{skipped}, {{at: 2026-12-28T09:00:00+08:00, moved_to: 2026-12-30T14:00:00+08:00}}]"))
    to(w.suite, "2026-12-28T09:00:00+08:00")
    assert "plan/weekly/2026-12-28T09:00" not in keys(w.suite, "weekly")
    to(w.suite, "2026-12-28T14:00:00+08:00")
    wait_for("the moved date", lambda: "plan/weekly/2026-12-28T09:00" in keys(w.suite, "weekly"))
    before = tickets(w.suite)
    apply(w.suite, weekly=dict(dates=f"[{skipped}, {{at: 2026-12-28T09:00:00+08:00, moved_to: 2026-12-31T14:00:00+08:00}}]"))
    to(w.suite, "2026-12-29T14:00:00+08:00")
    assert tickets(w.suite) == before
    assert "moved from 2026-12-28 09:00" in w.suite.callout("plan", "list"), w.suite.callout("plan", "list")


def a_plan_that_is_taken_away_opens_nothing_and_comes_back_as_a_new_one(w):
    apply(w.suite)
    to(w.suite, "2027-01-10T00:00:00+08:00")
    before = tickets(w.suite)
    apply(w.suite, weekly={})
    to(w.suite, "2027-01-11T10:00:00+08:00")
    wait_for("the date after it came back", lambda: keys(w.suite, "weekly")[-1] == "plan/weekly/2027-01-11T09:00")
    assert tickets(w.suite) == before + 1, keys(w.suite, "weekly")


def one_date_is_rescheduled_and_its_clocks_move(w):
    number = [r for r in plans(w.suite, "show", "weekly") if r["date"].endswith("2027-01-11T09:00")][0]["number"]
    view = w.wait(number, "it is open", lambda v: v.state == "open")
    assert w.clock(view, "reported").state == "running"
    due, revision = w.clock(view, "reported").due_us, w.clock(view, "reported").revision
    w.suite.callout("act", number, "reschedule", "--from", "2027-01-20 09:00", "--until", "2027-01-20 17:00", "--as", "pm", key="sample")
    view = w.wait(number, "another revision", lambda v: w.clock(v, "reported").revision > revision)
    assert w.clock(view, "reported").due_us - due > 8 * 86400 * 1000000, view.clocks
    day = datetime.datetime.fromisoformat("2027-01-20T00:00:00+08:00").timestamp() * 1000000
    assert (view.dated_us - day, view.dated_until_us - day) == (9 * 3600 * 1000000, 17 * 3600 * 1000000), view
    why = w.suite.callout("explain", number)
    assert "by the date that the case is about" in why, why


def bad_plans_are_refused_with_what_is_allowed(w):
    for change, told in ((dict(rule="FREQ=FORTNIGHTLY"), "is no rule of RFC 5545; allowed: FREQ=DAILY"),
                         (dict(first="2026-11-03T09:00:00+08:00"), "from: is none of its dates; the nearest is"),
                         (dict(lead="400d"), "lead: is no such length of time; allowed: 0s to 366d"),
                         (dict(dates="[{at: 2026-12-08T09:00:00+08:00, skipped: true}]"), "dates[0].at: is none of its dates")):
        try:
            out = apply(w.suite, bad=change)
        except (RuntimeError, subprocess.CalledProcessError) as refused:
            out = str(refused) + str(getattr(refused, "stderr", ""))
        assert told in out, out
    apply(w.suite, weekly={})


def a_report_without_a_date_is_refused_where_the_pack_needs_one(w):
    for known in (dict(offering="preventive", contract="haihe-2026"), dict(offering="renewal", customer="haihe-bank")):
        try:
            w.submit(key=f"undated-{known['offering']}", **known)
        except Exception as refused:  # of the client
            assert "say when" in str(refused), refused
        else:
            raise AssertionError("an undated report was taken")


def a_date_whose_case_is_refused_is_not_lost_by_a_restart(w):
    date = "2027-01-12T09:00:00+08:00"
    to(w.suite, "2027-01-12T08:00:00+08:00")
    apply(w.suite, weekly={}, single=dict(first=date, rule="''", lead="0s"))
    settled(w.suite, "2027-01-12T08:00:00+08:00")
    psql(w.suite.url, "-c", "ALTER TABLE intake.receipt ADD CONSTRAINT test_refuses CHECK (key NOT LIKE 'plan/single/%') NOT VALID")
    step(w.suite, "2027-01-12T12:00:00+08:00")
    settled(w.suite, date)  # as far as they go
    for name in ("intake", "intake-2"):
        wait_for(f"{name} says so", lambda: "event=planned_case_refused" in w.suite.log_end(name, 1000))
        w.suite.kill(name)
    assert keys(w.suite, "single") == []
    psql(w.suite.url, "-c", "ALTER TABLE intake.receipt DROP CONSTRAINT test_refuses")
    start(w.suite, "intake")
    start(w.suite, "intake-2")
    settled(w.suite, "2027-01-12T12:00:00+08:00")
    assert keys(w.suite, "single") == ["plan/single/2027-01-12T09:00"], keys(w.suite, "single")
    apply(w.suite, weekly={})


def a_plan_whose_apply_was_the_last_that_an_intake_did_is_caught_up(w):
    psql(w.suite.url, "-c", "REVOKE INSERT ON intake.plan FROM callout_intake")
    apply(w.suite, weekly={}, brief=dict(first="2027-01-12T14:00:00+08:00", rule="''", lead="0s"))
    for name in ("intake", "intake-2"):
        w.suite.kill(name)
    psql(w.suite.url, "-c", "GRANT INSERT ON intake.plan TO callout_intake")
    step(w.suite, "2027-01-12T15:00:00+08:00")
    start(w.suite, "intake")
    start(w.suite, "intake-2")
    settled(w.suite, "2027-01-12T15:00:00+08:00")
    assert keys(w.suite, "brief") == ["plan/brief/2027-01-12T14:00"], keys(w.suite, "brief")
    apply(w.suite, weekly={})


def an_intake_that_has_not_heard_of_the_newest_registry_settles_nothing(w):
    statement = open(f"{ROOT}/services/intake/sql/settle_plans.sql").read()
    for name in ("intake", "intake-2"):
        w.suite.kill(name)
    known = query(w.suite.url, "SELECT max(version) FROM registry.version")[0][0]
    newer = f"""INSERT INTO registry.version (version, change_id, applied_by, added, changed, removed, unchanged)
                VALUES ({known} + 1, 'test-newer', 'test', 0, 0, 0, 0);"""
    for before, is_settled in (("", "t"), (newer, "f")):
        out = psql(w.suite.url, "-q", "-f", "-", text=f"""BEGIN; {before} PREPARE settle AS {statement}
            EXECUTE settle ({known}, '2027-01-12T16:00:00+08:00'); SELECT at = '2027-01-12T16:00:00+08:00' FROM intake.planned; ROLLBACK;""")
        assert out.strip() == is_settled, (before, out)
    start(w.suite, "intake")
    start(w.suite, "intake-2")


def what_was_announced_is_what_follows_and_can_be_certified(w):
    number = [r for r in plans(w.suite, "show", "weekly") if r["date"].endswith("2027-01-11T09:00")][0]["number"]
    for what in ("refold", "timers"):
        w.suite.callout("audit", what)
    w.suite.callout("certificate", number, f"{w.suite.dir}/dated.json")
    w.suite.callout("verify", f"{w.suite.dir}/dated.json", "--key", f"{w.suite.dir}/keys/signing.pub")


def start(suite, name):
    if name == "intake":
        suite.start("intake")
    else:
        suite.counts[name] = suite.counts.get(name, 0) + 1
        suite.ports["http_" + name] = free_port()
        suite.spawn(name, [f"{suite.build}/callout-intake", "--instance", f"{name}.{suite.counts[name]}", "--mesh-endpoint",
                           f"ipc://{suite.dir}/{name}.{suite.counts[name]}.sock", "--http-address",
                           f"127.0.0.1:{suite.ports['http_' + name]}", "--endpoint", f"tcp://127.0.0.1:{free_port()}", "--key-file",
                           f"{suite.dir}/keys/intake.key", "--admin-key", suite.public("admin")])
    suite.wait_ready(name)


TESTS = (nothing_is_planned_at_first, what_lies_before_a_plan_was_known_is_left_alone,
         a_date_that_is_still_ahead_is_opened_though_its_case_should_be_there_already, each_date_opens_one_case_whoever_plans,
         restarts_and_changes_open_nothing_twice, what_falls_into_a_time_without_any_intake_is_opened_late,
         a_skipped_date_opens_nothing_and_is_shown, a_moved_date_is_opened_once_at_its_new_time,
         a_plan_that_is_taken_away_opens_nothing_and_comes_back_as_a_new_one, one_date_is_rescheduled_and_its_clocks_move,
         bad_plans_are_refused_with_what_is_allowed, a_report_without_a_date_is_refused_where_the_pack_needs_one,
         a_date_whose_case_is_refused_is_not_lost_by_a_restart,
         a_plan_whose_apply_was_the_last_that_an_intake_did_is_caught_up,
         an_intake_that_has_not_heard_of_the_newest_registry_settles_nothing,
         what_was_announced_is_what_follows_and_can_be_certified)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else None
    os.environ["TZ"] = "Asia/Shanghai"
    with Suite(build, migrate=("--clock-rate", "0", "--clock-from", START)) as suite:
        start(suite, "intake-2")
        return 1 if run_tests(TESTS, World(suite)) else 0


if __name__ == "__main__":
    sys.exit(main())
