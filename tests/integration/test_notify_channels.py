#!/usr/bin/python3
"""Robots of DingTalk, WeCom and Feishu, text messages, PagerDuty and Alertmanager: each against a server of its protocol on loopback.

usage: test_notify_channels.py DRIVER
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from robot_server import RobotServer  # noqa: E402

DRIVER = sys.argv.pop(1)
PATHS = {"dingtalk": "/robot/send", "wecom": "/cgi-bin/webhook/send", "feishu": "/open-apis/bot/v2/hook", "sms": "/sms/send",
         "pagerduty": "/v2/enqueue", "alertmanager": ""}
ROBOTS = ("dingtalk", "wecom", "feishu")
SIGNING = ("dingtalk", "feishu")


class Channels(unittest.TestCase):
    def setUp(self):
        self.server = RobotServer()
        self.addCleanup(self.server.close)
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.secrets = room.name
        for name, text in {"robot": "token = tok-1\n", "signing": "token = tok-1\nsecret = SECtest\n", "wrong": "token = tok-2\n",
                           "unsigned": "token = tok-1\nsecret = SECother\n", "odd": "whsec_abc\n", "key": "tok-1\n", "no-key": "tok-2\n"}.items():
            with open(f"{room.name}/{name}", "w", encoding="ascii") as file:
                file.write(text)

    def send(self, *messages, **options):
        options = {"secrets_dir": self.secrets, "allow_private": 1, "webhook_ms": 5000, **options}
        for i, message in enumerate(messages):
            message.setdefault("tag", f"m{i}")
        run = subprocess.run([DRIVER, *(f"{k}={v}" for k, v in options.items())], input="".join(json.dumps(m) + "\n" for m in messages),
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = {line["tag"]: line for line in map(json.loads, run.stdout.splitlines()[:-1])}
        return [lines[m["tag"]] for m in messages]

    def message(self, kind, secret_file="robot", **more):
        return {"kind": kind, "url": self.server.url + PATHS[kind], "secret_file": secret_file, **more}

    def check(self, message, outcome, detail):
        (got,) = self.send(message)
        self.assertEqual(got["outcome"], outcome, got)
        self.assertIn(detail, got["detail"])
        return got

    def test_a_robot_takes_subject_and_body_and_mentions_the_person(self):
        for kind in ROBOTS:
            self.check(self.message(kind, subject="主题", body="内容 <b>&\n第二行", phone="13800000000"), "taken", "HTTP 200")
            name, body = self.server.taken[-1]
            self.assertEqual(name, kind)
            text = body["content"]["text"] if kind == "feishu" else body["text"]["content"]
            self.assertEqual(text, "主题\n内容 <b>&\n第二行")
        self.assertEqual(self.server.taken[0][1]["at"], {"atMobiles": ["13800000000"], "isAtAll": False})
        self.assertEqual(self.server.taken[1][1]["text"]["mentioned_mobile_list"], ["13800000000"])

    def test_a_robot_gets_markdown_where_there_is_some(self):
        for kind in ROBOTS:
            self.check(self.message(kind, subject="主题", body="内容", markdown="**主题**\n内容"), "taken", "HTTP 200")
        dingtalk, wecom, feishu = (body for _, body in self.server.taken)
        self.assertEqual(dingtalk, {"msgtype": "markdown", "markdown": {"title": "主题", "text": "**主题**\n内容"}})
        self.assertEqual(wecom, {"msgtype": "markdown", "markdown": {"content": "**主题**\n内容"}})
        self.assertEqual(feishu["card"], {"header": {"title": {"tag": "plain_text", "content": "主题"}},
                                          "elements": [{"tag": "markdown", "content": "**主题**\n内容"}]})

    def test_whoever_is_to_be_mentioned_is_also_where_there_is_markdown(self):
        for kind in ROBOTS:
            self.check(self.message(kind, subject="S", body="B", markdown="**S**", phone="13800000000"), "taken", "HTTP 200")
        dingtalk, wecom, feishu = (body for _, body in self.server.taken)
        self.assertEqual((dingtalk["markdown"]["text"], dingtalk["at"]["atMobiles"]), ("**S**\n\n@13800000000", ["13800000000"]))
        self.assertEqual(wecom["text"], {"content": "S\nB", "mentioned_mobile_list": ["13800000000"]})  # its markdown mentions nobody
        self.assertEqual(feishu["msg_type"], "interactive")

    def test_a_robot_s_text_mentions_nobody_by_what_a_customer_wrote(self):
        for kind in ROBOTS:
            self.check(self.message(kind, subject='<at user_id="all">x</at> <@wang>', body="1 < 2 <AT> </p>"), "taken", "HTTP 200")
            body = self.server.taken[-1][1]
            text = body["content"]["text"] if kind == "feishu" else body["text"]["content"]
            self.assertEqual(text, '＜at user_id="all">x＜/at> ＜@wang>\n1 < 2 ＜AT> </p>')

    def test_a_robot_that_wants_signatures_gets_its_own(self):
        self.server.secret = "SECtest"
        for kind in SIGNING:
            self.check(self.message(kind, "signing"), "taken", "HTTP 200")
            self.check(self.message(kind, "unsigned"), "refused", "signature")
            self.check(self.message(kind, "robot"), "refused", "signature")

    def test_an_unknown_token_is_refused_with_the_reason_and_is_told_nowhere(self):
        for kind in ROBOTS:
            got = self.check(self.message(kind, "wrong"), "refused", "its token is not known")
            self.assertNotIn("tok-2", got["detail"])

    def test_a_robot_that_says_too_fast_is_left_alone_for_a_minute(self):
        self.server.limit = 0
        for kind in ROBOTS:
            got = self.check(self.message(kind), "later", "too fast")
            self.assertEqual(got["retry_after_us"], 60 * 10**6)

    def test_an_answer_that_is_lost_on_a_connection_used_before_is_in_doubt_and_the_robot_hears_nothing_twice(self):
        judge, self.server.http.handle_error = self.server.judge, lambda *_: None

        def answer(*request):
            said = judge(*request)
            if len(self.server.heard) > 4:  # by then each connection to it has been used
                raise ConnectionAbortedError("the answer is lost")
            return said

        self.server.judge = answer
        messages = [self.message("dingtalk", body=f"{i}", **({"after_ms": 50} if i == 4 else {})) for i in range(10)]
        outcomes = [got["outcome"] for got in self.send(*messages)]
        texts = [body["text"]["content"] for _, body in self.server.taken]
        self.assertEqual(len(texts), len(set(texts)), texts)
        self.assertIn("doubt", outcomes)

    def test_a_missing_keyword_is_refused(self):
        self.server.keyword = "callout"
        for kind in SIGNING:
            self.check(self.message(kind, body="nothing"), "refused", "keyword")
            self.check(self.message(kind, body="of callout"), "taken", "")

    def test_a_code_that_nobody_listed_is_tried_again_and_does_not_stop_other_robots(self):
        self.server.answer = (200, b'{"errcode": 77777, "code": 77777, "errmsg": "?"}', {})
        for kind in ROBOTS:
            self.check(self.message(kind), "later", "77777")

    def test_a_good_answer_that_is_none_of_a_robot_is_not_taken_for_one(self):
        for body in (b"", b"ok", b"{}", b"[]", b'{"errcode": "0", "code": "0"}', b"x" * 5000, b'{"errcode": 0, "code": 0'):
            self.server.answer = (200, body, {})
            for kind in ROBOTS:
                self.check(self.message(kind), "later", "not the answer of a robot")

    def test_a_long_text_is_cut_to_what_the_robot_takes(self):
        for kind in ROBOTS:
            self.check(self.message(kind, body="测" * 20000), "taken", "")
        self.assertTrue(self.server.taken[1][1]["text"]["content"].endswith("测..."))
        self.assertLessEqual(len(self.server.taken[1][1]["text"]["content"].encode()), 2048)
        self.check(self.message("wecom", markdown="测" * 20000), "taken", "")
        self.assertLessEqual(len(self.server.taken[-1][1]["markdown"]["content"].encode()), 4096)

    def test_a_secret_file_of_another_form_can_be_mended(self):
        for kind in ROBOTS:
            for secret_file in ("odd", "none", ""):
                self.check(self.message(kind, secret_file), "later", "secret file cannot be used")
        self.check(self.message("pagerduty", "none"), "later", "routing key")
        self.check(self.message("sms", "none"), "later", "secret file")
        self.assertEqual(self.server.heard, [])

    def test_a_text_message_is_posted_in_the_form_of_the_gateway(self):
        self.check(self.message("sms", "key", to="+8613800000000", template_id="SMS_7", subject='a "b"'), "taken", "HTTP 200")
        self.assertEqual(self.server.taken[-1][1], {"phone": "+8613800000000", "template": "SMS_7", "key": "C-180D.opened-g1-pm.0-a",
                                                    "params": {"number": "C-180D", "subject": 'a "b"'}})
        form = '{"To": ["{phone}"], "Body": "{number}: {text}", "Type": 1}'
        self.check(self.message("sms", "key", to="13800000000", form=form, body="two\nlines"), "taken", "")
        self.assertEqual(self.server.taken[-1][1], {"To": ["13800000000"], "Body": "C-180D: two\nlines", "Type": 1})
        self.check(self.message("sms", "key", to="13800000000", form=form, body="two\nlines", brief="one line"), "taken", "")
        self.assertEqual(self.server.taken[-1][1]["Body"], "C-180D: one line")
        self.check(self.message("sms", "key", form='{"a": "{nothing}"}'), "refused", "body cannot be filled in")
        self.check(self.message("sms", "no-key"), "refused", "HTTP 401")

    def test_a_page_is_triggered_and_resolved_by_what_corrects_it(self):
        self.check(self.message("pagerduty", "key", obligation="breached/response/1", severity=1, subject="late"), "taken", "HTTP 202")
        self.check(self.message("pagerduty", "key", obligation="withdrawn/breached/response/1", severity=1), "taken", "HTTP 202")
        trigger, resolve = (body for _, body in self.server.taken)
        self.assertEqual((trigger["event_action"], trigger["payload"]["severity"], trigger["payload"]["summary"]), ("trigger", "critical", "late"))
        self.assertEqual(trigger["payload"]["timestamp"], "2026-02-17T01:30:00Z")
        self.assertEqual((resolve["event_action"], resolve["dedup_key"]), ("resolve", trigger["dedup_key"]))
        self.assertNotIn("payload", resolve)
        self.check(self.message("pagerduty", "key", subject="late", brief="C-180D late"), "taken", "HTTP 202")
        self.assertEqual(self.server.taken[-1][1]["payload"]["summary"], "C-180D late")
        self.check(self.message("pagerduty", "no-key"), "refused", "HTTP 400")

    def test_a_page_is_acknowledged_when_somebody_takes_care_and_resolved_when_the_case_is_closed(self):
        for before in ("", "acknowledged/", "resolved/"):
            self.check(self.message("pagerduty", "key", obligation=before + "breached/response/1", severity=1), "taken", "HTTP 202")
        bodies = [body for _, body in self.server.taken]
        self.assertEqual([b["event_action"] for b in bodies], ["trigger", "acknowledge", "resolve"])
        self.assertEqual(len({b["dedup_key"] for b in bodies}), 1)

    def test_an_alert_is_pushed_and_ends_by_what_corrects_it_or_closes_its_case(self):
        for obligation in ("breached/response/1", "withdrawn/breached/response/1", "resolved/breached/response/1"):
            self.check(self.message("alertmanager", "", obligation=obligation, severity=2), "taken", "HTTP 200")
        (begun,), *ends = (body for _, body in self.server.taken)
        self.assertNotIn("endsAt", begun)
        for (over,) in ends:
            self.assertEqual(begun["labels"], over["labels"])
            self.assertIn("endsAt", over)

    def test_what_may_change_of_an_alert_is_no_label_of_it(self):
        for severity in (1, 3):
            self.check(self.message("alertmanager", "", obligation="breached/response/1", severity=severity), "taken", "HTTP 200")
        (first,), (second,) = (body for _, body in self.server.taken)
        self.assertEqual(first["labels"], {"alertname": "breached", "service": "callout", "number": "C-180D", "about": "response/1"})
        self.assertEqual(first["labels"], second["labels"])
        self.assertEqual([a["annotations"]["severity"] for a in (first, second)], ["critical", "warning"])
        self.assertEqual(first["annotations"]["person"], "wang")

    def test_no_channel_follows_redirects_or_reads_without_end(self):
        everybody = [self.message(kind, "robot" if kind in ROBOTS else "key", to="138") for kind in PATHS]
        self.server.answer = (302, b"", {"Location": self.server.url + "/elsewhere"})
        self.assertEqual({o["outcome"] for o in self.send(*everybody)}, {"refused"})
        self.server.answer = (429, b"", {"Retry-After": "7"})
        self.assertEqual({(o["outcome"], o["retry_after_us"]) for o in self.send(*everybody)}, {("later", 7 * 10**6)})
        self.server.answer = (200, b" " * 100 * 1024 * 1024, {})
        began = time.monotonic()
        got = self.send(*everybody)
        self.assertNotIn("refused", {o["outcome"] for o in got}, got)
        self.assertEqual({o["outcome"] for o in got if o["tag"] in ("m0", "m1", "m2")}, {"later"}, got)
        self.assertLess(time.monotonic() - began, 60)

    def test_a_name_that_is_unknown_and_a_connection_that_breaks_are_told_apart(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.close()
        for kind in PATHS:
            secret = "robot" if kind in ROBOTS else "key"
            (unknown,) = self.send({**self.message(kind, secret, to="138"), "url": "http://nobody.invalid/x"})
            self.assertEqual(unknown["outcome"], "later", unknown)
            (refused,) = self.send({**self.message(kind, secret, to="138"), "url": nobody})
            self.assertEqual(refused["outcome"], "later", refused)


if __name__ == "__main__":
    unittest.main(verbosity=0)
