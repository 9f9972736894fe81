"""Two PostgreSQL servers of a test's own, the second a streaming standby of the first, synchronous; both flush what they commit.

    with Pair() as pair:
        pair.url("callout")            # both, the first one first
        pair.a.kill(); pair.b.promote()

Each listens on a socket and on 127.0.0.1. As root they run as the user postgres.
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import tempfile

from database import psql
from server import children_of, wait_gone

SYNCHRONOUS = "'FIRST 1 (other)'"


def programs():
    return sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(re.search(r"/(\d+)/bin", p).group(1)))[-1]


def as_owner(command):
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--reset-env", "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


class Node:
    def __init__(self, directory, port, settings=()):
        self.dir, self.port, self.settings = directory, port, settings
        self.data, self.socket = f"{directory}/data", f"{directory}/s"
        os.makedirs(self.socket)
        if os.geteuid() == 0:
            for path in (self.dir, self.socket):
                shutil.chown(path, "postgres", "postgres")

    def ctl(self, *words):
        return as_owner([f"{programs()}/pg_ctl", "-D", self.data, "-s", "-w", "-t", "60", *words])

    def make(self, *options):
        as_owner([f"{programs()}/initdb", "-D", self.data, "-U", "callout", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions", *options])
        self.configure()

    def copy(self, other, name):
        as_owner([f"{programs()}/pg_basebackup", "-D", self.data, "-h", other.socket, "-p", str(other.port), "-U", "callout", "-X", "stream",
                  "-c", "fast", "-R", "-d", f"application_name={name}"])
        self.configure()

    def configure(self):
        lines = [f"port = {self.port}", "listen_addresses = '127.0.0.1'", f"unix_socket_directories = '{self.socket}'", "max_connections = 100",
                 "wal_receiver_timeout = 10s", "timezone = 'UTC'", "jit = off", "log_line_prefix = '%m [%p] %q%u@%d %a '", *self.settings]
        with open(f"{self.data}/postgresql.conf", "a") as conf:
            conf.write("".join(f"{line}\n" for line in lines))

    def start(self):
        self.ctl("start", "-l", f"{self.dir}/log")
        with open(f"{self.data}/postmaster.pid") as file:
            self.pid = int(file.readline())

    def stop(self):
        self.ctl("stop", "-m", "fast")

    def kill(self):
        """Server and backends at once, as a machine that loses its power."""
        victims = [self.pid, *children_of(self.pid)]
        for sign in (signal.SIGSTOP, signal.SIGKILL):
            for pid in victims:
                try:
                    os.kill(pid, sign)
                except ProcessLookupError:
                    pass
        wait_gone(self.pid)

    def promote(self):
        self.ctl("promote")

    def process(self, title):
        """The server's process with such a title, like "walreceiver"."""
        for pid in children_of(self.pid):
            try:
                with open(f"/proc/{pid}/cmdline") as line:
                    if title in line.read():
                        return pid
            except OSError:  # it has ended
                pass
        return None

    def url(self, database="postgres"):
        return f"postgresql://callout@/{database}?host={self.socket}&port={self.port}"

    def sql(self, text, database="postgres"):
        return psql(self.url(database), "-c", text)

    def set(self, name, value):
        self.sql(f"ALTER SYSTEM SET {name} = {value}")
        self.sql("SELECT pg_reload_conf()")

    def is_running(self):
        return os.path.exists(f"{self.data}/postmaster.pid") and subprocess.run(
            ["pg_isready", "-q", "-h", self.socket, "-p", str(self.port)]).returncode != 2


class Pair:
    def __init__(self, ports):
        self.ports = ports

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-pair-", dir=os.environ.get("CALLOUT_TEST_DIR"))
        os.chmod(self.temp.name, 0o711)
        self.a, self.b = (Node(f"{self.temp.name}/{name}", port) for name, port in zip("ab", self.ports))
        try:
            self.a.make()
            self.a.start()
            self.b.copy(self.a, "other")
            self.b.start()
            self.a.set("synchronous_standby_names", SYNCHRONOUS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def url(self, database):
        """Both by their sockets."""
        return f"postgresql://callout@/{database}?host={self.a.socket},{self.b.socket}&port={self.a.port},{self.b.port}&target_session_attrs=read-write"

    def __exit__(self, *_):
        for node in (self.a, self.b):
            try:
                if node.is_running():
                    node.ctl("stop", "-m", "immediate")
            except (RuntimeError, OSError) as error:
                print(f"  {error}", flush=True)
        self.temp.cleanup()
