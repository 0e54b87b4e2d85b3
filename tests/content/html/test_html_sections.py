"""Sections, their texts, and what is left out of them."""

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.builder.structured import structured_article
from wikifeed_server.content import read_html
from wikifeed_server.contract.fragments import STRUCTURED_FIELDS


def values(parts):
    """The kind and the text of each part and of those within it, in order."""
    for part in parts:
        yield part["type"], part.get("name") or part.get("value", "")
        yield from values(part.get("has_parts", ()))


def test_the_lead_comes_first_and_headings_nest(read):
    contents = read(
        "<p>Lead.</p>",
        "<h2>History</h2><p>Old.</p><section><h3>Early <i>times</i></h3><p>Older.</p></section>",
    )
    assert list(values(contents.sections)) == [
        ("section", "Abstract"),
        ("paragraph", "Lead."),
        ("section", "History"),
        ("paragraph", "Old."),
        ("section", "Early times"),
        ("paragraph", "Older."),
    ]
    assert contents.text == "Lead.\nHistory\nOld.\nEarly times\nOlder."


def test_a_wrapper_is_looked_through_and_an_empty_section_left_out(read):
    contents = read("<div><div><p>Text.</p></div></div>", "<h2>Gallery</h2><figure><img src='a.png'/></figure>")
    assert list(values(contents.sections)) == [("section", "Abstract"), ("paragraph", "Text.")]


@pytest.mark.parametrize("kind", ["ul", "ol"])
def test_a_list_has_an_item_for_each_entry(read, kind):
    contents = read("<p>Lead.</p>", f"<h2>Kinds</h2><{kind}><li>One <b>thing</b></li><li>Two</li><li> </li></{kind}>")
    assert list(values(contents.sections[1:])) == [
        ("section", "Kinds"),
        ("list", ""),
        ("list_item", "One thing"),
        ("list_item", "Two"),
    ]


def test_a_list_within_an_item_is_a_part_of_it(read):
    contents = read("<ul><li>One<ul><li>First</li><li><ol><li>Deep</li></ol></li></ul></li><li>Two</li></ul>")
    assert list(values(contents.sections[0]["has_parts"])) == [
        ("list", ""),
        ("list_item", "One"),
        ("list", ""),
        ("list_item", "First"),
        ("list_item", ""),
        ("list", ""),
        ("list_item", "Deep"),
        ("list_item", "Two"),
    ]


def test_a_list_of_definitions_is_a_list(read):
    contents = read("<dl><dt>Term</dt><dd>What it means.</dd></dl>")
    assert [text for kind, text in values(contents.sections) if kind == "list_item"] == ["Term", "What it means."]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("l'<a href='./A'>autre</a> jour", "l'autre jour"),
        ("the <a href='./A'>Smør</a>-family", "the Smør-family"),
        ("(<a href='./A'>squire</a>), then", "(squire), then"),
        ("„<i>Wort</i>“", "„Wort“"),
        ("東京<a href='./A'>都</a>、<b>新宿</b>。", "東京都、新宿。"),
        ("كلمة <a href='./A'>أخرى</a>، ثم", "كلمة أخرى، ثم"),
        ("one<br/>two", "one two"),
        ("a\n\tb&nbsp;c", "a b c"),
        ("hy\u00adphen and zero\u200bwidth", "hyphen and zerowidth"),
        ("x [<i>sic</i>] y", "x [sic] y"),
        ("seen<span style='display:none'>unseen</span>", "seen"),
        ("10<sup>6</sup> m<sub>2</sub>", "10 m"),
        ("edit<span class='mw-editsection'>[edit]</span>", "edit"),
        ("a<style>p{color:red}</style><script>b()</script>c", "ac"),
    ],
)
def test_text_is_joined_as_it_is_read(read, html, text):
    assert list(values(read(f"<p>{html}</p>").sections)) == [("section", "Abstract"), ("paragraph", text)]


@pytest.mark.parametrize(
    "box",
    [
        '<div class="hatnote">For other uses</div>',
        '<div role="note"><p>See there</p></div>',
        '<div class="navbox"><ul><li>Others</li></ul></div>',
        '<table class="ambox metadata"><tr><td>Cite your sources</td></tr></table>',
        '<div class="noprint"><p>On a screen only</p></div>',
        '<table class="sidebar"><tr><td><ul><li>Series</li></ul></td></tr></table>',
        '<ol class="references"><li id="cite_note-1">A note</li></ol>',
    ],
)
def test_boxes_and_notes_are_no_text(read, box):
    contents = read(f"{box}<p>Text.</p>{box}")
    assert contents.text == "Text."


MARK = '<sup class="mw-ref reference" id="cite_ref-{0}"><a href="./Page#cite_note-{0}"><span>[{0}]</span></a></sup>'


def test_a_footnote_mark_is_told_with_its_place(read):
    contents = read(f"<p>One.{MARK.format(1)} Two{MARK.format(2)}{MARK.format(3)} <b>more</b>.</p>")
    paragraph = contents.sections[0]["has_parts"][0]
    assert paragraph["value"] == "One. Two more."
    marks = paragraph["citations"]
    assert [(mark["identifier"], mark["text"]) for mark in marks] == [
        ("cite_note-1", "[1]"),
        ("cite_note-2", "[2]"),
        ("cite_note-3", "[3]"),
    ]
    assert [paragraph["value"][: mark["position"]] for mark in marks] == ["One.", "One. Two", "One. Two"]


def test_links_belong_to_the_paragraph_that_shows_them(read):
    contents = read("<p>A <a href='./Cat'>cat</a>.</p><p>A <a rel='mw:ExtLink' href='https://x.org/'>site</a>.</p>")
    assert [part["links"] for part in contents.sections[0]["has_parts"]] == [
        [{"url": "https://en.wikipedia.org/wiki/Cat", "text": "cat"}],
        [{"url": "https://x.org/", "text": "site"}],
    ]


def test_a_section_refers_to_its_tables(read):
    table = "<table class='wikitable'><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    contents = read("<p>Lead.</p>", f"<h2>Figures</h2><p>Text.</p>{table}")
    assert [found["identifier"] for found in contents.tables] == ["table1"]
    references = contents.sections[1]["table_references"]
    assert [reference["identifier"] for reference in references] == ["table1"]
    assert contents.text == "Lead.\nFigures\nText."


LINKS = "".join(f"<li><a href='./{name}'>{name}</a></li>" for name in ("One", "Two", "Three"))
NOTES = '<div class="mw-references-wrap"><ol class="mw-references references"><li id="cite_note-1">Note</li></ol></div>'


@pytest.mark.parametrize("names", [("See also", "Notes"), ("Véase también", "Notas"), ("関連項目", "脚注"), ("A", "B")])
def test_back_matter_is_known_by_its_shape_in_any_language(read, names):
    contents = read(
        "<p>Lead.</p>",
        "<h2>Works</h2><ul><li>The first of them, 1901</li><li>The second, 1902</li></ul>",
        f"<h2>{names[0]}</h2><ul>{LINKS}</ul>",
        f"<h2>{names[1]}</h2>{NOTES}",
        "<h2>More</h2><ul><li>Some book by somebody, without a link, 1999</li></ul>",
    )
    assert [section["name"] for section in contents.sections] == ["Abstract", "Works"]


def test_prose_behind_the_notes_ends_the_back_matter(read):
    contents = read(
        "<p>Lead.</p>",
        f"<h2>See also</h2><ul>{LINKS}</ul>",
        f"<h2>Notes</h2>{NOTES}",
        f"<h2>Afterword</h2><p>{'Prose goes on. ' * 30}</p>",
    )
    assert [section["name"] for section in contents.sections] == ["Abstract", "See also", "Afterword"]


def test_sections_nest_no_deeper_than_clients_can_read():
    html = "<section>" + "<section><h2>x</h2><p>y</p>" * 150
    article = structured_article(read_html(html), STRUCTURED_FIELDS)
    (part,) = Article.FromString(article.SerializeToString()).sections
    depth = 0
    while inner := [found for found in part.has_parts if found.type == "section"]:
        part, depth = inner[0], depth + 1
    assert depth == 20


def test_real_sections_hold_what_a_reader_sees(real_page):
    kane = real_page("Kane (noble family)")
    assert [section["name"] for section in kane.sections] == ["Abstract", "History", "Coat of arms"]
    assert "knight Svale Jonson of the Smør-family." in kane.text
    darwin = real_page("Charles_Darwin")
    assert "His 1859 book On the Origin of Species" in darwin.text or "On the Origin of Species" in darwin.text
    feature = real_page("Distinctive_feature")
    assert "[+syllabic]" in feature.text
