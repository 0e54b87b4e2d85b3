"""Reads infoboxes: templates that are one by name or by their make, and tables of that class."""

from typing import TYPE_CHECKING

from wikifeed_server.content.structure import Part
from wikifeed_server.content.wikitext.files import add_file
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.images import image_name
from wikifeed_server.content.wikitext.table_rows import caption_of, rows_of
from wikifeed_server.content.wikitext.templates import argument_name, text_only
from wikifeed_server.content.wikitext.tree import Nodes, Template, WikiLink

if TYPE_CHECKING:
    from wikifeed_server.content.wikitext.tree import Tag
    from wikifeed_server.content.wikitext.walk import Walker

_FEWEST_ARGUMENTS, _MANY_ARGUMENTS = 4, 10


def looks_like_infobox(template: Template) -> bool:
    """Whether a template is made like an infobox.

    It has at least 4 arguments with names, most of them on lines of their own, and one of them is an image, or there
    are 10 of them.
    """
    named = [parameter for parameter in template.parameters if parameter.name is not None]
    if len(named) < _FEWEST_ARGUMENTS or len(named) * 2 < len(template.parameters):
        return False
    lines = sum(_ends_line(parameter.value) for parameter in named)
    if lines * 2 < len(named):
        return False
    return len(named) >= _MANY_ARGUMENTS or any(_holds_image(parameter.value) for parameter in named)


def read_infobox(walker: "Walker", template: Template) -> Part | None:
    """The section of an infobox that its arguments make; None where none of them shows anything.

    Names of fields are those of the arguments, as which heading the infobox shows them is for its template to know.
    """
    parts: list[Part] = []
    for parameter in template.parameters:
        name = argument_name(parameter).replace("_", " ").strip()
        if parameter.name is not None and not name:
            walker.walk(parameter.name, None)
        flow = Flow(broken=True, holds_infoboxes=True)
        value = text_only(parameter.value)
        if not ("." in value and add_file(walker, value, flow)):
            walker.walk(parameter.value, flow)
        parts.extend(_parts(name, flow))
    return {"type": "section", "has_parts": parts} if parts else None


def read_table_infobox(walker: "Walker", tag: "Tag") -> Part | None:
    """An infobox that was written as a table; None where it shows nothing.

    A row of a header and a cell is a field, a row of one header begins a section.
    """
    caption = caption_of(tag)
    section: Part = {"type": "section"}
    if caption is not None and (title := walker.text(caption)):
        section["name"] = title
    sections = [section]
    for row in rows_of(tag):
        name = ""
        for cell in row.cells:
            flow = Flow(broken=True, holds_infoboxes=True)
            walker.walk(cell.contents, flow)
            if cell.name == "th" and len(row.cells) == 1 and not flow.images:
                sections.append({"type": "section", "name": flow.text()})
            elif cell.name == "th":
                name = flow.text()
            else:
                sections[-1].setdefault("has_parts", []).extend(_parts(name, flow))
                name = ""
    kept = [section for section in sections if section.get("has_parts")]
    return {"type": "infobox", "has_parts": kept} if kept else None


def _parts(name: str, flow: Flow) -> list[Part]:
    """What becomes of a field: one part, or none where it shows nothing, and the infoboxes within it."""
    texts = flow.texts()
    images = [image for image in flow.images if image]
    part: Part = {"type": "image" if images and not texts else "field"}
    if name:
        part["name"] = name
    if texts:
        part["value"] = " ".join(texts)
    if len(texts) > 1:
        part["values"] = texts
    if images:
        part["images"] = images
    if flow.links:
        part["links"] = flow.links
    shows = bool(texts or images or flow.links)
    return [part, *(flow.infobox_sections or [])] if shows else flow.infobox_sections or []


def _ends_line(value: Nodes) -> bool:
    return bool(value) and isinstance(value[-1], str) and "\n" in value[-1]


def _holds_image(value: Nodes) -> bool:
    if text := text_only(value):
        return bool(image_name(text))
    links = [node for node in value if not isinstance(node, str)]
    return len(links) == 1 and isinstance(links[0], WikiLink) and bool(image_name(_file_name(links[0])))


def _file_name(link: WikiLink) -> str:
    return text_only(link.title)
