"""What a setting is: its names in a file, the environment and on the command line, what it may be, and its default.

Promise: a field declared with `knob` needs nothing else to be a TOML key, an environment variable and a flag.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
Number = TypeVar("Number", int, float)

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?", re.IGNORECASE)
_SIZE_UNITS = {
    "": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40,
}  # fmt: skip
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w)?")
_DURATION_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_HIGHEST_PORT = 65535
_USUAL_PORTS = {"http": ":80", "https": ":443"}
_NONE = ("", "none")
_SCHEDULED = re.compile(
    r"[A-Za-z0-9_-]{1,64}(:-?\d{1,9}(:(json|wikitext|html|structured)(:(ndjson\.tar\.gz|ndjson\.zst|parquet))?)?)?"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How values are read and shown.

    `parse` takes one value's text and raises ValueError when it is none; `may_be` ends the sentence "it must be";
    `metavar` stands for the value in help; `choices` are all values where they can be counted. `written` makes of a
    value what people write for it: a text or number that `parse` takes back.
    """

    parse: Callable[[str], Any]
    may_be: str
    metavar: str
    choices: tuple[str, ...] = ()
    written: Callable[[Any], str | int | float] = str


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting. `default` is a value, a tuple where `many` values may be given; `why` is the default's reason."""

    section: str
    name: str
    kind: Kind
    default: Any
    what: str
    why: str
    flag: str
    environment: str
    many: bool

    @property
    def key(self) -> str:
        """The name in a file and everywhere else: "serve.listen"."""
        return f"{self.section}.{self.name}"

    def written(self, value: Any) -> Any:
        """A value as people write it: a text or number, a list of them where there may be many."""
        write = self.kind.written
        return [write(each) for each in value] if self.many else write(value)


@dataclass(frozen=True, slots=True)
class _Declaration:
    kind: Kind
    what: str
    why: str
    flag: str
    environment: str


def knob(default: T, kind: Kind, what: str, *, why: str, flag: str = "", environment: str = "") -> T:
    """A dataclass field that is a setting.

    The flag is "--" and the field's name, the environment variable WIKIFEED_, the section and the name, unless given.
    """
    declared: Any = field(default=default, metadata={"knob": _Declaration(kind, what, why, flag, environment)})
    result: T = declared
    return result


def knobs_of(section: str, settings: type[Any]) -> tuple[Knob, ...]:
    """The settings that a dataclass declares, in its order."""
    found = []
    for each in fields(settings):
        declared: _Declaration = each.metadata["knob"]
        flag = declared.flag or f"--{each.name.replace('_', '-')}"
        environment = declared.environment or f"WIKIFEED_{section}_{each.name}".upper()
        many = isinstance(each.default, tuple)
        about = (declared.kind, each.default, declared.what, declared.why)
        found.append(Knob(section, each.name, *about, flag, environment, many))
    return tuple(found)


def parse_size(text: str) -> int:
    """Bytes from "100MB", "64KiB", "4096". Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(float(match[1]) * _SIZE_UNITS[(match[2] or "").lower()])


def write_size(size_bytes: int) -> str | int:
    """Bytes as people write them: "64MiB", and a plain number where no unit fits."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        count, rest = divmod(size_bytes, _SIZE_UNITS[unit[:2].lower()])
        if count and not rest:
            return f"{count}{unit}"
    return size_bytes


def parse_duration(text: str) -> float:
    """Seconds from "90", "90s", "5m", "2h", "3d", "1w". Raises ValueError."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(text)
    return float(match[1]) * _DURATION_UNITS[match[2] or ""]


def whole(least: int, greatest: int = 2**31 - 1) -> Kind:
    """A whole number in a range."""

    def parse(text: str) -> int:
        return _within(int(text), least, greatest)

    return Kind(parse, f"a whole number from {least} to {greatest}", "N", written=int)


def seconds(least: float, greatest: float) -> Kind:
    """A length of time in seconds."""

    def parse(text: str) -> float:
        return _within(parse_duration(text), least, greatest)

    return Kind(parse, f"a time from {least:g} to {greatest:g} seconds, such as 30, 30s or 2m", "TIME", written=float)


def size(least: int, greatest: int = 2**50) -> Kind:
    """A number of bytes."""

    def parse(text: str) -> int:
        return _within(parse_size(text), least, greatest)

    return Kind(
        parse, f"a size from {least:,} to {greatest:,} bytes, such as 64KiB or 100MB", "SIZE", written=write_size
    )


def share() -> Kind:
    """A part of a whole."""

    def parse(text: str) -> float:
        return _within(float(text), 0.0, 1.0)

    return Kind(parse, "a number from 0 to 1", "SHARE", written=float)


def choice(*names: str) -> Kind:
    """One of some words."""

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return Kind(parse, f"one of {', '.join(names)}", "|".join(names), names)


def _parse_folder(text: str) -> Path:
    if not text:
        raise ValueError(text)
    return Path(text).expanduser()


def _parse_address(text: str) -> str:
    if text.startswith("unix:") and len(text) > len("unix:"):
        return text
    host, _, port = text.rpartition(":")
    bare = not host or (":" in host and not host.startswith("["))
    if bare or not port.isascii() or not port.isdecimal() or int(port) > _HIGHEST_PORT:
        raise ValueError(text)
    return text


def _parse_scheduled(text: str) -> str:
    if not _SCHEDULED.fullmatch(text):
        raise ValueError(text)
    return text


def _or_none(kind: Kind) -> Kind:
    """The same, or nothing."""

    def parse(text: str) -> Any:
        return kind.parse(text) if text not in _NONE else ""

    return Kind(parse, f"{kind.may_be}, or none", kind.metavar, written=lambda value: value or "none")


def _parse_file(text: str) -> Path:
    return Path(text).expanduser()


def _write_file(path: Path) -> str:
    return "" if path == Path() else str(path)


def _parse_web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(text)
    return text


def _parse_origin(text: str) -> str:
    if text == "*":
        return text
    origin = text.lower()
    parts = urlsplit(origin)
    # As browsers write it: no path, and no port where it is the scheme's own.
    if not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}" or "@" in origin:
        raise ValueError(text)
    return origin.removesuffix(_USUAL_PORTS.get(parts.scheme, "")) if parts.port is not None else origin


def _parse_text(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _within(value: Number, least: Number, greatest: Number) -> Number:
    if not least <= value <= greatest:
        raise ValueError(value)
    return value


FOLDER = Kind(_parse_folder, "the path of a folder", "DIR")
WEB_ADDRESS = Kind(_parse_web_address, "an address such as https://wiki.example/w/", "URL")
ORIGIN = Kind(_parse_origin, "an origin such as https://app.example or http://localhost:5173, or *", "ORIGIN")
TEXT = Kind(_parse_text, "a line of text", "TEXT")
ADDRESS = Kind(_parse_address, "HOST:PORT such as 127.0.0.1:50051 or [::1]:50051, or unix:PATH", "HOST:PORT")
WEB_ADDRESS_OR_NONE = _or_none(WEB_ADDRESS)
ADDRESS_OR_NONE = _or_none(ADDRESS)
FILE_OR_NONE = Kind(_parse_file, "the path of a file", "FILE", written=_write_file)
SCHEDULED = Kind(
    _parse_scheduled,
    "a project with, behind colons, a namespace, a content (json, wikitext, html, structured) and a format "
    "(ndjson.tar.gz, ndjson.zst, parquet), such as enwiki or enwiki:0:html:ndjson.zst",
    "WHAT",
)
