#!/usr/bin/python3
"""Servers that keep failing are set aside and taken back, addresses that are gone are left alone, and it is told: the notify daemon with a
real database, mail server and webhook receivers.

usage: test_notify_aside.py   (CALLOUT_TEST_PG_URL: a server to make databases in)
"""
import json
import re
import signal
import threading
import unittest

from test_notify_service import ACCEPTED, FAILED, M, PLANNED, Service, wait_for
from database import query
from robot_server import RobotServer

NAME = "breached/response/1 pm/0"
FIRST, LONG = {"CALLOUT_ASIDE_FIRST": "500ms", "CALLOUT_ASIDE_LAST": "2s"}, {"CALLOUT_ASIDE_FIRST": "1h", "CALLOUT_ASIDE_LAST": "1h"}


class Receiver(RobotServer):
    """Takes whatever is posted, until .answer is another; from the .held_from-th on the answer waits for .gate."""

    OK, BROKEN, GONE = (204, b"", {}), (500, b"", {}), (410, b"", {})

    def __init__(self):
        super().__init__()
        self.gate, self.held_from = threading.Event(), 1 << 30
        self.answer = self.OK

    @property
    def answer(self):
        if len(self.heard) >= self.held_from:
            self.gate.wait(20)
        return self._answer

    @answer.setter
    def answer(self, answer):
        self._answer = answer


class Aside(Service):
    """The project manager is told by webhook; where he has another channel, then by mail. The desk is told by mail."""

    pm = {"channels": ["hook", "mail"]}

    @classmethod
    def setUpClass(cls):
        cls.hook = Receiver()
        cls.addClassCleanup(cls.hook.close)
        cls.channels = ({"key": "hook", "kind": "CHANNEL_WEBHOOK"},)
        cls.pm = {"webhook": f"{cls.hook.url}/pm", **cls.pm}
        cls.beside = ({"person": {"key": "clerk", "name": "Desk", "language": "en", "email": "desk@example.com"}},
                      {"desk": {"key": "main", "holders": [{"role": "ROLE_DESK", "person": "clerk"}]}})
        super().setUpClass()

    def setUp(self):
        self.hook.answer, self.hook.heard = Receiver.OK, []
        super().setUp()

    def start_with(self, name="notify-0", **env):
        if self.suite.running[name].poll() is None:
            self.suite.kill(name, signal.SIGTERM)
        self.suite.start(name, env={**self.env, **env})
        self.suite.wait_ready(name)
        self.addCleanup(self.suite.kill, name, signal.SIGTERM)  # the next test has the usual ones

    def told_of(self, what):
        """The mails to the desk about this."""
        mails = [self.box.mail(i) for i in range(len(self.box.mails))]
        return [m for m in mails if f".{what}." in m["Message-ID"] and "desk@" in str(m["To"])]

    def asides(self):
        return query(self.url, "SELECT channel, server, entry, instance, since_at < until_at, failures >= 5, why FROM read.notify_aside")

    def break_hook(self):
        """Until it is set aside; the case whose notices found that."""
        self.hook.answer = Receiver.BROKEN
        case = self.open_case(self.breached())
        wait_for("it is set aside", self.asides)
        return case

    def metric(self, name):
        found = re.search(rf"^{re.escape(name)} (\d+)", self.suite.metrics("notify-0"), re.M)
        return int(found.group(1)) if found else 0

    def status(self):
        if "intake" not in self.suite.running:
            self.suite.start("intake")
        self.suite.wait_ready("intake")
        return self.suite.callout("status", key="admin"), json.loads(self.suite.callout("status", "-o", "json", key="admin"))


class WithMail(Aside):
    def test_a_server_that_keeps_failing_is_set_aside_and_notices_go_by_the_next_channel_at_once(self):
        self.start_with(**LONG)
        case = self.break_hook()
        self.assertEqual(self.wait_state(case, NAME, ACCEPTED)[2], "pm")
        before = len(self.hook.heard)
        later = [self.open_case(self.breached()) for _ in range(3)]
        for c in later:
            self.assertEqual(self.wait_state(c, NAME, ACCEPTED)[1], 1)  # one attempt, by mail: none was wasted at the server
            self.assertEqual(self.journaled(c, "notice_resent"), 2)     # it, and that the case was opened
        self.assertEqual(len(self.hook.heard), before)
        sent = [i for i in self.message_ids() if "breached" in i]
        self.assertEqual(len(sent), 4)

    def test_setting_aside_is_told_to_the_desk_once_and_seen_in_status_log_and_metrics(self):
        self.start_with(**LONG)
        total = 'callout_notify_set_aside_total{what="set_aside"}'
        self.break_hook()
        for _ in range(3):
            self.open_case(self.breached())
        wait_for("all are told", lambda: set(self.states()) == {ACCEPTED})
        (mail,) = self.told_of("set_aside")
        self.assertEqual(str(mail["Subject"]), f"Notices do not get through: hook ({self.hook.url})")
        self.assertIn("at last: HTTP 500: its own trouble.", mail.get_content().replace("\n", " "))
        instance = f"notify-0.{self.suite.counts['notify-0']}"
        self.assertEqual(self.asides(), [["hook", self.hook.url, "", instance, "t", "t", "HTTP 500: its own trouble"]])
        self.assertEqual((self.metric(total), self.metric("callout_notify_servers_set_aside")), (1, 1))
        with open(f"{self.suite.dir}/notify-0.log") as log:
            self.assertIn("server_set_aside", log.read())
        words, status = self.status()
        self.assertIn("NOTICES do not get through by:", words)
        self.assertRegex(words, rf"hook +{re.escape(self.hook.url)} .*{re.escape(instance)}.* failures in a row: HTTP 500")
        (row,) = status["asides"]
        self.assertEqual((row["channel"], row["server"], row["instance"]), ("hook", self.hook.url, instance))

    def test_attempts_are_counted_by_the_kind_of_their_channel_and_by_what_came_of_them(self):
        self.start_with(**LONG)
        before = len(self.box.mails)
        self.break_hook()
        wait_for("all are told", lambda: set(self.states()) == {ACCEPTED})
        counts = {(channel, outcome): self.metric(f'callout_notify_attempts_total{{channel="{channel}",outcome="{outcome}"}}')
                  for channel in ("smtp", "webhook") for outcome in ("taken", "later")}
        self.assertEqual(counts, {("smtp", "taken"): len(self.box.mails) - before, ("smtp", "later"): 0,
                                  ("webhook", "taken"): 0, ("webhook", "later"): len(self.hook.heard)})
        self.assertGreaterEqual(min(len(self.box.mails) - before, len(self.hook.heard)), 1)

    def test_what_it_takes_after_a_pause_takes_it_back_and_the_desk_is_told(self):
        self.start_with(**FIRST)
        self.break_hook()
        self.hook.answer = Receiver.OK
        before = len(self.hook.heard)
        def tried():
            self.open_case()
            return not self.asides()
        wait_for("it is taken back", tried, step_s=0.5)
        wait_for("the desk is told", lambda: self.told_of("taken_back"))
        self.assertGreater(len(self.hook.heard), before)
        self.assertEqual((len(self.told_of("set_aside")), len(self.told_of("taken_back"))), (1, 1))
        self.assertEqual(self.metric("callout_notify_servers_set_aside"), 0)
        case = self.open_case(self.breached())
        wait_for("by webhook again", lambda: self.notices(case).get(NAME, (0,))[0] == ACCEPTED)
        self.assertEqual(self.journaled(case, "notice_resent"), 0)

    def test_what_an_outcome_showed_whose_case_is_parked_meanwhile_is_told_by_another_case(self):
        self.start_with(**LONG)
        self.hook.answer, self.hook.held_from = Receiver.BROKEN, 5
        self.addCleanup(setattr, self.hook, "held_from", 1 << 30)
        case = self.open_case(self.breached())
        wait_for("what sets it aside is in the air", lambda: len(self.hook.heard) >= 5)
        self.append_nonsense(case)
        wait_for("parked", lambda: query(self.url, f"SELECT count(*) FROM journal.parked WHERE case_id = {case}") == [["1"]])
        self.hook.gate.set()
        wait_for("it is set aside", self.asides)
        self.open_case(self.breached())  # by mail, at once
        wait_for("the desk is told", lambda: self.told_of("set_aside"))
        self.assertEqual(len(self.told_of("set_aside")), 1)
        by = query(self.url, f"SELECT count(*) FROM notify.notice WHERE case_id = {case} AND obligation LIKE 'set_aside/%'")
        self.assertEqual(by, [["0"]])
        query(self.url, f"UPDATE journal.parked SET asked = 'drop' WHERE case_id = {case} RETURNING 1")

    def test_the_rows_of_a_process_that_died_do_not_stand_for_ever(self):
        self.start_with(**LONG)
        self.break_hook()
        self.suite.kill("notify-0")
        wait_for("its row says nothing any more", lambda: not self.asides())
        self.assertEqual(query(self.url, "SELECT count(*) FROM notify.aside"), [["1"]])
        query(self.url, "DELETE FROM journal.member WHERE instance LIKE 'notify%'")  # as the others do after ten minutes
        self.suite.start("notify-0", env=self.env)
        wait_for("it is taken out", lambda: query(self.url, "SELECT count(*) FROM notify.aside") == [["0"]])


class WithoutMail(Aside):
    pm = {"channels": ["hook"]}

    def test_who_has_no_other_channel_waits_spends_no_attempts_and_one_notice_tries(self):
        self.start_with(**LONG)
        self.break_hook()
        cases = [self.open_case(self.breached()) for _ in range(5)]
        wait_for("they wait", lambda: all(self.notices(c).get(NAME, (9, 9))[:2] == (PLANNED, 0) for c in cases))
        before = len(self.hook.heard)
        self.assertEqual({self.notices(c)[NAME][3] for c in cases}, {"its server is set aside."})
        self.assertEqual(len(self.hook.heard), before)

    def test_one_notice_tries_it_each_time_and_all_get_through_when_it_works(self):
        self.start_with(CALLOUT_ASIDE_FIRST="2s", CALLOUT_ASIDE_LAST="2s")
        self.break_hook()
        cases = [self.open_case(self.breached()) for _ in range(10)]
        before, pauses = len(self.hook.heard), set()

        def has_paused():
            pauses.update(until for (until,) in query(self.url, "SELECT until_at FROM read.notify_aside"))
            return len(pauses) > 3
        wait_for("the fourth pause", has_paused)
        tries = len(self.hook.heard) - before
        self.assertLessEqual(tries, len(pauses))
        self.hook.answer = Receiver.OK
        wait_for("all are told", lambda: all(self.notices(c).get(NAME, (0,))[0] == ACCEPTED for c in cases))
        attempts = sum(self.notices(c)[NAME][1] for c in cases)  # the same notice may have tried it more than once; one may be under way
        self.assertLessEqual(attempts, len(cases) + tries + 1)


class Gone(Aside):
    def gone(self):
        return [row for row in self.asides() if row[2]]

    def put_pm(self, version, **more):
        person = {"key": "pm", "name": "项目经理", "email": "pm@example.com", **self.pm, **more}
        self.put_objects(version, {"person": person})
        for lane in range(16):
            self.append(lane, M["Event"](registry_applied=M["RegistryApplied"](version=version)))

    def test_an_address_that_is_gone_is_not_tried_again_until_its_entry_changes_also_after_a_restart(self):
        self.hook.answer = Receiver.GONE
        case = self.open_case(self.breached())
        self.assertEqual(self.wait_state(case, NAME, ACCEPTED)[2], "pm")  # by mail
        wait_for("it is known", self.gone)
        self.assertEqual([row[:3] + row[6:] for row in self.gone()], [["hook", "", "person pm", "HTTP 410: gone"]])
        self.hook.answer = Receiver.OK
        self.suite.kill("notify-0")
        self.suite.start("notify-0", env=self.env)
        tried = len(self.hook.heard)
        case = self.open_case(self.breached())
        self.wait_state(case, NAME, ACCEPTED)
        self.assertEqual(len(self.hook.heard), tried)
        wait_for("the desk is told", lambda: self.told_of("gone"))
        (mail,) = self.told_of("gone")
        self.assertEqual(str(mail["Subject"]), "The address is gone: hook (person pm)")
        words, _ = self.status()
        self.assertIn("the address of person pm", words)
        self.assertIn("when its entry changes", words)
        self.put_pm(2, phone="1")
        wait_for("it holds no more", lambda: not self.gone())
        def by_hook():
            self.open_case(self.breached())
            return len(self.hook.heard) > tried
        wait_for("it is told there again", by_hook, step_s=0.3)

    def test_who_has_no_other_way_finds_the_reason_with_the_notice(self):
        self.put_pm(3, channels=["hook"])
        self.hook.answer = Receiver.GONE
        first = self.open_case(self.breached())
        self.wait_state(first, NAME, FAILED)
        tried = len(self.hook.heard)
        case = self.open_case(self.breached())
        self.assertEqual(self.wait_state(case, NAME, FAILED)[1:], (0, "pm", "its address is gone (HTTP 410): not used until its entry in "
                                                                         "the registry changes."))
        self.assertEqual(len(self.hook.heard), tried)


if __name__ == "__main__":
    unittest.main(verbosity=2)
