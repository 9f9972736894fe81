"""A test that mounts, or has a network, of its own: it starts itself again in namespaces that end with it. Root only."""
import ctypes
import os
import shutil
import subprocess
import sys

MARK = "CALLOUT_TEST_APART"


def is_possible():
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "-n", "true"], capture_output=True).returncode == 0


def enter(network=False, programs=()):
    """Returns in the namespaces, with loopback up; or ends the test, which prints why, where that cannot be."""
    if MARK in os.environ:
        if network:
            run("ip", "link", "set", "lo", "up")
        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG: not longer than who waits for us
        return
    missing = [p for p in programs if shutil.which(p) is None]
    if missing:
        print(f"skipped: there is no {' '.join(missing)} (packages.txt)")
        sys.exit(0)
    if not is_possible():
        print("skipped: needs root and namespaces (unshare)")
        sys.exit(0)
    os.environ[MARK] = "1"
    os.execvp("unshare", ["unshare", "-m", "--propagation", "private", *(["-n"] if network else []), sys.executable, *sys.argv])


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Disk:
    """A small file system at `path`, that can be made full and have room again."""

    def __init__(self, path, size_mb):
        self.path, self.size_mb = path, size_mb
        os.makedirs(path, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "callout-test", path)

    def fill(self):
        """No byte more from now on."""
        with open(f"{self.path}/ballast", "wb") as file:
            while True:
                s = os.statvfs(self.path)
                if s.f_bavail == 0:
                    return
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, s.f_bavail * s.f_frsize)
                except OSError:  # somebody else has taken some of it meanwhile
                    pass

    def free(self):
        os.unlink(f"{self.path}/ballast")

    def close(self):
        run("umount", "-l", self.path)
