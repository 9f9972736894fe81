#!/usr/bin/python3
"""Whose cases a key may see and touch: every request, with sla and dispatch behind intake. Usage: test_scopes.py BUILD_DIR"""
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "journal")]
from clients import act, apply, is_equal, register, what, wire_of  # noqa: E402
from database import psql, query  # noqa: E402
from peers import Session  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from wire import Checks, code  # noqa: E402

BANK = dict(customer="haihe-bank", site="haihe-langfang", product="storage")
TELECOM = dict(customer="dongjiang-telecom", site="dongjiang-dongguan", product="storage")


def ticket(key, **more):
    return dict(submit=dict(key=key, title="array down", wait_ms=8000, **more))


def submit(suite, client, key, **more):
    with wire_of(suite, client) as wire:
        reply = wire.ask(**ticket(key, **more))
    is_equal("code", (code(reply), reply.error.message), ("ok", ""))
    return reply.submitted


def prepare(suite):
    register(suite, "bank", ["submit", "command", "query"], "bank-in", contracts=["haihe-2026"])
    register(suite, "telecom", ["submit", "command", "query"], "telecom-in", customers=["dongjiang-telecom"])
    suite.cases = {"bank": submit(suite, "sample", "bank-1", **BANK).number,
                   "telecom": submit(suite, "sample", "telecom-1", **TELECOM).number,
                   "nobody": submit(suite, "sample", "nobody-1").number}


def answers(suite, client, **body):
    with wire_of(suite, client) as wire:
        reply = wire.ask(**body)
    return code(reply), reply.error.field, reply.error.message


def a_case_outside_the_scope_is_as_if_it_did_not_exist(suite):
    for name in ("case", "entries", "command", "order", "choices", "notices"):
        body = dict(what=what(name), **({"command_id": 1} if name == "command" else {}))
        seen = answers(suite, "bank", query=dict(body, number=suite.cases["bank"]))[0]
        is_equal(f"{name} of its own", seen in ("ok", "not_found" if name == "command" else "ok"), True)
        none = answers(suite, "bank", query=dict(body, number="C-180D"))
        is_equal(f"{name} of none", none[0], "not_found")
        for case in ("telecom", "nobody"):
            is_equal(f"{name} of {case}", answers(suite, "bank", query=dict(body, number=suite.cases[case])), none)
            is_equal(f"{name} of all by one without a scope", answers(suite, "sample", query=dict(body, number=suite.cases[case]))[0],
                     "not_found" if name == "command" else "ok")


def a_command_on_a_case_outside_is_not_taken(suite):
    def arrived(case, key):
        return answers(suite, "bank", command=dict(key=key, number=case, act=act("contacted"), person="x"))
    is_equal("its own", arrived(suite.cases["bank"], "own")[0], "ok")
    none = arrived("C-180D", "none")
    is_equal("none", none[0], "not_found")
    is_equal("another", arrived(suite.cases["telecom"], "other"), none)
    with wire_of(suite) as wire:
        page = wire.ask(query=dict(what=what("entries"), number=suite.cases["telecom"])).result
    is_equal("in the journal", [e.event.command_received.key for e in page.entries if e.event.WhichOneof("body") == "command_received"], [])


def a_ticket_may_name_what_is_in_the_scope_only(suite):
    refused = [  # who, what is named, field
        ("bank", dict(contract="dongjiang-2026"), "submit.contract"),
        ("bank", dict(contract="no-such-contract"), "submit.contract"),
        ("bank", dict(customer="dongjiang-telecom"), "submit.customer"),
        ("bank", dict(customer="no-such-customer"), "submit.customer"),
        ("bank", dict(site="dongjiang-dongguan"), "submit.site"),
        ("bank", dict(site="no-such-site"), "submit.site"),
        ("bank", dict(customer="haihe-bank", site="dongjiang-dongguan"), "submit.site"),
        ("bank", dict(contract="haihe-virtualisation-2027"), "submit.contract"),
        ("telecom", dict(contract="haihe-2026"), "submit.contract"),
        ("telecom", dict(site="haihe-langfang"), "submit.site"),
    ]
    for who, named, field in refused:
        is_equal(f"{who} {named}", answers(suite, who, **ticket("foreign", **named))[:2], ("forbidden", field))
    words = {named: answers(suite, "bank", **ticket("foreign", contract=named))[2] for named in ("dongjiang-2026", "no-such-contract")}
    is_equal("whether there is one cannot be told", len(set(words.values())), 1)
    with wire_of(suite, "bank") as wire:
        reply = wire.ask(**ticket("foreign", contract="dongjiang-2026"))
        is_equal("allowed", list(reply.error.allowed), ["haihe-2026"])
    for who, named in (("bank", dict(contract="haihe-2026")), ("bank", BANK), ("telecom", TELECOM), ("telecom", dict(site="dongjiang-shenzhen"))):
        reply = submit(suite, who, f"own-{sorted(named.items())}"[:120], **named)
        is_equal(f"{who} {named}", reply.view.state, "open")


def a_contract_that_the_report_would_find_by_itself_counts_too(suite):
    other = dict(key="haihe-desk", customer="haihe-bank", name=dict(en="Desk"), policy="storage-after-sales", calendar="cn-office",
                 sites=["haihe-tianjin"])
    with wire_of(suite, "admin") as admin:
        objects = admin.ask(query=dict(what=what("registry"), kind="contract")).result.objects
        first = next(o.contract for o in objects if o.contract.key == "haihe-2026")
        other.update(from_us=first.from_us, until_us=first.until_us, holders=first.holders)
    apply(suite, "haihe-desk", [dict(contract=other)])
    try:
        named = dict(customer="haihe-bank", site="haihe-tianjin", product="storage")
        wait_for("the contract is found", lambda: submit(suite, "sample", f"desk-{time.monotonic()}", **named).view.contract == "haihe-desk")
        is_equal("found", answers(suite, "bank", **ticket("desk-foreign", **named))[:2], ("forbidden", "submit.contract"))
        is_equal("named", submit(suite, "bank", "desk-named", contract="haihe-2026", **named).view.contract, "haihe-2026")
    finally:
        apply(suite, "haihe-desk-out", remove=[dict(contract=dict(key="haihe-desk"))])


def a_list_and_a_watch_have_what_is_in_the_scope(suite):
    with wire_of(suite, "bank") as bank, wire_of(suite, "telecom") as telecom, wire_of(suite) as all_of:
        rows = {name: wire.ask(query=dict(what=what("cases"), limit=1000)).result.rows for name, wire in (("bank", bank), ("telecom", telecom), ("all", all_of))}
        is_equal("bank", {r.customer for r in rows["bank"]}, {"haihe-bank"})
        is_equal("telecom", {r.customer for r in rows["telecom"]}, {"dongjiang-telecom"})
        is_equal("all", {"", "haihe-bank", "dongjiang-telecom"} <= {r.customer for r in rows["all"]}, True)
        after = bank.ask(query=dict(what=what("entries"))).result.next
        asked = bank.send(query=dict(what=what("entries"), after=after, wait_ms=10000))
        other = submit(suite, "sample", "watch-other", **TELECOM).number
        apply(suite, "watch-wide", [dict(area=dict(key="watch-area", name=dict(en="a"), south=1, north=2, west=1, east=2))])
        own = submit(suite, "sample", "watch-own", **BANK).number
        seen = []
        while not any(e.event.WhichOneof("body") == "promised" for e in seen):
            reply = bank.receive()
            is_equal("answered", (reply.request_id, code(reply), len(reply.result.entries) > 0), (asked, "ok", True))
            seen += reply.result.entries
            asked = bank.send(query=dict(what=what("entries"), after=reply.result.next, wait_ms=10000))
        is_equal("numbers", {e.number for e in seen}, {own})
        page = bank.ask(query=dict(what=what("entries"), after=bytes(8 * 16), limit=1000)).result
        is_equal("none of others from the start on", other in {e.number for e in page.entries}, False)


def what_is_about_all_is_not_for_a_key_with_a_scope(suite):
    for name in ("status", "states", "claims", "notices", "notice"):
        number = dict(number=suite.cases["bank"], notice=dict(obligation="x", slot="y")) if name == "notice" else {}
        is_equal(name, answers(suite, "bank", query=dict(what=what(name), **number))[0], "forbidden")
    is_equal("parked", answers(suite, "bank", parked=dict(verb="list"))[0], "forbidden")
    is_equal("apply", answers(suite, "bank", apply=dict(change_id="no", part=1, last=True, dry_run=True))[0], "forbidden")
    for name, keys, wanted in (("lots", ["haihe-2026"], "ok"), ("lots", ["haihe-2026", "dongjiang-2026"], "forbidden"),
                               ("postings", ["dongjiang-2026"], "forbidden"), ("postings", ["haihe-2026"], "ok"),
                               ("opened", ["renewal/haihe-2026/2028-12-31T16:00:00Z"], "ok"), ("opened", ["renewal/dongjiang-2026/x"], "forbidden"),
                               ("opened", ["plan/no-such/x"], "forbidden")):
        is_equal(f"{name} {keys}", answers(suite, "bank", query=dict(what=what(name), keys=keys))[0], wanted)
    for kind, key, wanted in (("contract", "dongjiang-2026", "forbidden"), ("contract", "no-such", "forbidden"), ("contract", "haihe-2026", "ok"),
                              ("policy", "storage-after-sales", "ok")):
        with wire_of(suite) as wire:
            objects = wire.ask(query=dict(what=what("registry"), kind=kind)).result
        is_equal("registry", len(objects.objects) > 0, True)
        since = 1
        is_equal(f"{kind} {key}", answers(suite, "bank", query=dict(what=what("object"), kind=kind, key=key, since=since))[0], wanted)


def the_registry_shows_the_catalogue_and_its_own(suite):
    objects, after = [], b""
    with wire_of(suite, "bank") as wire:
        while True:
            page = wire.ask(query=dict(what=what("registry"), after=after, limit=10)).result
            objects += page.objects
            after = page.next
            if not after:
                break
    kinds = {}
    for o in objects:
        kind = o.WhichOneof("object")
        kinds.setdefault(kind, set()).add(getattr(getattr(o, kind), "name" if kind == "policy" else "key"))
    is_equal("customers", kinds["customer"], {"haihe-bank"})
    is_equal("contracts", kinds["contract"], {"haihe-2026"})
    is_equal("clients", kinds["client"], {"bank"})
    is_equal("sites", kinds["site"], {"haihe-beijing", "haihe-langfang", "haihe-tianjin"})
    is_equal("kinds", set(kinds), {"customer", "site", "product", "contract", "calendar", "policy", "client", "area", "compatibility"})


def a_held_case_is_its_reporters_until_it_is_decided(suite):
    mine = submit(suite, "bank", "held-mine", product="storage")
    is_equal("held", mine.view.state, "held")
    is_equal("seen by its reporter", answers(suite, "bank", query=dict(what=what("case"), number=mine.number))[0], "ok")
    is_equal("not by others", answers(suite, "telecom", query=dict(what=what("case"), number=mine.number))[0], "not_found")
    foreign = answers(suite, "bank", command=dict(key="approve-foreign", number=mine.number, act=act("approve"), name="dongjiang-2026", role=1))
    is_equal("approved under a foreign contract", foreign[:2], ("forbidden", "command.name"))
    field = dict(key="approve-unnamed", number=mine.number, act=act("approve"), role=1)
    is_equal("approved under any contract", answers(suite, "bank", command=field),
             ("forbidden", "command.name", "the key of bank is limited to some contracts or customers: name the contract under which the case is approved"))
    with wire_of(suite, "bank") as wire:
        is_equal("allowed", list(wire.ask(command=field).error.allowed), ["haihe-2026"])
    with wire_of(suite) as wire:
        reply = wire.ask(command=dict(key="approve-by-desk", number=mine.number, act=act("approve"), name="dongjiang-2026", role=1, wait_ms=8000))
        is_equal("approved by the desk", (code(reply), reply.error.message, reply.verdict.reason), ("ok", "", ""))
    wait_for("it went to the other", lambda: answers(suite, "telecom", query=dict(what=what("case"), number=mine.number))[0] == "ok")
    is_equal("not its reporter's any more", answers(suite, "bank", query=dict(what=what("case"), number=mine.number))[0], "not_found")
    again = submit(suite, "bank", "held-mine", product="storage")
    is_equal("sent again: the number, no view", (again.number, again.duplicate, again.HasField("view")), (mine.number, True, False))


def a_held_case_may_be_approved_under_a_contract_of_the_scope(suite):
    held = submit(suite, "bank", "held-own", product="storage")
    with wire_of(suite, "bank") as wire:
        reply = wire.ask(command=dict(key="approve-own", number=held.number, act=act("approve"), name="haihe-2026", role=1, wait_ms=8000))
    is_equal("approved", (code(reply), reply.error.message, reply.verdict.reason), ("ok", "", ""))


def looks_of_one_client_leave_room_for_the_questions_of_others(suite):
    session = Session(suite.url)
    commands = [dict(command=dict(key=f"flood-{i}", number=suite.cases["bank"], act=act("contacted"), person="x")) for i in range(600)]
    try:
        session.rows("BEGIN")
        session.rows("LOCK TABLE sla.case IN ACCESS EXCLUSIVE MODE")  # looks wait, and what they looked at is not decided
        with wire_of(suite, "bank") as bank, wire_of(suite) as other:
            for body in commands:
                bank.send(**body)
            for _ in range(472):
                reply = bank.receive()
                is_equal("more than 128 at a time", reply is not None and (code(reply), reply.error.retry_after_ms > 0), ("busy", True))
            asked = other.send(query=dict(what=what("registry"), limit=1))
            reply = other.receive()
            is_equal("another's question", (reply.request_id, code(reply)), (asked, "ok"))
            session.rows("ROLLBACK")
            late = [bank.receive(30) for _ in range(128)]
            is_equal("128 are taken", {code(r) for r in late} <= {"ok", "pending"}, True)
    finally:
        session.close()


def a_case_that_is_archived_is_said_to_be_so_to_whoever_sees_it(suite):
    """What archiving does to the tables: the entries go, and a row says where to."""
    number = submit(suite, "sample", "archived", **BANK).number
    with wire_of(suite) as wire:
        entry = wire.ask(query=dict(what=what("entries"), number=number)).result.entries[0]
    wait_for("everybody has read it", lambda: query(suite.url, f"SELECT count(*) FROM journal.cursor AS c JOIN journal.lane AS l USING (lane) WHERE lane = {entry.lane} AND c.seq < l.seq") == [["0"]])
    psql(suite.url, "-c", f"""BEGIN; SET LOCAL session_replication_role = replica;
        DELETE FROM journal.entry WHERE lane = {entry.lane} AND case_id = {entry.case_id};
        INSERT INTO journal.archived_case VALUES ({entry.lane}, {entry.case_id}, 0); COMMIT""")
    all_of = answers(suite, "sample", query=dict(what=what("case"), number=number))
    is_equal("said to all", (all_of[0], "are archived" in all_of[2]), ("not_found", True))
    is_equal("said to the scope", answers(suite, "bank", query=dict(what=what("case"), number=number)), all_of)
    is_equal("not to another", answers(suite, "telecom", query=dict(what=what("case"), number=number))[2], "there is no case with this number")


def apply_checks_a_scope(suite):
    wrong = [(dict(contracts=["haihe-2027"]), "contracts[0]"), (dict(customers=["haihe"]), "customers[0]"),
             (dict(contracts=["haihe-2026"], roles=["query", "apply"]), "roles"), (dict(customers=["haihe-bank"], roles=["operate"]), "roles"),
             (dict(public_keys=[suite.public("bank")]), "public_keys[0]"), (dict(public_key=suite.public("telecom")), "public_key")]
    for change, field in wrong:
        client = dict(dict(key="bank", public_key=suite.public("bank"), roles=["query"]), **change)
        with wire_of(suite, "admin") as admin:
            reply = admin.ask(apply=dict(change_id=f"wrong-{field}-{len(str(change))}", part=1, last=True, dry_run=True, objects=[dict(client=client)]))
        said = f"{reply.error.field} {reply.error.message} {list(reply.error.allowed)}"
        is_equal(f"{change}: {said}", (code(reply), field in said), ("invalid", True))


def a_scope_that_changes_counts_at_once(suite):
    with wire_of(suite, "bank") as wire:
        is_equal("before", code(wire.ask(query=dict(what=what("case"), number=suite.cases["telecom"]))), "not_found")
        register(suite, "bank", ["submit", "command", "query"], "bank-wider", contracts=["haihe-2026", "dongjiang-2026"])
        is_equal("after", code(wire.ask(query=dict(what=what("case"), number=suite.cases["telecom"]))), "ok")
        register(suite, "bank", ["submit", "command", "query"], "bank-again", contracts=["haihe-2026"])
        is_equal("back", code(wire.ask(query=dict(what=what("case"), number=suite.cases["telecom"]))), "not_found")


TESTS = [a_case_outside_the_scope_is_as_if_it_did_not_exist, a_command_on_a_case_outside_is_not_taken,
         a_ticket_may_name_what_is_in_the_scope_only, a_contract_that_the_report_would_find_by_itself_counts_too,
         a_list_and_a_watch_have_what_is_in_the_scope, what_is_about_all_is_not_for_a_key_with_a_scope,
         the_registry_shows_the_catalogue_and_its_own, a_held_case_is_its_reporters_until_it_is_decided,
         a_held_case_may_be_approved_under_a_contract_of_the_scope, looks_of_one_client_leave_room_for_the_questions_of_others,
         a_case_that_is_archived_is_said_to_be_so_to_whoever_sees_it, apply_checks_a_scope, a_scope_that_changes_counts_at_once]


def main():
    checks = Checks()
    with Suite(sys.argv[1] if len(sys.argv) > 1 else None, daemons=("sla", "dispatch", "intake")) as suite:
        prepare(suite)
        checks.run(TESTS, suite)
        if checks.failures:
            print(suite.log_end("intake", 30))
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
