#!/usr/bin/python3
"""F8. The disk of the data is full under load, then the disk of the WAL: clients are told "later", nothing acknowledged is lost, and when
there is room again everything goes on without a restart of a daemon. A full WAL ends PostgreSQL itself: whoever looks after it starts
it again."""
import os
import sys
import tempfile
import time

from storm import BACK_S, Storm, main  # finds tests/support, too
import apart
from pair import Node
from suite import free_port, wait_for

SEEDS = 1
FULL_S = 6
SETTINGS = ("min_wal_size = 2MB", "max_wal_size = 24MB", "checkpoint_timeout = 30s", "restart_after_crash = on")


class SmallDisks(Storm):
    rate = 40

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-disk-", dir=os.environ.get("CALLOUT_TEST_DIR"))
        os.chmod(self.temp.name, 0o711)
        self.node = Node(f"{self.temp.name}/pg", free_port(), SETTINGS)
        self.data, self.wal = apart.Disk(f"{self.node.dir}/data-disk", 384), apart.Disk(f"{self.node.dir}/wal-disk", 400)
        for disk in (self.data, self.wal):
            apart.run("chown", "postgres:", disk.path)
        self.node.data = f"{self.data.path}/data"
        self.node.make("--wal-segsize=1", f"--waldir={self.wal.path}/wal")
        self.node.start()
        self.node.sql("CREATE DATABASE callout")
        self.url = self.node.url("callout")
        return super().__enter__()

    def __exit__(self, *how):
        try:
            super().__exit__(*how)
        finally:
            if self.node.is_running():
                self.node.ctl("stop", "-m", "immediate")
            self.data.close()
            self.wal.close()
            self.temp.cleanup()

    def said(self, name, text):
        return text in open(f"{self.suite.dir}/{name}.log").read()


def back(s):
    start = time.monotonic()
    return ", ".join(f"{name} {s.wait_back(name, start):.1f} s" for name in ("intake", "sla", "dispatch", "notify"))


def data_is_full(s):
    s.data.fill()
    wait_for("intake is refused by the server", lambda: s.said("intake", "sqlstate=53100"), BACK_S)
    time.sleep(FULL_S)  # the harm itself
    s.checks.is_zero("daemons that ended", s.dead())
    s.data.free()
    print(f"  data full for {FULL_S} s; room again; back: {back(s)}", flush=True)


def wal_is_full(s):
    s.wal.fill()
    wait_for("PostgreSQL has ended", lambda: not spend_wal(s.node) and not os.path.exists(f"/proc/{s.node.pid}"), BACK_S, 0.1)
    time.sleep(1)  # the harm itself
    s.checks.is_zero("daemons that ended", s.dead())
    s.wal.free()
    s.node.start()
    print(f"  WAL full until PostgreSQL ended; room again and started; back: {back(s)}", flush=True)


def spend_wal(node):
    """Nothing where the server does not answer any more."""
    try:
        return node.sql("SELECT pg_switch_wal()")
    except RuntimeError:
        return None


def hurt(s):
    data_is_full(s)
    wal_is_full(s)


if __name__ == "__main__":
    apart.enter()
    sys.exit(main("disks full", hurt, SEEDS, kind=SmallDisks))
