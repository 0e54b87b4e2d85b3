"""The captions of a rendered page's images: from the image up to the box that shows it."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.inline import Inline

# How far up the box of an image is sought; a figure's is two or three levels above.
_MOST_LEVELS = 5
# Looking for a caption reads through a box; boxes within boxes would take time with the square of their number.
_MOST_BOXES = 2_000
_BOX = re.compile(r"(?:^|\s)(?:infobox-image|thumb|gallerybox)(?!\S)")
_GALLERY_BOX = "gallerybox"
_CAPTION = "figcaption, .infobox-caption, .thumbcaption, .gallerytext"


def note_captions(images: Iterable[LexborNode], inline: Inline) -> None:
    """Note the captions of `img` elements in `inline`: that of a box is its first image's."""
    seen: set[int] = set()
    for image in images:
        box = _box_of(image, galleries=not inline.as_enterprise)
        if box is None or box.mem_id in seen or len(seen) == _MOST_BOXES:
            continue
        seen.add(box.mem_id)
        caption = box.css_first(_CAPTION)
        if caption is not None and (text := inline.text(caption)):
            inline.captions[image.mem_id] = text


def _box_of(image: LexborNode, *, galleries: bool) -> LexborNode | None:
    parent = image.parent
    for _ in range(_MOST_LEVELS):
        if parent is None or parent.tag == "figure":
            return parent
        css_class = parent.attributes.get("class") or ""
        if _BOX.search(css_class) and (galleries or _GALLERY_BOX not in css_class):
            return parent
        parent = parent.parent
    return None
