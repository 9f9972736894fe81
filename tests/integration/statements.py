#!/usr/bin/python3
"""Every statement is what its head says: PREPAREd against the real schema, types in and out compared.

A head has `-- in:  $1 type name, ...` and `-- out: name type, ...`, each possibly over several lines; text in brackets
does not count. Usage: statements.py
"""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journal"))
from database import ROOT, Database, psql  # noqa: E402
from peers import TABLES  # noqa: E402

TYPES = {"int2": "smallint", "int4": "integer", "int8": "bigint", "float8": "double precision", "bool": "boolean",
         "timestamptz": "timestamp with time zone"}
WORD = r"(int2|int4|int8|float8|bool|timestamptz|text|bytea)((?:\[\])?)"


def long_name(short, array):
    return TYPES.get(short, short) + array


def head_part(text, word):
    """The words after `-- in:` or `-- out:`, to the next such mark or the head's end, without what stands in brackets."""
    lines, inside = [], False
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        body = line[2:].strip()
        mark = re.match(r"(in|out):\s*(.*)", body)
        if mark:
            inside = mark.group(1) == word
            body = mark.group(2)
        if inside:
            lines.append(body)
    return re.sub(r"\([^()]*\)", "", " ".join(lines))


def said_in(text):
    return [long_name(*m.groups()[1:]) for m in re.finditer(r"\$(\d+) " + WORD, head_part(text, "in"))]


def said_out(text):
    return [(m.group(1), long_name(m.group(2), m.group(3))) for m in re.finditer(r"(?:^|[,;] *)(\w+) " + WORD, head_part(text, "out"))]


def real_in(url, text):
    script = f"PREPARE s AS {text}\nSELECT array_to_string(parameter_types::text[], ',') FROM pg_prepared_statements;"
    out = psql(url, "-f", "-", text=script)
    return [t.strip('"') for t in out.split(",")] if out else []


def real_out(url, text):
    out = psql(url, "-F", "\t", "-f", "-", text=text.strip().rstrip(";") + "\n\\gdesc\n")
    if "no result" in out:
        return []
    return [tuple(line.split("\t")) for line in out.splitlines() if line]


def main():
    files = sorted(glob.glob(f"{ROOT}/**/sql/*.sql", recursive=True))
    rooms = ["lib/io", "lib/registry"] + sorted(os.path.relpath(p, ROOT) for p in glob.glob(f"{ROOT}/services/*"))
    count = failures = 0
    with Database(rooms) as db:
        psql(db.url, "-c", f"{TABLES}; CREATE TABLE test.bare (LIKE journal.entry)")
        for path in files:
            if "/build" in path or "/lib/migrate/" in path:
                continue
            count += 1
            text = open(path).read()
            try:
                pairs = [("in", said_in(text), real_in(db.url, text)), ("out", said_out(text), real_out(db.url, text))]
            except RuntimeError as error:
                pairs = [("statement", "is accepted", str(error))]
            for what, said, real in pairs:
                if said != real:
                    failures += 1
                    print(f"{os.path.relpath(path, ROOT)}: {what}: the head says {said}, the server {real}")
    print(f"Checks: {count}, Failures: {failures}, Errors: 0")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
