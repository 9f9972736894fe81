#!/usr/bin/python3
"""F3. PostgreSQL, flushing what it commits, is stopped (fast, immediate, kill -9) and started in the middle of load; once it is away
for 10 s. Nothing acknowledged is lost and nobody is restarted. That tickets are acknowledged again within 5 s of its return is the
aim."""
import sys
import time

from storm import main, mode, service_of  # finds tests/support, too
from server import STOPS, Server

ROUNDS = {"quick": 1, "full": 2, "soak": 17}  # a run of all must end before the slower timers of its first tickets fire
SEEDS = 3
AWAY_S = 10


def restart(storm, server, how, away_s):
    server.stop(how)
    time.sleep(away_s)  # the harm itself
    server.start()
    start = time.monotonic()
    took = [f"{name} {storm.wait_back(service_of(name), start):.1f} s" for name in ("intake", "sla", "dispatch", "notify")]
    print(f"  {how}, away for {away_s:.1f} s; back: {', '.join(took)}", flush=True)


def with_server(server):
    def hurt(storm):
        for _ in range(ROUNDS[mode()]):
            for how in STOPS:
                restart(storm, server, how, storm.rng.uniform(0, 1))
        restart(storm, server, "fast", AWAY_S)
    return hurt


if __name__ == "__main__":
    with Server() as own:
        sys.exit(main("PostgreSQL restarts", with_server(own), SEEDS))
