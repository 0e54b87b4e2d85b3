"""The pieces of a page that its markup or its classes single out, found by one question to the tree."""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN_TAGS = frozenset(("style", "script"))
_UNSEEN_STYLES = ("display:none", "display: none")
_UNSEEN = frozenset(("mw-editsection", "mw-empty-elt", "ext-phonos"))
# What templates themselves mark as no part of the printed page, and what leads from page to page. The classes are
# MediaWiki's (noprint, metadata, navigation-not-searchable) and those that its skins give a look to.
_NAVIGATION = frozenset(
    (
        *(
            "noprint",
            "navbox",
            "navbox-container",
            "navigation-not-searchable",
            "navigation-only",
            "hatnote",
            "dablink",
        ),
        *("homonymie", "bandeau-container", "bandeau-portail", "NavFrame", "portalbox", "portal-bar", "sidebar"),
        *("vertical-navbox", "side-box", "sisterproject", "metadata", "ambox", "mw-kartographer-map"),
    )
)
_NAVIGATION_ROLES = frozenset(("navigation", "note"))
# Most wikis' class, the French ones', the Italian one's, and that of some for living things.
INFOBOXES = frozenset(("infobox", "infobox_v2", "infobox_v3", "sinottico", "taxobox"))
# Pieces whose images are signs, not pictures: so marked for MediaWiki's image viewer, or for printing.
_DECORATED = frozenset(("noprint", "noviewer", "mw-kartographer-map"))
_MOST_DECORATED = 5_000
_SELECTOR = ", ".join(
    (
        *sorted(_UNSEEN_TAGS),
        *(f'[style*="{style}"]' for style in _UNSEEN_STYLES),
        *(f'[role="{role}"]' for role in sorted(_NAVIGATION_ROLES)),
        # Most elements have no class, and are not compared with each of the names.
        f"[class]:is({', '.join(f'.{name}' for name in sorted(_UNSEEN | _NAVIGATION | INFOBOXES | _DECORATED))})",
    )
)


@dataclass(slots=True)
class Pieces:
    """What nobody sees, what leads from page to page, infoboxes, and what is `decorated` by its images, in page order.

    Pieces may stand within others.
    """

    unseen: list[LexborNode] = field(default_factory=list)
    navigation: list[LexborNode] = field(default_factory=list)
    infoboxes: list[LexborNode] = field(default_factory=list)
    decorated: list[LexborNode] = field(default_factory=list)


def pieces_of(tree: LexborHTMLParser) -> Pieces:
    """The pieces of a page of which nothing was taken out."""
    pieces = Pieces()
    seen: set[int] = set()
    for node in tree.css(_SELECTOR):
        if node.tag in _UNSEEN_TAGS:
            pieces.unseen.append(node)
        elif node.mem_id not in seen:
            seen.add(node.mem_id)
            _sort(node, pieces)
    return pieces


def decoration_in(pieces: Pieces) -> set[int]:
    """The identities of the `img` elements that are signs."""
    # Pieces within pieces would take time with the square of their number.
    return {image.mem_id for node in pieces.decorated[:_MOST_DECORATED] for image in node.css("img")}


def _sort(node: LexborNode, pieces: Pieces) -> None:
    attributes = node.attributes
    classes = set((attributes.get("class") or "").split())
    style = attributes.get("style") or ""
    if classes & _UNSEEN or any(unseen in style for unseen in _UNSEEN_STYLES):
        pieces.unseen.append(node)
    if classes & _NAVIGATION or attributes.get("role") in _NAVIGATION_ROLES:
        pieces.navigation.append(node)
    elif classes & INFOBOXES:
        pieces.infoboxes.append(node)
    if classes & _DECORATED:
        pieces.decorated.append(node)
