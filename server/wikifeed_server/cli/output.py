"""What commands print: results on stdout, remarks on stderr."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click
import orjson


def write_object(value: object) -> None:
    """One JSON value: indented on a terminal, on one line elsewhere."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else None
    write_bytes(orjson.dumps(value, option=option) + b"\n")


def write_lines(values: Iterable[object]) -> None:
    """NDJSON: each value on a line of its own, and all of them out at once."""
    write_bytes(b"".join(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values))


def write_bytes(data: bytes) -> None:
    """Bytes as they are, out at once."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns, the last of them as wide as it is."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head) - 1)]
    for line in lines:
        cells = [f"{cell:{width}}" for cell, width in zip(line, widths, strict=False)]
        click.echo("  ".join([*cells, line[-1]]))


def remark(message: str, *, quiet: bool = False) -> None:
    """A line on stderr."""
    if not quiet:
        click.echo(message, err=True)


def in_megabytes(size_bytes: int) -> str:
    """A size as people read it."""
    return f"{size_bytes / 1_000_000:,.1f} MB"


def in_utc(microseconds: int) -> str:
    """A moment since 1970, to the second: "2026-01-31T12:00:00Z"."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
