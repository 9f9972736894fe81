"""A base backup and archived WAL, put back as of a moment in the middle of load: docs/backup.md, for real.

    test_restore.py BUILD
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(HERE, "..", "fault"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))
import callout  # noqa: E402
from database import ROOT, psql, query  # noqa: E402
from examine import Checks  # noqa: E402
from load import Ledger, Load, write_targets  # noqa: E402
from server import Server  # noqa: E402
from suite import Suite, wait_for  # noqa: E402

RATE = 20
SKIP = 1000000  # numbers that docs/backup.md has skipped after a restore


def programs():
    return subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()


def as_owner(*command):
    """As the user whom scripts/postgres runs the server as."""
    user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--reset-env", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*user, *command], capture_output=True, text=True, cwd="/", timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
    return done.stdout


class Restored(Server):
    """A second server, over data that are there already."""

    def __init__(self, place):
        super().__init__()
        self.place = place

    def __enter__(self):
        self.before = os.environ.get("CALLOUT_TEST_PG_URL")
        self.dir, self.temp = f"{self.place}/second", tempfile.TemporaryDirectory()
        self.start()
        return self


def archive_wal(server, wal):
    """docs/backup.md: WAL archiving, and who may take a base backup."""
    psql(server.url, "-c", "ALTER SYSTEM SET archive_mode = on", "-c",
         f"ALTER SYSTEM SET archive_command = 'test ! -f {wal}/%f && cp %p {wal}/%f.part && mv {wal}/%f.part {wal}/%f'")
    server.stop()
    server.start()
    with open(f"{server.dir}/data/callout_hba.conf", "a") as hba:
        hba.write("local replication all trust\n")
    psql(server.url, "-c", "SELECT pg_reload_conf()")


def base_backup(server, target):
    host = server.url.split("host=")[1].split("&")[0]
    as_owner(f"{programs()}/pg_basebackup", "-h", host, "-U", "callout", "-D", target, "-c", "fast", "--manifest-checksums", "SHA256")
    as_owner(f"{programs()}/pg_verifybackup", target)


def restore(target, wal, moment):
    settings = f"restore_command = 'cp {wal}/%f %p'\nrecovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\narchive_mode = off\n"
    as_owner("sh", "-c", f"printf '%s' \"$0\" >> '{target}/postgresql.auto.conf' && touch '{target}/recovery.signal'", settings)


def heads(url):
    return {int(lane): int(seq) for lane, seq in query(url, "SELECT lane, seq FROM journal.lane")}


def era(url):
    return psql(url, "-c", open(f"{ROOT}/lib/io/sql/read_era.sql").read()).split("|")[0]


def settled(url):
    return query(url, """SELECT count(*) FROM journal.entry e JOIN journal.cursor c ON c.lane = e.lane AND e.seq > c.seq
        WHERE c.kinds >> e.kind & 1 = 1""") == [["0"]]


def answer_to(suite, key):
    """What a client that sends a ticket of the load again is told."""
    keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/sample.key") if " = " in line)
    client = callout.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])
    return client.submit(key=key, customer="haihe-bank", site="haihe-beijing", title="sent again after the restore")


def first_cluster(suite, server, place, wal):
    """Load, a base backup in it, more load, the moment; more load. Returns (moment, what holds at it)."""
    ledger = f"{suite.dir}/ledger"
    write_targets(f"{suite.dir}/targets", f"{suite.dir}/registry")
    load = Load(suite, f"{suite.dir}/targets", "r", ledger=ledger, rate=RATE, connections=2, window=50, commands=20, onsite=20, seconds=3600)

    def acked():
        said = Ledger()
        said.read(ledger)
        return said.acked
    wait_for("some load", lambda: len(acked()) > 60, 120)
    os.mkdir(f"{place}/second", 0o755)
    if os.geteuid() == 0:
        shutil.chown(f"{place}/second", "postgres", "postgres")
    base_backup(server, f"{place}/second/data")
    backed_up = acked()
    wait_for("more load", lambda: len(acked()) > len(backed_up) + 60, 120)
    suite.kill("notify", sign=15)
    suite.start("notify", env={"CALLOUT_FAULT": "before_send:kill:1"})
    wait_for("notify dies while it sends", lambda: suite.running["notify"].poll() is not None, 120)
    sending = int(query(suite.url, "SELECT count(*) FROM notify.notice WHERE state = 1")[0][0])
    at = {"acked": acked(), "low": heads(suite.url), "sending": sending, "era": era(suite.url), "before": backed_up}
    moment = query(suite.url, "SELECT clock_timestamp()")[0][0]
    time.sleep(0.2)  # the commits of the next instant are behind the moment
    suite.start("notify")
    wait_for("load behind the moment", lambda: len(acked()) > len(at["acked"]) + 60, 120)
    load.stop()
    load.end(120)
    at["all"] = acked()
    newest = query(suite.url, "SELECT pg_walfile_name(pg_switch_wal())")[0][0]
    wait_for("the WAL is archived", lambda: os.path.exists(f"{wal}/{newest}"), 60)
    at["high"] = heads(suite.url)
    return moment, at


def second_cluster(checks, suite, url, at):
    checks.holds("the backup came before what is asked of it", len(at["acked"]) - len(at["before"]), len(at["acked"]) > len(at["before"]) > 0)
    found = heads(url)
    checks.is_zero("lanes that lack what was acknowledged before the moment", [lane for lane, seq in at["low"].items() if found[lane] < seq])
    checks.holds("the journal ends before what came after the moment", found, sum(found.values()) < sum(at["high"].values()))
    checks.holds("the era is another one", (at["era"], era(url)), at["era"] != era(url) and at["era"].split(".")[0] == era(url).split(".")[0])
    there = {case_id for (case_id,) in query(url, "SELECT id FROM intake.receipt")}
    tickets = {key: said for key, said in at["acked"].items() if not key.startswith("c/")}
    checks.is_zero("tickets acknowledged before the moment without a receipt", [k for k, (_, case_id) in tickets.items() if str(case_id) not in there])
    lost = {k: said for k, said in at["all"].items() if k not in at["acked"] and str(said[1]) not in there and not k.startswith("c/")}
    checks.holds("tickets were acknowledged behind the moment, and are not there", len(lost), len(lost) > 0)
    checks.holds("notices that were being sent at the moment", at["sending"], at["sending"] > 0 and
                 int(query(url, "SELECT count(*) FROM notify.notice WHERE state = 1")[0][0]) >= at["sending"])
    psql(url, "-c", f"SELECT setval('intake.number_block', last_value + {SKIP}) FROM intake.number_block")
    return lost


def go_on(checks, suite, url, lost, at):
    for name in ("sla", "dispatch", "notify", "intake"):
        suite.start(name)
    for name in ("sla", "dispatch", "notify", "intake"):
        suite.wait_ready(name, 60)
    key, (number, case_id) = next((k, s) for k, s in at["acked"].items() if not k.startswith("c/"))
    try:
        same = answer_to(suite, key)
        checks.holds("a ticket of before has its number", (same.number, number), same.number == number)
    except callout.Refused as refused:
        checks.holds("a ticket of before is known: other content under its key is refused", str(refused), "CONFLICT" in str(refused).upper() or "other" in str(refused))
    given = {number for number, _ in at["all"].values()}
    again = [answer_to(suite, key).number for key in list(lost)[:5]]
    checks.is_zero("numbers given again that were told to somebody", [n for n in again if n in given])
    wait_for("everything is read", lambda: settled(url), 120)
    wait_for("no notice is left in the air", lambda: query(url, "SELECT count(*) FROM notify.notice WHERE state = 1 AND (lane, case_id) IN (SELECT lane, case_id FROM sla.case)") == [["0"]], 120)
    for audit in (["audit", "refold"], ["audit", "timers", "--grace", "60s"]):
        done = suite.callout(*audit, check=False)
        checks.holds(f"callout {' '.join(audit)}", done.stdout + done.stderr, done.returncode == 0)
        print("  " + done.stdout.splitlines()[0] if done.stdout else done.stderr, flush=True)


def main():
    checks = Checks()
    place = tempfile.mkdtemp(prefix="callout-restore-", dir=os.environ.get("CALLOUT_TEST_DIR"))
    os.chmod(place, 0o755)
    wal = f"{place}/wal"
    os.mkdir(wal)
    if os.geteuid() == 0:
        shutil.chown(wal, "postgres", "postgres")
    with Server() as server:
        archive_wal(server, wal)
        with Suite(sys.argv[1]) as suite:
            moment, at = first_cluster(suite, server, place, wal)
            for name in ("intake", "sla", "dispatch", "notify"):
                suite.kill(name)
            # The first server is lost. Its database is no more dropped than a burnt one would be.
            database, suite.database = suite.database, None
            server.stop("kill")
            restore(f"{place}/second/data", wal, moment)
            with Restored(place) as second:
                url = second.url.replace("/callout?", f"/{database.name}?")
                wait_for("the end of the recovery", lambda: query(url, "SELECT pg_is_in_recovery()") == [["f"]], 120)
                print(f"  {len(at['acked'])} acknowledged at {moment}, {len(at['all'])} in all; {at['sending']} being sent", flush=True)
                suite.env["CALLOUT_DATABASE_URL"] = suite.url = url
                lost = second_cluster(checks, suite, url, at)
                go_on(checks, suite, url, lost, at)
                suite.stop()
    shutil.rmtree(place, ignore_errors=True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
