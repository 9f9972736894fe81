#!/usr/bin/python3
"""What the role of each service may do in the database: what database_rights.txt says, and nothing that no statement needs.

Usage: test_database_rights.py BUILD_DIR
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import Database, psql, query  # noqa: E402
from rights import SERVICES, refused, rights_of, statements_of, superfluous  # noqa: E402
from wire import Checks  # noqa: E402

LETTERS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "U": "USAGE"}
BY_EXECUTION = {("intake.number_block", "USAGE")}  # nextval() asks when it runs, which EXPLAIN does not


def table():
    """{service: {(relation, privilege)}}"""
    rights = {service: set() for service in SERVICES}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "database_rights.txt")
    for line in open(path):
        if line.strip() and not line.startswith("#"):
            name, *columns = line.split()
            for service, letters in zip(SERVICES, columns, strict=True):
                rights[service] |= {(name, LETTERS[letter]) for letter in letters if letter != "-"}
    return rights


def is_equal(what, seen, wanted):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, not {wanted!r}")


def each_role_has_the_rights_of_the_table_and_no_other(db):
    wanted = table()
    for service in SERVICES:
        has = {right for right, is_there in rights_of(db.url, f"callout_{service}").items() if is_there}
        is_equal(f"{service}: more than the table, less than it", (sorted(has - wanted[service]), sorted(wanted[service] - has)), ([], []))


def every_statement_runs_with_the_rights_of_its_service(db):
    for service in SERVICES:
        statements = statements_of(service)
        is_equal("there are statements", len(statements) > 10, True)
        is_equal(service, refused(db.url, f"callout_{service}", statements), {})


def no_role_has_a_right_that_no_statement_needs(db):
    for service in SERVICES:
        is_equal(service, superfluous(db.url, f"callout_{service}", table()[service] - BY_EXECUTION, statements_of(service)), [])


def the_server_refuses_what_the_table_does_not_have(db):
    """Really tried, each kind on each relation: the catalogue is not taken at its word."""
    columns = dict(query(db.url, "SELECT n.nspname || '.' || c.relname, min(a.attname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                 " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relkind IN ('r', 'p', 'v')"
                                 " AND n.nspname = ANY ('{journal,read,registry,intake,sla,dispatch,notify,callout_meta}') GROUP BY 1"))
    tries = {"SELECT": "SELECT FROM {0} LIMIT 0", "INSERT": "INSERT INTO {0} SELECT (NULL::{0}).* WHERE false",
             "UPDATE": "UPDATE {0} SET {1} = DEFAULT WHERE false", "DELETE": "DELETE FROM {0} WHERE false", "TRUNCATE": "TRUNCATE {0}"}
    wanted, wrong, count = table(), [], 0
    for service in SERVICES:
        script = f"SET ROLE callout_{service};\n"
        for name, column in sorted(columns.items()):
            for privilege, text in tries.items():
                script += f"\\warn try {name} {privilege}\nBEGIN;\n{text.format(name, column)};\nROLLBACK;\n"
        said = subprocess.run(["psql", "-X", "-q", "-A", "-t", db.url], input=script, capture_output=True, text=True).stderr
        denied, at = set(), None
        for line in said.splitlines():
            at = tuple(line.split()[1:]) if line.startswith("try ") else at
            if "ERROR" in line:
                denied.add(at)
        for name in columns:
            for privilege in tries:
                count += 1
                alone = (name, privilege) in wanted[service]
                reads = privilege in ("UPDATE", "DELETE") and (name, "SELECT") not in wanted[service]
                if ((name, privilege) in denied) == alone and not reads:
                    wrong.append((service, name, privilege, "refused" if alone else "done"))
    is_equal("wrong", wrong, [])
    print(f"        {count} tries")


def nothing_is_for_everybody(db):
    schemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    is_equal("relations", query(db.url, f"SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a"
                                        f" WHERE {schemas} AND a.grantee = 0"), [])
    is_equal("functions", query(db.url, f"SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,"
                                        f" aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE {schemas} AND a.grantee = 0"), [])
    is_equal("schemas", query(db.url, f"SELECT n.nspname, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a WHERE {schemas} AND a.grantee = 0"),
             [["public", "USAGE"]])
    is_equal("database", query(db.url, "SELECT a.privilege_type FROM pg_database d, aclexplode(d.datacl) a WHERE datname = current_database()"
                                       " AND a.grantee = 0"), [["CONNECT"]])
    for service in SERVICES:
        may = query(db.url, f"SELECT n.nspname FROM pg_namespace n WHERE {schemas} AND has_schema_privilege('callout_{service}', n.oid, 'CREATE')")
        is_equal(f"{service} makes", may, [])
        sees = query(db.url, f"SELECT n.nspname FROM pg_namespace n WHERE {schemas} AND has_schema_privilege('callout_{service}', n.oid, 'USAGE') ORDER BY 1")
        is_equal(f"{service} sees", [s for s, in sees], sorted(["journal", "public", "read", "registry", service]))


def each_role_has_time_limits_and_no_more_power(db):
    rows = query(db.url, "SELECT r.rolname, r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.rolcanlogin,"
                         " array_to_string(s.setconfig, ' ') FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase ="
                         " (SELECT oid FROM pg_database WHERE datname = current_database()) WHERE r.rolname = ANY"
                         " ('{callout_intake,callout_sla,callout_dispatch,callout_notify}') ORDER BY 1")
    limits = "statement_timeout=30s lock_timeout=10s idle_in_transaction_session_timeout=2s"
    is_equal("roles", rows, [[f"callout_{s}", "f", limits] for s in sorted(SERVICES)])
    members = query(db.url, "SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member::regrole::text LIKE 'callout\\_%'")
    is_equal("member of", members, [])


TESTS = [each_role_has_the_rights_of_the_table_and_no_other, every_statement_runs_with_the_rights_of_its_service,
         no_role_has_a_right_that_no_statement_needs, the_server_refuses_what_the_table_does_not_have, nothing_is_for_everybody,
         each_role_has_time_limits_and_no_more_power]


def main():
    checks = Checks()
    build = sys.argv[1]
    with Database(rooms=()) as db:
        subprocess.run([f"{build}/callout", "migrate"], env=dict(os.environ, CALLOUT_DATABASE_URL=db.url), check=True, capture_output=True)
        checks.run(TESTS, db)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
