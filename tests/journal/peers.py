"""Readers of the journal for tests that hurt one thing at a time, and entries written by hand."""
import concurrent.futures
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT, Database, psql  # noqa: E402, F401

TABLES = """CREATE SCHEMA test;
CREATE TABLE test.effect (lane int2, seq int8, case_id int8, instance text, ord int8 GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (lane, seq));
CREATE TABLE test.timer (lane int2, case_id int8, next_at timestamptz, PRIMARY KEY (lane, case_id));
CREATE TABLE test.fired (lane int2, case_id int8, next_at timestamptz,
  ord int8 DEFAULT nextval('test.effect_ord_seq'));"""
APPEND = """WITH counter AS (UPDATE journal.lane SET seq = seq + {n}, at = greatest(at, clock_timestamp())
                  WHERE lane = {lane} RETURNING seq - {n} AS before, at)
INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
SELECT {lane}, before + i, at, case_id, {kind}, '{body}'
  FROM counter, unnest(ARRAY[{cases}]::int8[]) WITH ORDINALITY AS e (case_id, i)"""


class Session:
    """A session that stays open: quick to ask, and able to hold a transaction. Ends with its process."""

    def __init__(self, url):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", url],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rows(self, sql):
        """The rows of the last statement, as lists of text."""
        self.process.stdin.write(sql + ";\n\\echo =done=\n")
        self.process.stdin.flush()
        found = []
        for line in self.process.stdout:
            if line == "=done=\n":
                return found
            found.append(line.rstrip("\n").split("\t"))
        raise RuntimeError(self.process.stderr.read().strip())

    def value(self, sql):
        rows = self.rows(sql)
        return rows[0][0] if rows else ""

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def wait(what, is_true, limit_s=60):
    """Polls until is_true() says True; the failure says what it said last. Returns the seconds it took."""
    start = time.monotonic()
    while time.monotonic() - start < limit_s:
        saw = is_true()
        if saw is True:
            return time.monotonic() - start
        time.sleep(0.03)
    raise RuntimeError(f"not within {limit_s} s: {what}; last seen: {saw}")


class World:
    """A database, a directory and the processes of one test."""

    def __init__(self, program, settings=None, url=None):
        self.program = program
        self.database = Database(settings=settings or {"callout.lanes": "2"}) if url is None else None
        self.given_url = url

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="callout-journal-")
        self.dir, self.processes = self.directory.name, []
        self.healed = f"{self.dir}/healed"
        self.url = self.given_url or self.database.__enter__().url
        if self.database is not None:
            psql(self.url, "-c", TABLES)
        self.open_session()
        return self

    def open_session(self):
        self.sql = Session(self.url)

    def __exit__(self, kind, *_):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        if kind is not None:
            for name in sorted(os.listdir(self.dir)):
                if name.endswith(".log"):
                    print(name, *open(f"{self.dir}/{name}").readlines()[-12:], sep="\n  ")
        self.sql.close()
        if self.database is not None:
            self.database.__exit__()
        self.directory.cleanup()

    def start(self, role, name, *more, fault="", url=None):
        env = dict(os.environ, CALLOUT_FAULT=fault)
        log = open(f"{self.dir}/{name}.log", "a")
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self.program, role, "--url", url or self.url, "--instance", name, "--endpoint",
                                    f"ipc://{self.dir}/{name}", "--healed", self.healed, "--ledger",
                                    f"{self.dir}/ledger", *more], env=env, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def append(self, lane, cases, body="\\x5a00", kind=11):
        """One transaction of entries; the default body is an empty CommandReceived."""
        self.sql.rows(APPEND.format(n=len(cases), lane=lane, kind=kind, body=body, cases=",".join(map(str, cases))))

    def equals(self, sql, wanted):
        """A condition for wait(): the one value of the query is `wanted`."""
        def look():
            got = self.sql.value(sql)
            return True if got == wanted else f"{got} instead of {wanted}"
        return look

    def caught_up(self):
        return self.equals("""SELECT coalesce(sum(l.seq - c.seq), -1) FROM journal.lane l JOIN journal.cursor c USING (lane)
                              WHERE c.service = 'reader'""", "0")

    def heal(self, yes=True):
        if yes:
            open(self.healed, "w").close()
        else:
            os.remove(self.healed)

    def log_of(self, name):
        return open(f"{self.dir}/{name}.log").read()


def end(process, limit_s=60):
    """Ends a process in order and returns its exit code."""
    process.terminate()
    return process.wait(limit_s)


class Checks:
    def __init__(self):
        self.count = self.failures = 0

    def same(self, what, got, wanted):
        self.count += 1
        if got != wanted:
            self.failures += 1
            print(f"FAILED: {what}: {got!r}, wanted {wanted!r}", flush=True)

    def holds(self, what, is_true, saw=""):
        self.same(f"{what} {saw}".strip(), bool(is_true), True)

    def end(self):
        print(f"Checks: {self.count}, Failures: {self.failures}, Errors: 0")
        return 1 if self.failures else 0


def run(program, tests, at_once=4):
    """Runs the tests (functions of a World and Checks), each in a world of its own, some at a time: they mostly wait. A test
    that raises has failed. Further arguments of the program name the tests wanted."""
    checks = Checks()

    def one(test):
        start = time.monotonic()
        try:
            with World(program, getattr(test, "settings", None)) as world:
                test(world, checks)
        except Exception as why:  # pylint: disable=broad-except
            checks.same(test.__name__, f"{type(why).__name__}: {why}", "no exception")
        print(f"{test.__name__} {time.monotonic() - start:.1f} s", flush=True)

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, [t for t in tests if not sys.argv[2:] or t.__name__ in sys.argv[2:]]))
    return checks.end()
