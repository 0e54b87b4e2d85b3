"""The contract's image: every proto with its imports and comments, compiled without a network.

The protos import protovalidate's rules and Google's types. Neither is kept here: their descriptors come out of the
installed packages `protovalidate`, `googleapis-common-protos` and `protobuf`.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    duration_pb2,
    field_mask_pb2,
    timestamp_pb2,
)
from google.rpc import status_pb2
from protovalidate._gen.buf.validate import validate_pb

PROTO = Path(__file__).resolve().parent
RULES = "buf/validate/validate.proto"


def build_image(scratch: Path) -> Path:
    """Compile every proto into one descriptor set that holds its imports and comments; a file in `scratch`."""
    imports = descriptor_pb2.FileDescriptorSet()
    for module in (descriptor_pb2, any_pb2, duration_pb2, field_mask_pb2, timestamp_pb2, status_pb2):
        module.DESCRIPTOR.CopyToProto(imports.file.add())
    imports.file.add().ParseFromString(validate_pb._DESC.proto.to_binary())
    (scratch / "imports.binpb").write_bytes(imports.SerializeToString())
    image = scratch / "wikifeed.binpb"
    protoc(
        f"-I{PROTO}",
        f"--descriptor_set_in={scratch / 'imports.binpb'}",
        "--include_imports",
        "--include_source_info",
        f"-o{image}",
        *own_files(),
    )
    return image


def own_files() -> list[str]:
    """The contract's files, relative to the folder of protos."""
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("wikifeed/**/*.proto"))


def protoc(*options: str) -> None:
    """Run the compiler that grpcio-tools brings, with the plugins of this environment."""
    plugins = Path(sys.executable).parent
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--plugin=protoc-gen-mypy={plugins / 'protoc-gen-mypy'}",
            f"--plugin=protoc-gen-mypy_grpc={plugins / 'protoc-gen-mypy_grpc'}",
            *options,
        ],
        check=True,
    )


def without_comments(image: Path) -> bytes:
    """The image without source positions, which keeps the committed file small."""
    files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes())
    for file in files.file:
        file.ClearField("source_code_info")
    return files.SerializeToString(deterministic=True)


def without_rules(image: Path) -> bytes:
    """The image without protovalidate's rules and their import.

    A stub that brings the rules along collides, in languages with one registry of files, with a program that has
    protovalidate's own package.
    """
    files = descriptor_pb2.FileDescriptorSet()
    for file in descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes()).file:
        if file.name == RULES:
            continue
        if RULES in file.dependency:
            file.dependency.remove(RULES)
        for message in file.message_type:
            _strip_message(message)
        for enum in file.enum_type:
            _strip_options(enum, *enum.value)
        files.file.add().CopyFrom(file)
    return files.SerializeToString(deterministic=True)


def _strip_message(message: descriptor_pb2.DescriptorProto) -> None:
    _strip_options(message, *message.field, *message.oneof_decl)
    for enum in message.enum_type:
        _strip_options(enum, *enum.value)
    for nested in message.nested_type:
        _strip_message(nested)


def _strip_options(*descriptors: Any) -> None:
    """Leave the options that descriptor.proto itself has."""
    for descriptor in descriptors:
        options = descriptor.options
        for field, _ in options.ListFields():
            if field.is_extension:
                options.ClearExtension(field)
        options.DiscardUnknownFields()
        if not options.ListFields():
            descriptor.ClearField("options")
