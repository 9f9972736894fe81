#!/usr/bin/python3
"""Notices answered by the codes in them, through the real daemons: accepted, declined, acknowledged, called back; used, forged, over, withdrawn.

Usage: test_answer.py BUILD_DIR
"""
import os
import re
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

CODE = re.compile(r"C-[0-9A-Z]+-[0-9A-Z]{10}")
WORDS = {"accept": ("接受", "accept"), "decline": ("拒绝", "decline"), "ack": ("我来处理", "I take care of it"), "call": ("请回电", "call me back")}
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def offered(w):
    done = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["data_damaged"], onsite=True)
    w.confirm(done.number)
    return w.wait(done.number, "an offer", lambda v: v.order.offers and v.order.offers[-1].state == "open")


def words_of(w, view, obligation):
    """The text of the notice, as it was sent."""
    rows = query(w.suite.url, f"SELECT replace(body, E'\\n', ' ') FROM notify.notice_text WHERE case_id = {view.case_id} AND obligation = '{obligation}'")
    return rows[0][0]


def code_of(w, view, obligation, what):
    w.wait(view.number, obligation, lambda v: any(n.obligation == obligation for n in v.notices))
    text = words_of(w, view, obligation)
    for word in WORDS[what]:
        found = re.search(re.escape(word) + r" (" + CODE.pattern + ")", text)
        if found:
            return found.group(1)
    raise AssertionError(f"no code for {what} in: {text}")


def answer(w, code, **more):
    message = w.client_module.M["Answer"](key=uuid.uuid4().hex, code=code, **more)
    return w.client.call(message.wait_ms or 2000, answer=message)


def refused(w, code, **more):
    try:
        answer(w, code, **more)
    except w.client_module.Refused as problem:
        return problem.args[0]
    raise AssertionError(f"{code} was taken")


def refused_or_busy(w, code):
    """The reply to an answer that is not taken, at the first try; None: it is taken."""
    m, socket = w.client_module.M, w.client.socket
    request = m["Request"](request_id=uuid.uuid4().hex, answer=m["Answer"](key=uuid.uuid4().hex, code=code))
    socket.send(request.SerializeToString())
    while socket.poll(10000):
        reply = m["Reply"].FromString(socket.recv_multipart()[-1])
        if reply.request_id == request.request_id:
            return None if reply.code in w.client_module.FINE else reply
    raise AssertionError("no answer")


def names(w, number):
    values = w.client_module.M["Command"].DESCRIPTOR.fields_by_name["act"].enum_type.values_by_number
    return [(values[h.act].name, h.person, h.outcome) for h in w.view(number).history]


@test
def an_engineer_accepts_by_the_code_in_his_notice(w):
    view = offered(w)
    offer = view.order.offers[-1]
    code = code_of(w, view, f"offered/{offer.generation}", "accept")
    first = answer(w, code.lower().replace("-", " ")).verdict
    assert first.applied
    view = w.wait(view.number, "assigned", lambda v: v.order.engineer == offer.engineer)
    delivered = w.client_module.M["NoticeView"].DESCRIPTOR.fields_by_name["state"].enum_type.values_by_name["NOTICE_DELIVERED"].number
    w.wait(view.number, "that he has it", lambda v: [n.state for n in v.notices if n.obligation == f"offered/{offer.generation}" and n.person == offer.engineer] == [delivered])
    assert ("ACT_ACCEPT", offer.engineer, "applied") in names(w, view.number)
    again = refused(w, code)
    assert again.error.message == f"this was answered before, by command {first.command_id} of {view.number}", again
    assert again.error.field == "answer.code", again
    other = code_of(w, view, f"offered/{offer.generation}", "decline")
    assert "answered before" in refused(w, other).error.message  # an offer is answered once
    assert w.client.command(view.number, "cancel").applied


@test
def who_declines_by_his_code_is_followed_by_the_next(w):
    view = offered(w)
    offer = view.order.offers[-1]
    code = code_of(w, view, f"offered/{offer.generation}", "decline")
    key = uuid.uuid4().hex
    message = w.client_module.M["Answer"](key=key, code=code, note="ill")
    first, second = (w.client.call(2000, answer=message).verdict for _ in range(2))
    assert first.applied and first.command_id == second.command_id, (first, second)
    view = w.wait(view.number, "the next offer", lambda v: len(v.order.offers) > 1)
    assert view.order.offers[0].state == "declined" and view.order.offers[1].engineer != offer.engineer
    assert w.client.command(view.number, "cancel").applied


@test
def a_forged_code_and_one_of_another_case_are_refused(w):
    one, other = offered(w), offered(w)
    code = code_of(w, one, f"offered/{one.order.offers[-1].generation}", "accept")
    number, mark = code.rsplit("-", 1)
    wrong = mark[:-1] + ("0" if mark[-1] != "0" else "1")
    for forged in (f"{number}-{wrong}", f"{other.number}-{mark}", "C-180D-0000000000", "C-180D", "hello", "x" * 64):
        assert "no such code" in refused(w, forged).error.message, forged
    assert all(h[0] != "ACT_ACCEPT" for n in (one.number, other.number) for h in names(w, n))
    for view in (one, other):
        assert w.client.command(view.number, "cancel").applied


@test
def a_code_ends_with_its_offer_and_with_its_time(w):
    view = offered(w)
    code = code_of(w, view, f"offered/{view.order.offers[-1].generation}", "accept")
    assert w.client.command(view.number, "cancel").applied
    w.wait(view.number, "the end", lambda v: v.order.offers[-1].state == "withdrawn")
    w.wait(view.number, "taken back", lambda v: query(w.suite.url, f"SELECT bool_and(recalled) FROM notify.notice WHERE case_id = {view.case_id} "
                                                    "AND obligation LIKE 'offered/%'") == [["t"]])
    assert "no longer holds" in refused(w, code).error.message
    view = offered(w)
    code = code_of(w, view, f"offered/{view.order.offers[-1].generation}", "accept")
    query(w.suite.url, f"UPDATE notify.notice SET answer_by = now() - interval '1 second' WHERE case_id = {view.case_id} AND secret IS NOT NULL")
    assert "time of this code is over" in refused(w, code).error.message
    assert w.client.command(view.number, "cancel").applied


@test
def a_customer_who_wants_to_be_called_is_told_to_those_who_call(w):
    number = w.submit(customer="haihe-bank", site="haihe-langfang", product="storage", traits=["log_full"]).number
    view = w.view(number)
    code = code_of(w, view, "opened", "call")
    done = w.suite.callout("answer", code, "--note", "after 14:00")
    assert "answered" in done, done
    view = w.wait(number, "told", lambda v: sum(n.obligation.startswith("act/call_me_back/") for n in v.notices) == 2)
    told = sorted(n.person for n in view.notices if n.obligation.startswith("act/call_me_back/"))
    assert told == ["pm-north", "support"], told
    again = w.suite.callout("answer", code, check=False)
    assert again.returncode != 0 and "answered before" in again.stderr, again
    assert w.suite.callout("answer", "C-180D-0000000000", check=False).returncode != 0


@test
def codes_are_nowhere_in_the_journal(w):
    codes = {c for (body,) in query(w.suite.url, "SELECT replace(body, E'\\n', ' ') FROM notify.notice_text") for c in CODE.findall(body)}
    assert len(codes) > 5, codes
    for column in ("encode(body, 'escape')",):
        journal = " ".join(row[0] for row in query(w.suite.url, f"SELECT {column} FROM journal.entry"))
        assert not [c for c in codes if c in journal]
    print(w.suite.callout("audit", "refold"), end="")  # an exit code other than 0 raises


@test
def after_many_wrong_codes_of_a_client_its_answers_wait(w):
    view = offered(w)
    code = code_of(w, view, f"offered/{view.order.offers[-1].generation}", "accept")
    busy = w.client_module.CODES["CODE_BUSY"]
    for _ in range(30):
        problem = refused_or_busy(w, "C-180D-0000000000")
        if problem.code == busy:
            break
        assert "no such code" in problem.error.message, problem
    assert problem.code == busy and 0 < problem.error.retry_after_ms <= 5000, problem
    assert "wrong codes" in problem.error.message, problem
    assert refused_or_busy(w, code).code == busy  # nothing is looked up
    assert w.view(view.number).number == view.number  # everything else goes on
    wait_for("the pause is over", lambda: refused_or_busy(w, code) is None, step_s=0.2)
    assert "no such code" in refused_or_busy(w, "C-180D-0000000000").error.message  # the right one ended it
    metrics = w.suite.metrics("intake")
    assert re.search(r"^callout_intake_answer_pauses_total 1$", metrics, re.M), metrics
    assert w.client.command(view.number, "cancel").applied


def main():
    with Suite(sys.argv[1]) as suite:
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
