"""What stands in a footnote or in an entry of a bibliography, gathered in one walk."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.citations import kind_of, metadata_of_call, metadata_of_coins
from wikifeed_server.content.html.inline import MAX_DEPTH, TEXT, Inline, squeezed
from wikifeed_server.content.html.names import TemplateCalls
from wikifeed_server.content.html.raised import raised_text
from wikifeed_server.content.structure import ReferenceText

_NO_TEXT = frozenset(("style", "link", "script", "meta", "img", "audio", "video", "figure", "template", "-comment"))
_BLOCKS = frozenset(("p", "div", "br", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "tr", "td", "th"))
# These have no attributes that matter here.
_BARE = frozenset(("i", "b", "em", "strong", "q", "bdi", "wbr"))
_RAISED = frozenset(("sup", "sub"))
_SPECIAL = _NO_TEXT | _BLOCKS | _RAISED
# What readers don't see, or see as no part of the note: errors told to editors, ways back to the text, further marks.
_UNSEEN_CLASS = re.compile(
    r"(?:^|\s)(?:citation-comment|cs1-maint|cs1-(?:hidden|visible)-error|mw-cite-backlink|noprint)(?!\S)"
)
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_WAY_BACK = "mw:referencedBy"
_ENTITY = "mw:Entity"
_TRANSCLUSION = "mw:Transclusion"
_CITED = re.compile(r"(?:^|\s)citation(?!\S)")
COINS_CLASS = "Z3988"
_NOTE_TEXT = "reference-text"
_WAYS_BACK = frozenset(("↑", "^"))
_LISTS_AND_MARKS = {"sup": "reference", "ol": "references"}
# So many named parameters tell a template that cites a source from one that adds a page number.
_LEAST_NAMED = 2


_Attributes = Mapping[str, str | None]


class _Role(Enum):
    """What an element's classes make of it."""

    PLAIN = auto()
    COINS = auto()
    UNSEEN = auto()
    CITATION = auto()


@dataclass(frozen=True, slots=True)
class Citing:
    """What a citation tells of its source: the kind, empty where it isn't told, and the citation's parameters."""

    kind: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Note:
    """What was gathered of a note.

    `anchors` are its links (with their attributes) but for ways back, `fragments` the addresses of those that lead
    into a page of the wiki ("./Title#place"); `classes` and `about` those of its first citation; `coins` the title of
    its first COinS span; `calls` its template calls, with the `about` of the elements that they made; `room` how many
    elements and texts may still be gathered.
    """

    pieces: list[str] = field(default_factory=list)
    anchors: list[tuple[LexborNode, _Attributes]] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    classes: str = ""
    about: str = ""
    coins: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    room: int = sys.maxsize

    def text(self, inline: Inline) -> ReferenceText:
        """The note's text, and the links in it."""
        found: ReferenceText = {}
        # Faster for long texts than squeezed(), which is left what has invisible characters: they are not printable.
        value = " ".join("".join(self.pieces).split())
        if value:
            found["value"] = value if value.isprintable() else squeezed(value)
        links = [link for anchor, attributes in self.anchors if (link := inline.link(anchor, attributes))]
        if links:
            found["links"] = links
        return found

    def citation(self) -> Citing | None:
        """What its first citation tells; None where nothing in it is marked as a citation, as in prose."""
        if not (self.classes or self.coins):
            return None
        call = self._citing_call()
        if call is None:
            return Citing(kind_of(self.classes, self.coins, ""), metadata_of_coins(self.coins))
        if not (self.coins or _named(call)):  # a template for quotations, whose class is the same
            return None
        return Citing(kind_of(self.classes, self.coins, _name_of(call)), metadata_of_call(_parameters_of(call)))

    def whole_call(self, node: LexborNode) -> Citing | None:
        """What a template call tells that made all that stands in `node`, the note's element; None where none did.

        Wikis have citation templates that mark nothing; one among prose may be an archive's link or a page number.
        """
        about, call = max(self.calls, key=lambda made: _named(made[1]), default=("", {}))
        if _named(call) < _LEAST_NAMED or not _all_made_by(about, node):
            return None
        return Citing(kind_of("", "", _name_of(call)), metadata_of_call(_parameters_of(call)))

    def _citing_call(self) -> dict[str, Any] | None:
        """The call that made the first citation; else the one that tells most, if it tells enough."""
        if self.about:
            return next((call for about, call in self.calls if about == self.about), None)
        told = max((call for _, call in self.calls), key=_named, default=None)
        return told if told and _named(told) >= _LEAST_NAMED else None


def _name_of(call: dict[str, Any]) -> str:
    return str(call["target"].get("wt") or "")


def _parameters_of(call: dict[str, Any]) -> dict[str, Any]:
    parameters = call.get("params")
    return parameters if isinstance(parameters, dict) else {}


def _named(call: dict[str, Any]) -> int:
    """How many parameters of a call have names."""
    return sum(not name.isdigit() for name in _parameters_of(call))


def _all_made_by(about: str, node: LexborNode) -> bool:
    """Whether all that stands in a note's element is of one template call, but for a full stop or the like."""
    for child in node.iter(include_text=True):
        if child.tag == TEXT:
            if len((child.text_content or "").strip()) > 1:
                return False
        elif child.tag not in _NO_TEXT:
            attributes = child.attributes
            if _NOTE_TEXT in (attributes.get("class") or ""):
                return _all_made_by(about, child)
            if attributes.get("about") != about and attributes.get("rel") != _WAY_BACK:
                return False
    return True


class Gatherer:
    """Gathers the notes of one page. What a set of classes says is kept, since few sets are on most elements."""

    def __init__(self, calls: TemplateCalls) -> None:
        self._calls = calls
        self._roles: dict[tuple[str, str], _Role] = {}

    def within(self, node: LexborNode, note: Note, depth: int = 0) -> None:
        """Gather what stands within an element, to a depth of 200.

        Lists of notes in it are left out: their notes are read by themselves.
        """
        if depth > MAX_DEPTH or note.room <= 0:
            return
        note.room -= 1
        pieces = note.pieces
        child = node.child
        while child is not None and note.room > 0:
            tag = child.tag
            if tag == TEXT:
                pieces.append(child.text_content or "")
            elif tag in _BARE:
                self.within(child, note, depth + 1)
            elif tag != "-comment":
                self._take(child, tag or "", note, depth)
            child = child.next

    def take(self, node: LexborNode, note: Note) -> None:
        """Gather an element itself, and what stands within it."""
        self._take(node, node.tag or "", note, 0)

    def _take(self, node: LexborNode, tag: str, note: Note, depth: int) -> None:
        attributes = node.attributes
        typeof = attributes.get("typeof")
        # Entities are the most frequent of elements, and have nothing but their character.
        if typeof != _ENTITY:
            if typeof and _TRANSCLUSION in typeof:
                about = attributes.get("about") or ""
                note.calls += [(about, call) for call in self._calls.made_by(node)]
            if not self._belongs(node, tag, attributes, note):
                return
        if tag not in _SPECIAL:
            self.within(node, note, depth + 1)
        elif tag in _BLOCKS:
            note.pieces.append(" ")
            self.within(node, note, depth + 1)
            note.pieces.append(" ")
        elif tag in _RAISED:
            begin = len(note.pieces)
            self.within(node, note, depth + 1)
            note.pieces[begin:] = [raised_text(tag, "".join(note.pieces[begin:]))]

    def _belongs(self, node: LexborNode, tag: str, attributes: _Attributes, note: Note) -> bool:
        """Gather what an element's attributes say; whether what stands within belongs to the note."""
        if "class" in attributes:
            classes = attributes["class"] or ""
            role = self._roles.get((tag, classes))
            if role is None:
                role = self._roles[tag, classes] = _role(tag, classes)
            if role is not _Role.PLAIN and not _role_taken(role, attributes, note):
                return False
        if "style" in attributes and _UNSEEN_STYLE.search(attributes["style"] or ""):
            return False
        if tag == "a":
            return _anchor_taken(node, attributes, note)
        return tag != "span" or attributes.get("rel") != _WAY_BACK


def _role(tag: str, classes: str) -> _Role:
    if COINS_CLASS in classes:
        return _Role.COINS
    if _UNSEEN_CLASS.search(classes) or _LISTS_AND_MARKS.get(tag, COINS_CLASS) in classes:
        return _Role.UNSEEN
    return _Role.CITATION if tag == "cite" or _CITED.search(classes) else _Role.PLAIN


def _role_taken(role: _Role, attributes: _Attributes, note: Note) -> bool:
    if role is _Role.COINS:
        note.coins = note.coins or attributes.get("title") or ""
    elif role is _Role.CITATION and not note.classes:
        note.classes = attributes.get("class") or ""
        note.about = attributes.get("about") or ""
    return role is _Role.CITATION


def _anchor_taken(node: LexborNode, attributes: _Attributes, note: Note) -> bool:
    address = attributes.get("href") or ""
    if "#" in address and address.startswith(("#", "./")):
        child = node.child
        if attributes.get("rel") == _WAY_BACK or (
            child is not None and child.tag == TEXT and (child.text_content or "").strip() in _WAYS_BACK
        ):
            return False
        note.fragments.append(address)
    note.anchors.append((node, attributes))
    return True
