#!/usr/bin/python3
"""One notice in each of its forms: the notify daemon with a real database, mail server and robots; what a customer wrote is harmless in each.

usage: test_notify_forms.py   (CALLOUT_TEST_PG_URL: a server to make databases in)
"""
import json
import unittest

import test_notify_service as service
from test_notify_service import ACCEPTED, SENDING, text, wait_for
from callout import M
from robot_server import ROOMS, RobotServer

EVIL = '<script>alert("1")</script> [x](http://evil) @all <at user_id="all"></at>\n# big\r\nBcc: all@example.com\u202e'
PLAIN = '<script>alert("1")</script> [x](http://evil) @all <at user_id="all"></at> # big  Bcc: all@example.com'
HTML = ('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; [x](http://evil) @all &lt;at user_id=&quot;all&quot;&gt;&lt;/at&gt; # big  '
        'Bcc: all@example.com')
MARKDOWN = '＜script＞alert("1")＜/script＞ ［x］(http://evil) ＠all ＜at user＿id="all"＞＜/at＞ ＃ big  Bcc: all＠example.com'
BREACH = "breached/response/1 pm/0"
OFFER = "offered/1 engineer/0"


class Forms(service.Service):
    """The project manager, who reads both languages, is told by robots, by a text message, by webhook, at last by mail."""
    title = EVIL
    forms = {"html": text("<p><b>{title}</b><br>{due}</p>", "<p>{title}</p>"), "markdown": text("## {number}\n{title}", "{title}"),
             "brief": text("{number}\n{title}", "{title}")}

    @classmethod
    def setUpClass(cls):
        cls.robots = RobotServer()
        cls.addClassCleanup(cls.robots.close)
        paths = {"dingtalk": "/robot/send", "wecom": "/cgi-bin/webhook/send", "feishu": "/open-apis/bot/v2/hook", "sms": "/sms/send", "webhook": ""}
        cls.channels = tuple({"key": kind, "kind": f"CHANNEL_{kind.upper()}", "url": cls.robots.url + path, "secret_file": "" if kind == "webhook" else "robot"}
                             for kind, path in paths.items())
        cls.channels[3]["body"] = '{"to": "{phone}", "subject": "{subject}", "text": "{text}"}'
        cls.pm = {"language": "zh+en", "channels": [*paths, "mail"], "phone": "13800000000"}
        super().setUpClass()
        with open(f"{cls.suite.dir}/secrets/robot", "w", encoding="ascii") as file:
            file.write(f"token = {cls.robots.token}\n")

    def setUp(self):
        self.robots.heard.clear()
        self.robots.answer = (400, b"", {})
        super().setUp()

    def heard(self):
        """What each was told, by kind."""
        told = {}
        for path, _, raw in self.robots.heard:
            kind = next((room.__name__ for prefix, room in ROOMS.items() if path.startswith(prefix)), "webhook")
            told.setdefault(kind, []).append(json.loads(raw))
        return told

    def mails_of(self, obligation):
        return [i for i in range(len(self.box.mails)) if obligation in self.box.mail(i)["Message-ID"]]

    def test_a_notice_that_each_channel_refuses_reaches_the_next_one_in_that_one_s_form(self):
        case = self.open_case(self.breached())
        self.wait_state(case, BREACH, ACCEPTED)
        self.wait_state(case, "opened director/0", ACCEPTED)  # nobody is director: he is told of that, too
        told = self.heard()
        self.assertEqual({kind: len(bodies) for kind, bodies in told.items()}, dict.fromkeys(("dingtalk", "wecom", "feishu", "sms", "webhook"), 2))
        for body in told["dingtalk"]:
            self.assertRegex(body["markdown"]["text"], "^## C-[0-9A-Z]+\n＜script＞")
            self.assertTrue(body["markdown"]["text"].endswith(f"{MARKDOWN}\n\n{MARKDOWN}\n\n@13800000000"), body)
            self.assertEqual(body["at"], {"atMobiles": ["13800000000"], "isAtAll": False})
        for body in told["feishu"]:
            (element,) = body["card"]["elements"]
            self.assertTrue(element["content"].endswith(f"{MARKDOWN}\n\n{MARKDOWN}"), body)
        for body in told["wecom"]:  # a text, as its markdown cannot mention him
            self.assertIn(PLAIN.replace("<at", "＜at").replace("</at", "＜/at"), body["text"]["content"])
        for body in told["sms"]:
            self.assertRegex(body["text"], "^C-[0-9A-Z]+ <script>")
            self.assertTrue(body["text"].endswith(PLAIN), body)
        for body in told["webhook"]:
            self.assertEqual(body["data"]["body"].count(PLAIN), 2)
        self.check_mail(self.box.mail(self.mails_of("breached")[0]))

    def check_mail(self, mail):
        """Both languages in each part, nothing but text of what the customer wrote."""
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        plain, html = mail.iter_parts()
        self.assertEqual((plain.get_content_type(), html.get_content_type()), ("text/plain", "text/html"))
        self.assertEqual(plain.get_content().replace("\r\n", "\n"), f"「{PLAIN}」2026-02-17 01:30 UTC\n\n{PLAIN} 2026-02-17 01:30 UTC")
        self.assertEqual(html.get_content().replace("\r\n", "\n"), f"<p><b>{HTML}</b><br>2026-02-17 01:30 UTC</p>\n<hr>\n<p>{HTML}</p>")
        self.assertIsNone(mail["Bcc"])
        self.assertRegex(mail["Subject"], "^(C-[0-9A-Z]+) NOTICE_ON_BREACHED")
        self.assertEqual(mail["In-Reply-To"], mail["References"])

    def test_whoever_reads_one_language_gets_that_one_in_both_parts(self):
        case = self.open_case(M["Event"](offered=M["Offered"](generation=1, engineer="eng", office="bj")))
        self.wait_state(case, OFFER, ACCEPTED)
        plain, html = self.box.mail(self.mails_of("offered")[0]).iter_parts()
        self.assertIn(PLAIN, plain.get_content())
        self.assertEqual(html.get_content(), f"<p>{HTML}</p>")

    def test_each_attempt_has_the_same_bytes_also_after_a_kill(self):
        self.box.delay_s = 3
        case = self.open_case(M["Event"](offered=M["Offered"](generation=1, engineer="eng", office="bj")))
        wait_for("the mail", lambda: self.mails_of("offered"))
        self.suite.kill("notify-0")
        self.assertEqual(self.notices(case)[OFFER][0], SENDING)
        self.box.delay_s = 0
        self.suite.start("notify-0", env=self.env)
        self.wait_state(case, OFFER, ACCEPTED)
        first, second = (self.box.mails[i] for i in self.mails_of("offered"))
        self.assertEqual(first, second)
        self.assertIn(b"multipart/alternative", first[2])


if __name__ == "__main__":
    unittest.main(verbosity=2)
