"""Tells a page's back matter (notes, references, see also, literature, links elsewhere) by its shape.

What such sections are called differs by language and by author, and no wiki's settings tell it; what they are made of
does not: no prose, but lists of notes, of links, or of works, and nothing behind them but more of the kind.
"""

from selectolax.lexbor import LexborNode

# Up to so many characters of running text may introduce a list ("For a list of works see …").
_MAX_PROSE = 250
# The share of its items' text that is links, from which on a list of links is no part of the article.
_MIN_LINKED = 0.8
# The same for lists whose items nearly all lead out of the wiki.
_MIN_LINKED_OUTWARD = 0.55
_MIN_OUTWARD = 0.6
_NOTES = ".mw-references-wrap, ol.references, .reflist, .refbegin"
_OUTWARD = 'cite, a.external, a[rel~="mw:ExtLink"]'


def back_matter(sections: list[LexborNode]) -> list[LexborNode]:
    """Those of a page's sections (in page order, the lead first) that are its back matter.

    Scanned from the end: behind the notes whatever has no prose is back matter, before them only lists of links.
    Sections in which nothing is left (their tables were taken out) say neither yes nor no.
    """
    last_notes = max((place for place, section in enumerate(sections) if _is_notes(section)), default=-1)
    found: list[LexborNode] = []
    for place in range(len(sections) - 1, 0, -1):
        section = sections[place]
        if _is_notes(section):
            found.append(section)
            continue
        if _prose(section) > _MAX_PROSE:
            break
        items = section.css("li")
        if items and (place > last_notes >= 0 or _is_links(items)):
            found.append(section)
        elif items:
            break
    return found


def _is_notes(section: LexborNode) -> bool:
    return section.css_first(_NOTES) is not None and _prose(section) <= _MAX_PROSE


def _prose(section: LexborNode) -> int:
    """How many characters of running text a section has."""
    return sum(
        len(paragraph.text().strip())
        for paragraph in section.css("p")
        if paragraph.parent is not None and paragraph.parent.tag not in ("li", "dd")
    )


def _is_links(items: list[LexborNode]) -> bool:
    linked = sum(_linked_share(item) for item in items) / len(items)
    if linked >= _MIN_LINKED:
        return True
    outward = sum(1 for item in items if item.css_first(_OUTWARD) is not None) / len(items)
    return linked >= _MIN_LINKED_OUTWARD and outward >= _MIN_OUTWARD


def _linked_share(item: LexborNode) -> float:
    shown = len(item.text().strip())
    return min(1.0, sum(len(anchor.text()) for anchor in item.css("a")) / shown) if shown else 1.0
