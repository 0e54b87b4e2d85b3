"""What holds of every text."""

import re

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.content import WikitextError, read_wikitext

PIECES = (
    *(
        "{{",
        "}}",
        "{{{",
        "}}}",
        "[[",
        "]]",
        "|",
        "=",
        "\n",
        "\n\n",
        "== a ==\n",
        "=== b ===\n",
        "'''",
        "<ref>",
        "</ref>",
    ),
    *(
        "<ref name='a'/>",
        "<ref group=g name=b>",
        "{|\n",
        "\n|}",
        "\n|-\n",
        "\n! ",
        "\n| ",
        "||",
        "!!",
        "|+",
        "colspan=3|",
    ),
    *("rowspan=2|", "\n* ", "\n** ", "\n# ", "\n; ", "\n: ", "<!--", "-->", "&amp;", "[https://a.org ", "]", "<br>"),
    *(
        "<gallery>\n",
        "</gallery>",
        "File:a.jpg",
        "Category:b",
        "{{Infobox x|y=",
        "{{cite web|url=https://b.org|title=c}}",
    ),
    *(
        "{{sfn|d|2000}}",
        "{{plainlist|",
        "{{hlist|a|b}}",
        "{{nowrap|",
        "{{birth date|2000|1|2}}",
        "{{#tag:ref|",
        "<sup>",
    ),
    *(
        "</sup>",
        "<div>",
        "</div>",
        "<ul><li>",
        "</li></ul>",
        "<references>",
        "</references>",
        "<table>",
        "<tr>",
        "<td>",
    ),
    *(
        "</td>",
        "</tr>",
        "</table>",
        "a",
        "b c",
        "文",
        "\u0627",
        "（",
        "）",
        "_",
        "__TOC__",
        "\ufdd0",
        "\x00",
        "/",
        "#",
        ":",
    ),
)
TEXTS = (
    st.text(max_size=200)
    | st.text("{}[]|='<>!-#*:;\n&()（）_ aA文ا/", max_size=120)
    | st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
)
ABSOLUTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def within(value, key):
    """All values under a key anywhere in something that is JSON."""
    if isinstance(value, dict):
        yield from (inner for name, inner in value.items() if name == key)
        for inner in value.values():
            yield from within(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from within(inner, key)


@given(TEXTS)
@settings(max_examples=600)
def test_any_text_is_read(enwiki, text):
    try:
        contents = read_wikitext(text, enwiki, "Any title")
    except WikitextError:
        return
    found = contents.as_object()
    # JSON readers are bounded in depth; what is left out leaves no marks.
    assert orjson.loads(orjson.dumps(found)) == found
    assert "\ufdd0" not in contents.text + contents.abstract


@given(TEXTS)
@settings(max_examples=300)
def test_addresses_are_absolute_and_names_lead_somewhere(enwiki, text):
    found = read_wikitext(text, enwiki, "Any title").as_object()
    for address in (*within(found, "url"), *within(found, "content_url")):
        assert address
        assert ABSOLUTE.match(address) or address.startswith("https://")
    references = [reference["identifier"] for reference in found.get("references", [])]
    assert len(references) == len(set(references))
    assert {citation["identifier"] for marks in within(found, "citations") for citation in marks} <= set(references)
    tables = {table["identifier"] for table in found.get("tables", [])}
    assert {place["identifier"] for places in within(found, "table_references") for place in places} == tables


@given(TEXTS)
@settings(max_examples=300)
def test_what_is_empty_is_absent_and_values_are_tidy(enwiki, text):
    found = read_wikitext(text, enwiki, "Any title").as_object()
    for sections in (found.get("sections", []), found.get("infoboxes", [])):
        for key in ("has_parts", "links", "citations", "images", "values", "value", "name", "table_references"):
            assert all(within(sections, key))
        for value in within(sections, "value"):
            assert value == " ".join(value.split())
    for table in found.get("tables", []):
        assert all(row for name in ("headers", "rows", "footers") for row in table.get(name, []))


@pytest.mark.parametrize(
    "text",
    [
        *("{{" * 100_000, "[[" * 100_000, "{{{" * 100_000, "{|\n" * 2_000, "(" * 100_000 + "{{x}}", "{{x}}" * 20_000),
        *("* a\n" * 20_000, "*" * 20_000, " " * 1_000_000, "\n" * 1_000_000, "a " * 500_000, ", {{x}}" * 20_000),
        *("{{nowrap" + "|1=a" * 20_000 + "}}", "{{ubl" + "|a" * 20_000 + "}}", "<ref name=a />" * 20_000),
        *("__" * 500_000, "#REDIRECT" + " " * 1_000_000, "\u00a0" * 1_000_000, "[[A|" * 5_000 + "]]" * 5_000),
    ],
    ids=lambda text: f"{text[:8]!r}...{len(text)}",
)
def test_hostile_text_is_read_or_refused(enwiki, text):
    try:
        contents = read_wikitext(text, enwiki, "Hostile")
    except WikitextError:
        return
    assert len(contents.text) <= len(text)
