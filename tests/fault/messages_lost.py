#!/usr/bin/python3
"""F7. Half of what the daemons publish is dropped, half of the rest doubled, half of what is left comes late: the same result."""
import sys
import time

from storm import main, mode

LENGTH_S = {"quick": 8, "full": 12, "soak": 300}
SEEDS = 20


def faults(seed):
    return {"CALLOUT_FAULT": "publish:drop:0.5,publish:double:0.5,publish:hold:0.5", "CALLOUT_FAULT_SEED": str(seed)}


def hurt(_):
    time.sleep(LENGTH_S[mode()])  # the harm is in the daemons all the time


if __name__ == "__main__":
    sys.exit(main("messages lost, doubled, late", hurt, SEEDS, faults))
