"""callout policy check: the packs that are shipped, one with mistakes, files that are not there, and the registry in force.

    test_policy_check.py BUILD
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT  # noqa: E402
from suite import Suite  # noqa: E402

BUILD = sys.argv[1]
SHIPPED = ["policies", "calendars", "samples/registry"]
KNOWN = ["--from", "2026-01-01", "--days", "300"]  # days whose holidays are in calendars/
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def check(*words, keys=None, code=0, cwd=ROOT):
    command = [f"{BUILD}/callout", "policy", "check", *words] + (["--keys", keys] if keys else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == code, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def findings(*words, **more):
    return json.loads(check(*words, "-o", "json", **more).stdout)


def changed(room, old, new):
    """The shipped files with one place of the storage pack changed; returns its last line."""
    for path in SHIPPED:
        shutil.copytree(f"{ROOT}/{path}", f"{room}/{path}")
    name = f"{room}/policies/storage-after-sales.yaml"
    text = open(name).read()
    assert text.count(old) >= 1, old
    with open(name, "w") as f:
        f.write(text.replace(old, new, 1))
    return [line for line, row in enumerate(open(name), 1) if new.splitlines()[-1] in row][0]


@test
def what_is_shipped_has_no_error_and_no_warning_but_the_sample_that_ends(keys, _):
    report = findings(*SHIPPED, *KNOWN, keys=keys)
    assert report.get("errors", 0) == 0, report
    assert [(f["check"], f["key"]) for f in report["findings"]] == [("contract_gap", "linhai-2023")], report
    assert report["packs"] == len([n for n in os.listdir(f"{ROOT}/policies") if n.endswith(".yaml")]), report


@test
def packs_alone_are_looked_at_without_contracts(_, __):
    done = check("policies", "calendars", *KNOWN)
    assert "0 errors, 0 warnings" in done.stdout, done.stdout


@test
def a_year_without_holidays_is_a_warning(keys, _):
    report = findings(*SHIPPED, "--from", "2026-09-01", "--days", "200", keys=keys)
    found = [f for f in report["findings"] if f["check"] == "holidays"]
    assert found and all(f["level"] == "warning" and "2027" in f["message"] for f in found), report
    assert {f["example_us"] for f in found} == {"1798732800000000"} or {int(f["example_us"]) for f in found} == {1798732800000000}, found


@test
def a_mistake_is_told_with_file_line_and_time_and_fails(keys, room):
    line = changed(room, "3: zone journey, 4: agreed}\n      warnings: [50%, 80%]", "3: zone journey, 4: agreed}\n      warnings: [50%, 3h before]")
    done = check(*SHIPPED, *KNOWN, keys=keys, code=1, cwd=room)
    assert f"policies/storage-after-sales.yaml:{line}: policy storage-after-sales milestones[" in done.stdout, done.stdout
    assert "error [late_warning]" in done.stdout and "3h before the end of arrival" in done.stdout, done.stdout
    assert "  for example 2026-01-01 00:00:00" in done.stdout, done.stdout
    report = findings("--policy", "storage-after-sales", *SHIPPED, *KNOWN, keys=keys, code=1, cwd=room)
    assert report["errors"] == 1 and report["packs"] == 1 and int(report["findings"][-1]["line"]) == line, report
    check("--policy", "os-support", *SHIPPED, *KNOWN, keys=keys, cwd=room)


@test
def a_role_whose_only_holder_is_away_is_found_with_the_first_time(keys, room):
    for path in SHIPPED:
        shutil.copytree(f"{ROOT}/{path}", f"{room}/{path}")
    with open(f"{room}/samples/registry/pm.yaml", "w") as f:
        f.write("rosters:\n  pm-north: {calendar: cn-office, absences: [{from: 2026-01-01T00:00:00Z, until: 2026-01-02T00:00:00Z}]}\n")
    found = [f for f in findings(*SHIPPED, *KNOWN, keys=keys, cwd=room)["findings"] if f["key"] == "haihe-2026"]
    assert found and found[0]["example"] == "2026-01-01T00:00:00Z", found


@test
def what_cannot_be_looked_at_says_why(keys, room):
    assert "there is no policy pack nobody" in check("policies", "calendars", "--policy", "nobody", code=4).stderr
    assert "there is no policy pack here" in check("calendars", code=4).stderr
    check("missing", code=4)
    for words in (["--from", "soon"], ["--days", "0"], ["--days", "x"]):
        check("policies", "calendars", *words, code=2)
    done = subprocess.run([f"{BUILD}/callout", "policy", "list"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "allowed is check" in done.stderr, done
    changed(room, "targets: {1: 30m,", "targets: {9: 30m,")
    assert "storage-after-sales.yaml:" in check(*SHIPPED, keys=keys, code=3, cwd=room).stderr


@test
def the_registry_in_force_is_looked_at_without_files(_, __):
    with Suite(BUILD) as suite:
        done = suite.callout("policy", "check", *KNOWN, "-o", "json", key="admin")
        report = json.loads(done)
        assert report.get("errors", 0) == 0 and [f["key"] for f in report["findings"]] == ["linhai-2023"], report
        assert report["findings"][0].get("file", "") == "", report


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="callout-policy-") as temp:
        keys = f"{temp}/keys"
        os.mkdir(keys)
        subprocess.run([f"{BUILD}/callout", "keygen", f"{keys}/sample"], check=True, capture_output=True)
        for i, function in enumerate(TESTS):
            room = f"{temp}/{i}"
            os.mkdir(room)
            try:
                function(keys, room)
            except Exception:
                failed += 1
                print(f"FAILED: {function.__name__}\n{traceback.format_exc()}", flush=True)
    print(f"Checks: {len(TESTS)}, Failures: {failed}, Errors: 0")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
