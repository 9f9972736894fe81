"""The load generator (tests/bench/load.c) put on a Suite, what it said, and its ledger."""
import glob
import os
import re
import signal
import subprocess


def write_targets(path, registry):
    """A line for each site of a directory of registry files: customer contract site product; the contract is left to Callout."""
    lines, site = [], None
    for name in sorted(glob.glob(f"{registry}/*.yaml")):
        inside = False
        for line in open(name):
            if re.match(r"\S", line):
                inside = line.startswith("sites:")
            found = re.match(r"  ([^\s:#]+):", line)
            if inside and found:
                site = found.group(1)
            found = re.search(r"\bcustomer: ([^\s,}]+)", line)
            if inside and site and found:
                lines.append(f"{found.group(1)} - {site} -\n")
                site = None
    with open(path, "w") as out:
        out.writelines(lines)
    return len(lines)


class Load:
    """A running generator."""

    def __init__(self, suite, targets, name, ledger=None, **options):
        words = {"endpoint": suite.endpoint, "server-key": suite.public("intake"), "key-file": f"{suite.dir}/keys/sample.key",
                 "targets": targets, "name": name, **{k.replace("_", "-"): v for k, v in options.items()}}
        if ledger:
            words["ledger"] = ledger
        command = ["setpriv", "--pdeathsig", "KILL", f"{suite.tools}/tests/bench/load"] + [w for k, v in words.items() for w in (f"--{k}", str(v))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)

    def end(self, limit_s=400):
        """What it counted, as a dictionary of numbers."""
        out, _ = self.process.communicate(timeout=limit_s)
        found = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", out)}
        if "acked" not in found:
            raise RuntimeError(f"the load generator ended with {self.process.returncode}: {out}")
        return found


class Ledger:
    """tried, acked {key: (number, id)}, refused, unknown, of all who wrote one; commands begin with c/."""

    def __init__(self, *paths):
        self.tried, self.acked, self.refused, self.unknown = set(), {}, {}, set()
        self.is_whole = all([self.read(path) for path in paths])

    def read(self, path):
        """True: it has its end."""
        is_whole = False
        for line in open(path) if os.path.exists(path) else ():
            word = line.split()
            if word[0] == "try":
                self.tried.add(word[1])
            elif word[0] == "ack":
                self.acked[word[1]] = (word[2], int(word[3]))
            elif word[0] == "refuse":
                self.refused[word[1]] = word[2]
            elif word[0] == "unknown":
                self.unknown.add(word[1])
            elif word[0] == "end":
                is_whole = True
        return is_whole
