"""Footnotes of wikitext, and the marks that lead to them."""

import pytest

from wikifeed_server.content import Vocabulary, read_wikitext


def identifiers(contents):
    return [reference["identifier"] for reference in contents.references]


def marks(part):
    return [citation["text"] for citation in part["citations"]]


def test_footnotes_are_numbered_as_they_appear(read):
    contents = read('a<ref>x</ref> b<ref name="the name">y</ref>\n\nc<ref name="the name" /><ref>[[z]]</ref>')
    assert contents.references == [
        {"identifier": "cite_note-1", "text": {"value": "x"}},
        {"identifier": "cite_note-the_name-2", "text": {"value": "y"}},
        {
            "identifier": "cite_note-3",
            "text": {"value": "z", "links": [{"url": "https://en.wikipedia.org/wiki/Z", "text": "z"}]},
        },
    ]
    first, second = contents.sections[0]["has_parts"]
    assert first["citations"] == [
        {"identifier": "cite_note-1", "text": "[1]"},
        {"identifier": "cite_note-the_name-2", "text": "[2]"},
    ]
    assert marks(second) == ["[2]", "[3]"]
    assert (first["value"], second["value"]) == ("a b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "a<ref name=n /> b<ref name=n>x</ref>",
        'a<ref name="n"/>\n<references><ref name=n>x</ref></references>',
        "a<ref name=n />\n{{reflist|refs=<ref name='n'>x</ref>}}",
        'a<ref name = "n" />{{reflist|refs=<ref name=n>x</ref>}}',
        "a{{r|n}} b<ref name=n>x</ref>",
        "a{{#tag:ref|x|name=n}}",
        "a{{refn|name=n|x}}",
    ],
)
def test_footnote_with_a_name_is_one_wherever_it_is_defined(read, text):
    assert read(text).references == [{"identifier": "cite_note-n-1", "text": {"value": "x"}}]


def test_groups_are_numbered_by_themselves(read):
    contents = read(
        "a<ref group=note>x</ref><ref>y</ref><ref group=note>z</ref>{{efn|u}}{{efn|v}}<ref group=upper-roman>w</ref>"
    )
    assert marks(contents.sections[0]["has_parts"][0]) == ["[note 1]", "[1]", "[note 2]", "[a]", "[b]", "[I]"]
    assert [reference.get("group") for reference in contents.references] == [
        *("note", None, "note", "lower-alpha", "lower-alpha", "upper-roman")
    ]
    assert identifiers(contents)[-1] == "cite_note-6"


def test_list_of_a_group_defines_its_footnotes(read):
    for text in (
        "a<ref group=n name=b />{{notelist|group=n|refs=<ref name=b>x</ref>}}",
        "a<ref group=n name=b /><references group=n><ref name=b>x</ref></references>",
    ):
        assert read(text).references == [{"identifier": "cite_note-b-1", "group": "n", "text": {"value": "x"}}]


def test_footnote_that_is_marked_nowhere_comes_last(read):
    contents = read("<references><ref name=b>x</ref></references>a<ref>y</ref>")
    assert identifiers(contents) == ["cite_note-1", "cite_note-b-2"]


def test_footnote_that_is_never_defined_says_nothing(read):
    assert read("a<ref name=b />").references == [{"identifier": "cite_note-b-1"}]


def test_source_is_told_by_its_template(read):
    (reference,) = read(
        "a<ref>See {{Cite web|url=https://a.org|title=The ''title''|author=[[B]]|date=|3}}, p. 4.</ref>"
    ).references
    assert reference == {
        "identifier": "cite_note-1",
        "type": "web",
        "metadata": {"url": "https://a.org", "title": "The title", "author": "B"},
        "text": {
            "value": "See, p. 4.",
            "links": [
                {"url": "https://a.org", "text": "The title"},
                {"url": "https://en.wikipedia.org/wiki/B", "text": "B"},
            ],
        },
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cite journal", "journal"),
        ("Cite AV media", "av media"),
        ("citation", "citation"),
        ("Lien web", "web"),
        ("Ouvrage", "book"),
        ("Internetquelle", "web"),
        ("Literatur", "book"),
        ("Cita libro", "book"),
        ("Citar web", "web"),
        ("Книга", "book"),
        ("Статья", "journal"),
        ("Cytuj stronę", "web"),
        ("웹 인용", "web"),
        ("استشهاد بكتاب", "book"),
        ("یادکرد وب", "web"),
        ("Web kaynağı", "web"),
        ("Chú thích báo", "news"),
    ],
)
def test_kinds_of_sources_are_known_in_many_languages(read, name, kind):
    assert read(f"a<ref>{{{{{name}|x=y}}}}</ref>").references == [
        {"identifier": "cite_note-1", "type": kind, "metadata": {"x": "y"}}
    ]


def test_templates_that_ask_for_sources_are_none(read):
    assert read("a<ref>{{cite needed|x=y}} b</ref>").references == [
        {"identifier": "cite_note-1", "text": {"value": "b"}}
    ]


def test_sources_of_ones_own(enwiki):
    words = Vocabulary(sources={"our source": "report"})
    (reference,) = read_wikitext("a<ref>{{Our source|x=y}}</ref>", enwiki, "X", words).references
    assert reference["type"] == "report"


def test_short_footnotes_of_one_author_year_and_page_are_one(read):
    contents = read("a{{sfn|Pais|1982|p=301}} b{{sfnp|Pais|1982|p=301}} c{{sfn|A|B|2001|pp=3-5|loc=x y}}")
    assert identifiers(contents) == ["cite_note-FOOTNOTEPais1982301-1", "cite_note-FOOTNOTEAB20013–5x_y-2"]
    assert [reference["text"]["value"] for reference in contents.references] == [
        "Pais 1982, p. 301",
        "A & B 2001, pp. 3–5, x y",
    ]


def test_bare_address_is_text_and_link(read):
    (reference,) = read("a<ref>https://a.org</ref>").references
    assert reference["text"] == {"value": "https://a.org", "links": [{"url": "https://a.org", "text": "https://a.org"}]}


def test_footnotes_in_items_and_links_are_those_of_the_item(parts):
    (found,) = parts("* a<ref>x</ref>\n* [[b|c<ref>y</ref>]]")
    assert [marks(item) for item in found["has_parts"]] == [["[1]"], ["[2]"]]


def test_footnotes_of_tables_and_arguments_are_listed(read):
    assert len(read("{|\n! a<ref>x</ref>\n|}{{y|b<ref>z</ref>}}").references) == 2
