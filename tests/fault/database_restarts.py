#!/usr/bin/python3
"""PostgreSQL, flushing what it commits, is stopped (fast, immediate, kill -9) and started in the middle of load; once it is away
for 10 s. Nothing acknowledged is lost, nobody is restarted, and within 5 s of its return tickets are acknowledged again."""
import sys
import time

from storm import main, mode, service_of  # also finds tests/support
from server import STOPS, Server

ROUNDS = {"quick": 1, "full": 5, "soak": 50}
AWAY_S, BACK_S, WORKED_S = 10, 5, 15


def restart(storm, server, how, away_s):
    server.stop(how)
    time.sleep(away_s)  # the harm itself
    server.start()
    start = time.monotonic()
    took_s = storm.wait_back("intake", BACK_S, start)
    for name in ("sla", "dispatch", "notify"):
        storm.wait_back(service_of(name), WORKED_S, start)
    print(f"  {how}, away for {away_s:.1f} s: acknowledged again after {took_s:.1f} s, all services after {time.monotonic() - start:.1f} s", flush=True)


def with_server(server):
    def hurt(storm):
        for _ in range(ROUNDS[mode()]):
            for how in STOPS:
                restart(storm, server, how, storm.rng.uniform(0, 1))
        restart(storm, server, "fast", AWAY_S)
    return hurt


if __name__ == "__main__":
    with Server() as own:
        sys.exit(main("PostgreSQL restarts", with_server(own)))
