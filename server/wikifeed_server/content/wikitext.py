"""Reads the facts of a page out of its wikitext: one pass of the tokenizer, one walk over the tree."""

import re
from collections.abc import Iterator
from typing import Any

from wikifeed_server.content.facts import MaintenanceCounts, PageFacts, PageLink
from wikifeed_server.content.lead import OMITTED, abstract_of, superscript
from wikifeed_server.content.tree import (
    Argument,
    ExternalLink,
    Heading,
    Node,
    Nodes,
    Parameter,
    Tag,
    Template,
    WikiLink,
    WikitextError,
    parse_tree,
    plain,
)
from wikifeed_server.content.vocabulary import DEFAULT_VOCABULARY, Vocabulary, called_name
from wikifeed_server.projects import ProjectInfo

_MEDIA, _FILE, _TEMPLATE, _CATEGORY = -2, 6, 10, 14
_REDIRECT = re.compile(r"\s*#(\S+?)\s*:?\s*\[\[([^\]|#]+)")
# Links to other wikis begin with a code that namespaces never have: a language's, or a sister project's.
_OTHER_WIKI = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]+){0,2}|simple|be-x-old|[bcdmnqsvw]|wikt|voy|wiktionary|wikibooks|wikinews|wikiquote|"
    r"wikisource|wikiversity|wikivoyage|commons|meta|metawikipedia|species|wikispecies|wikidata|foundation|mw|incubator|"
    r"doi|phab|toollabs):(?=\S)"
)
# What such tags hold is no text of the lead.
_NO_TEXT = (
    frozenset(
        ("ref", "references", "table", "gallery", "math", "chem", "ce", "score", "hiero", "timeline", "graph", "pre")
    )
    | frozenset(
        (
            "style",
            "script",
            "templatestyles",
            "syntaxhighlight",
            "source",
            "imagemap",
            "templatedata",
            "mapframe",
            "maplink",
        )
    )
    | frozenset(("indicator", "section", "inputbox", "categorytree"))
)
_ONLY_WHEN_TRANSCLUDED = "includeonly"


def understand(text: str, project: ProjectInfo, title: str, vocabulary: Vocabulary = DEFAULT_VOCABULARY) -> PageFacts:
    """The facts of the page `title` whose wikitext is `text`. Neither time nor memory is bounded here.

    Raises WikitextError where the parser fails on the text or the text nests too deeply.
    """
    redirect = _REDIRECT.match(text)
    reader = _Reader(project, title, vocabulary)
    try:
        reader.read(parse_tree(text))
    except RecursionError as error:
        raise WikitextError(f"{title}: nested too deeply") from error
    if redirect is not None and redirect[1].casefold() in vocabulary.redirect_words:
        return reader.facts(project.normalize_title(redirect[2]))
    return reader.facts("")


def extract_facts(text: str, project: ProjectInfo, title: str) -> dict[str, Any]:
    """What `understand` finds, as one JSON object in the shapes of the contract's Article; what is empty is absent."""
    return understand(text, project, title).as_object(project)


class _Reader:
    """One walk over one page's tree; collects as it goes.

    Everything is walked for templates and links; only what the lead shows is written to a list of texts as well, and
    a walk without such a list reads what is not shown.
    """

    def __init__(self, project: ProjectInfo, title: str, vocabulary: Vocabulary) -> None:
        self._project = project
        self._title = title
        self._vocabulary = vocabulary
        self._called: dict[str, int] = {}
        self._categories: dict[str, None] = {}
        self._images: dict[str, None] = {}
        self._links: dict[str, str] = {}
        self._seen_targets: set[str] = set()
        self._description = ""
        self._lead: list[str] = []

    def read(self, nodes: Nodes) -> None:
        """Take the page in: the lead up to the first heading, then the rest."""
        for position, node in enumerate(nodes):
            if isinstance(node, Heading):
                self._walk(nodes[position:], None)
                return
            self._visit(node, self._lead)

    def facts(self, redirect_target: str) -> PageFacts:
        """What was collected."""
        called = {name.casefold(): count for name, count in self._called.items()}

        def count(names: frozenset[str]) -> int:
            return sum(called[name] for name in names & called.keys())

        words = self._vocabulary
        return PageFacts(
            abstract="" if redirect_target else abstract_of("".join(self._lead)),
            description=self._description,
            redirect_target=redirect_target,
            categories=tuple(self._categories),
            templates=tuple(dict.fromkeys(self._template_titles())),
            links=tuple(PageLink(title, text) for title, text in self._links.items()),
            images=tuple(self._images),
            maintenance=MaintenanceCounts(
                count(words.citation_needed), count(words.pov), count(words.clarification_needed), count(words.update)
            ),
        )

    def _template_titles(self) -> Iterator[str]:
        """Titles of what is transcluded: in the template namespace where the name tells no other."""
        prefix = self._project.namespace(_TEMPLATE).name or "Template"
        for name in self._called:
            if name[0] == "/":
                title = self._title + name
            elif name[0] == ":" or (":" in name and self._project.split_title(name)[0].identifier):
                title = name
            else:
                title = f"{prefix}:{name}"
            normalized = self._project.normalize_title(title)
            if normalized:
                yield normalized

    def _walk(self, nodes: Nodes, shown: list[str] | None) -> None:
        for node in nodes:
            # Most nodes are text that is not shown.
            if type(node) is not str:
                self._visit(node, shown)
            elif shown is not None:
                shown.append(node)

    def _visit(self, node: Node, shown: list[str] | None) -> None:
        match node:
            case str():
                if shown is not None:
                    shown.append(node)
            case Template():
                self._visit_template(node, shown)
            case WikiLink():
                self._visit_link(node, shown)
            case Tag():
                self._visit_tag(node, shown)
            case ExternalLink():
                self._walk(node.url, shown if node.is_bare else None)
                if node.text is not None:
                    self._walk(node.text, shown)
            case Heading():
                self._walk(node.title, shown)
            case Argument():
                self._walk(node.name, None)
                if node.default is not None:
                    self._walk(node.default, shown)

    def _visit_template(self, template: Template, shown: list[str] | None) -> None:
        name = _text_only(template.name)
        called = called_name(name)
        if called:
            self._called[called] = self._called.get(called, 0) + 1
        else:
            self._walk(template.name, None)
        key = called.casefold() or name.strip()
        if not self._description and key in self._vocabulary.short_description:
            self._description = _first_argument(template)
        if shown is not None:
            shown.append(self._shown_arguments(template, key))
            return
        for parameter in template.parameters:
            if parameter.name is not None:
                self._walk(parameter.name, None)
            self._walk(parameter.value, None)

    def _shown_arguments(self, template: Template, key: str) -> str:
        """What a template in the lead shows, as far as its name tells. All of its arguments are walked."""
        first, end = self._vocabulary.shown_arguments.get(key, (0, 0))
        pieces: list[str] = []
        for place, parameter in _places(template):
            if parameter.name is not None:
                self._walk(parameter.name, None)
            text: list[str] = []
            is_shown = first <= place < end
            self._walk(parameter.value, text if is_shown else None)
            if is_shown:
                pieces.append("".join(text).strip())
        return " ".join(pieces) or self._vocabulary.literals.get(key) or self._omitted(key)

    def _omitted(self, key: str) -> str:
        """What a template that is not shown leaves in the lead: a mark, or nothing for a remark about the text."""
        words = self._vocabulary
        is_remark = key in words.citation_needed or key in words.clarification_needed or key in words.update
        return "" if is_remark or key in words.pov else OMITTED

    def _visit_link(self, link: WikiLink, shown: list[str] | None) -> None:
        target = _text_only(link.title).strip()
        if not target:
            self._walk(link.title, None)
        is_plain = True
        if ":" in target and target[0] != ":":
            namespace = self._project.split_title(target)[0].identifier
            if namespace == _CATEGORY:
                self._categories[self._project.normalize_title(target)] = None
                is_plain = False
            elif namespace in (_FILE, _MEDIA):
                self._images[self._project.normalize_title(target)] = None
                is_plain = False
        if not is_plain:
            if link.text is not None:
                self._walk(link.text, None)
            return
        text = self._link_text(link, target, shown)
        if target and target not in self._seen_targets:
            self._seen_targets.add(target)
            self._add_link(target, text)

    def _link_text(self, link: WikiLink, target: str, shown: list[str] | None) -> str:
        """What is shown for a link; appended to what the lead shows."""
        is_to_other_wiki = _OTHER_WIKI.match(target) is not None
        if link.text is None:
            text = "" if is_to_other_wiki else target.removeprefix(":")
        else:
            pieces: list[str] = []
            self._walk(link.text, pieces)
            text = "".join(pieces)
        if shown is not None:
            shown.append(text)
        return text.replace(OMITTED, "").strip()

    def _add_link(self, target: str, text: str) -> None:
        if target[0] == "/":
            target = self._title + target.rstrip("/")
        if _OTHER_WIKI.match(target.removeprefix(":")):
            return
        title = self._project.normalize_title(target)
        if title and title not in self._links:
            self._links[title] = text

    def _visit_tag(self, tag: Tag, shown: list[str] | None) -> None:
        for name, value in tag.attributes:
            self._walk(name, None)
            if value is not None:
                self._walk(value, None)
        if tag.name == _ONLY_WHEN_TRANSCLUDED:
            return
        if shown is None or tag.name in _NO_TEXT:
            self._walk(tag.contents, None)
        elif tag.name == "br":
            shown.append(" ")
        elif tag.name == "sup":
            pieces: list[str] = []
            self._walk(tag.contents, pieces)
            shown.append(superscript("".join(pieces)))
        else:
            self._walk(tag.contents, shown)


def _text_only(nodes: Nodes) -> str:
    """The text of nodes that are all text; empty where anything else is among them."""
    if len(nodes) == 1:
        return nodes[0] if isinstance(nodes[0], str) else ""
    texts = [node for node in nodes if isinstance(node, str)]
    return "".join(texts) if len(texts) == len(nodes) else ""


def _places(template: Template) -> Iterator[tuple[int, Parameter]]:
    """The arguments of a template with their places, from 0; -1 for those with a name that is no number."""
    unnamed = 0
    for parameter in template.parameters:
        if parameter.name is None:
            yield unnamed, parameter
            unnamed += 1
        else:
            label = _text_only(parameter.name).strip()
            yield (int(label) - 1 if label.isdecimal() and len(label) < 3 else -1), parameter


def _first_argument(template: Template) -> str:
    """The text of a template's first argument, without what stands within it."""
    for place, parameter in _places(template):
        if place == 0:
            return " ".join(plain(parameter.value).split())
    return ""
