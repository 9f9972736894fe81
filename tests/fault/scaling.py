#!/usr/bin/python3
"""From 1 to 8 dispatch processes and back while tickets flow and engineers answer: started, stopped in order, killed, frozen. No order is lost or
doubled, no engineer is booked twice at any moment, and the lanes are shared fairly again: within 10 s, the lanes of who was killed
are taken over within 6 s. Those two are what a machine shows that has nothing else to do; here they are figures, and fail far beyond."""
import collections
import random
import re
import signal
import sys
import threading
import time

from storm import BACKLOG_S, RATE, REWRITE, Storm, main, mode  # first: it says where the others are
from database import query
from examine import callout, capacities, read_cases
from people import OPEN, People
from suite import wait_for

SEEDS = 20
LENGTH_S = {"full": 20, "soak": 600}  # of changes by chance, after those of SCALES
MOST = 8
LATE_S = 30        # until the lanes are shared fairly, on a machine that eight processes, PostgreSQL and other tests share
FAIR_S, TAKEN_S = 10, 6  # the aims
PAUSE_S = 0.05     # between two answers of engineers
OFFICES, SHIFT = ("beijing", "shanghai", "guangzhou", "wuhan", "chengdu", "xian"), 4
BUSY_S = 2         # how long a visit lasts at least: the engineers are as many as such a load keeps busy
LOOK_S = 0.2       # between two looks at the claims
# How many there are after each change, and how those who are too many go; the same number: one stands still until others have its lanes.
SCALES = [(2, "stop"), (4, "stop"), (8, "stop"), (7, "kill"), (7, "freeze"), (3, "stop"), (2, "kill"), (5, "stop"), (1, "stop")]
HARD = {"kill": "killed", "freeze": "frozen"}
KINDS = {f.number: f.name for f in callout.M["Event"].DESCRIPTOR.oneofs_by_name["body"].fields}
ACCEPTED = 1  # OFFER_END_ACCEPTED: he goes
# Numbers entries in an order that agrees with that of the commits: whoever takes what another gave back has waited for his commit, and
# appends after it.
NUMBERED = """CREATE SEQUENCE journal.appended; GRANT USAGE ON SEQUENCE journal.appended TO PUBLIC;
    ALTER TABLE journal.entry ADD COLUMN appended int8 DEFAULT nextval('journal.appended')"""
# Offers and visits without a claim of their own, and the other way round. One statement sees one moment.
APART = f"""SELECT o.case_id, o.status, o.engineer, o.generation, c.case_id, c.key, c.generation
    FROM (SELECT * FROM read.dispatch_order WHERE status IN {OPEN}) AS o
    FULL JOIN read.dispatch_claim AS c ON c.case_id = o.case_id AND c.generation = o.generation AND c.key = o.engineer
    WHERE o.case_id IS NULL OR c.case_id IS NULL"""
# Orders that wait for nothing: of a promised arrival that nobody looks after, or to be woken long ago. Without a time of arrival it is
# the two sides who must agree on one; nothing else does without a wake-up.
FORGOTTEN = """SELECT case_id, status, next_at FROM read.dispatch_order
    WHERE (status IN ('seeking', 'drafted', 'offered', 'nobody') AND next_at IS NULL AND NOT (status = 'nobody' AND arrive_by IS NULL))
       OR next_at < clock_timestamp() - interval '5 s'"""
LIVING = "('seeking', 'drafted', 'offered', 'assigned', 'underway', 'arrived', 'nobody')"


class Watch(threading.Thread):
    """Looks at the claims again and again: what does not fit is kept."""

    def __init__(self, suite):
        super().__init__(daemon=True)
        self.suite, self.may = suite, capacities(f"{suite.dir}/registry")
        self.looks, self.apart, self.crowded, self.enough = 0, [], [], threading.Event()

    def look(self):
        self.apart += self.suite.rows(APART)
        held = self.suite.rows("SELECT key, count(*) FROM read.dispatch_claim GROUP BY key")
        self.crowded += [(who, n) for who, n in held if int(n) > self.may.get(who, 1)]
        self.looks += 1

    def run(self):
        while not self.enough.wait(LOOK_S):
            self.look()

    def stop(self):
        self.enough.set()
        self.join()
        self.look()


class Scaling(Storm):
    daemons, rate, onsite = ("sla", "dispatch", "notify", "intake"), RATE * 2 // 3, 40
    # Engineers take as many visits as in the sample, so that orders compete for them; offers run out within the test.
    rewrite = (REWRITE[0], ("    offer: 10m", "    offer: 8s"), ("    offer_min: 2m", "    offer_min: 2s"))

    def __enter__(self):
        super().__enter__()
        query(self.suite.url, NUMBERED)
        self.ledgers.append(f"{self.suite.dir}/people")
        self.people = People(self.suite, *self.ledgers, random.Random(self.seed), PAUSE_S, BUSY_S)
        self.watch = Watch(self.suite)
        self.people.start()
        self.watch.start()
        self.fair_s, self.taken_s, self.lost, self.is_shift = [], [], 0, False
        return self

    # ---- lanes ----

    def live(self):
        return [name for name in self.suite.running if name.startswith("dispatch")]

    def instances(self):
        return {f"{name}.{self.suite.counts[name]}" for name in self.live()}

    def owners(self):
        return collections.Counter(owner for (owner,) in self.suite.rows("SELECT owner FROM journal.cursor WHERE service = 'dispatch'"))

    def is_fair(self):
        owners, live = self.owners(), self.instances()
        lanes = sum(owners.values())
        return set(owners) == live and all(lanes // len(live) <= n <= -(-lanes // len(live)) for n in owners.values())

    def wait_lanes(self, what, check, since, aim_s):
        """How long it took since then; fails where it is far beyond the aim."""
        late = []
        try:
            wait_for(what, check, LATE_S, 0.05)
        except RuntimeError:
            late = [self.owners()]
        took_s = time.monotonic() - since
        self.checks.is_zero(f"{what} within {LATE_S} s (aim: {aim_s} s)", late)
        return took_s

    # ---- more and fewer ----

    def start(self, count):
        names = [n for n in ("dispatch", *(f"dispatch-{i}" for i in range(2, MOST + 1))) if n not in self.suite.running]
        for name in names[:count]:
            self.suite.start(name)

    def end(self, count, how):
        """Ends so many, whoever they are; returns their instances."""
        names = self.rng.sample(self.live(), count)
        gone = {f"{name}.{self.suite.counts[name]}" for name in names}
        self.lost += sum(self.lost_of(name) for name in names)
        processes = [self.suite.running.pop(name) for name in names]
        for process in processes:
            process.kill() if how == "kill" else process.terminate()
        codes = [process.wait(60) for process in processes]
        if how == "stop":
            self.checks.is_zero("dispatch processes that did not end in order", [c for c in codes if c != 0])
        return gone

    def lost_of(self, name):
        """How often another process was faster at a claim."""
        found = re.search(r"^callout_dispatch_claims_lost_total (\S+)", self.suite.metrics(name), re.M)
        return int(float(found.group(1)))

    def freeze(self):
        """One that stands still beyond its lease, and then goes on where it was; returns its instance, and what wakes it."""
        name = self.rng.choice(self.live())
        process = self.suite.running[name]
        process.send_signal(signal.SIGSTOP)
        return {f"{name}.{self.suite.counts[name]}"}, lambda: process.send_signal(signal.SIGCONT)

    def scale(self, to, how):
        before, begin = len(self.live()), time.monotonic()
        self.start(max(0, to - before))
        gone, wake = self.freeze() if how == "freeze" else (self.end(max(0, before - to), how), None)
        said = ""
        if how in HARD:
            self.taken_s.append(self.wait_lanes(f"lanes of the {HARD[how]} taken over", lambda: not gone & set(self.owners()), begin, TAKEN_S))
            said = f"taken over after {self.taken_s[-1]:.1f} s, "
        if wake:
            wake()
        self.fair_s.append(self.wait_lanes("lanes shared fairly", self.is_fair, begin, FAIR_S))
        back_s = self.wait_back("dispatch", begin)
        print(f"  {before} -> {to}{f' ({HARD[how]})' if how in HARD else ''}: {said}fair after {self.fair_s[-1]:.1f} s, "
              f"nothing behind after {back_s:.1f} s", flush=True)

    def shift(self):
        """A shift of engineers comes, or goes again: all orders that wait look again at once, in all lanes, for the same people."""
        self.is_shift = not self.is_shift
        keys = {f"shift-{office}-{i}": office for office in OFFICES for i in range(SHIFT)}
        text = "persons:\n" + "".join(f"  {key}: {{name: {key}, email: {key}@example.com}}\n" for key in keys)
        if self.is_shift:
            text += "engineers:\n" + "".join(f"  {key}: {{office: {office}, skill: 3}}\n" for key, office in keys.items())
        with open(f"{self.suite.dir}/registry/shift.yaml", "w") as file:
            file.write(text)
        self.suite.apply_samples()

    # ---- the end ----

    def wait_none(self, what, sql):
        left = []
        try:
            wait_for(what, lambda: self.suite.rows(sql) == [], BACKLOG_S, 0.1)
        except RuntimeError:
            left = self.suite.rows(sql)
        self.checks.is_zero(what, left)

    def settle(self):
        self.lost += sum(self.lost_of(name) for name in self.live())
        self.people.stop()
        self.wait_back("sla")
        self.wait_back("dispatch")
        self.wait_none("orders that wait for nothing", FORGOTTEN)
        self.people.restore_all(LIVING)
        self.people.close()
        self.wait_none("orders open after everything works again", f"SELECT * FROM read.dispatch_order WHERE status IN {LIVING}")
        self.watch.stop()
        self.checks.is_zero("claims left over", self.suite.rows("SELECT * FROM read.dispatch_claim"))

    def examine(self):
        super().examine()
        self.checks.is_zero("open offer or visit without its claim, or claim without it, at some moment", self.watch.apart)
        self.checks.is_zero("engineer with more claims than his capacity at some moment", self.watch.crowded)
        self.checks.holds("the claims were looked at", self.watch.looks, self.watch.looks > 50)
        cases = read_cases(self.suite.url)
        self.checks.is_zero("not located exactly once", [c for c, case in cases.items() if case.kinds().count("site_located") != 1])
        self.checks.is_zero("visit promised, and nobody asked or told", [c for c, case in cases.items() if is_lost(case)])
        offers, most = self.examine_offers()
        acts = ", ".join(f"{n} {act}" for act, n in sorted(self.people.counts.items()))
        print(f"  {offers} offers, {most} at once, {self.lost} claims lost to another; engineers: {acts}; claims looked at {self.watch.looks} times; most until fair "
              f"{max(self.fair_s):.1f} s (aim {FAIR_S}), until taken over {max(self.taken_s):.1f} s (aim {TAKEN_S})", flush=True)

    def examine_offers(self):
        """Follows who holds what through the journal. How many offers; how many visits were open at once."""
        may, held, last, offers, most = self.watch.may, {}, collections.Counter(), 0, 0
        load, faults = collections.Counter(), collections.defaultdict(list)
        numbers = ",".join(str(n) for n, name in KINDS.items() if name in ("offered", "offer_ended", "order_ended"))
        for case_id, packed in query(self.suite.url, f"""SELECT case_id, encode(body, 'hex') FROM journal.entry
                WHERE kind IN ({numbers}) ORDER BY appended"""):
            event = callout.M["Event"].FromString(bytes.fromhex(packed))
            kind = event.WhichOneof("body")
            body = getattr(event, kind)
            if kind == "offered":
                offers += 1
                if body.generation <= last[case_id]:
                    faults["generation of an offer does not grow"].append((case_id, last[case_id], body.generation))
                if case_id in held:
                    faults["offered while another offer or visit is open"].append((case_id, held[case_id], body.generation))
                last[case_id], held[case_id] = body.generation, body.engineer
                load[body.engineer] += 1
                if load[body.engineer] > may.get(body.engineer, 1):
                    faults["engineer booked twice"].append((body.engineer, load[body.engineer], case_id))
            elif kind == "order_ended" or body.how != ACCEPTED:
                load[held.pop(case_id, None)] -= 1
            most = max(most, len(held))
        for what in ("generation of an offer does not grow", "offered while another offer or visit is open", "engineer booked twice"):
            self.checks.is_zero(what, faults[what])
        self.checks.is_zero("open in the journal after everything works again", held.items())
        return offers, most

    def __exit__(self, *how):
        for thread in (self.people, self.watch):
            thread.enough.set()
            thread.join()
        super().__exit__(*how)


def is_lost(case):
    """An arrival was promised while the case was open, and dispatch said nothing of it."""
    kinds = case.kinds()
    promised = [i for i, (kind, body) in enumerate(case.entries) if kind == "promised" and body.is_arrival and not body.is_paused]
    said = {"offered", "nobody_left", "case_closed", "met", "stopped", "withdrawn"}
    return bool(promised) and not said & set(kinds[promised[0]:])


def hurt(storm):
    for to, how in SCALES:
        storm.scale(to, how)
        if to == MOST:
            storm.shift()
    end = time.monotonic() + LENGTH_S.get(mode(), 0)
    while time.monotonic() < end:
        storm.shift()
        now = len(storm.live())
        to = storm.rng.randint(1 if now > 1 else 2, MOST)  # one alone cannot be frozen: nobody would take its lanes
        storm.scale(to, "freeze" if to == now else storm.rng.choice(("stop", "kill")) if to < now else "stop")


if __name__ == "__main__":
    sys.exit(main("dispatch processes more and fewer", hurt, SEEDS, kind=Scaling))
