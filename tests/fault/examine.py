"""After a storm: what clients were told, what the journal says, and what left the house must agree."""
import collections
import glob
import os
import re
import sys

from busy import LATER
from database import ROOT, query

sys.path.insert(0, f"{ROOT}/clients/python")
import callout  # noqa: E402

TICKET, COMMAND = 1, 2
# States of a notice; unknown: whoever sent it died, and it was not true, or not needed, any more; delivered: its reader answered.
ACCEPTED, UNKNOWN, DELIVERED, CANCELLED = 2, 4, 5, 6
# It may have come, and is not tried again.
LEFT = f"state = {UNKNOWN} AND (recalled OR detail LIKE '% meanwhile')"
# What names an output: said twice in one case, it was announced twice.
NAMES = {"promised": ("milestone", "generation", "revision"), "site_located": (), "case_closed": (), "offered": ("generation",),
         "offer_ended": ("generation",), "assigned": ("generation",), "order_ended": ("generation",), "nobody_left": ("asked", "at_us"),
         "warned": ("milestone", "generation", "threshold"), "breached": ("milestone", "generation"),
         "notice_planned": ("obligation", "generation", "slot"), "notice_settled": ("obligation", "generation", "slot", "state")}
# An entry, and what must stand before it in its case, with the same names.
AFTER = [("promised", "case_opened", ()), ("offered", "site_located", ()),
         ("offer_ended", "offered", ("generation",)), ("assigned", "offered", ("generation",)), ("order_ended", "offered", ("generation",)),
         ("notice_settled", "notice_planned", ("obligation", "generation", "slot")),
         ("command_applied", "command_received", ("command_id",)), ("command_refused", "command_received", ("command_id",))]
OPENINGS = {"case_opened", "case_held"}
VERDICTS = {"command_applied", "command_refused"}


class Checks:
    def __init__(self):
        self.count = self.failures = 0

    def is_zero(self, what, rows):
        self.count += 1
        rows = list(rows)
        if rows:
            self.failures += 1
            print(f"FAILED: {what}: {len(rows)}, for example {rows[:3]}", flush=True)

    def holds(self, what, seen, is_true):
        self.is_zero(f"{what} ({seen})", [] if is_true else [seen])

    def end(self):
        print(f"Checks: {self.count}, Failures: {self.failures}, Errors: 0")
        return 1 if self.failures else 0


# What a timer says, and when at the earliest, by its own words.
TIMERS = {"warned": lambda b: b.reached_us, "breached": lambda b: b.due_us}
SILENT = 3  # OFFER_END_SILENT


class Case:
    """The entries of one case in their order: (kind, body); when the journal took each."""

    def __init__(self):
        self.entries, self.at_us = [], []

    def kinds(self):
        return [kind for kind, _ in self.entries]


def name_of(body, fields):
    return tuple(getattr(body, f) for f in fields)


def read_cases(url):
    cases = collections.defaultdict(Case)
    for case_id, at_us, body in query(url, """SELECT case_id, (extract(epoch FROM at) * 1000000)::int8, encode(body, 'hex')
            FROM journal.entry WHERE case_id <> 0 ORDER BY lane, seq"""):
        event = callout.M["Event"].FromString(bytes.fromhex(body))
        kind = event.WhichOneof("body")
        cases[int(case_id)].entries.append((kind, getattr(event, kind)))
        cases[int(case_id)].at_us.append(int(at_us))
    return cases


def fired(cases):
    """(case, what, due, at) of whatever a timer did."""
    for case_id, case in cases.items():
        accept_by = {}
        for (kind, body), at_us in zip(case.entries, case.at_us):
            if kind == "offered":
                accept_by[body.generation] = body.accept_by_us
            if kind in TIMERS:
                yield case_id, kind, TIMERS[kind](body), at_us
            elif kind == "offer_ended" and body.how == SILENT:
                yield case_id, kind, accept_by[body.generation], at_us


def said_twice(cases):
    for case_id, case in cases.items():
        seen = collections.Counter((k, name_of(b, NAMES[k])) for k, b in case.entries if k in NAMES)
        yield from ((case_id, *what, n) for what, n in seen.items() if n > 1)


def out_of_order(cases):
    for case_id, case in cases.items():
        if case.entries[0][0] != "ticket_submitted":
            yield case_id, "does not begin with its report", case.kinds()[:3]
        seen = set()
        for kind, body in case.entries:
            for what, before, fields in AFTER:
                if what == kind and (before, name_of(body, fields)) not in seen:
                    yield case_id, kind, "before its", before
                if before == kind:
                    seen.add((kind, name_of(body, fields)))


def capacities(registry):
    """How many visits each engineer of these registry files may have at once."""
    found = {}
    for path in glob.glob(f"{registry}/engineers.yaml"):
        for line in open(path):
            key, capacity = re.match(r"  (\S+): \{office", line), re.search(r"capacity: (\d+)", line)
            if key:
                found[key.group(1)] = int(capacity.group(1)) if capacity else 1
    return found


def in_two_places(cases, registry):
    held = collections.Counter()
    for case in cases.values():
        offers = {b.generation: b.engineer for k, b in case.entries if k == "offered"}
        for kind, body in case.entries:
            is_over = kind == "order_ended" or (kind == "offer_ended" and body.how != 1)  # OFFER_END_ACCEPTED: he goes
            if is_over:
                offers.pop(body.generation, None)
        held.update(offers.values())
    may = capacities(registry)
    return [(engineer, n) for engineer, n in held.items() if n > may.get(engineer, 1)]


def examine_tickets(checks, url, ledger, cases):
    receipts = {(int(kind), key): (int(case_id), int(own)) for kind, key, case_id, own in
                query(url, "SELECT kind, key, case_id, id FROM intake.receipt")}
    held = {(TICKET if not key.startswith("c/") else COMMAND, key): own for key, (_, own) in ledger.acked.items()}
    checks.is_zero("acknowledged and missing, or under another id", [k for k, own in held.items() if receipts.get(k, (0, 0))[1] != own])
    checks.is_zero("present and never attempted", [k for k in receipts if k[1] not in ledger.tried])
    checks.is_zero("refused and present", [k for k in receipts if k[1] in ledger.refused])
    checks.is_zero("outcome unknown to the client at the end", ledger.unknown)
    tickets = {own for (kind, _), (_, own) in receipts.items() if kind == TICKET}
    commands = {own for (kind, _), (_, own) in receipts.items() if kind == COMMAND}
    checks.is_zero("case without receipt, or receipt without case", tickets ^ set(cases))
    posted = collections.Counter(c for c, case in cases.items() for k in case.kinds() if k == "ticket_submitted")
    checks.is_zero("reported not once", [c for c in cases if posted[c] != 1])
    asked = collections.Counter(b.command_id for case in cases.values() for k, b in case.entries if k == "command_received")
    verdicts = collections.Counter(b.command_id for case in cases.values() for k, b in case.entries if k in VERDICTS)
    checks.is_zero("command journaled not once", [c for c in commands | set(asked) if asked[c] != 1 or c not in commands])
    checks.is_zero("command without exactly one verdict", [c for c in asked if verdicts[c] != 1])
    return len(tickets), len(commands)


def examine_journal(checks, url, cases, registry):
    checks.is_zero("numbers of a lane have gaps", query(url, """SELECT e.lane, count(*), max(e.seq) FROM journal.entry e
        JOIN journal.lane l USING (lane) GROUP BY e.lane, l.seq HAVING count(*) <> l.seq OR max(e.seq) <> l.seq"""))
    checks.is_zero("time runs backwards in a lane", query(url, """SELECT lane, seq FROM (SELECT lane, seq, at, lag(at) OVER
        (PARTITION BY lane ORDER BY seq) AS before FROM journal.entry) AS t WHERE before > at LIMIT 5"""))
    checks.is_zero("case not opened or held exactly once", [(c, case.kinds()) for c, case in cases.items()
                                                           if sum(k in OPENINGS for k in case.kinds()) != 1])
    checks.is_zero("case that sla does not have", query(url, """SELECT r.id FROM intake.receipt r LEFT JOIN sla.case c
        ON c.lane = r.lane AND c.case_id = r.id WHERE r.kind = 1 AND c.case_id IS NULL LIMIT 5"""))
    checks.is_zero("announced twice", said_twice(cases))
    checks.is_zero("out of order in its case", out_of_order(cases))
    timers = list(fired(cases))
    checks.is_zero("timer early", [t for t in timers if t[3] < t[2]])
    checks.is_zero("engineer in two places", in_two_places(cases, registry))
    checks.is_zero("parked", query(url, "SELECT service, case_id, reason FROM journal.parked LIMIT 5"))
    return len(timers)


def settlements(cases):
    """Of each notice, in order, the states in which it was settled."""
    found = {(c, b.obligation, b.generation, b.slot): [] for c, case in cases.items() for k, b in case.entries if k == "notice_planned"}
    for c, case in cases.items():
        for kind, body in case.entries:
            if kind == "notice_settled":
                found.setdefault((c, body.obligation, body.generation, body.slot), []).append(body.state)
    return found


def examine_settlements(checks, url, cases):
    """Once each; once more where its reader answered what was accepted."""
    later = {(int(c), o, int(g), s) for c, o, g, s in query(url, f"SELECT case_id, obligation, generation, slot FROM notify.notice WHERE {LATER}")}
    checks.is_zero("notices that were not settled once", [(n, states) for n, states in settlements(cases).items() if n not in later and
                   not (len(states) == 1 or len(states) == 2 and states[1] == DELIVERED)])


def examine_notices(checks, url, cases, drained):
    planned = sum(k == "notice_planned" for case in cases.values() for k in case.kinds())
    settled = collections.Counter(b.state for case in cases.values() for k, b in case.entries if k == "notice_settled")
    ids = collections.Counter(drained)
    checks.is_zero("mail or webhook without an identity", [i for i in ids if len(i) < 2 or not i[1]])
    checks.holds("each notice that was accepted came, and none that was not planned",
                 f"accepted {settled[ACCEPTED]}, came {len(ids)}, planned {planned}", settled[ACCEPTED] <= len(ids) <= planned)
    checks.is_zero("notices in the journal and in the table differ", [] if [[str(planned)]] == query(
        url, "SELECT count(*) FROM notify.notice") else query(url, "SELECT state, count(*) FROM notify.notice GROUP BY state"))
    checks.is_zero("notice neither accepted nor cancelled", query(url, f"""SELECT state, detail, count(*) FROM notify.notice
        WHERE state NOT IN ({ACCEPTED}, {DELIVERED}, {CANCELLED}) AND NOT ({LEFT}) AND NOT ({LATER}) GROUP BY 1, 2"""))
    examine_settlements(checks, url, cases)
    return planned, len(ids), sum(ids.values()) - len(ids)


def examine_refold(checks, suite):
    refold = suite.callout("audit", "refold", check=False)
    checks.holds("every case folded anew gives what was announced", refold.stdout[-300:] + refold.stderr, refold.returncode == 0)


def examine(checks, suite, ledger):
    checks.holds("the client's ledger is whole", ledger.is_whole, ledger.is_whole)
    cases = read_cases(suite.url)
    tickets, commands = examine_tickets(checks, suite.url, ledger, cases)
    timers = examine_journal(checks, suite.url, cases, f"{suite.dir}/registry")
    examine_refold(checks, suite)
    planned, came, again = examine_notices(checks, suite.url, cases, suite.drained())
    offers = sum(k == "offered" for case in cases.values() for k in case.kinds())
    checks.holds("there was something to examine", tickets, tickets > 100 and commands > 10 and planned > 100 and offers > 0 and timers > 30 and came > 0)
    print(f"  tried {len(ledger.tried)} acknowledged {len(ledger.acked)} refused {len(ledger.refused)}: tickets {tickets}, commands {commands}, "
          f"offers {offers}, timers {timers}, notices {planned}, delivered {came}, copies {again}", flush=True)
