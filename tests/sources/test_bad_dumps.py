"""A fault is told with its place and what to do, and what stands before it is read."""

import bz2
import gzip
import random
from itertools import islice

import py7zr
import pytest
from written_exports import PACKINGS, export, pack_7z, pack_zstd_long, page, pages, revision

from wikifeed_server.errors import SourceCorruptError, SourceError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources import PageRevision, Source, SourceLimits
from wikifeed_server.sources.opening import open_source

STREAMED = ["bz2", "bz2 multistream", "gzip", "gzip members", "zstd", "zstd frames"]


def read_until_fault(source: Source) -> tuple[list[PageRevision], SourceError]:
    """What can be read, and the error with which it ends."""
    read: list[PageRevision] = []
    with pytest.raises(SourceError) as caught:
        read.extend(source.read())
    return read, caught.value


def noisy_pages(count: int) -> str:
    """Pages that no packing makes much smaller, so that a cut in the file is a cut in the pages."""
    noise = random.Random(7)
    return "".join(
        page(number, f"Page {number}", revision(1000 + number, noise.randbytes(1500).hex()))
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("packing", STREAMED)
def test_of_a_packed_dump_cut_short_all_whole_pages_are_read(opened, packing):
    dump = export(noisy_pages(600)).encode()
    packed = PACKINGS[packing](dump)
    cut = packed[: len(packed) * 9 // 10]
    read, error = read_until_fault(opened(cut, "d"))
    assert type(error) is SourceTruncatedError
    assert f"noticed at byte {len(cut):,} of {len(cut):,}; {len(read):,} pages were read well" in error.message
    assert "Fetch the file again and import the whole one" in error.message
    assert len(read) > 200
    assert read == list(islice(opened(dump).read(), len(read)))


@pytest.mark.parametrize("packing", STREAMED)
def test_of_a_damaged_dump_the_pages_before_the_damage_are_read(opened, packing):
    dump = export(noisy_pages(600)).encode()
    packed = bytearray(PACKINGS[packing](dump))
    middle = len(packed) * 3 // 4
    packed[middle : middle + 64] = bytes(64)
    read, error = read_until_fault(opened(bytes(packed), "d"))
    assert type(error) is SourceCorruptError
    assert "checksum" in error.message
    assert error.metadata["byte"].isdecimal()
    # The checks of gzip and zstd stand behind the data, so the damage may have been read over as text.
    assert read[:200] == list(islice(opened(dump).read(), 200))


def test_a_7z_archive_cut_short_can_not_be_opened(opened):
    packed = pack_7z(export(pages(50)).encode())
    with pytest.raises(SourceTruncatedError, match=r"7z archive ends before its end.*Fetch the file again"):
        opened(packed[:-100], "d.7z")


def test_a_damaged_7z_archive_is_told_so(opened):
    packed = bytearray(pack_7z(export(noisy_pages(100)).encode()))
    middle = len(packed) // 2
    packed[middle : middle + 64] = bytes(64)
    _, error = read_until_fault(opened(bytes(packed), "d.7z"))
    assert type(error) is SourceCorruptError
    assert "the 7z archive is damaged" in error.message


@pytest.mark.parametrize("packing", ["bz2", "gzip", "zstd", "7z"])
def test_a_packed_file_cut_in_its_first_bytes_is_told_so(opened, packing):
    packed = PACKINGS[packing](export(pages(1)).encode())
    with pytest.raises(SourceTruncatedError, match="cut short"):
        opened(packed[:10], "d")


def test_rubbish_behind_the_packed_data_is_a_damage_after_all_pages(opened):
    read, error = read_until_fault(opened(bz2.compress(export(pages(5)).encode()) + b"rubbish", "d"))
    assert type(error) is SourceCorruptError
    assert len(read) == 5


def test_xml_cut_in_the_midst_of_a_page_names_the_page_and_the_last_whole_one(opened):
    dump = export(pages(3)).encode()
    cut = dump[: dump.index(b"</title>", dump.index(b"Page 3")) + 30]
    read, error = read_until_fault(opened(cut))
    assert type(error) is SourceTruncatedError
    assert [item.title for item in read] == ["Page 1", "Page 2"]
    assert "in page 'Page 3', line" in error.message
    assert "2 pages were read well, the last 'Page 2'" in error.message


def test_xml_cut_between_pages_is_cut_short_too(opened):
    dump = export(pages(3))
    read, error = read_until_fault(opened(dump.replace("</mediawiki>", "")))
    assert type(error) is SourceTruncatedError
    assert len(read) == 3


def test_the_last_revision_of_a_page_cut_short_waits_for_the_whole_file(opened):
    dump = export(page(1, "A", revision(1), revision(2), redirect="B"))
    read, _ = read_until_fault(opened(dump[: dump.index("</page>")]))
    assert [item.revision_id for item in read] == [1]


def test_malformed_xml_is_told_with_its_line(opened):
    read, error = read_until_fault(opened(export(pages(2) + "<page><title>C</page>" + pages(2))))
    assert type(error) is SourceCorruptError
    assert "malformed in line 17 (mismatched tag)" in error.message
    assert len(read) == 2


def test_a_character_that_xml_does_not_allow_is_told(opened):
    _, error = read_until_fault(opened(export(page(1, "A", revision(1, "\x01")))))
    assert type(error) is SourceCorruptError


def test_bytes_outside_the_declared_encoding_are_told(opened):
    dump = export(pages(2), declaration='<?xml version="1.0" encoding="shift_jis"?>').encode()
    damaged = dump[: dump.rindex(b"words")] + b"\xff\xff\xff" + dump[dump.rindex(b"words") :]
    read, error = read_until_fault(opened(damaged))
    assert [item.title for item in read] == ["Page 1"]
    assert type(error) is SourceCorruptError
    assert "not in the encoding that the XML declares" in error.message


@pytest.mark.parametrize("encoding", ["x-none", "rot13", "zlib", "idna", "unicode_escape"])
def test_an_unknown_encoding_is_refused(opened, encoding):
    with pytest.raises(SourceRefusedError, match=f"declares the encoding {encoding}, which is not known"):
        opened(export("", declaration=f'<?xml version="1.0" encoding="{encoding}"?>'))


ENTITY_BOMB = "<!DOCTYPE mediawiki [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + level)} '{f'&{chr(97 + level)};' * 10}'>" for level in range(20)
)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE mediawiki>",
        "<!DOCTYPE mediawiki SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE mediawiki [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        ENTITY_BOMB + "]>",
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(opened, declaration):
    with pytest.raises(SourceRefusedError, match="declares a document type"):
        opened(export(page(1, "A", revision(1, "&u;")), declaration=declaration))


@pytest.mark.parametrize("packing", ["bz2", "gzip", "zstd", "7z"])
def test_a_compression_bomb_is_stopped_at_the_bound(opened, packing):
    limits = SourceLimits(unpacked_ratio=500, unpacked_free_bytes=2 << 20)
    bomb = PACKINGS[packing]((export(pages(3)) + " " * (24 << 20)).encode())
    read, error = read_until_fault(opened(bomb, "bomb", limits=limits))
    assert type(error) is SourceRefusedError
    assert "more than 500 times what they take: this looks like a compression bomb" in error.message
    assert len(read) == 3


def test_a_bomb_of_1000_to_1_is_stopped_at_the_bounds_in_force(opened):
    opening = export(pages(3)).replace("</mediawiki>", "").encode()
    blanks = gzip.compress(b" " * (16 << 20))
    _, error = read_until_fault(opened(gzip.compress(opening) + blanks * 20, "bomb.gz"))
    assert "this looks like a compression bomb" in error.message


def test_a_text_beyond_the_bound_is_refused_with_its_page(opened):
    dump = export(pages(2) + page(3, "Huge", revision(3, "ä" * 60_000)))
    read, error = read_until_fault(opened(dump, limits=SourceLimits(text_bytes=100_000)))
    assert type(error) is SourceRefusedError
    assert "the text in page 'Huge'" in error.message
    assert "more than 100,000 bytes" in error.message
    assert len(read) == 2


def test_a_tag_beyond_the_bound_is_refused(opened):
    dump = export(pages(2) + f'<page kind="{"x" * 3_000_000}">')
    _, error = read_until_fault(opened(dump))
    assert type(error) is SourceRefusedError
    assert "a tag or comment" in error.message


def test_elements_nested_without_end_are_refused(opened):
    _, error = read_until_fault(opened(export(pages(1) + "<a>" * 5000)))
    assert type(error) is SourceRefusedError
    assert "nested more than" in error.message


@pytest.mark.parametrize(
    ("field", "wrong", "says"),
    [
        ("<id>1</id>", "<id>9223372036854775808</id>", "the id of page 'Page 1' is '9223372036854775808'"),
        ("<id>1</id>", "<id>0</id>", "the id of page 'Page 1' is '0'"),
        ("<id>1</id>", "", "the id of page 'Page 1' is ''"),
        ("<id>1001</id>", "<id>x</id>", "the id of a revision of page 'Page 1' is 'x'"),
        ("<ns>0</ns>", "<ns>1_0</ns>", "the ns of page 'Page 1' is '1_0'"),
        ("2024-02-29T", "2023-02-29T", "the timestamp of a revision of page 'Page 1' is '2023-02-29T12:00:01Z'"),
        ("<title>Page 1</title>", "", "a page has no title"),
    ],
)
def test_a_field_that_can_not_be_is_told(opened, field, wrong, says):
    _, error = read_until_fault(opened(export(pages(1)).replace(field, wrong, 1)))
    assert type(error) is SourceCorruptError
    assert says in error.message


@pytest.mark.parametrize(
    ("data", "look"),
    [
        (b"", "an empty file"),
        (bz2.compress(b""), "a file with nothing in it"),
        (b"-- MySQL dump 10.19\n", "an SQL dump"),
        (gzip.compress(b"-- MySQL dump 10.19\n"), "an SQL dump"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"[{}]", "a JSON array"),
        (b"\x89PNG\r\n\x1a\n....", "binary data that begin with 89 50 4e 47"),
        (b"Hello, world", "text that begins with 'Hello, world'"),
    ],
)
def test_a_file_that_is_no_source_is_refused_with_what_it_looks_like(opened, data, look):
    with pytest.raises(SourceRefusedError) as caught:
        opened(data, "file")
    assert f"looks like {look}" in caught.value.message
    assert "what can be imported is a MediaWiki XML dump" in caught.value.message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("<!DOCTYPE html>\n<html><body>503</body></html>", "this is an HTML page"),
        ("<html><body>503</body></html>", "its root is <html> and not <mediawiki>"),
        ("<feed><doc/></feed>", "its root is <feed> and not <mediawiki>"),
        (export("", version="2.0"), "export of version 2.0; versions 0.1 to 0.11 are read"),
    ],
)
def test_xml_that_is_no_export_is_refused(opened, data, says):
    with pytest.raises(SourceRefusedError) as caught:
        opened(data)
    assert says in caught.value.message


def test_a_dump_of_logs_is_refused(opened):
    with pytest.raises(SourceRefusedError, match="log entries and no pages"):
        list(opened(export("<logitem><id>1</id></logitem>")).read())


def test_a_dump_without_texts_is_refused(opened):
    stub = '<revision><id>1</id><timestamp>2024-01-01T00:00:00Z</timestamp><text id="5" bytes="42" /></revision>'
    with pytest.raises(SourceRefusedError, match="a stub dump, which has no texts"):
        list(opened(export(page(1, "A", stub))).read())


def test_a_folder_and_a_file_that_is_not_there_are_told_so(tmp_path):
    with pytest.raises(SourceError, match="is a folder"):
        open_source(tmp_path)
    with pytest.raises(SourceError, match="No such file"):
        open_source(tmp_path / "missing.xml")


def test_a_7z_archive_of_several_files_is_refused(opened, tmp_path):
    with py7zr.SevenZipFile(tmp_path / "two.7z", "w") as archive:
        archive.writestr(b"1", "a.xml")
        archive.writestr(b"2", "b.xml")
    with pytest.raises(SourceRefusedError, match="it holds 2 files"):
        open_source(tmp_path / "two.7z")


def test_an_encrypted_7z_archive_is_refused(tmp_path):
    with py7zr.SevenZipFile(tmp_path / "secret.7z", "w", password="secret") as archive:
        archive.writestr(export(pages(1)).encode(), "dump.xml")
    with pytest.raises(SourceRefusedError, match="it is encrypted"):
        open_source(tmp_path / "secret.7z")


def test_a_zstd_window_beyond_the_bound_is_refused(opened):
    packed = pack_zstd_long(export(pages(1)).encode())
    with pytest.raises(SourceRefusedError, match="more than 1,048,576 bytes of memory"):
        opened(packed, "d.zst", limits=SourceLimits(window_bytes=1 << 20))
