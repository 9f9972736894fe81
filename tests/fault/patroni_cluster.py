#!/usr/bin/python3
"""F4 under Patroni and etcd, three members, synchronous mode strict: the leader is killed with -9 under load (Patroni and PostgreSQL),
comes back as a standby, and then another takes over in order. Every daemon goes on, none is restarted, nothing acknowledged is lost.
Not in a quick run."""
import sys
import time

from storm import BACK_S, Storm, main, mode  # finds tests/support, too
from patroni import Patroni, is_there
from suite import wait_for

SEEDS = 1
ROUNDS = {"full": 1, "soak": 20}
TTL_S = 8
RATE = 30
SERVICES = ("intake", "sla", "dispatch", "notify")


class UnderPatroni(Storm):
    rate = RATE

    def __enter__(self):
        self.cluster = Patroni(TTL_S).__enter__()
        self.url = self.cluster.url("callout")
        return super().__enter__()

    def __exit__(self, *how):
        try:
            super().__exit__(*how)
        finally:
            self.cluster.__exit__()


def back(storm, start):
    return ", ".join(f"{name} {storm.wait_back(name, start):.1f} s" for name in SERVICES)


def kill_leader(storm):
    cluster = storm.cluster
    leader, start = cluster.leader(), time.monotonic()
    cluster.kill(leader)
    new = wait_for("another leader", lambda: (found := cluster.leader()) != leader and found, BACK_S, 0.1)
    led = time.monotonic()
    print(f"  {leader} killed, {new} leads after {led - start:.1f} s (ttl {TTL_S} s); since the kill back: {back(storm, start)}", flush=True)
    cluster.start(leader)
    wait_for(f"{leader} follows", cluster.is_whole, 3 * BACK_S, 0.5)


def switch_over(storm):
    leader, start = storm.cluster.leader(), time.monotonic()
    storm.cluster.switch_over()
    led = time.monotonic()
    print(f"  switchover from {leader} to {storm.cluster.leader()} took {led - start:.1f} s; since its begin back: {back(storm, start)}", flush=True)
    wait_for("the old leader follows", storm.cluster.is_whole, 3 * BACK_S, 0.5)


def hurt(storm):
    pids = {name: process.pid for name, process in storm.suite.running.items()}
    for _ in range(ROUNDS[mode()]):
        kill_leader(storm)
        switch_over(storm)
    storm.checks.holds("nobody was restarted", pids, pids == {n: p.pid for n, p in storm.suite.running.items()})


if __name__ == "__main__":
    if mode() == "quick" or not is_there():
        print("skipped: " + ("not in a quick run" if is_there() else "there is no patroni or etcd (packages.txt)"))
        sys.exit(0)
    sys.exit(main("the leader of a Patroni cluster", hurt, SEEDS, kind=UnderPatroni))
