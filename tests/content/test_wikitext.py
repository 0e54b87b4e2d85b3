"""What is understood of a page's wikitext, in several scripts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.content import PageFacts, PageLink, Vocabulary, extract_facts, understand


def test_abstract_is_the_lead_as_plain_text(enwiki):
    text = (
        "{{Infobox person|name=Ada}}\n[[File:Ada.jpg|thumb|A [[portrait]]]]\n"
        "'''Ada Lovelace''' was an ''English'' [[mathematics|mathematician]].<ref>A book</ref><!-- sure? -->\n\n"
        "She worked on the [[Analytical Engine]].\n== Life ==\nBorn in London."
    )
    facts = understand(text, enwiki, "Ada Lovelace")
    assert facts.abstract == "Ada Lovelace was an English mathematician. She worked on the Analytical Engine."


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
    assert understand(lead, enwiki, "Ada").abstract == abstract


def test_abstract_is_bounded_whatever_the_page(enwiki):
    facts = understand("many words " * 10_000, enwiki, "Long")
    assert len(facts.abstract) < 17_000
    assert facts.abstract.endswith("…")


def test_russian_namespaces_are_known_by_their_names(ruwiki):
    facts = understand(
        "{{карточка}}\n[[Файл:Фото.jpg|мини]]'''Москва''' — [[столица]].\n[[категория:Города]]", ruwiki, "Москва"
    )
    assert facts == PageFacts(
        abstract="Москва — столица.",
        categories=("Категория:Города",),
        templates=("Шаблон:Карточка",),
        links=(PageLink("Столица", "столица"),),
        images=("Файл:Фото.jpg",),
    )


def test_arabic_namespaces_are_known_by_their_names(arwiki):
    facts = understand("{{صندوق}}\n'''القاهرة''' هي [[عاصمة]] [[مصر|جمهورية مصر]].\n[[تصنيف:مدن]]", arwiki, "القاهرة")
    assert facts.abstract == "القاهرة هي عاصمة جمهورية مصر."
    assert facts.categories == ("تصنيف:مدن",)
    assert facts.templates == ("قالب:صندوق",)


def test_chinese_parentheses_are_asides_too(zhwiki):
    facts = understand(
        "'''北京'''（{{lang-en|Beijing}}）是[[中国]]的首都。[[分类:城市]][[Category:首都]]", zhwiki, "北京"
    )
    assert facts.abstract == "北京是中国的首都。"
    assert facts.categories == ("分类:城市", "分类:首都")


def test_titles_are_normalized_and_listed_once(enwiki):
    facts = understand(
        "[[category:cats]][[Category: Cats|key]]{{cite web}}{{Cite_web}}[[dog]][[Dog#Tail|tail]]", enwiki, "X"
    )
    assert facts.categories == ("Category:Cats",)
    assert facts.templates == ("Template:Cite web",)
    assert facts.links == (PageLink("Dog", "dog"),)


def test_links_to_categories_and_files_with_a_colon_are_links(enwiki):
    facts = understand("[[:Category:Cats]] and [[:File:A.jpg|a picture]]", enwiki, "X")
    assert facts.links == (PageLink("Category:Cats", "Category:Cats"), PageLink("File:A.jpg", "a picture"))
    assert facts.abstract == "Category:Cats and a picture"
    assert not facts.categories


def test_links_to_other_wikis_and_to_the_page_itself_are_no_links(enwiki):
    assert understand("[[de:Ada]] [[wikt:ada|ada]] [[#Life|life]] [[zh-min-nan:Ada]]", enwiki, "X").links == ()


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
    assert understand(text, enwiki, "X").templates == ()


def test_templates_and_categories_within_arguments_and_references_count(enwiki):
    text = (
        "{{#if:x|{{inner|[[Category:Deep]]}}}}<ref>{{cite book|title=[[Book]]}}</ref>{{User:Ada/box}}{{:Main}}{{/sub}}"
    )
    facts = understand(text, enwiki, "X")
    assert facts.templates == ("Template:Inner", "Template:Cite book", "User:Ada/box", "Main", "X/sub")
    assert facts.categories == ("Category:Deep",)
    assert facts.links == (PageLink("Book", "Book"),)


def test_what_is_not_parsed_by_the_wiki_is_not_read(enwiki):
    facts = understand("<nowiki>{{a}}[[b]]</nowiki><!--{{c}}--><includeonly>[[Category:D]]</includeonly>", enwiki, "X")
    assert facts == PageFacts(abstract="{{a}}[[b]]")


def test_short_description_is_the_description(enwiki):
    facts = understand("{{Short description|English mathematician}}\n'''Ada'''.", enwiki, "Ada")
    assert facts.description == "English mathematician"


def test_maintenance_templates_are_counted_under_all_their_names(enwiki):
    facts = understand("A{{Citation needed|date=May 2020}}{{cn}}{{POV}}{{Which?}}{{clarify}}{{Update}}", enwiki, "X")
    counts = facts.maintenance
    assert (counts.citation_needed, counts.pov, counts.clarification_needed, counts.update) == (2, 1, 1, 1)


def test_maintenance_templates_of_ones_own(enwiki):
    words = Vocabulary(citation_needed=frozenset({"prove it"}))
    assert understand("{{Prove it}}{{cn}}", enwiki, "X", words).maintenance.citation_needed == 1


@pytest.mark.parametrize("text", ["#REDIRECT [[ada Lovelace]]", "  #redirect: [[Ada_Lovelace#Life|x]] {{R from move}}"])
def test_redirects_are_recognized(enwiki, text):
    facts = understand(text, enwiki, "Ada")
    assert facts.redirect_target == "Ada Lovelace"
    assert facts.abstract == ""


def test_redirects_are_recognized_in_other_languages(ruwiki, zhwiki, arwiki):
    assert understand("#ПЕРЕНАПРАВЛЕНИЕ [[Москва]]", ruwiki, "Мск").redirect_target == "Москва"
    assert understand("#重定向 [[北京]]", zhwiki, "京").redirect_target == "北京"
    assert understand("#تحويل [[القاهرة]]", arwiki, "ق").redirect_target == "القاهرة"


def test_a_numbered_list_is_no_redirect(enwiki):
    assert understand("#First [[thing]]", enwiki, "X").redirect_target == ""


def test_facts_as_json_have_the_contracts_shapes_and_leave_out_what_is_empty(enwiki):
    assert extract_facts("'''A''' b.{{cn}}[[Category:C]]", enwiki, "A") == {
        "abstract": "A b.",
        "categories": [{"name": "Category:C", "url": "https://en.wikipedia.org/wiki/Category:C"}],
        "templates": [{"name": "Template:Cn", "url": "https://en.wikipedia.org/wiki/Template:Cn"}],
        "maintenance_tags": {"citation_needed_count": 1},
    }
    assert extract_facts("", enwiki, "A") == {}


@given(st.text(max_size=200) | st.text("{}[]|='<>!-#*:;\n&()（）_ aA文ا/", max_size=120))
@settings(max_examples=400)
def test_any_text_is_understood(enwiki, text):
    facts = understand(text, enwiki, "Any title")
    assert "\ufdd0" not in facts.abstract or "\ufdd0" in text
    assert len(set(facts.links)) == len({link.title for link in facts.links})
