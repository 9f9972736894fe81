#!/usr/bin/python3
"""Dead letters through the real daemons: seen, looked at, sent again by the command line, and who did it.

Usage: test_notice.py BUILD_DIR
"""
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from mail_server import Mailbox  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

TESTS = []
PM = "pm-north"


def test(function):
    TESTS.append(function)
    return function


class Hook:
    """A receiver of webhooks that answers with `status`."""

    def __init__(self, port):
        hook = self
        self.status, self.bodies, self.ids = 200, [], []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                hook.ids.append(self.headers["webhook-id"])
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def submit(w, **more):
    return w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"], **more).number


def rows(w, *options, key="admin"):
    out = w.suite.callout("notice", "list", *options, "-o", "json", key=key)
    return [json.loads(line) for line in out.splitlines()]


def wait_rows(w, what, number, state, *options, person=PM, count=1):
    def look():
        found = [r for r in rows(w, "--all", "--case", number, *options) if r["notice"]["state"] == state and r["notice"]["person"] == person]
        return found if len(found) >= count else None
    try:
        return wait_for(what, look)
    except RuntimeError as error:
        raise RuntimeError(f"{error}; there are: {rows(w, '--all', '--case', number)}") from None


def name(row):
    return row["number"], row["notice"]["obligation"], row["notice"]["slot"]


@test
def without_dead_letters_the_list_says_so(w):
    done = w.suite.callout("notice", key="admin", check=False)
    assert done.returncode == 0 and "there are no dead letters" in done.stderr, done
    wrong = w.suite.callout("notice", "list", "--state", "lost", check=False)
    assert wrong.returncode == 2 and "accepted, failed, unknown" in wrong.stderr, wrong
    gone = w.suite.callout("notice", "burn", check=False)
    assert gone.returncode == 2 and "list, show and resend" in gone.stderr, gone


@test
def what_is_given_up_is_listed_and_sent_again_on_demand(w):
    w.box.replies = {"RCPT": "550 5.1.1 no such user"}
    number = submit(w)
    (letter, *_) = wait_rows(w, "a dead letter", number, "failed")
    assert letter["notice"]["detail"].startswith("550"), letter
    assert name(letter) in [name(r) for r in rows(w, "--person", PM, "--channel", "mail")]
    assert not rows(w, "--person", "nobody") and not rows(w, "--channel", "hook")
    table = w.suite.callout("notice", "list", "--case", number, key="admin")
    assert "550" in table and PM in table, table
    shown = json.loads(w.suite.callout("notice", "show", *name(letter), "-o", "json", key="admin"))
    assert shown["address"].startswith("pm-north@") and number in shown["subject"] and shown["body"], shown
    assert number in w.suite.callout("notice", "show", *name(letter), key="admin")
    w.box.replies = {}
    before = len(w.box.mails)
    done = w.suite.callout("notice", "resend", *name(letter), "--note", "the mailbox is there again", "--by", PM, key="admin")
    assert "resend_notice" in done, done
    wait_for("it arrives", lambda: any(letter["notice"]["obligation"].replace("/", ".") in w.box.mail(i)["Message-ID"]
                                       for i in range(before, len(w.box.mails))))
    wait_rows(w, "taken", number, "accepted")
    view = w.suite.case(number)
    notice = next(n for n in view["notices"] if (n["obligation"], n["slot"]) == name(letter)[1:])
    assert notice["state"] == "accepted" and notice["resent"][0]["source"] == "operator:admin", notice
    act = next(h for h in view["history"] if h["act"] == "resend_notice")
    assert (act["person"], act["outcome"]) == (PM, "applied"), act
    again = w.suite.callout("notice", "resend", *name(letter), key="admin", check=False)
    assert again.returncode == 3 and "told twice" in again.stderr, again


@test
def only_who_operates_the_suite_may_look_at_words_and_send_again(w):
    number = submit(w)
    (letter, *_) = wait_rows(w, "told", number, "accepted")
    assert rows(w, "--all", "--case", number, key="sample")
    for verb in ("show", "resend"):
        done = w.suite.callout("notice", verb, *name(letter), check=False)
        assert done.returncode == 3 and "operate" in done.stderr, done
    done = w.suite.callout("notice", "show", number, "opened", "pm/99", key="admin", check=False)
    assert done.returncode == 4, done
    done = w.suite.callout("notice", "resend", number, "opened", "pm/99", key="admin", check=False)
    assert done.returncode == 3 and "no such notice" in done.stderr, done


@test
def every_dead_letter_of_an_outage_goes_out_by_one_command(w):
    w.box.replies = {"RCPT": "550 5.7.1 away"}
    numbers = [submit(w) for _ in range(3)]
    for number in numbers:
        wait_rows(w, "a dead letter", number, "failed")
    wait_for("all are settled", lambda: not rows(w, "--state", "planned", "--state", "sending"))
    dead = len(rows(w, "--channel", "mail"))
    w.box.replies = {}
    done = w.suite.callout("notice", "resend", "--every", "--channel", "mail", key="admin", check=False)
    assert done.returncode == 0 and f"{dead} of {dead} are on their way" in done.stderr, done
    wait_for("none is left", lambda: not rows(w))


@test
def pages_of_notices_hold_each_once(w):
    seen, after = [], b""
    for _ in range(1000):
        page = w.admin.query("notices", limit=3, after=after)
        seen += [(n.case_id, n.notice.obligation, n.notice.generation, n.notice.slot) for n in page.notices]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == len(rows(w, "--all", "-n", "100000")) > 6, len(seen)
    assert seen == sorted(seen, reverse=True)


@test
def what_a_webhook_refuses_reaches_the_person_by_mail(w):
    w.hook.status = 404
    number = submit(w)
    found = wait_rows(w, "told by mail", number, "accepted", "--channel", "mail", person="support")
    assert found[0]["notice"]["channel"] == "mail", found
    view = w.suite.case(number)
    notice = next(n for n in view["notices"] if n["person"] == "support")
    assert notice["resent"][0]["before"] == "hook" and "404" in notice["resent"][0]["why"], notice
    ids = [w.box.mail(i)["Message-ID"] for i in range(len(w.box.mails))]
    assert any(w.hook.ids[-1] in i for i in ids), (w.hook.ids, ids)  # one key, whichever way


def main(build):
    reached = ("  support: {name: 样例远程支持,", "  support: {name: 样例远程支持, email: support@example.com, channels: [hook, mail],")
    with Suite(build, daemons=("sla", "dispatch", "intake"), rewrite=[reached]) as suite:
        suite.start("notify", env={"CALLOUT_RETRY_FIRST": "300ms", "CALLOUT_RETRY_LAST": "1s"})
        suite.wait_ready("notify")
        w = World(suite)
        keys = dict(line.strip().split(" = ") for line in open(f"{suite.dir}/keys/admin.key") if " = " in line)
        w.admin = w.client_module.Client(suite.endpoint, suite.public("intake"), keys["public"], keys["secret"])
        w.box, w.hook = Mailbox(), Hook(suite.ports["hooks"])
        w.box.start(suite.ports["smtp"])
        failures = run_tests(TESTS, w)
        w.box.stop()
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) != 0)
