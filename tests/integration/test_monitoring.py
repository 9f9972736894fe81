"""What operations see: figures and their page, alerts, why a daemon is not ready, callout check.

    test_monitoring.py BUILD
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "journal")]
from database import ROOT, Database, psql, query  # noqa: E402
from peers import Session  # noqa: E402
from server import Server  # noqa: E402
from suite import DAEMONS, Suite, free_port, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

BUILD = sys.argv[1]
PAGE = open(f"{ROOT}/docs/monitoring.md").read()
RULES = open(f"{ROOT}/deploy/prometheus/callout.rules.yml").read()
PROMTOOL = shutil.which("promtool")
# Only where a router of roads is configured.
ELSEWHERE = {"callout_dispatch_roads_total", "callout_dispatch_road_seconds"}
tests = []


def test(function):
    tests.append(function)
    return function


def promtool(*arguments, text=None, cwd=None):
    if PROMTOOL is None:
        print("        promtool is not installed (package prometheus): not looked at", flush=True)
        return
    done = subprocess.run([PROMTOOL, *arguments], input=text, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0 and (arguments[0] == "test" or not done.stderr), done.stdout + done.stderr


def families(text):
    return set(re.findall(r"^# TYPE (\S+)", text, re.M))


def value(w, daemon, name, **labels):
    """The sum of the series of a figure that have these labels."""
    found = 0.0
    for line in w.suite.metrics(daemon).splitlines():
        m = re.match(r"(\w+)(?:\{(.*)\})? (\S+)$", line)
        if m and m.group(1) == name and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', m.group(2) or "")).items():
            found += float(m.group(3))
    return found


def get(w, daemon, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{w.suite.ports['http_' + daemon]}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def not_ready(w, daemon, reason, limit_s=30):
    def look():
        status, text = get(w, daemon, "/readyz")
        return status == 503 and text.startswith("not ready\n") and reason in text
    wait_for(f"{daemon} is not ready: {reason}", look, limit_s)
    assert get(w, daemon, "/livez") == (200, "ok\n")
    assert value(w, daemon, "callout_ready") == 0


@contextlib.contextmanager
def locked(w, statement):
    session = Session(w.suite.url)
    try:
        session.rows("BEGIN")
        session.rows(statement)
        yield
        session.rows("ROLLBACK")
    finally:
        session.close()


@test
def promtool_has_nothing_to_say_about_the_figures_of_any_daemon(w):
    w.submit(customer="haihe-bank", site="haihe-tianjin", traits=["badly_degraded"])
    for daemon in DAEMONS:
        promtool("check", "metrics", text=w.suite.metrics(daemon))


@test
def every_figure_is_on_the_page_and_nothing_else(w):
    told = set(re.findall(r"`((?:callout|process)_[a-z_]+)`", re.sub(r"^## Alerts.*", "", PAGE, flags=re.M | re.S)))
    shown = set().union(*(families(w.suite.metrics(daemon)) for daemon in DAEMONS))
    told -= {"callout_suite_"}
    assert shown <= told, f"not on the page: {sorted(shown - told)}"
    assert told <= shown | ELSEWHERE, f"only on the page: {sorted(told - shown - ELSEWHERE)}"


@test
def every_alert_has_its_section_and_its_figures_are_there(w):
    alerts = re.findall(r"- alert: (\w+)", RULES)
    sections = re.findall(r"^### (Callout\w+)$", PAGE, re.M)
    assert alerts == list(dict.fromkeys(alerts)) and set(alerts) == set(sections), set(alerts) ^ set(sections)
    assert re.findall(r"monitoring.md#(\w+)", RULES) == [a.lower() for a in alerts]
    severities = re.findall(r"severity: (\w+)", RULES)
    assert len(severities) == len(alerts) and set(severities) == {"page", "ticket"}
    for alert, severity in zip(alerts, severities):
        assert f"### {alert}\n{severity}. " in PAGE, alert
    shown = set().union(*(families(w.suite.metrics(daemon)) for daemon in DAEMONS))
    used = {re.sub("_bucket$", "", name) for name in re.findall(r"\b((?:callout|process)_[a-z_]+)\b", RULES)
            if not name.startswith("callout_suite_age_seconds_")} - {"callout_suite_"}
    assert used <= shown | ELSEWHERE, used - shown


@test
def the_alerts_do_what_their_tests_say(w):
    room = f"{ROOT}/deploy/prometheus"
    promtool("check", "config", "prometheus.yml", cwd=room)
    promtool("test", "rules", "callout.test.yml", cwd=room)
    tested = open(f"{room}/callout.test.yml").read()
    for alert in re.findall(r"- alert: (\w+)", RULES):
        assert f"name: {alert} fires\n" in tested and f"name: {alert} does not fire\n" in tested, alert


@test
def what_happens_is_counted(w):
    before = {d: value(w, d, "callout_turn_entries_total") for d in ("sla", "dispatch", "notify")}
    taken = value(w, "intake", "callout_intake_requests_total", kind="submit", code="ok")
    number = w.submit(customer="haihe-bank", site="haihe-tianjin", traits=["badly_degraded"], onsite=True).number
    w.confirm(number)
    assert value(w, "intake", "callout_intake_requests_total", kind="submit", code="ok") == taken + 1
    for daemon, entries in before.items():
        wait_for(f"{daemon} takes entries in", lambda: value(w, daemon, "callout_turn_entries_total") > entries)
        assert value(w, daemon, "callout_lanes_owned") == 16
        assert value(w, daemon, "callout_turn_seconds_count") > 0
        assert value(w, daemon, "callout_database_seconds_count") > 0
    wait_for("an offer", lambda: value(w, "dispatch", "callout_dispatch_offers_total") > 0)
    wait_for("a notice that was taken", lambda: value(w, "notify", "callout_notify_attempts_total", outcome="taken") > 0)
    assert value(w, "sla", "callout_timers_pending") > 0
    assert 0 < value(w, "intake", "process_open_fds") < value(w, "intake", "process_max_fds")
    assert abs(time.time() - value(w, "intake", "process_start_time_seconds")) < 600
    assert value(w, "intake", "process_resident_memory_bytes") > 1e6 and value(w, "intake", "process_cpu_seconds_total") > 0
    refused = value(w, "intake", "callout_zap_total", verdict="refused")
    assert w.suite.callout("status", "--timeout", "1s", key="other", check=False).returncode != 0
    wait_for("a refused key", lambda: value(w, "intake", "callout_zap_total", verdict="refused") > refused)


def checked(w, *arguments, key=None):
    done = w.suite.callout("check", *arguments, key=key, check=False)
    assert done.stdout.count("\n") == 1 and not done.stderr, (done.stdout, done.stderr)
    return done.returncode, done.stdout


@test
def a_check_is_ok_or_a_warning_by_its_thresholds(w):
    calm = ["--warning", "holidays=", "--warning", "time=", "--critical", "time="]
    wait_for("calm", lambda: checked(w, *calm)[0] == 0)
    code, line = checked(w, *calm)
    assert code == 0 and re.match(r"CALLOUT OK - 4 processes, 16 lanes, \d+ cases open \| without_process=0;;0 lanes=0;0;7 ", line), line
    code, line = checked(w, *calm, "--warning", "entries=@0:100000")
    assert code == 1 and line.startswith("CALLOUT WARNING - ") and "entries that wait" in line, line
    code, line = checked(w, *calm, "--critical", "room=1e15:")
    assert code == 2 and line.startswith("CALLOUT CRITICAL - ") and "left in the journal's partitions" in line, line


@test
def a_check_is_unknown_where_nobody_answers_and_where_it_is_asked_wrongly(w):
    code, line = checked(w, "--endpoint", f"tcp://127.0.0.1:{free_port()}", "--timeout", "500ms")
    assert code == 3 and line.startswith("CALLOUT UNKNOWN - "), line
    code, line = checked(w, "--timeout", "1s", key="other")
    assert code == 3 and line.startswith("CALLOUT UNKNOWN - "), line
    code, line = checked(w, "--warning", "parkd=1")
    assert code == 3 and "parkd=1" in line, line
    assert w.suite.callout("check", "--wrong", check=False).returncode == 3
    assert w.suite.callout("check", "--help").startswith("usage:") or "NAME=RANGE" in w.suite.callout("check", "--help")


@test
def thresholds_on_the_page_are_those_of_the_command(w):
    _, line = checked(w)
    said = re.findall(r" (\w+)=[\d.-]+s?;([^; ]*);(\S*)", line.split("|")[1].rstrip("\n") + " ")
    told = [(m[0], m[1].strip("`"), m[2].strip("`"))
            for m in re.findall(r"^\| `(\w+)` \| s? ?\| ?(`[^`]*`)? ?\| ?(`[^`]*`)? ?\|", PAGE, re.M)]
    assert said == told, (said, told)
    help_text = w.suite.callout("check", "--help")
    for name, _, _ in said:
        assert re.search(rf"\b{name}\b", help_text), name


@test
def lanes_without_owner_are_told_by_intake_and_by_check_when_the_service_is_gone(w):
    w.suite.kill("dispatch")
    wait_for("no process of dispatch", lambda: value(w, "intake", "callout_suite_members", service="dispatch") == 0, 40)
    assert value(w, "intake", "callout_suite_lanes_unowned", service="dispatch") == 16
    assert value(w, "intake", "callout_suite_lanes_unowned", service="sla") == 0
    number = w.submit(customer="haihe-bank", site="haihe-tianjin", traits=["badly_degraded"], onsite=True).number
    code, line = checked(w)
    assert code == 2 and "1 services without a process (dispatch)" in line and "16 lanes without an owner (dispatch)" in line, line
    assert re.search(r"^dispatch +0 +0 of 16 ", w.suite.callout("status"), re.M), w.suite.callout("status")
    wait_for("the lag in seconds", lambda: value(w, "intake", "callout_suite_lag_seconds", service="dispatch") > 1)
    assert value(w, "intake", "callout_suite_lag_entries", service="dispatch") > 0
    w.suite.start("dispatch")
    w.suite.wait_ready("dispatch")
    w.confirm(number)
    wait_for("lanes owned", lambda: value(w, "intake", "callout_suite_lanes_unowned", service="dispatch") == 0)
    assert value(w, "dispatch", "callout_lanes_taken_total", owner_died="true") == 16


@test
def a_process_that_waits_for_its_lanes_is_not_ready(w):
    w.suite.kill("dispatch", signal.SIGTERM)
    with locked(w, "SELECT 1 FROM journal.cursor WHERE service = 'dispatch' FOR UPDATE"):
        w.suite.start("dispatch")
        wait_for("dispatch answers", lambda: get_or_none(w, "dispatch"))
        not_ready(w, "dispatch", "lanes: 16 to be taken yet")
    w.suite.wait_ready("dispatch")
    assert value(w, "dispatch", "callout_ready") == 1


def get_or_none(w, daemon):
    try:
        return get(w, daemon, "/livez")
    except OSError:
        return None


@test
def a_process_that_cannot_renew_its_row_is_not_ready(w):
    with locked(w, "SELECT 1 FROM journal.member WHERE service = 'notify' FOR UPDATE"):
        not_ready(w, "notify", "database: this process did not renew its row in time")
        assert value(w, "notify", "callout_beat_age_seconds") > 3
    w.suite.wait_ready("notify")


@test
def figures_of_the_suite_that_wait_for_a_lock_hold_up_no_heartbeat(w):
    sql = "SELECT application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%notify_aside%'"
    with locked(w, "LOCK TABLE notify.aside IN ACCESS EXCLUSIVE MODE"):
        wait_for("the figures wait", lambda: query(w.suite.url, sql) != [])
        assert query(w.suite.url, sql) == [["callout intake questions"]], query(w.suite.url, sql)  # the beat goes by "callout control"


@test
def a_process_that_is_stopped_says_so_until_it_has_finished(w):
    answers = []
    with locked(w, "LOCK TABLE journal.lane IN SHARE MODE"):
        sender = threading.Thread(target=lambda: answers.append(w.suite.callout("submit", "--customer", "haihe-bank", "--title", "t", check=False)))
        sender.start()
        wait_for("a ticket that waits", lambda: value(w, "intake", "callout_intake_waiting") + value(w, "intake", "callout_intake_in_flight") > 0)
        w.suite.running["intake"].send_signal(signal.SIGTERM)
        not_ready(w, "intake", "stopping\n", 5)
    assert w.suite.running["intake"].wait(30) == 0
    w.suite.start("intake")
    w.suite.wait_ready("intake")
    sender.join(60)
    assert answers[0].returncode == 0, answers[0]


@test
def without_its_schema_a_daemon_says_which_command_helps(w):
    with Database(rooms=()) as empty:
        env = {"CALLOUT_DATABASE_URL": empty.url, "CALLOUT_DATABASE_ROLE": "none"}
        for name in ("sla-empty", "intake-empty"):
            w.suite.start(name, env=env) if name == "sla-empty" else start_intake(w, name, env)
            wait_for(f"{name} answers", lambda: get_or_none(w, name))
            not_ready(w, name, "run: callout migrate")
            not_ready(w, name, "registry: not loaded yet")
        not_ready(w, "intake-empty", "intake socket: not bound yet")
        for name in ("sla-empty", "intake-empty"):
            assert w.suite.kill(name, signal.SIGTERM) == 0
            del w.suite.running[name]


def start_intake(w, name, env):
    port = free_port()
    w.suite.spawn(name, [f"{BUILD}/callout-intake", "--http-address", f"127.0.0.1:{port}", "--endpoint", f"tcp://127.0.0.1:{free_port()}",
                         "--key-file", f"{w.suite.dir}/keys/intake.key", "--mesh-endpoint", f"ipc://{w.suite.dir}/{name}.sock",
                         "--instance", name], env)
    w.suite.ports["http_" + name] = port


@test
def without_the_database_each_daemon_is_not_ready_and_a_check_is_critical(w):
    w.server.stop("immediate")
    for daemon in DAEMONS:
        not_ready(w, daemon, "database: not connected")
        wait_for("no connection", lambda: value(w, daemon, "callout_database_connections") == 0)
        assert value(w, daemon, "callout_database_connections_lost_total") > 0
    code, line = checked(w, "--timeout", "1s")
    assert code == 2 and line.startswith("CALLOUT CRITICAL - unavailable"), line
    w.server.start()
    for daemon in DAEMONS:
        w.suite.wait_ready(daemon)
    w.submit(customer="haihe-bank", site="haihe-tianjin", traits=["badly_degraded"])


def main():
    with Server(fast=True) as server, Suite(BUILD) as suite:
        world = World(suite)
        world.server = server
        failures = run_tests(tests, world)
    print(f"Checks: {len(tests)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
