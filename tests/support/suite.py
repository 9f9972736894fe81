"""A whole suite of a test's own: database, keys, mail and webhook sink, daemons on free ports of 127.0.0.1.

    with Suite(build) as suite:
        suite.callout("apply", "-f", ..., "--yes")
        number = suite.client().submit(...)["number"]

Each daemon's log is suite.dir/NAME.log. Everything is stopped by its own pid, the database is dropped.
"""
import json
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from database import ROOT, Database

DAEMONS = ("sla", "dispatch", "notify", "intake")


_reserved = []


def free_port():
    """A port that no other test takes while this process lives, though nobody listens on it yet.

    Below the ports that the system gives to outgoing connections: a daemon that is started again finds its own free.
    The reservation is an abstract socket by the port's number: of this network namespace, and gone with its process.
    """
    while True:
        port = random.SystemRandom().randint(10240, 20999)
        reservation = socket.socket(socket.AF_UNIX)
        try:
            reservation.bind(f"\0callout-test-port-{port}")
            with socket.socket() as s:
                s.bind(("127.0.0.1", port))
        except OSError:
            reservation.close()
            continue
        _reserved.append(reservation)
        return port


def wait_for(what, check, limit_s=60, step_s=0.02):
    """Polls check() until it is true; returns its value, or raises with what was awaited and seen last."""
    end = time.monotonic() + limit_s
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {limit_s} s; last seen: {value!r}")
        time.sleep(step_s)


class Suite:
    def __init__(self, build=None, daemons=DAEMONS, migrate=(), registry=("calendars", "policies", "samples/registry"), url=None, rewrite=(), plans=False, tools=None):
        """plans: the sample's plans and advisories too, which open cases by themselves when their time comes. rewrite: pairs (text, other text) for the registry files; each must be found. build: whose daemons and command; tools: whose load and sink, where that is another. registry: below the project, or absolute."""
        self.build = build or os.path.join(ROOT, "build")
        self.tools = tools or self.build
        self.names, self.migrate, self.registry, self.url = daemons, migrate, registry, url
        self.rewrite, self.plans, self.running, self.counts = rewrite, plans, {}, {}

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-suite-")
        self.dir = self.temp.name
        self.database = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        if self.url is None:
            self.database = Database(rooms=())
            self.database.__enter__()
            self.url = self.database.url
        self.env = dict(os.environ, CALLOUT_DATABASE_URL=self.url, TMPDIR=self.dir)
        os.mkdir(f"{self.dir}/keys")
        for name in ("intake", "sample", "admin", "other"):
            self.callout("keygen", f"{self.dir}/keys", name)
        self.callout("keygen", "--signing", f"{self.dir}/keys", "signing")
        self.callout("migrate", *self.migrate)
        self.ports = {name: free_port() for name in ("intake", "smtp", "hooks")}
        self.endpoint = f"tcp://127.0.0.1:{self.ports['intake']}"
        with open(f"{self.dir}/client.env", "w") as env:
            env.write(f"CALLOUT_ENDPOINT={self.endpoint}\nCALLOUT_SERVER_KEY={self.public('intake')}\n"
                      f"CALLOUT_KEY_FILE={self.dir}/keys/sample.key\nCALLOUT_SIGNING_KEY_FILE={self.dir}/keys/signing.key\n")
        self.env["CALLOUT_ENV_FILE"] = f"{self.dir}/client.env"
        os.mkdir(f"{self.dir}/secrets")
        with open(f"{self.dir}/secrets/webhook", "w") as secret:
            secret.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        if "notify" in self.names:
            self.spawn("sink", [f"{ROOT}/scripts/sink", "--dir", self.dir, "--smtp-port", str(self.ports["smtp"]),
                                "--http-port", str(self.ports["hooks"])])
        for name in self.names:
            self.start(name)
        for name in list(self.running):
            self.wait_ready(name)
        if self.registry:
            self.apply_samples()

    def public(self, name):
        with open(f"{self.dir}/keys/{name}.pub") as file:
            return re.search(r"public = (\S+)", file.read()).group(1)

    def apply_samples(self):
        """The registry directories of the project, with the sample's channels pointed at this suite's sink."""
        target = f"{self.dir}/registry"
        if not os.path.isdir(target):
            os.mkdir(target)
            missing = {text for text, _ in self.rewrite}
            for room in self.registry:
                for name in sorted(os.listdir(os.path.join(ROOT, room))):
                    if name.endswith(".yaml") and (self.plans or name not in ("plans.yaml", "advisories.yaml")):
                        text = open(os.path.join(ROOT, room, name)).read()
                        text = text.replace("127.0.0.1:2525", f"127.0.0.1:{self.ports['smtp']}")
                        text = text.replace("127.0.0.1:8099", f"127.0.0.1:{self.ports['hooks']}")
                        for old, new in self.rewrite:
                            missing -= {old} if old in text else set()
                            text = text.replace(old, new)
                        open(f"{target}/{name}", "w").write(text)
            if missing:
                raise RuntimeError(f"to be rewritten, and in no registry file: {missing}")
        return self.callout("apply", "-f", target, "--keys", f"{self.dir}/keys", "--yes", key="admin")

    def options(self, name):
        if name.startswith("intake"):
            return ["--endpoint", self.endpoint, "--key-file", f"{self.dir}/keys/intake.key", "--admin-key", self.public("admin")]
        if name.startswith("notify"):
            return ["--secrets-dir", f"{self.dir}/secrets", "--allow-private"]
        return []

    def start(self, name, service=None, env=None):
        """Starts (again) a daemon; `name` may be sla-2 with service sla."""
        service = service or name.split("-")[0]
        self.counts[name] = self.counts.get(name, 0) + 1
        port = free_port()
        command = [f"{self.build}/callout-{service}", "--instance", f"{name}.{self.counts[name]}", "--mesh-endpoint",
                   f"ipc://{self.dir}/{name}.{self.counts[name]}.sock", "--http-address", f"127.0.0.1:{port}", *self.options(service)]
        self.spawn(name, command, env)
        self.ports["http_" + name] = port

    def spawn(self, name, command, env=None):
        log = open(f"{self.dir}/{name}.log", "a")
        command = ["setpriv", "--pdeathsig", "KILL", *command]  # a test that is killed leaves nobody behind
        self.running[name] = subprocess.Popen(command, env=dict(self.env, **(env or {})), stdout=log, stderr=log)
        log.close()

    def is_ready(self, name):
        process = self.running[name]
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode}:\n{self.log_end(name)}")
        if name == "sink":
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.ports["smtp"])) == 0
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['http_' + name]}/readyz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self, name, limit_s=60):
        wait_for(f"{name} ready", lambda: self.is_ready(name), limit_s)

    def metrics(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['http_' + name]}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def kill(self, name, sign=signal.SIGKILL):
        self.running[name].send_signal(sign)
        if sign in (signal.SIGKILL, signal.SIGTERM):
            return self.running[name].wait(60)
        return None

    def callout(self, *arguments, key=None, check=True):
        """Runs the command; returns its output (text), or the finished process with check=False."""
        env = dict(self.env)
        if key:
            env["CALLOUT_KEY_FILE"] = f"{self.dir}/keys/{key}.key"
        done = subprocess.run([f"{self.build}/callout", *arguments], env=env, capture_output=True, text=True, timeout=120, cwd=self.dir)
        if not check:
            return done
        if done.returncode != 0:
            raise RuntimeError(f"callout {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def case(self, number):
        return json.loads(self.callout("show", number, "-o", "json"))

    def log_end(self, name, lines=15):
        with open(f"{self.dir}/{name}.log") as log:
            return "".join(log.readlines()[-lines:])

    def stop(self):
        """Stops everything in order; how each ended is in .codes."""
        codes = {}
        for name, process in reversed(list(self.running.items())):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
            try:
                codes[name] = process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[name] = process.wait()
        self.codes = codes

    def __exit__(self, kind=None, *_):
        self.stop()
        if kind is not None:
            for name in self.running:
                print(f"--- {name}\n{self.log_end(name)}")
        if self.database:
            self.database.__exit__()
        self.temp.cleanup()
