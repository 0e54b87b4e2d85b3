"""Articles with something in every corner, and the files that snapshots hold them in."""

import gzip
import io
import tarfile
from collections.abc import Iterable

import orjson
import zstandard

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed.v1.structured_pb2 import Table
from wikifeed_server.contract.json import message_to_object

# Line ends of Unicode's that are none of NDJSON's, quotes, and a character beyond 16 bits.
_HARD_TEXT = 'a "b" \\ \u2028 \u0085 \U0001f30d'


def whole_article(page_id: int) -> Article:
    """An article with its structured parts."""
    made = Article(
        name=f"Page {page_id}",
        identifier=(1 << 40) + page_id,
        abstract=_HARD_TEXT,
        url=f"https://en.wikipedia.org/wiki/Page_{page_id}",
        watchers_count=0,
    )
    made.date_modified.FromJsonString("2026-01-31T07:00:00Z")
    made.date_created.FromJsonString("2001-02-03T04:05:06.789Z")
    made.version.editor.name = "Ada"
    made.version.scores.referencerisk.reference_risk_score = 0.25
    made.is_part_of.identifier = "enwiki"
    made.extraction.state = Extraction.STATE_TIME_EXCEEDED
    made.categories.add(name="Category:Moons")
    outer = made.sections.add(type="section", name="Abstract")
    outer.has_parts.add(type="paragraph", value=_HARD_TEXT, values=["one", ""]).citations.add(position=0)
    reference = made.references.add(identifier="cite_note-1")
    reference.metadata.update({"title": "On moons", "last": _HARD_TEXT})
    made.tables.add().CopyFrom(_table(page_id))
    return made


def nested_article(page_id: int, depth: int) -> Article:
    """An article whose sections lie that deep in each other."""
    made = Article(name=f"Page {page_id}", identifier=page_id)
    part = made.sections.add(name="1")
    for number in range(2, depth + 1):
        part = part.has_parts.add(name=str(number))
    return made


def _table(page_id: int) -> Table:
    made = Table(identifier=f"table-{page_id}", confidence_score=0.5)
    made.headers.add().cells.add(value="Moon")
    cells = made.rows.add().cells
    cells.add(value="Io")
    cells.add().nested_table.rows.add().cells.add(value="inside")
    made.rows.add()
    return made


def archive(articles: Iterable[Article], form: str) -> bytes:
    """The file of a chunk with these articles, in the form "tar.gz" or "ndjson.zst"; the same bytes each time."""
    lines = [orjson.dumps(message_to_object(each), option=orjson.OPT_APPEND_NEWLINE) for each in articles]
    if form == "tar.gz":
        return _packed(b"".join(lines))
    # A frame for each line: what is read must go on behind the end of one.
    return b"".join(map(zstandard.compress, lines))


def _packed(lines: bytes) -> bytes:
    packed, member = io.BytesIO(), tarfile.TarInfo("enwiki_namespace_0_0.ndjson")
    member.size = len(lines)
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(member, io.BytesIO(lines))
    return packed.getvalue()
