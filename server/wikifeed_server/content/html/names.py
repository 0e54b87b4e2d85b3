"""What a rendered page says of itself in attributes: its categories, and the templates that made its pieces."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.structure import Named


def categories_of(links: Iterable[LexborNode], addresses: Addresses) -> list[Named]:
    """The categories among a page's `link` elements, each once, in page order."""
    found = (link.attributes for link in links)
    hrefs = (link.get("href") or "" for link in found if _CATEGORY in (link.get("rel") or "").split())
    return _named((href.partition("#")[0] for href in hrefs), addresses)


_CATEGORY = "mw:PageProp/Category"


class TemplateCalls:
    """The templates that a page calls, as Parsoid notes them in `data-mw` attributes."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._targets: list[str] = []
        self._called: dict[str, str] = {}
        self._made_by: dict[int, list[dict[str, Any]]] = {}
        for node in tree.css('[typeof~="mw:Transclusion"]'):
            attributes = node.attributes
            calls = self._made_by[node.mem_id] = list(_template_calls(attributes.get("data-mw") or ""))
            self._targets += [href for call in calls if (href := call["target"].get("href"))]
            about = attributes.get("about")
            if calls and about and about not in self._called:
                # Where several make one piece, such as an icon and a box, the piece is that of the one told most.
                main = max(calls, key=_told) if len(calls) > 1 else calls[0]
                self._called[about] = str(main["target"].get("wt") or "").strip()

    def made_by(self, node: LexborNode) -> list[dict[str, Any]]:
        """The calls that an element notes, those that made it and the elements behind it."""
        return self._made_by.get(node.mem_id, [])

    def name_of(self, about: str | None) -> str:
        """The name of the template that made a piece (`about` is the attribute of its elements); empty if unknown."""
        return self._called.get(about or "", "")

    def templates(self, addresses: Addresses) -> list[Named]:
        """The page's templates, each once, in page order."""
        return _named(self._targets, addresses)


def _told(call: dict[str, Any]) -> int:
    return len(call.get("params") or ())


def _template_calls(data: str) -> Iterator[dict[str, Any]]:
    """The template calls in the JSON of a `data-mw` attribute (mediawiki.org, Specs/HTML: "Transclusion")."""
    if '"template"' not in data:
        return
    try:
        parts = orjson.loads(data).get("parts")
    except (ValueError, AttributeError):  # not JSON, or no object: the page was not made by Parsoid
        return
    for part in parts if isinstance(parts, list) else ():
        call = part.get("template") if isinstance(part, dict) else None
        if isinstance(call, dict) and isinstance(call.get("target"), dict):
            yield call


def _named(hrefs: Iterable[str], addresses: Addresses) -> list[Named]:
    found: dict[str, Named] = {}
    for href in hrefs:
        name = unquote(href.removeprefix("./")).replace("_", " ")
        if name and name not in found:
            found[name] = {"name": name, "url": addresses.absolute(href)}
    return list(found.values())
