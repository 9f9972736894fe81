"""A certificate of a real case holds, without a database and without daemons; whatever is changed in it is found.

    certificate_alone.py BUILD
"""
import base64
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT  # noqa: E402
from suite import Suite, wait_for  # noqa: E402

BUILD = sys.argv[1]
failures = []
checks = 0


def check(what, holds, seen=""):
    global checks
    checks += 1
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}: {seen}", flush=True)


class Reader:
    """Somebody who has the file, the public key and the command, and nothing else."""

    def __init__(self, suite, number):
        self.dir, self.number = suite.dir, number
        self.suite = suite

    def verify(self, document, *options, key="signing"):
        path = f"{self.dir}/read.json"
        with open(path, "w") as file:
            file.write(document if isinstance(document, str) else json.dumps(document))
        chosen = ["--key", f"{self.dir}/keys/{key}.pub"] if key else []
        return subprocess.run([f"{BUILD}/callout", "verify", path, *chosen, *options], env={"PATH": "/usr/bin:/bin"}, cwd="/",
                              capture_output=True, text=True, timeout=60)

    def finds(self, what, document, *said, code=3, key="signing"):
        done = self.verify(document, key=key)
        check(what, done.returncode == code and all(text in done.stdout for text in said), f"exit {done.returncode}: {done.stdout}{done.stderr}")


def live(suite):
    """A case with a contact and another level."""
    number = suite.callout("submit", "-f", f"{ROOT}/samples/ticket.json", "--key", "certificate", "--wait", "5s").split()[0]
    wait_for("a task order", lambda: (suite.case(number).get("order") or {}).get("state") == "drafted")
    suite.callout("act", number, "confirm", "--as", "pm", "--by", "pm-north")
    wait_for("an offer", lambda: (suite.case(number).get("order") or {}).get("offers"))
    suite.callout("act", number, "contacted", "--as", "support", "--by", "somebody")
    suite.callout("act", number, "set_severity", "--as", "expert", "--severity", "1")
    return number


def change(document, path, value=None):
    """A copy of the document in which one value is another."""
    copy = json.loads(json.dumps(document))
    *way, last = path
    at = copy
    for step in way:
        at = at[step]
    at[last] = value if value is not None else at[last] + 1
    return copy


def entry_of(document, kind):
    return next(i for i, e in enumerate(document["certificate"]["entries"]) if kind in e["event"])


def edits(document):
    """What: (path, where verify says that it is)."""
    command = entry_of(document, "command_received")
    yield "a due time", ("certificate", "explanation", "clocks", 0, "due_us"), "explanation.clocks[0].due_us"
    yield "a segment", ("certificate", "explanation", "clocks", 0, "segments", 0, "until_us"), "explanation.clocks[0].segments[0].until_us"
    yield "an input", ("certificate", "entries", command, "event", "command_received", "occurred_us"), f"entries[{command}].event.command_received.occurred_us"
    yield "a calendar day", ("certificate", "calendars", 0, "text", "exceptions", 3, "day"), "calendars[0].text.exceptions[3].day"
    yield "a target", ("certificate", "policy_text", "milestones", 0, "targets", 0, "amount"), "policy_text.milestones[0].targets[0].amount"


def scratched(text):
    raw = bytearray(base64.b64decode(text))
    raw[len(raw) // 2] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def main():
    with Suite(BUILD) as suite:
        number = live(suite)
        path = f"{suite.dir}/certificate.json"
        suite.callout("certificate", number, path)
        suite.callout("certificate", number, path)  # once more: replaced
        document = json.load(open(path))
        printed = json.loads(suite.callout("certificate", number))
        check("printed as written", printed["certificate"]["number"] == document["certificate"]["number"] == number)
        entries = document["certificate"]["entries"]
        check("when the journal took each entry", all(e["at_us"] > 0 for e in entries) and
              all(a["at_us"] <= b["at_us"] and a["seq"] < b["seq"] for a, b in zip(entries, entries[1:])), entries)
        refused = suite.callout("certificate", number, "--signing-key-file", f"{suite.dir}/keys/sample.key", check=False)
        check("a key for talking does not sign", refused.returncode == 2 and "--signing" in refused.stderr, refused.stderr)
        read_alone(suite, number, document)
    print(f"Checks: {checks}, Failures: {len(failures)}, Errors: 0")
    return 1 if failures or checks < 15 else 0


def read_alone(suite, number, document):
    reader = Reader(suite, number)
    suite.callout("keygen", "--signing", f"{suite.dir}/keys", "stranger")
    reader.finds("it holds", document, "it holds", "the key that was given", number, code=0)
    reader.finds("no key", document, "it holds", "not known here", code=1, key=None)
    reader.finds("the key of somebody else", document, "not the key that was given", key="stranger")
    parsed = json.loads(reader.verify(document, "-o", "json").stdout)
    check("for programs", parsed["holds"] and parsed["is_signed"] and parsed["is_key_known"] and parsed["findings"] == [], parsed)
    for what, where, field in edits(document):
        reader.finds(what, change(document, where), "DOES NOT HOLD", "readable", field)
    for part in ("signature", "content"):
        done = reader.verify(change(document, ("signed", part), scratched(document["signed"][part])))
        check(f"scratched {part}", done.returncode == 3, done.stdout)
    reader.finds("the number", change(document, ("certificate", "number"), "C-0000"), "readable")
    reader.finds("cut off", json.dumps(document)[:-100], "not JSON")
    reader.finds("empty", "", "not JSON")
    reader.finds("something else", {"hello": "world"}, "no certificate of Callout")
    reader.finds("nested", "[" * 200000, "not JSON")
    missing = subprocess.run([f"{BUILD}/callout", "verify", f"{suite.dir}/none.json"], capture_output=True, text=True, timeout=60)
    check("no such file", missing.returncode == 4, missing.stderr)


if __name__ == "__main__":
    sys.exit(main())
