#!/usr/bin/python3
"""A Docker engine of a test's own, in a network of its own: what it does to addresses, routes and packet filters ends with it, and a Docker
that this machine may have is not touched. A cable leads to this machine: its end of it has the address .here, the engine's .there.

    with Engine("/tmp/some/directory") as engine:
        engine.docker("run", ...)

    engine.py --check DIRECTORY     starts and stops one; where that fails the last line says why, exit code 1
"""
import ipaddress
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from suite import free_port, wait_for  # noqa: E402

NEEDED = ("dockerd", "docker", "docker-compose", "debootstrap", "ip", "nsenter", "iptables", "setpriv")
CABLES = ipaddress.ip_address("10.213.0.0")  # four addresses for each, by the process
BRIDGE, POOL = "10.214.0.1/24", "base=10.214.128.0/17,size=24"
START_S = 60
HERE = os.path.dirname(os.path.abspath(__file__))


class NoEngine(Exception):
    """Why there cannot be one here."""


def run(*command, **more):
    """Returns its output; raises with it."""
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-6000:]}{done.stderr[-6000:]}")
    return done.stdout


def mounts_below(directory):
    with open("/proc/self/mounts") as mounts:
        return sorted((line.split()[1] for line in mounts if line.split()[1].startswith(directory + "/")), reverse=True)


def remove(directory):
    """Deletes it, and first unmounts what an interrupted engine or debootstrap left mounted in it: nothing of the machine's may be deleted
    through a mount."""
    for path in mounts_below(directory):
        subprocess.run(["umount", "-l", path], capture_output=True)
    if mounts_below(directory):
        print(f"kept, as something is still mounted in it: {directory}", flush=True)
    else:
        shutil.rmtree(directory, ignore_errors=True)


class Engine:
    def __init__(self, directory):
        self.dir = directory
        self.namespace = f"callout-{os.getpid()}"
        self.cable = f"cal{os.getpid()}"
        self.here, self.there = (str(CABLES + os.getpid() % 8192 * 4 + i) for i in (1, 2))
        self.inside = ["nsenter", f"--net=/run/netns/{self.namespace}"]
        self.proxy = self.daemon = None
        # Debian's client, with Debian's engine and compose; no settings of whoever runs the test.
        self.env = dict(os.environ, DOCKER_HOST=f"unix://{directory}/docker.sock", DOCKER_BUILDKIT="0", DOCKER_CONFIG=f"{directory}/config",
                        COMPOSE_DOCKER_CLI_BUILD="0", PATH=f"/usr/sbin:/usr/bin:/sbin:/bin:{os.environ['PATH']}")

    def __enter__(self):
        if os.geteuid() != 0:
            raise NoEngine("only root can start one")
        missing = [name for name in NEEDED if shutil.which(name, path=self.env["PATH"]) is None]
        if missing:
            raise NoEngine(f"not installed: {', '.join(missing)} (packages.txt)")
        os.makedirs(f"{self.dir}/config", exist_ok=True)
        with open(f"{self.dir}/daemon.json", "w") as file:
            file.write("{}")
        try:
            self.lay_cable()
            self.start()
        except (RuntimeError, OSError) as error:
            self.__exit__()
            raise NoEngine(str(error)) from None
        return self

    def lay_cable(self):
        """Addresses of RFC 1918 that hardly anybody has; who has them cannot run this."""
        run("ip", "netns", "add", self.namespace)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", "cable", "netns", self.namespace)
        run("ip", "addr", "add", f"{self.here}/30", "dev", self.cable)
        run("ip", "link", "set", self.cable, "up")
        for words in ("link set lo up", f"addr add {self.there}/30 dev cable", "link set cable up", f"route add default via {self.here}"):
            run(*self.inside, "ip", *words.split())

    def start(self):
        log = open(f"{self.dir}/dockerd.log", "w")
        self.daemon = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *self.inside, "dockerd", "--config-file", f"{self.dir}/daemon.json", "--data-root", f"{self.dir}/data", "--exec-root", f"{self.dir}/exec",
             "--pidfile", f"{self.dir}/docker.pid", "-H", f"unix://{self.dir}/docker.sock", "--bip", BRIDGE, "--default-address-pool", POOL],
            stdout=log, stderr=log, env=self.env)
        log.close()
        wait_for("dockerd answers", self.is_up, START_S, 0.2)

    def is_up(self):
        if self.daemon.poll() is not None:
            with open(f"{self.dir}/dockerd.log") as log:
                raise RuntimeError(f"dockerd ended with {self.daemon.returncode}: {log.readlines()[-1].strip()}")
        return subprocess.run(["docker", "version"], env=self.env, capture_output=True).returncode == 0

    def start_proxy(self):
        """The way of image builds to packages; the address of it."""
        port = free_port()
        self.proxy = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "/usr/bin/python3", f"{HERE}/apt_proxy.py", self.here, str(port)])
        return f"http://{self.here}:{port}"

    def docker(self, *arguments, **more):
        return run("docker", *arguments, env=self.env, **more)

    def __exit__(self, *_):
        """The engine stops its containers before it ends."""
        for process in (self.proxy, self.daemon):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(90)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for command in (("ip", "link", "del", self.cable), ("ip", "netns", "del", self.namespace)):
            subprocess.run(command, capture_output=True)
        remove(self.dir)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "--check":
        sys.exit("usage: engine.py --check DIRECTORY")
    try:
        begin = time.monotonic()
        with Engine(sys.argv[2]) as engine:
            print(f"Docker {engine.docker('version', '--format', '{{.Server.Version}}').strip()} starts in {time.monotonic() - begin:.1f} s")
    except NoEngine as why:
        print(f"no Docker engine can be started here: {why}")
        sys.exit(1)
