"""The footnotes of a rendered page, and their marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.allowance import Allowance
from wikifeed_server.content.html.counters import shown_mark
from wikifeed_server.content.html.inline import TEXT, Inline, squeezed
from wikifeed_server.content.html.names import TemplateCalls
from wikifeed_server.content.html.notes import COINS_CLASS, Citing, Gatherer, Note
from wikifeed_server.content.structure import Citation, Reference, ReferenceText

# The type of a note that is prose: Enterprise's word for it.
_PROSE = "text"
# Texts of sources, which are written again for every short note that leads to them, in characters a page.
_MOST_REPEATED = 4_000_000
# What is made of more elements is no entry of a bibliography. What reading one costs of the allowance:
_MOST_ELEMENTS = 1000
_ELEMENT_SIZE = 40
_NOTES_CLASS = "references"
_WAY_BACK = 'a[href*="cite_ref"]'
_OF_NOTES = ("cite_note", "cite_ref")
_NO_ENTRIES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "section", "table", "body"))
_ENTRIES = frozenset(("li", "dd", "p", "td"))
# How far up from an anchor without text the entry is sought that it stands in.
_ENTRY_DEPTH = 3
_BESIDE = 3


def read_references(
    lists: Iterable[LexborNode], body: LexborNode, inline: Inline, calls: TemplateCalls
) -> list[Reference]:
    """The footnotes of a page, in page order; they are in those of its ordered lists that are marked so.

    Comes before anything is taken out of the page: citations are told by hidden elements too. A short note ("Smith
    2020, p. 5") that leads on to an entry of the page's bibliography has that entry as its source, and the entry's type
    and metadata.
    """
    marked = (notes for notes in lists if _NOTES_CLASS in (notes.attributes.get("class") or "").split())
    items = [item for notes in marked for item in notes.iter() if item.tag == "li" and item.id]
    notes = [Note() for _ in items]
    gatherer = Gatherer(calls)
    for item, note in zip(items, notes, strict=True):
        gatherer.within(item, note)
    bibliography = _Bibliography(body, inline, gatherer, _page_of(items), notes)
    groups: dict[int, str] = {}
    return [
        _reference(item, _group_of(item, groups), note, inline, bibliography)
        for item, note in zip(items, notes, strict=True)
    ]


def citation_of(sup: LexborNode, inline: Inline) -> Citation | None:
    """The citation that a footnote mark is; None for what leads to no note, such as a comma between marks."""
    anchor = sup.child
    while anchor is not None and anchor.tag != "a":
        anchor = anchor.next
    anchor = anchor or sup.css_first("a")
    if anchor is None:
        return None
    attributes = anchor.attributes
    identifier = unquote((attributes.get("href") or "").partition("#")[2])
    if not identifier:
        return None
    citation: Citation = {"identifier": identifier}
    if group := attributes.get("data-mw-group"):
        citation["group"] = group
    if text := squeezed(anchor.text()):
        citation["text"] = shown_mark(text)
    return citation


def _group_of(item: LexborNode, groups: dict[int, str]) -> str:
    """The footnote group of a list's item; `groups` keeps those of lists."""
    notes = item.parent
    if notes is None:
        return ""
    if notes.mem_id not in groups:
        groups[notes.mem_id] = notes.attributes.get("data-mw-group") or ""
    return groups[notes.mem_id]


def _page_of(items: list[LexborNode]) -> str:
    """The page's own address as its links write it ("./Title"), told by the first note's way back into the text."""
    way_back = items[0].css_first(_WAY_BACK) if items else None
    return (way_back.attributes.get("href") or "").partition("#")[0] if way_back is not None else ""


def _reference(item: LexborNode, group: str, note: Note, inline: Inline, bibliography: "_Bibliography") -> Reference:
    citing = note.citation()
    source = None if citing else bibliography.source_of(note)
    citing = citing or (source and source.citing) or note.whole_call(item)
    reference: Reference = {"identifier": item.id or ""}
    if group:
        reference["group"] = group
    if kind := citing.kind if citing else _PROSE:
        reference["type"] = kind
    if citing and citing.metadata:
        reference["metadata"] = citing.metadata
    if text := note.text(inline):
        reference["text"] = text
    if source and source.text:
        reference["source"] = source.text
    return reference


@dataclass(frozen=True, slots=True)
class _Source:
    """An entry of a bibliography."""

    text: ReferenceText
    citing: Citing | None


class _Bibliography:
    """The entries of a page to which its notes lead."""

    def __init__(self, body: LexborNode, inline: Inline, gatherer: Gatherer, page: str, notes: list[Note]) -> None:
        self._inline = inline
        self._gatherer = gatherer
        self._page = page
        self._allowance = Allowance(_MOST_REPEATED)
        self._sources: dict[str, _Source | None] = {}
        sought = {identifier for note in notes for identifier in self._identifiers(note)}
        # Parsoid gives nearly every element an id; those of its own begin so.
        named = body.css('[id]:not([id^="mw"])') if sought else []
        self._nodes = {identifier: node for node in reversed(named) if (identifier := node.id) in sought}

    def source_of(self, note: Note) -> _Source | None:
        """The entry that the first of a note's links into its page leads to; None where none does."""
        for identifier in self._identifiers(note):
            node = self._nodes.get(identifier)
            if node is not None and node.tag not in _NO_ENTRIES:
                if identifier not in self._sources:
                    self._sources[identifier] = self._read(node)
                source = self._sources[identifier]
                if source and self._allowance.take(len(source.text.get("value", ""))):
                    return source
        return None

    def _identifiers(self, note: Note) -> list[str]:
        found = []
        for address in note.fragments:
            page, _, identifier = address.partition("#")
            if page in ("", self._page) and not identifier.startswith(_OF_NOTES):
                found.append(unquote(identifier))
        return found

    def _read(self, node: LexborNode) -> _Source | None:
        # Entries may stand in one another, and be sought by as many notes: all reading counts.
        most = min(_MOST_ELEMENTS, self._allowance.left // _ELEMENT_SIZE)
        note = Note(room=most)
        self._take_with_neighbours(node, note)
        entry = node.parent
        for _ in range(_ENTRY_DEPTH):
            if entry is None or any(piece.strip() for piece in note.pieces):
                break
            if entry.tag in _ENTRIES:
                self._gatherer.within(entry, note)
            entry = entry.parent
        if not self._allowance.take((most - note.room) * _ELEMENT_SIZE) or note.room <= 0:
            return None
        text = note.text(self._inline)
        return _Source(text, note.citation()) if text else None

    def _take_with_neighbours(self, node: LexborNode, note: Note) -> None:
        """Gather an entry. What tells its call and its COinS may stand beside it: in a style sheet, a hidden span."""
        ahead = Note()
        before, behind = node.prev, node.next
        for _ in range(_BESIDE):
            if before is not None and before.tag in ("link", "style"):
                self._gatherer.take(before, ahead)
                before = before.prev
            if behind is not None and COINS_CLASS in (behind.attributes.get("class") or ""):
                self._gatherer.take(behind, ahead)
            behind = behind.next if behind is not None and behind.tag == TEXT else None
        self._gatherer.take(node, note)
        note.calls += ahead.calls
        note.coins = note.coins or ahead.coins
