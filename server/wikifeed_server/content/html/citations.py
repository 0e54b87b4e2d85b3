"""What a footnote cites: the kind of its source and its citation template's parameters.

Wikis tell it in three ways: Parsoid notes the template call; Citation Style 1, which wikis of all languages share, sets
the kind as a class of its `cite` element; and it, with others, adds the source as COinS (a `span` of class Z3988 whose
title is an OpenURL query, ocoins.info).
"""

import functools
import itertools
import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

# The classes that Citation Style 1 sets, besides those of languages of its own.
_STYLE_1_KINDS = frozenset(
    (
        *("web", "news", "book", "journal", "magazine", "pressrelease", "encyclopaedia", "conference", "report"),
        *("thesis", "arxiv", "biorxiv", "medrxiv", "citeseerx", "ssrn", "map", "interview", "episode", "serial"),
        *("speech", "podcast", "audio-visual", "mailinglist", "newsgroup", "techreport", "sign", "document", "patent"),
    )
)
_STYLE_CLASS = re.compile(r"citation|cs[12]|cs1-.*|mw-.*")
_GENRES = {
    "article": "journal",
    "journal": "journal",
    "issue": "journal",
    "preprint": "journal",
    "book": "book",
    "bookitem": "book",
    "conference": "conference",
    "proceeding": "conference",
    "report": "report",
    "document": "document",
}
_FORMATS = {"dissertation": "thesis", "patent": "patent"}
# COinS' names as Citation Style 1 names the same things; a name without "rft." is kept where it is not here.
_COINS_NAMES = {
    "btitle": "title",
    "stitle": "journal",
    "jtitle": "journal",
    "pub": "publisher",
    "place": "location",
    "identifier": "url",
}
_NOT_METADATA = frozenset(("genre", "au", "aulast", "aufirst", "auinit", "description", "format", "type"))
_MOST_PARAMETERS = 100
_MOST_CHARACTERS = 2000
_MOST_COINS = 20_000

_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_OUTWARD_LINK = re.compile(r"\[(?:https?:|ftp:)?//[^\s\[\]]*([^\[\]]*)\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Not the entities that HTML lets end without a semicolon: addresses are full of them ("?a=1&copy=2").
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,32};")
_QUOTES = re.compile(r"'{2,}")
_INNERMOST_CALL = re.compile(r"\{\{[^{}]*\}\}")
_CALL_DEPTH = 3


def kind_of(classes: str, coins: str, template: str) -> str:
    """The kind of source ("web", "book", "news", "journal" ...), empty where nothing tells it.

    Args:
        classes: the classes of the citation's element.
        coins: the title of its COinS span.
        template: the name of its template, whose last word tells it where neither of the others does ("Lien web").
    """
    names = classes.split()
    for name in names:
        if name in _STYLE_1_KINDS:
            return name
    if known := _kind_of_coins(coins):
        return known
    kinds = (name for name in names if not _STYLE_CLASS.fullmatch(name))
    words = template.replace("_", " ").split()
    return next(kinds, words[-1].lower() if words else "")


def _kind_of_coins(coins: str) -> str:
    values = _query(coins)
    form = values.get("rft_val_fmt", [""])[0].rpartition(":")[2]
    if form in _FORMATS:
        return _FORMATS[form]
    if form == "dc" and values.get("rft.identifier", [""])[0].startswith("http"):
        return "web"
    return _GENRES.get(values.get("rft.genre", [""])[0], "")


def metadata_of_call(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of a template call (`params` of Parsoid's `data-mw`) as plain text; those without are left out."""
    written = {
        name: value["wt"][:_MOST_CHARACTERS]
        for name, value in itertools.islice(parameters.items(), _MOST_PARAMETERS)
        if isinstance(value, dict) and isinstance(value.get("wt"), str)
    }
    # Most calls have no markup in any parameter, which is quicker seen of all at once.
    text_of = str.strip if _is_plain("|".join(written.values())) else plain
    return {name: text for name, value in written.items() if (text := text_of(value))}


def _is_plain(text: str) -> bool:
    """Whether a text has no markup, and no white space but single spaces."""
    marked = "[" in text or "{{" in text or "''" in text or "<" in text or "&" in text or "  " in text
    return not marked and text.isprintable()


def metadata_of_coins(coins: str) -> dict[str, str]:
    """The source that a COinS query describes, by Citation Style 1's names: title, author, date, url, doi ..."""
    values = _query(coins)
    found: dict[str, str] = {}
    for name, texts in values.items():
        if name == "rft_id":
            for text in texts:
                scheme, _, rest = text.removeprefix("info:").partition("/")
                found.setdefault(*((scheme, rest) if text.startswith("info:") else ("url", text)))
        elif name.startswith("rft.") and name[4:] not in _NOT_METADATA:
            found.setdefault(_COINS_NAMES.get(name[4:], name[4:]), "; ".join(texts))
    if authors := _authors(values):
        found["author"] = "; ".join(authors)
    if part := found.pop("atitle", ""):
        found["chapter" if "title" in found else "title"] = part
    return {name: text[:_MOST_CHARACTERS] for name, text in found.items() if name and text}


def _authors(values: Mapping[str, list[str]]) -> list[str]:
    """All authors: the first is told by last and first name, and not always among the others."""
    others = values.get("rft.au", [])
    first = ", ".join(values[name][0] for name in ("rft.aulast", "rft.aufirst") if values.get(name))
    return [first, *others] if first and first not in others else others


@functools.lru_cache(maxsize=1)
def _query(coins: str) -> Mapping[str, list[str]]:
    """The values of a COinS query by name; they are asked for twice, for the kind of source and for its metadata."""
    values: dict[str, list[str]] = {}
    for name, text in parse_qsl(coins[:_MOST_COINS])[:_MOST_PARAMETERS]:
        values.setdefault(name, []).append(text.strip())
    return values


def plain(wikitext: str) -> str:
    """Short wikitext as plain text: links' texts, without quotes, tags, comments and templates.

    What is longer than 2,000 characters is cut first; where templates nest deeper than three, nothing is left.
    """
    text = wikitext[:_MOST_CHARACTERS]
    if "<!--" in text:
        text = _without_comments(text)
    if "{{" in text:
        for _ in range(_CALL_DEPTH):
            text = _INNERMOST_CALL.sub("", text)
        if "{{" in text:
            return ""
    if "[" in text:
        text = _OUTWARD_LINK.sub(r"\1", _LINK.sub(r"\1", text))
    if "<" in text:
        text = _TAG.sub("", text)
    if "''" in text:
        text = _QUOTES.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return " ".join(text.split())


def _without_comments(text: str) -> str:
    pieces = text.split("<!--")
    return pieces[0] + "".join(piece.partition("-->")[2] for piece in pieces[1:])
