#!/usr/bin/python3
"""The whole way of a visit in one case, through the real daemons: from the drafted task order to the archive, over two visits that
were handed up. It is walked twice: what one walk sends by `callout act`, the other sends over the socket. At each stage a decision
out of order is refused with what is possible, a fact out of order is taken and the missing one asked for, and mail tells who must know.

Usage: test_way_on_site.py BUILD_DIR
"""
import datetime
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from suite import Suite, wait_for  # noqa: E402
from world import HOUR, World, run_tests  # noqa: E402

FAR = dict(latitude=43.8, longitude=87.6)  # over 1,500 km from every office: both sides agree on the time
SKILL = {"bj-1": 3, "sh-1": 3, "gz-3": 3, "cd-1": 3}  # of samples/registry/engineers.yaml; the others have 2 or 1
PM, DIRECTOR, CUSTOMER = ("pm", "pm-north"), ("director", "director"), ("customer", "haihe-ops")
OPTIONS = {"severity": "--severity", "agreed_us": "--agreed", "name": "--name", "note": "--note", "occurred_us": "--at",
           "solved": "--solved", "rating": "--rating"}


class Walk:
    """One case. Every second step is sent by command line, the others over the socket; `turn` says which begins."""

    def __init__(self, world, turn):
        self.w, self.turn, self.sent = world, turn, {}
        self.number = world.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["partly_degraded"],
                                   position=FAR).number

    def send(self, act, who, **more):
        """(taken, reason, acts possible, acts missing) of the verdict."""
        role, person = who
        self.turn = not self.turn
        self.sent.setdefault(act, set()).add("act" if self.turn else "socket")
        return (self.by_command if self.turn else self.by_socket)(act, role, person, more)

    def by_socket(self, act, role, person, more):
        module = self.w.client_module
        try:
            verdict = self.w.client.command(self.number, act, role="ROLE_" + role.upper(), person=person, **more)
        except module.Refused as problem:
            verdict = problem.args[0].verdict
        names = module.M["Verdict"].DESCRIPTOR.fields_by_name["possible"].enum_type.values_by_number
        possible, missing = ([names[a].name[len("ACT_"):].lower() for a in acts] for acts in (verdict.possible, verdict.missing))
        return verdict.applied, verdict.reason, possible, missing

    def by_command(self, act, role, person, more):
        words = ["act", self.number, act, "--as", role, "--by", person, "-o", "json"]
        for name, value in more.items():
            if name.endswith("_us"):
                value = datetime.datetime.fromtimestamp(value / 1e6, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
            words += [OPTIONS[name], str(value).removeprefix("SOLVED_").lower() if name == "solved" else str(value)]
        done = self.w.suite.callout(*words, check=False)
        assert done.stdout.startswith("{"), (words, done)
        verdict = json.loads(done.stdout).get("verdict", {})
        assert (done.returncode == 0) == verdict.get("applied", False), done
        return verdict.get("applied", False), verdict.get("reason", ""), verdict.get("possible", []), verdict.get("missing", [])

    def does(self, act, who, **more):
        applied, reason, _, missing = self.send(act, who, **more)
        assert applied and not missing, (act, reason, missing)

    def does_early(self, act, who, missing, **more):
        """A fact before the one that should have come first: taken, and that one asked for."""
        applied, reason, _, asked_for = self.send(act, who, **more)
        assert applied and asked_for == [missing], (act, reason, asked_for)

    def refused(self, act, who, says, possible, **more):
        """A decision out of order; `possible` is among what is possible now, or None where nothing of its kind is."""
        applied, reason, can, _ = self.send(act, who, **more)
        assert not applied and says in reason and (possible in can if possible else not can), (act, applied, reason, can)

    def told(self, obligation, *people):
        for person in people:
            self.wait(f"{person} is told {obligation}", lambda v: any(
                n.obligation.startswith(obligation) and n.person == person for n in v.notices))

    def mailed(self, address, words):
        def look():
            lines = open(f"{self.w.suite.dir}/sink.log").read().splitlines()
            return any(f"mail to {address}@example.com" in line and self.number in line and words in line for line in lines)
        wait_for(f"{self.number}: a mail to {address}: {words}", look)

    def whynot(self, words, waits_for):
        text = self.w.suite.callout("whynot", self.number)
        assert f"\n{words}" in text and "would be asked" in text, text
        assert json.loads(self.w.suite.callout("whynot", self.number, "-o", "json"))["waits_for"] == waits_for

    def wait(self, what, check):
        return self.w.wait(self.number, what, check)

    def state(self, state):
        return self.wait(state, lambda v: v.order.state == state)

    def now_us(self):
        return max(row.at_us for row in self.w.view(self.number).history)

    def offered(self, count):
        """The engineer of the open offer, which is the count-th of the case."""
        view = self.wait(f"offer {count}", lambda v: len(v.order.offers) >= count and v.order.offers[-1].state == "open")
        self.offers = len(view.order.offers)
        offer = view.order.offers[-1]
        self.told(f"offered/{offer.generation}", offer.engineer)
        return offer.engineer


def remote(k):
    k.refused("confirm_order", PM, "no visit is planned", "onsite_requested")
    k.does_early("process_started", DIRECTOR, "contacted")
    k.does("contacted", ("support", "support"))
    k.does("remote_gave_up", ("support", "support"))


def task_order(k):
    """Drafted by itself, the level judged by the technical department, confirmed by the project manager."""
    view = k.state("drafted")
    assert 0 < view.order.confirm_by_us - view.reported_us < HOUR and not view.order.offers, view.order
    k.told("drafted/1", "pm-north")
    k.whynot("once the task order is confirmed, ", "confirmation")
    k.mailed("pm-north", "派工单待确认")
    k.refused("accept", ("engineer", "cd-2"), "before the project manager has confirmed", "confirm_order")
    k.does("set_severity", ("expert", "expert"), severity=2)
    view = k.wait("level 2", lambda v: v.severity == 2)
    k.told("severity/", "haihe-ops", "director", "pm-north")
    k.mailed("haihe-ops", "级别由")
    k.refused("set_severity", DIRECTOR, "no such severity", "set_severity", severity=9)
    k.does("confirm_order", PM)
    k.refused("confirm_order", PM, "confirmed already", "name_engineer")


def agreed(k):
    """Both sides: nobody is asked before."""
    view = k.wait("the time has to be agreed", lambda v: v.order.missing == "agreed_time")
    assert not view.order.offers and k.w.clock(view, "agreement").due_us > view.reported_us, view
    k.mailed("pm-north", "请与客户约定到场时间")
    k.mailed("haihe-ops", "到场时间待约定")
    k.whynot("once the time of arrival is agreed, ", "agreed_time")
    k.refused("agree", CUSTOMER, "No proposed time waits", "propose_time")
    k.does("propose_time", PM, agreed_us=view.reported_us + 30 * HOUR)
    k.refused("agree", PM, "other side", "reject_time")
    k.does("reject_time", CUSTOMER, note="the machine room is closed on that day")
    time_us = view.reported_us + 48 * HOUR
    k.does("propose_time", CUSTOMER, agreed_us=time_us)
    k.does("agree", PM)
    view = k.wait("the agreed time", lambda v: k.w.clock(v, "arrival").due_us == time_us)
    assert k.w.clock(view, "agreement").state == "met", view.clocks
    k.mailed("haihe-ops", "工程师最迟 20")


def named_engineer(k):
    """A senior engineer is asked; the technical department names another one of the level."""
    first = k.offered(1)
    assert first not in ("bj-4", "sh-4", "gz-4", "wh-3", "xa-2"), first  # not a senior engineer
    view = k.w.view(k.number)
    assert view.order.offers[0].arrive_by_us == k.w.clock(view, "arrival").due_us, view.order
    name = "cd-3" if first != "cd-3" else "cd-2"
    k.does("name_engineer", DIRECTOR, name=name)
    assert k.offered(2) == name
    k.refused("accept", ("engineer", first), "withdrawn", "name_engineer")
    k.does("accept", ("engineer", name))
    k.state("assigned")
    k.told("assigned/", "haihe-ops", "pm-north", name)
    k.mailed("haihe-ops", "前往现场")
    k.refused("accept", ("engineer", name), "accepted already", "recall")
    return ("engineer", name)


def first_visit(k, engineer):
    left_us = k.now_us() + 1
    k.does_early("arrived", engineer, "underway")
    k.does("underway", engineer, occurred_us=left_us)
    k.state("arrived")
    k.wait("arrival met", lambda v: k.w.clock(v, "arrival").state == "met")
    k.refused("name_engineer", DIRECTOR, "somebody is on site", "handed_up", name="cd-1")
    k.does("investigated", engineer)
    k.told("act/investigated/", "director")  # level 2
    k.mailed("director", "故障调查报告已提交")
    k.does("finding_given", engineer)
    k.told("act/finding_given/", "haihe-ops", "pm-north")  # to the customer and the company
    k.mailed("haihe-ops", "初步结论和建议")
    k.does("recommended", DIRECTOR)
    k.does("consulted", CUSTOMER)
    k.refused("sign", CUSTOMER, "nothing to sign yet", "restored")


def handed_up(k, engineer, generation):
    """Not solved: told, another task order, another time, and somebody of a higher level while there is one."""
    k.does("handed_up", engineer, note="the controller has to be opened")
    k.told("act/handed_up/", "pm-north", "director", "expert")
    k.mailed("expert", "not solved, a higher level is needed")
    view = k.wait("another arrival is promised", lambda v: k.w.clock(v, "arrival").generation == generation and
                  v.order.state == "drafted")
    k.told(f"drafted/{generation}", "pm-north")
    k.refused("accept", ("engineer", "gz-1"), "before the project manager has confirmed", "confirm_order")
    k.does("confirm_order", PM)
    k.wait("the time has to be agreed", lambda v: v.order.missing == "agreed_time")
    k.does("agree", PM, agreed_us=view.reported_us + 60 * HOUR)
    higher = k.offered(k.offers + 1)
    assert SKILL.get(higher, 2) == 3 and higher != engineer[1], (higher, engineer)
    k.does("accept", ("engineer", higher))
    k.state("assigned")
    return ("engineer", higher)


def second_visit(k, engineer):
    """At level 1 the fault report goes to the technical engineer; the steps of this visit are asked for again."""
    k.does("set_severity", DIRECTOR, severity=1)
    k.does("underway", engineer)
    k.does("arrived", engineer)
    k.state("arrived")
    k.refused("decline", engineer, "he is on site", "restored")
    found_us = k.now_us() + 1
    k.does_early("finding_given", engineer, "investigated")
    k.does("investigated", engineer, occurred_us=found_us)
    k.told("act/investigated/", "expert")
    k.mailed("expert", "fault report sent")
    k.does("recommended", ("expert", "expert"))
    k.does("consulted", CUSTOMER)


def third_visit(k, engineer):
    """Hardware with its expected time, a substitute, restored, the full fix, the machine replaced."""
    for act in ("underway", "arrived", "investigated", "finding_given"):
        k.does(act, engineer)
    k.does("recommended", ("expert", "expert"))
    k.does("consulted", CUSTOMER)
    ready_us = k.now_us() + 5 * HOUR
    k.does_early("hardware_expected", engineer, "hardware_fault", agreed_us=ready_us)
    k.does("hardware_fault", engineer)
    k.does("hardware_expected", engineer, agreed_us=ready_us + HOUR)
    view = k.wait("the hardware has a time", lambda v: v.hardware_expected_us == ready_us + HOUR)
    assert k.w.clock(view, "hardware").due_us == ready_us + HOUR, view.clocks
    k.does("substitute_ready", engineer)
    k.does("hardware_ready", engineer)
    view = k.wait("the limit of restoring runs", lambda v: k.w.clock(v, "restore").state == "running")
    assert k.w.clock(view, "hardware").state == "met" and k.w.clock(view, "restore").due_us > view.reported_us, view.clocks
    k.refused("archive", DIRECTOR, "not closed yet", "cancel")
    k.does("restored", engineer)
    k.wait("he is free again", lambda v: v.order.state == "ended" and k.w.clock(v, "restore").state == "met")
    k.told("act/restored/", "haihe-ops", "pm-north")
    k.mailed("haihe-ops", "请签署服务意见")
    k.refused("accept", engineer, "the visit is over", "handed_up")
    k.does_early("fixed", engineer, "fix_planned")
    k.does("fix_planned", engineer)
    k.does("replaced", engineer)


def signed_and_archived(k):
    k.does("sign", CUSTOMER)
    k.refused("sign", CUSTOMER, "signed already", "sign")
    assert k.w.view(k.number).state == "open"
    k.told("promised/call_back/", "pm-north")
    k.does("called_back", PM, solved="SOLVED_YES", rating=4)
    k.wait("what he says", lambda v: v.calls and v.calls[-1].rating == 4 and k.w.clock(v, "call_back").state == "met")
    k.does("sign", PM)
    k.wait("closed", lambda v: v.state == "closed")
    k.told("closed", "haihe-ops", "pm-north")
    k.mailed("haihe-ops", "已结束")
    k.refused("cancel", CUSTOMER, "closed", "archive")
    k.does("archive", DIRECTOR)
    k.wait("archived", lambda v: v.state == "archived")


def walk(w, turn):
    k = Walk(w, turn)
    remote(k)
    task_order(k)
    agreed(k)
    engineer = named_engineer(k)
    first_visit(k, engineer)
    engineer = handed_up(k, engineer, 2)
    second_visit(k, engineer)
    engineer = handed_up(k, engineer, 3)
    third_visit(k, engineer)
    signed_and_archived(k)
    return k


def a_case_goes_its_whole_way_and_again_with_command_line_and_socket_exchanged(w):
    first, second = walk(w, False), walk(w, True)
    assert first.sent.keys() == second.sent.keys()
    for act, ways in first.sent.items():
        assert ways | second.sent[act] == {"act", "socket"}, (act, ways)
    shown = w.suite.callout("show", first.number)
    for act in first.sent:
        assert act in shown, (act, shown)


def every_case_folded_anew_gives_what_was_announced(w):
    print(w.suite.callout("audit", "refold"), end="")  # an exit code other than 0 raises


TESTS = [a_case_goes_its_whole_way_and_again_with_command_line_and_socket_exchanged, every_case_folded_anew_gives_what_was_announced]


def main():
    with Suite(sys.argv[1]) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
