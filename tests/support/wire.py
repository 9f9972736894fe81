"""The intake socket without manners: any bytes, any frames, many requests in flight; for tests.

    with Wire(endpoint, server_key, key_file) as wire:
        reply = wire.ask(submit=dict(key="k", title="t"))       # one request, its reply
        replies = wire.ask_all([dict(submit=...), ...])         # all in flight together
"""
import os
import re
import sys
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))
import callout  # noqa: E402

M, CODES = callout.M, callout.CODES
NAMES = {number: name[5:].lower() for name, number in CODES.items()}


def read_keys(path):
    return {n: v.encode() for n, v in re.findall(r"^(public|secret) = (\S+)$", open(path).read(), re.M)}


def code(reply):
    return NAMES[reply.code]


class Wire:
    def __init__(self, endpoint, server_key, key_file=None, keys=None):
        keys = keys or read_keys(key_file)
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.sndhwm = self.socket.rcvhwm = 100000
        self.socket.reconnect_ivl, self.socket.reconnect_ivl_max = 20, 200
        self.socket.curve_serverkey = server_key.encode()
        self.socket.curve_publickey, self.socket.curve_secretkey = keys["public"], keys["secret"]
        self.socket.connect(endpoint)
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, **body):
        self.count += 1
        request = M["Request"](request_id=f"r{self.count}", **body)
        self.socket.send(request.SerializeToString())
        return request.request_id

    def send_frames(self, *frames):
        self.socket.send_multipart(frames)

    def receive(self, limit_s=15):
        """The next reply; None when there is none in time."""
        if not self.socket.poll(limit_s * 1000):
            return None
        return M["Reply"].FromString(self.socket.recv_multipart()[-1])

    def ask(self, limit_s=15, **body):
        wanted = self.send(**body)
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            reply = self.receive(end - time.monotonic())
            if reply is not None and reply.request_id == wanted:
                return reply
        raise RuntimeError(f"no reply in {limit_s} s to {str(body)[:200]}")

    def ask_all(self, bodies, limit_s=30):
        """Replies in the order of the requests."""
        ids = [self.send(**body) for body in bodies]
        got, end = {}, time.monotonic() + limit_s
        while len(got) < len(ids):
            reply = self.receive(max(0, end - time.monotonic()))
            if reply is None:
                raise RuntimeError(f"{len(ids) - len(got)} of {len(ids)} replies are missing after {limit_s} s")
            got[reply.request_id] = reply
        return [got[i] for i in ids]


class Checks:
    """Runs functions as tests and counts; their names are sentences."""

    def __init__(self):
        self.count = self.failures = 0

    def run(self, tests, *arguments):
        for test in tests:
            self.count += 1
            start = time.monotonic()
            try:
                test(*arguments)
                print(f"ok      {test.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
            except Exception as problem:  # each test is told, whatever stopped it
                import traceback
                self.failures += 1
                print(f"FAILED  {test.__name__}: {problem!r}", flush=True)
                traceback.print_exc(file=sys.stdout)

    def end(self):
        print(f"Checks: {self.count}, Failures: {self.failures}, Errors: 0")
        return 1 if self.failures else 0
