"""Reads what a page calls in two braces: infoboxes, lists, quotations, and templates that show an argument."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from wikifeed_server.content.vocabulary import called_name
from wikifeed_server.content.wikitext.citing import (
    TEXT_ARGUMENTS,
    mark_notes,
    read_note,
    read_short_note,
    read_source,
    show_short_citation,
)
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.infoboxes import looks_like_infobox, read_infobox
from wikifeed_server.content.wikitext.targets import Kind
from wikifeed_server.content.wikitext.templates import Role, argument_name, places, text_only
from wikifeed_server.content.wikitext.tree import Nodes, Tag, Template, plain

if TYPE_CHECKING:
    from wikifeed_server.content.wikitext.walk import Walker


def visit_template(walker: "Walker", template: Template, flow: Flow | None) -> None:
    """Read a call; every argument of it is walked once."""
    name = text_only(template.name)
    key = walker.templates.call(name)
    if not key:
        walker.walk(template.name, None)
    role = walker.templates.role(key)
    if role is Role.INFOBOX and not (called_name(name) and _has_names(template)):
        role = Role.OTHER
    elif role is Role.OTHER and flow is walker.body and called_name(name) and _leads(template, flow):
        role = Role.INFOBOX
    if read := _READERS.get(role):
        read(walker, template, key, flow)
    elif flow is None:
        walker.walk_arguments(template)
    else:
        _SHOWN.get(role, _show_arguments)(walker, template, key, flow)


def _read_description(walker: "Walker", template: Template, _key: str, flow: Flow | None) -> None:
    walker.description = walker.description or _first_argument(template)
    walker.walk_arguments(template)
    if flow is not None:
        flow.omit()


def _read_pages(walker: "Walker", template: Template, _key: str, flow: Flow | None) -> None:
    """A template that leads to the pages whose titles are its arguments."""
    for place, parameter in places(template):
        title = text_only(parameter.value).strip()
        target = walker.targets.resolve(title) if place >= 0 else None
        if target is not None and target.kind is Kind.PAGE:
            walker.add_link(target.url, title, None)
        else:
            walker.walk_argument(parameter)
    if flow is not None:
        flow.omit()


def _read_remark(walker: "Walker", template: Template, _key: str, _flow: Flow | None) -> None:
    """A remark about the text leaves nothing in it."""
    walker.walk_arguments(template)


def _show_arguments(walker: "Walker", template: Template, key: str, flow: Flow) -> None:
    """Write what a template shows, as far as its name tells; else a mark for what is left out."""
    first, end = walker.vocabulary.shown_arguments.get(key, (0, 0))
    shows = False
    labels = walker.vocabulary.shown_names.get(key, ())
    if any(argument_name(parameter) in labels for parameter in template.parameters):
        first = end = 0
    for place, parameter in places(template):
        if not (first <= place < end or argument_name(parameter) in labels):
            walker.walk_argument(parameter)
            continue
        if shows:
            flow.write(" ")
        begin = flow.place()
        walker.walk(_trimmed(parameter.value), flow)
        shows = shows or bool(flow.text_from(begin))
    if not shows:
        literal = walker.vocabulary.literals.get(key)
        flow.write(literal) if literal else flow.omit()


def _read_infobox(walker: "Walker", template: Template, _key: str, flow: Flow | None) -> None:
    title = walker.templates.title(called_name(text_only(template.name)))
    name = title.partition(":")[2] or title
    section = read_infobox(walker, template)
    if flow is not None and flow.infobox_sections is not None:
        if section is not None:
            flow.infobox_sections.append({**section, "name": name})
        return
    if section is not None:
        walker.infoboxes.append({"type": "infobox", "name": name, "has_parts": [section]})
    if flow is not None:
        flow.end_block()
        flow.omit()


def _read_list(walker: "Walker", template: Template, key: str, flow: Flow) -> None:
    """A template that makes a list of its arguments, or shows the list in one of them."""
    markers = f"{flow.markers}*"
    first = 1 if key.startswith("#") else 0  # the first argument of a module is its function
    for place, parameter in places(template):
        if place < first:
            walker.walk_argument(parameter)
        elif any(isinstance(node, Tag) and node.name in ("li", "ul", "ol") for node in parameter.value):
            flow.end_block_but_lists()
            walker.walk(parameter.value, flow)
            flow.end_block_but_lists()
        else:
            flow.begin_item(markers)
            walker.walk(_trimmed(parameter.value), flow)
            flow.end_block_but_lists()


def _read_quotation(walker: "Walker", template: Template, _key: str, flow: Flow) -> None:
    flow.end_block()
    shown = False
    for place, parameter in places(template):
        if not shown and (place == 0 or argument_name(parameter).casefold() in TEXT_ARGUMENTS):
            shown = True
            walker.walk(parameter.value, flow)
        else:
            walker.walk_argument(parameter)
    flow.end_block()


def _read_date(walker: "Walker", template: Template, _key: str, flow: Flow) -> None:
    """A template whose first arguments tell a date: as far as they are numbers, it is "1879-03-14"."""
    told = {place: walker.text(parameter.value) for place, parameter in places(template)}
    date = ""
    for place, digits in enumerate((4, 2, 2)):
        number = told.get(place, "")
        if not number.isdecimal() or len(number) > digits:
            break
        date += f"{'-' if date else ''}{number.zfill(digits)}"
    flow.write(date) if date else flow.omit()


def _leads(template: Template, flow: Flow) -> bool:
    """Whether a template stands before the text of a page and is made like an infobox."""
    return looks_like_infobox(template) and flow.is_empty()


def _has_names(template: Template) -> bool:
    return any(parameter.name is not None for parameter in template.parameters)


def _trimmed(nodes: Nodes) -> Nodes:
    """Nodes without the space around them."""
    if len(nodes) == 1 and isinstance(nodes[0], str):
        return [nodes[0].strip()]
    trimmed = list(nodes)
    if trimmed and isinstance(trimmed[0], str):
        trimmed[0] = trimmed[0].lstrip()
    if trimmed and isinstance(trimmed[-1], str):
        trimmed[-1] = trimmed[-1].rstrip()
    return trimmed


def _first_argument(template: Template) -> str:
    """The text of a template's first argument, without what stands within it."""
    for place, parameter in places(template):
        if place == 0:
            return " ".join(plain(parameter.value).split())
    return ""


_READERS: dict[Role, Callable[["Walker", Template, str, Flow | None], None]] = {
    Role.NOTE: read_note,
    Role.SHORT_NOTE: read_short_note,
    Role.NAMED_NOTES: mark_notes,
    Role.SOURCE: read_source,
    Role.INFOBOX: _read_infobox,
    Role.DESCRIPTION: _read_description,
    Role.PAGES: _read_pages,
    Role.REMARK: _read_remark,
}
# What is read otherwise where it is not shown: for its arguments alone.
_SHOWN: dict[Role, Callable[["Walker", Template, str, Flow], None]] = {
    Role.SHORT_CITATION: show_short_citation,
    Role.LIST: _read_list,
    Role.QUOTATION: _read_quotation,
    Role.DATE: _read_date,
}
