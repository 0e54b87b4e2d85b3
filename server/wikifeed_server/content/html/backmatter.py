"""Tells a rendered page's back matter by its shape."""

from selectolax.lexbor import LexborNode

from wikifeed_server.content.backmatter import MAX_PROSE, is_list_of_links, linked_share

# As in pieces.py, elements without a class are quickly passed over.
_NOTES = "[class]:is(.mw-references-wrap, ol.references, .reflist, .refbegin)"
_OUTWARD = 'cite, a.external, a[rel~="mw:ExtLink"]'


def back_matter(sections: list[LexborNode]) -> list[LexborNode]:
    """Those of a page's sections (in page order, the lead first) that are its back matter.

    Scanned from the end: behind the notes whatever has no prose is back matter, before them only lists of links.
    Sections in which nothing is left (their tables were taken out) say neither yes nor no.
    """
    notes = {place for place, section in enumerate(sections) if _is_notes(section)}
    last_notes = max(notes, default=-1)
    found: list[LexborNode] = []
    for place in range(len(sections) - 1, 0, -1):
        section = sections[place]
        if place in notes:
            found.append(section)
            continue
        if _has_prose(section):
            break
        items = section.css("li")
        if items and (place > last_notes >= 0 or _is_links(items)):
            found.append(section)
        elif items:
            break
    return found


def _is_notes(section: LexborNode) -> bool:
    return section.css_first(_NOTES) is not None and not _has_prose(section)


def _has_prose(section: LexborNode) -> bool:
    """Whether a section has more running text than introduces a list."""
    length = 0
    for paragraph in section.css("p"):
        if paragraph.parent is not None and paragraph.parent.tag not in ("li", "dd"):
            length += len(paragraph.text().strip())
            if length > MAX_PROSE:
                return True
    return False


def _is_links(items: list[LexborNode]) -> bool:
    outward = sum(1 for item in items if item.css_first(_OUTWARD) is not None)
    return is_list_of_links([_linked_share(item) for item in items], outward)


def _linked_share(item: LexborNode) -> float:
    return linked_share(sum(len(anchor.text()) for anchor in item.css("a")), len(item.text().strip()))
