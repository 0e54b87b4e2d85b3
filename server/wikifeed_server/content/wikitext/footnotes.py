"""The footnotes of a page, numbered as MediaWiki numbers them: in the order in which the page first marks them."""

import re
from dataclasses import dataclass, field

from wikifeed_server.content.structure import Citation, Link, Reference

_SPACE = re.compile(r"[\s_]+")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 4000


@dataclass(slots=True)
class Note:
    """What a footnote says: its text, the links in it, kind and parameters of the source that it cites."""

    text: str = ""
    links: list[Link] = field(default_factory=list)
    type: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    def says_something(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.text or self.links or self.metadata or self.type)


class Footnotes:
    """Collects the footnotes of one page. A footnote with a name is one, however often it is marked."""

    def __init__(self) -> None:
        self._references: list[Reference] = []
        self._named: dict[tuple[str, str], tuple[Reference, Citation]] = {}
        self._groups: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._unmarked: dict[tuple[str, str], Note] = {}

    def mark(self, group: str, name: str) -> tuple[Reference, Citation]:
        """A mark in the text for the footnote of that name; without a name, for one of its own."""
        key = (group, name)
        known = self._named.get(key) if name else None
        if known is not None:
            return known
        number = len(self._references) + 1
        place = self._sizes[group] = self._sizes.get(group, 0) + 1
        label = _SPACE.sub("_", name).strip("_")
        identifier = f"cite_note-{label}-{number}" if label else f"cite_note-{number}"
        reference: Reference = {"identifier": identifier}
        citation: Citation = {"identifier": identifier, "text": _mark_text(group, place)}
        if group:
            reference["group"] = group
            citation["group"] = group
        self._references.append(reference)
        if name:
            self._groups.setdefault(name, group)
            self._named[key] = reference, citation
            if (note := self._unmarked.pop(key, None)) is not None:
                fill(reference, note)
        return reference, citation

    def group_of(self, name: str) -> str:
        """The group in which a footnote of that name was marked first; empty where it was not."""
        return self._groups.get(name, "")

    def define(self, group: str, name: str, note: Note) -> None:
        """What a footnote says that is defined where it is not marked, in the list of footnotes."""
        known = self._named.get((group, name))
        if known is not None:
            fill(known[0], note)
        else:
            self._unmarked.setdefault((group, name), note)

    def references(self) -> list[Reference]:
        """All footnotes in order; last those that were defined and are marked nowhere."""
        for group, name in list(self._unmarked):
            self.mark(group, name)
        return self._references


def fill(reference: Reference, note: Note) -> None:
    """Put what a footnote says into its reference, if that says nothing yet."""
    if "text" in reference or "metadata" in reference or not note.says_something():
        return
    if note.type:
        reference["type"] = note.type
    if note.metadata:
        reference["metadata"] = note.metadata
    if note.text or note.links:
        reference["text"] = {}
    if note.text:
        reference["text"]["value"] = note.text
    if note.links:
        reference["text"]["links"] = note.links


def _mark_text(group: str, place: int) -> str:
    """The mark as MediaWiki shows it: groups of certain names have letters or Roman numerals for numbers."""
    if group in ("lower-alpha", "upper-alpha"):
        shown = _letters(place)
    elif group in ("lower-roman", "upper-roman") and place < _MOST_ROMAN:
        shown = _roman(place)
    else:
        return f"[{group} {place}]" if group else f"[{place}]"
    return f"[{shown.upper() if group.startswith('upper') else shown}]"


def _letters(number: int) -> str:
    shown = ""
    while number:
        number, letter = divmod(number - 1, 26)
        shown = chr(ord("a") + letter) + shown
    return shown


def _roman(number: int) -> str:
    shown = ""
    for value, letters in (*_ROMAN, *_ROMAN_ONES):
        count, number = divmod(number, value)
        shown += letters * count
    return shown
