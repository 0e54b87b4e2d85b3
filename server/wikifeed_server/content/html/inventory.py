"""The elements of a page by tag, found in one walk: asking a tree for each kind takes as long as for all."""

from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

_TAGS = ("a", "img", "link", "sup", "ol")


class Inventory:
    """Anchors, images, links of the head's kind, raised texts and ordered lists of a page, in page order.

    Elements in pieces that are taken out of the page later (`hide`) are left out of the lists from then on.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        found: dict[str | None, list[LexborNode]] = {tag: [] for tag in _TAGS}
        if tree.root is not None:
            for node in tree.root.traverse():
                nodes = found.get(node.tag)
                if nodes is not None:
                    nodes.append(node)
        self.anchors = found["a"]
        self.images = found["img"]
        self.links = found["link"]
        self.raised = found["sup"]
        self.ordered_lists = found["ol"]

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
