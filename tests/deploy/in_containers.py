#!/usr/bin/python3
"""deploy/ for real: an engine of its own builds the images and runs the suite; a ticket comes from outside and goes through all four daemons;
dispatch gets more and fewer processes under load, daemons die, the database goes and comes; down, and up again with everything there.

    in_containers.py BUILD
"""
import collections
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from deployed import DAEMONS, FILES, JOBS, ROOT, Deployed, run, wait_for  # noqa: E402  (first: it says where the others are)
from engine import Engine, NoEngine, remove  # noqa: E402
from examine import ACCEPTED, Checks, examine  # noqa: E402
from load import Ledger, Load, write_targets  # noqa: E402
from storm import DUE_S, REWRITE  # noqa: E402

RATE = 20          # tickets/s; everything shares the machine with the engine
BACK_S = 90        # until something that was hurt works again
BACKLOG_S = 180    # until everything is worked off at the end
COMPILERS = "gcc cc c++ g++ clang tcc ld as make ninja cmake"
LIMITS = {"Memory": "memory", "NanoCpus": "CPU", "PidsLimit": "processes"}
GRACE_S = 30


def step(title, act, *arguments):
    begin = time.monotonic()
    result = act(*arguments)
    print(f"  {title:<44} {time.monotonic() - begin:6.1f} s", flush=True)
    return result


# ---- images ----

# What an image says of itself, one answer behind each line that begins with "== ".
QUESTIONS = {
    "compilers": f"for c in {COMPILERS}; do command -v $c; done",
    "headers": "find /usr/include -name '*.h' 2>/dev/null | head -3",
    "missing": "ldd /usr/bin/$program | grep 'not found'",
    "listed": "cat /usr/share/callout/packages",
    "asked": "apt-mark showmanual",
    "user": "id -u; id -g",
    "own": "stat -c %s /usr/bin/$program",
}


def ask_image(suite, service, program):
    script = f"program={program}; " + "; ".join(f"echo '== {name}'; {command}" for name, command in QUESTIONS.items())
    said = suite.engine.docker("run", "--rm", "--network", "none", "--entrypoint", "sh", suite.image(service), "-c", script)
    return {name: text.split() for name, text in re.findall(r"^== (\w+)\n(.*?)(?=^== |\Z)", said, re.M | re.S)}


def size_of(suite, image):
    return int(suite.engine.docker("inspect", "-f", "{{.Size}}", image)) / 1e6


def look_into_images(checks, suite):
    base = set(suite.engine.docker("run", "--rm", "--network", "none", "debian:bookworm-slim", "apt-mark", "showmanual").split())
    for service in (*DAEMONS, "callout"):
        program = "callout" if service == "callout" else f"callout-{service}"
        says = ask_image(suite, service, program)
        checks.holds(f"{service}: answers all questions", len(says), len(says) == len(QUESTIONS))
        checks.is_zero(f"{service}: compilers in the image", says["compilers"] + says["headers"])
        checks.is_zero(f"{service}: libraries that are not found", says["missing"])
        needed, listed = set(run(f"{ROOT}/deploy/runtime-packages", f"{suite.build}/{program}").split()), set(says["listed"])
        checks.is_zero(f"{service}: packages that the program does not need, or the image does not have", needed ^ listed)
        checks.is_zero(f"{service}: packages that were asked for without need", set(says["asked"]) - base - listed - {"ca-certificates"})
        checks.holds(f"{service}: runs as a plain user", says["user"], says["user"] == ["10001", "10001"])
        print(f"    {suite.image(service):<24} {size_of(suite, suite.image(service)):6.1f} MB, of which the program {int(says['own'][0]) / 1e6:.1f} MB", flush=True)
    print(f"    {'debian:bookworm-slim':<24} {size_of(suite, 'debian:bookworm-slim'):6.1f} MB, made here", flush=True)


# ---- set-up ----

def digest(directory):
    return {path: hashlib.sha256(open(path, "rb").read()).hexdigest() for path in glob.glob(f"{directory}/**", recursive=True) if os.path.isfile(path)}


def set_up(checks, suite):
    suite.setup()
    before = digest(f"{suite.deploy}/secrets")
    suite.setup()
    checks.holds("set-up run again changes nothing", len(before), len(before) > 12 and digest(f"{suite.deploy}/secrets") == before)
    readable = [p for p in before if os.stat(p).st_mode & 0o077 and not p.endswith(".pub")]
    checks.is_zero("secrets that others may read", readable)
    said = json.dumps(suite.compose("config")) if shutil.which("docker-compose") else ""
    password = open(f"{suite.deploy}/secrets/postgres-password").read().strip()
    checks.holds("no secret in the composed file", len(said), len(said) > 1000 and password not in said)


def look_at_containers(checks, suite):
    """What each may, as the engine has it."""
    containers = suite.containers(None, "-a")
    services = collections.Counter(c["Config"]["Labels"]["com.docker.compose.service"] for c in containers)
    checks.holds("services", dict(services), set(services) == {"postgres", *DAEMONS, *JOBS})
    faults = collections.defaultdict(list)
    for c in containers:
        name, host = c["Config"]["Labels"]["com.docker.compose.service"], c["HostConfig"]
        for key, what in LIMITS.items():
            if not host[key] or host[key] < 0:
                faults[f"no limit of {what}"].append(name)
        if not host["ReadonlyRootfs"]:
            faults["root can be written"].append(name)
        if host["CapDrop"] != ["ALL"] or (host["CapAdd"] and name != "postgres"):
            faults["keeps capabilities"].append(name)
        if "no-new-privileges:true" not in host["SecurityOpt"]:
            faults["may get new privileges"].append(name)
        if name != "postgres" and c["Config"]["User"] != "10001:10001":
            faults["is no plain user"].append((name, c["Config"]["User"]))
        if name in DAEMONS and (c["Config"]["StopTimeout"] or 0) < GRACE_S:
            faults["is not given the time to stop"].append((name, c["Config"]["StopTimeout"]))
        if name in DAEMONS and host["RestartPolicy"]["Name"] != "unless-stopped":
            faults["does not come back"].append(name)
        if name in DAEMONS and [(u["Soft"], u["Hard"]) for u in host["Ulimits"] or []] != [(FILES, FILES)]:
            faults["open files"].append((name, host["Ulimits"]))
        if host["PortBindings"] and name != "intake":
            faults["is open to the outside"].append(name)
        if any("PASSWORD=" in e or "://" in e and "@" in e for e in c["Config"]["Env"]):
            faults["secret in the environment"].append(name)
        if name in JOBS and (c["State"]["Running"] or c["State"]["ExitCode"] != 0):
            faults["job that did not end well"].append((name, c["State"]["ExitCode"]))
    checks.is_zero("containers with more than they need", faults.items())
    status = suite.engine.docker("exec", suite.containers("sla")[0]["Id"], "cat", "/proc/1/status")
    found = dict(re.findall(r"(CapEff|NoNewPrivs|Seccomp):\s+(\S+)", status))
    checks.holds("the daemon itself: no capability, no new privileges", found, int(found["CapEff"], 16) == 0 and found["NoNewPrivs"] == "1")
    logins = suite.rows("""SELECT usename, application_name, count(*) FROM pg_stat_activity WHERE datname = 'callout' AND pid <> pg_backend_pid()
                        AND usename <> 'callout' GROUP BY 1, 2""")
    checks.holds("each service by a login of its own", logins, {who for who, _, _ in logins} == {f"callout_{s}_login" for s in DAEMONS})


# ---- tickets ----

def submit(suite, key):
    return suite.callout("submit", "-f", f"{ROOT}/samples/ticket.json", "--key", key).split()[0]


def has_passed_all(suite, key):
    """Taken by intake, admitted by sla, offered by dispatch, and a notice accepted by the sink."""
    return suite.rows(f"""SELECT EXISTS (SELECT FROM sla.case c WHERE c.case_id = r.id),
        EXISTS (SELECT FROM read.dispatch_order o WHERE o.case_id = r.id AND o.status NOT IN ('seeking', 'drafted')),
        EXISTS (SELECT FROM notify.notice n WHERE n.case_id = r.id AND n.state = {ACCEPTED})
        FROM intake.receipt r WHERE r.kind = 1 AND r.key = '{key}'""") == [["t", "t", "t"]]


def first_ticket(checks, suite):
    number = submit(suite, "from-outside")
    seen = None
    try:
        wait_for("offered, and told", lambda: has_passed_all(suite, "from-outside"), BACK_S, 0.2)
    except RuntimeError:
        seen = suite.callout("show", number)
    checks.is_zero(f"{number} did not pass all four daemons", [seen] if seen else [])
    checks.holds("its notices came to the sink outside", (came := suite.drained()), len(came) > 0)
    return number


# ---- more and fewer, and hurt ----

def owners(suite, service):
    return collections.Counter(o for (o,) in suite.rows(f"SELECT owner FROM journal.cursor WHERE service = '{service}'"))


def is_shared(suite, count):
    """The lanes among that many, each a container of its own, that the others reach by its own address."""
    held = owners(suite, "dispatch")
    hosts = {f"dispatch-{c['Config']['Hostname']}-1" for c in suite.containers("dispatch")}
    return set(held) == hosts and len(hosts) == count and max(held.values()) - min(held.values()) <= 1


def scale(checks, suite, count):
    before = len(suite.containers("dispatch"))
    begin = time.monotonic()
    suite.compose("up", "-d", "--no-deps", "--scale", f"dispatch={count}", "dispatch")
    left = []
    try:
        wait_for("lanes shared", lambda: is_shared(suite, count), BACK_S, 0.2)
    except RuntimeError:
        left = [owners(suite, "dispatch"), [c["Config"]["Hostname"] for c in suite.containers("dispatch")]]
    checks.is_zero(f"lanes are not shared among {count} within {BACK_S} s", left)
    print(f"    dispatch {before} -> {count}: lanes shared after {time.monotonic() - begin:.1f} s", flush=True)


def look_at_mesh(checks, suite):
    """Everybody is announced by the address of his container in the network of the database."""
    members = suite.rows("SELECT instance, endpoint FROM journal.member WHERE seen_at > clock_timestamp() - interval '3 s'")
    addresses = {f"tcp://{c['NetworkSettings']['Networks']['callout_inside']['IPAddress']}:7500" for s in DAEMONS for c in suite.containers(s)}
    checks.holds("members are announced where they are", members, {e for _, e in members} == addresses and len(members) == len(addresses))
    for service in ("sla", "notify"):
        connected = suite.engine.docker("exec", suite.containers(service)[0]["Id"], "cat", "/proc/net/tcp")
        peers = sum(line.split()[2].endswith(":1D4C") and line.split()[3] == "01" for line in connected.splitlines()[1:])
        checks.holds(f"{service} hears all others over the mesh", peers, peers >= len(members) - 1)


def crash(checks, suite, service):
    """As if it had died by itself: the engine starts it again. (docker kill counts as somebody's wish, and is not undone.)"""
    before = suite.containers(service)[0]
    begin = time.monotonic()
    os.kill(before["State"]["Pid"], signal.SIGKILL)
    left = []
    try:
        wait_for("started again", lambda: (c := suite.containers(service)) and c[0]["RestartCount"] > before["RestartCount"] and suite.is_healthy(), BACK_S, 0.2)
    except RuntimeError:
        left = [c["State"] for c in suite.containers(service, "-a")]
    checks.is_zero(f"{service} killed, and not back within {BACK_S} s", left)
    print(f"    {service} killed: healthy again after {time.monotonic() - begin:.1f} s", flush=True)


def docker_kill(checks, suite, service):
    """What somebody kills, `up` brings back."""
    suite.engine.docker("kill", suite.containers(service)[0]["Id"])
    begin = time.monotonic()
    suite.up()
    print(f"    {service} after docker kill: back by up -d after {time.monotonic() - begin:.1f} s", flush=True)


def probes(checks, suite):
    """Without database a daemon is alive and not ready, says why, and is not restarted for it."""
    sla = suite.containers("sla")[0]
    ask = ["docker", "exec", sla["Id"], "callout-sla", "--probe"]
    suite.disconnect()
    suite.compose("stop", "postgres")
    ready = wait_for("not ready", lambda: (r := subprocess.run([*ask, "ready"], env=suite.engine.env, capture_output=True, text=True)).returncode and r, BACK_S, 0.3)
    live = subprocess.run([*ask, "live"], env=suite.engine.env, capture_output=True, text=True)
    checks.holds("not ready without database, and why", ready.stdout, ready.returncode == 1 and "database: not connected" in ready.stdout)
    checks.holds("alive all the same", live.stdout, live.returncode == 0)
    suite.up()
    checks.holds("not restarted for it", (c := suite.containers("sla")[0])["State"]["Pid"], c["State"]["Pid"] == sla["State"]["Pid"])


def under_load(checks, suite):
    write_targets(f"{suite.dir}/targets", f"{suite.dir}/registry")
    load = Load(suite, f"{suite.dir}/targets", "deploy", ledger=f"{suite.dir}/ledger", rate=RATE, connections=2, window=50, onsite=20, commands=20,
                again_ms=2000, seconds=3600, patience=240)
    try:
        wait_for("the first acknowledgements", lambda: os.path.exists(f"{suite.dir}/ledger") and open(f"{suite.dir}/ledger").read().count("\nack ") > 50, BACK_S)
        scale(checks, suite, 4)
        look_at_mesh(checks, suite)
        crash(checks, suite, "sla")
        crash(checks, suite, "intake")
        scale(checks, suite, 2)
        scale(checks, suite, 1)
        load.stop()
        return load.end()
    finally:
        if load.process.poll() is None:
            load.process.kill()


def work_off(checks, suite, more):
    """more: tickets that were reported by hand, (key, number)."""
    ledger, left, took_s = Ledger(f"{suite.dir}/ledger"), [], BACKLOG_S
    try:
        took_s = suite.wait_quiet(BACKLOG_S, due_s=DUE_S)
    except RuntimeError as error:
        left = [str(error)]
    checks.is_zero("not worked off", left)
    print(f"    worked off after {took_s:.1f} s", flush=True)
    for key, number in more:
        (own,) = suite.rows(f"SELECT id FROM intake.receipt WHERE kind = 1 AND key = '{key}'")[0]
        ledger.tried.add(key)
        ledger.acked[key] = (number, int(own))
    stop_in_order(checks, suite)  # timers go on: what is compared must stand still
    examine(checks, suite, ledger)
    suite.up()


# ---- down and up ----

def stop_in_order(checks, suite):
    begin = time.monotonic()
    suite.compose("stop", *DAEMONS)
    codes = {c["Config"]["Labels"]["com.docker.compose.service"]: c["State"]["ExitCode"] for c in suite.containers(None, "-a")}
    checks.holds("daemons end in order", codes, all(codes[s] == 0 for s in DAEMONS))
    print(f"    daemons stopped after {time.monotonic() - begin:.1f} s", flush=True)


def again(checks, suite, number):
    tickets = suite.rows("SELECT count(*) FROM intake.receipt")
    suite.down()
    checks.is_zero("left after down", suite.containers(None, "-a"))
    suite.up()
    checks.holds("the data is there", (found := suite.rows("SELECT count(*) FROM intake.receipt")), found == tickets)
    checks.holds("the first ticket is known", (shown := suite.callout("show", number))[:60], number in shown)
    submit(suite, "second-life")
    wait_for("the next one passes all four", lambda: has_passed_all(suite, "second-life"), BACK_S, 0.2)
    suite.down()


def validate_v2(suite):
    """With the newer compose, where it is installed."""
    done = subprocess.run(["docker", "compose", "version"], env=suite.compose_env, capture_output=True, text=True)
    if done.returncode != 0:
        return print("    docker compose (v2) is not installed: the file was tried with docker-compose only", flush=True)
    run("docker", "compose", "-f", f"{suite.deploy}/docker-compose.yml", "config", "-q", env=suite.compose_env)
    print(f"    {done.stdout.strip()}: the file is valid", flush=True)


def test(checks, engine, build, directory):
    with Deployed(engine, build, directory, REWRITE) as suite:
        step("base image (debootstrap)", suite.make_base)
        step("images", suite.build_images)
        step("what is in them", look_into_images, checks, suite)
        step("keys, passwords", set_up, checks, suite)
        validate_v2(suite)
        step("first up", suite.up)
        look_at_containers(checks, suite)
        step("registry", suite.open_outside)
        number = step("a ticket from outside", first_ticket, checks, suite)
        counted = step("more and fewer under load, daemons killed", under_load, checks, suite)
        print(f"    {counted['rate']:.0f} tickets/s, p99 {counted['p99_us'] / 1000:.0f} ms, sent again: busy {counted['busy']:.0f} "
              f"unavailable {counted['unavailable']:.0f} silent {counted['silent']:.0f}", flush=True)
        step("nothing lost, nothing doubled", work_off, checks, suite, [("from-outside", number)])
        step("docker kill, and up", docker_kill, checks, suite, "notify")
        step("without database", probes, checks, suite)
        step("down and up again", again, checks, suite, number)


def main(build):
    checks = Checks()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the engine is stopped
    directory = tempfile.mkdtemp(prefix="callout-deploy-")
    try:
        with Engine(f"{directory}/engine") as engine:
            test(checks, engine, build, f"{directory}/suite")
    except NoEngine as why:
        checks.is_zero("no Docker engine can be started here", [str(why)])
    finally:
        remove(directory)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
