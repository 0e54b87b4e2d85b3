"""Finds out what a file is, by what is in it and not by its name."""

import codecs
from contextlib import closing
from pathlib import Path

from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.sources import tar
from wikifeed_server.sources.dump import DumpSource
from wikifeed_server.sources.enterprise import EnterpriseSource
from wikifeed_server.sources.faults import UnreadableError, explain
from wikifeed_server.sources.items import Source
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.raw import RawFile
from wikifeed_server.sources.unpacking import unpack

_HEAD_BYTES = 4 << 10
_BLANKS = b" \t\r\n"
_UTF8_MARK = codecs.BOM_UTF8
# XML in UTF-16 and UTF-32, with and without a byte order mark.
_WIDE_XML = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<", b"\0\0\0<", codecs.BOM_UTF32_BE)
_LOOKS = (
    ((b"PK\x03\x04",), "a ZIP archive; unpack it and import what it holds"),
    ((b"\xfd7zXZ",), "an xz archive; unpack it and import what it holds"),
    ((b"SQLite format 3",), "an SQLite database"),
    ((b"%PDF",), "a PDF document"),
    (
        (b"-- MySQL", b"-- MariaDB", b"-- PostgreSQL", b"-- Dump", b"/*!", b"INSERT INTO", b"CREATE TABLE"),
        "an SQL dump",
    ),
    ((b"[",), "a JSON array; write one article a line, for example with jq -c '.[]'"),
)
_WANTED = "what can be imported is a MediaWiki XML dump, or articles of Wikimedia Enterprise as JSON, one a line"


def open_source(path: Path, *, project: str = "", limits: SourceLimits | None = None) -> Source:
    """The source in a file. `project` names the project of a dump, in place of what the dump says.

    Raises SourceError or one of its kin, saying what the file looks like, when nothing can be read from it.
    """
    limits = limits or SourceLimits()
    raw = RawFile(path)
    head = _head(raw, limits)
    start = head.removeprefix(_UTF8_MARK).lstrip(_BLANKS)
    if start.startswith(b"<") or head.startswith(_WIDE_XML):
        return DumpSource(raw, head, project, limits)
    if head[tar.MAGIC_START :].startswith(tar.MAGIC):
        return EnterpriseSource(raw, is_tar=True, limits=limits)
    if start.startswith(b"{"):
        return EnterpriseSource(raw, is_tar=False, limits=limits)
    raise SourceRefusedError(f"{path} looks like {_look(start, raw.size)}; {_WANTED}")


def _head(raw: RawFile, limits: SourceLimits) -> bytes:
    """How the file begins, unpacked."""
    head = b""
    with closing(unpack(raw, limits)) as pieces:
        try:
            while len(head) < _HEAD_BYTES and (piece := next(pieces, b"")):
                head += piece
        except UnreadableError as fault:
            # What can be unpacked is worth reading: the fault comes up again after it.
            if not head:
                raise explain(fault, str(raw.path), raw.position, raw.size, "nothing was read") from fault
    raw.position = 0
    return head[:_HEAD_BYTES]


def _look(start: bytes, size: int) -> str:
    if not start:
        return "an empty file" if not size else "a file with nothing in it"
    for beginnings, look in _LOOKS:
        if start.startswith(beginnings):
            return look
    try:
        text = start[:40].decode()
    except UnicodeDecodeError:
        return f"binary data that begin with {start[:8].hex(' ')}"
    return f"text that begins with {text!r}"
