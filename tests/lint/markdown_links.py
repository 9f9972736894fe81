#!/usr/bin/python3
"""Every relative link of the project's Markdown leads to a file, and its #fragment to a heading there."""
import pathlib
import re
import sys
import unicodedata
from urllib.parse import unquote

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = {".git", "var"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


def pages():
    for page in sorted(ROOT.rglob("*.md")):
        top = page.relative_to(ROOT).parts[0]
        if top not in SKIPPED and not top.startswith("build"):
            yield page


def slug(heading):
    """The fragment that code hosts make of a heading."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = [c for c in text if c in " -_" or unicodedata.category(c)[0] in "LN"]
    return "".join(kept).replace(" ", "-")


def headings(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {slug(h) for h in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", text, re.M)}


def problem(page, target):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    path, _, fragment = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return "no such file"
    if fragment and file.suffix == ".md" and fragment not in headings(file):
        return "no such heading"
    return None


def main():
    links, broken = 0, 0
    for page in pages():
        for match in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
            target = match.group(1) or match.group(2)
            links += 1
            what = problem(page, target)
            if what:
                broken += 1
                print(f"{page.relative_to(ROOT)}: {target}: {what}")
    print(f"{links} links")
    print(f"Checks: {max(1, broken)}, Failures: {broken}, Errors: 0")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())
