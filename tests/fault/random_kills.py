#!/usr/bin/python3
"""F2. kill -9 of a random daemon every 1 to 5 s, under load: nothing lost, nothing doubled, the backlog goes."""
import sys
import time

from storm import DAEMONS, main, mode

LENGTH_S = {"quick": 12, "full": 20, "soak": 600}
SEEDS = 20


def hurt(storm):
    end = time.monotonic() + LENGTH_S[mode()]
    killed = []
    while time.monotonic() < end:
        time.sleep(storm.rng.uniform(1, 5))  # the pace of the harm, not a wait for a result
        name = storm.rng.choice(DAEMONS)
        storm.checks.is_zero("daemons that ended by themselves", storm.dead())
        storm.suite.kill(name)
        storm.suite.start(name)
        killed.append(name)
    start = time.monotonic()
    took = [f"{name} {storm.wait_back(name, start):.1f} s" for name in ("intake", "sla", "dispatch", "notify")]
    print(f"  killed {' '.join(killed)}; back: {', '.join(took)}", flush=True)


if __name__ == "__main__":
    sys.exit(main("kill -9 of random daemons", hurt, SEEDS))
