"""callout archive: partitions whose cases are over go to files, everything is still provable, and they come back.

    test_archive.py BUILD
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

SIZE = 60  # numbers of a partition here
CASES = 14
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def small_partitions(url):
    """In the place of the first partition, which holds what the start wrote."""
    script = ["BEGIN; LOCK journal.entry IN ACCESS EXCLUSIVE MODE; ALTER TABLE journal.entry DETACH PARTITION journal.entry_0;"]
    for i in range(4):
        high = (i + 1) * SIZE if i < 3 else 1000000
        script.append(f"CREATE TABLE journal.small_{i} PARTITION OF journal.entry FOR VALUES FROM ({i * SIZE}) TO ({high});")
    script.append("INSERT INTO journal.entry SELECT lane, seq, at, case_id, kind, body FROM journal.entry_0; DROP TABLE journal.entry_0; COMMIT;")
    psql(url, "-f", "-", text="\n".join(script))


def settled(url):
    return query(url, """SELECT count(*) FROM journal.entry e JOIN journal.cursor c ON c.lane = e.lane AND e.seq > c.seq
        WHERE c.kinds >> e.kind & 1 = 1""") == [["0"]]


def callout(world, *words, code=0):
    done = world.suite.callout(*words, check=False)
    assert done.returncode == code, f"callout {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def alone(world, *words, code=0):
    """Without a database, a daemon, a setting."""
    done = subprocess.run([f"{world.suite.build}/callout", *words], env={"PATH": os.environ["PATH"], "HOME": world.suite.dir}, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, f"callout {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def close(world, number):
    for words in (("contacted",), ("restored",), ("sign", "--as", "customer"), ("sign", "--as", "pm")):
        world.suite.callout("act", number, *words)
    wait_for(f"{number} is closed", lambda: world.suite.case(number).get("state") == "closed")


def partitions(url):
    return [row[0] for row in query(url, "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'journal.entry'::regclass ORDER BY 1")]


def make_cases(world):
    suite = world.suite
    small_partitions(suite.url)
    world.numbers = [world.submit(customer="haihe-bank", site="haihe-beijing", product="storage", stated_severity=1 + i % 4, key=f"a{i}").number for i in range(CASES)]
    world.open, *closed = world.numbers
    for number in closed:
        close(world, number)
    for _ in range(40):  # the lane leaves its first partitions behind
        if int(query(suite.url, "SELECT min(seq) FROM journal.lane")[0][0]) > 3 * SIZE:
            break
        extra = world.submit(customer="haihe-bank", site="haihe-beijing", product="storage").number
        close(world, extra)
    wait_for("everything is read", lambda: settled(suite.url))
    world.numbers = closed
    world.before = {n: json.loads(suite.callout("explain", n, "-o", "json")) for n in closed[:3]}


@test
def what_is_young_stays_and_the_list_says_so(world):
    make_cases(world)
    said = callout(world, "archive", "list")
    assert "small_0" in said and "its newest entry is of" in said and "lanes that still write in it: 1" in said, said
    assert "nothing can be archived now" in callout(world, "archive", "run", "--to", world.suite.dir)


@test
def an_open_case_keeps_its_partition(world):
    said = callout(world, "archive", "list", "--older-than", "0")
    assert "are not closed" in said, said
    assert "small_0" not in callout(world, "archive", "run", "--dry-run", "--older-than", "0")
    close(world, world.open)

    def nothing_due():
        rows = callout(world, "archive", "list", "--older-than", "0")
        return "ready" in next(line for line in rows.splitlines() if line.startswith("small_0"))
    wait_for("nothing of the first partition's cases is due", nothing_due, 90, 0.5)


@test
def a_dry_run_and_a_wrong_word_change_nothing(world):
    before = partitions(world.suite.url)
    assert "journal.small_0" in callout(world, "archive", "run", "--dry-run", "--older-than", "0")
    callout(world, "archive", "run", "--older-than", "0", code=2)
    callout(world, "archive", "run", "--older-than", "0", "--to", f"{world.suite.dir}/nowhere", code=4)
    callout(world, "archive", "burn", code=2)
    callout(world, "archive", "verify", code=2)
    callout(world, "archive", "verify", f"{world.suite.dir}/nothing", code=4)
    assert partitions(world.suite.url) == before and query(world.suite.url, "SELECT count(*) FROM journal.archived_case") == [["0"]]


@test
def a_partition_goes_to_a_file_that_is_whole_and_signed(world):
    suite = world.suite
    os.mkdir(f"{suite.dir}/archives")
    count = int(query(suite.url, "SELECT count(*) FROM journal.small_0")[0][0])
    said = callout(world, "archive", "run", "--to", f"{suite.dir}/archives", "--older-than", "0", "--signing-key-file", f"{suite.dir}/keys/signing.key")
    assert f"archived journal.small_0: {count} entries" in said, said
    assert not any(p.endswith("small_0") for p in partitions(suite.url))
    world.files = sorted(f"{suite.dir}/archives/{name}" for name in os.listdir(f"{suite.dir}/archives"))
    world.first = next(f for f in world.files if f"journal-0-{SIZE - 1}." in f)
    assert all(name.endswith(".callout-archive") for name in world.files), world.files
    assert "signed by this key" in alone(world, "archive", "verify", world.first, "--key", f"{suite.dir}/keys/signing.pub")
    other = f"{suite.dir}/keys/other-signing"
    suite.callout("keygen", "--signing", f"{suite.dir}/keys", "other-signing")
    alone(world, "archive", "verify", world.first, "--key", f"{other}.pub", code=3)
    assert "archived" in callout(world, "archive", "list")
    assert "are archived (journal-0-" in callout(world, "show", world.numbers[0], code=4)


@test
def audits_of_what_is_left_find_no_difference(world):
    said = callout(world, "audit", "refold")
    assert "0 differences" in said and "archived partitions are passed over" in said, said
    callout(world, "audit", "timers", "--grace", "60s")


@test
def explain_says_the_same_from_the_file_as_before_and_asks_nobody(world):
    archives = [word for file in world.files for word in ("--archive", file)]
    for number, before in world.before.items():
        now = json.loads(alone(world, "explain", number, "-o", "json", *archives))
        assert now["number"] == before["number"] and now["clocks"] == before["clocks"] and now["clocks"], (before, now)
    number = world.numbers[0]
    other = world.suite.callout("submit", "--customer", "haihe-bank", "--site", "haihe-beijing", "--title", "new").split()[0]
    text = alone(world, "explain", number, "--archive", world.first)
    assert number in text, text
    alone(world, "explain", other, "--archive", world.first, code=4)


@test
def a_certificate_made_from_the_file_verifies(world):
    suite, number = world.suite, world.numbers[0]
    alone(world, "certificate", number, f"{suite.dir}/c.json", "--archive", world.first, "--signing-key-file", f"{suite.dir}/keys/signing.key")
    alone(world, "verify", f"{suite.dir}/c.json", "--key", f"{suite.dir}/keys/signing.pub")


@test
def a_damaged_file_is_found_wherever_the_damage_is(world):
    whole = open(world.first, "rb").read()
    bad = f"{world.suite.dir}/bad"
    cuts = [0, 5, 8, 20, len(whole) // 2, len(whole) - 1]
    flips = [0, 8, 9, 14, 30, 60, len(whole) // 3, len(whole) // 2, len(whole) - 70, len(whole) - 3]
    for damaged in [whole[:n] for n in cuts] + [whole[:n] + bytes([whole[n] ^ 64]) + whole[n + 1:] for n in flips] + [whole + b"x", whole + whole[8:]]:
        with open(bad, "wb") as file:
            file.write(damaged)
        done = subprocess.run([f"{world.suite.build}/callout", "archive", "verify", bad], capture_output=True, text=True)
        assert done.returncode == 3 and "no whole archive" in done.stderr, (len(damaged), done)
        assert world.suite.callout("archive", "restore", bad, check=False).returncode == 3


@test
def a_fact_that_comes_late_for_an_archived_case_is_taken_and_lost_nowhere(world):
    suite, number = world.suite, world.numbers[0]
    said = suite.callout("act", number, "relapsed", check=False)
    case_id = query(suite.url, "SELECT max(case_id) FROM journal.archived_case")[0][0]
    assert case_id and said.returncode in (0, 3), said
    wait_for("everything is read", lambda: settled(suite.url))
    verdicts = query(suite.url, f"""SELECT count(*) FROM journal.entry e JOIN journal.archived_case a USING (lane, case_id)
        WHERE e.kind IN (35, 36) AND e.seq > {3 * SIZE}""")
    assert int(verdicts[0][0]) >= 1, verdicts
    assert "0 differences" in callout(world, "audit", "refold")


@test
def a_file_goes_back_once_and_everything_is_as_it_was(world):
    suite = world.suite
    for file in world.files:
        assert "are back in the journal" in callout(world, "archive", "restore", file)
        callout(world, "archive", "restore", file, code=5)
    assert query(suite.url, "SELECT count(*) FROM journal.archived_case") == [["0"]]
    assert query(suite.url, "SELECT count(*) FROM (SELECT lane, max(seq) - count(*) AS missing FROM journal.entry GROUP BY lane) AS l WHERE missing <> 0") == [["0"]]
    assert "0 differences" in callout(world, "audit", "refold")
    number = world.numbers[1]
    assert suite.case(number)["state"] == "closed"
    assert json.loads(suite.callout("explain", number, "-o", "json"))["clocks"] == world.before[number]["clocks"]
    said = callout(world, "archive", "run", "--to", f"{suite.dir}/archives", "--older-than", "0", code=5)
    assert "is there already" in said, said


if __name__ == "__main__":
    with Suite(sys.argv[1], migrate=("--lanes", "1")) as started:
        failed = run_tests(TESTS, World(started))
    print(f"Checks: {len(TESTS)}, Failures: {failed}, Errors: 0")
    sys.exit(1 if failed else 0)
