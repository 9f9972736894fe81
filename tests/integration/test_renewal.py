#!/usr/bin/env python3
"""The life of a contract: notices of its end, the gap after it, reports in the gap, the contract that follows. A whole suite in stepped
time. Usage: test_renewal.py [BUILD_DIR]"""
import datetime
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

START = "2026-09-01T08:00:00+08:00"
END = "2027-01-01T00:00:00+08:00"
FOLLOWING = "2027-02-01T00:00:00+08:00"
DAY = 86400 * 1000000
CONTRACTS = f"""  first:
    customer: haihe-bank
    name: {{zh: 首期合同, en: First contract}}
    policy: storage-after-sales
    calendar: cn-office
    from: 2026-01-01T00:00:00+08:00
    until: {END}
    products: [storage]
    renewal: {{policy: renewal}}
    holders: {{pm: pm-north, director: director, sales: sales, service_manager: service-manager}}
    service_level: 1
"""
NEXT = f"""  second:   # renewed, after a month without
    customer: haihe-bank
    name: {{zh: 二期合同, en: Second contract}}
    policy: storage-project
    calendar: cn-office
    from: {FOLLOWING}
    until: 2028-02-01T00:00:00+08:00
    products: [storage]
    holders: {{pm: pm-north, director: director, vendor: vendor}}
    service_level: 5
"""


def us(time):
    return int(datetime.datetime.fromisoformat(time).timestamp()) * 1000000


def at(time_us):
    return datetime.datetime.fromtimestamp(time_us / 1000000, datetime.timezone(datetime.timedelta(hours=8))).isoformat()


def to(w, time):
    """Steps, and waits until intake and sla have looked at that time."""
    psql(w.suite.url, "-c", f"UPDATE journal.clock SET anchor_domain = greatest(anchor_domain, '{time}'::timestamptz) WHERE rate = 0")
    wait_for(f"intake is at {time}", lambda: query(w.suite.url, f"SELECT 1 FROM intake.planned WHERE at >= '{time}'::timestamptz"))
    wait_for(f"sla is at {time}", lambda: not query(w.suite.url, f"SELECT 1 FROM sla.case WHERE next_at <= '{time}'::timestamptz"))


def apply(w, text):
    """These contracts of the bank instead of the sample's."""
    path = f"{w.suite.dir}/registry/contracts.yaml"
    with open(path) as file:
        blocks = re.split(r"(?m)^(?=  [a-z])", file.read())
    others = [b for b in blocks if not re.match(r"  (haihe-|first|second)", b)]
    with open(path, "w") as out:
        out.write("".join(others) + text)
    return w.suite.callout("apply", "-f", f"{w.suite.dir}/registry", "--keys", f"{w.suite.dir}/keys", "--prune", "--yes", "--no-preview", key="admin")


def renewals(w):
    return [r[0] for r in query(w.suite.url, "SELECT key FROM intake.receipt WHERE source = 'callout' ORDER BY key")]


def report(w, key, **more):
    return w.submit(key=key, customer="haihe-bank", site="haihe-beijing", product="storage", traits=["crashed_again"], **more).number


def its_end_is_a_case_90_days_before(w):
    to(w, at(us(END) - 90 * DAY - 1000000))
    assert renewals(w) == [], renewals(w)
    to(w, at(us(END) - 90 * DAY))
    wait_for("the case of the end", lambda: renewals(w) == ["renewal/first/2026-12-31T16:00:00Z"])
    row = json.loads(w.suite.callout("plan", "list", "-o", "json"))[0]
    assert (row["kind"], row["key"], row["state"]) == ("renewal", "first", "opened"), row
    w.renewal = row["number"]
    view = w.wait(w.renewal, "it is open", lambda v: v.state == "open")
    assert (view.origin.kind, view.origin.key, view.policy.key) == ("renewal", "first", "renewal"), view
    clock = w.clock(view, "end_of_contract")
    assert clock.due_us == us(END) and clock.basis.kind == "dated", clock


def it_is_told_60_30_and_7_days_before(w):
    for i, days in enumerate((60, 30, 7)):
        to(w, at(us(END) - days * DAY))
        w.wait(w.renewal, f"told {days} days before", lambda v: w.clock(v, "end_of_contract").warned == i + 1)
    view = w.wait(w.renewal, "customer, pm and sales are told", lambda v: {"customer", "pm", "sales"} <=
                  {n.slot.split("/")[0] for n in v.notices if n.obligation.startswith("warned/")})
    assert w.clock(view, "end_of_contract").state == "running"


def a_case_that_is_open_at_the_end_keeps_its_promise(w):
    to(w, at(us(END) - 600 * 1000000))
    w.open = report(w, "before-the-end")
    before = w.wait(w.open, "it is open", lambda v: v.state == "open")
    to(w, at(us(END) + 60 * 1000000))
    after = w.view(w.open)
    assert (after.contract, after.policy.key, after.policy.since) == ("first", "storage-after-sales", before.policy.since), after
    running = [c for c in before.clocks if c.state == "running"]
    assert running
    for c in running:
        now = w.clock(after, c.milestone)
        assert (now.due_us, now.revision) == (c.due_us, c.revision), (c, now)
    view = w.wait(w.renewal, "the end is breached", lambda v: w.clock(v, "end_of_contract").state == "breached")
    w.wait(w.renewal, "the gap is told", lambda v: any(n.obligation.startswith("told/") or n.obligation.startswith("acted/") for n in v.notices))
    assert view.state == "open"


def in_the_gap_reports_are_held_for_the_project_manager(w):
    w.held = report(w, "in-the-gap")
    view = w.wait(w.held, "it is held", lambda v: v.state == "held")
    assert (view.held.reason, view.held.contract) == ("expired", "first"), view.held
    assert not view.clocks


def one_that_he_takes_on_is_served(w):
    assert w.client.command(w.held, "approve", role="ROLE_PM", person="pm-north").applied
    view = w.wait(w.held, "it is open", lambda v: v.state == "open" and v.clocks)
    assert (view.contract, view.entitled.why, view.policy.key) == ("first", "approved", "storage-after-sales"), view


def the_following_contract_serves_from_its_start_at_its_own_level(w):
    apply(w, CONTRACTS + NEXT)
    to(w, at(us(FOLLOWING) - 1000000))
    number = report(w, "still-in-the-gap")
    assert w.wait(number, "it is held", lambda v: v.state == "held").held.reason == "expired"
    to(w, FOLLOWING)
    number = report(w, "renewed")
    view = w.wait(number, "it is open", lambda v: v.state == "open")
    assert (view.contract, view.policy.key) == ("second", "storage-project"), view
    assert w.view(w.open).policy.key == "storage-after-sales"


def once_it_is_renewed_the_case_closes(w):
    w.client.command(w.renewal, "restored", role="ROLE_PM", person="pm-north")
    view = w.wait(w.renewal, "it is closed", lambda v: v.state == "closed")
    assert w.clock(view, "end_of_contract").late_us > 0
    assert renewals(w) == ["renewal/first/2026-12-31T16:00:00Z"], renewals(w)


def where_the_product_ends_before_there_is_nothing_to_renew(w):
    path = f"{w.suite.dir}/registry/products.yaml"
    with open(path) as file:
        text = file.read()
    old = "  storage: {name: {zh: 存储阵列, en: Storage array}}"
    assert old in text
    with open(path, "w") as out:
        out.write(text.replace(old, "  storage: {name: {zh: 存储阵列, en: Storage array}, until: 2027-12-01T00:00:00+08:00}"))
    apply(w, CONTRACTS + NEXT.rstrip("\n").replace("    service_level: 5", "    service_level: 5\n    renewal: {policy: renewal, lead: 120d}\n"))
    to(w, "2028-01-15T00:00:00+08:00")
    assert renewals(w) == ["renewal/first/2026-12-31T16:00:00Z"], renewals(w)
    out = w.suite.callout("plan", "list")
    assert "no product of it is supported longer" in out, out


TESTS = (its_end_is_a_case_90_days_before, it_is_told_60_30_and_7_days_before, a_case_that_is_open_at_the_end_keeps_its_promise,
         in_the_gap_reports_are_held_for_the_project_manager, one_that_he_takes_on_is_served,
         the_following_contract_serves_from_its_start_at_its_own_level, once_it_is_renewed_the_case_closes,
         where_the_product_ends_before_there_is_nothing_to_renew)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else None
    os.environ["TZ"] = "Asia/Shanghai"
    with Suite(build, migrate=("--clock-rate", "0", "--clock-from", START)) as suite:
        world = World(suite)
        apply(world, CONTRACTS)
        return 1 if run_tests(TESTS, world) else 0


if __name__ == "__main__":
    sys.exit(main())
