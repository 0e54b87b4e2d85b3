"""The sections of a rendered page as a tree of parts."""

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.inline import MAX_DEPTH, Inline
from wikifeed_server.content.structure import LEAD, Part, Table

# Clients read messages to a depth of 100; what is nested deeper than so many sections is read into the last of them.
_MOST_LEVELS = 20
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARAGRAPHS = frozenset(("p", "blockquote", "pre"))
_LISTS = frozenset(("ul", "ol", "dl"))
_ENTERPRISE_LISTS = frozenset(("ul", "ol"))
_ITEMS = frozenset(("li", "dd", "dt"))
_NO_PARTS = frozenset(("figure", "style", "script", "link", "meta", "sup", "sub", "span", "a", "audio", "video"))


class SectionReader:
    """Reads the sections of one page out of which all that is no text of theirs was taken.

    `tables` are the page's data tables by the identity of their elements: sections refer to them, and do not hold them.
    """

    def __init__(self, inline: Inline, tables: Mapping[int, Table]) -> None:
        self._inline = inline
        self._tables = tables
        self._lists = _ENTERPRISE_LISTS if inline.as_enterprise else _LISTS

    def read(self, sections: list[LexborNode]) -> list[Part]:
        """The sections that have parts, or refer to tables; the lead is the first of `sections`."""
        read = [self._section(section, 0, 0) for section in sections]
        if read:
            read[0] = {**read[0], "name": LEAD}
        return [part for part in read if _has_content(part)]

    def _section(self, node: LexborNode, depth: int, level: int) -> Part:
        part: Part = {"type": "section"}
        parts: list[Part] = []
        self._fill(node, part, parts, depth, level)
        if parts:
            part["has_parts"] = parts
        return part

    def _fill(self, node: LexborNode, section: Part, parts: list[Part], depth: int, level: int) -> None:
        """Read what stands in an element into a section and its parts; what only wraps others is looked through."""
        for child in node.iter():
            tag = child.tag or ""
            if tag in _NO_PARTS or (tag in _LISTS and tag not in self._lists):
                continue
            if tag in _PARAGRAPHS:
                parts.extend(self._texts("paragraph", child))
            elif tag in self._lists:
                if items := self._items(child, depth):
                    parts.append({"type": "list", "has_parts": items})
            elif tag in _HEADINGS:
                if "name" not in section and (name := self._inline.text(child, raised=False)):
                    section["name"] = name
            elif depth == MAX_DEPTH:
                continue
            elif tag == "section" and level < _MOST_LEVELS:
                inner = self._section(child, depth + 1, level + 1)
                if _has_content(inner):
                    parts.append(inner)
            elif tag == "table" and child.mem_id in self._tables:
                table = self._tables[child.mem_id]
                section.setdefault("table_references", []).append(
                    {"identifier": table["identifier"], "confidence_score": table["confidence_score"]}
                )
            else:
                self._fill(child, section, parts, depth + 1, level)

    def _items(self, node: LexborNode, depth: int) -> list[Part]:
        items: list[Part] = []
        for child in node.iter():
            if child.tag in _ITEMS:
                items.extend(self._texts("list_item", child))
            elif child.tag in self._lists and depth < MAX_DEPTH:
                items.extend(self._items(child, depth + 1))
        return items

    def _texts(self, kind: str, node: LexborNode) -> Iterator[Part]:
        """The part that an element makes; none where it has no text."""
        value, citations = self._inline.cited_text(node)
        if not value:
            return
        part: Part = {"type": kind, "value": value}
        if links := self._inline.links(node.css("a")):
            part["links"] = links
        if citations:
            part["citations"] = citations
        yield part


def _has_content(part: Part) -> bool:
    return "has_parts" in part or "table_references" in part
