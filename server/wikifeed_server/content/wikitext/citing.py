"""Reads templates that make footnotes, and those that cite sources."""

import re
from typing import TYPE_CHECKING

from wikifeed_server.content.structure import Link
from wikifeed_server.content.vocabulary import source_type
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.templates import argument_name, places
from wikifeed_server.content.wikitext.tree import Template

if TYPE_CHECKING:
    from wikifeed_server.content.wikitext.walk import Walker

# Names of the argument that holds the text, where it is not the first without a name.
TEXT_ARGUMENTS = frozenset(("text", "quote", "texte", "content", "contents", "note", "zitat", "цитата", "1"))
_TITLE_ARGUMENTS = (
    *("title", "titre", "titel", "título", "titulo", "titolo", "titul", "заголовок", "название", "заглавие", "назва"),
    *(
        "tytuł",
        "otsikko",
        "nimeke",
        "tittel",
        "titlu",
        "cím",
        "başlık",
        "tiêu đề",
        "عنوان",
        "タイトル",
        "標題",
        "标题",
        "제목",
    ),
)
_ADDRESS_ARGUMENTS = (
    *("url", "URL", "lire en ligne", "ссылка", "link", "enlace", "ligação", "website", "адрес", "odkaz", "osoite"),
    *("وصلة", "مسار", "پیوند", "نشانی"),
)
_IN_PARENTHESES = "harv"
_HYPHEN = re.compile(r"(?<=\d)-(?=\d)")
_PAGE_ARGUMENTS = {"p": "p. ", "page": "p. ", "pp": "pp. ", "pages": "pp. ", "loc": "", "at": ""}


def read_note(walker: "Walker", template: Template, key: str, flow: Flow | None) -> None:
    """A template that makes a footnote of its first argument."""
    group, name, contents = walker.vocabulary.notes[key], "", None
    for place, parameter in places(template):
        label = argument_name(parameter)
        if label == "group":
            group = walker.text(parameter.value) or group
        elif label == "name":
            name = walker.text(parameter.value)
        elif contents is None and (place == 0 or label in TEXT_ARGUMENTS):
            contents = parameter.value
        else:
            walker.walk_argument(parameter)
    walker.note(group, name, contents, flow)


def read_short_note(walker: "Walker", template: Template, _key: str, flow: Flow | None) -> None:
    """A template that makes a footnote of an author, a year and a page."""
    label, text = _short_citation(walker, template)
    walker.note("", f"FOOTNOTE{label}" if label else "", [text] if text else None, flow)


def show_short_citation(walker: "Walker", template: Template, key: str, flow: Flow) -> None:
    """A template that writes an author, a year and a page into the text."""
    text = _short_citation(walker, template)[1]
    if not text:
        flow.omit()
    else:
        flow.write(f"({text})" if key == _IN_PARENTHESES else text)


def _short_citation(walker: "Walker", template: Template) -> tuple[str, str]:
    """The label of a short citation, which is all it tells, and its text: "Pais & Bohr 1982, p. 301"."""
    names: list[str] = []
    pages: list[tuple[str, str]] = []
    for place, parameter in places(template):
        text = walker.text(parameter.value)
        if place >= 0:
            names.append(text)
        elif text and (kind := argument_name(parameter)) in _PAGE_ARGUMENTS:
            pages.append((_PAGE_ARGUMENTS[kind], _HYPHEN.sub("–", text) if _PAGE_ARGUMENTS[kind] else text))
    # Pages come before places, whatever their order.
    pages.sort(key=lambda page: not page[0])
    names = list(filter(None, names))
    authors = " & ".join(names[:-1])
    cited = f"{authors} {names[-1]}".strip() if names else ""
    text = "".join([cited, *(f", {prefix}{page}" for prefix, page in pages)])
    return "".join([*names, *(page for _, page in pages)]) if names else "", text if names else ""


def mark_notes(walker: "Walker", template: Template, _key: str, flow: Flow | None) -> None:
    """A template that marks footnotes by their names."""
    names: list[str] = []
    group = ""
    for place, parameter in places(template):
        text = walker.text(parameter.value)
        if place >= 0 and text:
            names.append(text)
        elif argument_name(parameter) in ("group", "grp", "g"):
            group = text
    for name in names:
        walker.note(group, name, None, flow)


def read_source(walker: "Walker", template: Template, key: str, flow: Flow | None) -> None:
    """A template that cites a source. What it shows is not known, but what it tells is.

    Where none of its arguments has a name it is a quotation, which some wikis call so, and shows the first.
    """
    if flow is not None and all(parameter.name is None for parameter in template.parameters):
        for place, parameter in places(template):
            walker.walk(parameter.value, None if place else flow)
        return
    metadata: dict[str, str] = {}
    first = len(walker.links)
    for place, parameter in places(template):
        told = walker.text(parameter.value)
        if place < 0 and told and (label := argument_name(parameter)):
            metadata[label] = told
    links = walker.links[first:]
    _entitle(links, metadata)
    if flow is not None:
        for link in links:
            flow.add_link(link)
        if flow.source is None:
            flow.source = source_type(key, walker.vocabulary), metadata
        flow.omit()


def _entitle(links: list[Link], metadata: dict[str, str]) -> None:
    """Give a source's title to its address. Addresses in arguments are not shown themselves."""
    addresses = [link for link in links if link.get("text") == link.get("url")]
    for link in addresses:
        link.pop("text", None)
    title = next((metadata[label] for label in _TITLE_ARGUMENTS if label in metadata), "")
    told = next((metadata[label] for label in _ADDRESS_ARGUMENTS if label in metadata), "")
    for link in addresses:
        if title and link.get("url") == told:
            link["text"] = title
            break
