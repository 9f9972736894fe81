#!/usr/bin/env python3
"""--probe of a daemon, as a health check asks: alive, ready, neither; and how a daemon that binds everywhere is announced.

    test_probe.py BUILD
"""
import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import query  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402

failures = checks = 0


def check(what, holds, seen):
    global failures, checks
    checks += 1
    if not holds:
        failures += 1
        print(f"FAILED: {what}: {seen}", flush=True)


def probe(suite, which, address, **env):
    return subprocess.run([f"{suite.build}/callout-sla", "--probe", which, "--http-address", address], env=dict(suite.env, **env),
                          capture_output=True, text=True, timeout=20)


def main(build):
    with Suite(build, daemons=("sla",), registry=()) as suite:
        port = suite.ports["http_sla"]
        for address in (f"127.0.0.1:{port}", f"0.0.0.0:{port}"):
            done = probe(suite, "ready", address)
            check(f"a daemon is ready, asked at {address}", (done.returncode, done.stdout) == (0, "ready\n"), done)
        done = probe(suite, "live", f"127.0.0.1:{port}")
        check("a daemon is alive", (done.returncode, done.stdout) == (0, "ok\n"), done)
        done = probe(suite, "live", "127.0.0.1:0")
        check("port 0 cannot be asked, and that is a mistake of whoever asks", done.returncode == 2 and "port other than 0" in done.stderr, done)
        done = probe(suite, "well", f"127.0.0.1:{port}")
        check("there is live and ready and nothing else", done.returncode == 2 and "live, ready" in done.stderr, done)

        suite.running["sla"].send_signal(signal.SIGSTOP)
        done = probe(suite, "live", f"127.0.0.1:{port}")
        suite.running["sla"].send_signal(signal.SIGCONT)
        check("a daemon that stands still is not alive", done.returncode == 1 and "timed out" in done.stderr, done)

        # A second one that cannot have the database, and binds the mesh everywhere.
        other, keys = free_port(), f"{suite.dir}/keys/other.key"
        suite.spawn("lost", [f"{build}/callout-sla", "--http-address", f"127.0.0.1:{other}"],
                    {"CALLOUT_DATABASE_URL": f"host={suite.dir}/nowhere dbname=callout"})
        done = wait_for("the one without database answers", lambda: (d := probe(suite, "ready", f"127.0.0.1:{other}")).stdout and d)
        check("not ready, and why", done.returncode == 1 and "database: not connected" in done.stdout, done)
        done = probe(suite, "live", f"127.0.0.1:{other}")
        check("alive without database", done.returncode == 0, done)
        suite.kill("lost", signal.SIGTERM)
        done = probe(suite, "live", f"127.0.0.1:{other}")
        check("nobody there", done.returncode == 1 and "refused" in done.stderr, done)

        suite.spawn("wide", [f"{build}/callout-sla", "--instance", "wide", "--mesh-endpoint", "tcp://0.0.0.0:*", "--mesh-key-file", keys])
        found = wait_for("the one that binds everywhere is a member", lambda: query(suite.url, "SELECT endpoint FROM journal.member WHERE instance = 'wide'"))
        host = found[0][0].removeprefix("tcp://").rpartition(":")
        check("where the database is on this machine, the machine's name is announced", host[0] == socket.gethostname() and host[2].isdigit(), found)
        suite.kill("wide", signal.SIGTERM)
    print(f"Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
