"""What is read of a live page's HTML and wikitext, and any text there may be."""

import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_pages import REVISED, article_of, built, html_page, live_page

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed.v1.change_pb2 import Change
from wikifeed_server.builder.live import build_live, mark_live
from wikifeed_server.contract.fragments import STRUCTURED_FIELDS
from wikifeed_server.sources.events import EventKind
from wikifeed_server.sources.facts import EditorFacts, Restriction


@pytest.mark.parametrize("model", ["json", "css", "Scribunto"])
def test_other_models_are_kept_and_not_read(model):
    _, article = built(revision={"model": model, "text": "{{cn}} [[Category:A]]"})
    assert article.article_body.wikitext == "{{cn}} [[Category:A]]"
    assert (len(article.categories), len(article.templates)) == (0, 0)
    assert not article.version.HasField("maintenance_tags")


def test_redirect_in_words_that_only_the_wiki_knows_is_told_by_its_html():
    html = html_page('<link rel="mw:PageProp/redirect" href="./Caf%C3%A9_&amp;_bar#Top" id="mwAg"/>')
    write, article = built(revision={"text": "#zzz [[café & bar#Top]]"}, facts={"html": html})
    assert write.redirect_target == "Café & bar"
    assert Change.FromString(write.change).redirect_target == "Café & bar"
    assert [redirect.name for redirect in Article.FromString(write.redirect_entry).redirects] == ["Page 1"]
    assert article.abstract == ""


def test_redirect_without_html_is_told_by_its_text():
    assert built(revision={"text": "#REDIRECT [[ada]]"})[0].redirect_target == "Ada"


@pytest.mark.parametrize("text", ["#zzz [[a]]", "Text"])
def test_page_that_only_shows_a_redirects_markup_is_none(text):
    html = html_page('<p>Text <!-- <link rel="mw:PageProp/redirect" href="./Evil"/&#x3E; --></p>')
    write, article = built(revision={"text": text}, facts={"html": html})
    assert (write.redirect_target, write.redirect_entry, article.abstract) == ("", b"", "Text")


def test_noindex_is_told_by_html_or_the_magic_word():
    marked = html_page('<meta property="mw:PageProp/noindex" id="mwBg"/><p>a</p>')
    assert built(facts={"html": marked})[1].version.noindex
    assert built(revision={"text": "__NOINDEX__ a"})[1].version.noindex
    shown = {"text": "<nowiki>__NOINDEX__</nowiki>"}
    assert not built(facts={"html": html_page("<p>a</p>")}, revision=shown)[1].version.noindex


def test_html_is_read_and_wikitext_asked_for_repairs_alone():
    html = html_page('<p>Shown.<link rel="mw:PageProp/Category" href="./Category:Of_a_template"/></p>')
    text = "Written.{{Clarify|date=May 2020}}<!-- {{cn}} -->[[Category:Written]]"
    _, article = built(facts={"html": html}, revision={"text": text})
    assert article.abstract == "Shown."
    assert [category.name for category in article.categories] == ["Category:Of a template"]
    tags = article.version.maintenance_tags
    assert (tags.clarification_needed_count, tags.citation_needed_count) == (1, 0)


@pytest.mark.parametrize("name", ["Aldi", "Kyoto", "Foobar"])
def test_real_page_is_built_whole_and_its_html_kept_byte_for_byte(shared, name):
    folder = shared / "data" / "parsoid"
    html = gzip.decompress((folder / f"{name}.html.gz").read_bytes()).decode()
    golden = orjson.loads(gzip.decompress((folder / f"{name}.golden.json.gz").read_bytes()))
    write, article = built(facts={"html": html}, revision={"text": "x"})
    assert article.article_body.html == html
    assert {category.name for category in article.categories} == {each["name"] for each in golden["categories"]}
    assert len(set(article.abstract.split()) & set(golden["abstract"].split())) > 10
    assert article.sections[0].name == "Abstract"
    assert {field.name for field, _ in Article.FromString(write.structured).ListFields()} <= STRUCTURED_FIELDS
    assert {"article_body", "sections"}.isdisjoint(
        field.name for field, _ in Article.FromString(write.head).ListFields()
    )


def test_marked_page_keeps_its_texts_and_facts_and_says_why():
    page = live_page(facts={"html": "<p>b</p>", "watchers": 3}, revision={"text": "{{a}}"})
    write = mark_live(page, Extraction.STATE_TIME_EXCEEDED, "took too long")
    article = article_of(write)
    assert article.extraction == Extraction(state=Extraction.STATE_TIME_EXCEEDED, detail="took too long")
    assert (article.article_body.html, article.article_body.wikitext) == ("<p>b</p>", "{{a}}")
    assert (article.watchers_count, article.version.editor.name, write.modified) == (3, "Grace", REVISED)


TEXT = st.text(max_size=30) | st.text("{}[]|=#REDICT: \ud800\0文", max_size=30)


@given(kind=st.sampled_from(EventKind), title=st.text(min_size=1, max_size=20), text=TEXT, other=TEXT)
def test_any_event_is_built_and_marked(kind, title, text, other):
    page = live_page(
        kind,
        event={"title": title, "previous_title": other, "identifier": other},
        facts={
            "title": other,
            "html": text,
            "templates": (other,),
            "properties": {other: text, "wikibase_item": text},
            "protection": (Restriction(other, text, text),),
            "parent_text": other,
        },
        revision={"text": text, "comment": other, "editor": EditorFacts(1, other, groups=(text,)), "tags": (text,)},
    )
    for write in (build_live(page), mark_live(page, Extraction.STATE_FAILED, "x")):
        assert article_of(write).name == write.title != ""
        assert write.title == write.title.encode().decode()
