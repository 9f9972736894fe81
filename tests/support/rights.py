"""What the roles of the services may do in the database, and what their statements need; for tests.

A right is (schema.name, privilege). EXPLAIN of a prepared statement checks the rights of the role as running it would.
"""
import glob
import os
import re
import subprocess

from database import ROOT, query

SERVICES = ("intake", "sla", "dispatch", "notify")
# Statements of lib/io that leased services run, and intake, an observer, does not.
LEASED = {"count_attempt", "forget_attempts", "make_cursors", "move_cursor", "move_parked", "park_case", "release_lane", "take_lane",
          "unpark_case", "append_entries", "read_cursors", "read_parked"}

ALL_RIGHTS = """
SELECT n.nspname || '.' || c.relname, p.privilege, CASE WHEN c.relkind = 'S' THEN has_sequence_privilege({role}, c.oid, p.privilege)
       ELSE has_table_privilege({role}, c.oid, p.privilege) END
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL unnest(CASE WHEN c.relkind = 'S' THEN ARRAY['SELECT', 'UPDATE', 'USAGE']
                                ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] END) AS p (privilege)
 WHERE n.nspname = ANY ('{{journal,read,registry,intake,sla,dispatch,notify,callout_meta,public}}') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
 ORDER BY 1, 2"""


def rights_of(url, role):
    """{(name, privilege): has}, of every relation and sequence of ours."""
    return {(name, privilege): has == "t" for name, privilege, has in query(url, ALL_RIGHTS.format(role=f"'{role}'"))}


def statements_of(service):
    """{file: text}"""
    own = glob.glob(f"{ROOT}/services/{service}/sql/*.sql")
    shared = [p for p in glob.glob(f"{ROOT}/lib/io/sql/*.sql") if service != "intake" or os.path.basename(p)[:-4] not in LEASED]
    return {os.path.relpath(p, ROOT): open(p).read() for p in own + shared}


def body_of(text):
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip().rstrip(";")


def script_of(text):
    count = max([int(n) for n in re.findall(r"\$(\d+)", text)] or [0])
    nulls = f"({', '.join(['NULL'] * count)})" if count else ""
    return f"PREPARE s AS {body_of(text)};\nEXPLAIN (COSTS off) EXECUTE s{nulls};\n"


def psql_all(url, script):
    """What psql says of errors, with the marks of \\warn between them, in order."""
    return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "VERBOSITY=terse", url], input=script, capture_output=True, text=True).stderr


def runs(statements):
    return "".join(f"SAVEPOINT one;\n\\warn at {name}\n{script_of(text)}ROLLBACK TO one;\nDEALLOCATE ALL;\n" for name, text in sorted(statements.items()))


def refused(url, role, statements):
    """{file: what the server says}: those of these statements that this role may not run."""
    said, at = {}, None
    for line in psql_all(url, f"BEGIN;\nSET LOCAL ROLE {role};\n{runs(statements)}ROLLBACK;\n").splitlines():
        at = line[3:] if line.startswith("at ") else at
        if "ERROR" in line:
            said.setdefault(at, line)
    return said


def superfluous(url, role, rights, statements):
    """Those of the rights without which every statement can be run as well."""
    script = ""
    for name, privilege in sorted(rights):
        about = {n: t for n, t in statements.items() if re.search(re.escape(name) + r"\b", body_of(t))}
        script += f"\\warn right {name} {privilege}\nBEGIN;\nREVOKE {privilege} ON {name} FROM {role};\nSET LOCAL ROLE {role};\n{runs(about)}ROLLBACK;\n"
    needed, at = set(), None
    for line in psql_all(url, script).splitlines():
        at = tuple(line.split()[1:]) if line.startswith("right ") else at
        if "permission denied" in line:
            needed.add(at)
    return sorted(set(rights) - needed)
