#!/usr/bin/python3
"""What proto/ must keep to: no message contains itself (protobuf-c unpacks recursively, and a peer chooses the depth),
no proto3 `optional`, no well-known types (protoc-c 1.4.1 knows neither)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from proto_files import MESSAGE, descriptors, walk  # noqa: E402


def cycle(name, contains, path=()):
    """The way from a message back to itself, or None."""
    if name in path:
        return path[path.index(name):] + (name,)
    for inner in contains.get(name, ()):
        found = cycle(inner, contains, path + (name,))
        if found:
            return found
    return None


def main():
    problems, contains = [], {}
    for file in descriptors():
        for name, message in walk(file):
            contains[name] = [f.type_name for f in message.field if f.type == MESSAGE]
            problems += [f"{file.name}: {name}.{f.name}: proto3 optional" for f in message.field if f.proto3_optional]
            problems += [f"{file.name}: {name}.{f.name}: {f.type_name} is a well-known type"
                         for f in message.field if f.type_name.startswith(".google.")]
    problems += [f"recursive: {' -> '.join(c)}" for c in {cycle(n, contains) for n in contains} if c]
    for problem in problems:
        print(problem)
    print(f"{len(contains)} messages")
    print(f"Checks: {max(3, len(problems))}, Failures: {len(problems)}, Errors: 0")
    return bool(problems) or not contains


if __name__ == "__main__":
    sys.exit(main())
