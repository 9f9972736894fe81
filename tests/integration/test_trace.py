"""Logs and traces of a suite: every line is logfmt without secrets, levels change while it runs, a trace reaches the webhook.

    test_trace.py BUILD
"""
import glob
import json
import os
import re
import signal
import sys
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support")]
from database import psql  # noqa: E402
from suite import DAEMONS, Suite, free_port, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

BUILD = sys.argv[1]
TICKET = {"customer": "haihe-bank", "site": "haihe-tianjin", "product": "storage", "traits": ["badly_degraded"]}
BARE = r"[^\s\"=]+"
PAIR = re.compile(rf'([a-z_]+)=({BARE}|"(?:[^"\\]|\\.)*")(?: |$)')
tests = []


def test(function):
    tests.append(function)
    return function


def context():
    return f"00-{uuid.uuid4().hex}-00f067aa0ba902b7-01"


def trace_of(traceparent):
    return traceparent.split("-")[1] if traceparent else ""


def submit(w, traceparent, **fields):
    ticket = w.client_module.M["SubmitTicket"](key=uuid.uuid4().hex, title="array offline", wait_ms=5000, **{**TICKET, **fields})
    return w.client.call(5000, traceparent=traceparent, submit=ticket).submitted.number


def entries(w, number):
    return w.client.query("entries", number=number, limit=1000).entries


def has_kind(w, number, kind):
    found = [e for e in entries(w, number) if e.event.WhichOneof("body") == kind]
    return found[0].event if found else None


def fields(line):
    """The pairs of a line of logfmt; raises where it is not one."""
    found, at = {}, 0
    while at < len(line):
        m = PAIR.match(line, at)
        assert m, f"not logfmt at {at}: {line}"
        assert m.group(1) not in found, f"{m.group(1)} twice: {line}"
        found[m.group(1)] = m.group(2).strip('"')
        at = m.end()
    return found


def log(w, name):
    with open(f"{w.suite.dir}/{name}.log") as file:
        return [fields(line.rstrip("\n")) for line in file]


def hooks(w):
    found = []
    for path in sorted(glob.glob(f"{w.suite.dir}/hooks/*")):
        head, _, body = open(path).read().partition("\n\n")
        headers = dict(line.split(": ", 1) for line in head.lower().splitlines()[1:])
        found.append((headers, body))
    return found


@test
def debug_is_switched_on_by_a_signal(w):
    for daemon in DAEMONS:
        w.suite.kill(daemon, signal.SIGUSR1)
        wait_for("the switch", lambda: any(l["event"] == "log_level" and l["to"] == "debug" for l in log(w, daemon)))


@test
def what_follows_from_a_report_carries_its_trace_to_the_webhook(w):
    report = context()
    number = submit(w, report, onsite=True)
    wait_for("a task order", lambda: has_kind(w, number, "task_order_drafted"))
    wait_for("a settled notice", lambda: has_kind(w, number, "notice_settled"))
    spans = {}
    for e in entries(w, number):
        kind = e.event.WhichOneof("body")
        assert trace_of(e.event.traceparent) == trace_of(report), (kind, e.event.traceparent)
        assert e.event.traceparent.endswith("-01") and len(e.event.traceparent) == 55, e.event.traceparent
        spans.setdefault(kind, e.event.traceparent.split("-")[2])
    of_hops = [spans[kind] for kind in ("ticket_submitted", "case_opened", "site_located", "notice_planned")]
    assert len(set(of_hops + [report.split("-")[2]])) == 5, spans
    posted = wait_for("a webhook of the case", lambda: [h for h in hooks(w) if f"/callout/cases/{number}" in h[1]])
    for headers, body in posted:
        assert trace_of(headers["traceparent"]) == trace_of(report), headers
    sent = {headers["traceparent"] for headers, _ in posted}
    assert len(sent) == len(posted), "each attempt is a span of its own"


@test
def what_a_command_causes_belongs_to_its_own_trace(w):
    report, other = context(), context()
    number = submit(w, report)
    wait_for("an opened case", lambda: has_kind(w, number, "case_opened"))
    act = w.client_module.M["Command"](key=uuid.uuid4().hex, number=number, act=3)
    assert w.client.call(5000, traceparent=other, command=act).verdict.applied
    assert trace_of(wait_for("a verdict", lambda: has_kind(w, number, "command_applied")).traceparent) == trace_of(other)
    bare = w.client_module.M["Command"](key=uuid.uuid4().hex, number=number, act=8)
    w.client.call(5000, command=bare)
    for e in entries(w, number):
        assert trace_of(e.event.traceparent) in (trace_of(report), trace_of(other), ""), e.event.WhichOneof("body")
    received = [e.event for e in entries(w, number) if e.event.WhichOneof("body") == "command_received"]
    assert received[-1].traceparent == ""  # it came with none ...
    verdicts = [e.event for e in entries(w, number) if e.event.WhichOneof("body") in ("command_applied", "command_refused")]
    assert trace_of(verdicts[-1].traceparent) == trace_of(report)  # ... and what followed belongs to the report


@test
def what_happens_by_itself_belongs_to_the_trace_of_the_report(w):
    report = context()
    number = submit(w, report, occurred_us=int(time.time() * 1e6) - 40 * 60 * 1000000)
    for kind in ("breached", "warned", "escalated"):
        event = has_kind(w, number, kind)
        if event is not None:
            break
    event = wait_for("a breach", lambda: has_kind(w, number, "breached"))
    assert trace_of(event.traceparent) == trace_of(report)
    # after a restart of everybody: it is in the database
    for daemon in ("sla", "dispatch", "notify"):
        assert w.suite.kill(daemon, signal.SIGTERM) == 0
        w.suite.start(daemon)
    for daemon in ("sla", "dispatch", "notify"):
        w.suite.wait_ready(daemon)
        w.suite.kill(daemon, signal.SIGUSR1)  # they begin at info
    act = w.client_module.M["Command"](key=uuid.uuid4().hex, number=number, act=3)
    assert w.client.call(10000, command=act).code == 0
    verdict = wait_for("a verdict", lambda: has_kind(w, number, "command_applied") or has_kind(w, number, "command_refused"))
    assert trace_of(verdict.traceparent) == trace_of(report)
    assert psql(w.suite.url, "-c", "SELECT count(*) FROM notify.notice WHERE trace <> '' AND length(trace) <> 55") == "0"


@test
def a_report_without_trace_has_none(w):
    number = submit(w, "")
    wait_for("a settled notice", lambda: has_kind(w, number, "notice_settled"))
    assert all(e.event.traceparent == "" for e in entries(w, number))
    posted = wait_for("a webhook of the case", lambda: [h for h in hooks(w) if f"/callout/cases/{number}" in h[1]])
    assert all("traceparent" not in headers for headers, _ in posted)
    assert "no trace: the report came without traceparent" in w.suite.callout("trace", number)


@test
def the_command_shows_the_way_of_a_case(w):
    report = context()
    number = submit(w, report)
    wait_for("settled notices", lambda: has_kind(w, number, "notice_settled"))
    shown = w.suite.callout("trace", number)
    for service, kind in (("intake", "ticket_submitted"), ("sla", "case_opened"), ("dispatch", "site_located"), ("notify", "notice_planned")):
        assert re.search(rf"^\S+ \S+ +{service} .* {kind} ", shown, re.M), shown
    assert f"trace 1: {trace_of(report)}" in shown and re.search(r"[\d.]+ ms after ticket_submitted", shown), shown
    way = json.loads(w.suite.callout("trace", number, "-o", "json"))
    assert way["number"] == number and way["traces"] == [trace_of(report)], way
    steps = way["steps"]
    assert steps[0]["kind"] == "ticket_submitted" and steps[0]["since_report_ms"] == 0 and "after" not in steps[0]
    assert [s["at_us"] for s in steps] == [e.at_us for e in entries(w, number)][:len(steps)]
    opened = next(s for s in steps if s["kind"] == "case_opened")
    assert opened["service"] == "sla" and opened["after"] == "ticket_submitted" and 0 <= opened["after_ms"] < 5000, opened
    settled = next(s for s in steps if s["kind"] == "notice_settled")
    assert settled["after"] == "notice_planned" and settled["after_ms"] >= 0, settled
    assert way["notices"] and all(n["attempts"] >= 0 and n["state"] for n in way["notices"]), way["notices"]
    for step, before in zip(steps[1:], steps):
        assert abs(step["since_before_ms"] - (step["at_us"] - before["at_us"]) / 1e3) < 0.01
    assert w.suite.callout("trace", "C-ZZZZZZ", check=False).returncode in (3, 4)


@test
def log_lines_of_a_case_have_its_number_and_its_trace(w):
    other = context()
    number = submit(w, other)
    wait_for("a settled notice", lambda: has_kind(w, number, "notice_settled"))
    for daemon in ("sla", "dispatch", "notify"):
        lines = [l for l in log(w, daemon) if l["event"] == "emitting" and l["number"] == number]
        assert lines and all(trace_of(l["trace"]) == trace_of(other) for l in lines), (daemon, lines)
    attempts = [l for l in log(w, "notify") if l["event"] == "attempt_started" and l["number"] == number]
    assert attempts and all(trace_of(l["trace"]) == trace_of(other) for l in attempts)


@test
def the_level_follows_the_file_at_a_signal_and_nothing_else_does(w):
    conf, port = f"{w.suite.dir}/sla-2.conf", free_port()
    write = lambda text: open(conf, "w").write(text)  # noqa: E731
    write("log-level = warn\ninstance = sla-2.one\n")
    w.suite.spawn("sla-2", [f"{BUILD}/callout-sla", "--config", conf, "--mesh-endpoint", f"ipc://{w.suite.dir}/sla-2.sock",
                            "--http-address", f"127.0.0.1:{port}"])
    w.suite.ports["http_sla-2"] = port
    w.suite.wait_ready("sla-2")
    assert [l for l in log(w, "sla-2") if l["level"] in ("info", "debug")] == []

    def hup(text):
        lines = len(log(w, "sla-2"))
        write(text)
        w.suite.kill("sla-2", signal.SIGHUP)
        return wait_for("an answer", lambda: [l for l in log(w, "sla-2")[lines:] if l["event"].startswith("reload")])[0]

    said = hup("log-level = debug\ninstance = sla-2.two\n")
    assert said["event"] == "reloaded" and said["log_level"] == "debug" and said["needs_restart"] == "instance", said
    for _ in range(20):  # half of the lanes are its own
        submit(w, context())
    wait_for("debug lines", lambda: [l for l in log(w, "sla-2") if l["level"] == "debug"])
    assert {l["instance"] for l in log(w, "sla-2")} == {"sla-2.one"}
    said = hup("log-level = loud\n")
    assert said["event"] == "reload_refused" and "loud" in said["why"], said
    said = hup("log-levl = info\n")
    assert said["event"] == "reload_refused" and "log-level" in said["why"], said
    os.unlink(conf)
    w.suite.kill("sla-2", signal.SIGHUP)
    wait_for("a refusal", lambda: log(w, "sla-2")[-1]["event"] == "reload_refused" or
             [l for l in log(w, "sla-2")[-20:] if l["event"] == "reload_refused" and "No such file" in l["why"]])
    said = hup("log-level = info\ninstance = sla-2.one\n")
    assert said["log_level"] == "info" and said["needs_restart"] == "", said
    for _ in range(3):
        submit(w, context())
    assert w.suite.kill("sla-2", signal.SIGTERM) == 0
    for daemon in DAEMONS:
        w.suite.kill(daemon, signal.SIGHUP)  # without a file: the options are as they were
        wait_for("an answer", lambda: [l for l in log(w, daemon) if l["event"] == "reloaded"])
    number = submit(w, context())
    wait_for("work goes on", lambda: has_kind(w, number, "notice_settled"))


@test
def every_line_is_logfmt_with_its_head_and_without_secrets(w):
    secrets = [line.split(" = ")[1].strip().strip('"') for path in glob.glob(f"{w.suite.dir}/keys/*.key")
               for line in open(path) if line.startswith("secret")]
    secrets += ["whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", w.suite.url, "array offline"]
    addresses = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", "".join(open(p).read() for p in glob.glob(f"{w.suite.dir}/registry/*.yaml"))))
    assert len(secrets) > 7 and addresses
    lines = 0
    for daemon in (*DAEMONS, "sla-2"):
        with open(f"{w.suite.dir}/{daemon}.log") as file:
            text = file.read()
        for secret in [*secrets, *addresses]:
            assert secret not in text, f"{daemon}: {secret}"
        for line in log(w, daemon):
            lines += 1
            assert list(line)[:5] == ["ts", "level", "service", "instance", "event"], line
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["ts"]), line
            assert line["level"] in ("debug", "info", "warn", "error") and line["service"] == daemon.split("-")[0], line
            assert re.fullmatch(r"[a-z][a-z_]*", line["event"]), line
    print(f"        {lines} lines", flush=True)
    assert lines > 100


def main():
    with Suite(BUILD) as suite:
        failures = run_tests(tests, World(suite))
    print(f"Checks: {len(tests)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
