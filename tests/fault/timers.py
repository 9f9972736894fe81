#!/usr/bin/python3
"""Timers on bad days: sla killed at each step of a turn, lanes taken over, an owner that stands still beyond its lease, the database
away, the domain clock stepped forwards and backwards, each while timers fall due. Afterwards each that is due was announced once, none
early, and callout audit timers adds up. A second sla stands by. How late they were is a figure."""
import json
import os
import random
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from busy import BusySuite  # noqa: E402
from database import ROOT, query  # noqa: E402
from examine import Checks, examine_refold, fired, out_of_order, read_cases, said_twice  # noqa: E402
from server import Server  # noqa: E402
from suite import wait_for  # noqa: E402

sys.path.insert(0, f"{ROOT}/clients/python")
import callout  # noqa: E402

SEEDS = 20
WAVE = {"quick": 40, "full": 60, "soak": 200}           # cases before each harm
SPREAD_S = {"quick": 6, "full": 8, "soak": 20}          # over which their first timers fall due
AWAY_S = {"quick": 4, "full": 20, "soak": 300}          # the database
STOPPED_S = {"quick": 5, "full": 8, "soak": 60}         # an owner; its lease lasts 3 s
STEPS = ["received", "decided", "before_commit", "after_commit", "lease_taken"]
SETTLED_S = 240
MINUTE_US = 60 * 1000000
# Minutes after the report at which something of level 2 falls due: 15, 24, 30, 48, 60 (policies/storage-after-sales.yaml).
MOMENTS = [15, 24, 30, 48, 60]


def mode():
    return os.environ.get("CALLOUT_TEST_MODE", "quick")


class Day:
    def __init__(self, checks, seed):
        self.checks, self.rng, self.seed, self.waves, self.stepped_us = checks, random.Random(seed), seed, 0, 0

    def __enter__(self):
        self.server = Server().__enter__()  # flushes: what was acknowledged is there after any harm
        self.suite = BusySuite(daemons=("sla", "sla-2", "intake"))
        try:
            self.suite.__enter__()
        except BaseException:
            self.server.__exit__()
            raise
        keys = dict(line.strip().split(" = ") for line in open(f"{self.suite.dir}/keys/sample.key") if " = " in line)
        self.client = callout.Client(self.suite.endpoint, self.suite.public("intake"), keys["public"], keys["secret"])
        return self

    def __exit__(self, *how):
        self.suite.__exit__(*how)
        self.server.__exit__()

    def wave(self):
        """Cases whose next timers fall due within seconds; some are answered, now or in a moment, so that timers are cancelled, too."""
        self.waves += 1
        now_us = int(time.time() * 1e6) + self.stepped_us
        for i in range(WAVE[mode()]):
            ahead_us = int(self.rng.uniform(1, SPREAD_S[mode()]) * 1e6)
            reported_us = now_us + ahead_us - self.rng.choice(MOMENTS) * MINUTE_US
            number = self.client.submit(customer="haihe-bank", site="haihe-beijing", product="storage", title="array down", stated_severity=2,
                                        occurred_us=reported_us, key=f"w{self.waves}-{i}").number
            if self.rng.random() < 0.3:
                try:
                    self.client.command(number, "contacted", occurred_us=reported_us + self.rng.randrange(0, 14 * MINUTE_US))
                except callout.Refused:
                    pass

    def back(self, name):
        """Starts a daemon (again)."""
        self.suite.start(name)
        self.suite.wait_ready(name)

    # -- what is done to it

    def killed_at(self, step):
        self.suite.kill("sla", signal.SIGTERM)
        self.wave()
        self.suite.start("sla", env={"CALLOUT_FAULT": f"{step}:kill:{1 if step == 'lease_taken' else self.rng.randint(1, 20)}"})
        process = self.suite.running["sla"]
        wait_for(f"sla dies at {step}", lambda: process.poll() is not None or not self.due(), 60)
        if process.poll() is None:
            self.suite.kill("sla")
        self.back("sla")

    def killed(self):
        self.wave()
        time.sleep(self.rng.uniform(0.5, SPREAD_S[mode()] / 2))  # the moment of the harm, not a wait for a result
        self.suite.kill("sla")
        wait_for("the other has all lanes", lambda: len(self.owners()) == 1, 60)
        self.back("sla")
        wait_for("shared again", lambda: len(self.owners()) == 2, 60)

    def stopped(self):
        self.wave()
        self.suite.kill("sla-2", signal.SIGSTOP)
        time.sleep(STOPPED_S[mode()])  # the length of the harm
        self.suite.kill("sla-2", signal.SIGCONT)

    def database_away(self):
        self.wave()
        self.server.stop("immediate")
        time.sleep(AWAY_S[mode()])
        self.server.start()
        self.suite.session.close()

    def clock_step(self, seconds):
        self.wave()
        time.sleep(self.rng.uniform(0.5, 2))
        self.suite.rows(f"UPDATE journal.clock SET anchor_domain = anchor_domain + {seconds} * interval '1 s'")
        self.stepped_us += seconds * 1000000
        self.wave()

    # -- what becomes of it

    def due(self):
        """Cases whose timer falls due within the spread of a wave."""
        return int(self.suite.rows(f"""SELECT count(*) FROM sla.case, journal.clock
            WHERE next_at < anchor_domain + (clock_timestamp() - anchor_real) * rate + interval '{SPREAD_S[mode()]} s'""")[0][0])

    def owners(self):
        return {owner for (owner,) in self.suite.rows("SELECT DISTINCT owner FROM journal.cursor WHERE service = 'sla' AND owner IS NOT NULL")}

    def settled(self):
        lag = int(self.suite.rows("SELECT coalesce(sum(l.seq - c.seq), 0) FROM journal.cursor c JOIN journal.lane l USING (lane) WHERE service = 'sla'")[0][0])
        return lag == 0 and self.due() == 0

    def finish(self):
        left = []
        try:
            wait_for("all announced", self.settled, SETTLED_S, 0.2)
        except RuntimeError as error:
            left = [str(error)]
        self.checks.is_zero("not settled", left)
        self.examine()

    def examine(self):
        cases = read_cases(self.suite.url)
        timers = list(fired(cases))
        self.checks.holds("all waves are there", len(cases), len(cases) >= self.waves * WAVE[mode()])
        self.checks.is_zero("announced twice", said_twice(cases))
        self.checks.is_zero("out of order in its case", out_of_order(cases))
        self.checks.is_zero("timer early", [t for t in timers if t[3] < t[2]])
        self.checks.is_zero("parked", query(self.suite.url, "SELECT service, case_id, reason FROM journal.parked LIMIT 5"))
        done = self.suite.callout("audit", "timers", "--grace", "1s", "-o", "json", check=False)
        report = json.loads(done.stdout) if done.stdout.startswith("{") else {"differences": [done.stderr], "counts": [], "lateness": {}}
        self.checks.is_zero("timers that do not add up", report.get("differences", []))
        sums = {what: sum(int(c.get(what, 0)) for c in report["counts"]) for what in ("armed", "fired", "cancelled", "pending", "taken_back")}
        self.checks.holds("there was something to prove", sums, min(sums["fired"], sums["cancelled"], sums["pending"]) > WAVE[mode()])
        examine_refold(self.checks, self.suite)
        counted = [float(n) for name in ("sla", "sla-2") for n in re.findall(r"callout_sla_timer_lateness_seconds_count (\S+)", self.suite.metrics(name))]
        self.checks.holds("lateness is published", counted, len(counted) == 2 and sum(counted) > 0)
        late = {k: int(report["lateness"].get(k, 0)) / 1000 for k in ("p50_us", "p99_us", "most_us")}
        print(f"  {sums}; late ms: half {late['p50_us']:.0f}, 99 % {late['p99_us']:.0f}, most {late['most_us']:.0f}", flush=True)


def harms(day):
    steps = [lambda step=step: day.killed_at(step) for step in (STEPS if mode() == "soak" else day.rng.sample(STEPS, 3))]
    rest = [day.killed, day.stopped, day.database_away, lambda: day.clock_step(20), lambda: day.clock_step(-10)]
    everything = steps + rest
    day.rng.shuffle(everything)
    return everything


def main():
    first = int(os.environ.get("CALLOUT_TEST_SEED", "1"))
    count = min(SEEDS, int(os.environ.get("CALLOUT_TEST_SEEDS", {"quick": 1, "full": 2, "soak": 20}[mode()])))
    checks = Checks()
    for seed in range(first, first + count):
        print(f"timers on bad days: CALLOUT_TEST_SEED={seed}, {mode()}", flush=True)
        with Day(checks, seed) as day:
            for harm in harms(day):
                harm()
            day.finish()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
