#!/usr/bin/python3
"""Keys and roles over real sockets: who may ask what, keys that are replaced and taken away, sockets that nobody gets into without one.

The tables below say what is right; what the protocol has and they do not fails the test. Usage: test_keys.py BUILD_DIR
"""
import os
import socket
import stat
import subprocess
import sys
import threading
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from clients import ACT, WHAT, apply, is_equal, is_let_in, make_keys, register, what, wire_of  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402
from wire import Checks, M, code, read_keys  # noqa: E402

ROLES = ("submit", "command", "query", "apply", "operate")
ANY = set(ROLES) | {"none"}

# ---- who may ask what, by hand ----
BODIES = {"submit": {"submit"}, "apply": {"apply"}, "parked": {"operate"}, "answer": {"command"}, "ping": ANY,
          "command": None, "query": None}  # by act, by what
WHATS = {"none": {"query"},
         "case": {"query"}, "cases": {"query"}, "entries": {"query"}, "command": {"query"}, "order": {"query"}, "claims": {"query"},
         "choices": {"query"}, "lots": {"query"}, "postings": {"query"}, "opened": {"query"},
         "registry": {"query", "apply"}, "object": {"query", "apply"}, "states": {"apply"},
         "status": {"query", "operate"}, "notices": {"query", "operate"}, "notice": {"operate"}}
ACTS = dict.fromkeys("""none reported case_accepted contacted expert_joined process_started vendor_joined remote_gave_up onsite_requested underway arrived
investigated finding_given recommended consulted hardware_fault hardware_ready restored waiting_customer customer_answered waiting_vendor
vendor_answered condition_set condition_cleared note relapsed acknowledged hardware_expected substitute_ready fix_planned fixed replaced handed_up
answer_given called_back call_me_back accept decline sign waive cancel set_severity approve agree confirm_order name_engineer recall propose_time
reject_time archive step_opened step_done step_accepted step_returned step_skipped consent_asked consent_given consent_changed consent_withdrawn
consent_refused consent_nobody consent_silent session_started session_ended worked deduct_from allow_overdraft book unbook reschedule excluded
exclusion_ended located closed entitled""".split(), {"command"})
ACTS |= {"resend_notice": {"operate"}}


def the_tables_name_all_that_can_be_asked(suite):
    bodies = {f.name for f in M["Request"].DESCRIPTOR.oneofs_by_name["body"].fields}
    is_equal("bodies without a row, rows without a body", (bodies - set(BODIES), set(BODIES) - bodies), (set(), set()))
    whats = {n[5:].lower() for n in WHAT}
    is_equal("questions", (whats - set(WHATS), set(WHATS) - whats), (set(), set()))
    acts = {n[4:].lower() for n in ACT}
    is_equal("acts", (acts - set(ACTS), set(ACTS) - acts), (set(), set()))


def requests():
    """(name, request, roles of which one is needed)"""
    simple = dict(submit=dict(key="k", title="t"), apply=dict(change_id="matrix", part=1, last=True, dry_run=True), parked=dict(verb="list"),
                  answer=dict(key="k", code="C-180D-0000000000"), ping={})
    for name, body in simple.items():
        yield name, {name: body}, BODIES[name]
    for name, roles in WHATS.items():
        yield f"query {name}", dict(query=dict(what=what(name))), roles
    for name, roles in ACTS.items():
        yield f"command {name}", dict(command=dict(key=f"k-{name}", number="C-180D", act=ACT["ACT_" + name.upper()].number)), roles


def each_role_may_ask_what_the_table_says_and_nothing_else(suite):
    asked, wrong = 0, []
    for role in ROLES:
        register(suite, f"only-{role}", [role], f"matrix-{role}")
    for role in (*ROLES, "none"):
        key = "intake" if role == "none" else f"only-{role}"  # the server's own key gets in, for the proof at start, and has no role
        wait_for(f"{key} gets in", lambda: is_let_in(suite, key))
        with wire_of(suite, key) as wire:
            wanted = list(requests())
            for (name, _, roles), reply in zip(wanted, wire.ask_all([body for _, body, _ in wanted])):
                asked += 1
                if (code(reply) != "forbidden") != (role in roles):
                    wrong.append(f"{role}: {name}: {code(reply)}")
                if role not in roles and set(reply.error.allowed) != roles:
                    wrong.append(f"{role}: {name}: allowed {list(reply.error.allowed)}")
    is_equal("wrong", wrong, [])
    is_equal("asked", asked, 6 * (5 + len(WHATS) + len(ACTS)))


# ---- keys that are replaced and taken away ----

def connections(suite, port=None):
    """Peers of established connections to the door, as (address, port) of the client's side."""
    port = port or int(suite.endpoint.rsplit(":", 1)[1])
    peers = set()
    for line in open("/proc/net/tcp").read().splitlines()[1:]:
        field = line.split()
        local, remote, state = field[1], field[2], field[3]
        if int(local.split(":")[1], 16) == port and state == "01":
            peers.add(remote)
    return peers


def opened(suite, key, **more):
    """A wire that spoke, and its connection."""
    before = connections(suite)
    wire = wire_of(suite, key, **more)
    is_equal(f"{key} speaks", code(wire.ask(ping={})), "ok")
    mine = connections(suite) - before
    is_equal(f"connections of {key}", len(mine), 1)
    return wire, mine.pop()


def a_revoked_key_gets_nothing_more_and_its_connection_ends(suite):
    register(suite, "leaver", ["submit", "query"], "leaver-in")
    wait_for("leaver gets in", lambda: is_let_in(suite, "leaver"))
    leaver, gone = opened(suite, "leaver")
    stayer, stays = opened(suite, "sample")
    admin, admins = opened(suite, "admin")
    idle_before = connections(suite)
    idle = wire_of(suite, "leaver")  # connects, and never says anything
    wait_for("idle is connected", lambda: connections(suite) - idle_before)
    idle_one = (connections(suite) - idle_before).pop()
    with leaver, stayer, admin, idle:
        after = leaver.ask(query=dict(what=what("entries"))).result.next
        leaver.send(query=dict(what=what("entries"), after=after, wait_ms=20000))
        watched = stayer.ask(query=dict(what=what("entries"))).result.next
        asked = stayer.send(query=dict(what=what("entries"), after=watched, wait_ms=20000))
        time.sleep(0.1)  # both watches wait
        begun = time.monotonic()
        reply = admin.ask(apply=dict(change_id="leaver-out", part=1, last=True, remove=[dict(client=dict(key="leaver"))]))
        is_equal("apply", code(reply), "ok")
        wait_for("the connections of the key end", lambda: not connections(suite) & {gone, idle_one}, 10)
        took_ms = (time.monotonic() - begun) * 1000
        answer = stayer.receive()
        is_equal("the other's watch goes on, and hears of the change", (answer.request_id, len(answer.result.entries) > 0), (asked, True))
        is_equal("connections of others", connections(suite) & {stays, admins}, {stays, admins})
        is_equal("a ticket afterwards", code(stayer.ask(submit=dict(key="after-leaver", title="t"))), "ok")
        last = leaver.receive(1)  # perhaps that the registry changes, until it has
        heard = [] if last is None else [e.event.WhichOneof("body") for e in last.result.entries]
        is_equal("what the revoked one hears", set(heard) <= {"registry_applied"}, True)
        is_equal("and then", leaver.receive(0.5), None)
        is_equal("it gets in again", is_let_in(suite, "leaver"), False)
        is_equal("it has nobody to speak to", bool(leaver.socket.poll(300, zmq.POLLOUT)), False)
    log = open(f"{suite.dir}/intake.log").read()
    is_equal("log", "event=keys_revoked keys=1 connections_ended=" in log, True)
    is_equal("metric", "callout_intake_keys_revoked_total 1" in suite.metrics("intake"), True)
    print(f"        from the change to the end of the connections: {took_ms:.0f} ms")


def others_are_not_interrupted_while_keys_are_revoked(suite):
    register(suite, "steady", ["submit"], "steady-in")
    wait_for("steady gets in", lambda: is_let_in(suite, "steady"))
    gaps, sent, stop = [], [], threading.Event()

    def post():
        with wire_of(suite, "steady") as wire:
            last = time.monotonic()
            while not stop.is_set():
                key = f"steady-{len(sent)}"
                is_equal(key, code(wire.ask(submit=dict(key=key, title="t"))), "ok")
                sent.append(key)
                gaps.append(time.monotonic() - last)
                last = time.monotonic()
    poster = threading.Thread(target=post)
    poster.start()
    try:
        for i in range(5):
            register(suite, f"goes-{i}", ["query"], f"goes-{i}-in")
            wire, one = opened_beside(suite, f"goes-{i}")
            with wire:
                apply(suite, f"goes-{i}-out", remove=[dict(client=dict(key=f"goes-{i}"))])
                wait_for("it ends", lambda: one not in connections(suite), 10)
    finally:
        stop.set()
        poster.join()
    from database import query
    stored = query(suite.url, "SELECT count(*) FROM intake.receipt WHERE source = 'steady' AND key LIKE 'steady-%'")[0][0]
    is_equal("stored", int(stored), len(sent))
    print(f"        {len(sent)} tickets of another client beside 5 revocations; longest wait for an answer {max(gaps) * 1000:.0f} ms")
    is_equal("far from a connection made anew and a request sent again", max(gaps) < 5, True)  # 0.1 s; more on a busy machine


def opened_beside(suite, key):
    wait_for(f"{key} gets in", lambda: is_let_in(suite, key))
    time.sleep(0.05)  # the connections of the tries are gone
    return opened(suite, key)


def a_key_is_replaced_without_a_moment_in_which_neither_works(suite):
    register(suite, "rotates", ["query"], "rotates-1", keys=["rotates-old"])
    old, old_one = opened_beside(suite, "rotates-old")
    with old:
        make_keys(suite, "rotates-new")
        is_equal("the new key before", is_let_in(suite, "rotates-new"), False)
        register(suite, "rotates", ["query"], "rotates-2", keys=["rotates-old", "rotates-new"])
        new, new_one = opened_beside(suite, "rotates-new")
        with new:
            is_equal("both", (code(old.ask(ping={})), code(new.ask(ping={}))), ("ok", "ok"))
            register(suite, "rotates", ["query"], "rotates-3", keys=["rotates-new"])
            wait_for("the old one's connection ends", lambda: old_one not in connections(suite), 10)
            is_equal("the new one's does not", new_one in connections(suite), True)
            is_equal("new", code(new.ask(query=dict(what=what("cases"), limit=1))), "ok")
    is_equal("old", is_let_in(suite, "rotates-old"), False)


def files_name_several_keys(suite):
    make_keys(suite, "file-a", "file-b")
    path = f"{suite.dir}/clients.yaml"
    with open(path, "w") as file:
        file.write("clients:\n  by-file: {public_key_file: [file-a.pub, file-b.pub], roles: [query], customers: [haihe-bank]}\n")
    suite.callout("apply", "-f", path, "--keys", f"{suite.dir}/keys", "--yes", key="admin")
    for key in ("file-a", "file-b"):
        wait_for(f"{key} gets in", lambda: is_let_in(suite, key))
    suite.callout("export", f"{suite.dir}/exported", key="admin")
    text = "".join(open(f"{suite.dir}/exported/{name}").read() for name in os.listdir(f"{suite.dir}/exported"))
    is_equal("export", (suite.public("file-b") in text, "public_keys:" in text), (True, True))
    again = suite.callout("apply", "-f", f"{suite.dir}/exported", "--dry-run", key="admin")
    is_equal("applied again", "by-file" in again, False)


# ---- the server's own pair ----

def the_servers_next_pair_is_served_beside_the_first(suite):
    make_keys(suite, "intake-next", "stranger")
    suite.next_endpoint = f"tcp://127.0.0.1:{free_port()}"
    suite.more = ["--next-endpoint", suite.next_endpoint, "--next-key-file", f"{suite.dir}/keys/intake-next.key"]
    restart(suite)
    port = int(suite.next_endpoint.rsplit(":", 1)[1])
    with wire_of(suite) as first, wire_of(suite, endpoint=suite.next_endpoint, server="intake-next") as second:
        is_equal("both", (code(first.ask(ping={})), code(second.ask(ping={}))), ("ok", "ok"))
        is_equal("one ticket by either", first.ask(submit=dict(key="either", title="t")).submitted.number,
                 second.ask(submit=dict(key="either", title="t")).submitted.number)
    is_equal("the first key at the second place", is_let_in(suite, "sample", endpoint=suite.next_endpoint), False)
    is_equal("the next key at the first place", is_let_in(suite, "sample", server="intake-next"), False)
    is_equal("an unknown key", is_let_in(suite, "stranger", endpoint=suite.next_endpoint, server="intake-next"), False)
    register(suite, "second", ["query"], "second-in")
    wait_for("second gets in", lambda: is_let_in(suite, "second"))
    with wire_of(suite, "second", endpoint=suite.next_endpoint, server="intake-next") as wire:
        is_equal("speaks", code(wire.ask(ping={})), "ok")
        is_equal("connected", len(connections(suite, port)), 1)
        apply(suite, "second-out", remove=[dict(client=dict(key="second"))])
        wait_for("revoked at the second place too", lambda: not connections(suite, port), 10)
    suite.more = []
    restart(suite)


def restart(suite):
    suite.kill("intake", 15)
    suite.start("intake")
    suite.wait_ready("intake")
    wait_for("sample gets in", lambda: is_let_in(suite, "sample"))


# ---- no way in without a key ----

def raw(endpoint, **settings):
    """Does a socket with these settings get any answer to a well-formed request?"""
    s = zmq.Context.instance().socket(zmq.DEALER)
    s.linger = 0
    for name, value in settings.items():
        setattr(s, name, value)
    s.connect(endpoint)
    try:
        s.send(M["Request"](request_id="raw", ping=M["Ping"]()).SerializeToString())
        return bool(s.poll(700))
    finally:
        s.close()


def who_has_no_key_or_a_wrong_one_gets_no_answer(suite):
    make_keys(suite, "stranger", "false-server")
    sample, stranger = (read_keys(f"{suite.dir}/keys/{k}.key") for k in ("sample", "stranger"))
    server, false = suite.public("intake").encode(), suite.public("false-server").encode()
    curve = lambda keys, key: dict(curve_serverkey=key, curve_publickey=keys["public"], curve_secretkey=keys["secret"])
    is_equal("a known key", raw(suite.endpoint, **curve(sample, server)), True)
    ways = {"NULL": {}, "PLAIN": dict(plain_username=b"sample", plain_password=b"x"), "wrong server key": curve(sample, false),
            "unknown key": curve(stranger, server)}
    is_equal("let in", [name for name, settings in ways.items() if raw(suite.endpoint, **settings)], [])
    for name, data in (("plain text", b"GET / HTTP/1.0\r\n\r\n"), ("greeting of NULL", b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48))):
        with socket.create_connection(("127.0.0.1", int(suite.endpoint.rsplit(":", 1)[1])), 5) as s:
            s.sendall(data)
            s.settimeout(8)
            seen = b""
            try:
                while True:
                    part = s.recv(4096)
                    if not part:
                        break
                    seen += part
            except (TimeoutError, ConnectionError):
                pass
            is_equal(f"{name}: more than a greeting of CURVE", len(seen) <= 64, True)
    is_equal("others", is_let_in(suite, "sample"), True)


def run_daemon(suite, service, *options, limit_s=20):
    """Exit code and log of a daemon that should not start."""
    log = f"{suite.dir}/refused.log"
    with open(log, "w") as out:
        done = subprocess.run([f"{suite.build}/callout-{service}", "--instance", "refused", "--http-address", f"127.0.0.1:{free_port()}", *options],
                              env=suite.env, stdout=out, stderr=out, timeout=limit_s)
    return done.returncode, open(log).read()


def no_socket_opens_over_tcp_without_keys(suite):
    keys = f"{suite.dir}/keys"
    tcp, ipc = f"tcp://127.0.0.1:{free_port()}", f"ipc://{suite.dir}/refused.sock"
    own = ["--endpoint", f"tcp://127.0.0.1:{free_port()}", "--key-file", f"{keys}/intake.key"]
    for name in ("expired.key", "twisted.key", "open.key", "empty.key"):
        open(f"{keys}/{name}", "w").close()
        os.chmod(f"{keys}/{name}", 0o600)
    sample, other = (read_keys(f"{keys}/{k}.key") for k in ("sample", "other"))
    open(f"{keys}/twisted.key", "w").write(f"public = {sample['public'].decode()}\nsecret = {other['secret'].decode()}\n")
    open(f"{keys}/open.key", "w").write(open(f"{keys}/intake.key").read())
    os.chmod(f"{keys}/open.key", 0o644)
    open_dir = f"{suite.dir}/open"
    os.mkdir(open_dir)
    os.chmod(open_dir, 0o777)
    cases = [  # options, what the log says
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp], "key-file"),
        ("sla", ["--mesh-endpoint", tcp], "tcp needs the mesh's key file"),
        ("intake", [*own, "--mesh-endpoint", tcp], "tcp needs the mesh's key file"),
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp, "--key-file", f"{keys}/missing.key"], "missing.key"),
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp, "--key-file", f"{keys}/empty.key"], "needs a line"),
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp, "--key-file", f"{keys}/sample.pub"], "sample.pub"),
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp, "--key-file", f"{keys}/twisted.key"], "do not belong together"),
        ("intake", ["--mesh-endpoint", ipc, "--endpoint", tcp, "--key-file", f"{keys}/open.key"], "open.key"),
        ("intake", [*own, "--mesh-endpoint", ipc, "--next-endpoint", tcp], "next-key-file is missing"),
        ("intake", [*own, "--mesh-endpoint", ipc, "--operator-keys", f"{keys}/nobody.pub"], "nobody.pub"),
        ("intake", [*own, "--mesh-endpoint", ipc, "--admin-key", "short"], "not a public key"),
        ("sla", ["--mesh-endpoint", tcp, "--mesh-key-file", f"{keys}/twisted.key"], "do not belong together"),
        ("sla", ["--mesh-endpoint", f"ipc://{open_dir}/sla.sock"], "chmod 700"),
        ("sla", ["--mesh-endpoint", "ipc://@sla"], "open to everybody"),
    ]
    wrong = []
    for service, options, said in cases:
        returned, log = run_daemon(suite, service, *options)
        if returned == 0 or said not in log:
            wrong.append((service, options[-2:], said, returned, log[-400:]))
        for secret in (sample["secret"], other["secret"], read_keys(f"{keys}/intake.key")["secret"]):
            if secret.decode() in log:
                wrong.append((service, options[-2:], "a secret is in the log"))
    is_equal("wrong", wrong, [])


def the_mesh_is_for_its_own_key_over_tcp_and_for_its_own_user_over_ipc(suite):
    make_keys(suite, "mesh")
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    suite.more = ["--mesh-endpoint", endpoint, "--mesh-key-file", f"{suite.dir}/keys/mesh.key"]
    mode = stat.S_IMODE(os.stat(f"{suite.dir}/intake.{suite.counts['intake']}.sock").st_mode)
    is_equal("mode of the ipc socket", oct(mode & 0o077), "0o0")
    restart(suite)
    mesh, sample = (read_keys(f"{suite.dir}/keys/{k}.key") for k in ("mesh", "sample"))

    def hears(keys):
        s = zmq.Context.instance().socket(zmq.SUB)
        s.linger = 0
        s.subscribe(b"")
        if keys:
            s.curve_serverkey, s.curve_publickey, s.curve_secretkey = mesh["public"], keys["public"], keys["secret"]
        s.connect(endpoint)
        try:
            end = time.monotonic() + (10 if keys is mesh else 1.5)
            with wire_of(suite) as wire:
                while time.monotonic() < end:
                    wire.ask(submit=dict(key=f"mesh-{time.monotonic()}", title="t"))
                    if s.poll(50):
                        return True
            return False
        finally:
            s.close()
    is_equal("who hears the mesh", {name: hears(keys) for name, keys in (("mesh", mesh), ("sample", sample), ("nobody", None))},
             {"mesh": True, "sample": False, "nobody": False})
    suite.more = []
    restart(suite)


TESTS = [the_tables_name_all_that_can_be_asked, each_role_may_ask_what_the_table_says_and_nothing_else,
         a_revoked_key_gets_nothing_more_and_its_connection_ends, others_are_not_interrupted_while_keys_are_revoked,
         a_key_is_replaced_without_a_moment_in_which_neither_works, files_name_several_keys,
         who_has_no_key_or_a_wrong_one_gets_no_answer, no_socket_opens_over_tcp_without_keys,
         the_servers_next_pair_is_served_beside_the_first, the_mesh_is_for_its_own_key_over_tcp_and_for_its_own_user_over_ipc]


class KeysSuite(Suite):
    more = ()  # options of intake; the last of two wins

    def options(self, name):
        return super().options(name) + list(self.more if name == "intake" else ())


def main():
    checks = Checks()
    with KeysSuite(sys.argv[1] if len(sys.argv) > 1 else None, daemons=("intake",)) as suite:
        checks.run(TESTS, suite)
        if checks.failures:
            print(suite.log_end("intake", 30))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
