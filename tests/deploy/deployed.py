"""The suite of deploy/docker-compose.yml, built and run by an engine of the test's own, with what tests/support knows to do with a suite."""
import glob
import json
import os
import re
import resource
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for room in ("support", "fault"):
    sys.path.insert(0, os.path.join(HERE, "..", room))
from busy import BusySuite, Session  # noqa: E402
from database import ROOT  # noqa: E402
from engine import remove, run  # noqa: E402
from suite import free_port, wait_for  # noqa: E402

DAEMONS = ("sla", "dispatch", "notify", "intake")
JOBS = ("migrate", "logins")
MIRRORS = "/etc/apt/sources.list /etc/apt/sources.list.d/debian.sources"
# As many as the file says, where this machine lets the engine give that many.
FILES = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
# What debian:bookworm-slim goes without, too.
NOT_IN_SLIM = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/cache/apt", "var/lib/apt/lists", "var/log")


def mirror():
    """Where this machine's own packages come from."""
    for path in MIRRORS.split():
        found = re.search(r"^(?:URIs: *|deb +(?:\[[^]]*\] +)?)(http://\S+)", open(path).read() if os.path.exists(path) else "", re.M)
        if found:
            return found.group(1)
    raise RuntimeError(f"no Debian archive over http in {MIRRORS}")


class Deployed(BusySuite):
    def __init__(self, engine, build, directory, rewrite):
        super().__init__(build, rewrite=list(rewrite))
        self.engine, self.dir, self.deploy = engine, directory, f"{directory}/src/deploy"
        self.session = None
        # What is set for this machine: who may connect from where, that the sink has a private address; and that images come from here.
        self.compose_env = dict(engine.env, CALLOUT_LISTEN="0.0.0.0", CALLOUT_ALLOW_PRIVATE="yes", POSTGRES_MEMORY="1g", CALLOUT_FILES=str(FILES))

    def __enter__(self):
        os.makedirs(f"{self.dir}/keys")
        os.mkdir(f"{self.dir}/bin")
        with open(f"{self.dir}/bin/psql", "w") as psql:  # the database is in the engine's network
            psql.write(f"#!/bin/sh\nexec {' '.join(self.engine.inside)} /usr/bin/psql \"$@\"\n")
        os.chmod(f"{self.dir}/bin/psql", 0o755)
        os.environ["PATH"] = f"{self.dir}/bin:{os.environ['PATH']}"
        self.copy_source()
        return self

    def copy_source(self):
        """The images are built of a copy, in which secrets can be made without touching those of a suite that is run from here."""
        listed = run("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
        for name in filter(None, listed.split("\0")):
            if os.path.isfile(f"{ROOT}/{name}"):
                os.makedirs(os.path.dirname(f"{self.dir}/src/{name}"), exist_ok=True)
                shutil.copy2(f"{ROOT}/{name}", f"{self.dir}/src/{name}")

    # ---- images ----

    def make_base(self):
        """debian:bookworm-slim, from this machine's archive."""
        base = f"{self.dir}/base"
        run("debootstrap", "--variant=minbase", "bookworm", base, mirror(), env=dict(os.environ, PATH=self.engine.env["PATH"]))
        for room in NOT_IN_SLIM:
            for path in glob.glob(f"{base}/{room}/*"):
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
        os.makedirs(f"{base}/var/cache/apt/archives/partial")
        with subprocess.Popen(["tar", "-C", base, "-c", "."], stdout=subprocess.PIPE) as tar:
            self.engine.docker("import", "-", "debian:bookworm-slim", stdin=tar.stdout)
        remove(base)

    def build_images(self):
        proxy = f"http_proxy={self.engine.start_proxy()}"
        self.engine.docker("build", "--build-arg", proxy, "-t", "postgres:15", f"{HERE}/postgres-stand-in")
        self.compose("build", "--build-arg", proxy)

    def image(self, service):
        version = re.search(r"^project\(callout VERSION (\S+)", open(f"{ROOT}/CMakeLists.txt").read(), re.M).group(1)
        return f"callout:{version}" if service == "callout" else f"callout-{service}:{version}"

    # ---- life ----

    def compose(self, *arguments):
        return run("docker-compose", "-f", f"{self.deploy}/docker-compose.yml", "-p", "callout", *arguments, env=self.compose_env)

    def setup(self):
        run(f"{self.deploy}/setup", "--endpoint", f"tcp://{self.engine.there}:7400", env=self.compose_env)

    def up(self, *more):
        """Until all are ready."""
        self.compose("up", "-d", *more)
        wait_for("all daemons healthy", self.is_healthy, 120, 0.3)
        self.connect()

    def down(self, *more):
        self.disconnect()
        self.compose("down", *more)

    def connect(self):
        """To the database, which has another address each time."""
        self.disconnect()
        address = self.containers("postgres")[0]["NetworkSettings"]["Networks"]["callout_inside"]["IPAddress"]
        with open(f"{self.deploy}/secrets/postgres-password") as password:
            self.url = f"postgresql://callout:{password.read().strip()}@{address}:5432/callout"
        self.session = Session(self.url)

    def disconnect(self):
        if self.session:
            self.session.close()
        self.session = None

    def containers(self, service=None, *more):
        filters = ["--filter", f"label=com.docker.compose.service={service}"] if service else []
        ids = self.engine.docker("ps", "-q", "--filter", "label=com.docker.compose.project=callout", *filters, *more).split()
        return json.loads(self.engine.docker("inspect", *ids)) if ids else []

    def is_healthy(self):
        """Each daemon has a container, and each of its containers is."""
        found = [(c["Config"]["Labels"]["com.docker.compose.service"], c["State"].get("Health", {}).get("Status")) for c in self.containers()]
        return {service for service, _ in found} >= {"postgres", *DAEMONS} and all(health == "healthy" for service, health in found)

    # ---- from outside ----

    def open_outside(self):
        """Keys, settings and a sink on this machine; then the registry of the samples."""
        for name in ("intake.pub", "admin.pub", "admin.key", "signing.key", "signing.pub"):
            shutil.copy(f"{self.deploy}/secrets/{name}", f"{self.dir}/keys/{name}")
            os.chown(f"{self.dir}/keys/{name}", os.geteuid(), os.getegid())
        self.endpoint = f"tcp://{self.engine.there}:7400"
        self.env = dict(os.environ, CALLOUT_ENV_FILE=f"{self.deploy}/secrets/client.env", CALLOUT_KEY_FILE=f"{self.dir}/keys/sample.key")
        for name in ("sample", "other"):
            self.callout("keygen", f"{self.dir}/keys", name)
        self.ports = {name: free_port() for name in ("smtp", "hooks")}
        self.rewrite += [(f"127.0.0.1:{port}", f"{self.engine.here}:{port}") for port in self.ports.values()]
        self.drain_file = f"{self.dir}/drain"
        self.spawn_drain()
        self.apply_samples()

    def spawn_drain(self):
        command = ["setpriv", "--pdeathsig", "KILL", f"{self.build}/tests/bench/drain", self.drain_file, str(self.ports["smtp"]),
                   str(self.ports["hooks"]), "1", "0", "0", self.engine.here]
        self.running["sink"] = subprocess.Popen(command)

    def callout(self, *arguments, key=None, check=True):
        """What asks the database does so from within the engine's network."""
        env = dict(self.env, **({"CALLOUT_KEY_FILE": f"{self.dir}/keys/{key}.key"} if key else {}))
        way = []
        if arguments[0] == "audit":
            way, env["CALLOUT_DATABASE_URL"] = self.engine.inside, self.url
        done = subprocess.run([*way, f"{self.build}/callout", *arguments], env=env, capture_output=True, text=True, timeout=120, cwd=self.dir)
        if check and done.returncode != 0:
            raise RuntimeError(f"callout {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout if check else done

    def logs(self, lines=15):
        return self.compose("logs", "--no-color", f"--tail={lines}")

    def __exit__(self, kind=None, *_):
        if kind is not None:
            try:
                print(self.logs())
            except RuntimeError as error:
                print(str(error)[-500:])
        self.disconnect()
        self.stop()
