#!/usr/bin/env python3
"""The Python client, as a module and as a program, against a server with CURVE whose answers are written here."""
import json
import os
import subprocess
import sys
import tempfile
import threading

import zmq

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "clients", "python"))
import callout  # noqa: E402

seen = []


def reply_to(request):
    kind = request.WhichOneof("body")
    reply = callout.M["Reply"](request_id=request.request_id)
    seen.append((kind, getattr(request, kind)))
    if kind == "submit" and request.submit.title == "conflict":
        reply.code = callout.CODES["CODE_CONFLICT"]
        reply.error.message = "the key is taken"
    elif kind == "submit" and len([k for k, _ in seen if k == "submit"]) == 1:
        reply.code = callout.CODES["CODE_BUSY"]
        reply.error.retry_after_ms = 30
    elif kind == "submit":
        reply.submitted.number = "C-180D"
    elif kind == "command":
        reply.verdict.applied = True
    elif request.query.what == 3:
        entry = reply.result.entries.add(seq=len(seen), number=request.query.number)
        entry.event.case_closed.how = "signed"
        reply.result.next = b"%d" % entry.seq
    else:
        reply.result.view.number = request.query.number
    return reply


def serve(socket):
    while True:
        frames = socket.recv_multipart()
        if frames[-1] == b"stop":
            return
        request = callout.M["Request"].FromString(frames[-1])
        socket.send_multipart(frames[:-1] + [reply_to(request).SerializeToString()])


def a_ticket_is_submitted_in_spite_of_busy(client):
    assert client.submit(title="阵列离线", customer="acme", product="os", version="22-lts", traits=["a"]).number == "C-180D"
    assert seen[-1][1].title == "阵列离线" and seen[-1][1].version == "22-lts" and seen[-1][1].traits == ["a"] and seen[-1][1].key
    assert seen[0][1].key == seen[1][1].key


def a_command_gets_its_verdict(client):
    assert client.command("C-180D", "arrived", person="wang").applied
    assert seen[-1][1].act == 10 and seen[-1][1].person == "wang"


def a_conflict_is_raised(client):
    try:
        client.submit(title="conflict")
    except callout.Refused as refused:
        assert refused.args[0].error.message == "the key is taken"
        return
    assert False, "not raised"


def a_watch_goes_on_where_it_stood(client):
    watch = client.watch("C-180D")
    first, second = next(watch), next(watch)
    assert second.seq > first.seq and seen[-1][1].after == b"%d" % first.seq


def the_program_prints_json(_):
    def run(*words):
        path = os.path.join(ROOT, "clients", "python", "callout.py")
        done = subprocess.run([sys.executable, path, *words], stdout=subprocess.PIPE, check=True, timeout=60)
        return json.loads(done.stdout)

    assert run("submit", "title=x", "onsite=true", "stated_severity=2", "position={\"latitude\": 39.9}")["number"] == "C-180D"
    assert seen[-1][1].onsite and seen[-1][1].stated_severity == 2 and seen[-1][1].position.latitude == 39.9
    assert run("command", "C-180D", "note", "note=hello")["applied"]
    assert run("query", "case", "C-180D")["view"]["number"] == "C-180D"


def main():
    server_public, server_secret = (k.decode() for k in zmq.curve_keypair())
    public, secret = (k.decode() for k in zmq.curve_keypair())
    socket = zmq.Context.instance().socket(zmq.ROUTER)
    socket.curve_server, socket.curve_secretkey, socket.linger = True, server_secret.encode(), 0
    port = socket.bind_to_random_port("tcp://127.0.0.1")
    threading.Thread(target=serve, args=(socket,), daemon=True).start()
    failures = 0
    tests = [a_ticket_is_submitted_in_spite_of_busy, a_command_gets_its_verdict, a_conflict_is_raised,
             a_watch_goes_on_where_it_stood, the_program_prints_json]
    with tempfile.TemporaryDirectory() as directory:
        key_file = os.path.join(directory, "ours.key")
        with open(key_file, "w", encoding="utf-8") as f:
            f.write(f"# ours\npublic = {public}\nsecret = {secret}\n")
        os.environ.update(CALLOUT_ENDPOINT=f"tcp://127.0.0.1:{port}", CALLOUT_SERVER_KEY=server_public,
                          CALLOUT_KEY_FILE=key_file)
        with callout.Client.from_environment() as client:
            for test in tests:
                try:
                    test(client)
                except Exception as problem:  # each test is told, whatever stopped it
                    failures += 1
                    print(f"FAILED {test.__name__}: {problem!r}", flush=True)
    print(f"Checks: {len(tests)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
