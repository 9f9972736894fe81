#!/usr/bin/python3
"""kill -9 of a random daemon every 1 to 5 s, under load: nothing lost, nothing doubled, the backlog gone in 60 s."""
import sys
import time

from storm import DAEMONS, main, mode

LENGTH_S = {"quick": 15, "full": 60, "soak": 600}


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
    for name in ("intake", "sla", "dispatch", "notify"):
        storm.wait_back(name, 60)
    print(f"  killed {' '.join(killed)}", flush=True)


if __name__ == "__main__":
    sys.exit(main("kill -9 of random daemons", hurt))
