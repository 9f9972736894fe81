"""A whole suite under load while a test hurts it: two dispatch processes, tickets of which 10 % go on site, commands; then the
checker. What a test hurts, it starts again; everything else must go on by itself."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from busy import BusySuite  # noqa: E402
from examine import Checks, examine  # noqa: E402
from load import Ledger, Load, write_targets  # noqa: E402
from suite import wait_for  # noqa: E402

DAEMONS = ("sla", "dispatch", "dispatch-2", "notify", "intake")
BACKLOG_S = 60   # until everything is worked off at the end
RATE = int(os.environ.get("CALLOUT_FAULT_RATE", "200"))  # tickets/s


def mode():
    return os.environ.get("CALLOUT_TEST_MODE", "quick")


def service_of(name):
    return name.split("-")[0]


class Storm:
    def __init__(self, checks, seed, **env):
        self.checks, self.rng, self.seed, self.env = checks, random.Random(seed), seed, env

    def __enter__(self):
        os.environ.update(self.env)
        self.suite = BusySuite(daemons=DAEMONS)
        self.suite.__enter__()
        write_targets(f"{self.suite.dir}/targets", f"{self.suite.dir}/registry")
        self.load = Load(self.suite, f"{self.suite.dir}/targets", f"storm{self.seed}", ledger=f"{self.suite.dir}/ledger", rate=RATE,
                         connections=4, window=100, onsite=10, commands=20, again_ms=1000, seconds=36000)
        return self

    def acknowledged(self):
        """How many bytes the ledger has: it grows with every answer. New tries alone stop when all slots are in the air."""
        with open(f"{self.suite.dir}/ledger", "rb") as ledger:
            return ledger.read().count(b"\nack ")

    def wait_load(self):
        wait_for("the first acknowledgements", lambda: os.path.exists(f"{self.suite.dir}/ledger") and self.acknowledged() > 50, 30)

    def wait_back(self, name, limit_s, since=None):
        """Until the service of a daemon that was hurt has passed what was in the journal then, or intake acknowledges again."""
        since = since or time.monotonic()
        service, before, heads = service_of(name), self.acknowledged(), self.suite.heads()
        is_back = (lambda: self.acknowledged() > before) if service == "intake" else (lambda: self.suite.has_passed(service, heads))
        try:
            wait_for(f"{name} back", is_back, limit_s + 30)
        except RuntimeError as error:
            print(self.suite.log_end(name))
            self.checks.is_zero(str(error), [self.suite.lags()])
            return limit_s + 30
        took_s = time.monotonic() - since
        self.checks.holds(f"{name} back within {limit_s} s", f"{took_s:.1f} s", took_s <= limit_s)
        return took_s

    def dead(self):
        """Daemons that ended without being asked to."""
        return [n for n, p in self.suite.running.items() if p.poll() is not None]

    def finish(self):
        """Ends the load, waits until all is worked off, compares."""
        self.checks.is_zero("daemons that ended by themselves", self.dead())
        self.load.stop()
        got = self.load.end()
        try:
            took_s = self.suite.wait_quiet(BACKLOG_S)
        except RuntimeError as error:
            self.checks.is_zero(str(error), [self.suite.log_end(n) for n in DAEMONS])
            took_s = BACKLOG_S
        print(f"  {got['rate']:.0f} tickets/s, p99 {got['p99_us'] / 1000:.0f} ms, sent again: busy {got['busy']:.0f} unavailable "
              f"{got['unavailable']:.0f} silent {got['silent']:.0f}; worked off after {took_s:.1f} s", flush=True)
        self.checks.holds("no key of ours was known at its first try", got["strange"], got["strange"] == 0)
        examine(self.checks, self.suite, Ledger(f"{self.suite.dir}/ledger"))

    def __exit__(self, kind=None, *rest):
        for key in self.env:
            os.environ.pop(key, None)
        if self.load.process.poll() is None:
            self.load.process.kill()
            self.load.process.communicate()
        self.suite.__exit__(kind, *rest)
        if kind is None:
            self.checks.is_zero("daemons that did not end in order", [(n, c) for n, c in self.suite.codes.items() if c != 0 and n != "sink"])


def main(title, hurt, env=None):
    """hurt(storm) for each seed; env: of all daemons."""
    first = int(os.environ.get("CALLOUT_TEST_SEED", "1"))
    seeds = {"quick": 1, "full": 2, "soak": int(os.environ.get("CALLOUT_TEST_SEEDS", "20"))}[mode()]
    checks = Checks()
    for seed in range(first, first + seeds):
        print(f"{title}: seed {seed}", flush=True)
        with Storm(checks, seed, **(env(seed) if env else {})) as storm:
            storm.wait_load()
            hurt(storm)
            storm.finish()
    return checks.end()
