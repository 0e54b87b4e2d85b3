"""Tells a page's back matter by the shape of its parts.

Tags and templates make the lists of notes, so in wikitext a section of notes is one that holds nothing.
"""

from collections.abc import Iterator

from wikifeed_server.content.backmatter import MAX_PROSE, is_list_of_links, linked_share
from wikifeed_server.content.structure import Part


def without_back_matter(sections: list[Part], wiki: str) -> list[Part]:
    """A page's sections without its back matter, and without those that hold nothing.

    `wiki` is what the addresses of the wiki's own pages begin with.
    """
    filled = [_without_empty(section) for section in sections]
    last_notes = max((place for place, section in enumerate(filled) if section is None), default=-1)
    end = len(filled)
    for place in range(len(filled) - 1, 0, -1):
        section = filled[place]
        if section is not None:
            if not _is_back_matter(section, wiki, behind_notes=place > last_notes >= 0):
                break
            end = place
    return [section for section in filled[:end] if section is not None]


def _without_empty(section: Part) -> Part | None:
    """A section without the sections in it that hold nothing; None where nothing is left."""
    parts: list[Part] = []
    for part in section.get("has_parts", []):
        kept = _without_empty(part) if part["type"] == "section" else part
        if kept is not None:
            parts.append(kept)
    if not parts and "table_references" not in section:
        return None
    return {**section, "has_parts": parts} if parts else section


def _is_back_matter(section: Part, wiki: str, *, behind_notes: bool) -> bool:
    parts = list(_within(section))
    if sum(len(part.get("value", "")) for part in parts if part["type"] == "paragraph") > MAX_PROSE:
        return False
    items = [part for part in parts if part["type"] == "list_item"]
    if not items:
        return False
    outward = sum(any(not link["url"].startswith(wiki) for link in item.get("links", [])) for item in items)
    return behind_notes or is_list_of_links([_linked_share(item) for item in items], outward)


def _within(part: Part) -> Iterator[Part]:
    for inner in part.get("has_parts", []):
        yield inner
        yield from _within(inner)


def _linked_share(item: Part) -> float:
    return linked_share(sum(len(link.get("text", "")) for link in item.get("links", [])), len(item.get("value", "")))
