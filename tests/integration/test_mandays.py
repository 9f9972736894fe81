#!/usr/bin/python3
"""Man-days through the real daemons: reserved for a visit, used when the case is closed, never below zero but by a named overdraft, and
books that balance when fifty cases settle at the same time with two dispatch processes.

Usage: test_mandays.py BUILD_DIR
"""
import concurrent.futures
import csv
import io
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite  # noqa: E402
from world import World, run_tests  # noqa: E402

TESTS = []
CASES = 50

REGISTRY = """customers:
  bank: {name: {zh: 银行, en: Bank}}
sites:
  hall: {customer: bank, name: {zh: 机房, en: Hall}, address: somewhere, contact: ops, position: {lat: 30.1, lon: 114.1}}
offices:
  home: {name: {zh: 办公室, en: Office}, position: {lat: 30.0, lon: 114.0}}
persons:
  pm: {name: pm, language: en, email: pm@example.com}
  ops: {name: ops, language: en, email: ops@example.com}
  mate: {name: mate, language: en, email: mate@example.com}
  desk: {name: desk, language: en, email: desk@example.com}
engineers:
  mate: {office: home, skill: 3}
desks: {desk: {holders: {desk: desk}}}
channels:
  mail: {kind: smtp, url: 'smtp://127.0.0.1:@SMTP@', from: callout@example.com}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
contracts:
  bank-1: {customer: bank, name: {zh: 专家, en: Experts}, policy: experts, calendar: plant, sites: [hall], holders: {pm: pm},
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00,
      man_days: {unit_minutes: 60, low_minutes: 600, visit_minutes: 120},
      lots: [{key: early, kind: work, minutes: @EARLY@, until: 2039-01-01T00:00:00+08:00}, {key: late, kind: work, minutes: 480}]}
  bank-2: {customer: bank, name: {zh: 结算, en: Settled}, policy: experts, calendar: plant, sites: [hall],
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00,
      lots: [{key: many, kind: work, minutes: 1500}]}
  bank-3: {customer: bank, name: {zh: 无, en: None}, policy: experts, calendar: plant, sites: [hall],
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
"""
PACK = """policy:
  name: experts
  title: {zh: 专家, en: Experts}
  source: made up for a test
  man_days: work
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  signers: [customer]
  milestones:
    - {name: arrival, title: {zh: 到达, en: Arrival}, start: [onsite_requested], stop: [arrived], is_arrival: true, targets: {1: 8h}}
  dispatch: {offer: 10m, offer_min: 1m, offers: 3, speed_kmh: 60}
  notices:
    - on: offered
      roles: [engineer]
      subject: {zh: '{number}', en: '{number}: please go'}
      body: {zh: '{title}', en: '{title}'}
    - on: lot_low
      roles: [pm]
      subject: {zh: '{number} {left} {missing}', en: '{number}: {left} left, missing {missing}.'}
      body: {zh: '{title}', en: '{title}'}
"""
CALENDAR = """calendar: plant
zone: Asia/Shanghai
utc_offset: "+08:00"
week: {mon: ["09:00-18:00"], tue: ["09:00-18:00"], wed: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["09:00-18:00"]}
"""


def test(function):
    TESTS.append(function)
    return function


def apply(suite, early=480, change=lambda text: text):
    directory = f"{suite.dir}/own"
    os.makedirs(directory, exist_ok=True)
    registry = change(REGISTRY.replace("@SMTP@", str(suite.ports["smtp"])).replace("@EARLY@", str(early)))
    for name, text in (("registry", registry), ("pack", PACK), ("plant", CALENDAR)):
        with open(f"{directory}/{name}.yaml", "w") as file:
            file.write(text)
    return suite.callout("apply", "-f", directory, "--keys", f"{suite.dir}/keys", "--yes", key="admin", check=False)


def act(w, number, *words, ok=True):
    done = w.suite.callout("act", number, *words, check=False)
    assert (done.returncode == 0) == ok, (words, done)
    return done.stdout + done.stderr


def opened(w, contract="bank-1"):
    number = w.submit(customer="bank", site="hall", contract=contract, title="Slow").number
    return w.wait(number, "open", lambda v: v.state == "open").number


def worked(w, number, time, **more):
    return act(w, number, "worked", f"--time={time}", "--as", "engineer", "--by", "mate", **more)


def lots(w, contract="bank-1"):
    said = json.loads(w.suite.callout("lot", "show", contract, "-o", "json"))
    return {lot["lot"]: lot for lot in said["lots"]}, said["postings"]


def posted(w, number, kind, lot, minutes):
    return w.wait(number, f"{kind} {minutes} of {lot}",
                  lambda v: any(p.kind == kind and p.lot == lot and p.minutes == minutes for p in v.postings))


@test
def apply_finds_what_is_wrong_with_lots(w):
    for wrong, right, said in (("key: late, kind: work, minutes: 480", "key: early, kind: work, minutes: 480", "is a lot of this contract already"),
                               ("kind: work, minutes: 480}", "kind: work}", "a lot has minutes"),
                               ("until: 2039-01-01T00:00:00+08:00}", "until: 2019-01-01T00:00:00+08:00}", "ends before it begins"),
                               ("kind: work, minutes: 480}", "kind: work, minutes: 480, overdraft_minutes: 9}", "overdraft_by"),
                               ("unit_minutes: 60", "unit_minutes: 6000", "out of range")):
        done = apply(w.suite, change=lambda text, wrong=wrong, right=right: text.replace(wrong, right))
        assert done.returncode != 0 and said in done.stdout + done.stderr, (right, done)
    assert apply(w.suite).returncode == 0


@test
def before_anything_was_taken_the_statement_says_what_was_bought(w):
    balance, postings = lots(w)
    assert balance["early"]["free_minutes"] == 480 and balance["late"]["state"] == "" and postings == [], balance
    listed = w.suite.callout("lot", "list")
    assert "bank-1" in listed and "bank-2" in listed and "bank-3" not in listed, listed
    assert "this contract has no man-days" in w.suite.callout("lot", "show", "bank-3")
    done = w.suite.callout("lot", "show", "bank-x", check=False)
    assert done.returncode != 0 and "did you mean 'bank-" in done.stderr, done


@test
def a_visit_reserves_and_the_signature_settles(w):
    number = opened(w)
    act(w, number, "onsite_requested", "--as", "customer")
    w.wait(number, "offered", lambda v: v.order.state == "offered")
    act(w, number, "accept", "--as", "engineer", "--by", "mate")
    posted(w, number, "reserve", "early", 120)
    act(w, number, "arrived", "--as", "engineer", "--by", "mate")
    worked(w, number, "2h10m")
    view = posted(w, number, "reserve", "early", 60)
    assert view.missing_minutes == 0, view
    shown = w.suite.callout("show", number)
    assert "Man-days" in shown and "3 h" in shown, shown
    act(w, number, "contacted", "--as", "engineer")
    act(w, number, "restored", "--as", "engineer", "--by", "mate")
    act(w, number, "sign", "--as", "customer", "--by", "ops")
    posted(w, number, "settle", "early", 180)
    balance, postings = lots(w)
    assert [balance["early"][f"{k}_minutes"] for k in ("bought", "free", "reserved", "used")] == [480, 300, 0, 180], balance
    assert [(p["posting"], p["kind"], p["minutes"], p["why"]) for p in postings if p["lot"] == "early"] == [
        (1, "buy", 480, "bought"), (2, "reserve", 120, "visit"), (3, "reserve", 60, "worked"), (4, "settle", 180, "closed")], postings
    rows = [r for r in csv.DictReader(io.StringIO(w.suite.callout("lot", "show", "bank-1", "--csv"))) if r["lot"] == "early"]
    assert [r["to"] for r in rows] == ["free", "reserved", "reserved", "used"] and rows[1]["case"] == number, rows
    table = w.suite.callout("lot", "show", "bank-1")
    assert "5 h" in table and "0.6" in table and number in table, table   # 300 minutes of days of 480
    assert "nothing was posted in this time" in w.suite.callout("lot", "show", "bank-1", "--until", "2020-01-01T00:00:00Z")
    worked(w, number, "-1h30m")   # reported after the end: corrected
    posted(w, number, "release", "early", 120)


@test
def low_and_missing_are_told_and_a_top_up_covers(w):
    number = opened(w)
    worked(w, number, "8h")
    posted(w, number, "reserve", "early", 420)
    view = posted(w, number, "reserve", "late", 60)
    wanted = {("lot_low/1", "pm")}
    w.wait(number, "told", lambda v: wanted <= {(n.obligation, n.person) for n in v.notices})
    worked(w, number, "8h")
    view = w.wait(number, "missing", lambda v: v.missing_minutes == 60)
    assert "missing: 1 h" in w.suite.callout("show", number)
    assert "1..60000" in act(w, number, "allow_overdraft", "--name", "late", "--time=-1h", "--as", "pm", "--by", "pm", ok=False)
    assert "no lot of that key" in act(w, number, "allow_overdraft", "--name", "x", "--time", "1h", "--as", "pm", "--by", "pm", ok=False)
    assert apply(w.suite, early=540).returncode == 0
    view = w.wait(number, "covered", lambda v: v.missing_minutes == 0)
    assert view.postings[-1].why == "covered" and view.postings[-1].lot == "early", view.postings
    worked(w, number, "1h")
    w.wait(number, "missing", lambda v: v.missing_minutes == 60)
    act(w, number, "allow_overdraft", "--name", "late", "--time", "2h", "--as", "pm", "--by", "pm")
    w.wait(number, "covered by an overdraft", lambda v: v.missing_minutes == 0)
    balance, _ = lots(w)
    assert balance["late"]["free_minutes"] == -60, balance
    act(w, number, "worked", "--time", "2d", "--as", "engineer", "--by", "mate", ok=False)
    assert "takes back" in worked(w, number, "-100h", ok=False)


@test
def what_a_case_took_is_moved_to_another_lot(w):
    number = opened(w)
    assert apply(w.suite, early=1200).returncode == 0
    worked(w, number, "1h")
    posted(w, number, "reserve", "early", 60)
    assert apply(w.suite, early=1200, change=lambda text: text.replace("minutes: 480}]}", "minutes: 960}]}")).returncode == 0
    act(w, number, "deduct_from", "--name", "late", "--as", "pm", "--by", "pm")
    view = posted(w, number, "reserve", "late", 60)
    assert [p.kind for p in view.postings][-2:] == ["release", "reserve"], view.postings
    assert "no lot of that key" in act(w, number, "deduct_from", "--name", "many", "--as", "pm", "--by", "pm", ok=False)
    assert "allowed" in act(w, number, "deduct_from", "--name", "late", "--as", "engineer", "--by", "mate", ok=False)


@test
def a_contract_without_lots_takes_none(w):
    number = opened(w, "bank-3")
    worked(w, number, "1h")
    view = w.wait(number, "applied", lambda v: any(h.outcome == "applied" and h.name == "" for h in v.history))
    assert not view.postings and view.missing_minutes == 0, view


@test
def fifty_cases_settle_at_the_same_time_and_the_books_balance(w):
    w.suite.start("dispatch-2", "dispatch")
    w.suite.wait_ready("dispatch-2")
    numbers = [opened(w, "bank-2") for _ in range(CASES)]
    def one(number):
        worked(w, number, "45m")
        for words in (("contacted", "--as", "engineer"), ("restored", "--as", "engineer", "--by", "mate"), ("sign", "--as", "customer", "--by", "ops")):
            act(w, number, *words)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(one, numbers))
    for number in numbers:
        w.wait(number, "settled", lambda v: v.state == "closed" and
               sum(p.minutes for p in v.postings if p.kind == "settle") + v.missing_minutes == 60)
    balance, postings = lots(w, "bank-2")
    many = balance["many"]
    assert [many[f"{k}_minutes"] for k in ("bought", "free", "reserved", "used", "expired")] == [1500, 0, 0, 1500, 0], many
    assert [p["posting"] for p in postings] == list(range(1, len(postings) + 1)), "the numbers have a gap"
    taken = {}
    for p in postings:
        if p["kind"] == "settle":
            taken[p["number"]] = taken.get(p["number"], 0) + p["minutes"]
    assert sum(taken.values()) == 1500 and all(minutes <= 60 for minutes in taken.values()), taken
    missing = sum(w.view(number).missing_minutes for number in numbers)
    assert missing == CASES * 60 - 1500, missing
    wrong = query(w.suite.database.url, """SELECT l.contract, l.lot FROM dispatch.lot AS l LEFT JOIN dispatch.posting AS p USING (contract, lot)
        GROUP BY l.contract, l.lot
        HAVING count(p.posting) <> l.postings OR coalesce(sum(CASE WHEN p.to_account = 'used' THEN p.minutes
            WHEN p.from_account = 'used' THEN -p.minutes END), 0) <> l.used OR coalesce(sum(CASE WHEN p.to_account = 'free' THEN p.minutes
            WHEN p.from_account = 'free' THEN -p.minutes END), 0) <> l.free""")
    assert not wrong, wrong


def main():
    with Suite(sys.argv[1], migrate=("--lanes", "4"), registry=()) as suite:
        done = apply(suite)
        assert done.returncode == 0, done
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
