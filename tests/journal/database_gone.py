#!/usr/bin/python3
"""PostgreSQL is restarted in the middle: fast, immediate, killed; and for a while its synchronous standby is away. What was acknowledged is
there, each entry takes effect once, writing goes on; that it does within 5 s is the aim. Usage: database_gone.py JOURNAL_PEER. Starts a server of its own, with fsync.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

import exactly_once
from peers import ROOT, World, end, psql, wait

WAYS = [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL]
SCRIPT = os.path.join(ROOT, "scripts", "postgres")
ROUNDS = {"quick": 1, "full": 5, "soak": 17}
OUTAGE_S = 16  # four tries of each connection
OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


def postgres(verb, directory):
    return subprocess.run([SCRIPT, verb, directory], check=True, capture_output=True, text=True).stdout.strip()


def acknowledged(world):
    """A condition for wait(): more is acknowledged than when it was made."""
    def count():
        path = f"{world.dir}/ledger"
        return open(path).read().count("ack ") if os.path.exists(path) else 0
    before = count()

    def look():
        now = count()
        return True if now >= before + 20 else f"{now - before} groups"
    return look


def hurt(world, server, checks):
    for i in range(2):
        world.start("read", f"r{i}-1")
        world.start("write", f"w{i}-1", "--count", "100000000", "--group", "20")
    wait("writing", acknowledged(world))
    for way in WAYS * ROUNDS[os.environ.get("CALLOUT_TEST_MODE", "quick")]:
        pid = int(postgres("status", server).split()[-1])
        os.kill(pid, way)
        wait("the server is gone", lambda p=pid: not os.path.exists(f"/proc/{p}"))
        postgres("start", server)
        back = wait(f"writing again after {way.name}", acknowledged(world))
        print(f"{way.name}: writing again after {back:.1f} s", flush=True)


def expect_standby(url, name):
    psql(url, "-c", f"ALTER SYSTEM SET synchronous_standby_names = '{name}'", "-c", "SELECT pg_reload_conf()")


def miss_standby(world, checks):
    """Each session that is begun waits for the standby; whoever gives it up must not leave its backend behind."""
    def count(where=""):
        return int(psql(world.url, "-c", f"SELECT count(*) {OTHERS} {where}"))
    before = count()
    expect_standby(world.url, "nobody")
    wait("commits wait", lambda: count("AND wait_event = 'SyncRep'") > 0)
    psql(world.url, "-c", f"SELECT pg_terminate_backend(pid) {OTHERS}")
    wait("sessions wait", lambda: count("AND wait_event = 'SyncRep' AND query ~ 'pg_backend_pid'") > 0)
    time.sleep(OUTAGE_S)
    after = count()
    checks.is_zero("backends left behind by sessions that waited for a standby", [(before, after)] if after > 2 * before else [])
    expect_standby(world.url, "")
    back = wait("writing again after the standby was given up", acknowledged(world))
    print(f"standby away: {before} backends before, {after} after {OUTAGE_S} s; writing again after {back:.1f} s", flush=True)


def main():
    checks = exactly_once.Checks()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="callout-gone-", dir=os.environ.get("CALLOUT_TEST_DIR")) as directory:
        server = f"{directory}/pg"
        os.environ["CALLOUT_TEST_PG_URL"] = postgres("start", server)
        try:
            with World(sys.argv[1], {"callout.lanes": "16"}) as world:
                world.sql.close()
                hurt(world, server, checks)
                miss_standby(world, checks)
                world.open_session()
                for process in world.processes[1::2]:
                    process.kill()
                    process.wait()
                caught_up = wait("all read", world.caught_up())
                codes = [end(process) for process in world.processes[0::2]]
                checks.is_zero("readers that did not end in order", [c for c in codes if c != 0])
                exactly_once.examine(world.url, world.dir, checks)
                print(f"caught up after {caught_up:.1f} s, {time.monotonic() - start:.0f} s in all")
        finally:
            postgres("remove", server)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
