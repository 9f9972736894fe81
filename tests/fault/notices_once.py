#!/usr/bin/python3
"""Each notice once, counted by those who receive. While tickets flow and late facts withdraw and announce anew, notify is killed, stands
still beyond its lease, is restarted in order, gets and loses a process, the database restarts, parked cases are replayed, sla is
killed and folds anew, everything is refolded (audit refold, which must find no difference). A round does what one subset of these says,
all at the same time, at random moments and in random order, and ends when notify has passed what was in the journal then, so that the
next one begins in good health. Nothing accepted is missing, nothing unplanned came, nothing came more often than sending it was
committed. The mail server and the robots take everything, and now and then lose the answer: copies bear the same key and are at
most as many as the crashes and the answers lost; robots, which know no key, hear nothing twice.

Eight harms have 256 subsets. A round takes 2 to 12 s where nothing else runs, most of it waits: a lease runs out in 3 s, a database server is
back in 2 to 5 s. One after another they take half an hour, so a full run has one sixteenth of them, and the seed says which: sixteen seeds in a row
have all. Each seed of a soak has all subsets, spread over four suites that run at once, with a quarter of the load each. A quick run has six
rounds: in five of them any two harms come both, the one without the other, and the other without the one; then all of them.
CALLOUT_TEST_SEED is the first seed; `--share N` runs that share alone."""
import collections
import concurrent.futures
import itertools
import random
import signal
import subprocess
import sys
import time

from storm import RATE, REWRITE, Storm, main, mode  # first: it says where the others are
from busy import LATER
from database import psql, query
from examine import (ACCEPTED, CANCELLED, DELIVERED, LEFT, UNKNOWN, examine_journal, examine_refold, examine_settlements, examine_tickets,
                     callout, read_cases)
from load import Ledger
from people import People
from robot_server import RobotServer
from server import Server
from suite import wait_for

SEEDS = {"quick": 1, "full": 1, "soak": 20}[mode()]
SHARES = {"quick": 1, "full": 16, "soak": 4}[mode()]  # of the rounds
SUITES = {"quick": 1, "full": 1, "soak": 4}[mode()]  # at once; each has its part of the load
HOLD_S = 0.5       # between begin and end of what is done, at most
AWAY_S = 6         # how long one stands still where nobody else is there to take its lanes; a lease lasts 3 s
LIMIT_S = 120
STEP_S = 0.1       # between two looks at the database
PARKED = 8         # cases at a time
LOSES = 20         # of so many answers a robot, and the mail server, loses one
LATE_PAUSE_S = 0.05 * SUITES
PORT_OF_ROBOTS = "127.0.0.1:1"  # in REGISTRY, until the port is known
# Who supports is told by a robot, then by mail; who manages projects in the north by a robot only.
REGISTRY = (("channels:\n", f"channels:\n  robot: {{kind: dingtalk, url: 'http://{PORT_OF_ROBOTS}/robot/send', secret_file: robot, per_minute: 6000}}\n"),
            ("  support: {name: 样例远程支持, ", "  support: {name: 样例远程支持, email: support@example.com, channels: [robot, mail], "),
            ("  pm-north: {name: 样例项目经理北方, email: pm-north@example.com}", "  pm-north: {name: 样例项目经理北方, channels: [robot]}"))
NOTICES = """SELECT case_id, obligation, generation, slot, state, person, channel, attempts, recalled, detail,
    (extract(epoch FROM planned_at) * 1000000)::int8 FROM notify.notice"""
LOST = f"""SELECT case_id, obligation, slot, state, detail FROM notify.notice WHERE state NOT IN ({ACCEPTED}, {DELIVERED}, {CANCELLED})
    AND NOT ({LEFT}) AND NOT ({LATER}) AND NOT (state = {UNKNOWN} AND channel = 'robot')"""
# What a robot was told is told apart by its words alone; each notice with these words could be the one.
WORDS = f"""SELECT n.person, n.state, n.channel, n.obligation, encode(convert_to(t.subject || E'\\n' || t.body, 'UTF8'), 'hex')
    FROM notify.notice AS n JOIN notify.notice_text AS t USING (lane, case_id, obligation, generation, slot)
    WHERE n.person IN ('support', 'pm-north')"""
OVERDUE = """SELECT case_id, (extract(epoch FROM opened_at) * 1000000)::int8 FROM read.sla_case
    WHERE state = 'open' AND opened_at < clock_timestamp() - interval '5 s' ORDER BY opened_at DESC LIMIT 200"""
# While no process of notify lives: what a process writes that sets a case aside before its next entry.
PARK = f"""INSERT INTO journal.parked (lane, service, case_id, since_seq, reason)
    SELECT c.lane, 'notify', c.case_id, p.seq + 1, 'set aside by the test'
    FROM (SELECT lane, case_id FROM read.sla_case ORDER BY case_id DESC LIMIT {PARKED}) AS c
    JOIN journal.cursor AS p ON p.lane = c.lane AND p.service = 'notify' ON CONFLICT DO NOTHING"""


class Forgetful(RobotServer):
    """Takes everything, and loses some answers."""

    def __init__(self, rng):
        super().__init__()
        self.limit, self.rng, self.lost = 10 ** 9, rng, 0
        self.http.handle_error = lambda *_: None  # a lost answer is no news

    def judge(self, *request):
        answer = super().judge(*request)
        if self.rng.random() < 1 / LOSES:
            self.lost += 1
            raise ConnectionAbortedError("the answer is lost")
        return answer


class Late(People):
    """Says late that somebody was called in time, whose lateness was announced, and that it stood still meanwhile."""

    def answer(self, client):
        for case_id, opened_us in self.suite.rows(OVERDUE):
            case_id, opened_us = int(case_id), int(opened_us)
            said = self.answered.get(case_id, 0)
            if said < len(LATE) and self.number_of(case_id) is not None:
                self.answered[case_id] = said + 1
                self.say(client, case_id, LATE[said], occurred_us=opened_us + (said + 1) * 100000)
                return


LATE = ("waiting_customer", "customer_answered", "contacted")


class Harms:
    """What is done to it; each harm is a generator that yields between its begin and its end."""

    def __init__(self, storm):
        self.storm, self.suite, self.held = storm, storm.suite, set()
        self.crashes, self.refolds = 0, 0

    def live(self):
        return [n for n in self.suite.running if n.startswith("notify")]

    def take(self):
        """A process of notify that nothing else is done to."""
        free = [n for n in self.live() if n not in self.held]
        name = self.storm.rng.choice(free) if free else self.more()
        self.held.add(name)
        return name

    def more(self):
        name = next(f"notify-{i}" for i in itertools.count(2) if f"notify-{i}" not in self.suite.running)
        self.suite.start(name)
        return name

    def killed(self):
        name = self.take()
        self.crash(name)
        yield
        self.suite.start(name)
        self.held.discard(name)

    def crash(self, name):
        self.suite.kill(name)
        self.crashes += 1

    def frozen(self):
        name = self.take()
        instance = f"{name}.{self.suite.counts[name]}"
        self.suite.kill(name, signal.SIGSTOP)
        self.crashes += 1
        since = time.monotonic()
        yield
        wait_for("lanes of the frozen taken over", lambda: time.monotonic() > since + AWAY_S or not self.lanes(instance), LIMIT_S, STEP_S)
        self.suite.kill(name, signal.SIGCONT)
        self.held.discard(name)

    def lanes(self, instance=""):
        """Of nobody, unless somebody is named."""
        return int(self.suite.rows(f"SELECT count(*) FROM journal.cursor WHERE service = 'notify' AND coalesce(owner, '') = '{instance}'")[0][0])

    def restarted(self):
        name = self.take()
        self.ask_to_end(name)
        yield
        self.start_anew(name)
        self.held.discard(name)

    def ask_to_end(self, name):
        self.suite.wait_ready(name, LIMIT_S)  # one that has only just begun dies of a signal like any program
        self.suite.running[name].terminate()

    def start_anew(self, name):
        code = self.suite.running[name].wait(LIMIT_S)
        self.storm.checks.holds(f"{name} ended in order", code, code == 0)
        self.suite.start(name)

    def joined(self):
        name = self.more()
        self.held.add(name)
        yield
        self.suite.wait_ready(name, LIMIT_S)
        self.suite.kill(name, signal.SIGTERM)
        del self.suite.running[name]
        self.held.discard(name)

    def database(self):
        self.storm.server.stop(self.storm.rng.choice(("fast", "immediate", "kill")))
        self.crashes += 1
        yield
        self.storm.server.start()

    def parked(self):
        names = self.live()
        for name in names:
            self.ask_to_end(name)
        for name in names:
            self.suite.running[name].wait(LIMIT_S)
        self.suite.rows(PARK)
        cases = [int(case) for case, in self.suite.rows("SELECT case_id FROM journal.parked WHERE service = 'notify' AND asked IS NULL")]
        for name in names:
            self.start_anew(name)
        wait_for("lanes taken", lambda: self.lanes() == 0, LIMIT_S, STEP_S)
        yield
        self.suite.rows(f"UPDATE journal.parked SET asked = 'replay' WHERE service = 'notify' AND case_id IN ({', '.join(map(str, cases)) or 0})")

    def folded(self):
        self.suite.kill("sla")
        yield
        self.suite.start("sla")

    def refolded(self):
        """Beside the others; once more where the database was away meanwhile."""
        first = self.refold()
        yield
        code, report = self.end_of(first)
        if not report:
            code, report = self.end_of(self.refold())
        self.refolds += 1
        self.storm.checks.holds("folded anew beside the others it is the same", (code, report[-300:]), code == 0 and '"cases"' in report)

    def refold(self):
        return subprocess.Popen([f"{self.suite.build}/callout", "audit", "refold", "-o", "json"], env=self.suite.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    @staticmethod
    def end_of(process):
        """Its exit code and report; none: it could not be done."""
        report, _ = process.communicate(timeout=LIMIT_S)
        return process.returncode, report.strip()

    def run(self, names):
        """All of them at the same time. Parking first, as it needs all of notify; the database leaves last and comes back first."""
        begin = sorted(names, key=lambda n: (n != "parked", n == "database", self.storm.rng.random()))
        running = [(name, getattr(self, name)()) for name in begin]
        for _, harm in running:
            next(harm)
            time.sleep(self.storm.rng.uniform(0, HOLD_S))  # the moment of the harm, not a wait for a result
        for _, harm in sorted(running, key=lambda r: r[0] != "database"):
            next(harm, None)


HARMS = ("killed", "frozen", "restarted", "joined", "database", "parked", "folded", "refolded")


class Once(Storm):
    daemons, rate, losing = ("sla", "dispatch", "notify", "notify-2", "intake"), RATE // 4 // SUITES, LOSES

    def __init__(self, checks, seed, **env):
        number = share_of(seed)
        self.rounds = rounds_of(seed, number)
        super().__init__(checks, f"{seed}-{number}", **env)
        self.server, self.robots = Server(), Forgetful(random.Random(self.seed))
        port = self.robots.url.rsplit(":", 1)[1]
        self.rewrite = REWRITE + tuple((old, new.replace(PORT_OF_ROBOTS, f"127.0.0.1:{port}")) for old, new in REGISTRY)

    def __enter__(self):
        self.server.__enter__()
        try:
            for sql in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):  # processes are killed, the machine is not
                psql(self.server.url, "-c", sql)
            super().__enter__()
        except BaseException:
            self.server.__exit__()
            raise
        with open(f"{self.suite.dir}/secrets/robot", "w") as file:
            file.write(f"token = {self.robots.token}\n")
        self.ledgers.append(f"{self.suite.dir}/late")
        self.late = Late(self.suite, *self.ledgers, random.Random(self.seed), LATE_PAUSE_S, 0)
        self.late.start()
        self.harms = Harms(self)
        return self

    def settle(self):
        self.late.stop()
        self.late.close()
        left = []
        try:
            wait_for("replayed", lambda: not self.parked(), LIMIT_S, 0.1)
        except RuntimeError:
            left = self.parked()
        self.checks.is_zero("parked cases that were not replayed", left)

    def parked(self):
        return self.suite.rows("SELECT service, case_id, reason FROM journal.parked")

    # ---- what those who receive say ----

    def examine(self):
        ledger = Ledger(*self.ledgers)
        self.checks.holds("the ledgers are whole", ledger.is_whole, ledger.is_whole)
        cases = read_cases(self.suite.url)
        examine_tickets(self.checks, self.suite.url, ledger, cases)
        examine_journal(self.checks, self.suite.url, cases, f"{self.suite.dir}/registry")
        examine_refold(self.checks, self.suite)
        self.examine_settled(cases)
        self.examine_keys({own: number for number, own in ledger.acked.values()})
        self.examine_robots()

    def examine_settled(self, cases):
        planned = {(c, b.obligation, b.generation, b.slot): b.person for c, case in cases.items() for k, b in case.entries if k == "notice_planned"}
        self.notices = query(self.suite.url, NOTICES)
        rows = {(int(n[0]), n[1], int(n[2]), n[3]): n[5] for n in self.notices}
        self.checks.is_zero("planned in the journal or in the table only, or for somebody else there", planned.items() ^ rows.items())
        examine_settlements(self.checks, self.suite.url, cases)
        self.checks.is_zero("neither accepted nor cancelled, with a key", query(self.suite.url, LOST))
        withdrawn = [n for n in self.notices if n[1].startswith("withdrawn/")]
        self.checks.holds("late facts took something back", len(withdrawn), len(withdrawn) > 0)

    def examine_keys(self, numbers):
        """By the key that each mail and webhook bears. A notice that changed from a robot to mail has one, too."""
        came, unanswered = collections.Counter(), collections.Counter()
        for _, name, is_answered in self.suite.arrived():
            key = name.strip("<>").split("@")[0]
            came[key] += 1
            unanswered[key] += not is_answered
        may = {key_of(numbers, n): n for n in self.notices}
        must = {key for key, n in may.items() if int(n[4]) == ACCEPTED and n[6] != "robot"}
        copies = {key: n - 1 - unanswered[key] for key, n in came.items()}
        self.checks.is_zero("came, and was not planned", [key for key in came if key not in may])
        self.checks.is_zero("accepted, and did not come, or nobody said so", [key for key in must if came[key] == unanswered[key]])
        self.checks.is_zero("came more often than sending was committed", [(key, n, may[key]) for key, n in came.items() if key in may and n > int(may[key][7])])
        self.checks.is_zero(f"more copies of one than crashes ({self.harms.crashes})", [(key, n) for key, n in copies.items() if n > self.harms.crashes])
        again, lost = sum(came.values()) - len(came), unanswered.total()
        self.checks.holds("mail servers lost answers, and were told again", (lost, again), lost > 0 and again > 0)
        print(f"  {len(self.notices)} notices, {len(came)} came with a key, {again} copies, most of one {max(came.values()) - 1}; "
              f"{self.harms.crashes} crashes, {lost} answers lost; {self.harms.refolds} refolds", flush=True)

    def examine_robots(self):
        heard = collections.Counter(body["text"]["content"] for _, body in self.robots.taken)
        may, must = collections.Counter(), collections.Counter()
        for person, state, channel, obligation, words in query(self.suite.url, WORDS):
            text = bytes.fromhex(words).decode()
            may[text] += 1
            must[text] += int(state) == ACCEPTED and channel == "robot"
        self.checks.is_zero("a robot heard more often than there are notices", [(t, n, may[t]) for t, n in heard.items() if n > may[t]])
        self.checks.is_zero("a robot accepted and did not hear", [(t, n, heard[t]) for t, n in must.items() if n > heard[t]])
        self.checks.holds("robots heard something, and lost answers", (len(heard), self.robots.lost), len(heard) > 20 and self.robots.lost > 0)
        print(f"  robots heard {sum(heard.values())}, lost {self.robots.lost} answers; late facts {dict(self.late.counts)}", flush=True)

    def __exit__(self, *how):
        self.late.enough.set()
        self.late.join()
        super().__exit__(*how)
        self.robots.close()
        self.server.__exit__(*how)


def key_of(numbers, notice):
    case_id, obligation, generation, slot = notice[:4]
    digits, left = "", int(notice[10])
    while left or not digits:
        digits, left = "0123456789abcdefghijklmnopqrstuvwxyz"[left % 36] + digits, left // 36
    return f"{numbers[int(case_id)]}.{obligation.replace('/', '.')}-g{generation}-{slot.replace('/', '.')}-{digits}"


def share_of(seed):
    if "--share" in sys.argv:
        return int(sys.argv[sys.argv.index("--share") + 1])
    return seed % SHARES


def rounds_of(seed, number):
    """Which harms at the same time, round by round. In a quick run each is in three of five rounds, no two in the same three."""
    if mode() == "quick":
        sets = [[harm for harm, its in zip(HARMS, itertools.combinations(range(5), 3)) if i in its] for i in range(5)] + [HARMS]
    else:
        sets = [names for n in range(len(HARMS) + 1) for names in itertools.combinations(HARMS, n)]
    mine = sets[number::SHARES]  # whatever the seed is
    random.Random(seed).shuffle(mine)
    return mine


def hurt(storm):
    for names in storm.rounds:
        start = time.monotonic()
        storm.harms.run(names)
        took_s = storm.wait_back("notify", start)
        storm.checks.is_zero("daemons that ended by themselves", storm.dead())
        print(f"  {' and '.join(names) or 'nothing'}: nothing behind after {took_s:.1f} s", flush=True)


def run_share(number):
    """True: it failed."""
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, *sys.argv, "--share", str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            print(f"{number}: {line}", end="", flush=True)
    return process.returncode != 0


def run():
    if SUITES == 1 or "--share" in sys.argv:
        return main("notices once", hurt, SEEDS, kind=Once)
    with concurrent.futures.ThreadPoolExecutor(SUITES) as pool:
        return int(any(list(pool.map(run_share, range(SUITES)))))


if __name__ == "__main__":
    sys.exit(run())
