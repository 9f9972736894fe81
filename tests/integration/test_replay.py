"""callout replay: real incidents through a suite with the stepped clock, twice, with the same report.

    test_replay.py BUILD

Quick: the first incidents of May 2012. --full: more of them. --soak: two weeks of May 2012.
"""
import contextlib
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT, query  # noqa: E402
from suite import Suite  # noqa: E402

BUILD = sys.argv[1]
LOG = f"{ROOT}/samples/replay/volvo-vinst.csv.gz"
MODE = os.environ.get("CALLOUT_TEST_MODE", "quick")
LIMIT = {"quick": ("--limit", "40"), "full": ("--limit", "100"), "soak": ()}[MODE]
WINDOW = ("--from", "2012-05-01", "--until", "2012-05-15") + LIMIT
LIMIT_S = 3600 if MODE == "soak" else 400
STEPPED = ("--lanes", "1", "--clock-rate", "0", "--clock-from", "2023-01-01T00:00:00Z")
failures = []
checks = 0


def check(sentence, holds, seen=""):
    global checks
    checks += 1
    if not holds:
        failures.append(sentence)
        print(f"FAILED: {sentence}: {seen}", flush=True)


def stepped_suite():
    return Suite(BUILD, migrate=STEPPED, registry=("calendars", "policies", "samples/replay/registry"))


def replay(suite, *arguments, limit_s=LIMIT_S):
    return subprocess.run([f"{BUILD}/callout", "replay", *arguments], env=suite.env, capture_output=True, text=True,
                          timeout=limit_s, cwd=suite.dir)


@contextlib.contextmanager
def killed_meanwhile(suite, name):
    """Kills a daemon as soon as some tickets are in, and starts it again."""
    over = threading.Event()

    def kill():
        while not over.is_set():
            if int(query(suite.url, "SELECT count(*) FROM intake.receipt")[0][0]) >= 10:
                suite.kill(name)
                suite.start(name)
                killed.set()
                over.wait()  # the daemon dies with the thread that started it (setpriv --pdeathsig)
            time.sleep(0.05)

    killed = threading.Event()
    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def by_what(report):
    return {row["what"]: (row["sent"], row["there"]) for row in report["balance"]}


def first_run():
    with stepped_suite() as suite:
        done = replay(suite, LOG, *WINDOW, "-o", "json")
        check("a replay ends well", done.returncode == 0, done.stderr[-2000:])
        report = json.loads(done.stdout)
        tickets = int(query(suite.url, "SELECT count(*) FROM intake.receipt WHERE kind = 1")[0][0])
        commands = int(query(suite.url, "SELECT count(*) FROM intake.receipt WHERE kind = 2")[0][0])
        balance = by_what(report)
        check("all incidents became tickets", report["incidents"] == tickets == balance["tickets: cases"][1], balance)
        check("what went in is what is there", all(a == b for a, b in balance.values()), balance)
        check("it counts the commands that the database has", commands == balance["commands: receipts"][0] > tickets, balance)
        late = query(suite.url, "SELECT count(*) FROM sla.case WHERE next_at <= (SELECT anchor_domain FROM journal.clock)")
        check("nothing is overdue at the end", late == [["0"]], late)
        for row in report["milestones"] + report["zones"]:
            check("every promise is met, missed, stopped or open",
                  row["promised"] == row["met"] + row["missed"] + row["stopped"] + row["open"], row)
        check("engineers went", sum(row["visits"] for row in report["engineers"]) > 0, report["engineers"])
        check("people were told", sum(row["count"] for row in report["notices"] if row["state"] == "accepted") > 0,
              report["notices"])
        refold = suite.callout("audit", "refold", check=False)
        check("every case folded anew gives what was announced", refold.returncode == 0, refold.stdout[-2000:] + refold.stderr)
        again = replay(suite, LOG, *WINDOW)
        check("a used suite is refused", again.returncode == 5 and "took a request before" in again.stderr, again.stderr)
        return report


def second_run(first):
    with stepped_suite() as suite, killed_meanwhile(suite, "dispatch") as killed:
        done = replay(suite, LOG, *WINDOW, "-o", "json")
        check("a daemon was killed in the second run", killed.is_set())
        check("a replay survives it", done.returncode == 0, done.stderr[-2000:])
        second = json.loads(done.stdout or "{}")
        differ = {key: (first[key], second.get(key)) for key in first if first[key] != second.get(key)}
        check("two runs give the same report", not differ, json.dumps(differ)[:4000])


def wrong_input():
    with Suite(BUILD, daemons=(), registry=()) as suite, tempfile.TemporaryDirectory() as temp:
        mapping = f"{ROOT}/samples/replay/volvo-vinst.yaml"

        def expect(sentence, code, text, *arguments):
            done = replay(suite, *arguments, limit_s=60)
            check(sentence, done.returncode == code and text in done.stdout + done.stderr,
                  f"exit {done.returncode}: {done.stdout}{done.stderr}")

        expect("a suite whose clock runs is refused", 3, "--clock-rate 0", LOG, "--limit", "1")
        expect("--check says how much there is", 0, "incidents=7554", LOG, "--check")
        expect("a span counts its incidents only", 0, "incidents=1\n", LOG, "--check", "--limit", "1")
        expect("a log that is not there is named", 4, "gone.csv", f"{temp}/gone.csv", "-m", mapping)
        expect("a mapping that is not there is named", 4, "other.yaml", f"{temp}/other.csv")
        expect("a wrong date says what is wanted", 2, "2012-05-01", LOG, "--from", "May")
        expect("an empty span is said", 4, "no incident", LOG, "--from", "2019-01-01")
        expect("a turned span is said", 2, "--until", LOG, "--from", "2012-05-02", "--until", "2012-05-01")
        with open(f"{temp}/torn.csv.gz", "wb") as torn:
            torn.write(open(LOG, "rb").read()[:20000])
        expect("a torn file is said", 3, "damaged", f"{temp}/torn.csv.gz", "-m", mapping)
        with gzip.open(f"{temp}/odd.csv.gz", "wt") as odd:
            odd.write("a,b\n1,2\n")
        expect("a log without the columns is said", 3, "SR Number", f"{temp}/odd.csv.gz", "-m", mapping)
        with open(f"{temp}/odd.yaml", "w") as odd:
            odd.write(open(mapping).read().replace("grid: ", "gird: "))
        expect("a wrong key of the mapping is told with its line", 3, "gird", LOG, "-m", f"{temp}/odd.yaml")


wrong_input()
second_run(first_run())
print(f"Checks: {checks}, Failures: {len(failures)}, Errors: 0")
sys.exit(1 if failures else 0)
