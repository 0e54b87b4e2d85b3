"""Reads a page as Parsoid renders it (mediawiki.org, Specs/HTML).

One tree, read in an order in which each reader takes out what those behind it must not see.
"""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.html.backmatter import back_matter
from wikifeed_server.content.html.captions import note_captions
from wikifeed_server.content.html.infoboxes import read_infoboxes
from wikifeed_server.content.html.inline import MARK_BEGIN, MARK_END, Inline
from wikifeed_server.content.html.inventory import Inventory
from wikifeed_server.content.html.names import TemplateCalls, categories_of
from wikifeed_server.content.html.nesting import HtmlError, check_shape
from wikifeed_server.content.html.pieces import decoration_in, pieces_of
from wikifeed_server.content.html.references import citation_of, read_references
from wikifeed_server.content.html.sections import SectionReader, is_prose_list
from wikifeed_server.content.html.tables import read_tables
from wikifeed_server.content.lead import OMITTED, abstract_of
from wikifeed_server.content.structure import Image, PageContents, plain_text

_RESERVED_TEXTS = (OMITTED, MARK_BEGIN, MARK_END)
_RESERVED = dict.fromkeys(map(ord, _RESERVED_TEXTS))
# Stands where bytes were no UTF-8.
_REPLACED = "\ufffd"

_MARK_CLASS = re.compile(r"(?:^|\s)(?:mw-ref|reference)(?!\S)")
# Sounds of words, for which an abstract has no use (the languages' templates mark them so).
_PRONUNCIATION = '.IPA, .API, .noexcerpt, [lang$="fonipa"]'
_LEAD_TEXTS = frozenset(("p", "blockquote"))
_LEAD_LISTS = frozenset(("ul", "ol", "dl"))


def read_html(html: str | bytes, *, as_enterprise: bool = False) -> PageContents:
    """The contents of a rendered page. Neither time nor memory is bounded here.

    Bytes are UTF-8; what is none is replaced by U+FFFD, as browsers do. With `as_enterprise` texts are joined and
    images measured as Enterprise's parser does, faults included, for comparing with its results (docs/structured.md).
    Raises HtmlError where elements are nested more than 2,000 deep.
    """
    text = html.decode(errors="replace") if isinstance(html, bytes) else html
    check_shape(text)
    tree = _tree(_readable(html, text))
    body = tree.body
    if body is None:
        return PageContents()
    base = tree.css_first("base[href]")
    addresses = Addresses((base.attributes.get("href") or "") if base is not None else "")
    inventory = Inventory(tree)
    inline = Inline(addresses, inventory.around_images(), as_enterprise=as_enterprise)
    calls = TemplateCalls(tree)
    contents = PageContents(
        description=_description(tree, inline),
        categories=categories_of(inventory.links, addresses),
        templates=calls.templates(addresses),
        references=read_references(inventory.ordered_lists, body, inline, calls),
    )
    pieces = pieces_of(tree)
    decoration = decoration_in(pieces)
    inventory.hide(pieces.unseen)
    note_captions(inventory.images, inline)
    contents.links = inline.links(inventory.anchors)
    _replace_marks(inventory.raised, inline)
    contents.images = inline.images(image for image in inventory.images if image.mem_id not in decoration)
    _remove(pieces.navigation)
    contents.infoboxes = read_infoboxes(pieces.infoboxes, inline, calls)
    contents.image = _main_image(contents)
    _read_texts(body, inventory.tables, inline, contents)
    return contents


def _read_texts(body: LexborNode, tables: list[LexborNode], inline: Inline, contents: PageContents) -> None:
    """Read what is left when the boxes are gone: tables, abstract, sections."""
    read = read_tables(tables, inline)
    contents.tables = [table for _, table in read]
    sections = [node for node in body.iter() if node.tag == "section"]
    matter = {section.mem_id for section in back_matter(sections)}
    kept = [section for section in sections if section.mem_id not in matter]
    contents.sections = SectionReader(inline, {node.mem_id: table for node, table in read}).read(kept)
    if sections:
        contents.abstract = _abstract(sections[0], inline)
    contents.text = plain_text(contents.sections)


def _abstract(lead: LexborNode, inline: Inline) -> str:
    for node in lead.css(_PRONUNCIATION):
        node.replace_with(OMITTED)
    texts = [
        inline.lead_text(node)
        for node in lead.iter()
        if node.tag in _LEAD_TEXTS or (node.tag in _LEAD_LISTS and is_prose_list(node))
    ]
    return abstract_of("\n".join(texts))


def _tree(html: bytes) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    except SelectolaxError as error:
        raise HtmlError(f"the parser gave up: {error}") from error


def _readable(html: str | bytes, text: str) -> bytes:
    """The page, whose text is given, in UTF-8 without the reserved characters."""
    if any(character in text for character in _RESERVED_TEXTS):
        text = text.translate(_RESERVED)
    elif isinstance(html, bytes) and _REPLACED not in text:
        return html
    # Lone surrogates, which UTF-8 can't hold, are replaced.
    return text.encode(errors="replace")


def _remove(nodes: Iterable[LexborNode]) -> None:
    # Without freeing them: what was read of a node is kept by its address, which must not become another's.
    for node in nodes:
        node.remove()


def _description(tree: LexborHTMLParser, inline: Inline) -> str:
    node = tree.css_first(".shortdescription")
    return inline.text(node) if node is not None else ""


def _replace_marks(raised: Iterable[LexborNode], inline: Inline) -> None:
    for node in raised:
        if _MARK_CLASS.search(node.attrs.get("class") or "") is None:
            continue
        citation = citation_of(node, inline)
        if citation is None:
            node.remove()
        else:
            node.replace_with(f"{MARK_BEGIN}{len(inline.citations)}{MARK_END}")
            inline.citations.append(citation)


def _main_image(contents: PageContents) -> Image | None:
    """The first image of the first infobox that has one by itself, else the first that has a caption."""
    for box in contents.infoboxes:
        for section in box.get("has_parts", []):
            for part in [section, *section.get("has_parts", [])]:
                images = part.get("images", [])
                if part["type"] == "image" and images:
                    return images[0]
    return next((image for image in contents.images if "caption" in image), None)
