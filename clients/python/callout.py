#!/usr/bin/env python3
"""Callout from Python; what the messages mean: docs/protocol.md. Needs zmq, google.protobuf, and protoc (or callout.desc,
a descriptor set made by it, beside this file). The settings come from: eval "$(callout env --export)"

    with Client.from_environment() as c:
        number = c.submit(title="array down", customer="acme", wait_ms=2000).number
        c.command(number, "arrived", person="wang")

usage: callout.py submit NAME=VALUE... | command NUMBER ACT [NAME=VALUE...] | query WHAT [NUMBER] | watch [NUMBER]
"""
import json, os, re, subprocess, sys, time, uuid
import zmq
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

def load_messages():
    """The message classes by name, straight from the proto files."""
    here = os.path.dirname(os.path.abspath(__file__))
    prepared, protos = os.path.join(here, "callout.desc"), os.path.join(here, "..", "..", "proto")
    command = ["protoc", "-I", protos, "--include_imports", "-o", "/dev/stdout", "callout/v1/intake.proto"]
    packed = subprocess.check_output(["cat", prepared] if os.path.exists(prepared) else command)
    pool, names = descriptor_pool.DescriptorPool(), []
    for file in descriptor_pb2.FileDescriptorSet.FromString(packed).file:
        pool.AddSerializedFile(file.SerializeToString())
        names += [m.name for m in file.message_type]
    make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return {n: make(pool.FindMessageTypeByName("callout.v1." + n)) for n in names}

M = load_messages()
CODES = {v.name: v.number for v in M["Reply"].DESCRIPTOR.fields_by_name["code"].enum_type.values}
FINE, LATER = (CODES["CODE_OK"], CODES["CODE_PENDING"]), (CODES["CODE_BUSY"], CODES["CODE_UNAVAILABLE"])

class Refused(Exception):
    """A reply that is neither OK nor PENDING is the argument: its code, error, verdict."""

class Client:
    def __init__(self, endpoint, server_key, public_key, secret_key, timeout_s=10):
        self.timeout_s, self.socket = timeout_s, zmq.Context.instance().socket(zmq.DEALER)
        self.socket.curve_serverkey, self.socket.curve_publickey = server_key.encode(), public_key.encode()
        self.socket.curve_secretkey, self.socket.linger = secret_key.encode(), 0
        self.socket.connect(endpoint)
    @classmethod
    def from_environment(cls):
        with open(os.environ["CALLOUT_KEY_FILE"]) as f:
            keys = dict(re.findall(r"^(public|secret) = (\S+)$", f.read(), re.M))
        return cls(os.environ["CALLOUT_ENDPOINT"], os.environ["CALLOUT_SERVER_KEY"], keys["public"], keys["secret"])
    def __enter__(self): return self
    def __exit__(self, *_): self.socket.close()

    def call(self, wait_ms, **body):
        """One request, sent again while nobody answers or the server is busy: those made here may be repeated."""
        request = M["Request"](request_id=uuid.uuid4().hex, **body)
        end = time.monotonic() + self.timeout_s + wait_ms / 1000
        while time.monotonic() < end:
            self.socket.send(request.SerializeToString())
            again = min(end, time.monotonic() + 5 + wait_ms / 1000)
            while self.socket.poll(max(0, (again - time.monotonic()) * 1000)):
                reply = M["Reply"].FromString(self.socket.recv_multipart()[-1])
                if reply.request_id != request.request_id:
                    continue  # to an earlier request
                if reply.code in FINE:
                    return reply
                if reply.code not in LATER:
                    raise Refused(reply)
                time.sleep(max(0.02, reply.error.retry_after_ms / 1000))
                break
        raise TimeoutError("no answer; the same key again is safe")

    def submit(self, **ticket):
        ticket = json_format.ParseDict({"key": uuid.uuid4().hex, **ticket}, M["SubmitTicket"]())
        return self.call(ticket.wait_ms, submit=ticket).submitted

    def command(self, number, act, **more):
        fields = {"key": uuid.uuid4().hex, "number": number, "act": "ACT_" + act.upper(), **more}
        command = json_format.ParseDict(fields, M["Command"]())
        return self.call(command.wait_ms or 2000, command=command).verdict

    def query(self, what, **more):
        query = M["Query"](what="WHAT_" + what.upper(), **more)
        return self.call(query.wait_ms, query=query).result

    def watch(self, number="", after=b"", wait_ms=10000):
        """The journal entries of one case from its start, or of all cases from now on, without end."""
        while True:
            page = self.query("entries", number=number, after=after, wait_ms=wait_ms)
            yield from page.entries
            after = page.next or after

def main(verb, *words):
    show = lambda m: print(json_format.MessageToJson(m, preserving_proto_field_name=True, indent=None), flush=True)
    value = lambda t: json.loads(t) if t[:1] in ("[", "{") or t in ("true", "false") else t
    pairs = lambda ws: {n: value(t) for n, t in (w.split("=", 1) for w in ws)}
    with Client.from_environment() as c:
        if verb == "submit": show(c.submit(**pairs(words)))
        elif verb == "command": show(c.command(*words[:2], **pairs(words[2:])))
        elif verb == "query": show(c.query(words[0], number="".join(words[1:])))
        else: [show(entry) for entry in c.watch(*words)]

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if sys.argv[1:2] and sys.argv[1] in "submit command query watch".split() else __doc__)
