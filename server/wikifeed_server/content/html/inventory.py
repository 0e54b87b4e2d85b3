"""The elements of a page by tag, found by one question: asking a tree for each kind takes as long as for all."""

from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Anchors and links that lead somewhere are those with an address, which is what a tree finds fastest.
_SELECTOR = ":is([href], img, sup, ol, table)"
_TAGS = ("a", "img", "link", "sup", "ol", "table")


class Inventory:
    """Anchors, images, links of the head's kind, raised texts, ordered lists and tables of a page, in page order.

    Anchors and links without an address are left out. Anchors, images and raised texts in pieces that are taken out of
    the page later (`hide`) are left out of the lists from then on.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        found: dict[str | None, list[LexborNode]] = {tag: [] for tag in _TAGS}
        for node in tree.css(_SELECTOR):
            nodes = found.get(node.tag)
            if nodes is not None:
                nodes.append(node)
        self.anchors = found["a"]
        self.images = found["img"]
        self.links = found["link"]
        self.raised = found["sup"]
        self.ordered_lists = found["ol"]
        self.tables = found["table"]

    def around_images(self) -> set[int]:
        """The identities of the elements that images stand in; every way up is gone once."""
        around: set[int] = set()
        for image in self.images:
            node = image.parent
            while node is not None and node.mem_id not in around:
                around.add(node.mem_id)
                node = node.parent
        return around

    def hide(self, nodes: Iterable[LexborNode]) -> None:
        """Take pieces out of the page."""
        gone: set[int] = set()
        for node in nodes:
            if node.child is not None:
                gone.update(inner.mem_id for inner in node.css("a, img, sup"))
            node.remove()
        if gone:
            self.anchors = [node for node in self.anchors if node.mem_id not in gone]
            self.images = [node for node in self.images if node.mem_id not in gone]
            self.raised = [node for node in self.raised if node.mem_id not in gone]
