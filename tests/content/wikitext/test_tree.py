"""The tree says the same as the parser's own, which it replaces for speed."""

from collections import Counter

import mwparserfromhell
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.content.wikitext.tree import (
    ExternalLink,
    Heading,
    Parameter,
    Tag,
    Template,
    WikiLink,
    parse_tree,
)

PIECES = (
    *("{{", "}}", "{{{", "}}}", "[[", "]]", "|", "=", "\n", "==", "'''", "''", "<ref>", "</ref>", "<ref name='a'/>"),
    *("{|", "|}", "|-", "!", "*", "#", ";", ":", "<!--", "-->", "&amp;", "&#x41;", "[http://a.org ", "]", "<nowiki>"),
    *("</nowiki>", "a", "b c", "文", "\u0627", "----", "<br>", "https://b.org/x "),
)
KINDS = (Template, WikiLink, ExternalLink, Heading, Tag)


def nodes_within(part):
    """All nodes that have others within them, in any part of a tree."""
    if isinstance(part, KINDS):
        yield part
    if isinstance(part, list | tuple):
        for inner in part:
            yield from nodes_within(inner)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=300)
def test_tree_has_as_many_nodes_of_each_kind_as_the_parsers_own(text):
    theirs = mwparserfromhell.parse(text, skip_style_tags=True)
    ours = Counter(type(node) for node in nodes_within(parse_tree(text)))
    assert ours[Template] == len(theirs.filter_templates())
    assert ours[WikiLink] == len(theirs.filter_wikilinks())
    assert ours[ExternalLink] == len(theirs.filter_external_links())
    assert ours[Heading] == len(theirs.filter_headings())
    assert ours[Tag] == len(theirs.filter_tags())


def test_arguments_have_names_and_values():
    assert parse_tree("{{a|b|c=[[d]]}}") == [
        Template(["a"], [Parameter(None, ["b"]), Parameter(["c"], [WikiLink(["d"], None)])])
    ]


def test_comments_are_left_out_and_entities_are_text():
    assert parse_tree("a<!-- {{b}} -->&amp;&#65;&#x42;") == ["a", "&", "A", "B"]


@pytest.mark.parametrize(
    ("markup", "name", "contents"),
    [("<Small>a</Small>", "small", ["a"]), ("<br/>", "br", [])],
)
def test_tags_bear_the_names_of_html(markup, name, contents):
    (tag,) = parse_tree(markup)
    assert (tag.name, tag.contents) == (name, contents)


def test_attributes_are_kept():
    (tag,) = parse_tree('<ref name="x" group=n>y</ref>')
    assert tag.attributes == [(["name"], ["x"]), (["group"], ["n"])]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("'''a''' ''b'' c's", ["a b c's"]),
        ("'''''a'''''", ["a"]),
        ("l''''a'''", ["l'a"]),
        ("'''''''a''", ["''a"]),
        ("<nowiki>''a&amp;''</nowiki>", [Tag("nowiki", [], ["''a", "&", "''"], "")]),
    ],
)
def test_apostrophes_of_bold_and_italics_are_left_out(markup, text):
    assert parse_tree(markup) == text


def test_apostrophes_that_are_left_open_hide_no_tags():
    (text, tag) = parse_tree("a<ref>[[b]]'' c</ref>")
    assert (text, tag.name) == ("a", "ref")
