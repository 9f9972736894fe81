#!/usr/bin/python3
"""The dispatch daemon against a real journal, with this test in the parts of intake, sla and the engineers.

First one process, step by step; then two that share the lanes and are killed at marked steps while few engineers serve many
cases, half of which are offered to two at a time: nobody is ever in two places, each command is answered once, and nothing is
left over at the end.
Usage: dispatch_daemon.py CALLOUT_DISPATCH
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import Database, psql, query  # noqa: E402
from journal import Journal, load_protos  # noqa: E402

PB = load_protos()
EV, REG, POL, COM = PB.event, PB.registry, PB.policy, PB.common
MINUTE = 60 * 1000000
ROSTER = REG.RegistryObject.DESCRIPTOR.fields_by_name["roster"].number
RATE = 60  # a minute of the suite is a second of ours
ROOMS = ("lib/io", "lib/registry", "services/intake", "services/sla", "services/dispatch", "services/notify")
QUICK = os.environ.get("CALLOUT_TEST_MODE", "quick") == "quick"
CASES, HURTS = (24, 4) if QUICK else (40, 8)
MOST_SEEDS = {"quick": 1, "full": 3, "soak": 100}
STEPS = ["decided", "before_commit", "after_commit", "lease_taken"]


class Daemons:
    def __init__(self, program, url):
        self.program, self.url = program, url
        self.dir = tempfile.mkdtemp(prefix="callout_dispatch_")
        self.running, self.starts = {}, 0

    def start(self, slot, fault=""):
        self.starts += 1
        name = f"dispatch-{slot}-{self.starts}"
        env = dict(os.environ, CALLOUT_FAULT=fault, CALLOUT_FAULT_SEED=str(self.starts))
        log = open(f"{self.dir}/{slot}.log", "a")
        command = ["setpriv", "--pdeathsig", "KILL", self.program, "--instance", name,
                   "--mesh-endpoint", f"ipc://{self.dir}/{name}", "--http-address", "127.0.0.1:0"]
        env["CALLOUT_DATABASE_URL"] = self.url
        self.running[slot] = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def restart_the_dead(self):
        for slot, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(slot)

    def stop(self):
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(60) for process in self.running.values()]
        self.running.clear()
        return codes

    def end(self, keep):
        """Nothing of ours stays running; the logs stay where a test failed."""
        for process in self.running.values():
            process.kill()
            process.wait()
        if not keep:
            shutil.rmtree(self.dir, True)

    def logs(self):
        return "".join(open(f"{self.dir}/{name}").read()[-3000:] for name in sorted(os.listdir(self.dir)) if name.endswith(".log"))


def objects(engineers):
    """Two offices 300 km apart, `engineers` of them in the west, one in the east, a site between, nearer to the west."""
    for name, offer_us, at_once in (("pack", 6 * MINUTE, 1), ("patient", 20 * MINUTE, 1), ("pair", 20 * MINUTE, 2)):
        yield POL.PolicyPack(name=name, dispatch=POL.DispatchRule(
            offer_us=offer_us, offer_min_us=MINUTE, preparation_us=MINUTE, speed_kmh=60, travel_fixed_us=MINUTE, offers=3,
            min_skill=[1], at_once=[at_once]))
    yield REG.Office(key="west", position=COM.Position(latitude=30, longitude=110))
    yield REG.Office(key="east", position=COM.Position(latitude=30, longitude=113))
    yield REG.Site(key="mill", position=COM.Position(latitude=30, longitude=110.5))
    for i in range(engineers):
        yield REG.Engineer(key=f"w{i:02}", office="west", skill=1)
    yield REG.Engineer(key="edda", office="east", skill=1)


class Suite:
    """intake and sla, as far as dispatch sees them."""

    def __init__(self, journal):
        self.journal, self.commands, self.number = journal, 0, 0
        self.lanes = int(query(journal.url, "SELECT count(*) FROM journal.lane")[0][0])

    def now_us(self):
        sql = "SELECT (extract(epoch FROM anchor_domain + (clock_timestamp() - anchor_real) * rate) * 1000000)::int8 FROM journal.clock"
        return int(query(self.journal.url, sql)[0][0])

    def tickets(self, count, site="mill"):
        """Case ids of that many new tickets, spread over the lanes."""
        groups = []
        for _ in range(count):
            self.number += 1
            lane = self.number % self.lanes
            body = EV.TicketSubmitted(source="t", key=str(self.number), site=site, registry_version=1)
            groups.append((lane, self.number << 8 | lane, [body]))
        self.journal.append_all(groups)
        return [case_id for _, case_id, _ in groups]

    def wanted(self, cases, due_us=0, site="mill", policy="pack"):
        due_us = due_us or self.now_us() + 30 * 24 * 60 * MINUTE  # nobody is asked while the time is to be agreed
        bodies = [EV.CaseOpened(site=site, policy=COM.Pin(key=policy, since=1), severity=1), self.promised(1, due_us)]
        self.journal.append_all([(case_id & 255, case_id, bodies) for case_id in cases])

    def promised(self, revision, due_us):
        return EV.Promised(milestone="arrival", generation=1, revision=revision, due_us=due_us, severity=1, is_arrival=True)

    def close(self, cases):
        self.journal.append_all([(case_id & 255, case_id, [EV.CaseClosed(how="cancelled", closed_us=1)]) for case_id in cases])

    def command(self, case_id, person, act, generation=0):
        self.commands += 1
        return case_id & 255, case_id, [EV.CommandReceived(
            source="t", key=f"c{self.commands}", act=COM.Act.Value("ACT_" + act), person=person, command_id=self.commands,
            order_generation=generation, registry_version=1)]

    def says(self, case_id, person, act, generation=0):
        self.journal.append_all([self.command(case_id, person, act, generation)])


def check(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}: {got!r} instead of {expected!r}")


def claims(url):
    return query(url, "SELECT key, case_id FROM read.dispatch_claim ORDER BY key")


def status(url, case_id):
    return query(url, f"SELECT status FROM read.dispatch_order WHERE case_id = {case_id}")[0][0]


def wait_for(what, condition, limit_s=60):
    until = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {limit_s} s")
        time.sleep(0.05)


def a_visit(suite, journal):
    (case,) = suite.tickets(1)
    located = journal.wait(case, "site_located")
    check("base", (located.office, located.source), ("west", "estimate"))
    check("km", round(located.km), 60)
    due_us = suite.now_us() + 600 * MINUTE
    suite.wanted([case], due_us, policy="patient")
    offer = journal.wait(case, "offered")
    check("offer", (offer.engineer, offer.generation, offer.arrive_by_us), ("w00", 1, due_us))
    check("claims", claims(journal.url), [["w00", str(case)]])
    suite.says(case, "w01", "ACCEPT")
    check("refusal", journal.wait(case, "command_refused").reason, "the open offer is made to somebody else")
    suite.says(case, "w00", "ACCEPT", 1)
    check("assigned", journal.wait(case, "assigned").engineer, "w00")
    check("applied", journal.wait(case, "command_applied").command_id, 2)
    suite.says(case, "w00", "RESTORED")
    check("end", journal.wait(case, "order_ended").how, "restored")
    check("status", status(journal.url, case), "ended")
    check("claims", claims(journal.url), [])


def refusal_and_silence(suite, journal):
    (case,) = suite.tickets(1)
    suite.wanted([case])
    first = journal.wait(case, "offered")
    suite.says(case, first.engineer, "DECLINE")
    second = journal.wait(case, "offered", 2)
    check("second", (second.engineer, second.generation), ("w01", 2))
    third = journal.wait(case, "offered", 3)
    check("silence", journal.of(case, "offer_ended")[1].body.how, EV.OFFER_END_SILENT)
    check("third", third.engineer, "edda")
    nobody = journal.wait(case, "nobody_left")
    check("nobody", (nobody.missing, nobody.asked, nobody.eligible), ("acceptance", 3, 3))
    check("next round", journal.wait(case, "offered", 4).engineer, "w01")
    suite.close([case])
    wait_for("the end", lambda: status(journal.url, case) == "ended")
    check("claims", claims(journal.url), [])


def more_cases_than_engineers(suite, journal):
    """Whichever case is left over says so, and is served when its due time changes and somebody is free again."""
    cases = suite.tickets(4)
    suite.wanted(cases, policy="patient")

    def left():
        journal.read()
        return [case for case in cases if journal.of(case, "nobody_left")]

    wait_for("somebody is left over", left)
    (over,) = left()
    check("missing", journal.of(over, "nobody_left")[0].body.missing, "free_engineer")
    served = [case for case in cases if case != over]
    check("asked", sorted(journal.wait(case, "offered").engineer for case in served), ["edda", "w00", "w01"])
    suite.close(served[:1])
    journal.wait(served[0], "offer_ended")
    journal.append(over & 255, over, suite.promised(2, suite.now_us() + 600 * MINUTE))
    journal.wait(over, "offered")
    suite.close(served[1:] + [over])
    wait_for("no claims", lambda: claims(journal.url) == [])


def a_site_that_becomes_known(suite, journal):
    (case,) = suite.tickets(1, site="tower")
    suite.wanted([case], site="tower", policy="patient")
    check("missing", journal.wait(case, "nobody_left").missing, "position")
    check("located", journal.of(case, "site_located"), [])
    journal.apply(2, [REG.Site(key="tower", position=COM.Position(latitude=30, longitude=112.9))])
    check("base", journal.wait(case, "site_located").office, "east")
    check("offer", journal.wait(case, "offered").engineer, "edda")
    suite.close([case])
    journal.wait(case, "offer_ended")


def a_site_unknown_to_the_newest_registry_waits_for_the_next(suite, journal):
    """It comes with that registry, in one turn: no time of its own wakes it."""
    suite.number += 1
    lane = suite.number % suite.lanes
    case = suite.number << 8 | lane
    journal.append(lane, case, EV.RegistryApplied(version=2),
                   EV.TicketSubmitted(source="t", key=str(suite.number), site="nowhere", registry_version=2))
    rows = f"SELECT is_located, next_at IS NULL FROM read.dispatch_order WHERE case_id = {case}"
    wait_for("the order", lambda: query(journal.url, rows))
    check("waits", query(journal.url, rows), [["f", "t"]])


def an_acceptance_while_dispatch_was_down(suite, journal, daemons):
    (case,) = suite.tickets(1)
    suite.wanted([case])
    offer = journal.wait(case, "offered")
    for process in daemons.running.values():
        process.kill()
        process.wait()
    suite.says(case, offer.engineer, "ACCEPT", offer.generation)
    wait_for("the time to accept is over", lambda: suite.now_us() > offer.accept_by_us + 2000000)
    daemons.restart_the_dead()
    check("assigned", journal.wait(case, "assigned").engineer, offer.engineer)
    check("ends", [e.body.how for e in journal.of(case, "offer_ended")], [EV.OFFER_END_ACCEPTED])
    suite.says(case, "", "RESTORED")
    journal.wait(case, "order_ended")


def apply_rosters(journal, version, shift_us):
    """Everybody is on duty in that span only; nobody any more, where it is None."""
    span = shift_us or (0, MINUTE)
    shifts = [REG.RosterSpan(from_us=span[0], until_us=span[1])]
    week = [REG.WorkDay() for _ in range(7)]
    calendar = [REG.Calendar(key="utc", zone="UTC", transitions=[REG.Transition()], week=week)] if not shift_us else []
    journal.apply(version, calendar + [REG.Roster(key=key, calendar="utc", shifts=shifts) for key in ("w00", "w01", "edda")],
                  ends_kind=ROSTER)


def nobody_is_asked_off_duty_and_a_new_roster_helps_at_once(suite, journal, version):
    apply_rosters(journal, version, None)
    case_id, = suite.tickets(1)
    now_us = suite.now_us()
    suite.wanted([case_id], due_us=now_us + 10 * 60 * MINUTE)
    left = journal.wait(case_id, "nobody_left")
    check("missing", left.missing, "shift")
    risk = journal.wait(case_id, "arrival_at_risk")
    check("risk", (risk.milestone, risk.is_over, risk.earliest_us, risk.missing), ("arrival", False, 0, "shift"))
    apply_rosters(journal, version + 1, (now_us, now_us + 100 * 60 * MINUTE))
    offer = journal.wait(case_id, "offered")
    check("over", journal.wait(case_id, "arrival_at_risk", count=2).is_over, True)
    suite.says(case_id, offer.engineer, "ACCEPT")
    journal.wait(case_id, "assigned")
    rows = query(journal.url, f"SELECT engineer, generation FROM read.dispatch_visit WHERE case_id = {case_id}")
    check("who took it", rows, [[offer.engineer, str(offer.generation)]])
    (other,) = suite.tickets(1)
    suite.wanted([other], due_us=now_us + 10 * 60 * MINUTE)
    offered = journal.wait(other, "offered")
    apply_rosters(journal, version + 2, (now_us + 100 * 60 * MINUTE, now_us + 101 * 60 * MINUTE))
    risk = journal.wait(case_id, "arrival_at_risk", count=3)
    check("who accepted is absent", (risk.is_over, risk.missing, risk.remedies[0].kind), (False, "engineer_off_duty", "shift"))
    check("and it stands", status(journal.url, case_id), "assigned")
    check("who was asked is absent", journal.wait(other, "offer_ended").generation, offered.generation)
    wait_for("nobody", lambda: status(journal.url, other) == "nobody")
    apply_rosters(journal, version + 3, (now_us, now_us + 100 * 60 * MINUTE))
    check("it is over", journal.wait(case_id, "arrival_at_risk", count=4).is_over, True)
    journal.wait(other, "offered", count=2)
    suite.close([case_id, other])
    wait_for("no claims", lambda: claims(journal.url) == [])
    journal.apply(version + 4, [REG.Product(key="roster-is-over")], ends_kind=ROSTER)


def a_case_that_is_dropped_after_its_end_lets_its_engineer_go(suite, journal):
    """What waited is passed over, but not that the case was closed; a case that is open keeps whom it has."""
    open_case, closed = suite.tickets(2)
    suite.wanted([open_case, closed], policy="patient")
    engineers = {case: journal.wait(case, "offered").engineer for case in (open_case, closed)}
    for case in engineers:
        suite.says(case, engineers[case], "ACCEPT")
        journal.wait(case, "assigned")
        journal.append_nonsense(case & 255, case, PB.event.Event.COMMAND_RECEIVED_FIELD_NUMBER)
    parked = "SELECT case_id FROM journal.parked WHERE service = 'dispatch' ORDER BY case_id"
    wait_for("parked", lambda: query(journal.url, parked) == [[str(open_case)], [str(closed)]])
    suite.close([closed])
    behind = "SELECT count(*) FROM journal.lane AS l JOIN journal.cursor AS c USING (lane) WHERE c.service = 'dispatch' AND c.seq < l.seq"
    wait_for("all read", lambda: query(journal.url, behind) == [["0"]])
    query(journal.url, "UPDATE journal.parked SET asked = 'drop' RETURNING 1")
    wait_for("dropped", lambda: not query(journal.url, parked))
    check("whom it ended for", journal.wait(closed, "order_ended").engineer, engineers[closed])
    check("status", status(journal.url, closed), "ended")
    check("who is held", claims(journal.url), [[engineers[open_case], str(open_case)]])
    suite.close([open_case])
    wait_for("no claims", lambda: claims(journal.url) == [])


def step_by_step(program):
    with Database(ROOMS, {"callout.clock_rate": str(RATE), "callout.lanes": "4"}) as db:
        journal = Journal(db.url, PB)
        journal.apply(1, objects(2))
        suite, daemons = Suite(journal), Daemons(program, db.url)
        daemons.start(0)
        try:
            a_visit(suite, journal)
            refusal_and_silence(suite, journal)
            more_cases_than_engineers(suite, journal)
            a_site_that_becomes_known(suite, journal)
            a_site_unknown_to_the_newest_registry_waits_for_the_next(suite, journal)
            a_case_that_is_dropped_after_its_end_lets_its_engineer_go(suite, journal)
            nobody_is_asked_off_duty_and_a_new_roster_helps_at_once(suite, journal, 10)
            an_acceptance_while_dispatch_was_down(suite, journal, daemons)
            check("exit codes", daemons.stop(), [0])
        except Exception:
            print(daemons.logs())
            daemons.end(keep=True)
            raise
        daemons.end(keep=False)


def tables_that_were_empty_are_not_read_whole_for_ever(program):
    """The server plans each statement once; here while its statistics say that there are no orders."""
    with Database(ROOMS, {"callout.lanes": "4"}) as db:
        journal = Journal(db.url, PB)
        journal.apply(1, objects(40))
        psql(db.url, "-c", "ANALYZE dispatch.work_order, dispatch.claim")
        suite, daemons = Suite(journal), Daemons(program, db.url)
        daemons.start(0)
        try:
            for _ in range(3):
                cases = suite.tickets(10)
                suite.wanted(cases)
                journal.wait(cases[0], "offered")
            check("exit codes", daemons.stop(), [0])  # and its sessions tell what they read
        finally:
            daemons.end(keep=False)
        wait_for("statistics", lambda: query(db.url, "SELECT pg_stat_get_tuples_inserted('dispatch.claim'::regclass) > 0") == [["t"]])
        rows = query(db.url, "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE schemaname = 'dispatch' ORDER BY relname")
        check("rows read by reading all", {table: read for table, read in rows if read != "0"}, {})


class Engineers:
    """Answer offers and do the work; some decline, a few say nothing."""

    def __init__(self, suite, rng):
        self.suite, self.rng, self.ended = suite, rng, set()

    def answer(self, entry):
        """What an entry makes somebody say; None: nothing."""
        body, case = entry.body, entry.case_id
        if entry.kind == "offered":
            luck = self.rng.random()
            return None if luck < 0.04 else self.suite.command(
                case, body.engineer, "DECLINE" if luck < 0.3 else "ACCEPT", body.generation)
        if entry.kind == "assigned":
            return self.suite.command(case, body.engineer, "RESTORED")
        if entry.kind == "order_ended" and body.how == "restored":
            self.ended.add(case)
        return None

    def work(self, journal):
        answers = [answer for answer in map(self.answer, journal.read()) if answer]
        if answers:
            journal.append_all(answers)


def hurt(daemons, rng):
    """Kills one at random, or has it killed at a step of its own choice next time."""
    slot = rng.randrange(2)
    if daemons.running[slot].poll() is None:
        daemons.running[slot].kill()
        daemons.running[slot].wait()
    daemons.start(slot, f"{rng.choice(STEPS)}:kill:{rng.randint(2, 30)}")


def is_behind(url):
    """Lanes of which dispatch has not read all."""
    return int(query(url, """SELECT count(*) FROM journal.lane AS l
        LEFT JOIN journal.cursor AS c ON c.lane = l.lane AND c.service = 'dispatch' WHERE c.seq IS DISTINCT FROM l.seq""")[0][0])


def what_is_stuck(journal):
    rows = query(journal.url, """SELECT o.*, c.seq AS cursor, c.owner, now() AS now FROM read.dispatch_order AS o
        JOIN journal.cursor AS c ON c.lane = o.lane AND c.service = 'dispatch' WHERE status <> 'ended'""")
    return "\n".join([repr(row) + "\n" + repr(journal.of(int(row[1]))) for row in rows])


def check_nobody_in_two_places(journal):
    holds = {}
    for entry in journal.entries:
        if entry.kind == "offered":
            holds[(entry.case_id, entry.body.generation)] = [entry.body.engineer, entry.at_us, None]
        ends = entry.kind == "order_ended" or (entry.kind == "offer_ended" and entry.body.how != EV.OFFER_END_ACCEPTED)
        if ends:
            hold = holds[(entry.case_id, entry.body.generation)]
            check(f"{entry}: ended twice", hold[2], None)
            check("whose", entry.body.engineer, hold[0])
            hold[2] = entry.at_us
    by_engineer = {}
    for engineer, start, end in holds.values():
        by_engineer.setdefault(engineer, []).append((start, end))
    for engineer, spans in by_engineer.items():
        spans.sort()
        for (_, end), (start, _) in zip(spans, spans[1:]):
            if end is None or start < end:
                raise AssertionError(f"{engineer} is in two places: {spans}")
    return len(holds)


def check_commands_answered_once(journal):
    owned = {e.body.command_id for e in journal.entries if e.kind == "command_received" and e.body.act in
             (COM.ACT_ACCEPT, COM.ACT_DECLINE)}
    answers = [e.body.command_id for e in journal.entries if e.kind in ("command_applied", "command_refused")]
    check("each accept and decline answered once", sorted(answers), sorted(owned))


def two_that_are_killed(program, seed, count):
    rng = random.Random(seed)
    with Database(ROOMS, {"callout.clock_rate": str(RATE), "callout.lanes": "8"}) as db:
        journal = Journal(db.url, PB)
        journal.apply(1, objects(40))
        suite, daemons = Suite(journal), Daemons(program, db.url)
        engineers = Engineers(suite, rng)
        try:
            for slot in range(2):
                daemons.start(slot)
            cases = suite.tickets(count)
            suite.wanted(cases[::2], policy="patient")
            suite.wanted(cases[1::2], policy="pair")
            limit, next_hurt, hurts = time.monotonic() + 200, time.monotonic() + 1, 0
            while len(engineers.ended) < count:
                engineers.work(journal)
                daemons.restart_the_dead()
                if time.monotonic() > next_hurt and hurts < HURTS:
                    hurt(daemons, rng)
                    hurts += 1
                    next_hurt = time.monotonic() + rng.uniform(3, 6)  # a lease takes 3 s to run out
                if time.monotonic() > limit:
                    raise AssertionError(f"only {len(engineers.ended)} of {count} visits ended; " + what_is_stuck(journal))
                time.sleep(0.1)
            wait_for("all is read", lambda: daemons.restart_the_dead() or is_behind(db.url) == 0)
            journal.read()
            offers = check_nobody_in_two_places(journal)
            check_commands_answered_once(journal)
            check("claims left", claims(db.url), [])
            daemons.restart_the_dead()
            overtaken = sum(e.kind == "offer_ended" and e.body.how == EV.OFFER_END_OVERTAKEN for e in journal.entries)
            print(f"seed {seed}: {count} visits, {offers} offers, {overtaken} of them overtaken, {daemons.starts} starts")
        except Exception:
            print(f"seed {seed}")
            print(daemons.logs())
            daemons.end(keep=True)
            raise
        daemons.end(keep=False)


def main():
    program = os.path.abspath(sys.argv[1])
    seed = int(os.environ.get("CALLOUT_TEST_SEED", "1"))
    seeds = min(int(os.environ.get("CALLOUT_TEST_SEEDS", "1")), MOST_SEEDS[os.environ.get("CALLOUT_TEST_MODE", "quick")])
    step_by_step(program)
    tables_that_were_empty_are_not_read_whole_for_ever(program)
    for i in range(seeds):
        two_that_are_killed(program, seed + i, CASES)
    print(f"Checks: {2 + seeds}, Failures: 0, Errors: 0")


if __name__ == "__main__":
    main()
