"""What is read of real pages, checked by eye against the pages."""

import bz2
import gzip
import html
import re

import orjson
import pytest

from wikifeed_server.builder.document import project_of
from wikifeed_server.content import read_wikitext
from wikifeed_server.contract.json import article_from_json

PAGE = re.compile(r"<title>([^<]*)</title>.*?<text[^>]*>([^<]*)</text>", re.DOTALL)


@pytest.fixture(scope="module")
def dumped(shared, enwiki):
    """Reads a page of the real dumps by its title."""
    texts = {}
    for dump in sorted((shared / "data/dumps").glob("*.bz2")):
        texts.update(PAGE.findall(bz2.decompress(dump.read_bytes()).decode()))

    def read_dumped(title):
        return read_wikitext(html.unescape(texts[title]), enwiki, title)

    return read_dumped


@pytest.fixture(scope="module")
def article(shared):
    """Reads the wikitext of one of the real Enterprise articles by the name of its file."""

    def read_article(name):
        found = article_from_json(gzip.decompress((shared / "data/enterprise" / f"{name}.json.gz").read_bytes()))
        return read_wikitext(found.article_body.wikitext, project_of(found), found.name)

    return read_article


def texts(rows):
    return [[cell.get("value", "") for cell in row] for row in rows]


def fields(contents):
    """The parts of the first infobox, by their names."""
    return {part.get("name"): part for part in contents.infoboxes[0]["has_parts"][0]["has_parts"]}


def names(sections):
    return [section["name"] for section in sections if section["type"] == "section"]


def test_table_with_a_caption(dumped):
    (table,) = dumped("Albedo").tables
    assert table["caption"] == "Sample albedos"
    assert texts(table["headers"]) == [["Surface", "Typical albedo"]]
    assert texts(table["rows"])[:2] == [["Fresh asphalt", "0.04"], ["Worn asphalt", "0.12"]]
    assert len(table["rows"]) == 10


def test_tables_with_spans(dumped):
    table = dumped("Academy Award for Best Production Design").tables[3]
    rows = texts(table["rows"])
    assert {len(row) for row in rows} == {3}
    assert rows[0] == ["1940 (13th)", "Black-and-white", "Black-and-white"]
    assert rows[1] == ["1940 (13th)", "Richard Day Paul Groesse", "Pride and Prejudice"]


def test_header_of_two_rows(dumped):
    (table,) = dumped("List of Prison Break characters").tables
    assert texts(table["headers"]) == [
        ["Actor", "Character", *["Appearances"] * 5],
        ["Actor", "Character", "S1", "S2", "S3", "S4", "S5"],
    ]
    # What stands in the cells for the seasons is made by a template; how many it fills is known.
    assert texts(table["rows"])[0] == ["Dominic Purcell", "Lincoln Burrows", *[""] * 5]


def test_infobox_and_sections_of_a_scientist(article):
    contents = article("enwiki.Albert_Einstein")
    found = fields(contents)
    assert contents.infoboxes[0]["name"] == "Infobox scientist"
    assert found["birth date"]["value"] == "1879-03-14"
    assert found["birth place"]["value"] == "Ulm, Kingdom of Württemberg, German Empire"
    assert [link["text"] for link in found["birth place"]["links"]] == [
        "Ulm",
        "Kingdom of Württemberg",
        "German Empire",
    ]
    assert found["spouse"]["values"] == ["Mileva Marić", "Elsa Löwenthal"]
    assert len(found["workplaces"]["values"]) == 9
    assert found["image"]["images"] == [
        {"content_url": "https://en.wikipedia.org/wiki/File:Einstein_1921_by_F_Schmutzer_-_restoration.jpg"}
    ]
    assert names(contents.sections)[:4] == ["Abstract", "Life and career", "Scientific career", "Legacy"]
    assert names(contents.sections[1]["has_parts"])[:2] == [
        "Childhood, youth and education",
        "Marriages, relationships and children",
    ]
    (table,) = contents.tables
    assert texts(table["headers"]) == [["Title (translated)", "Area of focus", "Received", "Published", "Significance"]]


def test_infobox_of_a_french_town(article):
    contents = article("frwiki.Calvi")
    found = fields(contents)
    assert contents.infoboxes[0]["name"] == "Infobox Commune de France"
    assert found["maire"]["value"] == "Ange Santini (LR)"
    assert found["insee"]["value"] == "2B050"
    assert found["drapeau"]["images"] == [{"content_url": "https://fr.wikipedia.org/wiki/Fichier:Flag_of_Calvi.svg"}]
    assert {"population", "année pop"}.isdisjoint(found)


def test_german_page_without_an_infobox(article):
    contents = article("dewiki.Albert_Einstein")
    assert contents.infoboxes == []
    assert names(contents.sections)[:3] == ["Abstract", "Staatsangehörigkeiten", "Leben"]
    first = contents.sections[0]["has_parts"][0]["value"]
    assert first.startswith(
        "Albert Einstein (* 14. März 1879 in Ulm, Königreich Württemberg; † 18. April 1955 in Princeton"
    )
    assert contents.images[0]["caption"].startswith("Albert Einstein, Fotografie von Ferdinand Schmutzer, 1921")


def test_references_have_the_identifiers_of_the_rendered_page(article, shared):
    """Footnotes that templates make shift the numbers behind them: what pages agree in is measured, not demanded."""
    for name, share in (("dewiki.Albert_Einstein", 1), ("enwiki.Albert_Einstein", 0.9), ("enwiki.Angela_Merkel", 0.95)):
        data = gzip.decompress((shared / "data/enterprise" / f"{name}.json.gz").read_bytes())
        rendered = set(re.findall(r'id="(cite_note-[^"]*)"', orjson.loads(data)["article_body"]["html"]))
        found = {reference["identifier"] for reference in article(name).references}
        assert len(found & {html.unescape(identifier) for identifier in rendered}) >= share * len(rendered)


def test_sources_of_a_real_page(article):
    references = {reference["identifier"]: reference for reference in article("enwiki.Albert_Einstein").references}
    note = references["cite_note-GEcitizen-1"]
    assert note["group"] == "note"
    assert note["text"]["value"].startswith("Until 1913, German citizenship was acquired through citizenship in a")
    book = references["cite_note-YangHamilton2010-6"]
    assert (book["type"], book["metadata"]["title"]) == ("book", "Modern Atomic and Nuclear Physics")
    assert references["cite_note-FOOTNOTEGalison2000377-11"]["text"] == {"value": "Galison 2000, p. 377"}


def test_text_of_real_pages_has_the_words_of_the_sections(article):
    contents = article("simplewiki.Albert_Einstein")
    lines = contents.text.split("\n")
    assert lines[0].startswith("Albert Einstein (14 March 1879 – 18 April 1955) was a German-born American")
    assert lines.index("Life") < lines.index("Early life") < lines.index("Children")


def test_all_real_pages_are_read_and_hardly_any_markup_is_left_in_their_texts(shared, enwiki):
    left = []
    for dump in sorted((shared / "data/dumps").glob("*.bz2")):
        for title, text in PAGE.findall(bz2.decompress(dump.read_bytes()).decode()):
            contents = read_wikitext(html.unescape(text), enwiki, html.unescape(title))
            assert orjson.dumps(contents.as_object())
            left += [title for markup in ("[[", "{{", "{|", "<ref") if markup in contents.text]
    print(left)
    assert left == []
