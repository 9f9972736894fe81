#!/usr/bin/python3
"""Bad days of a suite that has a network of its own, with intake on one side of a wire and sla on the other: the wire cut both ways and
one way, DNS gone, clocks of hosts wrong, ports taken, a name of an instance used twice, a second intake and a second suite at the
same database. Root only."""
import os
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import apart  # noqa: E402
from database import query  # noqa: E402
from server import Server  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

HERE, THERE, FAR = "10.231.7.1", "10.231.7.2", "callout-far"
NAME = "database.callout.test"
FAST_S, BY_TABLE_S = 0.3, 3
HELD_S = 4  # a look-up in the loop would hold it for 5 s at least
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
REWRITE = (("    confirm: [5m, 5m, 10m, 30m]\n", ""), ("targets: {1: 30m, 2: 30m, 3: 30m, 4: 15m}", "targets: {1: 3s, 2: 3s, 3: 3s, 4: 3s}"))


class Apart(Suite):
    """sla runs in the other network, with the database's socket; the mesh goes by TCP."""

    socket_url = None

    def options(self, name):
        return super().options(name) + ["--mesh-key-file", f"{self.dir}/keys/mesh.key"]

    def start(self, name, service=None, env=None, more=()):
        service = service or name.split("-")[0]
        self.counts[name] = self.counts.get(name, 0) + 1
        is_far = service == "sla"
        address = THERE if is_far else HERE
        mesh, port = free_port(), free_port()
        if not os.path.exists(f"{self.dir}/keys/mesh.key"):
            self.callout("keygen", f"{self.dir}/keys", "mesh")
        instance = [] if "--instance" in more else ["--instance", f"{name}.{self.counts[name]}"]
        command = [*(["ip", "netns", "exec", FAR] if is_far else []), f"{self.build}/callout-{service}", *instance,
                   "--mesh-endpoint", f"tcp://{address}:{mesh}", "--http-address", f"{address}:{port}", *self.options(name), *more]
        far_env = {"CALLOUT_DATABASE_URL": self.socket_url} if is_far else {}  # files are not apart
        self.spawn(name, command, {**far_env, **(env or {})})
        self.ports["http_" + name] = port
        self.addresses = {**getattr(self, "addresses", {}), name: address}

    def http(self, name, path):
        """Status, or None; how long it took."""
        start = time.monotonic()
        try:
            with socket.create_connection((self.addresses[name], self.ports["http_" + name]), timeout=5) as s:
                s.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
                status = int(s.recv(100).split()[1])
        except (OSError, IndexError):
            status = None
        return status, time.monotonic() - start

    def is_ready(self, name):
        if name == "sink":
            return super().is_ready(name)
        if self.running[name].poll() is not None:
            raise RuntimeError(f"{name} ended with {self.running[name].returncode}:\n{self.log_end(name)}")
        return self.http(name, "/readyz")[0] == 200

    def refused(self, *words, service="intake"):
        """What a daemon says that must not start."""
        done = subprocess.run([f"{self.build}/callout-{service}", *self.options(service), *words], env=self.env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1, (done.returncode, done.stderr)
        return done.stderr

    def end(self, name):
        self.kill(name, signal.SIGTERM)
        del self.running[name]


def make_network():
    apart.run("mount", "-t", "tmpfs", "none", "/run")  # names of networks are files there
    for words in (f"netns add {FAR}", f"link add here type veth peer name there netns {FAR}", f"addr add {HERE}/24 dev here", "link set here up",
                  f"-n {FAR} addr add {THERE}/24 dev there", f"-n {FAR} link set there up", f"-n {FAR} link set lo up"):
        apart.run("ip", *words.split())


def submit(w):
    return w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", wait_ms=0).number


def promised_s(w):
    """How long until a new ticket's promises are seen at intake."""
    start, number = time.monotonic(), submit(w)
    w.wait(number, "promises", lambda v: len(v.clocks) > 0)
    return time.monotonic() - start


def answered_s(w):
    """How long until intake hears of them and answers who waits."""
    start = time.monotonic()
    reply = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", wait_ms=8000)
    assert len(reply.view.clocks) > 0, reply
    return time.monotonic() - start


def worst(f, w, n=4):
    return max(f(w) for _ in range(n))


def firewall(in_far, *words):
    return apart.run(*(["ip", "netns", "exec", FAR] if in_far else []), "iptables", *words)


def rule(verb, in_far):
    firewall(in_far, verb, "INPUT", "-i", "there" if in_far else "here", "-j", "DROP")


def dropped(in_far):
    """Packets that the only rule has kept back."""
    return int(firewall(in_far, "-L", "INPUT", "-v", "-n", "-x").splitlines()[2].split()[0])


def a_cut_wire_between_two_daemons_delays_and_loses_nothing(w):
    before = worst(answered_s, w)
    took, kept = {}, []
    for name, cuts in (("both ways", (True, False)), ("to sla", (True,)), ("from sla", (False,))):
        for in_far in cuts:
            rule("-A", in_far)
        took[name] = worst(answered_s, w)
        for in_far in cuts:
            kept.append(dropped(in_far))
            rule("-D", in_far)
    print(f"  answered with promises within {before * 1000:.0f} ms; cut " + ", ".join(f"{k} {v * 1000:.0f} ms" for k, v in took.items()), flush=True)
    assert min(kept) > 0, f"packets that were kept back: {kept}"
    assert max(took.values()) < BY_TABLE_S, took
    wait_for("as fast as before", lambda: answered_s(w) < max(FAST_S, 2 * before), 60, 0.5)


def without_dns_the_addresses_known_before_are_used(w):
    pids = {n: p.pid for n, p in w.suite.running.items()}
    with SilentDns():
        start = time.monotonic()
        w.server.stop("fast")
        w.server.start()
        slowest = 0
        end = time.monotonic() + 60
        while True:
            slowest = max([slowest] + [w.suite.http(name, "/livez")[1] for name in ("intake", "sla")])
            if all(w.suite.is_ready(name) for name in ("intake", "sla")):
                break
            assert time.monotonic() < end, "not back"
            time.sleep(0.1)
        back_s = time.monotonic() - start
        promised_s(w)
        w.suite.start("dispatch")
        wait_for("who has never known it says so", lambda: "the name is not found" in open(f"{w.suite.dir}/dispatch.log").read(), 20)
    start = time.monotonic()
    w.suite.wait_ready("dispatch")
    print(f"  back {back_s:.1f} s after the restart of the database began, loops held for {slowest * 1000:.0f} ms at most; a new daemon ready "
          f"{time.monotonic() - start:.1f} s after DNS was back", flush=True)
    w.suite.end("dispatch")
    assert pids == {n: p.pid for n, p in w.suite.running.items()}
    assert slowest < HELD_S, slowest


class SilentDns:
    """The name is known nowhere but at a name server that never answers."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        write_names(False)

    def __exit__(self, *_):
        write_names(True)
        self.socket.close()


def write_names(is_known):
    for path, text in (("/etc/hosts", f"127.0.0.1 localhost\n{'127.0.0.1 ' + NAME if is_known else ''}\n"), ("/etc/resolv.conf", "nameserver 127.0.0.1\n")):
        with open(path, "w") as file:
            file.write(text)


def own_files():
    """/etc/hosts and resolv.conf of this test alone."""
    for path in ("/etc/hosts", "/etc/resolv.conf"):
        copy = f"/run/{os.path.basename(path)}"
        open(copy, "w").close()
        apart.run("mount", "--bind", copy, path)
    write_names(True)


def a_clock_of_a_host_five_minutes_off_moves_no_timer(w):
    if not os.path.exists(FAKETIME):
        print("  skipped: there is no libfaketime (packages.txt)", flush=True)
        return
    for off in ("+300s", "-300s"):
        w.suite.end("sla")
        w.suite.start("sla", env={"LD_PRELOAD": FAKETIME, "FAKETIME": off, "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        w.suite.wait_ready("sla")
        assert clock_of(w.suite, "sla") > 200, "its clock is right"
        number = submit(w)
        clock = w.wait(number, "a breach", lambda v: any(c.breach_announced_us for c in v.clocks)).clocks
        clock = [c for c in clock if c.breach_announced_us][0]
        late = (clock.breach_announced_us - clock.due_us) / 1e6
        print(f"  sla's clock {off}: announced {late:.3f} s after its time", flush=True)
        assert 0 <= late <= 2, late
    w.suite.end("sla")
    w.suite.start("sla")
    w.suite.wait_ready("sla")


def clock_of(suite, name):
    """Seconds between the newest line of its log and now."""
    import datetime
    said = suite.log_end(name, 1).split()[0].removeprefix("ts=").rstrip("Z")
    then = datetime.datetime.fromisoformat(said).replace(tzinfo=datetime.timezone.utc)
    return abs((then - datetime.datetime.now(datetime.timezone.utc)).total_seconds())


def taken_ports_are_named(w):
    s = w.suite
    mesh = ["--mesh-endpoint", f"tcp://{HERE}:{free_port()}", "--http-address", f"{HERE}:{free_port()}"]
    said = s.refused("--instance", "late", *mesh)
    assert s.endpoint in said and "in use" in said, said
    said = s.refused("--instance", "late", *mesh[:2], "--endpoint", f"tcp://127.0.0.1:{free_port()}", "--http-address", f"{HERE}:{s.ports['http_intake']}")
    assert f"{HERE}:{s.ports['http_intake']}" in said and "in use" in said, said
    taken = query(s.url, "SELECT endpoint FROM journal.member WHERE service = 'intake'")[0][0]
    said = s.refused("--instance", "late", "--mesh-endpoint", taken, *mesh[2:], "--endpoint", f"tcp://127.0.0.1:{free_port()}")
    assert taken in said and "in use" in said, said
    path = f"ipc://{s.dir}/taken.sock"
    first = subprocess.Popen([f"{s.build}/callout-dispatch", "--instance", "first", "--mesh-endpoint", path], env=s.env, stderr=subprocess.DEVNULL)
    try:
        wait_for("the socket", lambda: os.path.exists(path[6:]), 20)
        said = s.refused("--instance", "second", "--mesh-endpoint", path, service="dispatch")
        assert path in said and "in use" in said, said
    finally:
        first.terminate()
        first.wait(60)


def a_name_of_an_instance_belongs_to_one_process(w):
    s = w.suite
    name = ["--instance", "twice"]
    s.start("sla-a", more=name)
    s.wait_ready("sla-a")
    s.start("sla-b", more=name)
    assert s.running["sla-b"].wait(30) == 1, "both run"
    assert "is running as instance" in s.log_end("sla-b"), s.log_end("sla-b")
    s.running["sla-a"].send_signal(signal.SIGSTOP)
    start = time.monotonic()
    s.start("sla-b", more=name)
    s.wait_ready("sla-b")
    took = time.monotonic() - start
    s.running["sla-a"].send_signal(signal.SIGCONT)
    assert s.running.pop("sla-a").wait(30) == 1, "who was replaced goes on"
    with open(f"{s.dir}/sla-a.log") as said:
        assert sum("cannot_work_here" in line and "has taken the name" in line for line in said) == 1, s.log_end("sla-a")
    print(f"  the name of one that stands still is free after {took:.1f} s", flush=True)
    promised_s(w)
    s.end("sla-b")


def two_intakes_and_two_suites_share_one_database(w):
    s = w.suite
    port = free_port()
    s.start("intake-2", more=["--endpoint", f"tcp://127.0.0.1:{port}"])
    for name in ("dispatch", "dispatch-2", "notify", "notify-2", "sla-2"):
        s.start(name)
    for name in ("intake-2", "dispatch", "dispatch-2", "notify", "notify-2", "sla-2"):
        s.wait_ready(name)
    other = World(s)
    keys = dict(line.strip().split(" = ") for line in open(f"{s.dir}/keys/sample.key") if " = " in line)
    other.client = w.client_module.Client(f"tcp://127.0.0.1:{port}", s.public("intake"), keys["public"], keys["secret"])
    numbers = {}

    def post(side, world):
        numbers[side] = [world.submit(key=f"both-{i}", customer="haihe-bank", site="haihe-langfang", product="storage", onsite=True, wait_ms=0).number
                         for i in range(30)]
    sides = [threading.Thread(target=post, args=(side, world)) for side, world in (("one", w), ("two", other))]
    for side in sides:
        side.start()
    for side in sides:
        side.join()
    assert numbers["one"] == numbers["two"], "a key has two numbers"
    for number in numbers["one"][-3:]:
        for world in (w, other):
            world.wait(number, "promises, and an offer", lambda v: len(v.clocks) > 0)
    wait_for("everything is worked off", lambda: query(s.url, """SELECT 1 FROM journal.cursor c JOIN journal.lane l USING (lane)
             HAVING bool_and(c.seq >= l.seq)"""), 60)
    wait_for("six owners of eight lanes each", lambda: query(s.url, """SELECT 1 FROM (SELECT count(*) AS lanes FROM journal.cursor
             WHERE owner ~ '^(sla|dispatch|notify)' GROUP BY owner) AS o HAVING count(*) = 6 AND bool_and(lanes = 8)"""), 60)
    twice = query(s.url, "SELECT case_id, obligation, generation, slot, count(*) FROM notify.notice GROUP BY 1, 2, 3, 4 HAVING count(*) > 1")
    assert not twice, twice
    assert query(s.url, "SELECT count(*) FROM intake.receipt WHERE key LIKE 'both-%'") == [["30"]]


TESTS = [a_cut_wire_between_two_daemons_delays_and_loses_nothing, without_dns_the_addresses_known_before_are_used,
         a_clock_of_a_host_five_minutes_off_moves_no_timer, taken_ports_are_named, a_name_of_an_instance_belongs_to_one_process,
         two_intakes_and_two_suites_share_one_database]


def main():
    apart.enter(network=True, programs=("ip", "iptables"))
    make_network()
    own_files()
    with Server(port=free_port()) as server:
        Apart.socket_url = server.url
        with Apart(daemons=("sla", "intake"), rewrite=REWRITE, url=server.tcp_url(NAME)) as suite:
            world = World(suite)
            world.server = server
            failures = run_tests(TESTS, world)
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
