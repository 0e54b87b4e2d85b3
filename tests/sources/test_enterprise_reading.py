import gzip
import io
import json
import tarfile
from pathlib import Path

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources import SourceLimits
from wikifeed_server.sources.documents import documents
from wikifeed_server.sources.opening import open_source

DATA = Path(__file__).parent.parent / "data"
ARTICLES = [{"name": f"Page {number}", "identifier": number, "abstract": "ä" * number} for number in range(1, 6)]
LINES = b"".join(orjson.dumps(article) + b"\n" for article in ARTICLES)


def pack_tar(members: dict[str, bytes], mode: str = "w:gz", **options: int) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, **options) as archive:
        for name, data in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return file.getvalue()


def parsed(items) -> list[dict]:
    return [orjson.loads(item.data) for item in items]


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress], ids=["plain", "gz", "zst"]
)
def test_lines_are_articles(articles, pack):
    items = articles(pack(LINES), "a.ndjson.x")
    assert parsed(items) == ARTICLES
    assert [(item.position, item.where) for item in items] == [(n, f"a.ndjson.x line {n}") for n in range(1, 6)]


def test_the_members_of_a_tar_are_read_in_turn(articles):
    packed = pack_tar(
        {"enwiki_namespace_0_0.ndjson": LINES, "README.txt": b"not json", "enwiki_namespace_0_1.ndjson": LINES}
    )
    items = articles(packed, "x.tar.gz")
    assert parsed(items) == ARTICLES * 2
    assert (items[0].position, items[0].where) == (1, "x.tar.gz member enwiki_namespace_0_0.ndjson line 1")
    assert (items[-1].position, items[-1].where) == (10, "x.tar.gz member enwiki_namespace_0_1.ndjson line 5")


def test_an_article_laid_out_over_many_lines_is_one(articles):
    (item,) = articles(gzip.compress(json.dumps(ARTICLES[4], indent=4).encode()), "a.json.gz")
    assert orjson.loads(item.data) == ARTICLES[4]
    assert item.where == "a.json.gz"


def test_blank_lines_a_byte_order_mark_and_a_missing_last_newline_are_no_fault(articles):
    data = b"\xef\xbb\xbf\n" + LINES.replace(b"\n", b"\r\n\r\n").rstrip()
    assert parsed(articles(data, "a.ndjson")) == ARTICLES


def test_the_bundled_file_has_two_articles():
    source = open_source(DATA / "enterprise.ndjson.gz")
    assert source.project() is None
    assert [article["is_part_of"]["identifier"] for article in parsed(source.read())] == ["enwikiversity", "frwiki"]


def test_the_single_articles_are_read(shared):
    for path in sorted((shared / "data/enterprise").glob("*.json.gz")):
        (article,) = parsed(open_source(path).read())
        assert article["is_part_of"]["identifier"] == path.name.partition(".")[0]


def test_reading_goes_on_after_the_articles_that_are_skipped(opened):
    source = opened(LINES, "a.ndjson")
    assert list(source.read(skip=3)) == list(source.read())[3:]


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.dictionaries(st.text(), st.text() | st.integers(0, 9) | st.none(), max_size=3), max_size=6),
    borders=st.lists(st.integers(0, 4000), max_size=20),
)
def test_however_the_bytes_are_cut_the_same_articles_come_out(values, borders):
    data = b"".join(orjson.dumps(value) + b"\n" for value in values)
    ends = sorted({border % (len(data) + 1) for border in borders} | {len(data)})
    pieces = [data[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end]
    assert [orjson.loads(item.data) for item in documents(iter(pieces), "x", SourceLimits())] == values


def test_a_last_line_cut_short_is_told_after_the_others(opened):
    read, source = [], opened(LINES[:-20], "a.ndjson")
    with pytest.raises(SourceTruncatedError, match=r"a\.ndjson line 5 is cut short.*4 articles were read well"):
        read.extend(source.read())
    assert parsed(read) == ARTICLES[:4]


def test_a_single_article_cut_short_is_told(opened):
    with pytest.raises(SourceTruncatedError, match=r"a\.json is cut short"):
        list(opened(json.dumps(ARTICLES[4], indent=4).encode()[:-3], "a.json").read())


def test_a_line_that_is_no_object_is_told_with_its_place(opened):
    with pytest.raises(SourceCorruptError, match=r"a\.ndjson line 6 is no JSON object: it begins with '42'"):
        list(opened(LINES + b"42\n", "a.ndjson").read())


def test_a_line_beyond_the_bound_is_refused(opened):
    long = LINES + b'{"abstract": "' + b"x" * 100_000 + b'"}\n'
    with pytest.raises(SourceRefusedError, match=r"a\.ndjson line 6 has more than 50,000 bytes"):
        list(opened(long, "a.ndjson", limits=SourceLimits(line_bytes=50_000)).read())


def test_a_tar_cut_short_is_told_after_the_articles_before(opened):
    packed = pack_tar({"a.ndjson": LINES, "b.ndjson": LINES * 200}, "w")
    read, source = [], opened(packed[:8_000], "x.tar")
    with pytest.raises(SourceTruncatedError, match="tar archive ends before its end"):
        read.extend(source.read())
    assert parsed(read)[:5] == ARTICLES


def test_a_tar_in_gzip_cut_short_is_told(opened):
    packed = pack_tar({"a.ndjson": LINES * 500}, compresslevel=0)
    with pytest.raises(SourceTruncatedError, match="the gzip data end before their end"):
        list(opened(packed[:-5_000], "x.tar.gz").read())


def test_a_tar_without_articles_is_refused(opened):
    with pytest.raises(SourceRefusedError, match=r"no member named \*\.ndjson"):
        list(opened(pack_tar({"README.txt": b"hello"}), "x.tar.gz").read())


def test_a_tar_with_a_header_as_large_as_a_bomb_is_refused(opened):
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    with pytest.raises(SourceRefusedError, match="a header of 1,073,741,824 bytes"):
        list(opened(header.tobuf() + bytes(1 << 16), "x.tar").read())
