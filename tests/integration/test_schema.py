#!/usr/bin/python3
"""Daemons and the schema of the database: one that does not fit is named with the command that helps, and nobody has to be started
again; a release that the schema has left behind does not work on it; what older releases use is not taken away while they run.

Usage: test_schema.py BUILD_DIR
"""
import os
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, wait_for  # noqa: E402
from world import run_tests  # noqa: E402

NEWEST = "SELECT number FROM callout_meta.migration WHERE service = 'sla' ORDER BY number DESC LIMIT 1"


class Empty(Suite):
    """A database without a schema, and no daemon yet."""

    def callout(self, *arguments, **more):
        return "" if arguments[0] == "migrate" and self.is_held else super().callout(*arguments, **more)

    is_held = True

    @property
    def suite(self):
        return self

    def migrated(self):
        self.is_held = False
        return self.callout("migrate")

    def reasons(self, name):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['http_' + name]}/readyz", timeout=2) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()
        except OSError:
            return ""

    def fresh(self, name):
        """A log that begins with this start of the daemon."""
        if name in self.running:
            self.kill(name, 15)
        open(f"{self.dir}/{name}.log", "w").close()
        self.start(name)


def daemons_wait_for_a_schema_and_say_which_command_helps(suite):
    for name in ("sla", "intake"):
        suite.fresh(name)
        wait_for(f"{name} says so", lambda: "callout migrate" in suite.reasons(name))
        assert "schema: " in suite.reasons(name), suite.reasons(name)
    suite.migrated()
    for name in ("sla", "intake"):
        suite.wait_ready(name)
        log = open(f"{suite.dir}/{name}.log").read()
        assert log.count("event=journal_unusable") >= 1 and "callout migrate" in log, log


def an_older_schema_is_named_with_what_is_missing(suite):
    number = query(suite.url, NEWEST)[0][0]
    row = query(suite.url, f"SELECT name, sha256 FROM callout_meta.migration WHERE service = 'sla' AND number = {number}")[0]
    psql(suite.url, "-c", f"DELETE FROM callout_meta.migration WHERE service = 'sla' AND number = {number}")
    suite.fresh("dispatch")
    expected = f"sla up to {int(number) - 1:04d}, and {int(number):04d} is needed; run: callout migrate"
    wait_for("it says what is missing", lambda: expected in suite.reasons("dispatch"))
    psql(suite.url, "-c", f"INSERT INTO callout_meta.migration (service, number, name, sha256) VALUES ('sla', {number}, '{row[0]}', '{row[1]}')")
    suite.wait_ready("dispatch")


def a_newer_schema_is_worked_with(suite):
    psql(suite.url, "-c", "INSERT INTO callout_meta.migration (service, number, name, sha256) VALUES ('sla', 9999, 'ahead', '')")
    suite.fresh("dispatch")
    suite.wait_ready("dispatch")
    said = suite.callout("migrate", check=False)
    assert said.returncode != 0 and "the database is newer than this program: sla 9999_ahead" in said.stderr, said.stderr
    psql(suite.url, "-c", "DELETE FROM callout_meta.migration WHERE number = 9999")


def nothing_is_taken_away_while_an_older_release_runs(suite):
    release = query(suite.url, "SELECT DISTINCT release FROM journal.member WHERE seen_at > now() - interval '5 s'")
    assert len(release) == 1 and release[0][0].count(".") == 2, release
    psql(suite.url, "-c", f"SELECT journal.contract('{release[0][0]}')")  # all that run are of it
    try:
        psql(suite.url, "-c", "SELECT journal.contract('9.0.0')")
        raise AssertionError("older daemons run")
    except RuntimeError as error:
        assert "such are running: dispatch." in str(error) and "upgrade them first" in str(error), error
    assert query(suite.url, "SELECT least_release FROM journal.config") == release


def a_release_that_the_schema_has_left_behind_does_not_work_on_it(suite):
    before = query(suite.url, "SELECT least_release FROM journal.config")[0][0]
    psql(suite.url, "-c", "UPDATE journal.config SET least_release = '9.0.0'")
    suite.fresh("dispatch")
    wait_for("it says so", lambda: "9.0.0 or newer: upgrade this daemon" in suite.reasons("dispatch"))
    assert query(suite.url, "SELECT count(*) FROM journal.cursor WHERE owner LIKE 'dispatch.%'") == [["0"]]
    psql(suite.url, "-c", f"UPDATE journal.config SET least_release = '{before}'")
    suite.wait_ready("dispatch")


TESTS = (daemons_wait_for_a_schema_and_say_which_command_helps, an_older_schema_is_named_with_what_is_missing,
         a_newer_schema_is_worked_with, nothing_is_taken_away_while_an_older_release_runs,
         a_release_that_the_schema_has_left_behind_does_not_work_on_it)


if __name__ == "__main__":
    with Empty(sys.argv[1], daemons=(), registry=()) as empty:
        failed = run_tests(TESTS, empty)
    sys.exit(failed > 0)
