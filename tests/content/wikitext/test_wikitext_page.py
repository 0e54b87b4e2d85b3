"""What is read of a page as a whole: abstract, names, counts, redirects; in several scripts."""

import pytest

from wikifeed_server.content import PageContents, Vocabulary, read_wikitext
from wikifeed_server.projects import NamespaceInfo, ProjectInfo

NAMESPACES = (NamespaceInfo(6, "File"), NamespaceInfo(10, "Template"), NamespaceInfo(14, "Category"))


def names(things):
    return [thing["name"] for thing in things]


def test_abstract_is_the_lead_as_plain_text(enwiki):
    text = (
        "{{Infobox person|name=Ada}}\n[[File:Ada.jpg|thumb|A [[portrait]]]]\n"
        "'''Ada Lovelace''' was an ''English'' [[mathematics|mathematician]].<ref>A book</ref><!-- sure? -->\n\n"
        "She worked on the [[Analytical Engine]].\n== Life ==\nBorn in London."
    )
    contents = read_wikitext(text, enwiki, "Ada Lovelace")
    assert contents.abstract == "Ada Lovelace was an English mathematician. She worked on the Analytical Engine."


@pytest.mark.parametrize(
    ("lead", "abstract"),
    [
        ("'''Ada''' ({{IPA|x}}; 10 December 1815 – 27 November 1852) wrote.", "Ada wrote."),
        ("'''Ada''' ( , ; ) wrote.", "Ada wrote."),
        ("'''Ada''' ({{lang-fr|Ada}}, (nested)) wrote.", "Ada wrote."),
        ("The European Union (EU) is old.", "The European Union (EU) is old."),
        ("Never closed (really is text.", "Never closed (really is text."),
        ("Born {{nowrap|in London}} {{citation needed}}, she wrote.", "Born in London, she wrote."),
        ("{{lang|fr|''[[Bonjour]]''}} is French.", "Bonjour is French."),
        ("E = mc<sup>2</sup>, not mc<sup>see</sup>.", "E = mc², not mcsee."),
        ("A{{snd}}B&nbsp;C<br>D", "A – B\u00a0C D"),
        ("__NOTOC__\nText.", "Text."),
        ("{| class=x\n| cell\n|}\nText.", "Text."),
        ("See [https://example.org the site] now.", "See the site now."),
        ("Text.\n[[Category:A]]", "Text."),
    ],
)
def test_lead_is_tidied(enwiki, lead, abstract):
    assert read_wikitext(lead, enwiki, "Ada").abstract == abstract


def test_abstract_is_bounded_whatever_the_page(enwiki):
    contents = read_wikitext("many words " * 10_000, enwiki, "Long")
    assert len(contents.abstract) < 17_000
    assert contents.abstract.endswith("…")


def test_russian_namespaces_are_known_by_their_names(ruwiki):
    contents = read_wikitext(
        "{{карточка}}\n[[Файл:Фото.jpg|мини]]'''Москва''' — [[столица]].\n[[категория:Города]]", ruwiki, "Москва"
    )
    wiki = "https://ru.wikipedia.org/wiki/"
    assert contents.abstract == "Москва — столица."
    assert contents.categories == [{"name": "Категория:Города", "url": wiki + "Категория:Города"}]
    assert contents.templates == [{"name": "Шаблон:Карточка", "url": wiki + "Шаблон:Карточка"}]
    assert contents.links == [{"url": wiki + "Столица", "text": "столица"}]
    assert contents.images == [{"content_url": wiki + "Файл:Фото.jpg"}]


def test_arabic_namespaces_are_known_by_their_names(arwiki):
    contents = read_wikitext(
        "{{صندوق}}\n'''القاهرة''' هي [[عاصمة]] [[مصر|جمهورية مصر]].\n[[تصنيف:مدن]]", arwiki, "القاهرة"
    )
    assert contents.abstract == "القاهرة هي عاصمة جمهورية مصر."
    assert names(contents.categories) == ["تصنيف:مدن"]
    assert names(contents.templates) == ["قالب:صندوق"]


def test_chinese_parentheses_are_asides_too(zhwiki):
    contents = read_wikitext(
        "'''北京'''（{{lang-en|Beijing}}）是[[中国]]的首都。[[分类:城市]][[Category:首都]]", zhwiki, "北京"
    )
    assert contents.abstract == "北京是中国的首都。"
    assert names(contents.categories) == ["分类:城市", "分类:首都"]


def test_titles_are_normalized_and_listed_once(enwiki):
    contents = read_wikitext("[[category:cats]][[Category: Cats|key]]{{cite web}}{{Cite_web}}", enwiki, "X")
    assert names(contents.categories) == ["Category:Cats"]
    assert names(contents.templates) == ["Template:Cite web"]


@pytest.mark.parametrize(
    "text",
    [
        "{{#if:a|b}}",
        "{{DEFAULTSORT:Lovelace, Ada}}",
        "{{PAGENAME}}",
        "{{!}}",
        "{{formatnum:1000}}",
        "{{СОРТИРОВКА:А}}",
        "{{ {{{name}}} }}",
        "{{lc:A}}",
        "{{}}",
        "{{{parameter|default}}}",
    ],
)
def test_functions_and_variables_are_no_templates(enwiki, text):
    assert read_wikitext(text, enwiki, "X").templates == []


def test_templates_and_categories_within_arguments_and_references_count(enwiki):
    text = (
        "{{#if:x|{{inner|[[Category:Deep]]}}}}<ref>{{cite book|title=[[Book]]}}</ref>{{User:Ada/box}}{{:Main}}{{/sub}}"
    )
    contents = read_wikitext(text, enwiki, "X")
    assert names(contents.templates) == ["Template:Inner", "Template:Cite book", "User:Ada/box", "Main", "X/sub"]
    assert names(contents.categories) == ["Category:Deep"]
    assert [link["text"] for link in contents.links] == ["Book"]


def test_what_is_not_parsed_by_the_wiki_is_not_read(enwiki):
    contents = read_wikitext(
        "<nowiki>{{a}}[[b]]</nowiki><!--{{c}}--><includeonly>[[Category:D]]</includeonly>", enwiki, "X"
    )
    assert contents.text == "{{a}}[[b]]"
    assert (contents.templates, contents.links, contents.categories) == ([], [], [])


def test_short_description_is_the_description(enwiki):
    contents = read_wikitext("{{Short description|English mathematician}}\n'''Ada'''.", enwiki, "Ada")
    assert contents.description == "English mathematician"


def test_maintenance_templates_are_counted_under_all_their_names(enwiki):
    contents = read_wikitext(
        "A{{Citation needed|date=May 2020}}{{cn}}{{POV}}{{Which?}}{{clarify}}{{Update}}", enwiki, "X"
    )
    counts = contents.maintenance
    assert (counts.citation_needed, counts.pov, counts.clarification_needed, counts.update) == (2, 1, 1, 1)


def test_maintenance_templates_of_ones_own(enwiki):
    words = Vocabulary(citation_needed=frozenset({"prove it"}))
    assert read_wikitext("{{Prove it}}{{cn}}", enwiki, "X", words).maintenance.citation_needed == 1


@pytest.mark.parametrize("text", ["#REDIRECT [[ada Lovelace]]", "  #redirect: [[Ada_Lovelace#Life|x]] {{R from move}}"])
def test_redirects_are_recognized(enwiki, text):
    contents = read_wikitext(text, enwiki, "Ada")
    assert contents.redirect_target == "Ada Lovelace"
    assert contents.abstract == ""


def test_redirects_are_recognized_in_other_languages(ruwiki, zhwiki, arwiki):
    assert read_wikitext("#ПЕРЕНАПРАВЛЕНИЕ [[Москва]]", ruwiki, "Мск").redirect_target == "Москва"
    assert read_wikitext("#重定向 [[北京]]", zhwiki, "京").redirect_target == "北京"
    assert read_wikitext("#تحويل [[القاهرة]]", arwiki, "ق").redirect_target == "القاهرة"


def test_a_numbered_list_is_no_redirect(enwiki):
    assert read_wikitext("#First [[thing]]", enwiki, "X").redirect_target == ""


def test_redirect_has_no_text(enwiki):
    contents = read_wikitext("#REDIRECT [[Ada Lovelace]]\n\n{{R from move}}", enwiki, "Ada")
    assert (contents.sections, contents.text) == ([], "")


def test_contents_as_json_have_the_contracts_shapes_and_leave_out_what_is_empty(enwiki):
    paragraph = {"type": "paragraph", "value": "A b."}
    assert read_wikitext("'''A''' b.{{cn}}[[Category:C]]", enwiki, "A").as_object() == {
        "abstract": "A b.",
        "categories": [{"name": "Category:C", "url": "https://en.wikipedia.org/wiki/Category:C"}],
        "templates": [{"name": "Template:Cn", "url": "https://en.wikipedia.org/wiki/Template:Cn"}],
        "sections": [{"type": "section", "name": "Abstract", "has_parts": [paragraph]}],
        "text": "A b.",
        "maintenance_tags": {"citation_needed_count": 1},
    }
    assert read_wikitext("", enwiki, "A") == PageContents()


def test_pages_of_a_wiki_of_unknown_address_have_no_addresses():
    contents = read_wikitext(
        "[[a]] [[Category:B]] {{c}} [[File:D.jpg|20px]]", ProjectInfo("x", namespaces=NAMESPACES), "X"
    )
    assert contents.links == [{"text": "a"}]
    assert names(contents.categories) == ["Category:B"]
    assert names(contents.templates) == ["Template:C"]
    assert contents.images == [{"width": 20}]
