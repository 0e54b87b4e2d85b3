"""What a reader can tell of a page, whatever it read: the structured parts, in the shapes of the contract's JSON.

Parts are plain dictionaries under the contract's names (structured.proto, media.proto), so that they are written as
JSON, and put into messages, as they are. What is empty or not known is absent. Addresses are absolute.
"""

from dataclasses import dataclass, field
from typing import Any, TypedDict

# What Enterprise calls the section before the first heading, in every language.
LEAD = "Abstract"


class ContentError(Exception):
    """A reader gave up on a page. The message says why; what is known of the page without it stays so."""


class Named(TypedDict, total=False):
    """A category or a template: its title with its namespace's prefix, and its page's address."""

    name: str
    url: str


class Image(TypedDict, total=False):
    """An image that the page shows; `width` and `height` in pixels, as shown."""

    content_url: str
    width: int
    height: int
    alternative_text: str
    caption: str


class Link(TypedDict, total=False):
    """A link; `text` is what the page shows for it."""

    url: str
    text: str
    images: list[Image]


class Citation(TypedDict, total=False):
    """A footnote mark: `identifier` is that of its Reference, `text` the mark as shown.

    `position` is where it stands in the part's value: behind so many characters (Unicode code points).
    """

    identifier: str
    group: str
    text: str
    position: int


class TableReference(TypedDict, total=False):
    """Names a table that stands in a part."""

    identifier: str
    confidence_score: float


class Part(TypedDict, total=False):
    """A piece of an infobox or a section.

    `type` is infobox, section, field, image, list, list_item or paragraph; `name` a heading or a label; `value` the
    plain text; `values` the texts of a field that has several.
    """

    type: str
    name: str
    value: str
    values: list[str]
    has_parts: "list[Part]"
    images: list[Image]
    links: list[Link]
    citations: list[Citation]
    table_references: list[TableReference]


class Cell(TypedDict, total=False):
    """A cell of a table."""

    value: str
    nested_table: "Table"


class Table(TypedDict, total=False):
    """A data table; spans are resolved, so that every row has a cell for every column it reaches."""

    identifier: str
    caption: str
    headers: list[list[Cell]]
    rows: list[list[Cell]]
    footers: list[list[Cell]]
    confidence_score: float


class ReferenceText(TypedDict, total=False):
    """A text of a footnote, and the links in it."""

    value: str
    links: list[Link]


class Reference(TypedDict, total=False):
    """A footnote. `metadata` are the parameters of its citation template, `type` the kind of source that it cites."""

    identifier: str
    group: str
    type: str
    metadata: dict[str, str]
    text: ReferenceText
    source: ReferenceText


@dataclass(frozen=True, slots=True)
class MaintenanceCounts:
    """How often a page asks for its own repair."""

    citation_needed: int = 0
    pov: int = 0
    clarification_needed: int = 0
    update: int = 0


@dataclass(slots=True)
class PageContents:
    """All that a reader found in a page, in page order.

    `redirect_target` is a normalized title, empty where the page is no redirect; `image` the page's main image;
    `text` the plain text of the sections, a paragraph, heading or list item a line.
    """

    abstract: str = ""
    description: str = ""
    redirect_target: str = ""
    image: Image | None = None
    categories: list[Named] = field(default_factory=list)
    templates: list[Named] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    infoboxes: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sections: list[Part] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    text: str = ""
    maintenance: MaintenanceCounts = field(default_factory=MaintenanceCounts)

    def as_object(self) -> dict[str, Any]:
        """The contents as one JSON object, but for what the contract's Article has no field for; empty ones absent."""
        names = (
            "abstract",
            "description",
            "redirect_target",
            "image",
            "categories",
            "images",
            "infoboxes",
            "links",
            "sections",
            "tables",
            "references",
            "templates",
            "text",
        )
        found = {name: getattr(self, name) for name in names}
        tags = {
            "citation_needed_count": self.maintenance.citation_needed,
            "pov_count": self.maintenance.pov,
            "clarification_needed_count": self.maintenance.clarification_needed,
            "update_count": self.maintenance.update,
        }
        found["maintenance_tags"] = {name: count for name, count in tags.items() if count}
        return {name: value for name, value in found.items() if value}


def plain_text(sections: list[Part]) -> str:
    """The text of sections: a heading, a paragraph or a list item a line, in page order."""
    lines: list[str] = []
    # A stack instead of a recursion: how deep lists nest is up to the page.
    left = list(reversed(sections))
    while left:
        part = left.pop()
        if part.get("type") == "section":
            if (name := part.get("name")) and name != LEAD:
                lines.append(name)
        elif value := part.get("value"):
            lines.append(value)
        left.extend(reversed(part.get("has_parts", ())))
    return "\n".join(lines)
