"""The journal as a test sees it: events as protobuf messages, written and read with plain SQL; a registry to go with it."""
import atexit
import glob
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

from google.protobuf.message import DecodeError

from database import ROOT, psql, query


def load_protos():
    """Compiles proto/ for Python and returns its modules by name: .event, .registry ..."""
    out = tempfile.mkdtemp(prefix="callout_proto_")
    atexit.register(shutil.rmtree, out, True)
    files = sorted(glob.glob(f"{ROOT}/proto/callout/v1/*.proto"))
    subprocess.run(["protoc", f"--proto_path={ROOT}/proto", f"--python_out={out}", *files], check=True)
    sys.path.insert(0, out)

    class Protos:
        pass

    for path in files:
        name = os.path.basename(path)[: -len(".proto")]
        setattr(Protos, name, importlib.import_module(f"callout.v1.{name}_pb2"))
    return Protos


class Entry:
    def __init__(self, row, event):
        self.lane, self.seq, self.case_id, self.at_us = int(row[0]), int(row[1]), int(row[2]), int(row[3])
        self.event = event
        self.kind = event.WhichOneof("body")
        self.body = getattr(event, self.kind) if self.kind else None

    def __repr__(self):
        return f"{self.lane}/{self.seq} case {self.case_id} {self.kind} {self.body}"


class Journal:
    def __init__(self, url, protos):
        self.url, self.protos = url, protos
        self.members = {f.message_type.name: f for f in protos.event.Event.DESCRIPTOR.oneofs_by_name["body"].fields}
        with open(f"{ROOT}/lib/io/sql/append_entries.sql") as file:
            self.append_sql = file.read().strip().rstrip(";")
        self.seen = {}
        self.entries = []

    def event(self, body):
        """A message of the type of a member of Event, as (kind, packed Event)."""
        field, event = self.members[body.DESCRIPTOR.name], self.protos.event.Event()
        getattr(event, field.name).CopyFrom(body)
        return field.number, event.SerializeToString()

    def packed(self, body):
        """The same as texts of members of SQL arrays."""
        kind, packed = self.event(body)
        return str(kind), "\\\\x" + packed.hex()

    def append(self, lane, case_id, *bodies):
        """Appends one entry per body, a message of the type of a member of Event, in one transaction."""
        self.append_all([(lane, case_id, bodies)])

    def append_all(self, groups):
        """Groups of (lane, case_id, bodies), each in a transaction of its own."""
        script = [f"PREPARE a AS {self.append_sql};"]
        for lane, case_id, bodies in groups:
            kinds, packed = zip(*map(self.packed, bodies))
            cases = ",".join([str(case_id)] * len(bodies))
            script.append(f"EXECUTE a({lane}, '{{{cases}}}', '{{{','.join(kinds)}}}', '{{{','.join(packed)}}}', NULL);")
        psql(self.url, "-f", "-", text="\n".join(script))

    def append_nonsense(self, lane, case_id, kind):
        """One entry whose body is no event."""
        psql(self.url, "-c", f"PREPARE a AS {self.append_sql}", "-c", f"EXECUTE a({lane}, '{{{case_id}}}', '{{{kind}}}', '{{\"\\\\xffff\"}}', NULL)")

    def unpack(self, body):
        try:
            return self.protos.event.Event.FromString(body)
        except DecodeError:  # see append_nonsense()
            return self.protos.event.Event()

    def read(self):
        """Everything new, in the order of each lane; kept in .entries."""
        new = []
        where = " OR ".join(f"(lane = {lane} AND seq > {seq})" for lane, seq in self.seen.items())
        known = ",".join(str(lane) for lane in self.seen) or "-1"
        rows = query(self.url, f"""SELECT lane, seq, case_id, (extract(epoch FROM at) * 1000000)::int8, encode(body, 'hex')
            FROM journal.entry WHERE lane NOT IN ({known}) {"OR " + where if where else ""} ORDER BY lane, seq""")
        for row in rows:
            new.append(Entry(row, self.unpack(bytes.fromhex(row[4]))))
            self.seen[int(row[0])] = int(row[1])
        self.entries += new
        return new

    def of(self, case_id, kind=None):
        return [e for e in self.entries if e.case_id == case_id and (kind is None or e.kind == kind)]

    def wait(self, case_id, kind, count=1, limit_s=60):
        """The count-th entry of that kind of the case; prints what there was when it does not come."""
        until = time.monotonic() + limit_s
        while True:
            self.read()
            found = self.of(case_id, kind)
            if len(found) >= count:
                return found[count - 1].body
            if time.monotonic() > until:
                raise AssertionError(f"no {kind} number {count} of case {case_id}; there is: {self.of(case_id)}")
            time.sleep(0.05)

    def apply(self, version, objects, ends_kind=0):
        """Puts registry objects in force as `version`, and says so in every lane. What there was of `ends_kind` ends with it."""
        rows = []
        kinds = {f.message_type.name: f for f in self.protos.registry.RegistryObject.DESCRIPTOR.fields}
        for body in objects:
            field = kinds[body.DESCRIPTOR.name]
            message = self.protos.registry.RegistryObject()
            getattr(message, field.name).CopyFrom(body)
            key = getattr(body, "key", None) or getattr(body, "name", "")
            rows.append(f"({field.number}, '{key}', {version}, NULL, '\\x{message.SerializeToString().hex()}')")
        psql(self.url, "-1", "-f", "-", text=f"""
            INSERT INTO registry.version (version, change_id, applied_by, added, changed, removed, unchanged)
            VALUES ({version}, 'test-{version}', 'test', {len(rows)}, 0, 0, 0);
            UPDATE registry.object SET until = {version} WHERE kind = {ends_kind} AND until IS NULL;
            INSERT INTO registry.object (kind, key, since, until, body) VALUES {", ".join(rows)};""")
        lanes = query(self.url, "SELECT lane FROM journal.lane ORDER BY lane")
        self.append_all([(int(lane), 0, [self.protos.event.RegistryApplied(version=version)]) for (lane,) in lanes])


class Entries:
    """Writes entries of many cases, a group of them in one transaction."""

    GROUP = 1500

    def __init__(self, journal):
        self.journal, self.lanes = journal, {}

    def add(self, case_id, *bodies):
        for body in bodies:
            self.lanes.setdefault(case_id & 255, []).append((str(case_id), *self.journal.packed(body)))

    def write(self):
        script = [f"PREPARE a AS {self.journal.append_sql};"]
        for lane, rows in self.lanes.items():
            for i in range(0, len(rows), self.GROUP):
                cases, kinds, bodies = zip(*rows[i:i + self.GROUP])
                script.append(f"EXECUTE a({lane}, '{{{','.join(cases)}}}', '{{{','.join(kinds)}}}', '{{{','.join(bodies)}}}', NULL);")
        psql(self.journal.url, "-f", "-", text="\n".join(script))
        self.lanes = {}
