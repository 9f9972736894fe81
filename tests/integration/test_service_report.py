#!/usr/bin/python3
"""The monthly report of a contract over the real daemons: promises met and missed and why, exclusions honoured, penalties up to the cap,
man-days, satisfaction; as tables, JSON, CSV and a page, which agree. A whole suite in stepped time. Usage: test_service_report.py [BUILD_DIR]"""
import csv
import datetime
import html.parser
import io
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import HOUR, MINUTE, World, run_tests  # noqa: E402

TESTS = []
START = "2026-11-20T12:00:00+08:00"
HOSTILE = """<script>alert("x")</script> & 'mine', "yours\""""

REGISTRY = """customers:
  bank: {name: {zh: 银行, en: Bank & Sons}}
  shop: {name: {zh: 商店, en: Shop}}
sites:
  hall: {customer: bank, name: {zh: 机房, en: Hall}, address: somewhere, contact: ops, regions: [coast], position: {lat: 30.1, lon: 114.1}}
  room: {customer: shop, name: {zh: 房间, en: Room}, address: elsewhere, contact: ops, position: {lat: 30.1, lon: 114.1}}
offices:
  home: {name: {zh: 办公室, en: Office}, position: {lat: 30.0, lon: 114.0}}
persons:
  pm: {name: pm, language: en, email: pm@example.com}
  ops: {name: ops, language: en, email: ops@example.com}
  mate: {name: mate, language: en, email: mate@example.com}
engineers:
  mate: {office: home, skill: 3}
channels:
  mail: {kind: smtp, url: 'smtp://127.0.0.1:@SMTP@', from: callout@example.com}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
exclusions:
  storm: {title: {zh: 台风, en: Typhoon}, cause: storm, regions: [coast], from: 2026-11-02T14:00:00+08:00, until: 2026-11-02T16:00:00+08:00}
  far: {title: {zh: 远方台风, en: Far typhoon}, cause: storm, regions: [inland], from: 2026-11-02T13:00:00+08:00, until: 2026-11-04T16:00:00+08:00}
contracts:
  bank-1: {customer: bank, name: {zh: 维护, en: Care}, policy: care, calendar: plant, holders: {pm: pm},
      from: 2026-08-10T00:00:00+08:00, until: 2029-01-01T00:00:00+08:00,
      price: {currency: CNY, cents: 1000000},
      liability: {penalties: [{milestone: fix, per_case_cents: @CASE@, per_hour_cents: 10000, grace: 30m}, {milestone: response, per_hour_cents: 1000}],
                  cap_cents: @CAP@, excluded: [storm]},
      man_days: {unit_minutes: 60},
      lots: [{key: days, title: {zh: 人天, en: Days}, kind: work, minutes: 960}]}
  shop-1: {customer: shop, name: {zh: 商店, en: Shop}, policy: care, calendar: plant, holders: {pm: pm},
      from: 2026-08-10T00:00:00+08:00, until: 2029-01-01T00:00:00+08:00}
"""
PACK = """policy:
  name: care
  title: {zh: 维护, en: Care}
  source: made up for a test
  man_days: work
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  signers: [customer]
  milestones:
    - {name: response, title: {zh: 响应, en: Response}, start: [entitled], stop: [contacted], targets: {1: 1h}}
    - {name: fix, title: {zh: 修复, en: Repair}, start: [entitled], stop: [restored], targets: {1: 4h}}
"""
OTHER = """policy:
  name: other
  title: {zh: 其他, en: Other}
  source: made up for a test; knows the cause that the contract excludes
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  signers: [customer]
  milestones:
    - {name: response, title: {zh: 响应, en: Response}, start: [entitled], stop: [contacted], targets: {1: 1h}}
  excluded:
    storm: {zh: 台风, en: Storm}
"""
CALENDAR = """calendar: plant
zone: Asia/Shanghai
utc_offset: "+08:00"
week: {mon: ["09:00-18:00"], tue: ["09:00-18:00"], wed: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["09:00-18:00"]}
"""


def test(function):
    TESTS.append(function)
    return function


def us(time):
    return int(datetime.datetime.fromisoformat(f"{time}+08:00").timestamp()) * 1000000


def apply(suite, case=5000, cap=60000, change=lambda text: text, check=True):
    directory = f"{suite.dir}/own"
    os.makedirs(directory, exist_ok=True)
    registry = change(REGISTRY.replace("@SMTP@", str(suite.ports["smtp"])).replace("@CASE@", str(case)).replace("@CAP@", str(cap)))
    for name, text in (("registry", registry), ("pack", PACK), ("other", OTHER), ("plant", CALENDAR)):
        with open(f"{directory}/{name}.yaml", "w") as file:
            file.write(text)
    return suite.callout("apply", "-f", directory, "--keys", f"{suite.dir}/keys", "--yes", key="admin", check=check)


def to(w, time):
    """Steps, and waits until intake and sla know of it."""
    psql(w.suite.url, "-c", f"UPDATE journal.clock SET anchor_domain = greatest(anchor_domain, '{time}'::timestamptz) WHERE rate = 0")
    now = lambda: w.client.call(2000, ping=w.client_module.M["Ping"]()).pong.now_us
    wait_for(f"intake is at {time}", lambda: now() >= us(time[:19]))
    wait_for(f"sla is at {time}", lambda: not query(w.suite.url, f"SELECT 1 FROM sla.case WHERE next_at <= '{time}'::timestamptz"))


def opened(w, time, **ticket):
    number = w.submit(customer="bank", site="hall", occurred_us=us(time), **ticket).number
    return w.wait(number, "open", lambda v: v.state == "open").number


def act(w, number, act_name, time, **more):
    assert w.client.command(number, act_name, occurred_us=us(time), person="mate", **{"role": "ROLE_ENGINEER", **more}).applied, act_name


def closed(w, number, time):
    act(w, number, "sign", time, role="ROLE_CUSTOMER")
    w.wait(number, "closed", lambda v: v.state == "closed")


def run(w, *words, contract="bank-1", code=0):
    done = w.suite.callout("report", "service", contract, *words, check=False)
    assert done.returncode == code, (words, done)
    return done.stdout if code == 0 else done.stderr


def said(w, *words, **more):
    return json.loads(run(w, *words, "-o", "json", **more))


def late(report):
    return {(c["number"], p["milestone"]): p for c in report["cases"] for p in c["promises"] if p["state"] in ("missed", "overdue")}


@test
def apply_finds_what_is_wrong_with_the_liability(w):
    for wrong, right, text in (("milestone: fix", "milestone: fx", "did you mean"), ("currency: CNY", "currency: Yuan", "is no currency"),
                               ("excluded: [storm]", "excluded: [strom]", "did you mean"), ("      price: {currency: CNY, cents: 1000000},\n", "", "in no currency")):
        done = apply(w.suite, change=lambda all_, wrong=wrong, right=right: all_.replace(wrong, right), check=False)
        assert done.returncode != 0 and text in done.stdout + done.stderr, (right, done)
    apply(w.suite)


@test
def a_month_with_nothing_says_so(w):
    text = run(w)
    assert "2026-10 (Asia/Shanghai)" in text and "no case was reported or open in this month" in text, text
    assert "no promise ended" in text and "no customer was called back" in text and "none in this month" in text, text
    assert "this contract has no man-days" in run(w, contract="shop-1") and "says nothing of penalties" in run(w, contract="shop-1")


@test
def what_cannot_be_reported_is_said_with_what_is_allowed(w):
    assert "there is no contract 'bank-2'; did you mean 'bank-1'?" in run(w, contract="bank-2", code=4)
    for month in ("2026-13", "2026-07", "2026-12", "november", "2026-1", "2026-11-01"):
        text = run(w, "--month", month, code=2)
        assert "allowed is YYYY-MM, from 2026-08, when bank-1 begins, to 2026-11" in text, text
    assert "--from does not go with it" in run(w, "--from", "2026-01-01", code=2)
    assert "one of --csv, --html and -o json" in run(w, "--csv", "--html", "x.html", code=2)
    done = w.suite.callout("report", "service", check=False)
    assert done.returncode == 2 and "CONTRACT is needed" in done.stderr, done
    done = w.suite.callout("report", "--month", "2026-11", check=False)
    assert done.returncode == 2 and "report service CONTRACT" in done.stderr, done
    assert "cannot be written" in run(w, "--html", "/nowhere/page.html", code=1)


@test
def penalties_follow_the_contract_up_to_its_cap(w):
    before = opened(w, "2026-10-05T09:00")
    act(w, before, "contacted", "2026-10-05T10:30")  # half an hour late: an hour begun
    act(w, before, "restored", "2026-10-05T11:00")
    closed(w, before, "2026-10-05T12:00")
    w.a = a = opened(w, "2026-11-02T09:00", title="Array is slow")
    act(w, a, "contacted", "2026-11-02T09:30")
    w.suite.callout("act", a, "worked", "--time=2h", "--as", "engineer", "--by", "mate")
    act(w, a, "restored", "2026-11-02T18:10")  # 5 h 10 min late; 30 min of grace, 2 h of the storm
    act(w, a, "called_back", "2026-11-02T18:15", role="ROLE_PM", solved="SOLVED_YES", rating=4)
    closed(w, a, "2026-11-02T18:20")
    w.b = b = opened(w, "2026-11-03T09:00", title=HOSTILE)
    act(w, b, "contacted", "2026-11-03T11:30")
    act(w, b, "restored", "2026-11-03T17:00")
    closed(w, b, "2026-11-03T17:05")
    w.d = d = opened(w, "2026-11-19T09:00", title="Still open")
    w.suite.callout("act", d, "worked", "--time=1h", "--as", "engineer", "--by", "mate")
    w.wait(a, "settled", lambda v: any(p.kind == "settle" for p in v.postings) and v.calls)
    w.wait(d, "reserved", lambda v: any(p.kind == "reserve" for p in v.postings))

    r = w.report = said(w, "--month", "2026-11")
    assert [c["number"] for c in r["cases"]] == [a, b, d], r["cases"]
    assert [(c["state"], int(c["met"]), int(c["missed"]), int(c["overdue"]), int(c["running"])) for c in r["cases"]] == [
        ("closed", 1, 1, 0, 0), ("closed", 0, 2, 0, 0), ("open", 0, 0, 2, 0)], r["cases"]
    owed = {key: (int(p["penalty"]["hours"]), int(p["penalty"]["cents"]), int(p["penalty"]["owed_cents"]), p["penalty"]["so_far"]) for key, p in late(r).items()}
    assert owed == {(a, "fix"): (3, 35000, 35000, False), (b, "response"): (2, 2000, 2000, False), (b, "fix"): (4, 45000, 22000, False),
                    (d, "response"): (26, 26000, 0, True), (d, "fix"): (23, 235000, 0, True)}, owed
    sums = {k: int(v) for k, v in r["penalties"].items()}
    assert sums == {"owed_cents": 59000, "so_far_cents": 0, "before_cents": 1000, "cap_cents": 60000, "left_cents": 0}, sums


@test
def a_missed_promise_comes_with_its_reasons(w):
    p = late(w.report)[w.a, "fix"]
    assert int(p["late_us"]) == 5 * HOUR + 10 * MINUTE and int(p["penalty"]["late_us"]) == 2 * HOUR + 40 * MINUTE, p
    assert int(p["penalty"]["excluded_us"]) == 2 * HOUR, p
    assert [(h["holder"], int(h["length_us"])) for h in p["held"]] == [("remote", 3 * HOUR + 30 * MINUTE), ("queue", 30 * MINUTE)], p
    assert [(e["key"], int(e["length_us"]), e["stops"], e["excluded"]) for e in p["exclusions"]] == [("storm", 2 * HOUR, False, True)], p
    assert not late(w.report)[w.b, "fix"]["exclusions"], "of another region"
    time = {x["holder"]: int(x["length_us"]) for x in w.report["parts"]}
    assert sum(time.values()) == int(w.report["elapsed_us"]) == 9 * HOUR + 20 * MINUTE + 8 * HOUR + 5 * MINUTE + 27 * HOUR, time


@test
def man_days_and_calls_of_the_month_are_in_it(w):
    lot, = w.report["lots"]
    assert [int(lot[f"{k}_minutes"]) for k in ("bought", "reserved", "used")] == [960, 60, 120], lot
    calls = w.report["satisfaction"]
    assert [int(calls[k]) for k in ("calls", "solved", "rated", "stars")] == [1, 1, 1, 4], calls


class Page(html.parser.HTMLParser):
    """Tables as lists of rows of texts; what is opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open, self.tags, self.cell = [], [], set(), None
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs), attrs
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


@test
def the_four_forms_agree(w):
    r = w.report
    rows = list(csv.DictReader(io.StringIO(run(w, "--month", "2026-11", "--csv"))))
    of = lambda section: [x for x in rows if x["section"] == section]
    assert [(x["number"], x["title"]) for x in of("case")] == [(c["number"], c["title"]) for c in r["cases"]] and of("case")[1]["title"] == HOSTILE
    assert {(x["number"], x["milestone"]): int(x["length_us"]) for x in of("missed")} == {k: int(p["late_us"]) for k, p in late(r).items()}
    assert {(x["number"], x["milestone"]): int(x["owed_cents"]) for x in of("penalty")} == {k: int(p["penalty"]["owed_cents"]) for k, p in late(r).items()}
    assert {x["key"]: int(x["cents"]) for x in of("penalties")} == {k[:-6]: int(v) for k, v in r["penalties"].items()}
    assert {x["key"]: int(x["length_us"]) for x in of("time")} == {p["holder"]: int(p["length_us"]) for p in r["parts"]}
    assert [(x["milestone"], int(x["met"]), int(x["missed"]), int(x["overdue"])) for x in of("promise")] == [("fix", 0, 2, 1), ("response", 1, 1, 1)] == [
        (p["milestone"], int(p["met"]), int(p["missed"]), int(p["overdue"])) for p in r["promises"]]

    assert "written: page.html" in w.suite.callout("report", "service", "bank-1", "--month", "2026-11", "--html", "page.html", check=False).stderr
    text = open(f"{w.suite.dir}/page.html", encoding="utf-8").read()
    page = Page(text)
    assert "script" not in page.tags and "<script>" not in text and "@media print" in text and "http" not in text, page.tags
    titles = {row[0]: row[1] for row in reversed(page.rows)}
    assert [titles[number] for number in (w.a, w.b, w.d)] == ["Array is slow", HOSTILE, "Still open"], titles

    table = run(w, "--month", "2026-11")
    squeeze = lambda cells: re.sub(r"\s+", "", "".join(cells))
    lines = [squeeze(line) for line in table.splitlines()]
    for row in page.rows:
        assert squeeze(row) in lines, row
    for shown in ("590.00 CNY", "600.00 CNY", "10.00 CNY", "5h10m", "Typhoon 2h, nothing is owed for it", "remote support 3h30m, nobody 30m", "4.00", "2 h"):
        assert shown in table, (shown, table)

    w.suite.callout("report", "service", "bank-1", "--month", "2026-11", "--html", "zh.html", "--lang", "zh")
    chinese = open(f"{w.suite.dir}/zh.html", encoding="utf-8").read()
    Page(chinese)
    assert '<html lang="zh">' in chinese and "服务月报" in chinese and "违约金" in chinese and "台风" in chinese and "修复" in chinese, chinese


@test
def a_case_is_judged_by_the_terms_it_was_opened_under(w):
    apply(w.suite, case=0, cap=90000)
    r = said(w, "--month", "2026-11")
    assert late(r) == late(w.report)
    assert int(r["penalties"]["owed_cents"]) == 59000 and int(r["penalties"]["cap_cents"]) == 90000 and int(r["penalties"]["left_cents"]) == 30000, r["penalties"]


@test
def the_last_whole_month_is_told_and_what_goes_on_belongs_to_the_month_in_which_it_ends(w):
    to(w, "2026-12-05T12:00:00+08:00")
    r = said(w)
    assert r["month"] == "2026-11" and int(r["end_us"]) == int(r["until_us"]) == us("2026-12-01T00:00"), r
    assert late(r)[w.d, "response"]["state"] == "overdue" and int(late(r)[w.d, "response"]["late_us"]) == us("2026-12-01T00:00") - us("2026-11-19T10:00"), r
    act(w, w.d, "contacted", "2026-12-02T10:00")
    w.wait(w.d, "the contact", lambda v: w.clock(v, "response").state == "late")
    assert late(said(w)) == late(r), "what came later is not in the month"
    december = said(w, "--month", "2026-12")
    assert [c["number"] for c in december["cases"]] == [w.d] and [int(lot["used_minutes"]) for lot in december["lots"]] == [0], december
    p = late(december)[w.d, "response"]
    assert p["state"] == "missed" and int(p["penalty"]["cents"]) == 1000 * 312 and not p["penalty"]["so_far"], p
    assert int(december["penalties"]["before_cents"]) == 60000 and int(december["penalties"]["owed_cents"]) == 0, december["penalties"]
    assert int(december["elapsed_us"]) == us("2026-12-05T12:00") - us("2026-12-01T00:00"), december["elapsed_us"]


def main():
    os.environ["TZ"] = "UTC"  # the report speaks of the zone of the contract
    with Suite(sys.argv[1] if len(sys.argv) > 1 else None, migrate=("--clock-rate", "0", "--clock-from", START), registry=()) as suite:
        apply(suite)
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
