"""Texts, links, images and footnote marks of a rendered page's elements."""

import re
from collections.abc import Iterable, Mapping, Set

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.lead import OMITTED, superscript
from wikifeed_server.content.structure import Citation, Image, Link

Attributes = Mapping[str, str | None]

# What is nested deeper is read without its inner structure, so that no page exhausts the stack.
MAX_DEPTH = 200
TEXT = "-text"

# Stand in a text where a footnote mark was, its number between them. They are no characters (Unicode 23.7), and are
# taken out of a page before it is read.
MARK_BEGIN, MARK_END = "\ufdd2", "\ufdd3"
_MARK = re.compile(f"{MARK_BEGIN}([0-9]+){MARK_END}")

_SPACE = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, f"\u200b\u00ad\ufeff{OMITTED}"))
_NO_TEXT = frozenset(
    ("style", "script", "link", "meta", "img", "figure", "audio", "video", "map", "noscript", "template", "-comment")
)
_BLOCKS = frozenset(
    (
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "td", "th", "blockquote", "pre", "center", "section"),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "figcaption",
            "caption",
            "tbody",
            "thead",
            "table",
            "address",
            "br",
            "hr",
        ),
    )
)
_NOTE_ANCHOR = "#cite_note-"
_IMAGE_ANCHOR_CLASS = "mw-file-description"
# What is left out of a text, by whether it has what is raised, tables and lists.
_SKIPPED = {
    (raised, tables, lists): _NO_TEXT
    | (frozenset() if raised else {"sup", "sub"})
    | (frozenset() if tables else {"table"})
    | (frozenset() if lists else {"ul", "ol", "dl"})
    for raised in (True, False)
    for tables in (True, False)
    for lists in (True, False)
}

# How Enterprise's parser joins texts, faults included; needed only to compare with its results.
_ENTERPRISE_DROPPED = re.compile(f"[\n\t{OMITTED}]")
_ENTERPRISE_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_ENTERPRISE_BEFORE_MARK = re.compile(r"[ \t\r\n\f]+([.,;:!?)\]])")
_ENTERPRISE_BEHIND_OPEN = re.compile(r"([(\[])[ \t\r\n\f]+")


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, none at its ends, and no invisible characters."""
    # Most texts are even. Of white space only the space can be printed, and of what is invisible nothing.
    if text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return text
    even = " ".join(text.split())
    return even if even.isprintable() else " ".join(even.translate(_INVISIBLE).split())


class Inline:
    """Reads elements of one page. What was read of an anchor is kept, since parts of the page share anchors.

    `around_images` are the identities of all elements that images stand in: to ask an element for its images takes as
    long as to read its text, and few have any. `captions` are the captions of images, by the identity of their
    elements; `citations` are the page's footnote marks, by the numbers that stand for them in texts. `as_enterprise`
    joins texts, and tells heights, as Enterprise's parser does.
    """

    def __init__(self, addresses: Addresses, around_images: Set[int], *, as_enterprise: bool = False) -> None:
        self.captions: dict[int, str] = {}
        self.citations: list[Citation] = []
        self.as_enterprise = as_enterprise
        self._addresses = addresses
        self._around_images = around_images
        self._links: dict[int, Link | None] = {}

    def text(self, node: LexborNode, *, raised: bool = True, tables: bool = True, lists: bool = True) -> str:
        """The visible text within an element, blocks in it set apart by a space.

        `raised` says whether superscript and subscript belong to it, `tables` whether tables do, `lists` whether lists.
        """
        pieces = _pieces(node, raised=raised, tables=tables, lists=lists)
        if self.as_enterprise:
            return _joined_as_enterprise(pieces)
        text = "".join(pieces)
        return squeezed(_MARK.sub("", text) if MARK_BEGIN in text else text)

    def prose(self, node: LexborNode, *, lists: bool = True) -> tuple[str, list[Link], list[Citation]]:
        """The text of a piece of a section, without what is raised and without tables, its links and footnote marks.

        Each mark has the `position` in the text behind which it stands, in characters (Unicode code points).
        """
        pieces: list[str] = []
        anchors: list[LexborNode] = []
        _gather(node, pieces, anchors, _SKIPPED[False, False, lists], 0)
        text = "".join(pieces)
        citations: list[Citation] = []
        if self.as_enterprise:
            if MARK_BEGIN in text:
                citations = [self.citations[int(number)] for number in _MARK.findall(text)]
            text = _joined_as_enterprise(pieces)
        elif MARK_BEGIN in text:
            text, citations = _placed(_MARK.split(text), self.citations)
        else:
            text = squeezed(text)
        return text, self.links(anchors) if anchors else [], citations

    def lead_text(self, node: LexborNode) -> str:
        """The text of a piece of the lead for the abstract: OMITTED where something is left out, small figures kept."""
        for raised in node.css("sup"):
            raised.replace_with(superscript(raised.text().strip()))
        pieces = _pieces(node, raised=True, tables=False, lists=True)
        return _SPACE.sub(" ", _MARK.sub("", "".join(pieces)))

    def link(self, anchor: LexborNode, attributes: Attributes) -> Link | None:
        """The link that an anchor is; None for one that leads nowhere, or only to the page of the image it shows."""
        key = anchor.mem_id
        known = self._links
        if key not in known:
            known[key] = self._read_link(anchor, attributes)
        return known[key]

    def links(self, anchors: Iterable[LexborNode]) -> list[Link]:
        """The links of anchors, in their order."""
        known = self._links
        found = []
        for anchor in anchors:
            key = anchor.mem_id
            if key not in known:
                known[key] = self._read_link(anchor, anchor.attributes)
            if (link := known[key]) is not None:
                found.append(link)
        return found

    def image(self, node: LexborNode) -> Image | None:
        """The image that an `img` element shows; None for one without an address of its own."""
        image = self._bare_image(node)
        if image is not None and (caption := self.captions.get(node.mem_id)):
            image["caption"] = caption
        return image

    def _bare_image(self, node: LexborNode) -> Image | None:
        attributes = node.attributes
        source = attributes.get("src") or ""
        if not source or source.startswith("data:"):
            return None
        image: Image = {"content_url": self._addresses.absolute(source)}
        width, height = _pixels(attributes, "width"), _pixels(attributes, "height")
        if width:
            image["width"] = width
        if height:
            image["height"] = width if self.as_enterprise else height
        if alternative := squeezed(attributes.get("alt") or ""):
            image["alternative_text"] = alternative
        return image

    def images_in(self, node: LexborNode) -> list[LexborNode]:
        """The `img` elements within an element."""
        return node.css("img") if node.mem_id in self._around_images else []

    def images(self, nodes: Iterable[LexborNode]) -> list[Image]:
        """The images of `img` elements, in their order."""
        return [image for node in nodes if (image := self.image(node)) is not None]

    def _read_link(self, anchor: LexborNode, attributes: Attributes) -> Link | None:
        address = attributes.get("href")
        if not address:
            return None
        if _IMAGE_ANCHOR_CLASS in (attributes.get("class") or "") and self._leaves_out_image_link(address):
            return None
        link: Link = {"url": self._addresses.absolute(address)}
        child = anchor.child
        only = child.text_content if child is not None and child.next is None else None
        if only is not None and not self.as_enterprise:
            text = squeezed(only)
        else:
            # A footnote mark's text is a number in brackets; what it says is said by the citations.
            text = "" if _NOTE_ANCHOR in address else self.text(anchor, raised=False)
            if images := [image for node in self.images_in(anchor) if (image := self._bare_image(node))]:
                link["images"] = images
        if text:
            link["text"] = text
        return link

    def _leaves_out_image_link(self, address: str) -> bool:
        return not self.as_enterprise or address.startswith("./File:")


def _pixels(attributes: Attributes, name: str) -> int:
    text = attributes.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _pieces(node: LexborNode, *, raised: bool, tables: bool, lists: bool) -> list[str]:
    """The texts within an element, a space where a block begins or ends."""
    pieces: list[str] = []
    _gather(node, pieces, [], _SKIPPED[raised, tables, lists], 0)
    return pieces


def _gather(
    node: LexborNode, pieces: list[str], anchors: list[LexborNode], skipped: frozenset[str], depth: int
) -> None:
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == TEXT:
            pieces.append(child.text_content or "")
        elif tag in skipped:
            pass
        elif depth > MAX_DEPTH:
            pieces.append(child.text())
        elif tag in _BLOCKS:
            pieces.append(" ")
            _gather(child, pieces, anchors, skipped, depth + 1)
            pieces.append(" ")
        else:
            if tag == "a":
                anchors.append(child)
            _gather(child, pieces, anchors, skipped, depth + 1)
        child = child.next


def _placed(split: list[str], citations: list[Citation]) -> tuple[str, list[Citation]]:
    """The text whose every second piece is the number of a mark, squeezed, and the marks with their positions."""
    out: list[str] = []
    length = 0
    ends_in_space = True
    places: list[tuple[int, int]] = []
    for place, piece in enumerate(split):
        if place % 2:
            places.append((int(piece), length - 1 if ends_in_space and length else length))
            continue
        text = _evened(piece)
        if ends_in_space:
            text = text.removeprefix(" ")
        if text:
            out.append(text)
            length += len(text)
            ends_in_space = text.endswith(" ")
    value = "".join(out).rstrip()
    return value, [{**citations[number], "position": position} for number, position in places]


def _evened(text: str) -> str:
    """The text with every run of white space as one space, also at its ends, and no invisible characters."""
    # As in squeezed(): looking whether there is anything to do takes far less than doing it.
    if text.isprintable() and "  " not in text:
        return text
    even = _single_spaced(text)
    return even if even.isprintable() else _single_spaced(text.translate(_INVISIBLE))


def _single_spaced(text: str) -> str:
    even = " ".join(text.split())
    begin = " " if text[:1].isspace() else ""
    end = " " if even and text[-1:].isspace() else ""
    return f"{begin}{even}{end}"


def _joined_as_enterprise(pieces: list[str]) -> str:
    """Texts trimmed and joined by spaces, none before a punctuation mark, without what is in square brackets."""
    shown = (_ENTERPRISE_DROPPED.sub("", _MARK.sub("", piece)).strip(" ") for piece in pieces)
    text = " ".join(piece for piece in shown if piece)
    text = _ENTERPRISE_BRACKETS.sub("", text)
    text = _ENTERPRISE_BEHIND_OPEN.sub(r"\1", _ENTERPRISE_BEFORE_MARK.sub(r"\1", text))
    return squeezed(text)
