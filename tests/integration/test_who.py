#!/usr/bin/python3
"""Who is told, through the real daemons: rotation, leave, delegates, roles with nobody, quiet hours.

Usage: test_who.py BUILD_DIR
"""
import datetime
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from mail_server import Mailbox  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

TESTS = []
ALWAYS = "{weekdays: [1, 2, 3, 4, 5, 6, 7], hours: '00:00-24:00'}"
NEVER = "{weekdays: [1], hours: '00:00-01:00', from_day: 2020-01-01, until_day: 2020-01-08}"
LEAVE = "absences: [{from: 2020-01-01T00:00:00Z, until: 2099-01-01T00:00:00Z, why: leave}]"
# Two project managers in turn of whom one has the shift; the other one's director is on leave, and his delegate reads English; nobody of the
# service managers is there; the desk has two people, one of whom is away.
NOW = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
QUIET_FROM = NOW - datetime.timedelta(hours=1)
QUIET_UNTIL = NOW + datetime.timedelta(seconds=30 + 60)  # cut to its minute: 30 s to 90 s from now
QUIET = f"'{QUIET_FROM:%H:%M}-{QUIET_UNTIL:%H:%M}'"
REWRITE = [
    ("  director: {name: 样例技术总监,", "  night: {name: Night, language: en, email: night@example.com}\n"
     f"  still: {{name: Still, email: still@example.com, calendar: cn-office, quiet: {QUIET}, language: en}}\n"
     f"  gone: {{name: Gone, email: gone@example.com, calendar: cn-office, quiet: {QUIET}, delegate: bj-1}}\n"
     "  director: {name: 样例技术总监, delegate: expert,"),
    ("    holders: {pm: pm-north, director: director, sales: sales, service_manager: service-manager}\n  haihe-virt", "    holders: {pm: [pm-north, night], director: director, expert: service-manager, support: still, vendor: gone}\n  haihe-virt"),
    ("    holders: {desk: desk, support:", "    holders: {desk: [desk, night], support:"),
    ("rosters:\n", f"rosters:\n  pm-north: {{calendar: cn-office, rules: [{NEVER}]}}\n  night: {{calendar: cn-office, rules: [{ALWAYS}]}}\n"
                   f"  director: {{calendar: cn-office, {LEAVE}}}\n  service-manager: {{calendar: cn-office, {LEAVE}}}\n"
                   f"  desk: {{calendar: cn-office, {LEAVE}}}\n"),
    # a new case tells these at once
    ("  notices:\n    # 3.2: the fault", "  notices:\n    - on: opened\n      roles: [pm, director, expert, support, vendor]\n"
     "      subject: {zh: '新案例 {number}', en: 'New case {number}'}\n      body: {zh: '{site}：{title}', en: '{site}: {title}'}\n    # 3.2: the fault"),
]


def test(function):
    TESTS.append(function)
    return function


def notices(w, number):
    out = w.suite.callout("notice", "list", "--all", "--case", number, "-o", "json", key="admin")
    return {(r["notice"]["obligation"], r["notice"]["slot"]): r["notice"] for r in map(json.loads, out.splitlines())}


def told(w, number, obligation, slot):
    return wait_for(f"{obligation} {slot}", lambda: (n := notices(w, number).get((obligation, slot))) and n["state"] == "accepted" and n)


def mail_of(w, number, to, obligation):
    def look():
        mails = [w.box.mail(i) for i in range(len(w.box.mails))]
        return next((m for m in mails if to in m["To"] and obligation.replace("/", ".") in m["Message-ID"] and number in m["Message-ID"]), None)
    return wait_for(f"a mail to {to}", look)


@test
def whoever_is_on_duty_is_told_and_delegates_read_for_whom(w):
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    pm = told(w, number, "opened", "pm/0")
    assert pm["person"] == "night" and not pm.get("stands_for") and not pm.get("why_him"), pm
    assert ("opened", "pm/1") not in notices(w, number)
    director = told(w, number, "opened", "director/0")
    assert (director["person"], director["stands_for"], director["why_him"]) == ("expert", "director", "for director, who is on leave"), director
    mail = mail_of(w, number, "expert@", "opened")
    assert mail["Subject"].endswith("(for 样例技术总监)") and mail["Subject"].startswith("New case"), mail["Subject"]
    assert mail.get_content().startswith("You are told this for 样例技术总监."), mail.get_content()
    shown = w.suite.callout("notice", "show", number, "opened", "director/0", key="admin")
    assert "for       director\n" in shown and "because   for director, who is on leave\n" in shown, shown
    assert "expert for director" in w.suite.callout("show", number), number


@test
def a_role_with_nobody_on_duty_goes_up_the_ladder_and_the_desk_hears_it(w):
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    instead = wait_for("told instead", lambda: notices(w, number).get(("opened", "expert/0")))
    assert instead["person"] == "night" and instead["why_him"] == "nobody on duty is expert", instead
    assert instead["state"] == "cancelled" and instead["detail"] == "told as pm/0", instead
    desk = told(w, number, "nobody/expert", "desk/0")
    assert desk["person"] == "night" and ("nobody/expert", "desk/1") not in notices(w, number), desk
    assert "no expert is on duty" in mail_of(w, number, "night@", "nobody/expert")["Subject"]


@test
def what_can_wait_waits_for_the_end_of_quiet_hours_and_goes_to_who_is_there_then(w):
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", stated_severity=3).number
    waiting = wait_for("planned", lambda: notices(w, number).get(("opened", "support/0")))
    assert (waiting["person"], waiting["state"], waiting["detail"]) == ("still", "planned", f"quiet hours until {QUIET_UNTIL:%H:%M}"), waiting
    shown = w.suite.callout("notice", "show", number, "opened", "support/0", key="admin")
    assert f"waits     quiet hours until {QUIET_UNTIL:%H:%M}\n" in shown and f":{QUIET_UNTIL:%M}:00" in shown.split("next")[1].split("\n")[0], shown
    path = f"{w.suite.dir}/registry/rosters.yaml"
    text = open(path).read()
    open(path, "w").write(text.replace("rosters:\n", f"rosters:\n  gone: {{calendar: cn-office, {LEAVE}}}\n"))
    w.suite.apply_samples()
    assert notices(w, number)["opened", "vendor/0"]["person"] == "gone"
    assert wait_for("quiet hours are over", lambda: notices(w, number)["opened", "vendor/0"].get("attempts", 0) >= 1, limit_s=150)
    ends = told(w, number, "opened", "vendor/0")
    assert (ends["person"], ends["stands_for"], ends["why_him"]) == ("bj-1", "gone", "for gone, who is on leave"), ends
    assert told(w, number, "opened", "support/0")["person"] == "still"
    mail = mail_of(w, number, "still@", "opened")
    assert "it waited for the end of quiet hours" in mail.get_content(), mail.get_content()
    view = next(n for n in w.suite.case(number)["notices"] if (n["obligation"], n["slot"]) == ("opened", "vendor/0"))
    assert (view["person"], view["stands_for"], view["resent"][0]["to"]) == ("bj-1", "gone", "bj-1"), view
    urgent = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", stated_severity=1).number
    assert told(w, urgent, "opened", "support/0")["person"] == "still"


def main(build):
    with Suite(build, daemons=("sla", "dispatch", "intake"), rewrite=REWRITE) as suite:
        suite.start("notify", env={"CALLOUT_RETRY_FIRST": "300ms", "CALLOUT_RETRY_LAST": "1s"})
        suite.wait_ready("notify")
        w = World(suite)
        w.box = Mailbox()
        w.box.start(suite.ports["smtp"])
        failures = run_tests(TESTS, w)
        w.box.stop()
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) != 0)
