#!/usr/bin/python3
"""F1. kill -9 of each daemon at each marked step, under load: nothing lost, nothing doubled. To be back in 5 s, in 8 s where a lease
must run out, is the aim. One life of the daemon per step: it is stopped in order, started with the fault, dies at it, is started
again. The seeds of a full run share the steps among them; in a soak each seed takes all."""
import random
import sys
import time

from storm import main, mode, seeds
from suite import wait_for

TURN = ["lease_taken", "received", "decided", "before_commit", "after_commit"]
STEPS = {"intake": ["received", "decoded", "before_commit", "after_commit", "before_reply", "after_reply"],
         "sla": TURN, "dispatch": TURN + ["begun"], "notify": TURN + ["before_send", "after_send", "result_written"]}
QUICK = 7
DEATH_S = 90   # until the step is passed so often
# Where work is rare, once is enough.
ONCE = {"lease_taken", "begun"}
SEEDS = 20


def steps_of(storm, count):
    steps = [(name, step) for name, known in STEPS.items() for step in known]
    if mode() == "full":  # one order for all seeds
        random.Random(count).shuffle(steps)
        return steps[storm.seed % count::count]
    storm.rng.shuffle(steps)
    if mode() == "soak":
        return steps
    first = [next(s for s in steps if s[0] == name) for name in STEPS]  # one of each daemon, then whatever comes
    return first + [s for s in steps if s not in first][:QUICK - len(first)]


def die_at(storm, name, step):
    """Returns when the daemon, started anew, died of the fault; at which passing of the step."""
    times = 1 if step in ONCE else storm.rng.randint(1, 30)
    storm.suite.kill(name, sign=15)
    storm.suite.start(name, env={"CALLOUT_FAULT": f"{step}:kill:{times}"})
    process = storm.suite.running[name]
    wait_for(f"{name} dies at {step}", lambda: process.poll() is not None, DEATH_S)
    storm.checks.holds(f"{name} died of the fault at {step}", process.returncode, process.returncode == -9)
    return times


def hurt(storm):
    for name, step in sorted(steps_of(storm, seeds(SEEDS)), key=lambda s: s[1] != "begun"):  # while there is somebody to claim
        times = die_at(storm, name, step)
        start = time.monotonic()
        storm.suite.start(name)
        took_s = storm.wait_back(name, start)
        print(f"  {name} killed at {step}, passing it the {times}. time: back after {took_s:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main("kill -9 at marked steps", hurt, SEEDS))
