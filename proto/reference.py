"""The contract with its comments as one JSON object, from which the API reference is shown."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    ServiceDescriptorProto,
)

# Where descriptors keep what is inside them: the numbers of the fields of google/protobuf/descriptor.proto.
_FILE_MESSAGES, _FILE_ENUMS, _FILE_SERVICES = 4, 5, 6
_MESSAGE_FIELDS, _MESSAGE_MESSAGES, _MESSAGE_ENUMS = 2, 3, 4
_ENUM_VALUES, _SERVICE_METHODS = 2, 2

_Path = tuple[int, ...]
_Comments = dict[_Path, str]


def reference(image: bytes, package: str) -> str:
    """The JSON of all services, messages and enums of a package in an image that has comments.

    Services come in the order of their names, as do messages and enums, those inside others under `Outer.Inner`; what
    is inside them in the order of the protos.
    """
    services: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    enums: list[dict[str, Any]] = []
    for file in FileDescriptorSet.FromString(image).file:
        if file.package == package:
            comments = _comments(file)
            services += (_service(each, (_FILE_SERVICES, at), comments) for at, each in enumerate(file.service))
            enums += (_enum("", each, (_FILE_ENUMS, at), comments) for at, each in enumerate(file.enum_type))
            for at, message in enumerate(file.message_type):
                messages += _messages("", message, (_FILE_MESSAGES, at), comments)
                enums += _inner_enums("", message, (_FILE_MESSAGES, at), comments)
    lists = {"services": services, "messages": messages, "enums": enums}
    ordered = {name: sorted(values, key=lambda each: str(each["name"])) for name, values in lists.items()}
    return json.dumps({"package": package, **ordered}, ensure_ascii=False, indent=1) + "\n"


def _comments(file: FileDescriptorProto) -> _Comments:
    return {
        tuple(location.path): _text(location.leading_comments)
        for location in file.source_code_info.location
        if location.leading_comments
    }


def _text(comment: str) -> str:
    """Paragraphs, each on one line: lines are broken where a proto is as wide as it may be."""
    paragraphs = comment.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _service(service: ServiceDescriptorProto, path: _Path, comments: _Comments) -> dict[str, Any]:
    return {
        "name": service.name,
        "comment": comments.get(path, ""),
        "methods": [
            {
                "name": method.name,
                "comment": comments.get((*path, _SERVICE_METHODS, at), ""),
                "request": method.input_type[1:],
                "response": method.output_type[1:],
                "client_streaming": method.client_streaming,
                "server_streaming": method.server_streaming,
            }
            for at, method in enumerate(service.method)
        ],
    }


def _messages(outer: str, message: DescriptorProto, path: _Path, comments: _Comments) -> Iterator[dict[str, Any]]:
    """A message and those inside it, but for those that the compiler makes of maps."""
    name = outer + message.name
    maps = {each.name: each for each in message.nested_type if each.options.map_entry}
    yield {
        "name": name,
        "comment": comments.get(path, ""),
        "fields": [
            _field(field, maps, message, comments.get((*path, _MESSAGE_FIELDS, at), ""))
            for at, field in enumerate(message.field)
        ],
    }
    for at, inner in enumerate(message.nested_type):
        if inner.name not in maps:
            yield from _messages(f"{name}.", inner, (*path, _MESSAGE_MESSAGES, at), comments)


def _inner_enums(outer: str, message: DescriptorProto, path: _Path, comments: _Comments) -> Iterator[dict[str, Any]]:
    name = f"{outer}{message.name}."
    for at, enum in enumerate(message.enum_type):
        yield _enum(name, enum, (*path, _MESSAGE_ENUMS, at), comments)
    for at, inner in enumerate(message.nested_type):
        yield from _inner_enums(name, inner, (*path, _MESSAGE_MESSAGES, at), comments)


def _field(
    field: FieldDescriptorProto, maps: dict[str, DescriptorProto], message: DescriptorProto, comment: str
) -> dict[str, Any]:
    type_, label = _type(field), ""
    entry = maps.get(type_.rpartition(".")[2])
    if entry is not None:
        type_ = f"map<{_type(entry.field[0])}, {_type(entry.field[1])}>"
    elif field.label == FieldDescriptorProto.LABEL_REPEATED:
        label = "repeated"
    elif field.proto3_optional:
        label = "optional"
    is_choice = field.HasField("oneof_index") and not field.proto3_optional
    oneof = message.oneof_decl[field.oneof_index].name if is_choice else ""
    return {
        "name": field.name,
        "number": field.number,
        "label": label,
        "type": type_,
        "oneof": oneof,
        "comment": comment,
    }


def _type(field: FieldDescriptorProto) -> str:
    return field.type_name[1:] or FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()


def _enum(outer: str, enum: EnumDescriptorProto, path: _Path, comments: _Comments) -> dict[str, Any]:
    values: Sequence[dict[str, Any]] = [
        {"name": value.name, "number": value.number, "comment": comments.get((*path, _ENUM_VALUES, at), "")}
        for at, value in enumerate(enum.value)
    ]
    return {"name": outer + enum.name, "comment": comments.get(path, ""), "values": values}
