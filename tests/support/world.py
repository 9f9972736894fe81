"""A case seen from outside, through a whole suite (suite.py): tickets, commands and views over the socket; and how tests of it run."""
import os
import sys
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))
import callout as client  # noqa: E402
from suite import wait_for  # noqa: E402

MINUTE = 60 * 1000000
HOUR = 60 * MINUTE


class World:
    def __init__(self, suite):
        self.suite, self.client_module = suite, client
        keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
        self.client = client.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])

    def submit(self, **ticket):
        return self.client.submit(**{"title": "storage array does not answer", "wait_ms": 5000, **ticket})

    def view(self, number):
        return self.client.query("case", number=number).view

    def wait(self, number, what, check, limit_s=60):
        """Waits until check(view) is true; returns that view."""
        def look():
            view = self.view(number)
            return view if check(view) else None
        try:
            return wait_for(what, look, limit_s)
        except RuntimeError:
            raise RuntimeError(f"{number}: {what}: not within {limit_s} s; the case: {self.view(number)}") from None

    def confirm(self, number):
        """The project manager confirms the task order as soon as it is drafted."""
        view = self.wait(number, "a task order", lambda v: v.order.state == "drafted")
        person = "pm-south" if view.customer == "dongjiang-telecom" else "pm-north"
        assert self.client.command(number, "confirm_order", role="ROLE_PM", person=person).applied

    def clock(self, view, milestone):
        return [c for c in view.clocks if c.milestone == milestone][-1]


def run_tests(tests, world):
    """Runs each function with the world and tells how it went; the daemons' logs where one failed. Returns how many failed."""
    failures = 0
    for function in tests:
        start = time.monotonic()
        try:
            function(world)
            print(f"passed  {function.__name__}  {time.monotonic() - start:.1f} s", flush=True)
        except Exception:  # whatever goes wrong in a test, the others are run
            failures += 1
            print(f"FAILED  {function.__name__}", flush=True)
            traceback.print_exc(limit=-3, file=sys.stdout)
    if failures:
        for name in world.suite.running:
            print(f"--- {name}\n{world.suite.log_end(name)}")
    return failures
