#!/usr/bin/python3
"""Steps of a policy pack through the real daemons: what is whose turn, what waits for what, what is handed over and accepted, and the
clock that stands while the customer owes something.

Usage: test_steps.py BUILD_DIR
"""
import hashlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from suite import Suite  # noqa: E402
from world import World, run_tests  # noqa: E402

TESTS = []

REGISTRY = """customers:
  bank: {name: {zh: 银行, en: Bank}}
sites:
  hall: {customer: bank, name: {zh: 机房, en: Hall}, address: somewhere, contact: ops}
persons:
  pm: {name: pm, language: en, email: pm@example.com}
  ops: {name: ops, language: en, email: ops@example.com}
  mate: {name: mate, language: en, email: mate@example.com}
  desk: {name: desk, language: en, email: desk@example.com}
desks: {desk: {holders: {desk: desk}}}
channels:
  mail: {kind: smtp, url: 'smtp://127.0.0.1:@SMTP@', from: callout@example.com}
compatibility:
  known: {name: {zh: 已知, en: Known}, kind: database, certified: true}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
contracts:
  bank-1: {customer: bank, name: {zh: 整合, en: Integration}, policy: integration, calendar: plant,
      holders: {pm: pm, service_manager: mate, expert: mate},
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
"""
PACK = """policy:
  name: integration
  title: {zh: 整合, en: Integration}
  source: made up for a test
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  conditions:
    unlisted: {zh: 不在列表中, en: Not on the list}
  unlisted: unlisted
  steps:
    - {key: scope, title: {zh: 商定范围, en: Scope agreed}, responsible: [service_manager], support: [customer], phase: before}
    - {key: cost, title: {zh: 同意费用, en: Extra cost agreed}, responsible: [customer], after: [scope], only_conditions: [unlisted]}
    - key: report
      title: {zh: 报告, en: Report}
      responsible: [expert]
      after: [cost]
      document: true
      accepted_by: [customer]
      phase: report
    - {key: runbook, title: {zh: 手册, en: Run-book}, responsible: [expert], open: [step_opened], may_skip: [pm], blocks: [sign]}
  finish_steps: [report]
  signers: [customer]
  milestones:
    - {name: work, title: {zh: 工作, en: Work}, start_steps: [scope], stop_steps: [report], pause_steps: [cost], targets: {1: 8h}}
  notices:
    - on: step_opened
      roles: [customer, service_manager, expert]
      subject: {zh: '{number} {duty}', en: 'Your turn in {number}: {duty}'}
      body: {zh: '{title}', en: '{title}'}
    - on: step_handed_over
      roles: [customer, expert]
      subject: {zh: '{number} {duty} {document}', en: '{number}: accept {duty}, {document}'}
      body: {zh: '{title}', en: '{title}'}
    - on: step_done
      step: report
      roles: [pm]
      subject: {zh: '{number} {duty} {document}', en: '{number}: {duty} is there: {document}'}
      body: {zh: '{title}', en: '{title}'}
"""
CALENDAR = """calendar: plant
zone: Asia/Shanghai
utc_offset: "+08:00"
week: {mon: ["09:00-18:00"], tue: ["09:00-18:00"], wed: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["09:00-18:00"]}
"""


def test(function):
    TESTS.append(function)
    return function


def apply(suite, pack=PACK):
    directory = f"{suite.dir}/own"
    os.makedirs(directory, exist_ok=True)
    for name, text in (("registry", REGISTRY.replace("@SMTP@", str(suite.ports["smtp"]))), ("pack", pack), ("plant", CALENDAR)):
        with open(f"{directory}/{name}.yaml", "w") as file:
            file.write(text)
    return suite.callout("apply", "-f", directory, "--keys", f"{suite.dir}/keys", "--yes", key="admin", check=False)


def act(w, number, *words, ok=True):
    done = w.suite.callout("act", number, *words, check=False)
    assert (done.returncode == 0) == ok, (words, done)
    return done.stdout + done.stderr


def opened(w, **ticket):
    number = w.submit(customer="bank", site="hall", **ticket).number
    return w.wait(number, "open", lambda v: v.state == "open" and any(s.state == "open" for s in v.steps)).number


def steps(view):
    return {s.step: s for s in view.steps}


def when_step(w, number, step, state):
    return w.wait(number, f"{step} {state}", lambda v: steps(v)[step].state == state)


@test
def apply_finds_what_is_wrong_with_steps(w):
    for wrong, right, said in (("after: [scope]", "after: [skope]", 'did you mean "scope"?'),
                               ("responsible: [customer], after", "responsible: [], after", "somebody has to do it"),
                               ("blocks: [sign]", "blocks: [arrived]", "no decision that a step can stand in the way of"),
                               ("support: [customer], phase: before", "after: [report]", "waits for itself"),
                               ("pause_steps: [cost]", "pause_steps: [costs]", 'did you mean "cost"?'),
                               ("step: report", "step: rapport", 'did you mean "report"?')):
        done = apply(w.suite, PACK.replace(wrong, right))
        assert done.returncode != 0 and said in done.stdout + done.stderr, (right, done)


@test
def a_case_shows_whose_turn_it_is_and_what_waits_for_what(w):
    number = opened(w, target="known")
    shown = w.suite.callout("show", number)
    assert "scope: Scope agreed" in shown and "service_manager" in shown, shown
    assert "waits for scope" in shown and "not needed" in shown, shown
    view = json.loads(w.suite.callout("show", number, "-o", "json"))
    assert [s["state"] for s in view["steps"]] == ["open", "not_needed", "waiting", "on_request"], view["steps"]
    assert view["steps"][2]["waits_for"] == ["scope"], view["steps"]


@test
def a_refusal_says_who_owes_what_comes_before(w):
    number = opened(w, target="unheard-of")
    said = act(w, number, "step_done", "--name", "report", "--as", "expert", "--document", "r.pdf", "--revision", "1", "--sha256", "00" * 32, ok=False)
    assert "The step report waits for cost (customer)." in said, said
    assert "Only service_manager may do the step scope." in act(w, number, "step_done", "--name", "scope", "--as", "pm", ok=False)
    assert "it has scope, cost, report, runbook" in act(w, number, "step_done", "--name", "x", "--as", "pm", ok=False)
    assert "--name STEP is needed" in act(w, number, "step_done", "--as", "pm", ok=False)
    assert "64 hexadecimal digits" in act(w, number, "step_done", "--name", "report", "--as", "expert", "--document", "r", "--sha256", "12", ok=False)


@test
def the_way_of_an_engagement_from_the_scope_to_the_signature(w):
    number = opened(w, target="unheard-of", title="Integrate")
    act(w, number, "step_done", "--name", "scope", "--as", "service_manager", "--by", "mate")
    view = w.wait(number, "stands", lambda v: any(c.milestone == "work" and c.state == "paused" for c in v.clocks))
    assert steps(view)["cost"].state == "open", view.steps
    explained = w.suite.callout("explain", number)
    assert "Extra cost agreed" in explained, explained
    act(w, number, "step_done", "--name", "cost", "--as", "customer", "--by", "ops")
    w.wait(number, "runs", lambda v: any(c.milestone == "work" and c.state == "running" for c in v.clocks))
    path = f"{w.suite.dir}/report.txt"
    with open(path, "w") as file:
        file.write("all is well")
    assert "say name, version and hash" in act(w, number, "step_done", "--name", "report", "--as", "expert", "--document", path, ok=False)
    act(w, number, "step_done", "--name", "report", "--as", "expert", "--by", "mate", "--document", path, "--revision", "1.0")
    view = when_step(w, number, "report", "done")
    assert steps(view)["report"].document.sha256 == hashlib.sha256(b"all is well").digest(), view.steps
    shown = w.suite.callout("show", number)
    assert "customer, to accept it" in shown and "when somebody asks for it: runbook\n" in shown, shown
    act(w, number, "step_returned", "--name", "report", "--as", "customer", "--by", "ops")
    when_step(w, number, "report", "open")
    act(w, number, "step_done", "--name", "report", "--as", "expert", "--by", "mate", "--document", path, "--revision", "1.1")
    act(w, number, "step_opened", "--name", "runbook", "--as", "customer")
    act(w, number, "step_accepted", "--name", "report", "--as", "customer", "--by", "ops")
    view = when_step(w, number, "report", "complete")
    assert steps(view)["report"].document.version == "1.1", view.steps
    assert "First these steps have to be complete: runbook (expert)." in act(w, number, "sign", "--as", "customer", ok=False)
    act(w, number, "step_skipped", "--name", "runbook", "--as", "pm")
    act(w, number, "sign", "--as", "customer", "--by", "ops")
    view = w.wait(number, "closed", lambda v: v.state == "closed")
    assert [c.state for c in view.clocks] == ["met"], view.clocks
    wanted = {("step_opened/scope/1", "mate"), ("step_opened/cost/1", "ops"), ("step_opened/report/1", "mate"),
              ("step_opened/report/2", "mate"), ("step_done/report/2", "pm"),
              ("step_handed_over/report/1", "ops"), ("step_handed_over/report/2", "ops")}
    view = w.wait(number, "told", lambda v: wanted <= {(n.obligation, n.person) for n in v.notices})
    assert ("step_handed_over/report/1", "mate") not in {(n.obligation, n.person) for n in view.notices}, view.notices
    assert ("step_opened/scope/1", "ops") not in {(n.obligation, n.person) for n in view.notices}, view.notices


@test
def what_was_announced_is_what_is_computed_anew(w):
    done = w.suite.callout("audit", "refold", check=False)
    assert done.returncode == 0, done


def main():
    with Suite(sys.argv[1], migrate=("--lanes", "4"), registry=()) as suite:
        done = apply(suite)
        assert done.returncode == 0, done
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
