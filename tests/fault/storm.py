"""A whole suite under load while a test hurts it: two dispatch processes, tickets of which 10 % go on site, commands; then the
checker. What a test hurts, it starts again; everything else must go on by itself. The first answer is due in seconds instead of half
an hour, so that timers fire meanwhile. How soon something is back is a figure; it fails a test only when it is far beyond any slow
machine."""
import glob
import os
import random
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from busy import BusySuite  # noqa: E402
from examine import Checks, examine  # noqa: E402
from load import Ledger, Load, write_targets  # noqa: E402
from suite import wait_for  # noqa: E402

DAEMONS = ("sla", "dispatch", "dispatch-2", "notify", "intake")
BACK_S = 120     # until something that was hurt works again
BACKLOG_S = 120  # until everything is worked off at the end
PATIENCE_S = 240  # until the client gives a ticket up as unknown, which fails the test
DUE_S = 5        # what is due so soon after the end is waited for, too
# Visits are offered at once; the first answer is due soon; who may have more than one visit may have many, so that offers go on when the others are taken.
REWRITE = (("    confirm: [5m, 5m, 10m, 30m]\n", ""), ("targets: {1: 30m, 2: 30m, 3: 30m, 4: 15m}", "targets: {1: 4s, 2: 4s, 3: 4s, 4: 2s}"),
           ("skill: 3, capacity: 2}", "skill: 3, capacity: 100}"))
RATE = int(os.environ.get("CALLOUT_FAULT_RATE", "60"))  # tickets/s; each brings three timers and eight notices


def mode():
    return os.environ.get("CALLOUT_TEST_MODE", "quick")


def service_of(name):
    return name.split("-")[0]


def seeds(most):
    """How many seeds this run tries, `most` at most."""
    return min(most, int(os.environ.get("CALLOUT_TEST_SEEDS", {"quick": 1, "full": 3, "soak": 100}[mode()])))


class Storm:
    """A kind of storm of its own overrides these, and settle() and examine()."""

    daemons, rewrite, rate = DAEMONS, REWRITE, RATE
    url = None  # of a database that the test has made; None: one of its own
    onsite, losing = 10, 0  # per cent of the tickets; of so many mails one answer is lost, 0: none

    def __init__(self, checks, seed, **env):
        self.checks, self.rng, self.seed, self.env = checks, random.Random(seed), seed, env
        self.failures = checks.failures

    def __enter__(self):
        os.environ.update(self.env)
        self.suite = self.make_suite()
        self.suite.__enter__()
        self.ledgers = [f"{self.suite.dir}/ledger"]
        write_targets(f"{self.suite.dir}/targets", f"{self.suite.dir}/registry")
        self.load = Load(self.suite, f"{self.suite.dir}/targets", f"storm{self.seed}", ledger=self.ledgers[0], rate=self.rate,
                         connections=4, window=100, onsite=self.onsite, commands=20, again_ms=1000, seconds=36000, patience=PATIENCE_S)
        return self

    def make_suite(self):
        return BusySuite(daemons=self.daemons, url=self.url, rewrite=self.rewrite, losing=self.losing)

    def acknowledged(self):
        """How many answers the ledger has. New tries alone stop when all slots are in the air."""
        with open(self.ledgers[0], "rb") as ledger:
            return ledger.read().count(b"\nack ")

    def wait_load(self):
        wait_for("the first acknowledgements", lambda: os.path.exists(self.ledgers[0]) and self.acknowledged() > 50, BACK_S)

    def wait_back(self, name, since=None):
        """Until the service of a daemon that was hurt has passed what was in the journal then, or intake acknowledges again; how
        long that took."""
        since = since or time.monotonic()
        service, before, heads = service_of(name), self.acknowledged(), self.suite.heads()
        is_back = (lambda: self.acknowledged() > before) if service == "intake" else (lambda: self.suite.has_passed(service, heads))
        left = []
        try:
            wait_for(f"{name} back", is_back, BACK_S, 0.1)
        except RuntimeError:
            left = [self.suite.lags()]
        self.checks.is_zero(f"{name} not back within {BACK_S} s", left)
        return time.monotonic() - since

    def dead(self):
        """Daemons that ended without being asked to."""
        return [n for n, p in self.suite.running.items() if p.poll() is not None]

    def finish(self):
        """Ends the load, waits until all is worked off, stops everything in order, compares."""
        self.checks.is_zero("daemons that ended by themselves", self.dead())
        self.load.stop()
        got = self.load.end()
        self.settle()
        took_s, left = BACKLOG_S, []
        try:
            took_s = self.suite.wait_quiet(BACKLOG_S, due_s=DUE_S)
        except RuntimeError as error:
            left = [str(error)]
        self.checks.is_zero("not worked off", left)
        print(f"  {got['rate']:.0f} tickets/s, p99 {got['p99_us'] / 1000:.0f} ms, sent again: busy {got['busy']:.0f} unavailable "
              f"{got['unavailable']:.0f} silent {got['silent']:.0f}; worked off after {took_s:.1f} s", flush=True)
        self.checks.holds("no key of ours was known at its first try", got["strange"], got["strange"] == 0)
        self.suite.stop()
        self.checks.is_zero("daemons that did not end in order", [(n, c) for n, c in self.suite.codes.items() if c != 0 and n != "sink"])
        self.examine()

    def settle(self):
        """What is to be done once no more tickets come."""

    def examine(self):
        examine(self.checks, self.suite, Ledger(*self.ledgers))

    def __exit__(self, kind=None, *rest):
        for key in self.env:
            os.environ.pop(key, None)
        if self.load.process.poll() is None:
            self.load.process.kill()
            self.load.process.communicate()
        self.suite.stop()
        if kind is not None or self.checks.failures > self.failures or "CALLOUT_FAULT_KEEP" in os.environ:
            self.keep()
        self.suite.__exit__()

    def keep(self):
        """What each daemon and the client said, for whoever looks for the cause."""
        target = f"{os.environ.get('CALLOUT_TEST_DIR', '/tmp')}/{os.path.basename(sys.argv[0])}-seed-{self.seed}"
        os.makedirs(target, exist_ok=True)
        for path in (*glob.glob(f"{self.suite.dir}/*.log"), *self.ledgers):
            if os.path.exists(path):
                shutil.copy(path, target)
        print(f"  logs and ledger of seed {self.seed}: {target}", flush=True)


def main(title, hurt, most_seeds, env=None, kind=Storm):
    """hurt(storm) for each seed; env: of all daemons."""
    first = int(os.environ.get("CALLOUT_TEST_SEED", "1"))
    checks = Checks()
    for seed in range(first, first + seeds(most_seeds)):
        print(f"{title}: CALLOUT_TEST_SEED={seed}, {mode()}", flush=True)
        with kind(checks, seed, **(env(seed) if env else {})) as storm:
            storm.wait_load()
            hurt(storm)
            storm.finish()
    return checks.end()
