#!/usr/bin/python3
"""What is declared for many cases at once, through the real intake and sla: exclusions on a region and a span of time, also after the
fact, and new versions of calendars. Every case of every lane is reached once, whatever happens to the process meanwhile.

Usage: test_sla_wide.py BUILD_DIR
"""
import datetime
import json
import os
import sys
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from wire import Checks  # noqa: E402

MINUTE = 60 * 1000000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONE = datetime.timezone(datetime.timedelta(hours=8))
EXCLUDED, REBASED, BREACHED, WITHDRAWN, MET = 33, 32, 24, 29, 26  # kinds of entries
TESTS = []

PACK = """policy:
  name: NAME
  title: {zh: 试验, en: Trial}
  source: made up for a test
  severities:
    - level: 1
      name: {zh: 一级, en: One}
      definition: {zh: 一级, en: One}
  default_severity: 1
  EXCLUDED
  milestones:
    - {name: response, title: {zh: 响应, en: Response}, start: [entitled], stop: [contacted], targets: {1: 2h}}
    - {name: repair, title: {zh: 修复, en: Repair}, start: [entitled], stop: [restored], targets: {1: working 96h}}
"""
CAUSES = "excluded: {force_majeure: {zh: 不可抗力, en: Force majeure}}"

REGISTRY = """customers: {acme: {name: {zh: 客户, en: Acme}}}
products: {storage: {name: {zh: 存储, en: Storage}}}
persons: {pm: {name: pm, email: pm@example.com}}
desks: {desk: {holders: {desk: pm}}}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
sites:
  harbour: {customer: acme, name: {zh: 港口, en: Harbour}, regions: [coast, south]}
  mine: {customer: acme, name: {zh: 矿山, en: Mine}, regions: [inland]}
contracts:
  lenient: {customer: acme, name: {zh: 合同, en: Lenient}, policy: lenient, calendar: plant,
            from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  signed: {customer: acme, name: {zh: 合同, en: Signed}, policy: signed, calendar: plant,
           from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  strict: {customer: acme, name: {zh: 合同, en: Strict}, policy: strict, calendar: plant,
           from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
"""


def test(function):
    TESTS.append(function)
    return function


def now_us():
    return time.time_ns() // 1000 // MINUTE * MINUTE  # whole minutes: RFC 3339 without fractions says them exactly


def written(us):
    return datetime.datetime.fromtimestamp(us / 1e6, ZONE).isoformat(timespec="seconds")


class World:
    def __init__(self, suite):
        import callout as client
        self.suite, self.client_module, self.exclusions, self.closed_days = suite, client, {}, []
        self.dir = f"{suite.dir}/registry"
        os.mkdir(self.dir)
        self.write("lenient", PACK.replace("NAME", "lenient").replace("EXCLUDED", CAUSES))
        self.write("strict", PACK.replace("NAME", "strict").replace("  EXCLUDED\n", ""))
        self.write("signed", PACK.replace("NAME", "signed").replace("EXCLUDED", CAUSES + "\n  signers: [customer]"))
        self.write("registry", REGISTRY)
        self.apply()  # before it, intake knows no client
        keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
        self.client = client.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])

    def write(self, name, text):
        with open(f"{self.dir}/{name}.yaml", "w") as file:
            file.write(text)

    def apply(self):
        """Brings the registry to what this world says, and waits until every sweep is over."""
        lines = [f"  {key}: {{title: {{zh: 台风, en: Typhoon}}, cause: force_majeure, regions: [{x[0]}], from: {written(x[1])}"
                 + (f", until: {written(x[2])}" if x[2] else "") + "}\n" for key, x in self.exclusions.items()]
        self.write("exclusions", "exclusions:\n" + "".join(lines) if lines else "exclusions: {}\n")
        days = "".join(f"  - {{date: {day}, name: 停产, hours: []}}\n" for day in self.closed_days)
        week = "".join(f"  {day}: [\"00:00-24:00\"]\n" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        self.write("plant", f"calendar: plant\nzone: Asia/Shanghai\nutc_offset: \"+08:00\"\nweek:\n{week}"
                   f"years: [2020]\n" + (f"exceptions:\n{days}" if days else ""))
        self.suite.callout("apply", "-f", self.dir, "--keys", f"{self.suite.dir}/keys", "--prune", "--yes", key="admin")

    def wait_swept(self, limit_s=60):
        newest = "SELECT max(version) FROM registry.version"
        wait_for("every lane is swept", lambda: query(self.suite.url, f"""SELECT count(*) FROM journal.lane AS l
            LEFT JOIN sla.sweep AS s USING (lane) WHERE s.version IS DISTINCT FROM ({newest}) OR s.next_at IS NOT NULL""") == [["0"]], limit_s)

    def declare(self, key, region, from_us, until_us=0):
        self.exclusions[key] = (region, from_us, until_us)
        self.apply()
        self.wait_swept()

    def withdraw(self, key):
        del self.exclusions[key]
        self.apply()
        self.wait_swept()

    def submit(self, occurred_us, site="harbour", contract="lenient"):
        done = self.client.submit(title="down", customer="acme", contract=contract, site=site, product="storage",
                                  occurred_us=occurred_us, wait_ms=5000)
        self.wait(done.number, "promises", lambda v: len(v.clocks) >= 2)
        return done.number

    def submit_many(self, count, **ticket):
        """Open cases, many at a time."""
        make = self.client_module.M
        left, flying = count, 0
        while left or flying:
            while left and flying < 100:
                submit = make["SubmitTicket"](key=uuid.uuid4().hex, title="down", customer="acme", contract="lenient",
                                              product="storage", **ticket)
                self.client.socket.send(make["Request"](request_id=uuid.uuid4().hex, submit=submit).SerializeToString())
                left, flying = left - 1, flying + 1
            reply = make["Reply"].FromString(self.client.socket.recv_multipart()[-1])
            assert reply.code in self.client_module.FINE, reply
            flying -= 1

    def view(self, number):
        return self.client.query("case", number=number).view

    def wait(self, number, what, check, limit_s=60):
        def look():
            view = self.view(number)
            return view if check(view) else None
        try:
            return wait_for(what, look, limit_s)
        except RuntimeError:
            raise RuntimeError(f"{number}: {what}: not within {limit_s} s; the case: {self.view(number)}") from None

    def clock(self, number, milestone):
        return [c for c in self.view(number).clocks if c.milestone == milestone][-1]

    def count(self, kind, number):
        return int(query(self.suite.url, f"SELECT count(*) FROM journal.entry WHERE kind = {kind} AND case_id = "
                                         f"{self.view(number).case_id}")[0][0])

    def late(self, number, milestone="response"):
        """By how much the milestone was met too late, as announced last."""
        entries = self.client.query("entries", number=number, limit=1000).entries
        return [e.event.met.late_us for e in entries if e.event.met.milestone == milestone][-1]

    def close_late(self, reported_us, contacted_us, **where):
        number = self.submit(reported_us, **where)
        assert self.client.command(number, "contacted", occurred_us=contacted_us).applied
        assert self.client.command(number, "restored", occurred_us=contacted_us + 10 * MINUTE).applied
        self.wait(number, "closed", lambda v: v.state == "closed")
        return number


@test
def an_exclusion_declared_later_gives_the_cases_of_its_region_their_time_back(w):
    now = now_us()
    here, there = w.submit(now - 3 * HOUR), w.submit(now - 3 * HOUR, site="mine")
    closed = w.close_late(now - 6 * HOUR, now - HOUR)
    for number in (here, there):
        w.wait(number, "a breach", lambda v: any(c.milestone == "response" and c.state == "breached" for c in v.clocks))
    repair = w.clock(here, "repair").due_us
    assert w.late(closed) == 3 * HOUR, w.late(closed)
    before = w.client.query("entries", number=there, limit=1000).entries

    w.declare("typhoon", "south", now - 5 * HOUR, now - 90 * MINUTE)
    assert w.clock(here, "response").state == "running" and w.clock(here, "response").due_us == now + 30 * MINUTE, w.view(here)
    assert w.clock(here, "repair").due_us == repair + 90 * MINUTE
    assert w.count(WITHDRAWN, here) == 1 and w.count(EXCLUDED, here) == 1
    assert "Typhoon" in w.suite.callout("show", here, "--lang", "en"), w.suite.callout("show", here)
    assert w.late(closed) == 0 and w.view(closed).state == "closed", w.view(closed)
    after = w.client.query("entries", number=there, limit=1000).entries
    assert len(after) == len(before) and w.clock(there, "response").state == "breached", w.view(there)

    # shortened: the breach is there again, and so is what remains of the delay
    w.declare("typhoon", "south", now - 5 * HOUR, now - 150 * MINUTE)
    assert w.clock(here, "response").state == "breached" and w.clock(here, "response").due_us == now - 30 * MINUTE, w.view(here)
    assert w.late(closed) == 30 * MINUTE, w.late(closed)

    # taken back: as if it had never been
    w.withdraw("typhoon")
    assert w.clock(here, "response").due_us == now - HOUR and w.clock(here, "repair").due_us == repair, w.view(here)
    assert w.late(closed) == 3 * HOUR and w.count(EXCLUDED, closed) == 3


@test
def an_exclusion_without_an_end_lets_the_clock_stand_until_it_gets_one(w):
    now = now_us()
    number = w.submit(now - HOUR)
    w.declare("flood", "coast", now - 30 * MINUTE)
    assert w.count(EXCLUDED, number) == 1 and w.clock(number, "response").state != "breached", w.view(number)
    opened_meanwhile = w.submit(now - 20 * MINUTE)
    assert w.count(EXCLUDED, opened_meanwhile) == 0  # it was opened with it
    w.declare("flood", "coast", now - 30 * MINUTE, now)
    assert w.clock(number, "response").due_us == now + 90 * MINUTE, w.view(number)
    assert w.clock(opened_meanwhile, "response").due_us == now + 2 * HOUR, w.view(opened_meanwhile)
    opened_with = {}
    for when in (now - 20 * MINUTE, now):  # in it, and after it
        entries = w.client.query("entries", number=w.submit(when), limit=1000).entries
        opened_with[when] = [x.key for e in entries for x in e.event.case_opened.exclusions]
    assert opened_with == {now - 20 * MINUTE: ["flood"], now: []}, opened_with
    w.withdraw("flood")
    assert w.clock(opened_meanwhile, "response").due_us == now + 100 * MINUTE, w.view(opened_meanwhile)


@test
def a_pack_that_does_not_list_the_cause_is_not_touched(w):
    now = now_us()
    number = w.submit(now - HOUR, contract="strict")
    due = w.clock(number, "response").due_us
    w.declare("quake", "coast", now - HOUR, now)
    assert w.clock(number, "response").due_us == due and w.count(EXCLUDED, number) == 0, w.view(number)
    w.withdraw("quake")


@test
def a_site_that_moves_into_the_region_later_is_in_it(w):
    now = now_us()
    number = w.submit(now - HOUR, site="mine")
    w.declare("storm", "coast", now - HOUR, now - 30 * MINUTE)
    assert w.count(EXCLUDED, number) == 0
    w.write("registry", REGISTRY.replace("[inland]", "[inland, coast]"))
    w.apply()
    w.wait_swept()
    assert w.clock(number, "response").due_us == now + 90 * MINUTE, w.view(number)
    w.write("registry", REGISTRY)
    w.withdraw("storm")
    assert w.clock(number, "response").due_us == now + HOUR, w.view(number)


@test
def a_new_version_of_a_calendar_moves_what_is_open_and_nothing_that_is_closed(w):
    now = now_us()
    shut = (datetime.datetime.fromtimestamp(now / 1e6, ZONE) + datetime.timedelta(days=2)).date()
    w.closed_days = [shut]
    w.apply()
    w.wait_swept()
    number, strict = w.submit(now), w.submit(now, contract="strict")
    closed = w.close_late(now - HOUR, now - 30 * MINUTE)
    for case in (number, strict):
        assert w.clock(case, "repair").due_us == now + 96 * HOUR + DAY, w.view(case)
    w.closed_days = []  # people work on that day after all
    w.apply()
    w.wait_swept()
    for case in (number, strict):
        assert w.clock(case, "repair").due_us == now + 96 * HOUR and w.count(REBASED, case) == 1, w.view(case)
        assert w.clock(case, "response").due_us == now + 2 * HOUR
    assert w.count(REBASED, closed) == 0
    explained = w.suite.callout("explain", number)
    assert "repair" in explained and "differ" not in explained, explained


@test
def a_case_that_a_late_report_opens_again_takes_in_what_passed_it_by(w):
    now = now_us()
    number = w.submit(now - HOUR, contract="signed")
    assert w.client.command(number, "contacted", occurred_us=now - 50 * MINUTE).applied
    assert w.client.command(number, "restored", occurred_us=now - 40 * MINUTE).applied
    assert w.client.command(number, "sign", role="ROLE_CUSTOMER", occurred_us=now - 30 * MINUTE).applied
    w.wait(number, "closed", lambda v: v.state == "closed")
    shut = (datetime.datetime.fromtimestamp(now / 1e6, ZONE) + datetime.timedelta(days=2)).date()
    w.closed_days = [shut]
    w.declare("slide", "coast", now - 20 * MINUTE, now - 10 * MINUTE)
    assert w.count(REBASED, number) == 0 and w.count(EXCLUDED, number) == 0
    assert w.client.command(number, "relapsed", occurred_us=now - 35 * MINUTE).applied  # so it was not restored when it was signed
    w.wait(number, "open again", lambda v: v.state != "closed")
    assert w.count(REBASED, number) == 1 and w.count(EXCLUDED, number) == 1, w.view(number)
    assert w.clock(number, "repair").due_us == now - 35 * MINUTE + 96 * HOUR + DAY + 10 * MINUTE, w.view(number)
    w.closed_days = []
    w.withdraw("slide")
    assert w.clock(number, "repair").due_us == now - 35 * MINUTE + 96 * HOUR, w.view(number)


@test
def what_changes_nothing_for_cases_sweeps_nothing(w):
    before = query(w.suite.url, "SELECT sum(seq) FROM journal.lane")
    lines = open(f"{w.suite.dir}/sla.log").read().count("sweep_started")
    w.write("registry", REGISTRY.replace("pm@example.com", "pm2@example.com"))
    w.apply()
    w.wait_swept()
    lanes = int(query(w.suite.url, "SELECT count(*) FROM journal.lane")[0][0])
    assert int(query(w.suite.url, "SELECT sum(seq) FROM journal.lane")[0][0]) == int(before[0][0]) + lanes
    assert open(f"{w.suite.dir}/sla.log").read().count("sweep_started") == lines


@test
def a_sweep_wakes_only_the_cases_of_its_regions(w):
    now = now_us()
    w.submit(now), w.submit(now, site="mine")
    w.declare("fog", "south", now - 2 * HOUR, now - HOUR)
    version = "(SELECT max(version) FROM registry.version)"
    seen = query(w.suite.url, f"SELECT DISTINCT site, registry_seen = {version} FROM sla.case WHERE state = 'open' ORDER BY 1")
    assert seen == [["harbour", "t"], ["mine", "f"]], seen
    w.withdraw("fog")


@test
def a_lane_waits_for_a_registry_as_new_as_the_one_it_has_seen(w):
    w.suite.kill("sla", sign=15)
    psql(w.suite.url, "-c", "UPDATE sla.sweep SET version = version + 1")  # as if another process had taken the next one
    version = int(query(w.suite.url, "SELECT max(version) FROM sla.sweep")[0][0])
    w.suite.start("sla")
    w.suite.wait_ready("sla")
    number = w.client.submit(title="down", customer="acme", contract="lenient", site="mine", product="storage", wait_ms=500).number
    w.write("registry", REGISTRY.replace("pm@example.com", "pm3@example.com"))
    w.apply()
    w.wait(number, "promises", lambda v: v.clocks)
    entries = w.client.query("entries", number=number, limit=1000).entries
    assert [e.event.case_opened.registry_version for e in entries if e.event.HasField("case_opened")] == [version], entries


@test
def a_sweep_that_only_waits_for_its_registry_is_not_parked(w):
    w.suite.kill("sla", sign=9)  # who takes the lanes of the dead tries with care, and counts
    psql(w.suite.url, "-c", "UPDATE sla.sweep SET version = version + 1, next_at = now() - interval '1 day'")
    w.suite.start("sla")
    wait_for("a try of each sweep is counted", lambda: query(
        w.suite.url, "SELECT count(DISTINCT lane) FROM journal.attempt WHERE case_id = 0") == [["4"]])
    w.client.submit(title="down", customer="acme", contract="lenient", site="mine", product="storage", wait_ms=1000)
    assert query(w.suite.url, "SELECT case_id, reason FROM journal.parked") == []
    w.write("registry", REGISTRY.replace("pm@example.com", "pm4@example.com"))
    w.apply()
    w.wait_swept()


@test
def a_case_that_cannot_be_processed_stops_no_other(w):
    now = now_us()
    broken, sound = w.submit(now - HOUR), [w.submit(now - HOUR) for _ in range(20)]
    case_id = w.view(broken).case_id
    body = query(w.suite.url, f"SELECT encode(body, 'hex') FROM sla.case WHERE case_id = {case_id}")[0][0]
    psql(w.suite.url, "-c", f"UPDATE sla.case SET body = '\\xff' WHERE case_id = {case_id}")
    w.exclusions["landslide"] = ("coast", now - HOUR, now - 30 * MINUTE)
    w.apply()
    wait_for("the broken case is parked", lambda: query(w.suite.url, "SELECT case_id FROM journal.parked") == [[str(case_id)]])
    for number in sound:
        w.wait(number, "more time", lambda v: any(c.milestone == "response" and c.due_us == now + 90 * MINUTE for c in v.clocks))
    wait_for("the sweep waits for the broken one only", lambda: query(
        w.suite.url, "SELECT waiting FROM sla.sweep WHERE stage <> 0 OR next_at IS NOT NULL") == [[f"{{{case_id}}}"]])
    psql(w.suite.url, "-c", f"UPDATE sla.case SET body = '\\x{body}' WHERE case_id = {case_id}")
    w.suite.callout("parked", "replay", "sla", broken, key="admin")
    w.wait_swept()
    assert w.clock(broken, "response").due_us == now + 90 * MINUTE and w.count(EXCLUDED, broken) == 1, w.view(broken)
    w.withdraw("landslide")


@test
def a_sweep_that_is_killed_reaches_every_case_once(w):
    now, rounds = now_us(), (4, 9, 13)
    last = query(w.suite.url, "SELECT max(case_id) FROM sla.case")[0][0]
    w.submit_many(3000, site="harbour", occurred_us=now - HOUR)
    wait_for("all are opened", lambda: query(w.suite.url, "SELECT count(*) >= 3000 FROM sla.case WHERE state = 'open'") == [["t"]])
    which = f"state = 'open' AND site = 'harbour' AND opened_at = to_timestamp({(now - HOUR) // 1000000})"
    which += f" AND case_id > {last}"
    done = []
    for i, times in enumerate(rounds):
        w.suite.kill("sla", sign=15)
        w.suite.start("sla", env={"CALLOUT_FAULT": f"before_commit:kill:{times}"})
        w.suite.wait_ready("sla")
        w.exclusions[f"killed-{i}"] = ("coast", now - (i + 1) * 15 * MINUTE, now - i * 15 * MINUTE)
        w.apply()
        wait_for("sla dies", lambda: w.suite.running["sla"].poll() is not None)
        assert w.suite.running["sla"].returncode == -9
        done.append(int(query(w.suite.url, f"SELECT count(*) FROM sla.case WHERE {which} AND registry_seen = "
                                           "(SELECT max(version) FROM registry.version)")[0][0]))
        w.suite.start("sla")  # another instance, with another name
        w.wait_swept()
    assert all(n < 3000 for n in done) and any(n > 0 for n in done), done  # that was in the middle
    counts = query(w.suite.url, f"""SELECT n, count(*) FROM (SELECT (SELECT count(*) FROM journal.entry AS e WHERE e.lane = c.lane
        AND e.case_id = c.case_id AND e.kind = {EXCLUDED}) AS n FROM sla.case AS c WHERE {which}) AS x GROUP BY n""")
    assert counts == [[str(len(rounds)), "3000"]], counts
    due = query(w.suite.url, f"SELECT DISTINCT extract(epoch FROM next_due_at)::int8 FROM sla.case WHERE {which}")
    assert due == [[str((now + HOUR + len(rounds) * 15 * MINUTE) // 1000000)]], due
    assert query(w.suite.url, "SELECT count(*) FROM journal.parked") == [["0"]]
    assert "callout_sla_sweeps 0" in w.suite.metrics("sla")


@test
def two_processes_that_share_the_lanes_sweep_each_case_once_though_one_dies(w):
    now, count = now_us(), 3000
    w.exclusions.clear()  # what tests before have left
    w.apply()
    w.wait_swept()
    last = query(w.suite.url, "SELECT max(case_id) FROM sla.case")[0][0]
    w.submit_many(count, site="harbour", occurred_us=now - HOUR)
    which = f"state = 'open' AND site = 'harbour' AND opened_at = to_timestamp({(now - HOUR) // 1000000}) AND case_id > {last}"
    wait_for("all are opened", lambda: query(w.suite.url, f"SELECT count(*) FROM sla.case WHERE {which}") == [[str(count)]])
    owners = "SELECT count(DISTINCT owner) FROM journal.cursor WHERE service = 'sla'"
    newest = "(SELECT max(version) FROM registry.version)"
    done = []
    for i, times in enumerate((5, 11)):
        w.suite.start("sla-2", env={"CALLOUT_FAULT": f"decided:kill:{times}"})
        w.suite.wait_ready("sla-2")
        wait_for("both have lanes", lambda: query(w.suite.url, owners) == [["2"]])
        w.exclusions[f"shared-{i}"] = ("coast", now - (i + 1) * 15 * MINUTE, now - i * 15 * MINUTE)
        w.apply()
        wait_for("one dies", lambda: w.suite.running["sla-2"].poll() is not None)
        assert w.suite.running["sla-2"].returncode == -9
        done.append(int(query(w.suite.url, f"SELECT count(*) FROM sla.case WHERE {which} AND registry_seen = {newest}")[0][0]))
        w.wait_swept()
        assert query(w.suite.url, f"SELECT count(*) FROM sla.case WHERE {which} AND registry_seen = {newest}") == [[str(count)]]
    assert all(n < count for n in done), done  # that was in the middle
    counts = query(w.suite.url, f"""SELECT n, count(*) FROM (SELECT (SELECT count(*) FROM journal.entry AS e WHERE e.lane = c.lane
        AND e.case_id = c.case_id AND e.kind = {EXCLUDED}) AS n FROM sla.case AS c WHERE {which}) AS x GROUP BY n""")
    assert counts == [["2", str(count)]], counts
    due = query(w.suite.url, f"SELECT DISTINCT extract(epoch FROM next_due_at)::int8 FROM sla.case WHERE {which}")
    assert due == [[str((now + 90 * MINUTE) // 1000000)]], due
    assert query(w.suite.url, "SELECT count(*) FROM journal.parked") == [["0"]]


@test
def the_journal_alone_gives_the_same(w):
    for what in ("refold", "timers"):
        done = w.suite.callout("audit", what, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@test
def a_report_says_how_long_cases_were_excluded(w):
    total = json.loads(w.suite.callout("report", "-o", "json"))["total"]
    parts = {p["holder"]: int(p.get("length_us", 0)) for p in total["parts"]}
    assert parts["excluded"] > HOUR and sum(parts.values()) == int(total["elapsed_us"]), total


def main():
    checks = Checks()
    with Suite(sys.argv[1], daemons=("sla", "intake"), migrate=("--lanes", "4"), registry=()) as suite:
        checks.run(TESTS, World(suite))
        if checks.failures:
            print(suite.log_end("sla", 40))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
