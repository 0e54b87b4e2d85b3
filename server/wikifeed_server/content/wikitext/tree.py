"""A page's wikitext as a tree of small nodes, made of the tokens of mwparserfromhell.

The library's tokenizer (in C) takes a quarter of the time of its `parse`; the rest goes into a tree whose every node
can be edited and written back, which no reader of pages needs. This tree is made of the same tokens and holds no more
than readers ask for: plain text and entities are `str`, comments, quotation marks and padding are left out. So are
the apostrophes of bold and italics, which the tokenizer is told not to pair: left open within a tag, they would keep
it from seeing the tag.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, NamedTuple

from mwparserfromhell import parser
from mwparserfromhell.parser import tokens
from mwparserfromhell.parser.tokenizer import Tokenizer

from wikifeed_server.content.structure import ContentError
from wikifeed_server.content.wikitext.balance import balanced

# Without a compiled wheel for the machine there is no CTokenizer: the same tokens, many times slower.
_TOKENIZER = getattr(parser, "CTokenizer", None) or Tokenizer


class WikitextError(ContentError):
    """The tokenizer gave up on a page, or its tokens do not fit together: a fault of the library, not of the page."""


class Parameter(NamedTuple):
    """One argument of a template; `name` is None where it is told by its position alone."""

    name: "Nodes | None"
    value: "Nodes"


class Template(NamedTuple):
    """Anything in two braces: a template, a parser function, a magic word."""

    name: "Nodes"
    parameters: list[Parameter]


class Argument(NamedTuple):
    """A parameter's place in a template's own text, in three braces; `default` is None where it has none."""

    name: "Nodes"
    default: "Nodes | None"


class WikiLink(NamedTuple):
    """A link in two brackets: to a page, a file, a category; `text` is None without a bar."""

    title: "Nodes"
    text: "Nodes | None"


class ExternalLink(NamedTuple):
    """An address, bare or in one bracket; `text` is None where only the address (or a number) is shown."""

    url: "Nodes"
    text: "Nodes | None"
    is_bare: bool


class Heading(NamedTuple):
    """A heading of level 1 to 6."""

    title: "Nodes"
    level: int


class Tag(NamedTuple):
    """An HTML or extension tag, or markup that stands for one: bold, italics, lists, tables.

    `markup` is the markup it was written as, "" where it was written as a tag.
    """

    name: str
    attributes: list["tuple[Nodes, Nodes | None]"]
    contents: "Nodes"
    markup: str


Node = str | Template | Argument | WikiLink | ExternalLink | Heading | Tag
Nodes = list[Node]
# mwparserfromhell's tokens are dictionaries, one class for each kind.
_Tokens = Iterator[dict[str, Any]]
_Ends = frozenset[type]
_APOSTROPHES = re.compile("'{2,}")
_TEXT_AND_BOLD, _BOLD_AND_ITALIC = 4, 5
_VERBATIM = "nowiki"


def parse_tree(text: str) -> Nodes:
    """The nodes of a page. Time and memory are not bounded: hostile text can take minutes and gigabytes.

    Raises WikitextError where the tokenizer gives up, MemoryError where memory ends.
    """
    try:
        stream = iter(_TOKENIZER().tokenize(balanced(text), 0, True))
    except parser.ParserError as error:
        raise WikitextError(str(error)) from error
    except SystemError as error:
        # The tokenizer goes on after an allocation that failed, until the interpreter notices.
        kind = MemoryError if isinstance(error.__cause__, MemoryError) else WikitextError
        raise kind(str(error)) from error
    return _read_until(stream, frozenset())[0]


def _without_style(run: re.Match[str]) -> str:
    """The apostrophes of a run that are text: a fourth, and those above five."""
    length = len(run[0])
    return "'" * (1 if length == _TEXT_AND_BOLD else max(0, length - _BOLD_AND_ITALIC))


def plain(nodes: Nodes) -> str:
    """The text that stands in `nodes` themselves, not within nodes of theirs, without space around it."""
    return "".join([node for node in nodes if isinstance(node, str)]).strip()


def _read_until(stream: _Tokens, ends: _Ends) -> tuple[Nodes, type]:
    """The nodes up to a token of one of the kinds `ends` (or to the end of the page), and which kind it was."""
    nodes: Nodes = []
    for token in stream:
        kind = type(token)
        if kind is tokens.Text:
            text = token["text"]
            nodes.append(_APOSTROPHES.sub(_without_style, text) if "''" in text else text)
        elif kind in ends:
            return nodes, kind
        else:
            reader = _READERS.get(kind)
            if reader is None:
                raise WikitextError(f"{kind.__name__} out of place")
            node = reader(stream, token)
            if node is not None:
                nodes.append(node)
    if ends:
        raise WikitextError(f"no end of {sorted(end.__name__ for end in ends)}")
    return nodes, type(None)


_PARAMETER_ENDS = frozenset((tokens.TemplateParamSeparator, tokens.TemplateClose))
_PARAMETER_OR_NAME_ENDS = _PARAMETER_ENDS | {tokens.TemplateParamEquals}
_ARGUMENT_ENDS = frozenset((tokens.ArgumentSeparator, tokens.ArgumentClose))
_LINK_ENDS = frozenset((tokens.WikilinkSeparator, tokens.WikilinkClose))
_EXTERNAL_ENDS = frozenset((tokens.ExternalLinkSeparator, tokens.ExternalLinkClose))
_TAG_ENDS = frozenset((tokens.TagOpenClose,))
_ATTRIBUTE_ENDS = frozenset((tokens.TagAttrStart, tokens.TagCloseOpen, tokens.TagCloseSelfclose))
_ATTRIBUTE_OR_NAME_ENDS = _ATTRIBUTE_ENDS | {tokens.TagAttrEquals}


def _read_template(stream: _Tokens, _: dict[str, Any]) -> Template:
    name, end = _read_until(stream, _PARAMETER_ENDS)
    parameters = []
    while end is tokens.TemplateParamSeparator:
        key: Nodes | None = None
        value, end = _read_until(stream, _PARAMETER_OR_NAME_ENDS)
        if end is tokens.TemplateParamEquals:
            key = value
            value, end = _read_until(stream, _PARAMETER_ENDS)
        parameters.append(Parameter(key, value))
    return Template(name, parameters)


def _read_argument(stream: _Tokens, _: dict[str, Any]) -> Argument:
    name, end = _read_until(stream, _ARGUMENT_ENDS)
    default = _read_until(stream, _ARGUMENT_ENDS)[0] if end is tokens.ArgumentSeparator else None
    return Argument(name, default)


def _read_wikilink(stream: _Tokens, _: dict[str, Any]) -> WikiLink:
    title, end = _read_until(stream, _LINK_ENDS)
    return WikiLink(title, _read_until(stream, _LINK_ENDS)[0] if end is tokens.WikilinkSeparator else None)


def _read_external_link(stream: _Tokens, opening: dict[str, Any]) -> ExternalLink:
    url, end = _read_until(stream, _EXTERNAL_ENDS)
    text = _read_until(stream, _EXTERNAL_ENDS)[0] if end is tokens.ExternalLinkSeparator else None
    return ExternalLink(url, text, is_bare=not opening.get("brackets"))


def _read_entity(stream: _Tokens, _: dict[str, Any]) -> str:
    prefix = "&"
    for token in stream:
        kind = type(token)
        if kind is tokens.HTMLEntityNumeric:
            prefix = "&#"
        elif kind is tokens.HTMLEntityHex:
            prefix += token["char"]
        else:
            next(stream)
            return unescape(f"{prefix}{token['text']};")
    raise WikitextError("no end of HTMLEntity")


def _read_heading(stream: _Tokens, opening: dict[str, Any]) -> Heading:
    return Heading(_read_until(stream, frozenset((tokens.HeadingEnd,)))[0], opening["level"])


def _skip_comment(stream: _Tokens, _: dict[str, Any]) -> None:
    _read_until(stream, frozenset((tokens.CommentEnd,)))


def _read_tag(stream: _Tokens, opening: dict[str, Any]) -> Tag:
    name, end = _read_until(stream, _ATTRIBUTE_ENDS)
    attributes: list[tuple[Nodes, Nodes | None]] = []
    while end is tokens.TagAttrStart:
        value: Nodes | None = None
        key, end = _read_attribute_part(stream)
        if end is tokens.TagAttrEquals:
            value, end = _read_attribute_part(stream)
        attributes.append((key, value))
    contents: Nodes = []
    label = plain(name).lower()
    if end is tokens.TagCloseOpen:
        read = _read_verbatim if label == _VERBATIM else _read_until
        contents, _ = read(stream, _TAG_ENDS)
        _read_until(stream, frozenset((tokens.TagCloseClose,)))
    return Tag(label, attributes, contents, opening.get("wiki_markup") or "")


def _read_verbatim(stream: _Tokens, ends: _Ends) -> tuple[Nodes, type]:
    """Text that means nothing but itself, with its entities."""
    nodes: Nodes = []
    for token in stream:
        kind = type(token)
        if kind in ends:
            return nodes, kind
        nodes.append(_read_entity(stream, token) if kind is tokens.HTMLEntityStart else token.get("text", ""))
    raise WikitextError(f"no end of {_VERBATIM}")


def _read_attribute_part(stream: _Tokens) -> tuple[Nodes, type]:
    return _read_until(stream, _ATTRIBUTE_OR_NAME_ENDS)


def _skip_token(_stream: _Tokens, _: dict[str, Any]) -> None:
    """Quotation marks of attributes say nothing about a page."""


_READERS: dict[type, Callable[[_Tokens, dict[str, Any]], Node | None]] = {
    tokens.TemplateOpen: _read_template,
    tokens.ArgumentOpen: _read_argument,
    tokens.WikilinkOpen: _read_wikilink,
    tokens.ExternalLinkOpen: _read_external_link,
    tokens.HTMLEntityStart: _read_entity,
    tokens.HeadingStart: _read_heading,
    tokens.CommentStart: _skip_comment,
    tokens.TagOpenOpen: _read_tag,
    tokens.TagAttrQuote: _skip_token,
}
