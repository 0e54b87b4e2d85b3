"""The sections of a rendered page as a tree of parts."""

import re
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
_NO_PROSE = re.compile(r"(?:^|\s)(?:gallery|references)(?!\S)")
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
            elif tag in _LISTS:
                parts.extend(self._list(child, 0))
            elif tag in _HEADINGS:
                if "name" not in section and (name := self._inline.text(child, raised=False)):
                    section["name"] = name
            elif tag == "table" and child.mem_id in self._tables:
                table = self._tables[child.mem_id]
                section.setdefault("table_references", []).append(
                    {"identifier": table["identifier"], "confidence_score": table["confidence_score"]}
                )
            elif depth < MAX_DEPTH:
                if tag == "section" and level < _MOST_LEVELS:
                    parts.extend(filter(_has_content, [self._section(child, depth + 1, level + 1)]))
                else:
                    self._fill(child, section, parts, depth + 1, level)

    def _list(self, node: LexborNode, level: int) -> Iterator[Part]:
        """The part that a list makes; none where it is no prose, or empty."""
        if is_prose_list(node) and (items := self._items(node, level)):
            yield {"type": "list", "has_parts": items}

    def _items(self, node: LexborNode, level: int) -> list[Part]:
        """The items of a list. Enterprise's parser joins the text of lists within an item to the item's."""
        joins = self._inline.as_enterprise or level == _MOST_LEVELS
        items: list[Part] = []
        for child in node.iter():
            if child.tag in _ITEMS:
                found = list(self._texts("list_item", child, lists=joins))
                inner = [] if joins else self._inner_lists(child, level)
                if inner:
                    item: Part = found[0] if found else {"type": "list_item"}
                    items.append({**item, "has_parts": inner})
                else:
                    items += found
            elif child.tag in self._lists and level < _MOST_LEVELS:
                items += self._items(child, level + 1)
        return items

    def _inner_lists(self, item: LexborNode, level: int) -> list[Part]:
        """The lists that stand in an item itself."""
        return [part for child in item.iter() if child.tag in self._lists for part in self._list(child, level + 1)]

    def _texts(self, kind: str, node: LexborNode, *, lists: bool = True) -> Iterator[Part]:
        """The part that an element makes; none where it has no text."""
        value, links, citations = self._inline.prose(node, lists=lists)
        if not value:
            return
        part: Part = {"type": kind, "value": value}
        if links:
            part["links"] = links
        if citations:
            part["citations"] = citations
        yield part


def is_prose_list(node: LexborNode) -> bool:
    """Whether a list's items are text of the article: those of galleries and of footnotes are not."""
    return _NO_PROSE.search(node.attributes.get("class") or "") is None


def _has_content(part: Part) -> bool:
    return "has_parts" in part or "table_references" in part
