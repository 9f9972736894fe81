#!/usr/bin/python3
"""Four writers and four readers of the journal; messages lost, doubled and reordered; processes killed and stopped.

Each entry takes effect exactly once, in order per lane; what was acknowledged is there; nothing is there that was not
tried. Usage: exactly_once.py JOURNAL_PEER. The seed is printed.
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import Database, psql, query  # noqa: E402

PEERS = 4
STEPS = ["received", "decided", "before_commit", "after_commit", "lease_taken"]
LOSSES = "publish:drop:0.2,publish:double:0.2,publish:hold:0.2"
EFFECTS = """CREATE SCHEMA test;
CREATE TABLE test.effect (lane int2, seq int8, case_id int8, instance text, ord int8 GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (lane, seq));"""


class Peers:
    """Processes by name; each start is a new instance name, as a restarted container would have."""

    def __init__(self, program, url, directory, rng):
        self.program, self.url, self.dir, self.rng = program, url, directory, rng
        self.running, self.starts = {}, 0

    def start(self, role, slot, count=0):
        self.starts += 1
        name = f"{role[0]}{slot}-{self.starts}"
        fault = LOSSES
        if self.rng.random() < 0.5:
            step, action = self.rng.choice(STEPS), self.rng.choice(["kill", "stop"])
            if role == "read" or step in ("before_commit", "after_commit"):
                fault += f",{step}:{action}:{self.rng.randint(3, 60)}"
        env = dict(os.environ, CALLOUT_FAULT=fault, CALLOUT_FAULT_SEED=str(self.starts))
        command = ["setpriv", "--pdeathsig", "KILL", self.program, role, "--url", self.url, "--instance", name, "--endpoint",
                   f"ipc://{self.dir}/{name}", "--ledger", f"{self.dir}/ledger", "--count", str(count), "--group", "20"]
        log = open(f"{self.dir}/{role}{slot}.log", "a")
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        self.running[(role, slot)] = (process, time.monotonic())

    def end_all(self, sign):
        for process, _ in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(sign)
        codes = [process.wait(60) for process, _ in self.running.values()]
        self.running.clear()
        return codes


def acknowledged(directory):
    """How many keys the ledger has with `ack`, and the tried and acknowledged ones."""
    tried, acked = set(), set()
    with open(f"{directory}/ledger") as ledger:
        for line in ledger:
            word, name, first, count = line.split()
            keys = {f"{name}/{i}" for i in range(int(first), int(first) + int(count))}
            (tried if word == "try" else acked).update(keys)
    return tried, acked


def is_stopped(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "T"


def hurt(peers, rng, total):
    """Until `total` keys are acknowledged: kill, stop and start again whoever is there."""
    for slot in range(PEERS):
        peers.start("read", slot)
        peers.start("write", slot, total // PEERS)
    stopped = {}
    limit = time.monotonic() + 240
    while time.monotonic() < limit:
        time.sleep(0.1)  # the pace of the harm, not a wait for a result
        for key, (process, _) in list(peers.running.items()):
            if process.poll() is None and is_stopped(process) and key not in stopped:
                stopped[key] = time.monotonic() + rng.uniform(0.5, 5)
            if key in stopped and time.monotonic() > stopped[key]:
                process.send_signal(signal.SIGCONT)
                del stopped[key]
            if process.poll() is not None:
                process.wait()
                stopped.pop(key, None)
                peers.start(key[0], key[1], total // PEERS)
        if rng.random() < 0.4:
            key = rng.choice(list(peers.running))
            peers.running[key][0].send_signal(rng.choice([signal.SIGKILL, signal.SIGSTOP]))
        if os.path.exists(f"{peers.dir}/ledger") and len(acknowledged(peers.dir)[1]) >= total:
            return
    raise RuntimeError("writers did not get through in 240 s")


def quiet(url, peers, limit_s=60):
    """Whole readers without faults until every cursor stands at its lane's head."""
    peers.end_all(signal.SIGKILL)
    peers.rng = random.Random(0)
    os.environ.pop("CALLOUT_FAULT", None)
    global LOSSES
    LOSSES = ""
    peers.rng.random = lambda: 1.0
    for slot in range(2):
        peers.start("read", slot)
    end = time.monotonic() + limit_s
    behind = ""
    while time.monotonic() < end:
        behind = psql(url, "-c", """SELECT coalesce(sum(l.seq - c.seq), -1) FROM journal.lane l JOIN journal.cursor c USING (lane)
                                    WHERE c.service = 'reader'""")
        if behind == "0":
            return
        time.sleep(0.1)
    raise RuntimeError(f"readers still {behind} entries behind after {limit_s} s")


class Checks:
    def __init__(self):
        self.count = self.failures = 0

    def is_zero(self, what, rows):
        self.count += 1
        if rows:
            self.failures += 1
            print(f"FAILED: {what}: {rows[:5]}")

    def end(self):
        print(f"Checks: {self.count}, Failures: {self.failures}, Errors: 0")
        return 1 if self.failures else 0


def examine(url, directory, checks):
    tried, acked = acknowledged(directory)
    raw = query(url, "SELECT substring(encode(body, 'escape') from '[rw][0-9]-[0-9]+/[0-9]+') FROM journal.entry WHERE kind = 11")
    keys = [row[0] for row in raw]
    print(f"tried {len(tried)} acknowledged {len(acked)} entries {len(keys)} answers "
          + query(url, "SELECT count(*) FROM journal.entry WHERE kind = 35")[0][0])
    checks.is_zero("acknowledged and missing", sorted(acked - set(keys)))
    checks.is_zero("present and never tried", sorted(set(keys) - tried))
    checks.is_zero("present twice", [len(keys) - len(set(keys))] if len(keys) != len(set(keys)) else [])
    checks.is_zero("numbers have gaps", query(url, """SELECT lane, count(*), max(seq) FROM journal.entry GROUP BY lane
                                                      HAVING count(*) <> max(seq) OR min(seq) <> 1"""))
    checks.is_zero("entry without effect", query(url, """SELECT e.lane, e.seq FROM journal.entry e LEFT JOIN test.effect t
                                                         USING (lane, seq) WHERE t.seq IS NULL LIMIT 5"""))
    checks.is_zero("effect without entry", query(url, """SELECT t.lane, t.seq FROM test.effect t LEFT JOIN journal.entry e
                                                         USING (lane, seq) WHERE e.seq IS NULL LIMIT 5"""))
    checks.is_zero("effect out of order", query(url, """SELECT lane, seq FROM (SELECT lane, seq, lag(seq) OVER
        (PARTITION BY lane ORDER BY ord) AS before FROM test.effect) AS t WHERE before > seq LIMIT 5"""))
    checks.is_zero("answers lost or doubled", query(url, """SELECT a.n, b.n FROM
        (SELECT count(*) AS n FROM journal.entry WHERE kind = 11 AND seq % 16 = 0) AS a,
        (SELECT count(*) AS n FROM journal.entry WHERE kind = 35) AS b WHERE a.n <> b.n"""))
    checks.is_zero("time runs backwards in a lane", query(url, """SELECT lane, seq FROM (SELECT lane, seq, at, lag(at) OVER
        (PARTITION BY lane ORDER BY seq) AS before FROM journal.entry) AS t WHERE before > at LIMIT 5"""))


def main():
    mode = os.environ.get("CALLOUT_TEST_MODE", "quick")
    first = int(os.environ.get("CALLOUT_TEST_SEED", "1"))
    seeds = {"quick": 1, "full": 3, "soak": int(os.environ.get("CALLOUT_TEST_SEEDS", "20"))}[mode]
    checks = Checks()
    for seed in range(first, first + seeds):
        rng = random.Random(seed)
        print(f"seed {seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="callout-journal-") as directory, Database() as db:
            psql(db.url, "-c", EFFECTS)
            peers = Peers(sys.argv[1], db.url, directory, rng)
            start = time.monotonic()
            try:
                hurt(peers, rng, 100000)
                hurt_s = time.monotonic() - start
                quiet(db.url, peers)
                checks.is_zero("readers that did not end in order", [c for c in peers.end_all(signal.SIGTERM) if c != 0])
                print(f"processes started {peers.starts}, hurt {hurt_s:.0f} s, caught up after {time.monotonic() - start - hurt_s:.1f} s")
                examine(db.url, directory, checks)
            except Exception:
                for name in sorted(os.listdir(directory)):
                    if name.endswith(".log"):
                        print(name, *open(f"{directory}/{name}").readlines()[-8:], sep="\n  ")
                raise
            finally:
                peers.end_all(signal.SIGKILL)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
