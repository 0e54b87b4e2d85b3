"""Footnotes and footnote marks of rendered pages: texts, kinds, metadata, sources."""

import json
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.html.inline import Inline
from wikifeed_server.content.html.names import TemplateCalls
from wikifeed_server.content.html.references import citation_of, read_references

BACK = '<a href="./Page#cite_ref-1" rel="mw:referencedBy"><span class="mw-linkback-text">↑ </span></a> '
COINS = (
    "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Ajournal&rft.genre=article&rft.jtitle=Botany"
    "&rft.atitle=On+Cacti&rft.date=2009&rft.aulast=Byng&rft.aufirst=J.&rft.au=Smith%2C+A.&rft_id=info%3Adoi%2F10.1%2Fx"
    "&rft_id=http%3A%2F%2Fbotany.example%2F1&rfr_id=info%3Asid%2Fen.wikipedia.org%3ACactus"
)
TAGS = (
    "ol class=references",
    "li id=a",
    "span",
    "cite class=citation",
    "a href=#b",
    "sup class=reference",
    "p",
    "table",
    "td",
)


def inline():
    return Inline(Addresses("//en.wikipedia.org/wiki/"), around_images=frozenset())


def references_of(html):
    tree = LexborHTMLParser(html)
    return read_references(tree.css("ol"), tree.body, inline(), TemplateCalls(tree))


def notes(*texts, group=""):
    items = "".join(
        f'<li id="cite_note-{number}">{BACK}<span class="mw-reference-text">{text}</span></li>'
        for number, text in enumerate(texts, 1)
    )
    return f'<ol class="mw-references references"{group and f" data-mw-group={group}"}>{items}</ol>'


def call(name, about="#mwt1", **parameters):
    data = {"parts": [{"template": {"target": {"wt": name}, "params": {k: {"wt": v} for k, v in parameters.items()}}}]}
    return f'about="{about}" typeof="mw:Transclusion" data-mw="{escape(json.dumps(data))}"'


def mark_of(html):
    return citation_of(LexborHTMLParser(html).css_first("sup"), inline())


def test_note_of_prose_with_links_and_without_the_way_back():
    assert references_of(notes('See <a href="./Ada_Lovelace">Ada</a>,<br>p. 5', group="note")) == [
        {
            "identifier": "cite_note-1",
            "group": "note",
            "type": "text",
            "text": {
                "value": "See Ada, p. 5",
                "links": [{"url": "https://en.wikipedia.org/wiki/Ada_Lovelace", "text": "Ada"}],
            },
        }
    ]


def test_template_call_gives_metadata_and_the_element_the_kind():
    style = (
        f'<link rel="mw-deduplicated-inline-style" {call("Cite web", title="On [[Cactus|cacti]]", url="http://a/")}>'
    )
    (note,) = references_of(notes(f'{style}<cite class="citation web cs1" about="#mwt1">"On cacti".</cite>'))
    assert note["type"] == "web"
    assert note["metadata"] == {"title": "On cacti", "url": "http://a/"}
    assert note["text"] == {"value": '"On cacti".'}


def test_first_citation_is_told_by_its_own_call():
    first = f'<cite class="citation book cs1" {call("Cite book", about="#mwt1", title="A")}>A</cite>'
    web = call("Cite web", about="#mwt2", title="B", url="http://b/", date="1")
    second = f'<cite class="citation web cs1" {web}>B</cite>'
    (note,) = references_of(notes(f"{first} and {second}"))
    assert (note["type"], note["metadata"]) == ("book", {"title": "A"})
    assert note["text"]["value"] == "A and B"


def test_coins_tell_a_source_where_no_call_is_known():
    (note,) = references_of(
        notes(f'<cite class="citation cs2">Byng</cite><span class="Z3988" title="{escape(COINS)}">x</span>')
    )
    assert note["type"] == "journal"
    assert note["text"] == {"value": "Byng"}
    assert note["metadata"] == {
        "author": "Byng, J.; Smith, A.",
        "title": "On Cacti",
        "journal": "Botany",
        "date": "2009",
        "doi": "10.1/x",
        "url": "http://botany.example/1",
    }


def test_template_that_marks_nothing_counts_where_it_made_the_whole_note():
    made = f"<span {call('Lien web', titre='Accueil', url='http://a/')}>Accueil</span>"
    whole, among = references_of(notes(f"{made}.", f"Jean Maitron, 1992 ({made})"))
    assert (whole["type"], whole["metadata"]) == ("web", {"titre": "Accueil", "url": "http://a/"})
    assert (among["type"], among.get("metadata")) == ("text", None)


def test_errors_told_to_editors_and_further_marks_are_no_text():
    text = (
        'A<span class="cs1-hidden-error citation-comment">Cite requires <a href="./Help">x</a></span>'
        '<sup class="mw-ref reference"><a href="./Page#cite_note-2">[2]</a></sup>'
        '<sup class="noprint Inline-Template">[dead link]</sup><span style="display: none">y</span> 10<sup>6</sup>'
    )
    assert references_of(notes(text))[0]["text"] == {"value": "A 10⁶"}


def test_short_note_has_the_entry_that_it_leads_to_as_source():
    short = '<a href="./Page#CITEREFByng2009">Byng 2009</a>, p. 5'
    coins = f'<span class="Z3988" title="{escape(COINS)}"></span>'
    entry = f'<ul><li><cite id="CITEREFByng2009" class="citation cs2">Byng, J. (2009)</cite>{coins}</li></ul>'
    (note,) = references_of(notes(short) + entry)
    assert note["text"]["value"] == "Byng 2009, p. 5"
    assert note["source"] == {"value": "Byng, J. (2009)"}
    assert note["type"] == "journal"
    assert note["metadata"]["title"] == "On Cacti"


def test_anchor_without_text_stands_for_the_entry_around_it():
    entry = '<ul><li><span id="Byng"></span>Byng, J.: <i>Cacti</i></li></ul>'
    assert references_of(notes('<a href="#Byng">Byng</a>') + entry)[0]["source"] == {"value": "Byng, J.: Cacti"}


@pytest.mark.parametrize("target", ['<h2 id="X">History</h2>', "<p>no such place</p>"])
def test_link_to_a_heading_or_to_nothing_is_no_source(target):
    assert "source" not in references_of(notes('See <a href="./Page#X">History</a>') + target)[0]


def test_link_into_another_page_is_no_source():
    assert "source" not in references_of(notes('<a href="./Other#X">X</a>') + '<p id="X">this page</p>')[0]


def test_lists_as_mediawiki_itself_writes_them():
    html = (
        '<ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><a href="#cite_ref-1">↑</a></span> '
        '<span class="reference-text"><cite class="citation news cs1">Tate</cite></span></li></ol>'
    )
    assert references_of(html) == [{"identifier": "cite_note-1", "type": "news", "text": {"value": "Tate"}}]


def test_mark():
    assert mark_of(
        '<sup class="mw-ref reference"><a href="./A#cite_note-lhr-1" data-mw-group="lower-alpha">'
        '<span class="mw-reflink-text">[lower-alpha 28]</span></a></sup>'
    ) == {"identifier": "cite_note-lhr-1", "group": "lower-alpha", "text": "[ab]"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[3]", "[3]"),
        ("[note 2]", "[note 2]"),
        ("[upper-roman 14]", "[XIV]"),
        ("[lower-greek 3]", "[γ]"),
        ("[decimal 7]", "[7]"),
        ("[lower-roman 9]", "[ix]"),
    ],
)
def test_mark_is_told_as_shown(written, shown):
    assert mark_of(f'<sup class="reference"><a href="#cite_note-1">{written}</a></sup>')["text"] == shown


def test_mark_leads_to_an_identifier_in_any_script():
    assert (
        mark_of('<sup class="reference"><a href="#cite_note-F%C3%B6rster-7">[7]</a></sup>')["identifier"]
        == "cite_note-Förster-7"
    )


@pytest.mark.parametrize("html", ["<sup class=reference>,</sup>", '<sup class=reference><a href="./X">x</a></sup>'])
def test_what_leads_to_no_note_is_no_mark(html):
    assert mark_of(html) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from([f"<{tag}>" for tag in TAGS] + ["</li>", "</ol>", "</a>", "x"])), max_size=60)
)
def test_every_note_with_an_identifier_is_told_whatever_the_page(pieces):
    html = "".join(pieces)
    listed = LexborHTMLParser(html).css("ol.references > li[id]")
    assert [reference["identifier"] for reference in references_of(html)] == [item.id for item in listed]


def test_notes_within_notes_are_told_by_themselves():
    outer, inner = references_of(notes(f"outer {notes('inner')}"))
    assert outer["text"] == {"value": "outer"}
    assert inner["text"] == {"value": "inner"}


def test_deep_nesting_and_long_sources_stay_bounded():
    references_of('<ol class=references><li id="n">' * 1_500 + "x")
    references_of(notes("<span>" * 5_000 + "x"))
    short = [f'<a href="#s{number % 200}">s</a>' for number in range(5_000)]
    nested = "".join(f'<div id="s{number}">' for number in range(200)) + "<p>word</p>" * 20_000
    written = sum(len(note.get("source", {}).get("value", "")) for note in references_of(notes(*short) + nested))
    assert written <= 4_000_000


def note_of(page, identifier):
    return next(note for note in page.references if note["identifier"] == identifier)


def test_english_book(real_page):
    note = note_of(real_page("Charles_Darwin"), "cite_note-whowas-13")
    assert note["text"]["value"] == "Leff 2000, About Charles Darwin"
    assert note["source"]["value"].startswith('Leff, David (2000). "AboutDarwin.com" (2000–2008 ed.).')
    assert (note["type"], note["metadata"]["author"]) == ("web", "Leff, David")


def test_english_groups(real_page):
    page = real_page("London")
    assert len(page.references) == 533
    assert note_of(page, "cite_note-155")["group"] == "note"
    assert note_of(page, "cite_note-155")["text"]["value"] == (
        "London is not a city in the usual UK sense of having city status granted by the Crown."
    )


def test_german_web_source(real_page):
    note = note_of(real_page("Otto_Warmbier"), "cite_note-6")
    assert note["type"] == "web"
    assert note["metadata"] == {
        "url": "http://www.bbc.com/news/world-asia-35379583",
        "titel": "North Korea arrests US student for 'hostile act'",
        "werk": "bbc.com",
        "hrsg": "BBC",
        "datum": "2016-01-22",
        "sprache": "en",
        "abruf": "2016-03-17",
    }
    assert note["text"]["value"] == (
        "North Korea arrests US student for 'hostile act'. In: bbc.com. BBC, 22. Januar 2016, "
        "abgerufen am 17. März 2016 (englisch)."
    )


def test_french_web_source(real_page):
    note = note_of(real_page("Gad_Elmaleh"), "cite_note-2")
    assert (note["type"], note["metadata"]["consulté le"]) == ("web", "23 janvier 2016")
    assert note["text"]["value"] == "« Gad Elmaleh », sur Gala (consulté le 23 janvier 2016)."


def test_spanish_source_told_by_coins(real_page):
    note = note_of(real_page("Grecia"), "cite_note-superficie-3")
    assert note["type"] == "web"
    assert note["metadata"]["title"] == "Grecia - Geografía - Libro Mundial de Hechos"
    assert note["text"]["value"] == (
        "CIA. «Grecia - Geografía - Libro Mundial de Hechos». Consultado el 30 de diciembre de 2016."
    )


def test_italian_news(real_page):
    note = note_of(real_page("Mino_Raiola"), "cite_note-3")
    assert (note["type"], note["metadata"]["autore"]) == ("news", "Gaia Piccardi")


def test_bulgarian_short_note(real_page):
    note = note_of(real_page("Btopa"), "cite_note-Förster200564-7")
    assert note["text"]["value"] == "Förster 2005, с. 64."
    assert note["source"]["value"].startswith("Förster, Stig et al. The Ultimate Horror")
    assert note["type"] == "book"


def test_page_of_mediawiki_without_parsoid(real_page):
    page = real_page("Mike_Pompeo")
    assert len(page.references) == 21
    assert note_of(page, "cite_note-1")["metadata"]["date"] == "2017-01-10"
