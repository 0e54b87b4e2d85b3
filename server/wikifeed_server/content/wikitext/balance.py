"""Takes their meaning from openings that nothing closes, before a page is tokenized.

The tokenizer reads on from an opening (of a template, a link, a table, a tag) to the end of the page before it takes
it for text, and then begins anew behind it: thousands of them take minutes. MediaWiki shows them as text, and so do we.
"""

import re
from collections import defaultdict

# An opening costs up to half a microsecond for each character behind it: below this product a page is left as it is.
_HARMLESS = 2_000_000
_TOKEN = re.compile(
    r"(?P<comment><!--)|(?P<comment_end>-->)"
    r"|</(?P<end>[a-zA-Z][a-zA-Z0-9]*)|<(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>[^<>]*)(?P<close>>?)"
    r"|(?P<table>\{\|)|(?P<table_end>\|\})(?!\})|(?P<template>\{\{)|(?P<template_end>\}\})"
    r"|(?P<link>\[\[)|(?P<link_end>\]\])|(?P<address>\[(?=[a-zA-Z]+:|//))|(?P<address_end>\])"
)
_ENDS = {"comment_end": "comment", "table_end": "table", "template_end": "template", "link_end": "link"}
# Tags that need no end (mwparserfromhell's own list of those).
_SINGLE = frozenset(
    ("br", "wbr", "hr", "meta", "link", "img", "li", "dt", "dd", "th", "td", "tr", "input", "col", "area", "base")
)
_AS_TEXT = {"<": "&lt;", "[": "&#91;", "{": "&#123;"}


def balanced(text: str) -> str:
    """The text, its unclosed openings written as entities where they would take the tokenizer long."""
    unclosed = _unclosed(text)
    if len(unclosed) * len(text) <= _HARMLESS:
        return text
    pieces: list[str] = []
    end = 0
    for place in sorted(unclosed):
        pieces += (text[end:place], _AS_TEXT[text[place]])
        end = place + 1
    return "".join((*pieces, text[end:]))


def _unclosed(text: str) -> list[int]:
    """Where openings stand that nothing of their kind closes, each kind by itself."""
    open_places: dict[str, list[int]] = defaultdict(list)
    hopeless: list[int] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "close":
            name = match["tag"].lower()
            if not match["close"]:
                hopeless.append(match.start())
            elif name not in _SINGLE and not match["attributes"].endswith("/"):
                open_places[f"<{name}"].append(match.start())
            continue
        if kind == "end":
            closed = open_places.get(f"<{match['end'].lower()}")
        elif kind == "address_end":
            closed = open_places.get("address")
        elif kind in _ENDS:
            closed = open_places.get(_ENDS[kind])
        else:
            open_places[kind].append(match.start())
            continue
        if closed:
            closed.pop()
    return hopeless + [place for places in open_places.values() for place in places]
