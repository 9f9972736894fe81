"""callout erase: what people wrote, and what is known of them, goes; the journal, clocks and certificates do not.

    test_erase.py BUILD
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

SECRET, PHONE = "the vault door of Mr Zhou is open", "+86 138 0000 9911"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def callout(world, *words, code=0, key=None):
    done = world.suite.callout(*words, check=False, key=key)
    assert done.returncode == code, f"callout {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def dump(world):
    """Everything that tables hold, as one text: what is erased must be nowhere in it."""
    tables = query(world.suite.url, "SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)'")
    return psql(world.suite.url, "-f", "-", text="".join(f"SELECT t::text FROM {name} AS t;\n" for (name,) in tables))


def is_in(world, text):
    everything = dump(world)
    return text in everything or text.encode().hex() in everything


def journal(world):
    return query(world.suite.url, "SELECT lane, seq, at, case_id, kind, md5(body) FROM journal.entry ORDER BY 1, 2")


def settled(url):
    return query(url, """SELECT count(*) FROM journal.entry e JOIN journal.cursor c ON c.lane = e.lane AND e.seq > c.seq
        WHERE c.kinds >> e.kind & 1 = 1""") == [["0"]]


@test
def a_case_loses_its_words_and_addresses_and_nothing_else(world):
    suite = world.suite
    world.number = world.submit(customer="haihe-bank", site="haihe-beijing", product="storage", title=SECRET, description=f"call {PHONE}", key="e1").number
    callout(world, "act", world.number, "contacted", "--note", f"spoke to {PHONE}")
    for words in (("restored",), ("sign", "--as", "customer"), ("sign", "--as", "pm")):
        callout(world, "act", world.number, *words)
    wait_for("it is closed", lambda: suite.case(world.number)["state"] == "closed")
    wait_for("all is read", lambda: settled(suite.url))
    wait_for("all is told", lambda: query(suite.url, "SELECT count(*) FROM notify.notice WHERE state IN (0, 1)") == [["0"]])
    wait_for("all told is read", lambda: settled(suite.url))
    callout(world, "certificate", world.number, "before.json", "--signing-key-file", f"{suite.dir}/keys/signing.key")
    explained, before = json.loads(suite.callout("explain", world.number, "-o", "json")), journal(world)
    assert is_in(world, SECRET) and is_in(world, PHONE)
    assert "would erase 2 texts" in callout(world, "erase", "case", world.number, "--dry-run") and is_in(world, SECRET)
    callout(world, "erase", "case", world.number, code=2)
    said = callout(world, "erase", "case", world.number, "--demanded-by", "the officer", "--why", "request 17")
    assert re.search(rf"case {world.number}: erased 2 texts, [1-9]\d* notices", said), said
    assert not is_in(world, SECRET) and not is_in(world, PHONE)
    assert journal(world) == before
    assert json.loads(suite.callout("explain", world.number, "-o", "json"))["clocks"] == explained["clocks"]
    callout(world, "verify", "before.json", "--key", f"{suite.dir}/keys/signing.pub")
    callout(world, "certificate", world.number, "after.json", "--signing-key-file", f"{suite.dir}/keys/signing.key")
    callout(world, "verify", "after.json", "--key", f"{suite.dir}/keys/signing.pub")
    assert "0 differences" in callout(world, "audit", "refold")


@test
def an_erased_case_is_shown_as_such_and_still_takes_facts(world):
    assert "(erased)" in callout(world, "show", world.number)
    callout(world, "act", world.number, "note", "--note", "after the erasing")
    same = world.submit(customer="haihe-bank", site="haihe-beijing", product="storage", title=SECRET, description=f"call {PHONE}", key="e1")
    assert same.number == world.number, same


@test
def what_was_erased_is_listed_with_who_demanded_it(world):
    said = callout(world, "erase", "list")
    assert "the officer" in said and "request 17" in said and f"case {world.number}" in said, said
    again = callout(world, "erase", "case", world.number, "--demanded-by", "the officer")
    assert "erased 1 texts, 0 notices" in again, again  # the note of the test before
    callout(world, "erase", "case", "nonsense", "--demanded-by", "x", code=3)
    callout(world, "erase", "house", "x", code=2)
    callout(world, "erase", "person", "nobody-at-all", "--demanded-by", "x", code=4)


@test
def a_person_in_force_is_not_erased(world):
    assert "in force" in callout(world, "erase", "person", "pm-north", "--demanded-by", "himself", code=3)


@test
def a_person_who_left_loses_what_was_known_of_him(world):
    suite = world.suite
    path = f"{suite.dir}/registry/people-of-this-test.yaml"
    with open(path, "w") as file:
        file.write("persons:\n  zhou: {name: Zhou Weiming, email: zhou.weiming@example.com, phone: \"+8613800009912\"}\n")
    callout(world, "apply", "-f", f"{suite.dir}/registry", "--keys", f"{suite.dir}/keys", "--yes", key="admin")
    with open(path, "w") as file:
        file.write("persons:\n  zhou: {name: Zhou W., email: zhou@example.com, phone: \"+8613800009912\"}\n")
    callout(world, "apply", "-f", f"{suite.dir}/registry", "--keys", f"{suite.dir}/keys", "--yes", key="admin")
    world.submit(customer="haihe-bank", site="haihe-beijing", product="storage", title="mail zhou@example.com about it")
    number = query(suite.url, "SELECT count(*) FROM intake.free_text WHERE title LIKE '%zhou@%'")
    assert number == [["1"]], number
    os.remove(path)
    callout(world, "apply", "-f", f"{suite.dir}/registry", "--keys", f"{suite.dir}/keys", "--yes", "--prune", key="admin")
    assert is_in(world, "Weiming")
    before = journal(world)
    said = callout(world, "erase", "person", "zhou", "--demanded-by", "himself")
    assert "2 registry texts" in said and "the words of these cases" in said and re.search(r"^  C-\w+$", said, re.M), said
    assert not is_in(world, "Weiming") and not is_in(world, "+8613800009912")
    assert journal(world)[:len(before)] == before
    for name in ("intake", "notify", "sla", "dispatch"):  # whoever reads the registry anew can
        suite.kill(name, sign=15)
        suite.start(name)
        suite.wait_ready(name)
    assert "0 differences" in callout(world, "audit", "refold")


if __name__ == "__main__":
    with Suite(sys.argv[1]) as started:
        failed = run_tests(TESTS, World(started))
    print(f"Checks: {len(TESTS)}, Failures: {failed}, Errors: 0")
    sys.exit(1 if failed else 0)
