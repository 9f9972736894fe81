#!/usr/bin/python3
"""The notify daemon with a real database, mail server and webhook receiver: entries of the journal in, mails out.

usage: test_notify_service.py   (CALLOUT_TEST_PG_URL: a server to make databases in)
"""
import collections
import contextlib
import os
import re
import signal
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "journal"), os.path.join(HERE, "..", "..", "clients", "python")]
from callout import M  # noqa: E402
from database import psql, query  # noqa: E402
from mail_server import Mailbox  # noqa: E402
from peers import Session  # noqa: E402
from robot_server import RobotServer  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402

PLANNED, SENDING, ACCEPTED, FAILED, UNKNOWN, DELIVERED, CANCELLED, GATHERED = range(8)
KINDS = {f.name: f.number for f in M["Event"].DESCRIPTOR.oneofs_by_name["body"].fields}
REGISTRY = {f.name: f.number for f in M["RegistryObject"].DESCRIPTOR.fields}
LANES = 16


@contextlib.contextmanager
def psql_session(url):
    session = Session(url)
    try:
        yield session
    finally:
        session.close()


def bytea(message):
    return "'\\x" + message.SerializeToString().hex() + "'::bytea"


def quoted(words):
    return "'" + words.replace("'", "''") + "'"


def text(zh, en):
    return {"zh": zh, "en": en}


def rule(on, roles):
    return {"on": on, "roles": roles, "subject": text("{number} " + on, "{number} " + on), "body": text("「{title}」{due}", "{title} {due}")}


class Service(unittest.TestCase):
    daemons = 1
    pm, pack, channels, beside = {}, {}, (), ()  # what else is said of the project manager, and in the policy pack; beside mail; beside all
    forms, title = {}, "存储停了"  # what else each rule says; the title of cases
    env = {"CALLOUT_RETRY_FIRST": "300ms", "CALLOUT_RETRY_LAST": "1s", "CALLOUT_ASIDE_FIRST": "500ms", "CALLOUT_ASIDE_LAST": "2s",
           "CALLOUT_SMTP_TIMEOUT": "20s"}

    @classmethod
    def setUpClass(cls):
        cls.box = Mailbox()
        cls.port = free_port()
        cls.suite = Suite(daemons=(), registry=()).__enter__()
        cls.addClassCleanup(lambda: cls.suite.__exit__(*sys.exc_info()))
        cls.url = cls.suite.url
        cls.next_case = 0
        cls.put_registry()

    def setUp(self):
        names = [f"notify-{i}" for i in range(self.daemons)]
        for name in names:
            if name not in self.suite.running or self.suite.running[name].poll() is not None:
                self.suite.start(name, env=self.env)
        for name in names:
            self.suite.wait_ready(name)
        self.box.__init__()
        self.box.start(self.port)
        self.addCleanup(self.box.stop)
        self.cases = []

    # ---- what others would write ----

    @classmethod
    def put_registry(cls):
        on, role = "NOTICE_ON_", "ROLE_"
        objects = [
            {"channel": {"key": "mail", "kind": "CHANNEL_SMTP", "url": f"smtp://127.0.0.1:{cls.port}", "from": "callout@example.com"}},
            *({"channel": c} for c in cls.channels),
            {"person": {"key": "pm", "name": "项目经理", "email": "pm@example.com", **cls.pm}},
            {"person": {"key": "eng", "name": "Engineer", "language": "en", "email": "eng@example.com"}},
            {"customer": {"key": "bank", "name": text("银行", "Bank")}},
            {"site": {"key": "hall", "customer": "bank", "name": text("机房", "Hall")}},
            {"contract": {"key": "k", "customer": "bank", "policy": "pack", "holders": [{"role": role + "PM", "person": "pm"}]}},
            {"policy": {"name": "pack", **cls.pack, "notices": [{**rule(on + n, [role + r]), **cls.forms} for n, r in
                                                    (("BREACHED", "PM"), ("OFFERED", "ENGINEER"), ("OPENED", "DIRECTOR"), ("PROMISED", "PM"))],
                        "milestones": [{"name": "response", "title": text("响应", "Response"), "ladder": [{"roles": [role + "PM"]}],
                                        "on_breach": [{"kind": "ACTION_TELL", "what": "help", "roles": [role + "PM"]}]}]}},
        ]
        cls.put_objects(1, *objects, *cls.beside)

    @classmethod
    def put_objects(cls, version, *objects):
        rows, ends = [], ""
        for o in objects:
            ((kind, body),) = o.items()
            key = body.get("key") or body["name"]
            rows.append(f"({REGISTRY[kind]}, '{key}', {version}, {bytea(M['RegistryObject'](**o))})")
            ends += f"UPDATE registry.object SET until = {version} WHERE kind = {REGISTRY[kind]} AND key = '{key}' AND until IS NULL;"
        psql(cls.url, "-1", "-f", "-", text=f"INSERT INTO registry.version VALUES ({version}, 'test-{version}', now(), 'test', 0, 0, 0, 0);"
             f"{ends} INSERT INTO registry.object (kind, key, since, body) VALUES {', '.join(rows)};")

    def append(self, case, *events):
        self.append_rows(case, [(KINDS[e.WhichOneof("body")], bytea(e)) for e in events])

    def append_nonsense(self, case):
        self.append_rows(case, [(KINDS["breached"], "'\\xffff'::bytea")])

    def append_rows(self, case, events):
        lane = case & 255
        rows = ", ".join(f"({i}, {kind}, {body})" for i, (kind, body) in enumerate(events))
        psql(self.url, "-f", "-", text=f"""BEGIN;
            WITH counter AS (UPDATE journal.lane SET seq = seq + {len(events)}, at = clock_timestamp() WHERE lane = {lane}
                             RETURNING seq - {len(events)} AS before, at)
            INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
            SELECT {lane}, before + 1 + i, at, {case}, kind, body FROM counter, (VALUES {rows}) AS e (i, kind, body);
            COMMIT;""")

    def open_case(self, *more):
        type(self).next_case += 1
        case = self.next_case << 8 | self.next_case % LANES
        self.cases.append(case)
        psql(self.url, "-c", f"""INSERT INTO sla.case VALUES ({case & 255}, {case}, 'bank', 'hall', 1, 'open', now(), NULL, '', NULL, '');
            INSERT INTO intake.free_text VALUES ({case & 255}, {case}, {quoted(self.title)}, '')""")
        opened = M["CaseOpened"](customer="bank", contract="k", site="hall", severity=1, policy={"key": "pack", "since": 1})
        self.append(case, M["Event"](case_opened=opened), *more)
        return case

    def open_cases(self, count):
        """So many at once, in one lane."""
        opened = M["Event"](case_opened=M["CaseOpened"](customer="bank", contract="k", site="hall", severity=1, policy={"key": "pack", "since": 1}))
        first, lane = self.next_case + 1, 1
        type(self).next_case += count
        self.cases = [(first + i) << 8 | lane for i in range(count)]
        ids = f"unnest(ARRAY[{', '.join(map(str, self.cases))}]::int8[]) WITH ORDINALITY AS c (id, n)"
        psql(self.url, "-f", "-", text=f"""BEGIN;
            INSERT INTO sla.case SELECT {lane}, id, 'bank', 'hall', 1, 'open', now(), NULL, '', NULL, '' FROM {ids};
            WITH counter AS (UPDATE journal.lane SET seq = seq + {count}, at = clock_timestamp() WHERE lane = {lane}
                             RETURNING seq - {count} AS before, at)
            INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
            SELECT {lane}, before + n, at, id, {KINDS['case_opened']}, {bytea(opened)} FROM counter, {ids};
            COMMIT;""")

    @staticmethod
    def breached(milestone="response"):
        return M["Event"](breached=M["Breached"](milestone=milestone, generation=1, due_us=1771291800000000))

    def withdraw(self, case):
        self.append(case, M["Event"](withdrawn=M["Withdrawn"](kind=KINDS["breached"], milestone="response", generation=1)))

    # ---- what notify wrote ----

    def notices(self, case):
        rows = query(self.url, f"SELECT obligation, slot, state, attempts, person, detail || '.' FROM read.notify_notice WHERE case_id = {case} ORDER BY 1, 2")
        return {f"{r[0]} {r[1]}": (int(r[2]), int(r[3]), r[4], r[5]) for r in rows}

    def states(self):
        ids = ", ".join(map(str, self.cases))
        return {int(s): int(n) for s, n in query(self.url, f"SELECT state, count(*) FROM read.notify_notice WHERE case_id IN ({ids}) GROUP BY 1")}

    def journaled(self, case, kind):
        return int(query(self.url, f"SELECT count(*) FROM journal.entry WHERE case_id = {case} AND kind = {KINDS[kind]}")[0][0])

    def wait_state(self, case, name, state, limit_s=60):
        return wait_for(f"{name} in state {state}", lambda: self.notices(case).get(name, (None,))[0] == state and self.notices(case)[name], limit_s)

    def message_ids(self):
        return collections.Counter(self.box.mail(i)["Message-ID"] for i in range(len(self.box.mails)))


class One(Service):
    def test_a_breach_is_told_once_and_proven(self):
        case = self.open_case(self.breached())
        notice = self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.assertEqual(notice[1:3], (1, "pm"))
        self.assertTrue(notice[3].startswith("250"), notice)
        self.wait_state(case, "opened director/0", ACCEPTED)
        self.assertEqual(set(self.message_ids().values()), {1})
        mail = next(m for m in map(self.box.mail, range(len(self.box.mails))) if "breached" in m["Message-ID"])
        self.assertEqual(str(mail["To"]), "项目经理 <pm@example.com>")
        self.assertIn("「存储停了」2026-02-17 01:30 UTC", mail.get_content())
        self.assertEqual((self.journaled(case, "notice_planned"), self.journaled(case, "notice_settled")), (2, 2))
        failed = self.notices(case)["opened director/0"]  # the pack names a role that nobody holds: up to the project manager
        self.assertEqual((failed[0], failed[2]), (ACCEPTED, "pm"))

    def test_what_is_not_taken_is_tried_again_under_the_same_id(self):
        self.box.replies = {"DATA": "451 4.7.1 greylisted"}
        case = self.open_case(M["Event"](offered=M["Offered"](generation=1, engineer="eng", office="bj")))
        wait_for("a second attempt", lambda: self.notices(case).get("offered/1 engineer/0", (0, 0))[1] >= 2)
        self.box.replies = {}
        notice = self.wait_state(case, "offered/1 engineer/0", ACCEPTED)
        self.assertGreaterEqual(notice[1], 2)
        ids = [i for i in self.message_ids() if "offered" in i]
        self.assertEqual(len(ids), 1)
        self.wait_state(case, "opened director/0", ACCEPTED)
        self.assertEqual(self.journaled(case, "notice_settled"), 2)

    def test_what_is_refused_fails_and_is_seen(self):
        self.box.replies = {"RCPT": "550 5.1.1 no such user <pm@example.com>"}
        case = self.open_case(self.breached())
        notice = self.wait_state(case, "breached/response/1 pm/0", FAILED)
        self.assertEqual(notice[1], 1)
        self.assertTrue(notice[3].startswith("550 5.1.1"), notice)
        self.assertNotIn("@", notice[3])
        self.wait_state(case, "opened director/0", FAILED)

    def test_what_is_withdrawn_before_it_left_is_cancelled(self):
        self.box.stop()
        case = self.open_case(self.breached())
        wait_for("an attempt", lambda: self.notices(case).get("breached/response/1 pm/0", (0, 0))[1] >= 1)
        self.withdraw(case)
        self.wait_state(case, "breached/response/1 pm/0", CANCELLED)
        self.assertNotIn("withdrawn/breached/response/1 pm/0", self.notices(case))

    def test_what_is_withdrawn_after_it_left_is_corrected(self):
        case = self.open_case(self.breached())
        self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.withdraw(case)
        self.wait_state(case, "withdrawn/breached/response/1 pm/0", ACCEPTED)
        self.assertEqual(len({m["References"] for m in map(self.box.mail, range(len(self.box.mails)))}), 1)

    def test_a_ladder_tells_each_step_once_and_its_steps_are_taken_back_together(self):
        case = self.open_case(*[M["Event"](escalated=M["Escalated"](milestone="response", generation=1, step=i, due_us=1771291800000000))
                                for i in range(3)])
        for i in range(3):
            self.wait_state(case, f"escalated/response/1/{i} pm/0", ACCEPTED)
        self.append(case, *[M["Event"](withdrawn=M["Withdrawn"](kind=KINDS["escalated"], milestone="response", generation=1, ordinal=i))
                            for i in range(3)])
        self.wait_state(case, "withdrawn/escalated/response/1/0 pm/0", ACCEPTED)
        for i in (1, 2):
            self.wait_state(case, f"withdrawn/escalated/response/1/{i} pm/0", CANCELLED)

    def test_an_action_that_tells_is_told_and_corrected(self):
        acted = M["Acted"](milestone="response", generation=1, trigger="breach", what="help")
        case = self.open_case(M["Event"](acted=acted))
        self.wait_state(case, "told/response/1/breach/0 pm/0", ACCEPTED)
        self.append(case, M["Event"](withdrawn=M["Withdrawn"](kind=KINDS["acted"], milestone="response", generation=1, trigger="breach")))
        self.wait_state(case, "withdrawn/told/response/1/breach/0 pm/0", ACCEPTED)

    def promised(self, revision, due_us, is_paused=False):
        return M["Event"](promised=M["Promised"](milestone="response", generation=1, revision=revision, due_us=due_us, is_paused=is_paused))

    def test_a_promise_that_moved_is_told_again_also_after_a_restart_and_corrected_once(self):
        case = self.open_case(self.promised(1, 1771291800000000))
        self.wait_state(case, "promised/response/1/r1 pm/0", ACCEPTED)
        self.suite.kill("notify-0")
        self.suite.start("notify-0", env=self.env)
        self.append(case, self.promised(2, 1771291800000000), self.promised(3, 1771295400000000, True), self.promised(4, 1771295400000000))
        self.wait_state(case, "promised/response/1/r4 pm/0", ACCEPTED)
        self.append(case, M["Event"](withdrawn=M["Withdrawn"](kind=KINDS["promised"], milestone="response", generation=1)))
        self.wait_state(case, "withdrawn/promised/response/1/r4 pm/0", ACCEPTED)
        self.assertEqual([n for n in self.notices(case) if "promised" in n],
                         ["promised/response/1/r1 pm/0", "promised/response/1/r4 pm/0", "withdrawn/promised/response/1/r4 pm/0"])

    def test_a_kill_while_the_answer_is_awaited_repeats_under_the_same_id(self):
        self.box.delay_s = 3
        case = self.open_case(self.breached())
        wait_for("the mail", lambda: any("breached" in i for i in self.message_ids()))
        self.suite.kill("notify-0")
        self.assertEqual(self.notices(case)["breached/response/1 pm/0"][0], SENDING)
        self.box.delay_s = 0
        self.suite.start("notify-0", env=self.env)
        notice = self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.assertEqual(notice[1], 2)
        self.assertEqual([n for i, n in self.message_ids().items() if "breached" in i], [2])
        self.wait_state(case, "opened director/0", ACCEPTED)
        self.assertEqual((self.journaled(case, "notice_planned"), self.journaled(case, "notice_settled")), (2, 2))

    def test_losing_the_database_while_the_answer_is_awaited_sends_nothing_twice(self):
        self.box.delay_s = 2
        case = self.open_case(self.breached())
        wait_for("the mail", lambda: any("breached" in i for i in self.message_ids()))
        end = time.monotonic() + 3
        while time.monotonic() < end:
            psql(self.url, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'notify%'")
            time.sleep(0.2)
        notice = self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.assertEqual(notice[1], 1)
        self.assertEqual(set(self.message_ids().values()), {1})

    def test_an_outcome_whose_lane_went_away_while_it_was_committed_is_not_in_the_air_for_ever(self):
        self.box.delay_s = 2
        case = self.open_case(self.breached())
        wait_for("both mails", lambda: len(self.message_ids()) == 2)
        blocked = "FROM pg_stat_activity WHERE application_name LIKE 'notify%' AND wait_event_type = 'Lock'"
        epochs = "SELECT sum(epoch) FROM journal.cursor WHERE service = 'notify'"
        before = int(query(self.url, epochs)[0][0])
        with psql_session(self.url) as lock:
            lock.rows(f"BEGIN; SELECT seq FROM journal.lane WHERE lane = {case & 255} FOR UPDATE")
            wait_for("a commit that waits", lambda: query(self.url, "SELECT count(*) " + blocked) == [["1"]])
            psql(self.url, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'callout control'")
            wait_for("the other lanes are taken anew", lambda: int(query(self.url, epochs)[0][0]) >= before + LANES - 1)
            lock.rows("COMMIT")
        self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        wait_for("nothing in the air", lambda: "callout_notify_in_flight 0" in self.suite.metrics("notify-0"))
        self.assertEqual(set(self.message_ids().values()), {1})

    def test_the_outcome_of_a_parked_case_is_written_down_when_it_is_dropped(self):
        self.box.delay_s = 4
        case = self.open_case(self.breached())
        wait_for("the mail", lambda: any("breached" in i for i in self.message_ids()))
        self.append_nonsense(case)
        parked = f"SELECT count(*) FROM journal.parked WHERE case_id = {case}"
        wait_for("parked", lambda: query(self.url, parked) == [["1"]])
        wait_for("nothing in the air", lambda: "callout_notify_in_flight 0" in self.suite.metrics("notify-0"))
        self.assertEqual(self.notices(case)["breached/response/1 pm/0"][0], SENDING)
        psql(self.url, "-c", f"UPDATE journal.parked SET asked = 'drop' WHERE case_id = {case}")
        self.assertEqual(self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)[1], 1)
        self.assertEqual(set(self.message_ids().values()), {1})

    def test_an_orderly_end_waits_for_what_is_in_the_air(self):
        self.box.delay_s = 1
        case = self.open_case(self.breached())
        wait_for("the mail", lambda: any("breached" in i for i in self.message_ids()))
        self.assertEqual(self.suite.kill("notify-0", signal.SIGTERM), 0)
        self.assertEqual(self.notices(case)["breached/response/1 pm/0"][:2], (ACCEPTED, 1))

    def test_the_outcomes_of_a_crowd_are_written_down_together(self):
        self.open_cases(1200)
        wait_for("all accepted", lambda: self.states() == {ACCEPTED: 1200}, 60)
        ids = ", ".join(map(str, self.cases))
        entries, turns = query(self.url, f"""SELECT count(*), count(DISTINCT xmin::text) FROM journal.entry
            WHERE kind = {KINDS['notice_settled']} AND case_id IN ({ids})""")[0]
        self.assertEqual(int(entries), 1200)
        self.assertLess(int(turns), 60)
        self.assertEqual(set(self.message_ids().values()), {1})

    def test_a_down_server_holds_nothing_else_up_and_gets_it_all_later(self):
        self.box.stop()
        cases = [self.open_case(self.breached()) for _ in range(20)]
        wait_for("attempts", lambda: all(self.notices(c).get("breached/response/1 pm/0", (0, 0))[1] >= 1 for c in cases[:1]))
        self.box.start(self.port)
        wait_for("all accepted", lambda: self.states().get(ACCEPTED, 0) >= 40 and len(self.states()) == 1, 60)  # and that it was set aside
        self.assertEqual(set(self.message_ids().values()), {1})


class Limited(Service):
    pm, pack = {"per_minute": 3}, {"gather_from": 1}

    def test_what_is_too_much_for_a_person_reaches_him_in_one_message(self):
        self.open_cases(12)
        ids = ", ".join(map(str, self.cases))
        rows = f"SELECT obligation, state, detail FROM read.notify_notice WHERE case_id IN ({ids}) AND person = 'pm'"
        wait_for("all are told", lambda: len(query(self.url, rows)) >= 12 and not query(self.url, rows + " AND state NOT IN (2, 6, 7)"))
        sent = [self.box.mail(i) for i in range(len(self.box.mails))]
        self.assertLessEqual(len(sent), 3)
        digests = [m for m in sent if "digest" in m["Message-ID"]]
        self.assertEqual(len(digests), 1)
        gathered = query(self.url, rows + " AND state = 7")
        self.assertEqual(len(gathered), 12 - (len(sent) - 1))
        self.assertTrue(all(detail == "told in " + digests[0]["Message-ID"].strip("<>").split("@")[0] for _, _, detail in gathered), gathered)
        self.assertIn(f"另有 {len(gathered) - 1} 条", str(digests[0]["Subject"]))
        self.assertEqual(digests[0].get_content().count("\n- "), len(gathered) - 1)


class Two(Service):
    daemons = 2

    def test_one_of_two_killed_under_load_loses_nothing(self):
        cases = []
        for i in range(60):
            cases.append(self.open_case(self.breached()))
            if i == 30:
                self.suite.kill("notify-0")
        wait_for("all accepted", lambda: self.states() == {ACCEPTED: 120}, 60)
        ids = self.message_ids()
        self.assertEqual(len(ids), 120)
        self.assertLessEqual(sum(ids.values()) - 120, 16)  # twice only what was in the air
        planned = sum(self.journaled(case, "notice_planned") for case in cases)
        settled = sum(self.journaled(case, "notice_settled") for case in cases)
        self.assertEqual((planned, settled), (120, 120))

    def owner(self, case):
        """Which of the two has the lane of the case; None: neither."""
        rows = query(self.url, f"SELECT coalesce(owner, '') FROM journal.cursor WHERE service = 'notify' AND lane = {case & 255}")
        return rows[0][0].split(".")[0] or None

    def attempts_at_server(self):
        return sum(n for i, n in self.message_ids().items() if "breached" in i)

    def taken_by(self, name):
        """Attempts of that process that the server took, whatever became of their lanes."""
        found = re.search(r'^callout_notify_attempts_total\{channel="smtp",outcome="taken"\} (\d+)', self.suite.metrics(name), re.M)
        return int(found.group(1)) if found else 0

    def test_an_attempt_that_outlives_a_lost_lane_is_not_taken_for_a_later_one(self):
        """The first attempt awaits its answer while the lane goes away, and comes back in need of another attempt."""
        name = "breached/response/1 pm/0"
        self.box.delay_s = 15
        case = self.open_case(self.breached())
        wait_for("the first attempt", lambda: self.attempts_at_server() == 1)
        first = self.owner(case)
        second = "notify-1" if first == "notify-0" else "notify-0"
        taken = self.taken_by(first)
        self.suite.kill(first, signal.SIGSTOP)
        self.box.delay_s, self.box.replies = 0, {"DATA": "451 4.7.1 later"}
        wait_for("an attempt of the other", lambda: self.owner(case) == second and self.notices(case)[name][1] >= 2)
        self.suite.kill(first, signal.SIGCONT)
        self.suite.kill(second)
        before = self.attempts_at_server()
        wait_for("the lane is back", lambda: self.owner(case) == first and self.attempts_at_server() > before + 1)
        self.box.replies = {}
        self.wait_state(case, name, ACCEPTED)
        wait_for("the answers to the first attempts, of both notices", lambda: self.taken_by(first) == taken + 4, 60)
        wait_for("nothing in the air", lambda: "callout_notify_in_flight 0" in self.suite.metrics(first))
        self.assertIsNone(self.suite.running[first].poll())
        self.assertEqual(self.journaled(case, "notice_settled"), 2)


class Robot(Service):
    """The project manager is told by a robot, then by mail."""
    pm = {"channels": ["robot", "mail"]}

    @classmethod
    def setUpClass(cls):
        cls.robot = RobotServer()
        cls.addClassCleanup(cls.robot.close)
        cls.channels = ({"key": "robot", "kind": "CHANNEL_DINGTALK", "url": f"{cls.robot.url}/robot/send", "secret_file": "robot"},)
        super().setUpClass()
        with open(f"{cls.suite.dir}/secrets/robot", "w", encoding="ascii") as file:
            file.write(f"token = {cls.robot.token}\n")

    def test_a_kill_while_a_robot_answers_goes_by_the_next_channel_and_not_to_the_robot_again(self):
        answer = threading.Event()
        self.addCleanup(answer.set)
        judge = self.robot.judge
        self.robot.judge = lambda *request: (judge(*request), answer.wait(60))[0]
        case = self.open_case(self.breached())
        wait_for("the robot has it", lambda: self.robot.taken)
        self.suite.kill("notify-0")
        answer.set()
        self.suite.start("notify-0", env=self.env)
        self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        texts = [body["text"]["content"] for _, body in self.robot.taken]
        self.assertEqual(len(texts), len(set(texts)))
        self.assertEqual([n for i, n in self.message_ids().items() if "breached" in i], [1])
        self.assertEqual(psql(self.url, "-c", "SELECT count(*) FROM journal.parked"), "0")


class Pager(Service):
    """The project manager is told by a pager, then by mail."""
    pm = {"channels": ["pager", "mail"]}

    @classmethod
    def setUpClass(cls):
        cls.robot = RobotServer()
        cls.addClassCleanup(cls.robot.close)
        cls.channels = ({"key": "pager", "kind": "CHANNEL_PAGERDUTY", "url": f"{cls.robot.url}/v2/enqueue", "secret_file": "pager"},)
        super().setUpClass()
        with open(f"{cls.suite.dir}/secrets/pager", "w", encoding="ascii") as file:
            file.write(f"{cls.robot.token}\n")

    def actions(self):
        return [(body["event_action"], body["dedup_key"].split("/", 1)[1]) for _, body in self.robot.taken]

    def test_a_breach_is_paged_acknowledged_and_resolved_when_the_case_is_closed(self):
        case = self.open_case(self.breached())
        self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.append(case, M["Event"](command_applied=M["CommandApplied"](command_id=5, act="ACT_ACKNOWLEDGED")))
        self.wait_state(case, "acknowledged/breached/response/1 pm/0", ACCEPTED)
        self.append(case, M["Event"](case_closed=M["CaseClosed"](how="signed")))
        self.wait_state(case, "resolved/breached/response/1 pm/0", ACCEPTED)
        self.assertEqual([a for a in self.actions() if "breached" in a[1]],
                         [(action, "breached/response/1") for action in ("trigger", "acknowledge", "resolve")])
        wait_for("nothing is open", lambda: {k for a, k in self.actions() if a == "trigger"} == {k for a, k in self.actions() if a == "resolve"})

    def test_a_pager_that_is_gone_for_good_is_not_spoken_for_by_mail(self):
        case = self.open_case(self.breached())
        self.wait_state(case, "breached/response/1 pm/0", ACCEPTED)
        self.robot.answer = (400, b"", {})
        self.addCleanup(setattr, self.robot, "answer", None)
        self.append(case, M["Event"](case_closed=M["CaseClosed"](how="signed")))
        self.wait_state(case, "resolved/breached/response/1 pm/0", FAILED)
        self.assertEqual([i for i in self.message_ids() if "resolved" in i], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
