"""A database of a test's own: made in CALLOUT_TEST_PG_URL, with the schema files given, dropped at the end."""
import glob
import os
import secrets
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def psql(url, *arguments, text=None):
    """Runs psql, returns what it printed, unaligned; raises with its message."""
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments, url],
                          input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.strip()


def query(url, sql):
    """Rows of a query as lists of text."""
    out = psql(url, "-F", "\t", "-c", sql)
    return [line.split("\t") for line in out.splitlines()]


class Database:
    """`with Database() as db`: db.url."""

    def __init__(self, rooms=("lib/io", "lib/registry"), settings=None):
        self.server = os.environ["CALLOUT_TEST_PG_URL"]
        self.name = "callout_test_" + secrets.token_hex(6)
        self.rooms = rooms
        self.settings = settings or {}

    def __enter__(self):
        psql(self.server, "-c", f"CREATE DATABASE {self.name}")
        head, _, tail = self.server.partition("?")
        self.url = head.rsplit("/", 1)[0] + "/" + self.name + ("?" + tail if tail else "")
        for key, value in self.settings.items():
            psql(self.server, "-c", f"ALTER DATABASE {self.name} SET {key} = '{value}'")
        for room in self.rooms:
            self.apply(room)
        return self

    def apply(self, room):
        """As `callout migrate` does, and with its list of what was applied."""
        for name in ("make_schema", "make_table"):
            psql(self.url, "-c", "SET client_min_messages = warning", "-f", os.path.join(ROOT, "lib/migrate/sql", name + ".sql"))
        service = {"io": "journal"}.get(os.path.basename(room), os.path.basename(room))
        for path in sorted(glob.glob(os.path.join(ROOT, room, "schema", "*.sql"))):
            number, _, name = os.path.basename(path)[:-4].partition("_")
            psql(self.url, "-1", "-f", path, "-c", "INSERT INTO callout_meta.migration (service, number, name, sha256)"
                                                   f" VALUES ('{service}', {int(number)}, '{name}', '')")

    def __exit__(self, *_):
        psql(self.server, "-c", f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
