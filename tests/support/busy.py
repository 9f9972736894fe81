"""A Suite for load: notices go to tests/bench/drain.c, which is fast and writes down every Message-ID; waiting until all is worked off."""
import os
import subprocess
import threading
import time

from server import cpu_of_tree_s
from suite import Suite

LAGS = """SELECT c.service, coalesce(sum(l.seq - c.seq), 0) FROM journal.cursor c JOIN journal.lane l USING (lane)
          GROUP BY c.service ORDER BY c.service"""

# Notices that are planned for later, and whose time has not come.
LATER = "state = 0 AND attempts = 0 AND COALESCE(resent_at > clock_timestamp(), false)"


class Session:
    """One psql for many questions of several threads: a new one each time would be load of its own. Connects again when the server was
    away."""

    END = "-- end of answer"

    def __init__(self, url):
        self.url, self.psql, self.turn = url, None, threading.Lock()

    def rows(self, sql, limit_s=30):
        end = time.monotonic() + limit_s
        while True:
            with self.turn:
                lines = self.ask(sql)
            if lines is not None:
                return [line.split("\t") for line in lines]
            if time.monotonic() > end:
                raise RuntimeError(f"no answer from the database in {limit_s} s: {sql}")
            time.sleep(0.05)

    def ask(self, sql):
        """Lines, or None when the server is not there."""
        if self.psql is None:
            self.psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", self.url],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = []
        try:
            self.psql.stdin.write(f"{sql};\n\\echo {self.END}\n")
            self.psql.stdin.flush()
            for line in self.psql.stdout:
                if line.rstrip("\n") == self.END:
                    return lines
                lines.append(line.rstrip("\n"))
        except BrokenPipeError:
            pass
        self.close()
        return None

    def close(self):
        if self.psql is not None:
            try:
                self.psql.communicate()
            except (BrokenPipeError, ValueError):
                self.psql.wait()
            self.psql = None


class BusySuite(Suite):
    """losing: of so many mails one is taken and never answered; 0: none."""

    def __init__(self, *of_suite, losing=0, **more):
        super().__init__(*of_suite, **more)
        self.losing = losing

    def __enter__(self):
        super().__enter__()
        self.session = Session(self.url)
        return self

    def ask_at(self, url):
        """From now on the test itself asks the database at this address."""
        self.session.close()
        self.url, self.session = url, Session(url)

    def rows(self, sql):
        return self.session.rows(sql)

    def spawn(self, name, command, env=None):
        if name == "sink":
            self.drain_file = f"{self.dir}/drain"
            command = [f"{self.tools}/tests/bench/drain", self.drain_file, str(self.ports["smtp"]), str(self.ports["hooks"]),
                       "1", "0", str(self.losing)]
        super().spawn(name, command, env)

    def cpu_s(self):
        """Of the daemons, those that were killed not included."""
        return sum(cpu_of_tree_s(p.pid) for name, p in self.running.items() if name != "sink" and p.poll() is None)

    def lags(self):
        return {service: int(float(entries)) for service, entries in self.rows(LAGS)}

    def heads(self):
        return {int(lane): int(seq) for lane, seq in self.rows("SELECT lane, seq FROM journal.lane")}

    def cursors(self, service):
        return {int(lane): int(seq) for lane, seq in self.rows(f"SELECT lane, seq FROM journal.cursor WHERE service = '{service}'")}

    def has_passed(self, service, heads):
        cursors = self.cursors(service)
        return all(cursors.get(lane, 0) >= seq for lane, seq in heads.items())

    def unsettled(self):
        """Notices that are planned or being sent; those that wait for a time to come are not waited for."""
        if "notify" not in self.names:
            return 0
        return int(self.rows(f"SELECT count(*) FROM notify.notice WHERE (state IN (0, 1) OR next_at IS NOT NULL) AND NOT ({LATER})")[0][0])

    def due(self, within_s):
        """Cases of sla whose next timer fires so soon."""
        return int(self.rows(f"SELECT count(*) FROM sla.case WHERE next_at < clock_timestamp() + interval '{within_s} s'")[0][0])

    def wait_quiet(self, limit_s, due_s=0):
        """Until every service stands at the heads, every notice is settled, and no timer fires within due_s, twice in a row.
        Returns how long it took; raises with what is left."""
        start, calm = time.monotonic(), 0
        while calm < 2:
            lags, left, due = self.lags(), self.unsettled(), self.due(due_s) if due_s else 0
            calm = calm + 1 if not any(lags.values()) and left == 0 and due == 0 else 0
            if time.monotonic() - start > limit_s:
                raise RuntimeError(f"not worked off in {limit_s} s: behind {lags}, notices not settled {left}, timers {due}")
            time.sleep(0.1)  # the pace of asking
        return time.monotonic() - start

    def __exit__(self, *how):
        if hasattr(self, "session"):
            self.session.close()
        super().__exit__(*how)

    def arrived(self):
        """Every ("mail" or "hook", id, was it answered) that came, as often as it came."""
        if not os.path.exists(self.drain_file):
            return []
        return [(*line.split(" ")[:2], not line.endswith(" unanswered\n")) for line in open(self.drain_file)]

    def drained(self):
        return [(what, key) for what, key, _ in self.arrived()]
