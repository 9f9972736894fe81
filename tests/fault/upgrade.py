#!/usr/bin/python3
"""F16. A rolling upgrade under load: the suite of the previous release runs, the schema is brought up to date beneath it, then each daemon
is replaced by this release, in an order by chance. Both releases work side by side meanwhile, one goes back to the old release and forward
again, nothing is lost and nothing doubled. Usage: upgrade.py [DIR where the previous release is, or is to be built]"""
import os
import subprocess
import sys
import time

from storm import Storm, main, mode, service_of
from busy import BusySuite
from database import ROOT, query
from suite import wait_for

SEEDS = 3
MIXED_S = {"quick": 1, "full": 2, "soak": 20}  # how long both releases work side by side in each service
OLD = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else f"{ROOT}/var/previous"
NEW = f"{ROOT}/build"


class Upgrade(Storm):
    rate = Storm.rate // 2

    def make_suite(self):
        rooms = [f"{OLD}/{room}" for room in ("calendars", "policies", "samples/registry")]
        return BusySuite(OLD + "/build", daemons=self.daemons, rewrite=self.rewrite, registry=rooms, tools=NEW)

    def releases(self):
        """{release: names of its daemons}; releases before 0.2.0 do not say theirs."""
        found = {}
        for instance, release in query(self.suite.url, "SELECT instance, coalesce(nullif(to_jsonb(m)->>'release', ''), 'unsaid') FROM journal.member AS m"
                                                       " WHERE seen_at > clock_timestamp() - interval '2 s' ORDER BY 1"):
            found.setdefault(release, []).append(instance)
        return found

    def owns_lanes(self, name):
        instance = f"{name}.{self.suite.counts[name]}"
        return int(query(self.suite.url, f"SELECT count(*) FROM journal.cursor WHERE owner = '{instance}'")[0][0]) > 0

    def replace(self, name, build):
        """A leased service gets another process first, which takes its share; then the one that was there ends in order. intake is one
        process: it ends in order, and another takes its place."""
        self.suite.build = build
        new = name
        if service_of(name) == "intake":
            self.end(name)
            self.suite.start(name)
        else:
            new = f"{service_of(name)}-{self.next}"
            self.next += 1
            self.suite.start(new)
            wait_for(f"{new} has lanes", lambda: self.owns_lanes(new))
            time.sleep(MIXED_S[mode()])  # how long they share the work, not a wait for a result
            self.end(name)
        self.suite.wait_ready(new)
        took = self.wait_back(new)
        print(f"  {name} -> {new} of {os.path.relpath(build, ROOT)}: back after {took:.1f} s", flush=True)
        return new

    def end(self, name):
        process = self.suite.running.pop(name)
        process.terminate()
        code = process.wait(60)
        self.checks.is_zero(f"{name} did not end in order", [code] if code != 0 else [])


def hurt(storm):
    storm.next = 11
    names = list(storm.daemons)
    storm.rng.shuffle(names)
    storm.suite.build = NEW
    said = storm.suite.callout("migrate")
    storm.checks.holds("the old release alone is there", storm.releases(), len(storm.releases()) == 1 and storm.suite.callout("--version").split()[-1] not in storm.releases())
    storm.checks.holds("the schema is brought up to date beneath the old release", said, "applied" in said)
    for i, name in enumerate(names):
        new = storm.replace(name, NEW)
        if i == 1:  # one goes back: the old release starts on the new schema
            new = storm.replace(new, OLD + "/build")
            storm.replace(new, NEW)
    storm.suite.build = NEW
    new = storm.suite.callout("--version").split()[-1]
    left = {release: names for release, names in storm.releases().items() if release != new}
    storm.checks.is_zero("daemons of another release than the new one", left)
    shown = storm.suite.callout("status", key="admin")
    storm.checks.holds("status shows the release of each", shown, shown.count(f" {new} ") >= len(storm.daemons))


if __name__ == "__main__":
    subprocess.run([f"{ROOT}/scripts/previous-release", OLD], check=True, stdout=subprocess.DEVNULL)
    sys.exit(main("rolling upgrade", hurt, SEEDS, kind=Upgrade))
