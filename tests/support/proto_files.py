"""What stands in proto/: descriptors, and one line for each field and enum value, as release/<version>/wire.txt keeps them."""
import pathlib
import subprocess
import tempfile

from google.protobuf import descriptor_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELD = descriptor_pb2.FieldDescriptorProto
MESSAGE = FIELD.TYPE_MESSAGE


def descriptors(root=ROOT):
    proto = pathlib.Path(root) / "proto"
    files = sorted(str(f.relative_to(proto)) for f in proto.rglob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        command = ["protoc", f"--proto_path={proto}", f"--descriptor_set_out={out.name}"]
        subprocess.run(command + files, check=True, cwd=proto)
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes()).file


def walk(file):
    """(full name, message) of each message, nested ones too."""
    def below(prefix, messages):
        for message in messages:
            name = f"{prefix}.{message.name}"
            yield name, message
            yield from below(name, message.nested_type)

    yield from below(f".{file.package}", file.message_type)


def enums(file):
    """(full name, enum) of each enum, nested ones too."""
    for enum in file.enum_type:
        yield f".{file.package}.{enum.name}", enum
    for name, message in walk(file):
        for enum in message.enum_type:
            yield f"{name}.{enum.name}", enum


def type_of(field):
    return field.type_name or FIELD.Type.Name(field.type)[5:].lower()


def wire_lines(files):
    """`MESSAGE NUMBER NAME TYPE [repeated] [oneof NAME]`, `ENUM NUMBER NAME enum`, and `... reserved` for numbers given up."""
    lines = []
    for file in files:
        for name, message in walk(file):
            for f in message.field:
                line = f"{name} {f.number} {f.name} {type_of(f)}"
                line += " repeated" if f.label == FIELD.LABEL_REPEATED else ""
                line += f" oneof {message.oneof_decl[f.oneof_index].name}" if f.HasField("oneof_index") else ""
                lines.append(line)
            for gone in message.reserved_range:
                lines += [f"{name} {n} - reserved" for n in range(gone.start, gone.end)]
        for name, enum in enums(file):
            lines += [f"{name} {v.number} {v.name} enum" for v in enum.value]
            for gone in enum.reserved_range:
                lines += [f"{name} {n} - reserved" for n in range(gone.start, gone.end + 1)]
    return sorted(lines)
