"""Refuses pages of absurd shape before a tree is made of them.

Making the tree takes time with the square of the depth of nesting (the HTML standard has the parser look through its
open elements again and again), and with the square of a tag's attributes (each is compared with those before it):
100,000 unclosed tags, or as many attributes, take minutes.
"""

import re
from collections import Counter

from wikifeed_server.content.structure import ContentError

# Real pages stay below 100.
MAX_NESTING = 2_000
MAX_ATTRIBUTES = 5_000

# With fewer tags no nesting takes long.
_HARMLESS_TAGS = 30_000
# Tags are counted in pieces of so many; within a piece nesting goes unseen.
_PIECE = 4_000
_ATTRIBUTE = re.compile(r"""\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?""")
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
# Elements that have no end, and those that end where another begins.
_NO_NESTING = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *("p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "rp", "rt"),
    )
)
# So much of a page with hardly a tag and many signs of attributes is one tag.
_STRETCH = 65_536
_FEW_TAGS = 3


class HtmlError(ContentError):
    """A page that no tree can be made of."""


def check_shape(text: str) -> None:
    """Raises HtmlError where a page's elements nest more than 2,000 deep, or a tag has more than 5,000 attributes.

    Nesting is what is open by name, counted in steps; a page made to deceive passes, and bounds on time are for it.
    """
    tags = 0
    for start in range(0, len(text), _STRETCH):
        end = start + _STRETCH
        found = text.count("<", start, end)
        tags += found
        if found < _FEW_TAGS and text.count("=", start, end) > MAX_ATTRIBUTES // 2:
            _check_attributes(text, text.rfind("<", 0, start + 1))
    if tags > _HARMLESS_TAGS:
        _check_nesting(_TAG.findall(text))


def _check_attributes(text: str, tag: int) -> None:
    """Count the attributes of the tag that begins at a place, if one does."""
    name = _TAG.match(text, tag) if tag >= 0 else None
    count, place = 0, name.end() if name else len(text)
    while attribute := _ATTRIBUTE.match(text, place):
        count, place = count + 1, attribute.end()
        if count > MAX_ATTRIBUTES:
            raise HtmlError(f"the tag at character {tag:,} has more than {MAX_ATTRIBUTES:,} attributes")


def _check_nesting(tags: list[str]) -> None:
    opened: Counter[str] = Counter()
    for start in range(0, len(tags), _PIECE):
        for tag, count in Counter(tags[start : start + _PIECE]).items():
            name = tag.lstrip("/").lower()
            if name not in _NO_NESTING:
                opened[name] += count if name == tag.lower() else -count
        opened = +opened  # what closes nothing counts for nothing
        if opened.total() > MAX_NESTING:
            name, count = opened.most_common(1)[0]
            raise HtmlError(
                f"elements are nested more than {MAX_NESTING:,} deep: of the first {start + _PIECE:,} tags "
                f"{opened.total():,} are not closed, {count:,} of them {name}"
            )
