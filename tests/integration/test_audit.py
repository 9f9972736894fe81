"""What computes the stored history anew: callout audit refold, simulate, report, over cases that real daemons made.

    test_audit.py BUILD
"""
import json
import os
import random
import re
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
from database import ROOT, psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402

MINUTE = 60 * 1000000
HOUR = 60 * MINUTE
CASES = 120
SITES = [("haihe-bank", "haihe-beijing"), ("haihe-bank", "haihe-langfang"), ("dongjiang-telecom", "dongjiang-dongguan")]
FACTS = ["case_accepted", "contacted", "expert_joined", "process_started", "vendor_joined", "onsite_requested", "underway", "arrived",
         "investigated", "waiting_customer", "customer_answered", "hardware_fault", "hardware_ready", "restored", "relapsed"]
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(suite, *words, code=0):
    done = suite.callout(*words, check=False)
    assert done.returncode == code, f"callout {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def refold(suite, code=0):
    return json.loads(run(suite, "audit", "refold", "-o", "json", code=code))


def number_of(report):
    return int(report.get("difference_count", 0))


def settled(suite):
    """Nothing is left for sla: its cursors have reached the last entry that it reads."""
    rows = query(suite.url, """SELECT count(*) FROM journal.entry e JOIN journal.cursor c ON c.lane = e.lane AND c.service = 'sla'
        WHERE e.seq > c.seq AND c.kinds >> e.kind & 1 = 1""")
    return rows == [["0"]]


def make_history(suite):
    """Cases in all states: late and out-of-order facts, conditions, severities set, held ones, closed and cancelled ones."""
    import callout
    keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
    client = callout.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])
    rng = random.Random(20260301)
    for i in range(CASES):
        reported = int(time.time() * 1e6) - rng.randrange(0, 72 * 60) * MINUTE
        customer, site = rng.choice(SITES)
        if i % 20 == 19:
            site += "-nowhere"
        number = client.submit(customer=customer, site=site, product="storage", title="array down", stated_severity=rng.randrange(1, 5),
                               occurred_us=reported, onsite=rng.random() < 0.3, key=f"h{i}").number
        said = [dict(act=act, occurred_us=reported + rng.randrange(-10, 40 * 60) * MINUTE)
                for act in rng.sample(FACTS, rng.randrange(0, 10))]
        if rng.random() < 0.3:
            said.append(dict(act="condition_set", name="key_business_down", occurred_us=reported + rng.randrange(0, 90) * MINUTE))
        if rng.random() < 0.2:
            said.append(dict(act="set_severity", severity=rng.randrange(1, 5)))
        if i % 20 == 19 and rng.random() < 0.5:
            said.insert(0, dict(act="approve"))
        if rng.random() < 0.3:
            said += [dict(act="restored"), dict(act="sign", role="ROLE_CUSTOMER"), dict(act="sign", role="ROLE_PM")]
        elif rng.random() < 0.1:
            said.append(dict(act="cancel"))
        now = int(time.time() * 1e6)
        for words in said:
            words["occurred_us"] = min(words.get("occurred_us", now), now)
            try:
                client.command(number, words.pop("act"), **words)
            except callout.Refused:
                pass
    wait_for("sla has read everything", lambda: settled(suite))


@test
def an_empty_database_has_no_difference_and_nothing_to_show(suite):
    assert "0 cases folded anew" in run(suite, "audit", "refold")


@test
def a_history_that_real_daemons_made_folds_to_what_they_announced(suite):
    make_history(suite)
    report = refold(suite)
    assert number_of(report) == 0 and int(report["cases"]) == CASES and int(report["outputs"]) > 5 * CASES, report
    assert int(report.get("unreadable", 0)) == 0, report


@test
def one_connection_finds_the_same_as_many(suite):
    assert "0 differences" in run(suite, "audit", "refold", "--jobs", "1")


def damaged(suite, damage, repair):
    """What refold finds while a damage is there."""
    psql(suite.url, "-c", damage)
    try:
        return refold(suite, code=1)["differences"]
    finally:
        psql(suite.url, "-c", repair)


@test
def an_entry_that_is_not_there_any_more_is_found_and_named(suite):
    lane, case_id, seq = query(suite.url, "SELECT lane, case_id, seq FROM journal.entry WHERE kind = 24 ORDER BY lane, seq LIMIT 1")[0]
    where = f"lane = {lane} AND seq = {seq}"
    found = damaged(suite, f"CREATE TABLE public.kept AS SELECT * FROM journal.entry WHERE {where}; DELETE FROM journal.entry WHERE {where}",
                    "INSERT INTO journal.entry SELECT * FROM public.kept; DROP TABLE public.kept")
    assert len(found) == 1 and found[0]["what"] == "missing" and "breached" in found[0]["computed"], found
    assert number_of(refold(suite)) == 0


@test
def an_entry_whose_content_was_changed_is_found(suite):
    lane, seq = query(suite.url, "SELECT lane, seq FROM journal.entry WHERE kind = 22 ORDER BY lane, seq LIMIT 1")[0]
    where = f"lane = {lane} AND seq = {seq}"
    other = f"(SELECT body FROM journal.entry WHERE kind = 22 AND lane = {lane} AND seq > {seq} ORDER BY seq DESC LIMIT 1)"
    found = damaged(suite, f"CREATE TABLE public.kept AS SELECT * FROM journal.entry WHERE {where}; UPDATE journal.entry SET body = {other} WHERE {where}",
                    f"UPDATE journal.entry SET body = (SELECT body FROM public.kept) WHERE {where}; DROP TABLE public.kept")
    assert found and {f["what"] for f in found} <= {"missing", "moved", "announced", "row"}, found
    assert number_of(refold(suite)) == 0


@test
def an_entry_that_is_no_event_is_found_and_the_other_cases_are_compared(suite):
    lane, seq = query(suite.url, "SELECT lane, seq FROM journal.entry WHERE kind = 22 ORDER BY lane, seq LIMIT 1")[0]
    where = f"lane = {lane} AND seq = {seq}"
    found = damaged(suite, f"CREATE TABLE public.kept AS SELECT * FROM journal.entry WHERE {where}; UPDATE journal.entry SET body = '\\xffff' WHERE {where}",
                    f"UPDATE journal.entry SET body = (SELECT body FROM public.kept) WHERE {where}; DROP TABLE public.kept")
    assert [f["what"] for f in found] == ["unreadable"], found


@test
def a_state_row_that_says_something_else_is_found(suite):
    lane, case_id = query(suite.url, "SELECT lane, case_id FROM sla.case WHERE state = 'open' AND next_at IS NOT NULL ORDER BY case_id LIMIT 1")[0]
    where = f"lane = {lane} AND case_id = {case_id}"
    for damage, words in (("severity = severity % 4 + 1", "severity"), ("state = 'closed'", "closed"),
                          ("next_at = NULL", "looked at again"), ("body = '\\xff'", "cannot be read"),
                          ("body = substring(body FROM 1 FOR 0)", "not the same")):
        found = damaged(suite, f"CREATE TABLE public.kept AS SELECT * FROM sla.case WHERE {where}; UPDATE sla.case SET {damage} WHERE {where}",
                        f"UPDATE sla.case SET (severity, state, next_at, body) = (SELECT severity, state, next_at, body FROM public.kept) "
                        f"WHERE {where}; DROP TABLE public.kept")
        assert any(words in f["detail"] for f in found), (damage, found)
    assert number_of(refold(suite)) == 0


@test
def a_row_that_is_looked_at_earlier_than_it_must_be_is_no_difference(suite):
    """A sweep wakes cases up."""
    suite.kill("sla")
    lane, case_id = query(suite.url, "SELECT lane, case_id FROM sla.case WHERE state = 'open' ORDER BY case_id LIMIT 1")[0]
    psql(suite.url, "-c", f"UPDATE sla.case SET next_at = '2001-01-01' WHERE lane = {lane} AND case_id = {case_id}")
    report = refold(suite)
    assert number_of(report) == 0 and int(report["behind"]) >= 1, report
    suite.start("sla")
    suite.wait_ready("sla")


@test
def a_row_that_was_lost_is_found(suite):
    lane, case_id = query(suite.url, "SELECT lane, case_id FROM sla.case WHERE state = 'closed' ORDER BY case_id LIMIT 1")[0]
    where = f"lane = {lane} AND case_id = {case_id}"
    found = damaged(suite, f"CREATE TABLE public.kept AS SELECT * FROM sla.case WHERE {where}; DELETE FROM sla.case WHERE {where}",
                    "INSERT INTO sla.case SELECT * FROM public.kept; DROP TABLE public.kept")
    assert len(found) == 1 and "no row" in found[0]["detail"], found


@test
def a_daemon_that_lags_is_behind_and_not_different(suite):
    suite.kill("sla")
    number = suite.callout("submit", "--customer", "haihe-bank", "--site", "haihe-beijing", "--title", "late").split()[0]
    report = refold(suite)
    assert number_of(report) == 0 and int(report["behind"]) >= 1, report
    suite.start("sla")
    wait_for("the case is open", lambda: suite.case(number).get("state") == "open")
    assert number_of(refold(suite)) == 0


def simulate(suite, *words):
    return json.loads(run(suite, "simulate", *words, "-o", "json"))


def draft_of(suite, response=None, **changes):
    """A file of the sample's pack; `response` takes the place of the targets of its first promise."""
    text = open(f"{ROOT}/policies/storage-after-sales.yaml").read()
    if response:
        text, n = re.subn(r"(- name: response\n(?:.*\n)*?\s+targets: )\{[^}]*\}", rf"\g<1>{response}", text, count=1)
        assert n == 1
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    open(f"{suite.dir}/draft.yaml", "w").write(text)
    return f"{suite.dir}/draft.yaml"


SHORTER, LONGER = "{1: 1m, 2: 1m, 3: 1m, 4: 1m}", "{1: 90d, 2: 90d, 3: 90d, 4: 90d}"


@test
def a_draft_that_says_the_same_changes_nothing(suite):
    report = simulate(suite, "--policy", draft_of(suite))
    total = report["total"]
    assert int(report["cases"]) == int(report["touched"]) > CASES / 2 and total["recorded"] == total["draft"], total
    assert not int(total.get("newly_missed", 0)) and not int(total.get("newly_met", 0)), total


@test
def a_shorter_promise_is_missed_newly_and_a_longer_one_met_newly(suite):
    kept = simulate(suite, "--policy", draft_of(suite))["total"]["recorded"]
    shorter = simulate(suite, "--policy", draft_of(suite, SHORTER))["total"]
    longer = simulate(suite, "--policy", draft_of(suite, LONGER))["total"]
    assert shorter["recorded"] == longer["recorded"] == kept
    assert int(shorter["newly_missed"]) > 0 and int(shorter["draft"]["missed"]) > int(kept["missed"]), shorter
    assert int(longer["newly_met"]) > 0 and int(longer["draft"]["missed"]) < int(kept["missed"]), longer


@test
def the_rows_of_a_simulation_add_up_and_a_window_of_time_takes_a_part(suite):
    draft = draft_of(suite, SHORTER)
    whole = simulate(suite, "--policy", draft)
    assert sum(int(r["cases"]) for r in whole["rows"]) == int(whole["cases"]) == int(whole["total"]["cases"])
    part = [int(simulate(suite, "--policy", draft, *words).get("cases", 0)) for words in (("--to", "-36h"), ("--from", "-36h"))]
    assert all(part), part
    nothing = run(suite, "simulate", "--policy", draft, "--from", "2020-01-01", "--to", "2020-02-01")
    assert nothing.startswith("0 cases folded"), nothing


@test
def a_draft_of_a_calendar_takes_the_place_of_the_one_of_its_key(suite):
    report = simulate(suite, "--calendar", f"{ROOT}/calendars/cn-office.yaml", "--calendar", f"{ROOT}/calendars/cn-holidays.yaml")
    assert int(report["touched"]) == int(report["cases"]) and report["total"]["recorded"] == report["total"]["draft"], report


@test
def a_draft_that_is_wrong_is_refused_with_file_and_line(suite):
    for wrong in (dict(milestones="milestonez"), dict(response="{1: 1m, 77: 1m}")):
        done = suite.callout("simulate", "--policy", draft_of(suite, **wrong), check=False)
        assert done.returncode == 3 and "draft.yaml:" in done.stderr and "nothing was computed" in done.stderr, done
    done = suite.callout("simulate", "--policy", f"{suite.dir}/registry/sites.yaml", check=False)
    assert done.returncode != 0 and not done.stdout, done
    done = suite.callout("simulate", "--policy", f"{suite.dir}/nowhere.yaml", check=False)
    assert done.returncode == 4, done


HOLDERS = ["held", "queue", "remote", "expert", "travel", "onsite", "customer", "vendor", "closed", "excluded"]


def parts_of(row):
    assert [p["holder"] for p in row["parts"]] == HOLDERS, row
    return {p["holder"]: int(p.get("length_us", 0)) for p in row["parts"]}


@test
def the_hands_that_a_case_was_in_add_up_to_its_elapsed_time(suite):
    report = json.loads(run(suite, "report", "-o", "json"))
    for row in report["rows"] + [report["total"]]:
        assert sum(parts_of(row).values()) == int(row["elapsed_us"]), row
    assert sum(int(r["cases"]) for r in report["rows"]) == int(report["total"]["cases"]) > CASES, report["total"]
    whole = parts_of(report["total"])
    assert all(whole[h] > 0 for h in ("held", "queue", "remote", "onsite", "customer", "vendor")), whole


@test
def sums_can_be_made_by_other_things_and_of_a_part_of_the_time(suite):
    for by in ("contract", "severity", "month", "customer,site", "contract,severity,month"):
        report = json.loads(run(suite, "report", "--by", by, "-o", "json"))
        keys = [tuple(r["keys"]) for r in report["rows"]]
        assert report["by"] == by.split(",") and len(set(keys)) == len(keys) and keys == sorted(keys), keys
    late = json.loads(run(suite, "report", "--from", "-36h", "-o", "json"))["total"]["cases"]
    early = json.loads(run(suite, "report", "--to", "-36h", "-o", "json"))["total"]["cases"]
    assert int(late) > 0 and int(early) > 0
    assert run(suite, "report", "--from", "2001-01-01", "--to", "2001-02-01") == ""
    run(suite, "report", "--by", "weather", code=2)


@test
def the_csv_has_a_header_that_does_not_change_and_a_line_for_each_row(suite):
    lines = run(suite, "report", "--csv").splitlines()
    assert lines[0] == "contract,month,cases,elapsed_us," + ",".join(h + "_us" for h in HOLDERS), lines[0]
    for line in lines[1:]:
        fields = line.split(",")
        assert len(fields) == 14 and int(fields[3]) == sum(map(int, fields[4:])), line
    assert run(suite, "report", "--csv", "--from", "2001-01-01", "--to", "2001-02-01").splitlines() == lines[:1]


@test
def one_case_is_shown_stretch_by_stretch(suite):
    said = json.loads(suite.callout("show", suite.callout("submit", "--customer", "haihe-bank", "--site", "haihe-beijing", "--title", "x").split()[0], "-o", "json"))
    number = said["number"]
    for act in ("contacted", "underway", "arrived", "restored"):
        suite.callout("act", number, act)
    row = json.loads(run(suite, "report", number, "-o", "json"))["rows"][0]
    spans = [s["holder"] for s in row["spans"]]
    assert row["number"] == number and spans == ["queue", "remote", "travel", "onsite", "customer"], row
    for before, after in zip(row["spans"], row["spans"][1:]):
        assert before["until_us"] == after["from_us"], row
    assert sum(parts_of(row).values()) == int(row["elapsed_us"]) == int(row["spans"][-1]["until_us"]) - int(row["spans"][0]["from_us"])
    out = run(suite, "report", number)
    assert out.startswith(number) and "100.0 %" not in out, out
    run(suite, "report", "C-180D", code=4)
    run(suite, "report", "C-180E", code=2)


@test
def nothing_of_this_writes(suite):
    """A role that may only read is enough."""
    psql(suite.url, "-c", "CREATE ROLE callout_test_reader NOLOGIN; GRANT USAGE ON SCHEMA journal, registry, sla TO callout_test_reader; "
         "GRANT SELECT ON ALL TABLES IN SCHEMA journal, registry, sla TO callout_test_reader")
    url = suite.url + ("&" if "?" in suite.url else "?") + "options=-c%20role%3Dcallout_test_reader"
    try:
        run(suite, "audit", "refold", "--database-url", url)
        run(suite, "simulate", "--policy", draft_of(suite, SHORTER), "--database-url", url)
        run(suite, "report", "--database-url", url)
    finally:
        psql(suite.url, "-c", "DROP OWNED BY callout_test_reader; DROP ROLE callout_test_reader")


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
