"""Finding the settings in force: a flag wins over the environment, that over the file, that over the default."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import SECTIONS, Settings, all_knobs
from wikifeed_server.runtime.knobs import Knob

FILE_NAME = "wikifeed.toml"
FILE_VARIABLE = "WIKIFEED_CONFIG"
DEFAULT = "default"

_HEADER = re.compile(r"\s*\[\s*([\w\"'-]+)\s*\]")
_ASSIGNMENT = re.compile(r"\s*([\w\"'.\s-]+?)\s*=")


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting's value and where it came from: "flag --store", "wikifeed.toml line 3", "default"."""

    knob: Knob
    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings, each with its origin, and the file that was read, if any."""

    settings: Settings
    in_force: tuple[InForce, ...]
    file: Path | None


def load_configuration(
    flags: Mapping[str, Sequence[str]], environment: Mapping[str, str], folder: Path, file: Path | None = None
) -> Configuration:
    """The configuration in force.

    `flags` are the texts given on the command line, by key ("serve.listen"). `file` is the one named there; otherwise
    WIKIFEED_CONFIG names it, or it is wikifeed.toml in `folder`, if that is there. Raises ConfigError, which says which
    setting is wrong, where it was set and what it may be.
    """
    path = _find_file(environment, folder, file)
    written = _File(path) if path is not None else None
    in_force = tuple(_in_force(knob, flags, environment, written) for knob in all_knobs())
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for each in in_force:
        values[each.knob.section][each.knob.name] = each.value
    rooms = {section: SECTIONS[section](**fields) for section, fields in values.items()}
    rooms["import_"] = rooms.pop("import")
    return Configuration(Settings(**rooms), in_force, path)


class _File:
    """A configuration file: its values by key, and the lines on which they stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.values = _flatten(tomllib.loads(text))
        except OSError as error:
            raise ConfigError(f"{path} can't be read: {error.strerror}; name another with --config FILE") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path} is not valid TOML: {error}") from error
        self._lines = _line_numbers(text)
        for key in self.values:
            _refuse_unknown(key, self.origin(key))

    def origin(self, key: str) -> str:
        """Where the key stands, as messages say it."""
        line = self._lines.get(key)
        return f"{self.path} line {line}" if line else str(self.path)


def _find_file(environment: Mapping[str, str], folder: Path, file: Path | None) -> Path | None:
    if file is not None:
        return file
    if named := environment.get(FILE_VARIABLE):
        return Path(named).expanduser()
    usual = folder / FILE_NAME
    if not usual.is_file():
        return None
    return usual.relative_to(folder) if folder == Path.cwd() else usual


def _in_force(
    knob: Knob, flags: Mapping[str, Sequence[str]], environment: Mapping[str, str], file: _File | None
) -> InForce:
    if texts := flags.get(knob.key):
        origin = f"flag {knob.flag}"
        return InForce(knob, _parse(knob, texts, origin), origin)
    if knob.environment in environment:
        origin = f"environment {knob.environment}"
        text = environment[knob.environment]
        return InForce(knob, _parse(knob, text.split(",") if knob.many else [text], origin), origin)
    if file is not None and knob.key in file.values:
        origin = file.origin(knob.key)
        value = _parse(knob, _texts(knob, file.values[knob.key], origin), origin)
        # A path in a file means the same wherever the command is run from.
        return InForce(knob, file.path.parent / value if isinstance(value, Path) and value != Path() else value, origin)
    return InForce(knob, knob.default, DEFAULT)


def _parse(knob: Knob, texts: Sequence[str], origin: str) -> Any:
    try:
        values = tuple(knob.kind.parse(text.strip()) for text in texts)
    except (ValueError, OverflowError):
        shown = ", ".join(texts)
        raise _wrong(knob, repr(shown), origin) from None
    return values if knob.many else values[-1]


def _texts(knob: Knob, value: object, origin: str) -> list[str]:
    """What a file says, as the texts that the environment would hold."""
    values = value if knob.many and isinstance(value, list) and value else [value]
    if any(isinstance(each, bool) or not isinstance(each, str | int | float) for each in values):
        raise _wrong(knob, repr(value), origin)
    return [str(each) for each in values]


def _wrong(knob: Knob, shown: str, origin: str) -> ConfigError:
    each = "each must be" if knob.many else "it must be"
    return ConfigError(f"{knob.key} is {shown} ({origin}): {each} {knob.kind.may_be}", {"setting": knob.key})


def _refuse_unknown(key: str, origin: str) -> None:
    known = [knob.key for knob in all_knobs()]
    if key in known:
        return
    # The name may be right and the section wrong.
    name = key.rpartition(".")[2]
    near = [each for each in known if each.rpartition(".")[2] == name]
    near += difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    advice = f"did you mean {near[0]}?" if near else "`wikifeed config` lists all there are"
    raise ConfigError(f"{origin}: there is no setting {key}; {advice}", {"setting": key})


def _flatten(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document's values by "section.name"."""
    flat: dict[str, Any] = {}
    for section, content in document.items():
        if isinstance(content, dict):
            flat |= {f"{section}.{name}": value for name, value in content.items()}
        else:
            flat[section] = content
    return flat


def _line_numbers(text: str) -> dict[str, int]:
    """The line of each key, by "section.name". tomllib tells no positions; two levels need no parser of our own."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = _bare(header[1])
        elif assignment := _ASSIGNMENT.match(line):
            key = ".".join(_bare(part) for part in assignment[1].split("."))
            found.setdefault(f"{section}.{key}" if section else key, number)
    return found


def _bare(name: str) -> str:
    return name.strip().strip("\"'")
