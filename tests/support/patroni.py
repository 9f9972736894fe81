"""A Patroni cluster of a test's own: deploy/patroni/cluster.

    with Patroni(ttl_s=8) as cluster:
        cluster.url("callout"); cluster.kill(cluster.leader())
"""
import os
import shutil
import subprocess
import tempfile

from database import ROOT


def is_there():
    return all(shutil.which(name) for name in ("patroni", "patronictl", "etcd"))


class Patroni:
    def __init__(self, ttl_s):
        self.ttl_s = ttl_s

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-patroni-", dir=os.environ.get("CALLOUT_TEST_DIR"))
        os.chmod(self.temp.name, 0o711)
        self.dir = f"{self.temp.name}/c"
        try:
            self.script("start", "--ttl", str(self.ttl_s))
        except BaseException:
            self.__exit__()
            raise
        return self

    def script(self, verb, *words):
        done = subprocess.run([f"{ROOT}/deploy/patroni/cluster", verb, self.dir, *words], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"deploy/patroni/cluster {verb}: {done.stdout}{done.stderr.strip()}")
        return done.stdout.strip()

    def url(self, database):
        return self.script("url", database)

    def leader(self):
        """Its name, or None while nobody leads."""
        try:
            return self.script("leader")
        except RuntimeError:
            return None

    def kill(self, name):
        self.script("kill-node", name)

    def start(self, name):
        self.script("start-node", name)

    def is_whole(self):
        """A leader, a synchronous standby, and everybody follows."""
        rows = [line.split("\t") for line in self.script("ctl", "list", "-f", "tsv").splitlines()[1:]]
        roles = [row[3] for row in rows if row[4] in ("running", "streaming")]
        return len(roles) == 3 and roles.count("Leader") == 1 and roles.count("Sync Standby") == 1

    def switch_over(self):
        self.script("switchover")

    def __exit__(self, *_):
        if os.path.exists(f"{self.dir}/settings"):
            self.script("remove")
        self.temp.cleanup()
