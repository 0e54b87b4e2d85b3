"""The API reference as a page of Markdown: docs/reference.md."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_Json = Mapping[str, Any]

_HEAD = """# API reference

Made from the protos in [proto/wikifeed/v1](../proto/wikifeed/v1) by `make generate`. A running server shows the same at
`/reference`. [api.md](api.md) tells how the calls work together; a `?` marks a field that can be unset.

"""


def page(reference: str) -> str:
    """The page of a reference in JSON: services with their methods, then messages, then enums."""
    told = json.loads(reference)
    prefix = f"{told['package']}."
    known = {each["name"] for kind in ("messages", "enums") for each in told[kind]}
    parts = [_HEAD, *_contents(told)]
    parts += (_service(each, prefix, known) for each in told["services"])
    parts += (_message(each, prefix, known) for each in told["messages"])
    parts += (_enum(each) for each in told["enums"])
    return "".join(parts).rstrip("\n") + "\n"


def _contents(told: _Json) -> Iterator[str]:
    for title, kind in (("Services", "services"), ("Messages", "messages"), ("Enums", "enums")):
        links = ", ".join(f"[{each['name']}](#{_anchor(each['name'])})" for each in told[kind])
        yield f"**{title}**: {links}\n\n"


def _service(service: _Json, prefix: str, known: set[str]) -> str:
    text = f"## {service['name']}\n\n{service['comment']}\n\n"
    for method in service["methods"]:
        request, response = (_type(method[side], prefix, known) for side in ("request", "response"))
        sent = "stream of " * method["client_streaming"] + request
        answered = "stream of " * method["server_streaming"] + response
        text += f"### {service['name']}.{method['name']}\n\n{sent} &rarr; {answered}\n\n{method['comment']}\n\n"
    return text


def _message(message: _Json, prefix: str, known: set[str]) -> str:
    text = f"## {message['name']}\n\n{message['comment']}\n\n"
    if not message["fields"]:
        return text
    text += "| field | | type | meaning |\n|---|---:|---|---|\n"
    for field in message["fields"]:
        name = f"`{field['name']}`" + "?" * (field["label"] == "optional")
        kind = _type(field["type"], prefix, known)
        if field["label"] == "repeated":
            kind = f"list of {kind}"
        meaning = _cell(field["comment"])
        if field["oneof"]:
            meaning = f"One of `{field['oneof']}`. {meaning}"
        text += f"| {name} | {field['number']} | {kind} | {meaning} |\n"
    return text + "\n"


def _enum(enum: _Json) -> str:
    text = f"## {enum['name']}\n\n{enum['comment']}\n\n| value | | meaning |\n|---|---:|---|\n"
    for value in enum["values"]:
        text += f"| `{value['name']}` | {value['number']} | {_cell(value['comment'])} |\n"
    return text + "\n"


def _type(name: str, prefix: str, known: set[str]) -> str:
    """A type's name, as a link where the page has it."""
    short = name.removeprefix(prefix)
    return f"[{short}](#{_anchor(short)})" if short in known else f"`{short}`"


def _cell(comment: str) -> str:
    """A comment inside a table: one line, in which nothing ends a cell."""
    return " ".join(comment.split()).replace("|", "\\|")


def _anchor(heading: str) -> str:
    """What Markdown's renderers call a heading."""
    return heading.lower().replace(".", "")
