#!/usr/bin/python3
"""Each command and each daemon has a man page, which groff reads without a warning and which names every option that --help names.

Usage: test_man.py BUILD_DIR
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1])
failures = []


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return done.stdout, done.stderr, done.returncode


def check(what, is_true):
    if not is_true:
        failures.append(what)
        print(f"FAILED: {what}")


def read_page(path):
    """The page as a reader sees it, on one line."""
    text, warnings, _ = run("groff", "-man", "-ww", "-Tutf8", "-P-cbou", path)
    check(f"{os.path.basename(path)}: groff says nothing, but: {warnings.strip()}", warnings == "")
    return re.sub(r"\s+", " ", text.replace("\u2010", "-").replace("\u2212", "-"))


def main():
    help_text, _, _ = run(f"{BUILD}/callout", "--help")
    names = re.findall(r"^  ([a-z]+) ", help_text.split("\n\n")[1], re.M)
    pages = {f"man1/callout-{name}.1": (f"{BUILD}/callout", name, "--help") for name in names}
    pages["man1/callout.1"] = (f"{BUILD}/callout", "--help")
    pages |= {f"man8/callout-{name}.8": (f"{BUILD}/callout-{name}", "--help") for name in ("intake", "sla", "dispatch", "notify")}
    with tempfile.TemporaryDirectory() as out:
        _, said, code = run(f"{ROOT}/scripts/man-pages", BUILD, out)
        check(f"scripts/man-pages: {said}", code == 0)
        found = {os.path.relpath(p, out) for p in glob.glob(f"{out}/man*/*")}
        check(f"one page each: {found ^ set(pages)}", found == set(pages) and len(names) > 30)
        for page in sorted(found & set(pages)):
            shown = read_page(f"{out}/{page}")
            name = os.path.basename(page).rsplit(".", 1)[0]
            check(f"{page} begins with its name: {shown[:160]}", f"NAME {name} - " in shown)
            helped, _, _ = run(*pages[page])
            missing = [option for option in set(re.findall(r"--[a-z][a-z-]+", helped)) if option not in shown]
            check(f"{page}: every option: {missing}", not missing)
    print(f"Checks: {3 * len(pages) + 2}, Failures: {len(failures)}, Errors: 0")
    return bool(failures)


sys.exit(main())
