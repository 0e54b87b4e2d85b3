"""One walk over a page's tree: everything is visited once, what the page shows is written to flows."""

import re

from wikifeed_server.content.structure import Image, Link, Named, Part
from wikifeed_server.content.vocabulary import Vocabulary, names_in
from wikifeed_server.content.wikitext.calls import visit_template
from wikifeed_server.content.wikitext.files import add_file, add_image, read_gallery
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.footnotes import Footnotes, Note, fill
from wikifeed_server.content.wikitext.infoboxes import read_table_infobox
from wikifeed_server.content.wikitext.table_rows import TableKind, attributes_of, kind_of_table
from wikifeed_server.content.wikitext.tables import SpanBudget, read_table
from wikifeed_server.content.wikitext.targets import Kind, Targets
from wikifeed_server.content.wikitext.templates import Templates, named, text_only
from wikifeed_server.content.wikitext.tidying import tidied
from wikifeed_server.content.wikitext.tree import (
    Argument,
    ExternalLink,
    Heading,
    Node,
    Nodes,
    Parameter,
    Tag,
    Template,
    WikiLink,
)
from wikifeed_server.projects import ProjectInfo

# What such tags hold is no text.
_NO_TEXT = names_in(
    "math|chem|ce|score|hiero|timeline|graph|pre|style|script|templatestyles|syntaxhighlight|source|imagemap|"
    "templatedata|mapframe|maplink|indicator|section|inputbox|categorytree"
)
_BLOCKS = names_in("div|center|blockquote|p|poem|h1|h2|h3|h4|h5|h6|hr|dl|dd|dt|section|figure|tr|td|th|caption")
_LIST_MARKERS = {"ul": "*", "ol": "#"}
_ONLY_WHEN_TRANSCLUDED = "includeonly"
_HIDDEN = re.compile(r"display\s*:\s*none")
_MAX_TABLE_DEPTH = 4


class Walker:
    """What a walk over one page collects."""

    def __init__(self, project: ProjectInfo, title: str, vocabulary: Vocabulary, body: Flow) -> None:
        self.vocabulary = vocabulary
        self.body = body
        self.templates = Templates(project, title, vocabulary)
        self.targets = Targets(project, title)
        self.footnotes = Footnotes()
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.categories: dict[str, Named] = {}
        self.infoboxes: list[Part] = []
        self.description = ""
        self._project = project
        self._spans = SpanBudget()
        self._table_depth = 0
        self._list_markers = ""

    def walk(self, nodes: Nodes, flow: Flow | None) -> None:
        """Visit nodes; what they show goes to `flow`, where there is one."""
        link: Link | None = None
        for node in nodes:
            if type(node) is str:
                if link is not None and (trail := self.targets.trail(node)):
                    link["text"] = link.get("text", "") + trail
                if flow is not None:
                    flow.write(node)
                link = None
            else:
                link = self._visit(node, flow)

    def walk_arguments(self, template: Template) -> None:
        """Visit arguments that are not shown, as far as is known."""
        for parameter in template.parameters:
            self.walk_argument(parameter)

    def walk_argument(self, parameter: Parameter) -> None:
        """Visit an argument that is not shown. A file's name in one that has a name is an image that is shown."""
        if parameter.name is not None:
            self.walk(parameter.name, None)
            if "." in (value := text_only(parameter.value)) and add_file(self, value, None):
                return
        self.walk(parameter.value, None)

    def read(self, nodes: Nodes) -> Flow:
        """What nodes show, by themselves."""
        flow = Flow()
        self.walk(nodes, flow)
        return flow

    def text(self, nodes: Nodes) -> str:
        """The text that nodes show, in one line."""
        plain = text_only(nodes)
        return tidied(plain) if plain else self.read(nodes).text()

    def add_link(self, url: str, text: str, flow: Flow | None) -> Link:
        """Note a link whose text was written."""
        link: Link = {}
        if url:
            link["url"] = url
        if text:
            link["text"] = text
        self.links.append(link)
        if flow is not None:
            flow.add_link(link)
        return link

    def note(self, group: str, name: str, contents: Nodes | None, flow: Flow | None) -> None:
        """Read a footnote where it is marked.

        One in the arguments of a template that shows the list of a group may leave the group to that template.
        """
        if contents and flow is None and not group:
            group = self.footnotes.group_of(name)
        reference, citation = self.footnotes.mark(group, name)
        if flow is not None:
            flow.add_citation(citation)
        if contents:
            fill(reference, self._read_note(contents))

    def _visit(self, node: Node, flow: Flow | None) -> Link | None:
        match node:
            case Template():
                visit_template(self, node, flow)
            case WikiLink():
                return self._visit_link(node, flow)
            case Tag():
                self._visit_tag(node, flow)
            case ExternalLink():
                self._visit_external(node, flow)
            case Heading():
                title = self.text(node.title)
                if flow is not None:
                    flow.add_heading(title, node.level)
            case Argument():
                self.walk(node.name, None)
                if node.default is not None:
                    self.walk(node.default, flow)
            case str():
                self.walk([node], flow)
        return None

    def _visit_link(self, node: WikiLink, flow: Flow | None) -> Link | None:
        name = text_only(node.title).strip()
        if not name:
            self.walk(node.title, None)
        target = self.targets.resolve(name)
        contents = node.text
        if target.kind in (Kind.FILE, Kind.CATEGORY, Kind.MEDIA):
            if target.kind is Kind.FILE:
                add_image(self, target, contents or [], flow)
            elif contents is not None:
                self.walk(contents, None)
            if target.kind is Kind.CATEGORY:
                self.categories.setdefault(target.title, named(target.title, self._project))
            return None
        if contents is None:
            contents = [] if target.kind is Kind.OTHER_WIKI else [name.removeprefix(":")]
        shown = self._show(contents, flow)
        return self.add_link(target.url, shown, flow) if target.kind is Kind.PAGE else None

    def _show(self, contents: Nodes, flow: Flow | None) -> str:
        """Write the text of a link; the text."""
        out = flow if flow is not None else Flow()
        plain = text_only(contents)
        place = out.place()
        if plain:
            out.write(plain.replace("\n", " "))
        else:
            self.walk(contents, out)
        return out.text_from(place)

    def _visit_external(self, node: ExternalLink, flow: Flow | None) -> None:
        address = text_only(node.url).strip()
        if not address:
            self.walk(node.url, None)
        shown = ""
        if node.text is not None:
            shown = self._show(node.text, flow)
        elif node.is_bare:
            shown = self._show(node.url, flow) if flow is not None else ""
        if address:
            self.add_link(self.targets.external(address), shown, flow)

    def _visit_tag(self, tag: Tag, flow: Flow | None) -> None:
        name = tag.name
        if tag.attributes:
            self._walk_attributes(tag)
        if name == _ONLY_WHEN_TRANSCLUDED:
            return
        if name == "ref":
            attributes = attributes_of(tag)
            self.note(attributes.get("group", ""), attributes.get("name", ""), tag.contents, flow)
        elif name == "references":
            self._read_references(tag)
        elif name == "gallery":
            read_gallery(self, tag)
        elif flow is None or name in _NO_TEXT or _is_hidden(tag):
            self.walk(tag.contents, None)
        elif name == "table":
            self._visit_table(tag, flow)
        elif name in ("sup", "sub"):
            flow.write_script(self.read(tag.contents).text(), raised=name == "sup")
        elif name == "br":
            flow.break_line()
        elif tag.markup and name in ("li", "dd", "dt"):
            flow.mark(tag.markup)
        else:
            self._walk_container(tag, flow)

    def _walk_attributes(self, tag: Tag) -> None:
        for name, value in tag.attributes:
            self.walk(name, None)
            if value is not None:
                self.walk(value, None)

    def _walk_container(self, tag: Tag, flow: Flow) -> None:
        name = tag.name
        if name == "li":
            flow.begin_item(self._list_markers or "*")
            self.walk(tag.contents, flow)
            flow.end_block_but_lists()
        elif name in _LIST_MARKERS:
            outer, self._list_markers = self._list_markers, self._list_markers + _LIST_MARKERS[name]
            self.walk(tag.contents, flow)
            self._list_markers = outer
        elif name in _BLOCKS:
            flow.end_block()
            self.walk(tag.contents, flow)
            flow.end_block()
        else:
            self.walk(tag.contents, flow)

    def _visit_table(self, tag: Tag, flow: Flow) -> None:
        kind = kind_of_table(tag) if self._table_depth < _MAX_TABLE_DEPTH else TableKind.NAVIGATION
        self._table_depth += 1
        if kind is TableKind.NAVIGATION:
            self.walk(tag.contents, None)
        elif kind is TableKind.LAYOUT:
            transcript, flow.transcript = flow.transcript, None
            self._walk_container(tag._replace(name="div"), flow)
            flow.transcript = transcript
        elif kind is TableKind.INFOBOX:
            infobox = read_table_infobox(self, tag)
            if infobox is not None:
                self.infoboxes.append(infobox)
        else:
            table = read_table(self.read, tag, self._spans)
            if table is not None:
                flow.add_table(table)
        self._table_depth -= 1

    def _read_references(self, tag: Tag) -> None:
        """The footnotes that are defined in the list of footnotes."""
        group = attributes_of(tag).get("group", "")
        for node in tag.contents:
            if isinstance(node, Tag) and node.name == "ref" and (name := attributes_of(node).get("name", "")):
                note = self._read_note(node.contents)
                self.footnotes.define(attributes_of(node).get("group", group), name, note)
            else:
                self.walk([node], None)

    def _read_note(self, contents: Nodes) -> Note:
        flow = self.read(contents)
        source, metadata = flow.source or ("", {})
        return Note(flow.text(), flow.links, source, metadata)


def _is_hidden(tag: Tag) -> bool:
    return bool(tag.attributes) and _HIDDEN.search(attributes_of(tag).get("style", "")) is not None
