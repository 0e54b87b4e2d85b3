"""The infoboxes of a rendered page as trees of parts.

An infobox is a table (or a block that holds tables) of rows. A row of one header cell opens a section, a row of a
label and a value is a field; a cell with rows of its own is read in turn.
"""

import re

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.inline import Inline
from wikifeed_server.content.html.names import TemplateCalls
from wikifeed_server.content.html.pieces import INFOBOXES
from wikifeed_server.content.structure import Image, Part

_HEADING_CLASS = re.compile(r"(?:^|\s)infobox-(?:above|title|header|subheader)(?!\S)")
_IMAGE_CLASS = "image"
_CELLS = frozenset(("th", "td"))
_ROW_GROUPS = frozenset(("tbody", "thead", "tfoot"))
# Each level of cells within cells reads its text anew; real boxes have two or three.
_MOST_NESTED = 12
_MOST_ANCESTORS = 200
_BULLETS = "•·‣◦–- \u00a0"


def read_infoboxes(boxes: list[LexborNode], inline: Inline, calls: TemplateCalls) -> list[Part]:
    """The infoboxes that a page's `boxes` are; takes them out of the tree.

    One within another is read as part of it, one within what was taken out not at all.
    """
    found: list[Part] = []
    for box in [box for box in boxes if _stands_by_itself(box)]:
        sections = _BoxReader(inline, 0).read(box)
        if sections:
            part: Part = {"type": "infobox", "has_parts": sections}
            if name := calls.name_of(box.attributes.get("about")):
                part["name"] = name
            found.append(part)
        box.remove()
    return found


def _stands_by_itself(box: LexborNode) -> bool:
    parent = box.parent
    for _ in range(_MOST_ANCESTORS):
        if parent is None:
            return False
        if parent.tag in ("section", "body", "html"):
            return True
        if not INFOBOXES.isdisjoint((parent.attributes.get("class") or "").split()):
            return False
        parent = parent.parent
    return False


class _BoxReader:
    """Reads the rows of one box into sections."""

    def __init__(self, inline: Inline, depth: int) -> None:
        self._inline = inline
        self._depth = depth
        self._sections: list[Part] = []

    def read(self, box: LexborNode) -> list[Part]:
        """The box's sections that have a name or parts."""
        self._read(box)
        return [section for section in self._sections if len(section) > 1]

    def _read(self, node: LexborNode) -> None:
        if self._depth == _MOST_NESTED:
            return
        self._depth += 1
        for child in node.iter():
            tag = child.tag or ""
            if tag == "tr":
                self._row(child)
            elif tag == "caption":
                # The French boxes have captions for those who listen only.
                if "hidden" not in (child.attributes.get("class") or "").split() and (text := self._inline.text(child)):
                    self._open(text, [])
            elif tag in _ROW_GROUPS or _has_rows(child):
                self._read(child)
            elif tag in ("div", "p"):
                self._block(child)
        self._depth -= 1

    def _open(self, name: str, images: list[Image]) -> None:
        section: Part = {"type": "section"}
        if name:
            section["name"] = name
        if images:
            section["images"] = images
        self._sections.append(section)

    def _add(self, part: Part, *nodes: LexborNode) -> None:
        """Put a part, with the links of the cells that it was made of, into the section that is open."""
        if links := [link for node in nodes for link in self._inline.links(node.css("a"))]:
            part["links"] = links
        if not self._sections:
            self._sections.append({"type": "section"})
        self._sections[-1].setdefault("has_parts", []).append(part)

    def _row(self, row: LexborNode) -> None:
        cells = [cell for cell in row.iter() if cell.tag in _CELLS]
        match cells:
            case []:
                return
            case [cell]:
                self._single(cell)
            case [label, data]:
                self._pair(label, data)
            case _:
                self._many(cells)

    def _block(self, node: LexborNode) -> None:
        """A box made of blocks: its title first, then images and texts."""
        if not self._sections and not self._inline.images_in(node):
            if text := self._inline.text(node):
                self._open(text, [])
        else:
            self._single(node)

    def _single(self, cell: LexborNode) -> None:
        images = self._inline.images(self._inline.images_in(cell))
        text = self._inline.text(cell)
        css_class = cell.attributes.get("class") or ""
        # Enterprise's parser takes for a heading only what English templates mark as one.
        if (cell.tag == "th" and not self._inline.as_enterprise) or _HEADING_CLASS.search(css_class):
            if text or images:
                self._open(text, images)
        elif not images and _has_rows(cell) and not self._inline.text(cell, tables=False):
            self._read(cell)
        elif images and (not text or _IMAGE_CLASS in css_class):
            part: Part = {"type": "image", "images": images}
            if text:
                part["value"] = text
            self._add(part, cell)
        elif text:
            self._add(self._with_items({"type": "field", "value": text}, cell, images), cell)

    def _pair(self, label: LexborNode, data: LexborNode) -> None:
        images = self._inline.images(self._inline.images_in(label) + self._inline.images_in(data))
        name = self._inline.text(label).lstrip(_BULLETS).removesuffix(":").rstrip()
        value = self._inline.text(data)
        if not name and not value:
            if images:
                self._add({"type": "image", "images": images}, label, data)
            return
        part: Part = {"type": "field"}
        if name:
            part["name"] = name
        if value:
            part["value"] = value
        self._add(self._with_items(part, data, images), label, data)

    def _many(self, cells: list[LexborNode]) -> None:
        images = [image for cell in cells for image in self._inline.images(self._inline.images_in(cell))]
        text = " ".join(text for cell in cells if (text := self._inline.text(cell)))
        if text:
            part: Part = {"type": "field", "value": text}
            if images:
                part["images"] = images
            self._add(part, *cells)
        elif images:
            self._add({"type": "image", "images": images}, *cells)

    def _with_items(self, part: Part, cell: LexborNode, images: list[Image]) -> Part:
        """A field with what its cell holds besides text: a list's items, images, rows of its own."""
        if items := [text for item in cell.css("li") if (text := self._inline.text(item))]:
            part["values"] = items
            if "name" in part:
                part["type"] = "list"
                part["value"] = self._inline.text(cell, lists=False)
                if not part["value"]:
                    del part["value"]
        if images:
            part["images"] = images
        if _has_rows(cell):
            sections = _BoxReader(self._inline, self._depth).read(cell)
            if len(sections) == 1 and "name" not in sections[0]:
                sections = sections[0].get("has_parts", [])
            if sections:
                part["has_parts"] = sections
        return part


def _has_rows(node: LexborNode) -> bool:
    return node.css_first("tr") is not None
