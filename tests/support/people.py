"""Engineers who answer: they accept, decline, travel, give back, restore, so that others can be asked; each answer is written into a ledger
like the load generator's."""
import os
import sys
import threading

from database import ROOT
from load import Ledger

sys.path.insert(0, f"{ROOT}/clients/python")
import callout  # noqa: E402

PATIENCE_S = 240  # with a suite that answers nothing, as it is hurt
OPEN = "('offered', 'assigned', 'underway', 'arrived')"
# What an engineer says of a visit in this state, and how often.
ANSWERS = {"offered": (("accept", 12), ("decline", 4), (None, 4)),
           "assigned": (("underway", 6), ("restored", 10), ("decline", 4)),
           "underway": (("restored", 1),), "arrived": (("restored", 1),)}


def client_of(suite, name="sample"):
    keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/{name}.key") if " = " in line)
    return callout.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"], PATIENCE_S)


class People(threading.Thread):
    """suite: a BusySuite; tickets: the ledger of whoever reports; ledger: ours; pause_s: between two answers; busy_s: how long a visit,
    and a journey, lasts at least."""

    def __init__(self, suite, tickets, ledger, rng, pause_s, busy_s):
        super().__init__(daemon=True)
        self.suite, self.tickets, self.rng, self.pause_s, self.busy_s = suite, tickets, rng, pause_s, busy_s
        self.ledger, self.numbers, self.counts, self.answered, self.error = open(ledger, "w"), {}, {}, {}, None
        self.enough = threading.Event()

    def run(self):
        try:
            with client_of(self.suite) as client:
                while not self.enough.wait(self.pause_s):
                    self.answer(client)
        except Exception as error:  # raised in stop(), by whom it concerns
            self.error = error

    def stop(self):
        """Nobody answers any more."""
        self.enough.set()
        self.join()
        if self.error:
            raise self.error

    def orders(self, states, busy_s=0):
        return [(int(case), status, engineer, int(generation)) for case, status, engineer, generation in self.suite.rows(
            f"""SELECT case_id, status, coalesce(engineer, ''), generation FROM read.dispatch_order WHERE status IN {states}
                AND (status = 'offered' OR updated_at < clock_timestamp() - interval '{busy_s} s')""")]

    def number_of(self, case_id):
        """None: whoever reported it has not written it down yet."""
        if case_id not in self.numbers and os.path.exists(self.tickets):
            self.numbers = {own: number for key, (number, own) in Ledger(self.tickets).acked.items() if not key.startswith("c/")}
        return self.numbers.get(case_id)

    def answer(self, client):
        """One of those who did not answer in this state yet does. The first of an order decides: who keeps silent does so for good."""
        new = [o for o in self.orders(OPEN, self.busy_s) if self.answered.get(o[0]) != o[1:]]
        if not new:
            return
        case_id, status, engineer, generation = self.rng.choice(new)
        if self.number_of(case_id) is None:
            return
        self.answered[case_id] = (status, engineer, generation)
        acts, weights = zip(*ANSWERS[status])
        act = self.rng.choices(acts, weights)[0]
        if act:
            self.say(client, case_id, act, role="ROLE_ENGINEER", person=engineer)

    def say(self, client, case_id, act, **more):
        self.counts[act] = self.counts.get(act, 0) + 1
        key = f"c/people-{sum(self.counts.values())}"
        print("try", key, file=self.ledger)
        try:
            verdict = client.command(self.number_of(case_id), act, key=key, wait_ms=1, **more)
        except callout.Refused as refused:
            verdict = refused.args[0].verdict
        print("ack", key, self.number_of(case_id), verdict.command_id, file=self.ledger)

    def restore_all(self, states):
        """After stop(): whatever is not over is said to work again."""
        with client_of(self.suite) as client:
            for case_id, _, engineer, _ in self.orders(states):
                self.say(client, case_id, "restored", role="ROLE_ENGINEER", person=engineer)

    def close(self):
        print("end", file=self.ledger)
        self.ledger.close()
