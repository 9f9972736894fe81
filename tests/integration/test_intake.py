#!/usr/bin/python3
"""Intake by itself, against PostgreSQL and over its socket: what it takes, what it refuses, what it says. Usage: test_intake.py"""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from clients import act, is_equal, is_let_in, register, wire_of  # noqa: E402
from database import psql, query  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402
from wire import CODES, Checks, M, Wire, code, read_keys  # noqa: E402

NOW = int(time.time() * 1e6)
DAY = 86400 * 1000000


def counts(suite):
    return query(suite.url, "SELECT (SELECT count(*) FROM intake.receipt), (SELECT count(*) FROM intake.free_text),"
                            " (SELECT count(*) FROM journal.entry WHERE kind IN (10, 11))")[0]


def ticket(key, **more):
    return dict(submit=dict(dict(key=key, title="array down"), **more))


def journal(suite, number_or_id, **event):
    """Appends an entry to a case as a service would."""
    lane = number_or_id & 255
    packed = M["Event"](**event)
    kind = packed.DESCRIPTOR.fields_by_name[packed.WhichOneof("body")].number
    psql(suite.url, "-c", f"WITH c AS (UPDATE journal.lane SET seq = seq + 1, at = greatest(at, clock_timestamp()) WHERE lane = {lane}"
                          f" RETURNING seq, at) INSERT INTO journal.entry SELECT {lane}, seq, at, {number_or_id}, {kind},"
                          f" '\\x{packed.SerializeToString().hex()}' FROM c")


# ---- tickets ----

def a_ticket_is_in_the_tables_when_its_answer_comes(suite):
    with wire_of(suite) as wire:
        reply = wire.ask(**ticket("durable-1", customer="beilu-rail", description="长文", contact_phone="+86 10 1"))
    is_equal("code", code(reply), "ok")
    case = reply.submitted.case_id
    row = query(suite.url, f"SELECT r.key, r.id, t.title, e.seq FROM intake.receipt r JOIN intake.free_text t USING (lane, id)"
                           f" JOIN journal.entry e ON e.lane = r.lane AND e.case_id = r.id WHERE r.id = {case}")
    is_equal("rows", [r[:3] for r in row], [["durable-1", str(case), "array down"]])
    body = query(suite.url, f"SELECT encode(body, 'hex') FROM journal.entry WHERE case_id = {case}")[0][0]
    event = M["Event"].FromString(bytes.fromhex(body))
    is_equal("source", event.ticket_submitted.source, "sample")
    is_equal("text in the journal", "长文".encode() in bytes.fromhex(body), False)


def the_same_again_has_the_same_number_and_leaves_nothing(suite):
    with wire_of(suite) as wire:
        first = wire.ask(**ticket("same-1", traits=["a", "b"])).submitted
        before = counts(suite)
        again = wire.ask(**ticket("same-1", traits=["a", "b"], wait_ms=1))
        is_equal("code", code(again), "ok")
        is_equal("number", (again.submitted.number, again.submitted.duplicate, first.duplicate), (first.number, True, False))
        other = wire.ask(**ticket("same-1", traits=["b", "a"]))
        is_equal("other content", (code(other), other.error.field), ("conflict", "submit.key"))
    is_equal("rows", counts(suite), before)


def equal_keys_in_one_burst_are_one_ticket(suite):
    with wire_of(suite) as wire:
        bodies = [ticket(f"burst-{i % 7}") for i in range(140)] + [ticket("burst-3", title="another")] + [ticket("burst-x")]
        replies = wire.ask_all(bodies)
    numbers = {}
    for i, reply in enumerate(replies[:140]):
        is_equal("code", code(reply), "ok")
        numbers.setdefault(i % 7, set()).add(reply.submitted.number)
    is_equal("numbers of each key", [len(n) for n in numbers.values()], [1] * 7)
    is_equal("first ones", sum(not r.submitted.duplicate for r in replies[:140]), 7)
    is_equal("other content", code(replies[140]), "conflict")
    is_equal("a key of its own", code(replies[141]), "ok")


def unknown_references_are_held_with_the_nearest_names(suite):
    with wire_of(suite) as wire:
        reply = wire.ask(**ticket("unknown-1", customer="beilu-rial", product="nothing-like-it"))
    is_equal("held", [(u.field, u.value) for u in reply.submitted.unknown], [("customer", "beilu-rial"), ("product", "nothing-like-it")])
    is_equal("nearest", list(reply.submitted.unknown[0].nearest)[:1], ["beilu-rail"])


def a_ticket_can_wait_for_its_case_and_gets_a_view_in_any_case(suite):
    with wire_of(suite) as wire:
        start = time.monotonic()
        reply = wire.ask(**ticket("wait-1", wait_ms=300))
        is_equal("view without sla", (code(reply), reply.submitted.view.state, reply.submitted.view.title), ("ok", "submitted", "array down"))
        is_equal("waited", 0.25 < time.monotonic() - start, True)
        asked = wire.send(**ticket("wait-2", wait_ms=8000))
        found = wait_for("the ticket", lambda: query(suite.url, "SELECT id FROM intake.receipt WHERE key = 'wait-2'"))
        journal(suite, int(found[0][0]), case_held=dict(reason="unknown_contract", field="contract"))
        reply = wire.receive()
        is_equal("held", (reply.request_id, reply.submitted.view.state, reply.submitted.view.held.reason), (asked, "held", "unknown_contract"))


# ---- what is wrong with a request ----

def packed(**body):
    return M["Request"](request_id="bad", **body).SerializeToString()


def spoilt(mark, by, **body):
    """A request with the bytes `mark` replaced by others of the same length."""
    whole = packed(**body)
    assert mark in whole and len(mark) == len(by)
    return whole.replace(mark, by)


BAD = [  # what, frames, code, field, allowed (a part of it)
    ("no protobuf", [b"\xff\xff\xff\xff"], "invalid", "", "callout.v1.Request"),
    ("cut off", [packed(**ticket("cut"))[:-3]], "invalid", "", "callout.v1.Request"),
    ("empty", [b""], "invalid", "body", "submit"),
    ("unknown request", [M["Request"](request_id="bad").SerializeToString() + b"\xfa\x01\x00"], "invalid", "body", "query"),
    ("too many frames", [b"f"] * 9 + [packed(**ticket("frames"))], "invalid", "", None),
    ("oversize", [packed(**ticket("big", description="x" * 1500000))], "invalid", "", None),
    ("title missing", [packed(submit=dict(key="k"))], "invalid", "submit.title", "1..200 characters"),
    ("key missing", [packed(submit=dict(title="t"))], "invalid", "submit.key", "1..128 characters"),
    ("key too long", [packed(**ticket("k" * 129))], "invalid", "submit.key", "1..128 characters"),
    ("description too long", [packed(**ticket("k", description="障" * 16001))], "invalid", "submit.description", "0..16000 characters"),
    ("too many traits", [packed(**ticket("k", traits=["t"] * 33))], "invalid", "submit.traits", "at most 32 values"),
    ("not UTF-8", [spoilt(b"title-mark", b"title\xff\xfemar"[:10], **ticket("k", title="title-mark"))], "invalid", "submit.title", "UTF-8 without NUL"),
    ("NUL", [spoilt(b"title-mark", b"title\x00mark", **ticket("k", title="title-mark"))], "invalid", "submit.title", "UTF-8 without NUL"),
    ("NUL in a list", [spoilt(b"trait-mark", b"trait\x00mark", **ticket("k", traits=["a", "trait-mark"]))], "invalid", "submit.traits[1]", "UTF-8"),
    ("latitude", [packed(**ticket("k", position=dict(latitude=91)))], "invalid", "submit.position.latitude", "-90..90 degrees"),
    ("not a number", [packed(**ticket("k", position=dict(longitude=float("nan"))))], "invalid", "submit.position.longitude", "-180..180"),
    ("in the future", [packed(**ticket("k", occurred_us=NOW + DAY))], "invalid", "submit.occurred_us", ".."),
    ("long ago", [packed(**ticket("k", occurred_us=NOW - 366 * DAY))], "invalid", "submit.occurred_us", ".."),
    ("severity", [packed(**ticket("k", stated_severity=10))], "invalid", "submit.stated_severity", "0..9"),
    ("somebody else's name", [packed(**ticket("k", source="monitoring"))], "forbidden", "submit.source", "sample"),
    ("no number", [packed(command=dict(key="k", act=act("arrived")))], "invalid", "command.number", "C-"),
    ("a wrong check character", [packed(command=dict(key="k", number="C-180E", act=act("arrived")))], "invalid", "command.number", "C-"),
    ("a case that there is not", [packed(command=dict(key="k", number="C-180D", act=act("arrived")))], "not_found", "command.number", None),
    ("an act that is made here", [packed(command=dict(key="k", number="C-180D", act=act("closed")))], "invalid", "command.act", "case_accepted"),
    ("a note without text", [packed(command=dict(key="k", number="C-180D", act=act("note")))], "invalid", "command.note", "1..16000"),
    ("no question", [packed(query=dict())], "invalid", "query.what", "case"),
    ("an unknown case", [packed(query=dict(what=1, number="C-180D"))], "not_found", "query.number", None),
    ("a foreign cursor", [packed(query=dict(what=2, after=b"abc"))], "invalid", "query.after", None),
    ("a role that is missing", [packed(apply=dict(change_id="c", part=1, last=True))], "forbidden", "", "apply"),
    ("another role", [packed(parked=dict(verb="list"))], "forbidden", "", "operate"),
    ("a request id that is too long", [M["Request"](request_id="i" * 65, ping=M["Ping"]()).SerializeToString()], "invalid", "request_id", "0..64"),
]


def each_bad_request_gets_its_own_answer(suite):
    before = counts(suite)
    wrong = []
    with wire_of(suite) as wire:
        for what, frames, wanted_code, field, allowed in BAD:
            wire.send_frames(*frames)
            reply = wire.receive()
            seen = (code(reply), reply.error.field, list(reply.error.allowed))
            is_fine = seen[:2] == (wanted_code, field) and reply.error.message
            is_fine = is_fine and (allowed is None or any(allowed in a for a in seen[2]))
            if not is_fine:
                wrong.append((what, seen, reply.error.message))
        is_equal("wrong answers", wrong, [])
        is_equal("still serves", code(wire.ask(ping={})), "ok")
    is_equal("rows", counts(suite), before)
    metrics = suite.metrics("intake")
    for line in ('callout_intake_requests_total{kind="submit",code="invalid"}', 'callout_intake_oversize_total 2',
                 'callout_intake_requests_total{kind="apply",code="forbidden"} 1'):
        is_equal(f"{line} is counted", line in metrics, True)


def a_frame_beyond_all_limits_ends_the_connection_and_nothing_else(suite):
    with wire_of(suite) as wire, wire_of(suite) as other:
        wire.send_frames(b"x" * (8 << 20))
        is_equal("answer", wire.receive(0.5), None)
        is_equal("others", code(other.ask(ping={})), "ok")
        is_equal("again", code(wire.ask(ping={})), "ok")


def frames_before_the_request_come_back(suite):
    with wire_of(suite) as wire:
        wire.send_frames(b"", b"a", b"", packed(ping={}))
        frames = wire.socket.recv_multipart()
        is_equal("frames", frames[:-1], [b"", b"a", b""])


def who_gives_himself_a_name_on_the_way_back_is_refused(suite):
    with wire_of(suite) as wire:
        wire.socket.disconnect(suite.endpoint)
        wire.socket.routing_id = b"somebody"
        wire.socket.connect(suite.endpoint)
        reply = wire.ask(ping={})
        is_equal("answer", (code(reply), reply.error.message != ""), ("invalid", True))


# ---- who may do what ----

def a_key_that_nobody_knows_gets_no_word(suite):
    suite.callout("keygen", f"{suite.dir}/keys", "stranger")
    is_equal("stranger", is_let_in(suite, "stranger"), False)
    is_equal("sample", is_let_in(suite, "sample"), True)


def a_strict_source_is_refused_what_another_would_have_held(suite):
    register(suite, "strict", ["submit"], "strict-in", strict=True)
    wait_for("strict gets in", lambda: is_let_in(suite, "strict"))
    with wire_of(suite, "strict") as wire:
        reply = wire.ask(**ticket("strict-1", customer="beilu-rial"))
        is_equal("refused", (code(reply), reply.error.field, list(reply.error.allowed)[:1]), ("refused", "submit.customer", ["beilu-rail"]))
        is_equal("known", code(wire.ask(**ticket("strict-1", customer="beilu-rail"))), "ok")


def a_client_over_its_rate_is_told_when_to_come_back(suite):
    register(suite, "slow", ["submit"], "slow-in", rate_per_s=20)
    wait_for("slow gets in", lambda: is_let_in(suite, "slow"))
    time.sleep(1.1)  # the pings above counted too
    with wire_of(suite, "slow") as wire:
        start = time.monotonic()
        replies = wire.ask_all([ticket(f"slow-{i}") for i in range(600)])
        may = 21 + 20 * (time.monotonic() - start)
        busy = [r for r in replies if code(r) == "busy"]
        is_equal("taken", 20 <= 600 - len(busy) <= may, True)
        is_equal("retry", all(0 < r.error.retry_after_ms <= 1000 for r in busy), True)
        time.sleep(max(r.error.retry_after_ms for r in busy) / 1000)
        is_equal("later", code(wire.ask(**ticket("slow-later"))), "ok")


def bad_requests_count_against_the_rate_and_are_logged_once(suite):
    register(suite, "sloppy", ["submit"], "sloppy-in", rate_per_s=2)
    wait_for("sloppy gets in", lambda: is_let_in(suite, "sloppy"))
    with wire_of(suite, "sloppy") as wire:
        for _ in range(60):
            wire.send_frames(packed(submit=dict(key="secret-key")))
        codes = [code(wire.receive()) for _ in range(60)]
        is_equal("answers", ("busy" in codes, set(codes) <= {"invalid", "busy"}), (True, True))
    with open(f"{suite.dir}/intake.log") as file:
        log = file.read()
    lines = [line for line in log.splitlines() if "event=bad_requests client=sloppy" in line]
    is_equal("lines", len(lines), 1)
    is_equal("what it says", "level=warn" in lines[0] and "kind=submit code=invalid field=submit.title" in lines[0], True)
    is_equal("what it does not say", "secret-key" in log, False)


# ---- commands ----

def new_case(wire, key):
    return wire.ask(**ticket(key)).submitted


def a_command_waits_for_its_verdict(suite):
    with wire_of(suite) as wire:
        case = new_case(wire, "verdict-case")
        body = dict(key="verdict-1", number=case.number, act=act("underway"), person="bj-1", note="on the way", wait_ms=8000)
        asked = wire.send(command=body)
        found = wait_for("the command", lambda: query(suite.url, "SELECT id FROM intake.receipt WHERE key = 'verdict-1'"))
        command = int(found[0][0])
        journal(suite, case.case_id, command_applied=dict(command_id=command, act=act("underway"), missing=[act("case_accepted")]))
        reply = wire.receive()
        is_equal("verdict", (reply.request_id, code(reply), reply.verdict.applied, list(reply.verdict.missing)),
                 (asked, "ok", True, [act("case_accepted")]))
        again = wire.ask(command=dict(body, wait_ms=100))
        is_equal("the same again", (code(again), again.verdict.command_id), ("ok", command))
        is_equal("other content", code(wire.ask(command=dict(body, person="bj-2"))), "conflict")
        is_equal("asked for", code(wire.ask(query=dict(what=4, number=case.number, command_id=command))), "ok")
        is_equal("another", code(wire.ask(query=dict(what=4, number=case.number, command_id=command + 256))), "not_found")
        notes = query(suite.url, f"SELECT count(*) FROM intake.free_text WHERE id = {command} AND title IS NULL")
        is_equal("note", notes, [["1"]])
        number_of_command = wire.ask(command=dict(key="verdict-2", number=number_of(command), act=act("underway")))
        is_equal("a command is no case", code(number_of_command), "not_found")


def number_of(case_id):
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    digits = []
    while case_id:
        digits.insert(0, case_id & 31)
        case_id >>= 5
    check, power = 0, 1
    for d in reversed(digits):
        power = (power << 1) ^ (37 if power & 16 else 0)
        product, a, b = 0, power, d
        while b:
            product ^= a if b & 1 else 0
            a = (a << 1) ^ (37 if a & 16 else 0)
            b >>= 1
        check ^= product
    return "C-" + "".join(alphabet[d] for d in digits) + alphabet[check]


def a_refused_decision_says_what_is_possible(suite):
    with wire_of(suite) as wire:
        case = new_case(wire, "refused-case")
        wire.send(command=dict(key="refused-1", number=case.number, act=act("accept"), wait_ms=8000))
        found = wait_for("the command", lambda: query(suite.url, "SELECT id FROM intake.receipt WHERE key = 'refused-1'"))
        journal(suite, case.case_id, command_refused=dict(command_id=int(found[0][0]), act=act("accept"), reason="nothing is offered",
                                                          possible=[act("cancel")]))
        reply = wire.receive()
        is_equal("verdict", (code(reply), reply.verdict.reason, list(reply.verdict.possible)), ("refused", "nothing is offered", [act("cancel")]))


def a_command_without_a_verdict_is_pending(suite):
    with wire_of(suite) as wire:
        case = new_case(wire, "pending-case")
        reply = wire.ask(command=dict(key="pending-1", number=case.number, act=act("arrived"), wait_ms=200))
        is_equal("pending", (code(reply), reply.verdict.command_id > 0), ("pending", True))
        is_equal("asked for", code(wire.ask(query=dict(what=4, number=case.number, command_id=reply.verdict.command_id))), "pending")


# ---- questions ----

def a_watch_of_a_case_tells_each_entry_once(suite):
    with wire_of(suite) as wire:
        case = new_case(wire, "watch-case")
        page = wire.ask(query=dict(what=3, number=case.number, wait_ms=1000)).result
        is_equal("first", [e.event.WhichOneof("body") for e in page.entries], ["ticket_submitted"])
        asked = wire.send(query=dict(what=3, number=case.number, after=page.next, wait_ms=10000))
        journal(suite, case.case_id, case_closed=dict(how="cancelled"))
        reply = wire.receive()
        is_equal("second", (reply.request_id, [e.event.case_closed.how for e in reply.result.entries]), (asked, ["cancelled"]))
        empty = wire.ask(query=dict(what=3, number=case.number, after=reply.result.next, wait_ms=200)).result
        is_equal("nothing more", (len(empty.entries), empty.next), (0, reply.result.next))


def a_watch_of_all_misses_nothing_between_two_questions(suite):
    with wire_of(suite) as wire, wire_of(suite) as poster:
        after = wire.ask(query=dict(what=3)).result.next
        posted = []

        def post():
            for i in range(30):
                posted.append(poster.ask(**ticket(f"all-{i}")).submitted.number)
        thread = threading.Thread(target=post)
        thread.start()
        seen, end = [], time.monotonic() + 60
        while len(seen) < 30 and time.monotonic() < end:
            page = wire.ask(query=dict(what=3, after=after, wait_ms=2000, limit=7)).result
            seen += [e.number for e in page.entries]
            after = page.next or after
        thread.join()
        is_equal("entries", sorted(seen), sorted(posted))


def one_client_does_not_take_the_place_of_the_others_questions(suite):
    register(suite, "curious", ["query"], "curious-in")
    wait_for("curious gets in", lambda: is_let_in(suite, "curious"))
    with wire_of(suite, "curious") as curious, wire_of(suite) as wire:
        after = wire.ask(query=dict(what=3)).result.next
        for _ in range(600):
            curious.send(query=dict(what=3, after=after, wait_ms=20000))
        refused = [curious.receive() for _ in range(600 - 128)]
        is_equal("over its share", {(code(r), r.error.retry_after_ms > 0) for r in refused}, {("busy", True)})
        is_equal("others", code(wire.ask(query=dict(what=3))), "ok")
        new_case(wire, "ends-the-watch")
        is_equal("within it", {code(curious.receive()) for _ in range(128)}, {"ok"})
        is_equal("room again", code(curious.ask(query=dict(what=3))), "ok")


def resident_mib(suite):
    with open(f"/proc/{suite.running['intake'].pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def who_does_not_read_does_not_fill_the_memory(suite):
    traits = [f"{i:02}" + "x" * 60 for i in range(32)]
    page = dict(query=dict(what=3, after=bytes(8 * 16), limit=1000))
    with wire_of(suite) as wire:
        for start in range(0, 2000, 200):
            replies = wire.ask_all([ticket(f"long-{start + i}", traits=traits) for i in range(200)])
            is_equal("long entries", {code(r) for r in replies}, {"ok"})
        is_equal("a page has megabytes", len(wire.ask(**page).SerializeToString()) > 1 << 20, True)
        before = resident_mib(suite)
        with wire_of(suite) as deaf:
            deaf.ask(ping={})
            deaf.socket.rcvhwm = 1
            deaf.socket.disconnect(suite.endpoint)
            deaf.socket.connect(suite.endpoint)
            for _ in range(300):
                deaf.send(**page)
            wait_for("refused", lambda: 'kind="query",code="busy"} ' in suite.metrics("intake"))
            wait_for("all done", lambda: "callout_intake_in_flight 0" in suite.metrics("intake"), 60)
            grown = resident_mib(suite) - before  # 600 were asked for
            is_equal("MiB of memory", min(grown, 200), grown)
            is_equal("tickets are taken", code(wire.ask(**ticket("beside-the-deaf"))), "ok")
        wait_for("read or gone", lambda: code(wire.ask(**page)) == "ok")


def a_case_with_more_entries_than_are_shown_says_so(suite):
    def add(count):
        """Entries of the case that its view does not show."""
        psql(suite.url, "-c", f"WITH c AS (UPDATE journal.lane SET seq = seq + {count}, at = greatest(at, clock_timestamp()) WHERE lane = {lane}"
                              f" RETURNING seq - {count} AS before, at) INSERT INTO journal.entry SELECT {lane}, before + i, at, {case.case_id}, {kind},"
                              f" '\\x{nothing.SerializeToString().hex()}' FROM c, generate_series(1, {count}) AS i")

    nothing = M["Event"](registry_applied=dict(version=1))
    kind = nothing.DESCRIPTOR.fields_by_name["registry_applied"].number
    with wire_of(suite) as wire:
        case = new_case(wire, "long-case")
        lane = case.case_id & 255
        add(19999)
        whole = wire.ask(query=dict(what=1, number=case.number)).result.view
        is_equal("20,000 entries", (whole.state, whole.is_cut), ("submitted", False))
        add(1)
        cut = wire.ask(query=dict(what=1, number=case.number)).result.view
        is_equal("one more", (cut.state, cut.is_cut, cut.last_seq), ("submitted", True, whole.last_seq))


def cases_come_in_pages_newest_first(suite):
    psql(suite.url, "-c", "INSERT INTO sla.case (lane, case_id, customer, site, severity, state, opened_at, next_milestone, body)"
                          " SELECT lane, id, CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, 's', 2, CASE WHEN n % 5 = 0 THEN 'closed' ELSE 'open' END,"
                          " clock_timestamp(), 'arrival', '' FROM (SELECT lane, id, row_number() OVER (ORDER BY id) AS n FROM intake.receipt"
                          " WHERE kind = 1 LIMIT 25) AS t")
    with wire_of(suite) as wire:
        rows, after = [], b""
        while True:
            page = wire.ask(query=dict(what=2, limit=10, after=after)).result
            rows += page.rows
            after = page.next
            if not after:
                break
        ids = [r.case_id for r in rows]
        is_equal("pages", (len(ids), ids), (25, sorted(ids, reverse=True)))
        is_equal("titles", all(r.title for r in rows), True)
        is_equal("open ones", len(wire.ask(query=dict(what=2, open_only=True)).result.rows), 20)
        is_equal("of one customer", len(wire.ask(query=dict(what=2, customer="even")).result.rows), 12)
    psql(suite.url, "-c", "DELETE FROM sla.case")


def the_status_says_who_is_there_and_who_is_behind(suite):
    psql(suite.url, "-c", "INSERT INTO journal.cursor (lane, service, seq) SELECT lane, 'status-test', 0 FROM journal.lane")
    with wire_of(suite) as wire:
        status = wire.ask(query=dict(what=6)).result.status
    psql(suite.url, "-c", "DELETE FROM journal.cursor WHERE service = 'status-test'")
    is_equal("members", [(m.service, m.instance) for m in status.members], [("intake", "intake.1")])
    is_equal("behind", [l.entries > 0 for l in status.lags if l.service == "status-test"], [True])
    is_equal("lanes", status.lanes, 16)


def parked_cases_are_listed_and_asked_for(suite):
    with wire_of(suite) as wire:
        case = new_case(wire, "parked-case")
    psql(suite.url, "-c", f"INSERT INTO journal.parked (lane, service, case_id, since_seq, reason) VALUES ({case.case_id & 255}, 'sla', {case.case_id}, 0, 'poison')")
    with wire_of(suite, "admin") as admin:
        rows = admin.ask(parked=dict(verb="list")).parked.rows
        is_equal("list", [(r.service, r.number, r.reason, r.waiting) for r in rows], [("sla", case.number, "poison", 1)])
        is_equal("replay", code(admin.ask(parked=dict(verb="replay", service="sla", number=case.number))), "ok")
        is_equal("not parked", code(admin.ask(parked=dict(verb="drop", service="notify", number=case.number))), "not_found")
    is_equal("asked", query(suite.url, "SELECT asked FROM journal.parked"), [["replay"]])
    psql(suite.url, "-c", "DELETE FROM journal.parked")


# ---- the registry ----

def product(i, **more):
    return dict(product=dict(key=f"p-{i}", name=dict(en=f"Product {i}"), **more))


def what_was_applied_comes_out_again(suite):
    target = f"{suite.dir}/exported"
    suite.callout("export", target, key="admin")
    again = suite.callout("apply", "-f", target, "--keys", f"{suite.dir}/keys", "--yes", key="admin")
    is_equal("exported and applied", "nothing to do" in again, True)


def a_change_comes_in_parts_and_is_told_again(suite):
    with wire_of(suite, "admin") as admin:
        def part(n, **more):
            return admin.ask(apply=dict(dict(change_id="parts", part=n, objects=[product(f"{n}-{i}") for i in range(3)]), **more))
        is_equal("unknown part", (code(part(2)), part(2).error.field), ("invalid", "apply.part"))
        is_equal("part 1", (code(part(1)), part(1).applied.parts), ("ok", 1))
        missing = part(3)
        is_equal("part 3 too early", (code(missing), list(missing.error.allowed)), ("invalid", ["2"]))
        part(1)
        first = part(2, last=True, dry_run=True)
        is_equal("dry", (first.applied.added, first.applied.parts, len(first.applied.changes)), (6, 2, 6))
        part(1)
        done = part(2, last=True)
        is_equal("done", (code(done), done.applied.added, done.applied.version), ("ok", 6, first.applied.version + 1))
        late = part(2, last=True)
        is_equal("its last part again", (late.applied.version, late.applied.added, late.applied.parts), (done.applied.version, 6, 2))
        part(1)
        again = part(2, last=True)
        is_equal("the same again", (again.applied.version, again.applied.added, len(again.applied.changes)), (done.applied.version, 6, 6))
    told = "SELECT count(DISTINCT lane) FROM registry.announced WHERE version = (SELECT max(version) FROM registry.version)"
    wait_for("every lane is told", lambda: query(suite.url, told) == [["16"]])


def a_last_part_that_is_sent_again_before_its_answer_gets_the_same_answer(suite):
    def part(n, **more):
        return dict(apply=dict(dict(change_id="impatient", part=n, objects=[product(f"impatient-{n}")]), **more))
    with wire_of(suite, "admin") as admin:
        replies = admin.ask_all([part(1), part(2, last=True), part(2, last=True), part(2, last=True)])
        nobody = admin.ask(apply=dict(change_id="nobody's", part=2, last=True))
    is_equal("codes", {code(r) for r in replies}, {"ok"})
    is_equal("one version", [len({r.applied.version for r in replies[1:]}), replies[-1].applied.added], [1, 2])
    is_equal("without its first part", (code(nobody), nobody.error.field), ("invalid", "apply.part"))


def a_registry_that_is_not_whole_is_not_taken(suite):
    before = query(suite.url, "SELECT max(version) FROM registry.version")
    with wire_of(suite, "admin") as admin:
        site = dict(site=dict(key="nowhere", customer="nobody", name=dict(en="x")))
        reply = admin.ask(apply=dict(change_id="broken", part=1, last=True, objects=[site]))
        is_equal("refused", (code(reply), reply.error.field, "nobody" in " ".join(reply.error.allowed)), ("invalid", "apply.objects", True))
        twice = admin.ask(apply=dict(change_id="twice", part=1, last=True, objects=[product("a"), product("a")]))
        is_equal("twice", (code(twice), twice.error.field), ("invalid", "apply.objects[1]"))
        gone = admin.ask(apply=dict(change_id="prune", part=1, last=True, prune=True, dry_run=True, objects=[product("only")]))
        absent = admin.ask(apply=dict(change_id="absent", part=1, last=True, remove=[product("absent")]))
        is_equal("removed, and not there", (code(absent), absent.error.field), ("not_found", "apply.remove"))
        both = admin.ask(apply=dict(change_id="both", part=1, last=True, objects=[product("a")], remove=[product("a")]))
        is_equal("comes and goes", (code(both), both.error.field), ("invalid", "apply.remove[0]"))
        used = admin.ask(apply=dict(change_id="used", part=1, last=True, remove=[dict(customer=dict(key="haihe-bank"))]))
        is_equal("removed, and still named", (code(used), used.error.field, "haihe-bank" in " ".join(used.error.allowed)), ("invalid", "apply.objects", True))
        is_equal("prune, only shown", (code(gone), gone.applied.removed > 50, gone.applied.added), ("ok", True, 1))
    is_equal("version", query(suite.url, "SELECT max(version) FROM registry.version"), before)


def what_is_removed_by_its_name_goes_alone(suite):
    with wire_of(suite, "admin") as admin:
        admin.ask(apply=dict(change_id="two-come", part=1, last=True, objects=[product("stays"), product("goes")]))
        ask = dict(apply=dict(change_id="one-goes", part=1, last=True, remove=[product("goes")]))
        gone, again = admin.ask(**ask), admin.ask(**ask)
        is_equal("gone", [(c.kind, c.key, c.how) for c in gone.applied.changes], [("product", "p-goes", "removed")])
        is_equal("counted", (gone.applied.added, gone.applied.changed, gone.applied.removed), (0, 0, 1))
        is_equal("asked again", (code(again), again.applied.version, again.applied.removed), ("ok", gone.applied.version, 1))
    is_equal("left", query(suite.url, "SELECT key FROM registry.object WHERE key IN ('p-stays', 'p-goes') AND until IS NULL"), [["p-stays"]])


def two_changes_at_once_both_take_effect(suite):
    replies = []

    def apply(i):
        with wire_of(suite, "admin") as admin:
            replies.append(admin.ask(apply=dict(change_id=f"race-{i}", part=1, last=True, objects=[product(f"race-{i}")])))
    threads = [threading.Thread(target=apply, args=(i,)) for i in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    is_equal("codes", {code(r) for r in replies}, {"ok"})
    is_equal("versions", len({r.applied.version for r in replies}), 6)
    is_equal("objects", query(suite.url, "SELECT count(*) FROM registry.object WHERE key LIKE 'p-race-%' AND until IS NULL"), [["6"]])


def lanes_that_were_not_told_of_the_registry_are_told_later(suite):
    psql(suite.url, "-c", "UPDATE registry.announced SET version = 0 WHERE lane IN (3, 9)")
    wait_for("told", lambda: query(suite.url, "SELECT count(*) FROM registry.announced WHERE version = 0") == [["0"]])


# ---- a request that the database does not take; two doors; an sla that is behind ----

def one_poisoned_ticket_does_not_hold_up_the_others(suite):
    psql(suite.url, "-c", "ALTER TABLE intake.free_text ADD CONSTRAINT no_poison CHECK (title <> 'poison')")
    try:
        with wire_of(suite) as wire:
            bodies = [ticket(f"poison-{i}", title="poison" if i in (17, 133) else "fine") for i in range(200)]
            replies = wire.ask_all(bodies)
        is_equal("refused", [i for i, r in enumerate(replies) if code(r) == "invalid"], [17, 133])
        is_equal("taken", sum(code(r) == "ok" for r in replies), 198)
    finally:
        psql(suite.url, "-c", "ALTER TABLE intake.free_text DROP CONSTRAINT no_poison")


FULL = """CREATE SEQUENCE public.tries;
CREATE FUNCTION public.disk_full() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
PERFORM nextval('public.tries'); RAISE disk_full; END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON intake.receipt FOR EACH ROW EXECUTE FUNCTION public.disk_full()"""


def a_full_disk_is_tried_again_at_a_pace(suite):
    tries = lambda: int(query(suite.url, "SELECT last_value FROM public.tries")[0][0])  # noqa: E731
    psql(suite.url, "-c", FULL)
    with wire_of(suite) as wire:
        wire.send(**ticket("disk-full"))
        try:
            wait_for("tries", lambda: tries() >= 3)
            count = tries()
            is_equal("not more than a few", min(count, 10), count)
        finally:
            psql(suite.url, "-c", "DROP TRIGGER disk_full ON intake.receipt", "-c", "DROP FUNCTION public.disk_full()", "-c",
                 "DROP SEQUENCE public.tries")
        is_equal("taken", code(wire.receive()), "ok")


def two_doors_give_one_key_one_number(suite):
    first, suite.endpoint = suite.endpoint, f"tcp://127.0.0.1:{free_port()}"
    try:
        suite.start("intake-2", "intake")
        suite.wait_ready("intake-2")
        second = suite.endpoint
    finally:
        suite.endpoint = first
    numbers = [{}, {}]

    def post(door, endpoint):
        with wire_of(suite, endpoint=endpoint) as wire:
            keys = [f"door-{i}" for i in range(400)]
            for key, reply in zip(keys, wire.ask_all([ticket(k) for k in keys])):
                numbers[door][key] = (code(reply), reply.submitted.number)
    threads = [threading.Thread(target=post, args=(i, e)) for i, e in enumerate((first, second))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    is_equal("numbers", numbers[0], numbers[1])
    is_equal("receipts", query(suite.url, "SELECT count(*) FROM intake.receipt WHERE key LIKE 'door-%'"), [["400"]])
    gaps = "SELECT lane FROM journal.entry GROUP BY lane HAVING count(*) <> max(seq)"
    is_equal("gaps", query(suite.url, gaps), [])
    is_equal("ends in order", suite.kill("intake-2", 15), 0)
    del suite.running["intake-2"]


def who_posts_more_than_his_share_waits_when_sla_is_behind(suite):
    psql(suite.url, "-c", "INSERT INTO journal.cursor (lane, service, seq) SELECT lane, 'sla', 0 FROM journal.lane")
    try:
        with wire_of(suite) as wire:
            wait_for("busy", lambda: "busy" in {code(r) for r in wire.ask_all([ticket(f"flood-{time.monotonic()}-{i}") for i in range(50)])})
            time.sleep(1)
            is_equal("a few are taken", code(wire.ask(**ticket("flood-later"))), "ok")
            is_equal("commands are", code(wire.ask(command=dict(key="k", number="C-180D", act=act("arrived")))), "not_found")
    finally:
        psql(suite.url, "-c", "DELETE FROM journal.cursor WHERE service = 'sla'")


TESTS = [a_ticket_is_in_the_tables_when_its_answer_comes, the_same_again_has_the_same_number_and_leaves_nothing,
         equal_keys_in_one_burst_are_one_ticket, unknown_references_are_held_with_the_nearest_names,
         a_ticket_can_wait_for_its_case_and_gets_a_view_in_any_case, each_bad_request_gets_its_own_answer,
         a_frame_beyond_all_limits_ends_the_connection_and_nothing_else, frames_before_the_request_come_back,
         who_gives_himself_a_name_on_the_way_back_is_refused,
         a_key_that_nobody_knows_gets_no_word,
         a_strict_source_is_refused_what_another_would_have_held, a_client_over_its_rate_is_told_when_to_come_back,
         bad_requests_count_against_the_rate_and_are_logged_once,
         a_command_waits_for_its_verdict, a_refused_decision_says_what_is_possible, a_command_without_a_verdict_is_pending,
         a_watch_of_a_case_tells_each_entry_once, a_watch_of_all_misses_nothing_between_two_questions,
         one_client_does_not_take_the_place_of_the_others_questions, who_does_not_read_does_not_fill_the_memory, a_case_with_more_entries_than_are_shown_says_so, cases_come_in_pages_newest_first, the_status_says_who_is_there_and_who_is_behind, parked_cases_are_listed_and_asked_for,
         what_was_applied_comes_out_again, a_change_comes_in_parts_and_is_told_again,
         a_last_part_that_is_sent_again_before_its_answer_gets_the_same_answer, a_registry_that_is_not_whole_is_not_taken,
         what_is_removed_by_its_name_goes_alone, two_changes_at_once_both_take_effect, lanes_that_were_not_told_of_the_registry_are_told_later,
         one_poisoned_ticket_does_not_hold_up_the_others, a_full_disk_is_tried_again_at_a_pace, two_doors_give_one_key_one_number,
         who_posts_more_than_his_share_waits_when_sla_is_behind]


def main():
    checks = Checks()
    os.environ["CALLOUT_LAG_LIMIT"] = "1s"
    with Suite(daemons=("intake",)) as suite:
        checks.run(TESTS, suite)
    is_in_order = lambda *_: is_equal("exit codes", set(suite.codes.values()), {0})  # noqa: E731
    is_in_order.__name__ = "it_ends_in_order"
    checks.run([is_in_order])
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
