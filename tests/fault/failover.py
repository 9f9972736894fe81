#!/usr/bin/python3
"""F4, F5. The primary dies under load and its synchronous standby is promoted: every daemon goes on, none is restarted, nothing
acknowledged is lost. Before that the standby is frozen and whoever waits for it is cancelled: the server then reports commits
that only it has, and they must not be acknowledged. Afterwards the old primary comes back, writable, first in the list of
hosts: nobody may write there, not when connections are lost, not a process that is new, not while the real one is away."""
import os
import signal
import sys
import time

import storm  # finds tests/support, too
from database import query
from pair import Pair
from storm import BACK_S, Storm, main
from suite import free_port, wait_for

SEEDS = 2
FROZEN_S, ALONE_S = 3, 3
SERVICES = ("intake", "sla", "dispatch", "notify")
CANCEL = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
GIVEN = "SELECT (SELECT sum(seq) FROM journal.lane), (SELECT count(*) FROM intake.receipt), (SELECT sum(epoch) FROM journal.cursor)"


class Failover(Storm):
    def __enter__(self):
        self.pair = Pair([free_port(), free_port()]).__enter__()
        self.pair.a.sql("CREATE DATABASE callout")
        self.url = self.pair.url("callout")
        return super().__enter__()

    def __exit__(self, *how):
        try:
            super().__exit__(*how)
        finally:
            self.pair.__exit__()

    def told(self):
        """The ids of all that is acknowledged."""
        with open(self.ledgers[0]) as ledger:
            return {word[3] for word in (line.split() for line in ledger) if word and word[0] == "ack" and len(word) == 4}

    def wait_silent(self):
        """Until no acknowledgement has come for a second."""
        seen = [self.acknowledged(), time.monotonic()]

        def is_silent():
            if self.acknowledged() != seen[0]:
                seen[:] = self.acknowledged(), time.monotonic()
            return time.monotonic() - seen[1] > 1
        wait_for("no more acknowledgements", is_silent, BACK_S, 0.1)

    def pids(self):
        return {name: process.pid for name, process in self.suite.running.items()}


def freeze(s):
    """The standby stands still; commits that wait for it are cancelled."""
    a, b = s.pair.a, s.pair.b
    receiver = b.process("walreceiver")
    os.kill(receiver, signal.SIGSTOP)
    s.wait_silent()
    cancelled, end = 0, time.monotonic() + FROZEN_S
    while time.monotonic() < end:
        cancelled += int(a.sql(CANCEL))
        time.sleep(0.05)  # the pace of the harm
    only_here = receipts(a)
    s.checks.holds("commits were cancelled while they waited for the standby", cancelled, cancelled > 5)
    return receiver, cancelled, only_here


def receipts(node):
    return {i for i, in query(node.url("callout"), "SELECT id FROM intake.receipt")}


def fail_over(s):
    a, b, pids = s.pair.a, s.pair.b, s.pids()
    receiver, cancelled, only_here = freeze(s)
    a.kill()
    told = s.told()
    startup = b.process("startup")
    os.kill(receiver, signal.SIGKILL)
    wait_for("the standby begins anew", lambda: b.process("startup") not in (None, startup), BACK_S)
    wait_for("the standby recovers", b.is_running, BACK_S)
    wait_for("the standby answers", lambda: try_sql(b, "SELECT 1"), BACK_S)
    lost = len(only_here - receipts(b))  # before it is promoted: what is tried again then keeps its id
    b.promote()
    start = time.monotonic()
    b.set("synchronous_standby_names", "''")
    s.suite.ask_at(b.url("callout"))
    s.checks.is_zero("acknowledged by the old primary, and not replicated", told - receipts(b))
    took = {name: s.wait_back(name, start) for name in SERVICES}
    print(f"  {cancelled} commits cancelled, receipts that only the old primary had {lost}; promoted; acknowledged again after {took['intake']:.1f} s, "
          f"passed: {', '.join(f'{n} {t:.1f} s' for n, t in took.items() if n != 'intake')}", flush=True)
    s.checks.holds("commits that only the old primary had were there to be lost", lost, lost > 0)
    s.checks.is_zero("daemons that ended or were started anew", s.dead() + [n for n, p in s.pids().items() if pids[n] != p])


def try_sql(node, text):
    try:
        return node.sql(text)
    except RuntimeError:
        return None


def given(node):
    return query(node.url("callout"), GIVEN)


def split(s):
    """The old primary is back, and writable, and comes first in the connection string."""
    a, b = s.pair.a, s.pair.b
    with open(f"{a.data}/postgresql.auto.conf", "a") as conf:
        conf.write("synchronous_standby_names = ''\n")
    a.start()
    before = given(a)
    b.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name ~ 'callout|^sla|^dispatch|^notify'")
    s.suite.kill("dispatch-2")
    s.suite.start("dispatch-2")
    took = {name: s.wait_back(name) for name in ("dispatch-2", *SERVICES)}
    b.stop()
    time.sleep(ALONE_S)  # as long as only the wrong one is there
    s.checks.is_zero("written to the primary of the past", [] if given(a) == before else [before, given(a)])
    s.checks.is_zero("daemons that ended", s.dead())
    b.start()
    again = {name: s.wait_back(name) for name in SERVICES}
    s.checks.is_zero("written to the primary of the past", [] if given(a) == before else [before, given(a)])
    for name in SERVICES:
        said = open(f"{s.suite.dir}/{name}.log").read()
        s.checks.holds(f"{name} says why it does not use it", "", "a primary of the past" in said)
    print(f"  the old primary back: others lost for at most {max(took.values()):.1f} s; alone for {ALONE_S} s, then back after "
          f"{max(again.values()):.1f} s; nothing was written there", flush=True)


def hurt(s):
    fail_over(s)
    split(s)


if __name__ == "__main__":
    sys.exit(main("failover", hurt, SEEDS, kind=Failover))
