"""Clients of a suite's registry, and sockets in their names; for tests."""
import os

from database import query
from suite import wait_for
from wire import M, Wire, code

ACT = M["Command"].DESCRIPTOR.fields_by_name["act"].enum_type.values_by_name
WHAT = M["Query"].DESCRIPTOR.fields_by_name["what"].enum_type.values_by_name


def act(name):
    return ACT["ACT_" + name.upper()].number


def what(name):
    return WHAT["WHAT_" + name.upper()].number


def is_equal(about, seen, wanted):
    if seen != wanted:
        raise AssertionError(f"{about}: {seen!r}, not {wanted!r}")


def wire_of(suite, key="sample", endpoint=None, server="intake"):
    return Wire(endpoint or suite.endpoint, suite.public(server), f"{suite.dir}/keys/{key}.key")


def make_keys(suite, *names):
    for name in names:
        if not os.path.exists(f"{suite.dir}/keys/{name}.key"):
            suite.callout("keygen", f"{suite.dir}/keys", name)


def apply(suite, change, objects=(), remove=()):
    """Applies registry objects as the operator, and waits until every lane was told."""
    with wire_of(suite, "admin") as admin:
        reply = admin.ask(apply=dict(change_id=change, part=1, last=True, objects=list(objects), remove=list(remove)))
        is_equal("apply", (code(reply), reply.error.message, list(reply.error.allowed)[:3]), ("ok", "", []))
    behind = "SELECT count(*) FROM registry.announced WHERE version < (SELECT max(version) FROM registry.announced)"
    newest = "SELECT max(version) FROM registry.announced"
    wait_for("every lane is told", lambda: query(suite.url, newest) == [[str(reply.applied.version)]] and query(suite.url, behind) == [["0"]])


def register(suite, name, roles, change, keys=None, **more):
    """A client in the registry, with the key pair of its own name, or with several pairs."""
    keys = keys or [name]
    make_keys(suite, *keys)
    client = dict(key=name, public_key=suite.public(keys[0]), public_keys=[suite.public(k) for k in keys[1:]], roles=roles, **more)
    apply(suite, change, [dict(client=client)])


def is_let_in(suite, key, limit_s=1, **more):
    with wire_of(suite, key, **more) as wire:
        wire.send(ping={})
        return wire.receive(limit_s) is not None
