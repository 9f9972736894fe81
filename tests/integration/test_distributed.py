"""The schema and the statements of the hot path fit a database whose case tables are spread over machines by lane.

Nothing of Citus runs here. What Citus asks for is looked up in the catalogue of a freshly migrated database; and that a statement touches one
lane only is proven by PostgreSQL's own planner: in a second database the tables are partitioned by lane, and no plan may touch another one.

    test_distributed.py BUILD
"""
import glob
import json
import os
import re
import subprocess
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from database import ROOT, Database, psql, query  # noqa: E402
from statements import head_part, said_in  # noqa: E402

SCHEMAS = "('journal', 'registry', 'intake', 'sla', 'dispatch', 'notify', 'callout_meta')"
LANE = 1  # that all statements are planned for
LANES = 4

# Statements that touch several lanes, each with the reason why that is right. Nobody waits for one of these while he holds a lane.
WIDE = {
    "lib/io/sql/make_cursors.sql": "at the start of a process: its service's cursors in all lanes",
    "lib/io/sql/read_cursors.sql": "leases: twice a second, who works where",
    "lib/io/sql/read_heads.sql": "followers: twice a second, what a writer committed and could not publish",
    "lib/io/sql/read_parked.sql": "at the start, and where an operator asks: what is set aside for one service",
    "services/intake/sql/count_cases.sql": "callout status",
    "services/intake/sql/find_opened.sql": "plans: which of the next dates have a case, some times an hour",
    "services/intake/sql/find_unannounced.sql": "at the start, and after an apply: lanes that were not told of the registry",
    "services/intake/sql/list_parked.sql": "callout parked list",
    "services/intake/sql/read_all_heads.sql": "at the start of an observer",
    "services/intake/sql/read_cases.sql": "callout list: the newest cases of all lanes",
    "services/intake/sql/read_claims.sql": "callout people: the orders of those who hold a claim",
    "services/intake/sql/read_dead_notices.sql": "callout notices: the newest of all lanes",
    "services/intake/sql/read_house.sql": "figures of the suite, every five seconds",
    "services/intake/sql/read_lags.sql": "callout status",
    "services/intake/sql/read_members.sql": "callout status",
    "services/intake/sql/read_new_entries.sql": "callout watch: what is new in the lanes that it follows",
    "services/intake/sql/read_new_scoped.sql": "callout watch of a client that sees some cases only",
    "services/intake/sql/read_notices.sql": "callout notices",
    "services/intake/sql/read_sla_lag.sql": "intake, once a second: how far sla is behind in all lanes",
    "services/intake/sql/read_timers.sql": "figures of the suite, every five seconds: a look into an index for each lane",
    "services/intake/sql/read_states.sql": "callout apply: what a change would move",
}

# Statements that read one lane together with tables of the coordinator: Citus reads the one half first and then asks with it.
MIXED = {
    "lib/io/sql/make_cursors.sql": "at the start: a new service begins behind what was archived",
    "services/dispatch/sql/read_bookings.sql": "spans of a turn's cases, and who is booked in them",
    "services/dispatch/sql/read_claims.sql": "candidates of a turn's orders, and what of them is taken",
    "services/dispatch/sql/read_visits.sql": "candidates of a turn's orders, and what they took lately",
    "services/intake/sql/read_claims.sql": "callout people",
    "services/intake/sql/read_house.sql": "figures of the suite, every five seconds",
}

TESTS = []


def test(function):
    TESTS.append(function)
    return function


def listed():
    """{table: kind} of deploy/citus/distribute.sql."""
    text = open(f"{ROOT}/deploy/citus/distribute.sql").read()
    found = {}
    rows = [("lane", name) for name in re.findall(r"^SELECT create_distributed_table\('([\w.]+)', 'lane', colocate_with => '(?:none|journal\.lane)'\);$", text, re.M)]
    rows += [("reference", name) for name in re.findall(r"^SELECT create_reference_table\('([\w.]+)'\);$", text, re.M)]
    rows += [("local", name) for name in re.findall(r"^-- local: ([\w.]+) ", text, re.M)]
    for kind, name in rows:
        assert name not in found, f"{name} stands twice in distribute.sql"
        found[name] = kind
    assert len(found) == text.count("create_distributed_table(") + text.count("create_reference_table(") + text.count("-- local:"), "a line of distribute.sql is written in another way"
    return found


def of_kind(kind):
    return sorted(name for name, k in listed().items() if k == kind)


@test
def every_table_stands_once_in_the_file_that_distributes_them(url):
    there = {row[0] for row in query(url, f"""SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN {SCHEMAS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition""")}
    assert len(there) > 25, there
    assert there == set(listed()), f"not in distribute.sql: {there - set(listed())}; in no database: {set(listed()) - there}"
    others = query(url, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public|read$)' AND nspname NOT IN " + SCHEMAS)
    assert others == [], f"schemas that this test does not know: {others}"


@test
def lane_is_in_every_key_unique_index_and_reference_of_the_tables_that_are_spread(url):
    count = 0
    for name in of_kind("lane"):
        types = query(url, f"SELECT format_type(atttypid, NULL), attnotnull, attnum FROM pg_attribute WHERE attrelid = '{name}'::regclass AND attname = 'lane'")
        assert types == [["smallint", "t", "1"]], f"{name}: lane is {types}"  # all of one type, or they cannot lie together
        keys = query(url, f"""SELECT i.indexrelid::regclass, i.indisprimary, 1 = ANY (i.indkey::int2[])
            FROM pg_index AS i WHERE i.indrelid = '{name}'::regclass AND i.indisunique""")
        assert any(primary == "t" for _, primary, _ in keys), f"{name} has no primary key"
        for index, _, has_lane in keys:
            count += 1
            assert has_lane == "t", f"{index} of {name} is unique without lane"
        for constraint, kind in query(url, f"SELECT conname, contype FROM pg_constraint WHERE contype IN ('f', 'x') AND '{name}'::regclass IN (conrelid, confrelid)"):
            raise AssertionError(f"{name}: {constraint} ({kind}): keys of other tables and exclusions are in no case table so far; if one comes, it must have lane")
    assert count >= len(of_kind("lane")) > 12


@test
def keys_between_tables_do_not_leave_their_kind(url):
    kinds = listed()
    rows = query(url, "SELECT conrelid::regclass, confrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0")
    assert len(rows) >= 3, rows
    for source, target, name in rows:
        assert kinds[source] == kinds[target] != "lane", f"{name}: from {source} to {target}"


@test
def there_is_no_trigger_no_rule_and_no_inheritance_but_the_journals(url):
    assert query(url, "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal") == []
    assert query(url, f"""SELECT c.oid::regclass, r.rulename FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class
        JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname IN {SCHEMAS}""") == []
    assert {row[0] for row in query(url, "SELECT DISTINCT inhparent::regclass FROM pg_inherits WHERE inhparent::regclass::text !~ '_pkey$|_idx$|entry_case'")} == {"journal.entry"}


def hot_files():
    files = sorted(glob.glob(f"{ROOT}/services/*/sql/*.sql") + glob.glob(f"{ROOT}/lib/io/sql/*.sql"))
    assert len(files) > 90, len(files)
    return files


def without_head(text):
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def part_from(text, at):
    """From `at` to the bracket that closes around it, or to the end."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth < 0:
            return text[at:i]
    return text[at:]


def changing_parts(text):
    """The parts of a statement whose functions must not be volatile: (what, its text)."""
    for found in re.finditer(r"\b(DO UPDATE|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM)\s", text):
        yield found.group(1), part_from(text, found.start())


@test
def nothing_volatile_is_asked_in_an_update_or_delete_of_the_hot_path(url):
    marks = {}
    for name, mark in query(url, "SELECT proname, max(provolatile) FROM pg_proc GROUP BY 1"):
        marks[name] = mark
    parts = 0
    for path in hot_files():
        name = os.path.relpath(path, ROOT)
        for what, part in changing_parts(without_head(open(path).read())):
            table = re.match(r"(?:UPDATE|DELETE FROM)\s+([\w.]+)", part)
            if table and listed()[table.group(1)] == "local":
                continue
            parts += 1
            for function in re.findall(r"\b([a-z_]+)\s*\(", part):
                mark = marks.get(function, "i")
                assert mark != "v", f"{name}: {function}() is volatile, in {what}: give it in a WITH of its own, or as a parameter"
                assert what != "DO UPDATE" or mark == "i", f"{name}: {function}() is not immutable, in {what}"
    assert parts > 20, parts


def partitioned_by_lane(url):
    """Makes the tables that are spread partitioned ones, each lane apart, and the views over them anew."""
    views = query(url, "SELECT viewname, replace(definition, E'\\n', ' ') FROM pg_views WHERE schemaname = 'read'")
    script = ["DROP SCHEMA read CASCADE; CREATE SCHEMA read;"]
    for name in of_kind("lane"):
        schema, table = name.split(".")
        script.append(f'ALTER TABLE {name} RENAME TO "{table}__old"; CREATE TABLE {name} (LIKE {schema}."{table}__old" INCLUDING ALL) PARTITION BY LIST (lane);')
        script += [f'CREATE TABLE {schema}."{table}__{lane}" PARTITION OF {name} FOR VALUES IN ({lane});' for lane in range(LANES)]
    script += [f"CREATE VIEW read.{name} AS {definition}" for name, definition in views]
    psql(url, "-f", "-", text="\n".join(script))


VALUES = {"smallint": "1", "integer": "5", "bigint": "257", "double precision": "1", "boolean": "true", "text": "x", "bytea": "\\x01",
          "timestamp with time zone": "2026-03-01 10:00+00"}  # 257: number 1 in lane 1


def argument(kind):
    base = kind.removesuffix("[]")
    values = ["1", "2"] if kind == "smallint[]" else [VALUES[base]]
    return "ARRAY[" + ", ".join(f"'{v}'" for v in values) + f"]::{kind}" if kind.endswith("[]") else f"'{values[0]}'"


def plan(url, text):
    kinds = said_in(text)
    for number, _ in re.findall(r"\$(\d+) int2 (lane)\b", head_part(text, "in")):
        assert kinds[int(number) - 1] == "smallint"
    arguments = f"({', '.join(map(argument, kinds))})" if kinds else ""
    out = psql(url, "-f", "-", text=f"SET plan_cache_mode = force_custom_plan;\nPREPARE s AS {text.strip().rstrip(';')};\nEXPLAIN (VERBOSE, FORMAT JSON) EXECUTE s{arguments};")
    return json.loads(out)[0]["Plan"]


def nodes(node):
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


def touched(tree, spread):
    """{(table, lane)} that a plan reads or writes; lane None: it is found out only while it runs, or all of them."""
    found = set()
    for node in nodes(tree):
        if "Relation Name" not in node:
            continue
        table, _, lane = node["Relation Name"].partition("__")
        name = f"{node['Schema']}.{table}"
        if name not in spread:
            continue
        if lane:
            found.add((name, int(lane)))
        elif node["Node Type"] == "ModifyTable" and node["Operation"] == "Insert":
            first = next(child for child in node["Plans"] if child["Parent Relationship"] == "Outer")["Output"][0]
            found.add((name, LANE if re.fullmatch(rf"'{LANE}'::smallint", first) else None))
        elif node["Node Type"] != "ModifyTable":  # an update of one lane has its scan below it
            found.add((name, None))
    return found


@test
def no_statement_of_the_hot_path_touches_two_lanes(url):
    spread, kinds = set(of_kind("lane")), listed()
    wide, mixed, narrow = set(), set(), 0
    with Database(rooms=()) as other:
        migrate(other.url)
        partitioned_by_lane(other.url)
        problems = []
        for path in hot_files():
            name, text = os.path.relpath(path, ROOT), open(path).read()
            tree = plan(other.url, text)
            lanes = touched(tree, spread)
            if lanes and any(kinds.get(f"{n['Schema']}.{n['Relation Name']}") == "local" for n in nodes(tree) if "Relation Name" in n):
                mixed.add(name)
            if any(lane != LANE for _, lane in lanes):
                wide.add(name)
                if name not in WIDE:
                    problems.append(f"{name} touches {sorted(lanes, key=str)}: say lane = $1 of each table, or list it with its reason")
            elif lanes:
                narrow += 1
    assert not problems, "\n".join(problems)
    assert wide == set(WIDE), f"listed, and it touches one lane only: {set(WIDE) - wide}"
    assert mixed == set(MIXED), f"reads one lane and the coordinator's tables: {mixed - set(MIXED)}; not any more: {set(MIXED) - mixed}"
    assert narrow > 40, narrow
    print(f"  {narrow} statements touch one lane, {len(wide)} are listed, {len(mixed)} read the coordinator's tables as well")


def migrate(url):
    subprocess.run([f"{BUILD}/callout", "migrate", "--database-url", url], check=True, capture_output=True)


def main():
    failures = 0
    with Database(rooms=()) as db:
        migrate(db.url)
        for function in TESTS:
            try:
                function(db.url)
                print(f"ok {function.__name__}")
            except Exception:
                failures += 1
                print(f"FAILED {function.__name__}\n{traceback.format_exc()}")
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    BUILD = sys.argv[1]
    sys.exit(main())
