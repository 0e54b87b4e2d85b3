from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_exports import CONTRIBUTOR, PACKINGS, export, page, pages, revision

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import PageRevision, SourceLimits
from wikifeed_server.sources.charsets import foreign_encoding, transcoded
from wikifeed_server.sources.export import ExportParser
from wikifeed_server.sources.opening import open_source

DATA = Path(__file__).parent.parent / "data"
# What XML 1.0 allows: https://www.w3.org/TR/xml/#charsets. A CR is left out: XML makes an LF of it.
XML_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\t\n", exclude_characters="\ufffe\uffff"
)
SEVERAL_EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parse(pieces: list[bytes]) -> list[PageRevision]:
    encoding = foreign_encoding(b"".join(pieces)[:4096])
    parser = ExportParser("utf-8" if encoding else None, ProjectInfo("probewiki"), SourceLimits())
    for piece in transcoded(pieces, encoding) if encoding else pieces:
        parser.feed(piece)
    parser.close()
    return parser.take()


def cut(data: bytes, borders: list[int]) -> list[bytes]:
    ends = sorted({border % (len(data) + 1) for border in borders} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def test_the_large_dump_has_206_pages_of_which_100_are_redirects(shared):
    items = list(open_source(shared / "data/dumps/enwiki-206-pages.xml.bz2").read())
    assert len(items) == 206
    assert sum(bool(item.redirect_target) for item in items) == 100
    assert [item.position for item in items] == list(range(1, 207))


def test_the_dump_without_siteinfo_has_5_pages_of_the_wiki_that_its_name_says(shared):
    source = open_source(shared / "data/dumps/enwiki-5-table-pages.xml.bz2")
    assert len(list(source.read())) == 5
    assert source.project().identifier == "enwiki"
    assert source.project().page_url("Albedo") == "https://en.wikipedia.org/wiki/Albedo"


def test_the_bundled_dump_has_anarchism_and_redirects_into_and_out_of_it():
    items = {item.title: item for item in open_source(DATA / "enwiki-demo.xml.bz2").read()}
    assert len(items) == 30
    assert items["Anarchism"].text.startswith("{{Redirect2|Anarchist|")
    targets = {item.redirect_target for item in items.values() if item.redirect_target}
    assert "Ayn Rand" in targets & items.keys()
    assert "Computer accessibility" in targets - items.keys()


def test_a_revision_has_all_that_its_elements_say(revisions):
    body = """<page>
      <title>Tom &amp; Jerry</title><ns>0</ns><id>12</id>
      <revision>
        <id>716551092</id><parentid>714146352</parentid><timestamp>2016-04-22T10:19:33Z</timestamp>
        <contributor><username>Ada</username><id>7</id></contributor>
        <minor />
        <comment>less &lt;b&gt;</comment>
        <model>wikitext</model><format>text/x-wiki</format>
        <text xml:space="preserve">  two
lines  </text>
        <sha1>4ro7vvppa5kmm0o1egfjztzcwd0vabw</sha1>
      </revision>
    </page>"""
    assert revisions(export(body)) == [
        PageRevision(
            position=1,
            page_id=12,
            title="Tom & Jerry",
            namespace=0,
            redirect_target="",
            revision_id=716551092,
            parent_id=714146352,
            timestamp=1_461_320_373_000_000,
            editor_id=7,
            editor_name="Ada",
            is_anonymous=False,
            is_minor=True,
            comment="less <b>",
            model="wikitext",
            format="text/x-wiki",
            text="  two\nlines  ",
            text_visible=True,
            editor_visible=True,
            comment_visible=True,
        )
    ]


def test_an_editor_without_account_is_anonymous_and_named_by_address(revisions):
    (item,) = revisions(export(page(1, "A", revision(1, contributor="<contributor><ip>192.0.2.7</ip></contributor>"))))
    assert (item.editor_name, item.editor_id, item.is_anonymous) == ("192.0.2.7", 0, True)


def test_what_is_deleted_of_a_revision_is_empty_and_not_visible(revisions):
    hidden = """<revision><id>1</id><timestamp>2024-01-01T00:00:00Z</timestamp><contributor deleted="deleted" />
      <comment deleted="deleted" /><text deleted="deleted" /></revision>"""
    (item, other) = revisions(export(page(1, "A", hidden) + page(2, "B", revision(2))))
    assert (item.text_visible, item.editor_visible, item.comment_visible) == (False, False, False)
    assert (item.text, item.editor_name, item.comment) == ("", "", "")
    assert (other.text_visible, other.editor_visible, other.comment_visible) == (True, True, True)


def test_a_page_without_revisions_and_a_revision_without_text_are_no_fault(revisions):
    bare = "<revision><id>5</id><timestamp>2024-01-01T00:00:00Z</timestamp></revision>"
    items = revisions(export(page(1, "Suppressed") + page(2, "Bare", bare) + page(3, "Plain", revision(6))))
    assert [(item.title, item.text) for item in items] == [("Bare", ""), ("Plain", "text")]


def test_the_main_slot_is_read_of_a_revision_in_several(revisions):
    slots = f"""<revision><id>1</id><timestamp>2024-01-01T00:00:00Z</timestamp>{CONTRIBUTOR}<origin>1</origin>
      <model>wikitext</model><format>text/x-wiki</format><text bytes="4" sha1="x" xml:space="preserve">main</text>
      <sha1>x</sha1>
      <content><role>mediainfo</role><origin>1</origin><model>wikibase-mediainfo</model><format>application/json</format>
      <text bytes="2" sha1="y" xml:space="preserve">{{}}</text></content></revision>"""
    (item,) = revisions(export(page(1, "A", slots), version="0.11"))
    assert (item.text, item.model, item.format) == ("main", "wikitext", "text/x-wiki")


def test_what_stands_in_uploads_and_discussions_is_not_the_revisions(revisions):
    upload = "<upload><timestamp>2001-01-01T00:00:00Z</timestamp><contributor><ip>x</ip></contributor></upload>"
    threads = "<discussionthreadinginfo><ThreadSubject>s</ThreadSubject><id>99</id></discussionthreadinginfo>"
    (item,) = revisions(export(page(1, "A", revision(2), upload, threads)))
    assert (item.page_id, item.revision_id, item.editor_name) == (1, 2, "Ada")


def test_a_page_without_ns_is_in_the_namespace_of_its_prefix(revisions):
    body = page(1, "Vorlage:A", revision(1), namespace=None) + page(2, "Unknown:A", revision(2), namespace=None)
    assert [item.namespace for item in revisions(export(body))] == [10, 0]


def test_a_redirect_of_the_page_is_told_at_its_last_revision(revisions):
    history = page(1, "A", revision(1, "long"), revision(2, "#REDIRECT [[B]]"), redirect="B")
    items = revisions(export(history + page(2, "B", revision(3))))
    assert [item.redirect_target for item in items] == ["", "B", ""]


def test_a_redirect_in_an_old_export_names_no_target(revisions):
    body = page(1, "A", revision(1, "#REDIRECT [[B]]")).replace("<id>1</id>", "<id>1</id><redirect />", 1)
    (item,) = revisions(export(body, version="0.5"))
    assert item.redirect_target == ""


@pytest.mark.parametrize("version", ["0.3", "0.9", "0.10", "0.11"])
def test_exports_of_all_versions_are_read(revisions, version):
    assert len(revisions(export(pages(3), version=version))) == 3


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_the_same_revisions(opened, revisions, packing):
    data = export(pages(400)).encode()
    source = opened(PACKINGS[packing](data), "packed")
    assert list(source.read()) == list(revisions(data))
    read, size = source.progress()
    assert read == size > 0


@pytest.mark.parametrize("packing", PACKINGS)
def test_reading_can_be_left_off_and_begun_again(opened, packing):
    source = opened(PACKINGS[packing](export(pages(1500, "word " * 200)).encode()), "packed")
    reading = source.read()
    first = next(reading)
    reading.close()
    assert next(source.read()) == first


def test_reading_goes_on_after_the_items_that_are_skipped(opened):
    source = opened(export(pages(7)))
    assert list(source.read(skip=5)) == list(source.read())[5:]
    assert list(source.read(skip=7)) == []


@pytest.mark.parametrize(
    "encoding",
    [
        "UTF-8",
        "UTF-16",
        "UTF-32",
        "ISO-8859-1",
        "windows-1251",
        "KOI8-R",
        "Shift_JIS",
        "EUC-JP",
        "GB18030",
        "Big5",
        "ascii",
    ],
)
def test_any_declared_encoding_is_read(revisions, encoding):
    text = "日本語 кошка Ärger ~".encode(encoding, "ignore").decode(encoding)
    dump = export(page(1, text, revision(1, text)), declaration=f'<?xml version="1.0" encoding="{encoding}"?>\n')
    (item,) = revisions(dump.encode(encoding))
    assert (item.title, item.text) == (text.strip(), text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le", "utf-32-be"])
def test_an_encoding_that_is_not_declared_is_told_by_its_first_bytes(revisions, encoding):
    (item,) = revisions(export(page(1, "Ä", revision(1, "кошка"))).encode(encoding))
    assert (item.title, item.text) == ("Ä", "кошка")


@SEVERAL_EXAMPLES
@given(
    borders=st.lists(st.integers(0, 1 << 20), max_size=30), encoding=st.sampled_from(["utf-8", "utf-16", "shift_jis"])
)
def test_however_the_bytes_are_cut_the_same_revisions_come_out(borders, encoding):
    dump = export(
        page(1, "猫", revision(1, "日本 & <b>語</b>\n\n"), revision(2, "ネコ"), redirect="ネコ") + pages(3),
        declaration=f"<?xml version='1.0' encoding='{encoding}'?>",
    ).encode(encoding)
    assert parse(cut(dump, borders)) == parse([dump])
    assert len(parse([dump])) == 5


@SEVERAL_EXAMPLES
@given(text=st.text(XML_CHARACTERS), encoding=st.sampled_from(["utf-8", "utf-16", "utf-32", "gb18030"]))
def test_any_text_comes_out_as_it_was_written(text, encoding):
    dump = export(page(1, "A", revision(1, text)), declaration=f'<?xml version="1.0" encoding="{encoding}"?>')
    (item,) = parse([dump.encode(encoding)])
    assert item.text == text


def test_the_identity_stays_with_the_bytes_wherever_they_lie(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "d.xml").write_text(export(pages(1)))
    identity = open_source(here / "d.xml").identity
    assert open_source(there / "d.xml").identity == identity
    assert open_source(here / "d.xml", project="other").identity != identity
    (here / "d.xml").write_text(export(pages(2)))
    assert open_source(here / "d.xml").identity != identity


def test_opening_a_source_reads_nothing_of_what_its_progress_counts(opened):
    assert opened(export(pages(1))).progress()[0] == 0
