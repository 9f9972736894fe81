#!/usr/bin/python3
"""Bad days of intake by itself: killed at each step, its PostgreSQL away, under load. What was acknowledged is there, once, under the
number that was told. Usage: test_intake_days.py"""
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import psql, query  # noqa: E402
from server import Server  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from wire import M, Checks, Wire, code  # noqa: E402

STEPS = ["received", "decoded", "before_commit", "after_commit", "before_reply", "after_reply"]
ARRIVED = M["Command"].DESCRIPTOR.fields_by_name["act"].enum_type.values_by_name["ACT_ARRIVED"].number
WINDOW, AGAIN_S, AWAY_S = 200, 2.0, 6


def is_true(what, value, seen=""):
    if not value:
        raise AssertionError(f"{what}: {seen!r}")


class Poster(threading.Thread):
    """Keeps WINDOW tickets in flight, sends again what is not answered, remembers what was answered."""

    def __init__(self, suite, name):
        super().__init__(daemon=True)
        self.suite, self.name_, self.acked, self.codes, self.stopping, self.problem = suite, name, {}, {}, False, None
        self.open, self.next, self.is_done = {}, 0, False

    def run(self):
        try:
            with Wire(self.suite.endpoint, self.suite.public("intake"), f"{self.suite.dir}/keys/sample.key") as wire:
                while not (self.stopping and not self.open):
                    self.turn(wire)
            self.is_done = True
        except Exception as problem:  # told by whoever waits for us
            self.problem = problem

    def turn(self, wire):
        now = time.monotonic()
        while len(self.open) < WINDOW and not self.stopping:
            self.open[f"{self.name_}-{self.next}"] = 0
            self.next += 1
        for key, sent in list(self.open.items()):
            if now - sent > AGAIN_S:
                self.open[key] = now
                wire.socket.send(self.request(key))
        reply = wire.receive(0.1)
        while reply is not None:
            self.take(reply)
            reply = wire.receive(0)

    def request(self, key):
        from wire import M
        return M["Request"](request_id=key, submit=dict(key=key, title=key)).SerializeToString()

    def take(self, reply):
        self.codes[code(reply)] = self.codes.get(code(reply), 0) + 1
        if code(reply) == "ok":
            self.open.pop(reply.request_id, None)
            number = self.acked.setdefault(reply.request_id, reply.submitted.case_id)
            is_true("one key, one number", number == reply.submitted.case_id, reply.request_id)

    def end(self):
        self.stopping = True
        wait_for("everything is acknowledged", lambda: self.is_done or self.problem, 120)
        if self.problem:
            raise self.problem


def count(poster):
    return len(poster.acked)


def goes_on(poster, limit_s=60):
    before = count(poster)
    wait_for("acknowledgements go on", lambda: count(poster) > before + 50 or poster.problem, limit_s)


def examine(suite, poster):
    rows = dict(query(suite.url, f"SELECT key, id FROM intake.receipt WHERE key LIKE '{poster.name_}-%'"))
    lost = [k for k, case in poster.acked.items() if rows.get(k) != str(case)]
    is_true("acknowledged and lost, or under another number", not lost, lost[:5])
    is_true("all that was posted is there", len(rows) == poster.next == count(poster), (len(rows), poster.next, count(poster)))
    is_true("numbers are used once", len(set(rows.values())) == len(rows))
    per_case = query(suite.url, "SELECT case_id FROM journal.entry WHERE kind = 10 GROUP BY case_id HAVING count(*) <> 1")
    is_true("one entry for each ticket", not per_case, per_case[:5])
    whole = "SELECT count(*) FROM intake.receipt r FULL JOIN (SELECT DISTINCT lane, case_id FROM journal.entry WHERE kind = 10) e" \
            " ON e.lane = r.lane AND e.case_id = r.id WHERE r.id IS NULL OR e.case_id IS NULL"
    is_true("receipts and entries belong together", query(suite.url, whole) == [["0"]])
    gaps = query(suite.url, "SELECT lane FROM journal.entry GROUP BY lane HAVING count(*) <> max(seq) OR min(seq) <> 1")
    is_true("numbers of the journal have no gaps", not gaps, gaps)
    print(f"        {count(poster)} tickets, replies {poster.codes}", flush=True)


def nothing_acknowledged_is_lost_when_intake_is_killed_at_any_step(suite, server):
    poster = Poster(suite, "killed")
    poster.start()
    goes_on(poster)
    for n, step in enumerate(STEPS):
        suite.kill("intake")
        suite.start("intake", env={"CALLOUT_FAULT": f"{step}:kill:{20 + 17 * n}"})
        process = suite.running["intake"]
        wait_for(f"intake dies at {step}", lambda: process.poll() is not None, 90)
        is_true("of the fault", process.returncode == -9, process.returncode)
        suite.start("intake")
        goes_on(poster)
    poster.end()
    examine(suite, poster)


def nothing_acknowledged_is_lost_when_the_database_goes_away(suite, server):
    poster = Poster(suite, "away")
    poster.start()
    goes_on(poster)
    process = suite.running["intake"]
    for how in ("fast", "kill"):
        server.stop(how)
        with Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/sample.key") as wire:
            is_true("a ping is answered", code(wire.ask(ping={})) == "ok")
            is_true("a question is not kept waiting", code(wire.ask(query=dict(what=2))) == "unavailable")
        time.sleep(AWAY_S)
        server.start()
        goes_on(poster)
    is_true("nobody was restarted", process.poll() is None)
    poster.end()
    examine(suite, poster)


def whoever_waits_too_long_is_told(suite, server):
    server.stop("fast")
    try:
        with Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/sample.key") as wire:
            start = time.monotonic()
            reply = wire.ask(submit=dict(key="patience", title="t"), limit_s=60)
            is_true("told", code(reply) == "unavailable" and reply.error.retry_after_ms > 0, code(reply))
            is_true("after its patience", 8 < time.monotonic() - start, time.monotonic() - start)
    finally:
        server.start()
    with Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/sample.key") as wire:
        wait_for("taken", lambda: code(wire.ask(submit=dict(key="patience", title="t"))) == "ok")


def wire_of(suite):
    return Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/sample.key")


def what_is_durable_is_said_though_the_database_went_away(suite, server):
    taken = "SELECT count(*) FROM intake.receipt WHERE key LIKE 'durable-%'"
    with wire_of(suite) as wire:
        number = wire.ask(submit=dict(key="durable-case", title="t")).submitted.number
        ticket = wire.send(submit=dict(key="durable-ticket", title="t", wait_ms=3000))
        command = wire.send(command=dict(key="durable-command", number=number, act=ARRIVED, wait_ms=3000))
        wait_for("taken", lambda: query(suite.url, taken) == [["3"]])
        server.stop("fast")
        try:
            got = {reply.request_id: reply for reply in (wire.receive(10), wire.receive(10))}
        finally:
            server.start()
    is_true("the ticket", code(got[ticket]) == "ok" and got[ticket].submitted.number != "", got)
    is_true("the command", code(got[command]) == "pending" and got[command].verdict.command_id > 0, got)


HALVED = """CREATE FUNCTION public.halved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF NEW.key = 'half-!' THEN RAISE check_violation; END IF;
IF NEW.key LIKE 'half-%' THEN PERFORM pg_sleep(1); END IF;
RETURN NEW; END $$;
CREATE TRIGGER halved BEFORE INSERT ON intake.receipt FOR EACH ROW EXECUTE FUNCTION public.halved()"""


def whoever_is_in_a_halved_group_is_told_as_well(suite, server):
    with wire_of(suite) as wire:
        number = wire.ask(submit=dict(key="case-of-halves", title="t")).submitted.number
        psql(suite.url, "-c", HALVED)
        keys = [f"half-{i}" for i in range(8)] + ["half-!"]  # first in its group
        sent = {wire.send(command=dict(key=key, number=number, act=ARRIVED)) for key in keys}
        refused = 'callout_intake_groups_total{end="refused"}'
        wait_for("halved", lambda: any(line.startswith(refused) and float(line.split()[1]) > 0 for line in suite.metrics("intake").splitlines()))
        server.stop("kill")
        try:
            for _ in keys:
                reply = wire.receive(20)
                is_true("told", reply is not None and code(reply) in ("unavailable", "pending", "invalid"), sent)
                sent.discard(reply.request_id)
        finally:
            server.start()
    psql(suite.url, "-c", "DROP TRIGGER IF EXISTS halved ON intake.receipt", "-c", "DROP FUNCTION public.halved()")
    is_true("each", not sent, sent)


def an_orderly_end_answers_a_change_that_waits_for_the_registry(suite, server):
    control = "SELECT pid FROM pg_stat_activity WHERE application_name = 'callout control'"
    wait_for("connected", lambda: query(suite.url, control))
    backend = int(query(suite.url, control)[0][0])
    thing = dict(product=dict(key="waits", name=dict(en="waits")))
    with Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/admin.key") as wire:
        wire.ask(ping={})
        os.kill(backend, signal.SIGSTOP)  # stored on another connection, but not read
        try:
            wire.send(apply=dict(change_id="waits", part=1, last=True, objects=[thing]))
            wait_for("stored", lambda: query(suite.url, "SELECT count(*) FROM registry.version WHERE change_id = 'waits'") == [["1"]])
            suite.running["intake"].send_signal(signal.SIGTERM)
            reply = wire.receive(10)
            is_true("answered", reply is not None and code(reply) == "unavailable", reply)
            time.sleep(1)  # beats go on while it ends
        finally:
            os.kill(backend, signal.SIGCONT)
        is_true("in order", suite.running["intake"].wait(25) == 0, suite.running["intake"].returncode)
    suite.start("intake")
    suite.wait_ready("intake")


def an_orderly_end_answers_what_was_taken(suite, server):
    with Wire(suite.endpoint, suite.public("intake"), f"{suite.dir}/keys/sample.key") as wire:
        wire.ask(ping={})
        sent = {wire.send(submit=dict(key=f"end-{i}", title="t", wait_ms=10000)) for i in range(100)}
        wait_for("taken", lambda: query(suite.url, "SELECT count(*) FROM intake.receipt WHERE key LIKE 'end-%'") == [["100"]])
        is_true("in order", suite.kill("intake", 15) == 0)
        for _ in range(100):
            reply = wire.receive(5)
            is_true("answered", reply is not None and code(reply) == "ok")
            sent.discard(reply.request_id)
        is_true("each", not sent, len(sent))


TESTS = [nothing_acknowledged_is_lost_when_intake_is_killed_at_any_step, nothing_acknowledged_is_lost_when_the_database_goes_away,
         whoever_waits_too_long_is_told, what_is_durable_is_said_though_the_database_went_away,
         whoever_is_in_a_halved_group_is_told_as_well,
         an_orderly_end_answers_a_change_that_waits_for_the_registry, an_orderly_end_answers_what_was_taken]


def main():
    checks = Checks()
    with Server() as server, Suite(daemons=("intake",), registry=("calendars", "policies", "samples/registry")) as suite:
        checks.run(TESTS, suite, server)
        if checks.failures:
            print(suite.log_end("intake", 40))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
