"""Every command that README and docs/ show runs, in the order in which they stand, against a suite of its own.

    documented_commands.py BUILD

Commands are the lines of fenced blocks, and the code spans, that begin with `callout` or `build/callout`; what stands in capitals
is put in. Of ./run and ./test only the options are looked up in their --help: other tests run them.
"""
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT, Database  # noqa: E402
from suite import Suite, wait_for  # noqa: E402

BUILD = sys.argv[1]
PROGRAMS = ("callout", "build/callout", "./run", "./test")
# Not run here: why.
ELSEWHERE = {
    "callout archive run --to /srv/archives --signing-key-file signing.key": "test_archive",
    "callout archive verify /srv/archives/journal-0-999999.callout-archive --key signing.pub": "test_archive",
    "callout archive restore FILE": "test_archive",
    "callout explain NUMBER --archive FILE": "test_archive",
    "callout certificate NUMBER proof.json --archive FILE --signing-key-file signing.key": "test_archive",
    "callout erase person KEY --dry-run": "test_erase",
    "callout replay FILE": "test_replay runs it, in a suite of its own",
}
# Exit codes that are answers, too.
ALSO = {"callout check": (1,)}  # a warning: the sample's calendars end
failures = []
checks = 0


def documents():
    names = ["README.md", "README.zh.md", *glob.glob("docs/**/*.md", root_dir=ROOT, recursive=True),
             *glob.glob("services/*/README.md", root_dir=ROOT), "lib/README.md", "tests/README.md", "samples/replay/README.md"]
    return sorted(set(names), key=lambda name: (not name.startswith("README"), name))


def commands(text):
    """The commands of a document, without comments and explanations beside them."""
    for fence, span in re.findall(r"^```[a-z]*\n(.*?)^```|`([^`\n]+)`", text, re.M | re.S):
        for line in (fence or span).splitlines():
            line = re.sub(r"\s+#.*|   +.*", "", line.strip())
            if line.startswith(PROGRAMS) and re.match(r"\S+ ?", line).group().strip() in PROGRAMS:
                yield line


def check(where, line, holds, seen):
    global checks
    checks += 1
    if not holds:
        failures.append(line)
        print(f"FAILED: {where}: {line}: {seen}", flush=True)


def check_options(where, line):
    program, *words = shlex.split(line)
    known = subprocess.run([f"{ROOT}/{program}", "--help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for word in words:
        option = word.split("=")[0]
        check(where, line, not word.startswith("--") or option == "--help" or option in known, f"{option} is not in {program} --help")


class Reader:
    """Somebody who tries what he reads, with a ticket of his own: puts in what stands in capitals, and makes what it needs."""

    def __init__(self, suite, key):
        self.suite = suite
        self.number = suite.callout("submit", "-f", f"{ROOT}/samples/ticket.json", "--key", key).split()[0]
        wait_for("a task order", lambda: self.order().get("state") == "drafted")
        of_its_own = {"docs/consent.md": self.supported, "docs/man-days.md": self.by_man_days, "docs/advisories.md": self.pushed}.get(key)
        if of_its_own:
            self.leave()
            self.number = of_its_own()
        self.words = {"COMMAND": "list", "命令": "list", "NUMBER": self.number, "编号": self.number,
                      "KEY": "key_business_down", "TIME": "2026-01-01T00:00:00Z", "FILE": f"{ROOT}/samples/replay/volvo-vinst.csv.gz",
                      "NAME": "somebody", "STEM": f"{suite.dir}/stem", "var/keys/signing.pub": f"{suite.dir}/keys/signing.pub"}

    def supported(self):
        """A case under a pack with remote access, in which the telephone was tried."""
        number = self.suite.callout("submit", "--customer", "taihu-cloud", "--site", "taihu-wuxi", "--product", "openeuler", "--version", "22.03-lts",
                                    "--title", "kernel panics", "--wait", "5s").split()[0]
        for act in ("case_accepted", "contacted"):
            self.suite.callout("act", number, act, "--as", "support")
        return number

    def by_man_days(self):
        """A case whose work is taken from man-days."""
        return self.suite.callout("submit", "--customer", "jiangcheng-auto", "--site", "jiangcheng-wuhan", "--product", "ceph", "--title", "osd down",
                                  "--wait", "5s").split()[0]

    def pushed(self):
        """The case of the sample's advisory."""
        rows = wait_for("it is reached", lambda: json.loads(self.suite.callout("advisory", "show", "os-2026-017", "-o", "json")))
        return wait_for("its case is open", lambda: self.suite.case(rows[0]["number"])["state"] == "open" and rows[0]["number"])

    def order(self):
        return self.suite.case(self.number).get("order") or {}

    def engineer(self):
        """Who is asked first, once the task order is confirmed."""
        if self.order()["state"] == "drafted":
            self.suite.callout("act", self.number, "confirm", "--as", "pm")
        return wait_for("an offer", lambda: self.order().get("offers"))[0]["engineer"]

    def leave(self):
        """The engineers of the sample are few."""
        self.suite.callout("act", self.number, "cancel")

    def file(self, word):
        """A file of the project by its path; what is written lies in a copy of it."""
        path = f"{ROOT}/{word}"
        if not os.path.isfile(path) or word.startswith("tests/"):
            return path if "/" in word or word == "calendars" else word
        return shutil.copy(path, f"{self.suite.dir}/{os.path.basename(word)}")

    def arguments(self, line):
        words = shlex.split(line)[1:]
        if words[:1] in (["calendar"], ["apply"]):
            words = [self.file(word) for word in words]
        for i, word in enumerate(words):
            if word in ("DIR", "PATH", "目录"):
                rooms = {"apply": "registry", "keygen": "keys", "policy": "registry"}
                words[i] = f"{self.suite.dir}/{rooms.get(words[0], words[0])}"
            words[i] = self.engineer() if words[i] in ("ENGINEER", "工程师", "PERSON") else self.words.get(words[i], words[i])
            if "/" in words[i] and os.path.exists(f"{ROOT}/{words[i]}"):  # a file of the project
                words[i] = f"{ROOT}/{words[i]}"
        if words[:1] == ["watch"]:
            words += ["--for", "1s"]
        if words[:1] == ["policy"]:
            words += ["--keys", f"{self.suite.dir}/keys"]
        if words[:1] == ["apply"]:
            words += ["--yes", "--keys", f"{self.suite.dir}/keys"]
        if words[:1] == ["exclude"]:
            words += ["--yes"]
        return words or ["--help"]

    def run(self, line):
        words = self.arguments(line)
        alone = {"apply": ("-f", f"{self.suite.dir}/registry"), "keygen": (f"{self.suite.dir}/stem",), "act": (self.number, "note", "--note", "read"),
                 "show": (self.number,), "explain": (self.number,), "certificate": (self.number,),
                 "audit": ("refold",), "simulate": ("--policy", f"{ROOT}/policies/os-support.yaml"),
                 "verify": ("proof.json", "--key", f"{self.suite.dir}/keys/signing.pub"), "submit": ("-f", f"{ROOT}/samples/ticket.json"), "export": (f"{self.suite.dir}/export",)}
        if len(words) == 1 or words[0] == "apply" and "-f" not in words:  # only the name of a command
            words[1:1] = alone.get(words[0], ())
        if words[0] == "migrate" and "--lanes" in words:  # of a database that is still empty
            with Database(rooms=()) as empty:
                return self.suite.callout("migrate", "--database-url", empty.url, *words[1:], check=False)
        key = "admin" if words[0] in ("apply", "exclude", "export", "policy", "status", "parked", "notice") else None
        return self.suite.callout(*words, check=False, key=key)


def main():
    with Suite(BUILD, plans=True) as suite:
        for name in documents():
            reader = Reader(suite, name)
            for line in commands(open(f"{ROOT}/{name}").read()):
                if line in ELSEWHERE:
                    continue
                if line.startswith("./"):
                    check_options(name, line)
                    continue
                done = reader.run(line)
                check(name, line, done.returncode in (0, *ALSO.get(" ".join(line.split()[:2]), ())), f"exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
            reader.leave()
    print(f"Checks: {checks}, Failures: {len(failures)}, Errors: 0")
    return 1 if failures or checks < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
