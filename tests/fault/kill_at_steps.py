#!/usr/bin/python3
"""kill -9 of each daemon at each marked step, under load: nothing lost, nothing doubled, back in 5 s, in 8 s where a lease must
run out. One life of the daemon per step: it is stopped in order, started with the fault, dies at it, is started again."""
import sys
import time

from storm import main, mode, service_of
from suite import wait_for

TURN = ["lease_taken", "received", "decided", "before_commit", "after_commit"]
STEPS = {"intake": ["received", "decoded", "before_commit", "after_commit", "before_reply", "after_reply"],
         "sla": TURN, "dispatch": TURN + ["begun"], "notify": TURN + ["before_send", "after_send", "result_written"]}
QUICK = 7
LEASE_S, PLAIN_S = 8, 5
DEATH_S = 30   # until the step is passed so often


def die_at(storm, name, step):
    """Returns when the daemon, started anew, died of the fault."""
    times = 1 if step == "lease_taken" else storm.rng.randint(1, 30)
    storm.suite.kill(name, sign=15)
    storm.suite.start(name, env={"CALLOUT_FAULT": f"{step}:kill:{times}"})
    process = storm.suite.running[name]
    wait_for(f"{name} dies at {step}", lambda: process.poll() is not None, DEATH_S)
    storm.checks.holds(f"{name} died of the fault at {step}", process.returncode, process.returncode == -9)
    return times


def hurt(storm):
    steps = [(name, step) for name, known in STEPS.items() for step in known]
    storm.rng.shuffle(steps)
    if mode() == "quick":  # one of each daemon, then whatever comes
        first = [next(s for s in steps if s[0] == name) for name in STEPS]
        steps = first + [s for s in steps if s not in first][:QUICK - len(first)]
    for name, step in steps:
        times = die_at(storm, name, step)
        start = time.monotonic()
        storm.suite.start(name)
        took_s = storm.wait_back(name, PLAIN_S if service_of(name) == "intake" else LEASE_S, start)
        print(f"  {name} killed at {step}, the {times}. time: back after {took_s:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main("kill -9 at marked steps", hurt))
