"""What a page calls in two braces: names, arguments, and what of these is shown."""

from collections.abc import Iterator
from enum import Enum, auto

from wikifeed_server.content.structure import MaintenanceCounts, Named
from wikifeed_server.content.vocabulary import Vocabulary, called_name, is_infobox_name, source_type
from wikifeed_server.content.wikitext.tree import Nodes, Parameter, Template
from wikifeed_server.projects import ProjectInfo

_TEMPLATE = 10


class Role(Enum):
    """What a template does, as far as its name tells."""

    NOTE = auto()
    SHORT_NOTE = auto()
    NAMED_NOTES = auto()
    SHORT_CITATION = auto()
    SOURCE = auto()
    INFOBOX = auto()
    LIST = auto()
    QUOTATION = auto()
    DATE = auto()
    PAGES = auto()
    DESCRIPTION = auto()
    REMARK = auto()
    OTHER = auto()


class Templates:
    """Counts what one page calls, and knows what a name means."""

    def __init__(self, project: ProjectInfo, title: str, vocabulary: Vocabulary) -> None:
        self._project = project
        self._title = title
        self._vocabulary = vocabulary
        self._called: dict[str, int] = {}
        self._roles: dict[str, Role] = {}

    def call(self, name: str) -> str:
        """Count a call; the name under which the vocabulary knows it. Functions are not counted."""
        called = called_name(name)
        if not called:
            return name.strip().casefold() if name.lstrip()[:1] == "#" else name.strip()
        self._called[called] = self._called.get(called, 0) + 1
        prefix, colon, rest = called.partition(":")
        if colon and self._project.split_title(f"{prefix}:x")[0].identifier == _TEMPLATE:
            called = rest.lstrip()
        return " ".join(called.replace("_", " ").split()).casefold()

    def role(self, key: str) -> Role:
        """What the template of that name does."""
        role = self._roles.get(key)
        if role is None:
            role = self._roles[key] = _role(key, self._vocabulary)
        return role

    def title(self, name: str) -> str:
        """The normalized title of what a name transcludes: in the template namespace where it tells no other."""
        if name[0] == "/":
            title = self._title + name
        elif name[0] == ":" or (":" in name and self._project.split_title(name)[0].identifier):
            title = name
        else:
            title = f"{self._project.namespace(_TEMPLATE).name or 'Template'}:{name}"
        return self._project.normalize_title(title)

    def names(self) -> list[Named]:
        """All that was called, each once."""
        titles = dict.fromkeys(map(self.title, self._called))
        return [named(title, self._project) for title in titles if title]

    def maintenance(self) -> MaintenanceCounts:
        """How often what was called asks for repair."""
        called = {name.casefold(): count for name, count in self._called.items()}

        def count(names: frozenset[str]) -> int:
            return sum(called[name] for name in names & called.keys())

        words = self._vocabulary
        return MaintenanceCounts(
            count(words.citation_needed), count(words.pov), count(words.clarification_needed), count(words.update)
        )


def _role(key: str, words: Vocabulary) -> Role:
    sets = (
        (words.short_description, Role.DESCRIPTION),
        (words.citation_needed, Role.REMARK),
        (words.clarification_needed, Role.REMARK),
        (words.update, Role.REMARK),
        (words.pov, Role.REMARK),
        (words.notes, Role.NOTE),
        (words.short_notes, Role.SHORT_NOTE),
        (words.named_notes, Role.NAMED_NOTES),
        (words.short_citations, Role.SHORT_CITATION),
        (words.lists, Role.LIST),
        (words.quotations, Role.QUOTATION),
        (words.dates, Role.DATE),
        (words.page_links, Role.PAGES),
    )
    for names, role in sets:
        if key in names:
            return role
    if source_type(key, words):
        return Role.SOURCE
    return Role.INFOBOX if is_infobox_name(key, words) else Role.OTHER


def named(title: str, project: ProjectInfo) -> Named:
    """A page by its title, with its address where that is known."""
    url = project.page_url(title)
    return {"name": title, "url": url} if url else {"name": title}


def text_only(nodes: Nodes) -> str:
    """The text of nodes that are all text; empty where anything else is among them."""
    if len(nodes) == 1:
        return nodes[0] if isinstance(nodes[0], str) else ""
    texts = [node for node in nodes if isinstance(node, str)]
    return "".join(texts) if len(texts) == len(nodes) else ""


def places(template: Template) -> Iterator[tuple[int, Parameter]]:
    """The arguments of a template with their places, from 0; -1 for those with a name that is no number."""
    unnamed = 0
    for parameter in template.parameters:
        if parameter.name is None:
            yield unnamed, parameter
            unnamed += 1
        else:
            label = text_only(parameter.name).strip()
            yield (int(label) - 1 if label.isdecimal() and len(label) < 3 else -1), parameter


def argument_name(parameter: Parameter) -> str:
    """The name of an argument as written; empty where it has none or that is not plain text."""
    return " ".join(text_only(parameter.name).split()) if parameter.name is not None else ""
