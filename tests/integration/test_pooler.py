#!/usr/bin/python3
"""Through PgBouncer: by sessions everything works, also when it is restarted; by transactions or statements a daemon refuses to start,
and says why, whatever the size and the order of its pool."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from pair import Node  # noqa: E402
from pooler import Pooler, is_there  # noqa: E402
from suite import Suite, free_port  # noqa: E402
from world import World, run_tests  # noqa: E402

SENTENCE = "set pool_mode = session"
BAD = [("transaction", {}), ("transaction", {"default_pool_size": 1}), ("transaction", {"server_round_robin": 1, "default_pool_size": 2}),
       ("transaction", {"server_round_robin": 1, "min_pool_size": 5}), ("statement", {})]


def tickets_go_through_sessions_of_a_pooler(world):
    number = world.submit(customer="haihe-bank", site="haihe-langfang", product="storage").number
    world.wait(number, "promises", lambda view: len(view.clocks) > 0)


def a_restart_of_the_pooler_ends_nobody(world):
    world.pooler.stop()
    world.pooler.start()
    start = time.monotonic()
    number = world.submit(customer="haihe-bank", site="haihe-langfang", product="storage").number
    world.wait(number, "promises", lambda view: len(view.clocks) > 0)
    print(f"  promised {time.monotonic() - start:.1f} s after the pooler was back", flush=True)
    assert all(process.poll() is None for process in world.suite.running.values())


def sessions_have_our_settings(world):
    rows = world.node.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'callout' AND application_name LIKE 'callout%'")
    assert int(rows) >= 3, rows
    found = subprocess.run([f"{world.suite.build}/callout", "migrate", "--check"], env=world.suite.env, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


def whoever_pools_by_transactions_is_refused_at_start(world):
    for mode, settings in BAD:
        with Pooler(world.node.socket, world.node.port, free_port(), mode, **settings) as pooler:
            done = subprocess.run([f"{world.suite.build}/callout-dispatch", "--instance", "refused"],
                                  env=dict(world.suite.env, CALLOUT_DATABASE_URL=pooler.url("callout")), capture_output=True, text=True, timeout=60)
            assert done.returncode == 1 and SENTENCE in done.stderr, (mode, settings, done.returncode, done.stderr)


def a_small_pool_of_sessions_is_not_refused(world):
    with Pooler(world.node.socket, world.node.port, free_port(), "session", default_pool_size=1) as pooler:
        daemon = subprocess.Popen([f"{world.suite.build}/callout-dispatch", "--instance", "small"],
                                  env=dict(world.suite.env, CALLOUT_DATABASE_URL=pooler.url("callout")), stderr=subprocess.PIPE, text=True)
        time.sleep(8)  # longer than it looks at the pooler
        daemon.terminate()
        _, said = daemon.communicate(timeout=60)
        assert SENTENCE not in said, said


def main():
    if not is_there():
        print("skipped: there is no pgbouncer (packages.txt)")
        return 0
    import tempfile
    with tempfile.TemporaryDirectory(prefix="callout-pooled-", dir=os.environ.get("CALLOUT_TEST_DIR")) as directory:
        os.chmod(directory, 0o711)
        node = Node(f"{directory}/pg", free_port(), ["fsync = off"])
        node.make()
        node.start()
        try:
            node.sql("CREATE DATABASE callout")
            with Pooler(node.socket, node.port, free_port()) as pooler, Suite(url=pooler.url("callout")) as suite:
                world = World(suite)
                world.pooler, world.node = pooler, node
                tests = [tickets_go_through_sessions_of_a_pooler, a_restart_of_the_pooler_ends_nobody, sessions_have_our_settings,
                         whoever_pools_by_transactions_is_refused_at_start, a_small_pool_of_sessions_is_not_refused]
                failures = run_tests(tests, world)
        finally:
            node.ctl("stop", "-m", "immediate")
    print(f"Checks: {len(tests)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
