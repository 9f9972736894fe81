#!/usr/bin/python3
"""The senders of notify against real servers on loopback: mail (aiosmtpd) and web (http.server).

usage: test_notify_send.py DRIVER
"""
import base64
import collections
import hashlib
import hmac
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from aiosmtpd.smtp import AuthResult

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from mail_server import Mailbox  # noqa: E402
from suite import free_port  # noqa: E402

DRIVER = sys.argv.pop(1)
STALL_MS = 900  # a blocking wait inside curl is 1 s and more
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def send(messages, *options):
    """Sends them all at once; the outcomes by tag, and how long the loop stood still at most, in ms, beyond what the machine
    did to everybody."""
    for i, message in enumerate(messages):
        message.setdefault("tag", f"m{i}")
    text = "".join(json.dumps(m) + "\n" for m in messages)
    run = subprocess.run([DRIVER, *options], input=text, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, (run.returncode, run.stderr)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    outcomes = {line["tag"]: line for line in lines[:-1]}
    assert len(lines) == len(messages) + 1, lines
    send.changes = lines[-1]["changes"]
    return outcomes, max(0, lines[-1]["stall_ms"] - 2 * lines[-1]["noise_ms"])


class Smtp(unittest.TestCase):
    def setUp(self):
        self.box = Mailbox()
        self.serve()

    def serve(self, **more):
        self.port = free_port()
        self.box.start(self.port, **more)
        self.addCleanup(self.box.stop)

    def message(self, **more):
        return {"kind": "smtp", "url": f"smtp://127.0.0.1:{self.port}", **more}

    def test_a_mail_is_delivered_once_and_as_written(self):
        outcomes, stall = send([self.message()])
        self.assertEqual(outcomes["m0"]["outcome"], "taken", outcomes)
        self.assertTrue(outcomes["m0"]["detail"].startswith("250 2.0.0"), outcomes)
        self.assertNotIn("wang", outcomes["m0"]["detail"])
        self.assertEqual(len(self.box.mails), 1)
        self.assertEqual(self.box.mails[0][:2], ("callout@example.com", ["wang@example.org"]))
        mail = self.box.mail(0)
        self.assertEqual(mail["Subject"], "案件 C-180D")
        self.assertEqual(str(mail["To"]), "王伟 <wang@example.org>")
        self.assertEqual(mail["Message-ID"], "<C-180D.opened-g1-pm.0-a@example.com>")
        self.assertEqual(mail["References"], "<case.C-180D@example.com>")
        self.assertEqual(mail.get_content().replace("\r\n", "\n"), "第一行\n.\n..第三行\n")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertLess(stall, STALL_MS)

    def test_a_repeat_carries_the_same_message_id_and_bytes(self):
        send([self.message()])
        time.sleep(1.1)
        send([self.message()])
        self.assertEqual(len(self.box.mails), 2)
        self.assertEqual(self.box.mails[0][2], self.box.mails[1][2])

    def test_replies_of_400_are_tried_later_and_of_500_never(self):
        for stage in ("MAIL", "RCPT", "DATA"):
            for code, outcome in (("451 4.7.1 greylisted", "later"), ("550 5.1.1 <wang@example.org> unknown", "refused")):
                self.box.replies = {stage: code}
                outcomes, stall = send([self.message()])
                self.assertEqual(outcomes["m0"]["outcome"], outcome, (stage, outcomes))
                self.assertTrue(outcomes["m0"]["detail"].startswith(code[:9]), outcomes)
                self.assertNotIn("wang", outcomes["m0"]["detail"])
                self.assertLess(stall, STALL_MS)

    def test_a_late_answer_to_the_final_dot_is_waited_for(self):
        self.box.delay_s = 4
        outcomes, stall = send([self.message()], "smtp_talk_ms=3000")
        self.assertEqual(outcomes["m0"]["outcome"], "taken", outcomes)
        self.assertLess(stall, STALL_MS)

    def test_no_answer_to_the_final_dot_leaves_a_doubt(self):
        self.box.delay_s = 8
        outcomes, stall = send([self.message()], "smtp_talk_ms=3000", "smtp_final_ms=1000")
        self.assertEqual(outcomes["m0"]["outcome"], "doubt", outcomes)
        self.assertLess(stall, STALL_MS)

    def test_many_mails_each_arrive_once(self):
        messages = [self.message(key=f"C-180D.opened-g1-pm.{i}-a") for i in range(300)]
        outcomes, stall = send(messages)
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        self.assertEqual(len({self.box.mail(i)["Message-ID"] for i in range(300)}), 300)
        self.assertEqual(len(self.box.mails), 300)
        self.assertLess(stall, STALL_MS)

    def test_many_mails_go_over_few_connections_each_with_a_bounded_number(self):
        outcomes, _ = send([self.message(key=f"C-180D.opened-g1-pm.{i}-a") for i in range(1000)])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        mails_of = collections.Counter(peer for peer, _ in self.box.peers)
        self.assertEqual(sum(mails_of.values()), 1000)
        self.assertLessEqual(max(mails_of.values()), 100)
        self.assertLessEqual(len(mails_of), 8 + 1000 // 100)

    def test_a_connection_is_used_again_after_a_mail_was_refused(self):
        self.box.replies = {"gone@example.org": "550 5.1.1 unknown", "grey@example.org": "450 4.2.0 greylisted"}
        people = ["gone", "grey", "wang", "gone", "wang"]
        outcomes, _ = send([self.message(to=f"{to}@example.org", after_ms=0) for to in people])
        self.assertEqual([outcomes[f"m{i}"]["outcome"] for i in range(5)], ["refused", "later", "taken", "refused", "taken"])
        self.assertEqual(self.box.peers[0], self.box.peers[1])

    def test_one_recipient_who_must_wait_delays_nobody_else(self):
        self.box.replies = {"grey@example.org": "450 4.2.0 greylisted"}
        people = [("grey" if i % 10 == 0 else f"p{i}") + "@example.org" for i in range(200)]
        outcomes, _ = send([self.message(to=to, tag=f"{i} {to}") for i, to in enumerate(people)])
        self.assertEqual({o["outcome"] for t, o in outcomes.items() if "grey" in t}, {"later"})
        self.assertEqual({o["outcome"] for t, o in outcomes.items() if "grey" not in t}, {"taken"})

    def test_a_login_is_never_sent_without_tls(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(f"{directory}/mail", "w", encoding="ascii") as f:
                f.write("user:password\n")
            outcomes, _ = send([self.message(secret_file="mail")], f"secrets_dir={directory}")
            self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)
            outcomes, _ = send([self.message(secret_file="../mail")], f"secrets_dir={directory}")
            self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)
        self.assertEqual(self.box.mails, [])

    def test_what_is_no_mail_address_never_reaches_a_server(self):
        outcomes, _ = send([self.message(to="a@b>\r\nRCPT TO:<c@d"), self.message(to="wang")])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"refused"})
        self.assertEqual(self.box.mails, [])


    def test_a_login_in_the_address_is_not_used(self):
        """It would be sent in the clear, and stands in the registry for all to read."""
        outcomes, _ = send([self.message(url=f"smtp://user:password@127.0.0.1:{self.port}")])
        self.assertEqual((outcomes["m0"]["outcome"], outcomes["m0"]["detail"]), ("refused", "not a plain smtp or smtps address"))


class SmtpTls(Smtp):
    """The same server with STARTTLS and a login."""

    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.dir.cleanup)
        d = cls.dir.name
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{d}/key.pem", "-out", f"{d}/cert.pem"],
                       check=True, capture_output=True)
        with open(f"{d}/mail", "w", encoding="ascii") as f:
            f.write("user:pass:word\n")
        with open(f"{d}/wrong", "w", encoding="ascii") as f:
            f.write("user:guess\n")
        with open(f"{d}/other", "w", encoding="ascii") as f:
            f.write("other:word\n")
        with open(f"{d}/copy", "w", encoding="ascii") as f:
            f.write("user:pass:word\n")

    def authenticate(self, server, session, envelope, mechanism, data):
        ok = (data.login, data.password) in ((b"user", b"pass:word"), (b"other", b"word"))
        return AuthResult(success=ok, handled=False, auth_data=data.login)

    def setUp(self):
        self.box = Mailbox()
        self.serve_tls(auth_required=True)

    def serve_tls(self, **more):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{self.dir.name}/cert.pem", f"{self.dir.name}/key.pem")
        self.serve(tls_context=context, authenticator=self.authenticate, **more)

    def message(self, **more):
        return super().message(**{"secret_file": "mail", **more})

    def run(self, result=None):
        global send
        plain = send
        options = (f"secrets_dir={self.dir.name}", f"ca_file={self.dir.name}/cert.pem")
        send = lambda messages, *more: plain(messages, *options, *more)
        try:
            return super().run(result)
        finally:
            send = plain

    def test_a_login_is_never_sent_without_tls(self):
        pass  # here it is with TLS

    def test_a_wrong_login_can_be_mended(self):
        outcomes, stall = send([self.message(secret_file="wrong")])
        self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)
        self.assertLess(stall, STALL_MS)

    def test_a_connection_is_never_shared_between_logins(self):
        self.serve_tls(auth_required=False)
        login_of = {"mail": b"user", "other": b"other", "copy": b"user", "": None}
        files = list(login_of) * 10
        outcomes, _ = send([self.message(secret_file=f, to=f"{f or 'none'}@example.org", after_ms=0) for f in files])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        seen = {(to[0], peer, login) for (_, to, _), (peer, login) in zip(self.box.mails, self.box.peers)}
        self.assertEqual({(to, login) for to, _, login in seen}, {(f"{f or 'none'}@example.org", login) for f, login in login_of.items()})
        self.assertEqual(len({peer for _, peer, _ in seen}), len(login_of))  # each its own, for all its mails
        self.assertEqual(len(seen), len(login_of))

    def test_eight_connections_are_kept_at_one_server_whoever_logged_in(self):
        counts = []

        def count():
            with open("/proc/net/tcp", encoding="ascii") as f:
                lines = [line.split() for line in f]
            counts.append(sum(line[2].endswith(f":{self.port:04X}") and line[3] == "01" for line in lines[1:]))

        between = WordByWord(lambda number, verb, nth: (verb == b"." and count()) or KeptSmtp.GOOD[verb])
        self.addCleanup(between.listener.close)
        messages = [self.message(secret_file="mail") for _ in range(8)] + [self.message(secret_file="other", after_ms=0)]
        messages += [self.message(secret_file="other") for _ in range(7)] + [{"kind": "smtp", "url": between.url, "after_ms": 0}]
        outcomes, _ = send(messages, "smtp_kept_ms=60000")
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        self.assertEqual(counts, [8])
        self.assertGreater(len({peer for peer, _ in self.box.peers}), 8)

    def test_a_secret_that_was_replaced_holds_from_the_next_mail_on(self):
        path = f"{self.dir.name}/changing"
        with open(path, "w", encoding="ascii") as f:
            f.write("user:pass:word\n")

        def replace():
            with open(path, "w", encoding="ascii") as f:
                f.write("other:word\n")
        self.box.on_mail = replace
        outcomes, _ = send([self.message(secret_file="changing"), self.message(secret_file="changing", after_ms=0)])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        self.assertEqual([login for _, login in self.box.peers], [b"user", b"other"])

    def test_an_unknown_certificate_is_refused(self):
        outcomes, _ = send([self.message()], "ca_file=/etc/ssl/certs/ca-certificates.crt")
        self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)
        self.assertEqual(self.box.mails, [])


class OddSmtp(unittest.TestCase):
    """Servers that do not behave."""

    def serve(self, talk):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return {"kind": "smtp", "url": f"smtp://127.0.0.1:{listener.getsockname()[1]}"}

    def script(self, answers, at_end):
        """Answers line by line; then keeps the connection open and silent, or closes it."""
        def talk(connection):
            file = connection.makefile("rwb")
            file.write(b"220 hello\r\n")
            file.flush()
            is_data = False
            for line in file:
                if is_data and line != b".\r\n":
                    continue
                verb = b"." if is_data else line[:4].upper()
                answer = answers.get(verb)
                if answer is None:
                    break
                file.write(answer)
                file.flush()
                is_data = verb == b"DATA"
            if at_end == "silent":
                time.sleep(20)
            connection.close()
        return talk

    GOOD = {b"EHLO": b"250 hello\r\n", b"HELO": b"250 hello\r\n", b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n",
            b"DATA": b"354 go on\r\n", b".": b"250 2.0.0 taken\r\n"}

    def check(self, changes, at_end, outcome, *options):
        answers = {**self.GOOD, **changes}
        began = time.monotonic()
        outcomes, stall = send([self.serve(self.script(answers, at_end))], "connect_ms=2000", "smtp_talk_ms=2000",
                               "smtp_final_ms=1000", *options)
        self.assertEqual(outcomes["m0"]["outcome"], outcome, outcomes)
        self.assertLess(stall, STALL_MS)
        self.assertLess(time.monotonic() - began, 60)

    def test_a_server_that_never_answers_quit_does_not_hold_up_the_loop(self):
        self.check({}, "silent", "taken")
        self.check({b"RCPT": b"550 no\r\n"}, "silent", "refused")
        self.check({b"MAIL": b"451 later\r\n"}, "silent", "later")
        self.check({b".": b"451 later\r\n"}, "silent", "later")
        self.check({b".": b"554 5.6.0 no\r\n"}, "silent", "refused")

    def test_a_server_that_falls_silent_is_given_up(self):
        self.check({b"EHLO": None}, "silent", "later")
        self.check({b"MAIL": None}, "silent", "later")
        self.check({b"DATA": None}, "silent", "later")
        self.check({b".": None}, "silent", "doubt")

    def test_a_server_that_goes_away(self):
        self.check({b"EHLO": None}, "close", "later")
        self.check({b"RCPT": None}, "close", "later")
        self.check({b".": None}, "close", "doubt")

    def test_an_old_server_is_spoken_to_with_helo(self):
        self.check({b"EHLO": b"502 what\r\n"}, "silent", "taken")
        self.check({b"EHLO": b"502 what\r\n", b"HELO": b"502 what\r\n"}, "silent", "refused")

    def test_a_server_that_takes_nobody(self):
        def talk(connection):
            connection.sendall(b"554 5.7.1 go away\r\n")
            time.sleep(20)
        outcomes, stall = send([self.serve(talk)], "connect_ms=2000")
        self.assertEqual(outcomes["m0"]["outcome"], "refused", outcomes)
        self.assertLess(stall, STALL_MS)

    def test_nobody_listens(self):
        outcomes, _ = send([{"kind": "smtp", "url": f"smtp://127.0.0.1:{free_port()}"}])
        self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)


class WordByWord:
    """A mail server that says what answer(connection's number, verb, which one of its kind there) returns: bytes, None to close,
    (bytes, None) to say them and close, "silent" for nothing."""

    def __init__(self, answer):
        self.answer = answer
        self.heard = []  # of each connection: the verbs, and "gone" where the other side went away
        self.connections = []
        self.hears = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.hears:
                self.heard.append([])
                self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection, len(self.heard) - 1), daemon=True).start()

    def serve(self, connection, number):
        with connection, connection.makefile("rwb") as file:
            try:
                self.talk(file, number)
            except OSError:
                self.hear(number, "gone")

    def talk(self, file, number):
        file.write(b"220 hello\r\n")
        file.flush()
        is_data = False
        for line in file:
            if is_data and line != b".\r\n":
                continue
            verb = b"." if is_data else line[:4].upper()
            said = self.answer(number, verb, self.hear(number, verb))
            if said is None:
                return
            if said != "silent":
                file.write(said[0] if isinstance(said, tuple) else said)
                file.flush()
            if isinstance(said, tuple):
                return
            is_data = verb == b"DATA"
        self.hear(number, "gone")

    def hear(self, number, verb):
        with self.hears:
            self.heard[number].append(verb)
            self.hears.notify_all()
            return self.heard[number].count(verb)

    def wait_heard(self, number, verb):
        with self.hears:
            return self.hears.wait_for(lambda: verb in self.heard[number], 20)


class KeptSmtp(unittest.TestCase):
    """What becomes of connections that are kept, word by word."""

    GOOD = OddSmtp.GOOD | {b"RSET": b"250 flushed\r\n", b"QUIT": b"221 bye\r\n"}
    MAIL = [b"MAIL", b"RCPT", b"DATA", b"."]
    WHOLE = [b"EHLO"] + MAIL

    def serve(self, answer):
        self.server = WordByWord(answer)
        self.addCleanup(self.server.listener.close)

    def message(self, **more):
        return {"kind": "smtp", "url": self.server.url, **more}

    def two_mails(self, *options, between=None, **second):
        """The second one when the first one is done; `between` is called while both sides have settled."""
        messages = [self.message(tag="one"), self.message(**{"tag": "two", "after_ms": 0, **second})]
        if between is not None:
            other = WordByWord(lambda number, verb, nth: (verb == b"." and between()) or self.GOOD[verb])
            self.addCleanup(other.listener.close)
            messages.insert(1, {"kind": "smtp", "url": other.url, "tag": "between", "after_ms": 0})
        outcomes, stall = send(messages, *options)
        self.assertEqual(outcomes["one"]["outcome"], "taken", outcomes)
        self.assertLess(stall, STALL_MS)
        return outcomes[second.get("tag", "two")]["outcome"]

    def test_the_next_mail_begins_with_its_sender(self):
        self.serve(lambda number, verb, nth: self.GOOD[verb])
        self.assertEqual(self.two_mails(), "taken")
        self.assertTrue(self.server.wait_heard(0, "gone"))
        self.assertEqual(self.server.heard, [self.WHOLE + self.MAIL + [b"QUIT", "gone"]])

    def test_a_mail_that_was_refused_before_its_text_is_undone_first(self):
        self.serve(lambda number, verb, nth: b"550 no\r\n" if (verb, nth) == (b"RCPT", 1) else self.GOOD[verb])
        outcomes, _ = send([self.message(), self.message(after_ms=0)])
        self.assertEqual([outcomes[m]["outcome"] for m in ("m0", "m1")], ["refused", "taken"])
        self.assertEqual(self.server.heard[0][:8], [b"EHLO", b"MAIL", b"RCPT", b"RSET"] + self.MAIL)

    def test_a_mail_that_was_refused_after_its_text_needs_no_undoing(self):
        self.serve(lambda number, verb, nth: b"554 no\r\n" if (verb, nth) == (b".", 1) else self.GOOD[verb])
        outcomes, _ = send([self.message(), self.message(after_ms=0)])
        self.assertEqual([outcomes[m]["outcome"] for m in ("m0", "m1")], ["refused", "taken"])
        self.assertEqual(self.server.heard[0][:9], self.WHOLE + self.MAIL)

    def test_a_server_that_closes_after_each_mail_costs_no_mail_an_attempt(self):
        self.serve(lambda number, verb, nth: (self.GOOD[verb], None) if verb == b"." else self.GOOD[verb])
        outcomes, stall = send([self.message() for _ in range(50)])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"}, outcomes)
        self.assertEqual(sum(h.count(b".") for h in self.server.heard), 50)
        self.assertLess(stall, STALL_MS)

    def test_what_a_kept_connection_says_before_it_takes_the_sender_is_not_held_against_the_mail(self):
        for said in (None, b"421 4.4.2 idle too long\r\n", b"451 4.7.1 too many\r\n", b"550 too many in this session\r\n",
                     b"nonsense\r\n", "silent"):
            with self.subTest(said=said):
                self.serve(lambda number, verb, nth: said if (number, verb, nth) == (0, b"MAIL", 2) else self.GOOD[verb])
                self.assertEqual(self.two_mails("connect_ms=1000"), "taken")
                self.assertEqual(self.server.heard[0][:6], self.WHOLE + [b"MAIL"])
                self.assertEqual(self.server.heard[1][:5], self.WHOLE)
                self.assertEqual(len(self.server.heard), 2)

    def test_a_kept_connection_that_is_lost_before_the_text_is_not_held_against_the_mail(self):
        for verb_lost in (b"RCPT", b"DATA"):
            for said in (None, b"421 closing\r\n"):
                with self.subTest(verb_lost=verb_lost, said=said):
                    self.serve(lambda number, verb, nth: said if (number, verb, nth) == (0, verb_lost, 2) else self.GOOD[verb])
                    self.assertEqual(self.two_mails(), "taken")
                    self.assertEqual(sum(h.count(b".") for h in self.server.heard), 2)
                    self.assertEqual(len(self.server.heard), 2)

    def test_a_refusal_to_undo_is_not_held_against_the_next_mail(self):
        self.serve(lambda number, verb, nth: {b"RCPT": b"550 no\r\n", b"RSET": b"502 what\r\n"}.get(verb, self.GOOD[verb])
                   if number == 0 else self.GOOD[verb])
        outcomes, _ = send([self.message(), self.message(after_ms=0)])
        self.assertEqual([outcomes[m]["outcome"] for m in ("m0", "m1")], ["refused", "taken"])

    def test_a_server_that_refuses_every_sender_is_asked_once_for_each_mail(self):
        self.serve(lambda number, verb, nth: b"451 not now\r\n" if verb == b"MAIL" else self.GOOD[verb])
        outcomes, _ = send([self.message(after_ms=0) for _ in range(5)])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"later"})
        self.assertEqual([h.count(b"MAIL") for h in self.server.heard], [1] * 5)

    def test_what_is_not_ours_any_more_is_not_tried_on_a_fresh_connection(self):
        self.serve(lambda number, verb, nth: None if (number, verb, nth) == (0, b"MAIL", 2) else self.GOOD[verb])
        self.assertEqual(self.two_mails(tag="once"), "crowded")
        self.assertEqual(len(self.server.heard), 1)

    def test_what_comes_behind_the_last_answer_ends_the_connection(self):
        self.serve(lambda number, verb, nth: self.GOOD[verb] + (b"421 4.4.2 bye\r\n" if (number, verb) == (0, b".") else b""))
        self.assertEqual(self.two_mails(), "taken")
        self.assertTrue(self.server.wait_heard(0, "gone"))
        self.assertEqual(self.server.heard[0], self.WHOLE + ["gone"])  # no word more, not even QUIT

    def test_a_kept_connection_that_says_something_or_ends_is_dropped_at_once(self):
        def complain():
            self.server.connections[0].sendall(b"421 4.4.2 bye\r\n")

        def close():
            self.server.connections[0].shutdown(socket.SHUT_WR)

        for what in (complain, close):
            with self.subTest(what=what.__name__):
                def between():
                    what()
                    self.server.wait_heard(0, "gone")

                self.serve(lambda number, verb, nth: self.GOOD[verb])
                self.assertEqual(self.two_mails("smtp_kept_ms=60000", between=between), "taken")
                self.assertEqual(self.server.heard[0], self.WHOLE + ["gone"])
                self.assertEqual(self.server.heard[1][:5], self.WHOLE)

    def test_a_connection_is_kept_for_a_short_time_only(self):
        self.serve(lambda number, verb, nth: self.GOOD[verb])
        self.assertEqual(self.two_mails("smtp_kept_ms=100", between=lambda: self.server.wait_heard(0, "gone") and None), "taken")
        self.assertEqual(self.server.heard[0], self.WHOLE + [b"QUIT", "gone"])
        self.assertEqual(self.server.heard[1][:5], self.WHOLE)

    def test_sixty_four_connections_are_kept_in_all(self):
        servers = [WordByWord(lambda number, verb, nth: self.GOOD[verb]) for _ in range(66)]
        gone = []

        def count(number, verb, nth):
            if verb == b".":
                gone.extend(i for i in (0, 1) if servers[i].wait_heard(0, "gone"))
                gone.extend(i for i in range(2, 66) if b"QUIT" in servers[i].heard[0])
            return self.GOOD[verb]

        last = WordByWord(count)
        for server in [*servers, last]:
            self.addCleanup(server.listener.close)
        outcomes, _ = send([{"kind": "smtp", "url": s.url, "after_ms": 0} for s in [*servers, last]], "smtp_kept_ms=60000")
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"taken"})
        self.assertEqual(gone, [0, 1])

    def test_a_server_that_refuses_one_after_the_other_gets_a_new_connection(self):
        self.serve(lambda number, verb, nth: b"550 no\r\n" if verb == b"RCPT" else self.GOOD[verb])
        outcomes, _ = send([self.message(after_ms=0) for _ in range(12)])
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"refused"})
        self.assertEqual([h.count(b"RCPT") for h in self.server.heard], [5, 5, 2])

    def test_a_kept_connection_lost_in_the_text_leaves_a_doubt_and_is_not_tried_again(self):
        self.serve(lambda number, verb, nth: None if (verb, nth) == (b".", 2) else self.GOOD[verb])
        self.assertEqual(self.two_mails(), "doubt")
        self.assertEqual(self.server.heard, [self.WHOLE + self.MAIL])


class Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.got.append((self.path, dict(self.headers), body))
        getattr(self, "do_" + self.path.strip("/").split("/")[0])()

    def answer(self, status, headers=(), body=b"{}"):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_ok(self):
        self.answer(200)

    def do_status(self):
        self.answer(int(self.path.split("/")[2]))

    def do_busy(self):
        self.answer(429, [("Retry-After", "7")])

    def do_after(self):
        self.answer(503, [("Retry-After", self.path.split("/")[2])])

    def do_away(self):
        self.answer(302, [("Location", "/ok")])

    def do_huge(self):
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 30))
        self.end_headers()
        try:
            for _ in range(1 << 14):
                self.wfile.write(b"x" * 65536)
                self.server.huge += 65536
        except OSError:
            self.close_connection = True

    def do_robot(self):
        self.answer(200, body=json.dumps({"errcode": int(self.path.split("/")[2]), "errmsg": "token t0p"}).encode())

    def do_heads(self):
        self.send_response(200)
        self.end_headers = self.flush_headers
        self.end_headers()
        try:
            for i in range(1 << 14):
                self.wfile.write(b"X-%d: %s\r\n" % (i, b"x" * 4000))
                self.server.huge += 4000
        except OSError:
            self.close_connection = True

    def do_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def do_silent(self):
        time.sleep(30)
        self.close_connection = True

    def do_drop(self):
        self.close_connection = True

    def log_message(self, *args):
        pass


class WebServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # broken connections are what is tested

    request_queue_size = 256


class Webhook(unittest.TestCase):
    def setUp(self):
        self.server = self.serve()

    def serve(self):
        server = WebServer(("127.0.0.1", 0), Hook)
        server.got, server.huge, server.lock = [], 0, threading.Lock()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def message(self, path, server=None, **more):
        return {"url": f"http://127.0.0.1:{(server or self.server).server_port}{path}", **more}

    def outcome(self, path, *options):
        outcomes, stall = send([self.message(path)], "allow_private=1", *options)
        self.assertLess(stall, STALL_MS)
        return outcomes["m0"]

    def test_an_event_is_posted_once(self):
        self.assertEqual(self.outcome("/ok")["outcome"], "taken")
        self.assertEqual(len(self.server.got), 1)
        _, headers, body = self.server.got[0]
        event = json.loads(body)
        self.assertEqual(headers["Content-Type"], "application/cloudevents+json; charset=utf-8")
        self.assertEqual(headers["webhook-id"], "C-180D.opened-g1-pm.0-a")
        self.assertLess(abs(int(headers["webhook-timestamp"]) - time.time()), 5)
        self.assertNotIn("webhook-signature", headers)
        self.assertEqual({k: event[k] for k in ("specversion", "id", "source", "type", "subject", "time")},
                         {"specversion": "1.0", "id": "C-180D.opened-g1-pm.0-a", "source": "/callout/cases/C-180D",
                          "type": "callout.notice.opened", "subject": "C-180D", "time": "2026-02-17T01:30:00Z"})
        self.assertEqual(event["data"]["subject"], "案件 C-180D")
        self.assertEqual(event["data"]["body"], "第一行\n.\n..第三行\n")
        self.assertFalse({"html", "markdown", "brief"} & set(event["data"]))

    def test_a_webhook_gets_the_forms_that_the_notice_has_as_long_as_they_may_be(self):
        forms = {"html": '<p title="x">' + '"' * 23900, "markdown": "\\" * 7900, "brief": "late"}
        outcomes, _ = send([self.message("/ok", **forms)], "allow_private=1")
        self.assertEqual(outcomes["m0"]["outcome"], "taken")
        data = json.loads(self.server.got[-1][2])["data"]
        self.assertEqual({k: data[k] for k in forms}, forms)

    def test_a_secret_signs_and_two_secrets_sign_twice(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(f"{directory}/hook", "w", encoding="ascii") as f:
                f.write(SECRET + "\n" + SECRET[:-4] + "AAAA\n")
            send([self.message("/ok", secret_file="hook")], "allow_private=1", f"secrets_dir={directory}")
        _, headers, body = self.server.got[0]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = hmac.new(base64.b64decode(SECRET[6:]), signed, hashlib.sha256).digest()
        signatures = headers["webhook-signature"].split(" ")
        self.assertEqual(len(signatures), 2)
        self.assertEqual(signatures[0], "v1," + base64.b64encode(mac).decode())

    def test_a_secret_that_cannot_be_used_sends_nothing(self):
        outcomes, _ = send([self.message("/ok", secret_file="hook")], "allow_private=1", "secrets_dir=/nowhere")
        self.assertEqual(outcomes["m0"]["outcome"], "later")
        self.assertEqual(self.server.got, [])

    def test_a_repeat_carries_the_same_id_and_body(self):
        self.outcome("/ok")
        self.outcome("/ok")
        first, second = self.server.got
        self.assertEqual(first[1]["webhook-id"], second[1]["webhook-id"])
        self.assertEqual(first[2], second[2])

    def test_what_a_status_means(self):
        for status, outcome in ((200, "taken"), (204, "taken"), (400, "refused"), (404, "refused"), (410, "refused"),
                                (408, "later"), (429, "later"), (500, "later"), (503, "later")):
            got = self.outcome(f"/status/{status}")
            self.assertEqual((got["outcome"], got["detail"][:8]), (outcome, f"HTTP {status}"))

    def test_a_wish_to_wait_is_passed_on(self):
        got = self.outcome("/busy")
        self.assertEqual((got["outcome"], got["retry_after_us"]), ("later", 7000000))

    def test_a_redirect_is_not_followed(self):
        self.assertEqual(self.outcome("/away")["outcome"], "refused")
        self.assertEqual(len(self.server.got), 1)

    def test_private_addresses_are_refused_however_they_are_written(self):
        port = self.server.server_port
        hosts = ["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "10.0.0.1",
                 "169.254.169.254", "[::1]", "[fe80::1]", "127.1"]
        outcomes, _ = send([{"url": f"http://{host}:{port}/ok"} for host in hosts], "connect_ms=1000")
        for i, host in enumerate(hosts):
            self.assertEqual(outcomes[f"m{i}"]["outcome"], "refused", (host, outcomes[f"m{i}"]))
        self.assertEqual(self.server.got, [])

    def test_other_schemes_and_passwords_are_refused(self):
        urls = ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://user:pass@127.0.0.1/", "smtp://127.0.0.1"]
        outcomes, _ = send([{"url": url} for url in urls], "allow_private=1")
        self.assertEqual({o["outcome"] for o in outcomes.values()}, {"refused"}, outcomes)

    def test_a_huge_answer_is_not_read(self):
        self.assertEqual(self.outcome("/huge")["outcome"], "taken")
        self.assertLess(self.server.huge, 32 << 20)

    def test_endless_headers_are_not_read(self):
        self.outcome("/heads", "webhook_ms=20000")
        self.assertLess(self.server.huge, 32 << 20)

    def test_a_good_status_with_an_error_code_in_the_body_is_not_taken(self):
        got = self.outcome("/robot/310000")
        self.assertEqual((got["outcome"], got["detail"]), ("later", "HTTP 200, but errcode 310000"))
        self.assertEqual(self.outcome("/robot/0")["outcome"], "taken")

    def test_one_robot_that_takes_nothing_delays_no_other_at_its_server(self):
        messages = [self.message("/robot/310000" if i % 10 == 0 else "/robot/0", tag=f"{i % 10} {i}") for i in range(200)]
        outcomes, _ = send(messages, "allow_private=1")
        self.assertEqual({o["outcome"] for t, o in outcomes.items() if t[0] == "0"}, {"later"})
        self.assertEqual({o["outcome"] for t, o in outcomes.items() if t[0] != "0"}, {"taken"})

    def test_a_dripping_answer_ends_in_time(self):
        began = time.monotonic()
        self.assertEqual(self.outcome("/drip", "webhook_ms=3000")["outcome"], "taken")
        self.assertLess(time.monotonic() - began, 60)

    def test_no_answer_leaves_a_doubt(self):
        self.assertEqual(self.outcome("/silent", "webhook_ms=1000")["outcome"], "doubt")
        self.assertEqual(self.outcome("/drop")["outcome"], "doubt")

    def test_nobody_listens(self):
        outcomes, _ = send([{"url": f"http://127.0.0.1:{free_port()}/"}], "allow_private=1")
        self.assertEqual(outcomes["m0"]["outcome"], "later")

    def test_https_needs_a_certificate_we_know(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        with tempfile.TemporaryDirectory() as d:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=other",
                            "-keyout", f"{d}/key.pem", "-out", f"{d}/cert.pem"], check=True, capture_output=True)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(f"{d}/cert.pem", f"{d}/key.pem")

            def accept():
                for _ in range(2):
                    try:
                        connection, _ = listener.accept()
                        context.wrap_socket(connection, server_side=True).close()
                    except OSError:
                        pass

            threading.Thread(target=accept, daemon=True).start()
            url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
            for ca in ("/etc/ssl/certs/ca-certificates.crt", f"{d}/cert.pem"):  # unknown; of another host
                outcomes, _ = send([{"url": url}], "allow_private=1", f"ca_file={ca}")
                self.assertEqual(outcomes["m0"]["outcome"], "later", outcomes)

    def test_one_bad_server_does_not_delay_the_others(self):
        bad = [self.serve() for _ in range(20)]
        messages = [self.message("/silent", server, tag=f"bad{i}-{j}") for i, server in enumerate(bad) for j in range(20)]
        messages += [self.message("/ok", key=f"k{i}", tag=f"good{i}") for i in range(200)]
        began = time.monotonic()
        outcomes, stall = send(messages, "allow_private=1", "webhook_ms=10000")
        took = time.monotonic() - began
        self.assertEqual({outcomes[f"good{i}"]["outcome"] for i in range(200)}, {"taken"})
        self.assertEqual(list(outcomes)[:200], [t for t in outcomes if t.startswith("good")])
        kinds = [o["outcome"] for t, o in outcomes.items() if t.startswith("bad")]
        self.assertEqual(set(kinds), {"doubt", "crowded"})  # most were given back untried
        self.assertLess(took, 120)
        self.assertLess(stall, STALL_MS)

    def tags(self, outcomes, outcome):
        return [t for t, o in outcomes.items() if o["outcome"] == outcome]

    def test_a_server_that_fails_five_times_in_a_row_is_set_aside_and_nobody_waits_for_it(self):
        messages = [self.message("/status/500", tag=f"bad{i}") for i in range(30)] + [self.message("/ok", self.serve(), tag="other")]
        outcomes, _ = send(messages, "allow_private=1")
        server = f"http://127.0.0.1:{self.server.server_port}"
        self.assertEqual(send.changes, [["aside", "hook", server, 5]])
        self.assertLessEqual(len(self.server.got), 8)  # four are in the air at a time
        self.assertEqual(outcomes["other"]["outcome"], "taken")
        untried = [o for t, o in outcomes.items() if o["outcome"] in ("aside", "crowded")]
        self.assertEqual(len(untried), 30 - len(self.server.got))

    def test_after_a_pause_one_tries_it_alone_and_what_it_takes_takes_it_back(self):
        messages = [self.message("/status/500", tag=f"bad{i}", after_ms=0) for i in range(5)]
        messages += [self.message("/ok", tag="early0", after_ms=0), self.message("/ok", tag="early1"), self.message("/ok", tag="early2")]
        messages += [self.message("/status/500", tag="try0", after_ms=500), self.message("/ok", tag="with0")]
        messages += [self.message("/ok", tag="try1", after_ms=900), self.message("/ok", tag="next", after_ms=0)]
        outcomes, _ = send(messages, "allow_private=1", "aside_first_ms=400", "aside_last_ms=800")
        self.assertEqual([c[0] for c in send.changes], ["aside", "longer", "back"])
        self.assertEqual(self.tags(outcomes, "later"), [f"bad{i}" for i in range(5)] + ["try0"])
        self.assertEqual(set(self.tags(outcomes, "aside")), {"early0", "early1", "early2", "with0"})
        self.assertEqual(self.tags(outcomes, "taken"), ["try1", "next"])

    def test_a_wish_to_wait_and_a_refusal_do_not_set_a_server_aside(self):
        for path in ("/after/1", "/status/404"):
            send([self.message(path, tag=f"{i}", after_ms=1100 if path == "/after/1" else 0) for i in range(6)], "allow_private=1")
            self.assertEqual(send.changes, [], path)

    def test_what_is_no_longer_ours_is_not_sent(self):
        outcomes, _ = send([self.message("/ok", tag="forbidden"), self.message("/ok", tag="mine")], "allow_private=1")
        self.assertEqual({t: o["outcome"] for t, o in outcomes.items()}, {"forbidden": "crowded", "mine": "taken"})
        self.assertEqual(len(self.server.got), 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)
