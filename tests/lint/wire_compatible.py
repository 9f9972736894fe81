#!/usr/bin/python3
"""proto/ understands what each release listed in release/ says, and says nothing that it would misread.

Wire, stored messages (journal, states) and JSON: a number keeps its name, type, label and oneof for ever. What is not used any
more is given up: its number is `reserved`, never used again. Messages and enums do not go, new ones may come.
`wire_compatible.py --write` prints the lines for release/<version>/wire.txt."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from proto_files import ROOT, descriptors, wire_lines  # noqa: E402


def table(lines):
    """{(owner, number): {what it is}}: an enum may have two names for one number."""
    rows = {}
    for line in lines:
        owner, number, *what = line.split()
        rows.setdefault((owner, int(number)), set()).add(" ".join(what))
    return rows


def breaks(old_lines, new_lines):
    """What of the old is not so any more, a sentence each."""
    old, new = table(old_lines), table(new_lines)
    owners = {owner for owner, _ in new}
    for (owner, number), what in sorted(old.items()):
        now = new.get((owner, number), set())
        if owner not in owners:
            yield f"{owner} is gone"
        elif not now:
            yield f"{owner} {number} ({', '.join(sorted(what))}) is gone and its number not reserved"
        elif now != {"- reserved"} and not what <= now:
            yield f"{owner} {number} was {', '.join(sorted(what))} and is {', '.join(sorted(now))}"


OLD = [".a.M 1 x int64", ".a.M 2 y .a.N repeated", ".a.M 3 z string oneof body", ".a.E 0 E_NONE enum", ".a.E 1 E_ONE enum"]
CASES = [  # (what was done, lines taken away, lines added, does it break)
    ("nothing", [], [], False),
    ("a field more", [], [".a.M 4 w bool"], False),
    ("a value more", [], [".a.E 2 E_TWO enum"], False),
    ("a second name for a value", [], [".a.E 1 E_UNO enum"], False),
    ("a message more", [], [".a.O 1 x int64"], False),
    ("a field given up", [".a.M 1 x int64"], [".a.M 1 - reserved"], False),
    ("a field taken away", [".a.M 1 x int64"], [], True),
    ("another type", [".a.M 1 x int64"], [".a.M 1 x sint64"], True),
    ("another name", [".a.M 1 x int64"], [".a.M 1 xx int64"], True),
    ("another number", [".a.M 1 x int64"], [".a.M 9 x int64"], True),
    ("no list any more", [".a.M 2 y .a.N repeated"], [".a.M 2 y .a.N"], True),
    ("out of its oneof", [".a.M 3 z string oneof body"], [".a.M 3 z string"], True),
    ("a value renamed", [".a.E 1 E_ONE enum"], [".a.E 1 E_UNO enum"], True),
    ("a value taken away", [".a.E 1 E_ONE enum"], [], True),
    ("an enum taken away", [".a.E 0 E_NONE enum", ".a.E 1 E_ONE enum"], [], True),
]


def main():
    now = wire_lines(descriptors())
    if sys.argv[1:] == ["--write"]:
        print("\n".join(now))
        return 0
    problems = []
    for done, away, more, is_break in CASES:
        found = list(breaks(OLD, [line for line in OLD if line not in away] + more))
        if bool(found) != is_break:
            problems.append(f"the judge: {done}: {found or 'no break seen'}")
    releases = sorted(ROOT.glob("release/*/wire.txt"))
    if not releases:
        problems.append("release/ has no wire.txt to compare with")
    for path in releases:
        problems += [f"since {path.parent.name}: {problem}" for problem in breaks(path.read_text().split("\n")[:-1], now)]
    for problem in problems:
        print(problem)
    print(f"Checks: {len(CASES) + max(len(releases), 1)}, Failures: {len(problems)}, Errors: 0")
    return bool(problems)


sys.exit(main())
