"""PgBouncer of a test's own in front of a server.

    with Pooler(node.socket, node.port, port, mode="session") as pooler:
        pooler.url("callout"); pooler.stop(); pooler.start()
"""
import os
import shutil
import signal
import subprocess
import tempfile

from pair import as_owner
from suite import wait_for


def is_there():
    return shutil.which("pgbouncer") is not None


class Pooler:
    def __init__(self, host, port, own_port, mode="session", **settings):
        self.port = own_port
        self.settings = {"listen_addr": "127.0.0.1", "listen_port": own_port, "auth_type": "any", "pool_mode": mode, "default_pool_size": 40,
                         "max_client_conn": 200, "unix_socket_dir": "", "ignore_startup_parameters": "extra_float_digits", **settings}
        self.target = f"* = host={host} port={port} user=callout"

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-pooler-")
        self.dir = self.temp.name
        os.chmod(self.dir, 0o777)
        with open(f"{self.dir}/ini", "w") as ini:
            ini.write(f"[databases]\n{self.target}\n[pgbouncer]\nlogfile = {self.dir}/log\npidfile = {self.dir}/pid\n")
            ini.writelines(f"{key} = {value}\n" for key, value in self.settings.items())
        self.start()
        return self

    def start(self):
        as_owner([shutil.which("pgbouncer") or "pgbouncer", "-q", "-d", f"{self.dir}/ini"])
        wait_for("the pooler's pid", lambda: os.path.exists(f"{self.dir}/pid") and open(f"{self.dir}/pid").read().strip(), 10)
        self.pid = int(open(f"{self.dir}/pid").read())
        wait_for("the pooler answers", lambda: subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0, 10)

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        wait_for("the pooler has ended", lambda: not os.path.exists(f"/proc/{self.pid}"), 10)

    def url(self, database):
        return f"postgresql://callout@127.0.0.1:{self.port}/{database}"

    def __exit__(self, *_):
        if os.path.exists(f"/proc/{self.pid}"):
            self.stop()
        self.temp.cleanup()
