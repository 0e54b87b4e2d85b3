"""Command lines of child processes that have the settings of their parent."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from wikifeed_server.runtime.config import Settings, all_knobs

_FIELDS = {each.name.removesuffix("_"): each.name for each in fields(Settings)}


def child_command(name: str, flags: Sequence[str] = ()) -> list[str]:
    """The command line that runs `wikifeed NAME` with this Python and this code."""
    return [sys.executable, "-P", "-m", "wikifeed_server.cli", name, *flags]


def flags_of(settings: Settings, names: Collection[str]) -> list[str]:
    """The settings of those sections ("serve") and with those keys ("store.folder") as flags."""
    flags: list[str] = []
    for knob in all_knobs():
        if knob.section in names or knob.key in names:
            value: Any = getattr(getattr(settings, _FIELDS[knob.section]), knob.name)
            written = knob.written(value)
            # One word each: a value may begin with a hyphen or be empty.
            flags += [f"{knob.flag}={each}" for each in (written if knob.many else [written])]
    return flags
