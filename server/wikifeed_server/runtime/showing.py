"""The configuration as people and programs read it: a table, JSON, a commented file."""

import textwrap
from pathlib import Path
from typing import Any

import orjson

from wikifeed_server.runtime.config import SECTIONS, all_knobs
from wikifeed_server.runtime.knobs import Knob
from wikifeed_server.runtime.loading import Configuration

_WIDTH = 110


def as_plain(value: Any) -> Any:
    """A setting's value as JSON and TOML hold it."""
    if isinstance(value, Path):
        return str(value)
    return [as_plain(each) for each in value] if isinstance(value, tuple) else value


def as_table(configuration: Configuration) -> str:
    """One line for each setting: its key, its value, and where that came from."""
    rows = [(each.knob.key, _toml(each.knob.written(each.value)), each.origin) for each in configuration.in_force]
    key_width, value_width = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{key:{key_width}}  {value:{value_width}}  {origin}" for key, value, origin in rows)


def as_json(configuration: Configuration) -> bytes:
    """One object for each setting, by its key."""
    content = {
        each.knob.key: {
            "value": as_plain(each.value),
            "source": each.origin,
            "default": as_plain(each.knob.default),
            "flag": each.knob.flag,
            "environment": each.knob.environment,
            "description": each.knob.what,
        }
        for each in configuration.in_force
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def as_template(configuration: Configuration) -> str:
    """A configuration file: every setting with what it means; those in force by default are commented out."""
    origins = {each.knob.key: each for each in configuration.in_force}
    lines = ["# Wikifeed's settings. A flag or an environment variable wins over this file."]
    for section, room in SECTIONS.items():
        lines += ["", f"# {room.__doc__}", f"[{section}]"]
        for knob in all_knobs():
            if knob.section == section:
                lines += _entry(knob, origins[knob.key].value)
    return "\n".join(lines) + "\n"


def _entry(knob: Knob, value: Any) -> list[str]:
    default = _toml(knob.written(knob.default))
    about = (
        f"{knob.what[0].upper()}{knob.what[1:]}. It may be {knob.kind.may_be}. Default {default}: {knob.why}. "
        f"Flag {knob.flag}, environment {knob.environment}."
    )
    comment = textwrap.wrap(about, _WIDTH, initial_indent="# ", subsequent_indent="# ")
    mark = "# " if value == knob.default else ""
    return ["", *comment, f"{mark}{knob.name} = {_toml(knob.written(value))}"]


def _toml(value: Any) -> str:
    # JSON's texts, numbers and lists are TOML's too.
    return orjson.dumps(value).decode()
