"""A PostgreSQL server of a test's own, that flushes what it commits, and may be stopped and killed.

    with Server() as server:           # sets CALLOUT_TEST_PG_URL while it lives, for Database and Suite
        server.stop("immediate"); server.start()
"""
import os
import signal
import subprocess
import tempfile

from database import ROOT, psql

STOPS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}


class Server:
    def __init__(self, fast=False, port=None):
        """port: also there on 127.0.0.1."""
        self.port = port
        self.options = (["--fast"] if fast else []) + (["--port", str(port)] if port else [])

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-server-", dir=os.environ.get("CALLOUT_TEST_DIR"))
        os.chmod(self.temp.name, 0o711)
        self.dir = f"{self.temp.name}/pg"
        self.before = os.environ.get("CALLOUT_TEST_PG_URL")
        self.start()
        os.environ["CALLOUT_TEST_PG_URL"] = self.url
        return self

    def script(self, verb, *options):
        done = subprocess.run([f"{ROOT}/scripts/postgres", verb, self.dir, *options], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"scripts/postgres {verb}: {done.stderr.strip()}")
        return done.stdout.strip()

    def start(self):
        self.url = self.script("start", *self.options)
        self.pid = int(psql(self.url, "-c", "SELECT pg_read_file('postmaster.pid')").split()[0])

    def tcp_url(self, host, database="callout"):
        with open(f"{self.dir}/password") as file:
            return f"postgresql://callout:{file.read().strip()}@{host}:{self.port}/{database}"

    def stop(self, how="fast"):
        """Returns when the server is gone; its backends of a kill end by themselves when they see it."""
        os.kill(self.pid, STOPS[how])
        if how == "kill":
            for pid in children_of(self.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        wait_gone(self.pid)

    def cpu_s(self):
        return cpu_of_tree_s(self.pid)

    def __exit__(self, *_):
        if self.before is None:
            os.environ.pop("CALLOUT_TEST_PG_URL", None)
        else:
            os.environ["CALLOUT_TEST_PG_URL"] = self.before
        self.script("remove")
        self.temp.cleanup()


def wait_gone(pid, limit_s=30):
    import time
    end = time.monotonic() + limit_s
    while True:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except OSError:
            return
        if time.monotonic() > end:
            raise RuntimeError(f"process {pid} does not end")
        time.sleep(0.02)


def stat_of(pid):
    """(parent, own CPU ticks, CPU ticks of children that ended), or None."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            field = stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(field[1]), int(field[11]) + int(field[12]), int(field[13]) + int(field[14])


def children_of(pid):
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = stat_of(name)
            if stat and stat[0] == pid:
                found.append(int(name))
    return found


def cpu_of_tree_s(pid):
    """CPU seconds of a process and its children, those that ended included."""
    stat = stat_of(pid)
    if stat is None:
        return 0.0
    ticks = stat[1] + stat[2]
    for child in children_of(pid):
        child_stat = stat_of(child)
        ticks += child_stat[1] + child_stat[2] if child_stat else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def machine_ticks():
    """(all, idle) of all cores."""
    with open("/proc/stat") as stat:
        field = [int(f) for f in stat.readline().split()[1:9]]
    return sum(field), field[3] + field[4]


class Used:
    """CPU seconds between the ends of a `with`: .s by the names given, and .others, the share of all CPU that went elsewhere.

    Used(sla=lambda: cpu_of_tree_s(pid), database=server.cpu_s)
    """

    def __init__(self, **cpu_s):
        self.cpu_s = cpu_s

    def read(self):
        return [*(f() for f in self.cpu_s.values()), *machine_ticks()]

    def __enter__(self):
        self.before = self.read()
        return self

    def __exit__(self, *_):
        *used, total, idle = (b - a for a, b in zip(self.before, self.read()))
        tick_s = 1 / os.sysconf("SC_CLK_TCK")
        self.s = dict(zip(self.cpu_s, used))
        self.others = max(0.0, (total - idle) * tick_s - sum(used)) / (total * tick_s)
