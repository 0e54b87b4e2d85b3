"""Command-line options made from the settings' declaration, and the configuration that they lead to."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from wikifeed_server.runtime.config import all_knobs
from wikifeed_server.runtime.knobs import Knob
from wikifeed_server.runtime.loading import Configuration, load_configuration

Command = TypeVar("Command", bound=Callable[..., Any])

_FLAGS = "wikifeed.flags"
_FILE = "wikifeed.file"


class Whole(click.ParamType[int]):
    """A whole number in a range that help need not show: that of the contract's type."""

    name = "number"

    def __init__(self, least: int, greatest: int) -> None:
        self._least = least
        self._greatest = greatest

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is not a whole number", param, ctx)
        if not self._least <= number <= self._greatest:
            self.fail(f"{value} is not in the range from {self._least} to {self._greatest}", param, ctx)
        return number


IDENTIFIER = Whole(1, 2**63 - 1)
NAMESPACE = Whole(-(2**63), 2**63 - 1)
OFFSET = Whole(0, 2**64 - 1)


def settings_options(*names: str) -> Callable[[Command], Command]:
    """Give a command the flags of the settings in those sections ("serve") or with those keys ("store.folder")."""
    chosen = [knob for knob in all_knobs() if knob.section in names or knob.key in names]

    def decorate(command: Command) -> Command:
        decorated = click.option(
            "--config",
            metavar="FILE",
            expose_value=False,
            callback=_keep_file,
            help="Read settings from this file instead of wikifeed.toml.  [environment WIKIFEED_CONFIG]",
        )(command)
        for knob in reversed(chosen):
            decorated = _option(knob)(decorated)
        return decorated

    return decorate


def configuration(context: click.Context) -> Configuration:
    """The configuration in force for a command that has `settings_options`. Raises ConfigError."""
    return load_configuration(context.meta.get(_FLAGS, {}), os.environ, Path.cwd(), context.meta.get(_FILE))


def _option(knob: Knob) -> Callable[[Command], Command]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value not in (None, ()):
            context.meta.setdefault(_FLAGS, {})[knob.key] = list(value) if knob.many else [value]

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        return [each for each in knob.kind.choices if each.startswith(incomplete)]

    default = knob.written(knob.default)
    shown = " ".join(map(str, default)) if knob.many else str(default)
    shown = shown or "none"
    return click.option(
        knob.flag,
        f"{knob.section}_{knob.name}",
        metavar=knob.kind.metavar,
        multiple=knob.many,
        expose_value=False,
        callback=keep,
        shell_complete=complete,
        help=f"{knob.what[0].upper()}{knob.what[1:]}.  [default: {shown}; environment {knob.environment}]",
    )


def _keep_file(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.meta[_FILE] = Path(value).expanduser()


def _split_mask(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path.strip() for each in value for path in each.split(",") if path.strip())


mask_option = click.option(
    "--mask",
    multiple=True,
    metavar="FIELDS",
    callback=_split_mask,
    help="Only these fields of the article, by dotted paths with commas between them: name,version.editor.name",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
