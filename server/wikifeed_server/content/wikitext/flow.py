"""Text as it flows out of a page: cut into paragraphs, lists and headings at the ends of lines, as MediaWiki does."""

from collections.abc import Iterator
from typing import NamedTuple

from wikifeed_server.content.lead import OMITTED, superscript
from wikifeed_server.content.structure import Citation, Image, Link, Part, Table
from wikifeed_server.content.wikitext.tidying import tidied

# JSON and protobuf readers bound how deep a message nests; nothing that people write comes near.
_MAX_LIST_DEPTH = 16
_BLANK = " \t\r\f\v" + OMITTED


class Heading(NamedTuple):
    """A heading among blocks: its text, its level from 1 to 6."""

    title: str
    level: int


class TablePlace(NamedTuple):
    """Where a table stood among blocks: its number among the tables of the flow, from 0."""

    number: int


Block = Part | Heading | TablePlace


class _Level:
    """An open list: its items, and whether the last item was left out because it had no text."""

    __slots__ = ("items", "lacks_last")

    def __init__(self, items: list[Part]) -> None:
        self.items = items
        self.lacks_last = False


class Flow:
    """Takes what a walk over a page comes by, in page order; `finish` gives the blocks that it makes.

    `transcript` gets the same text as it comes, up to the first heading, for who makes something else of it. A line
    break within a paragraph is a space, or the paragraph's end where the flow is `broken`. Raised and lowered text is
    left out where the flow is `level`, as Enterprise does in sections; else Unicode's characters stand for it.
    """

    def __init__(
        self,
        *,
        transcript: list[str] | None = None,
        broken: bool = False,
        level: bool = False,
        holds_infoboxes: bool = False,
    ) -> None:
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.tables: list[Table] = []
        self.infobox_sections: list[Part] | None = [] if holds_infoboxes else None
        self.source: tuple[str, dict[str, str]] | None = None  # kind and parameters of the first source that is cited
        self.markers = ""  # those of the list item that is open
        self.transcript = transcript
        self._is_broken = broken
        self._is_level = level
        self._pieces: list[str] = []
        self._line_start = 0  # which piece begins the line
        self._blank_pieces = 0  # how many are known to show nothing, from the first
        self._lists: list[_Level] = []
        self._list_markers = ""
        self._line_links: list[Link] = []
        self._citations: list[Citation] = []

    def write(self, text: str) -> None:
        """Text as it stands in the page: line ends mean what they mean there."""
        if self.transcript is not None:
            self.transcript.append(text)
        if "\n" not in text:
            self._pieces.append(text)
            return
        first, *lines = text.split("\n")
        self._pieces.append(first)
        for line in lines:
            self._end_line()
            if line:
                self._pieces.append(line)

    def write_script(self, text: str, *, raised: bool) -> None:
        """Text in superscript or subscript."""
        shown = superscript(text) if raised else text
        if not self._is_level:
            self.write(shown)
        elif self.transcript is not None:
            self.transcript.append(shown)

    def place(self) -> int:
        """Where the text is that is written next, for `text_from`."""
        return len(self._pieces)

    def text_from(self, place: int) -> str:
        """The text written since `place` was asked for; only what stands in the last paragraph or item."""
        return tidied("".join(self._pieces[place if place <= len(self._pieces) else 0 :]))

    def is_empty(self) -> bool:
        """Whether nothing was written that shows."""
        while self._blank_pieces < len(self._pieces) and not self._pieces[self._blank_pieces].strip(_BLANK):
            self._blank_pieces += 1
        return not self.blocks and not self.markers and self._blank_pieces == len(self._pieces)

    def omit(self) -> None:
        """Leave a mark where something stands that is not known."""
        self.write(OMITTED)

    def add_link(self, link: Link) -> None:
        """A link whose text was written."""
        self._line_links.append(link)
        self.links.append(link)

    def add_citation(self, citation: Citation) -> None:
        """A footnote mark."""
        self._citations.append(citation)

    def add_heading(self, title: str, level: int) -> None:
        """A heading: what follows is its section."""
        self.end_block()
        self.transcript = None
        self.blocks.append(Heading(title, level))

    def add_table(self, table: Table) -> None:
        """A table, standing between blocks."""
        self.end_block()
        self.blocks.append(TablePlace(len(self.tables)))
        self.tables.append(table)

    def break_line(self) -> None:
        """A line break within a paragraph."""
        if self._is_broken and not self.markers:
            self._end_paragraph()
        else:
            self.write(" ")

    def mark(self, marker: str) -> None:
        """A list marker of the wiki's markup: "*", "#", ":" or ";" at a line's beginning, ":" behind a term too."""
        if not self.markers:
            self.end_block_but_lists()
        elif self._pieces:
            # A meaning behind its term: "; term : meaning".
            markers = self.markers
            self._end_item()
            self.markers = markers[:-1]
        if len(self.markers) < _MAX_LIST_DEPTH:
            self.markers += marker

    def begin_item(self, markers: str) -> None:
        """An item of a list that was written as tags or a template; `markers` as the markup would have them."""
        self.end_block_but_lists()
        self.markers = markers[:_MAX_LIST_DEPTH]

    def end_block_but_lists(self) -> None:
        """End the line and its paragraph; a list goes on if an item follows."""
        if self.markers:
            self._end_item()
        elif any(piece.strip(" \t") for piece in self._pieces):
            self._end_paragraph()
        else:
            self._pieces.clear()
            self._line_start = self._blank_pieces = 0

    def end_block(self) -> None:
        """End what is open: what follows is no part of it."""
        if self.markers:
            self._end_item()
        self._end_paragraph()

    def finish(self) -> list[Block]:
        """All blocks. The flow takes no more."""
        self.end_block()
        return self.blocks

    def texts(self) -> list[str]:
        """The texts of all blocks and of what is within them. The flow takes no more."""
        return list(texts_within(self.finish()))

    def text(self) -> str:
        """All text in one line. The flow takes no more."""
        return " ".join(self.texts())

    def _end_line(self) -> None:
        if self.markers:
            self._end_item()
        elif any(piece.strip(_BLANK) for piece in self._pieces[self._line_start :]):
            self._pieces.append(" ")
            self._line_start = len(self._pieces)
            self._close_lists()
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        self._close_lists()
        part = self._take_part("paragraph")
        if part is not None:
            self.blocks.append(part)

    def _end_item(self) -> None:
        markers, self.markers = self.markers, ""
        item = self._take_part("list_item")
        markers = markers.replace(";", ":")
        shared = _shared_length(self._list_markers, markers)
        del self._lists[shared:]
        self._list_markers = markers[:shared]
        if item is not None:
            for marker in markers[shared:]:
                self._open_list(marker)
            self._lists[-1].items.append(item)
            self._lists[-1].lacks_last = False
        elif shared == len(markers):
            self._lists[-1].lacks_last = True

    def _open_list(self, marker: str) -> None:
        items: list[Part] = []
        part: Part = {"type": "list", "has_parts": items}
        if self._lists:
            _parts_of_last(self._lists[-1]).append(part)
        else:
            self.blocks.append(part)
        self._lists.append(_Level(items))
        self._list_markers += marker

    def _close_lists(self) -> None:
        self._lists.clear()
        self._list_markers = ""

    def _take_part(self, kind: str) -> Part | None:
        """What was written since the last part, as a part; None where that shows nothing."""
        pieces, self._pieces = self._pieces, []
        self._line_start = self._blank_pieces = 0
        links, self._line_links = self._line_links, []
        citations, self._citations = self._citations, []
        value = tidied("".join(pieces))
        if not value:
            return None
        part: Part = {"type": kind, "value": value}
        if links:
            part["links"] = links
        if citations:
            part["citations"] = citations
        return part


def texts_within(blocks: list[Block] | list[Part]) -> Iterator[str]:
    """Headings and values of blocks and of the parts within them, in page order."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.title
        elif not isinstance(block, TablePlace):
            if value := block.get("name") or block.get("value"):
                yield value
            yield from texts_within(block.get("has_parts", []))


def _parts_of_last(level: _Level) -> list[Part]:
    """The parts within a list's last item; an item without a text takes the place of one that was left out."""
    if level.lacks_last or not level.items:
        level.items.append({"type": "list_item"})
        level.lacks_last = False
    return level.items[-1].setdefault("has_parts", [])


def _shared_length(first: str, second: str) -> int:
    """How long the beginning is that both texts have."""
    pairs = zip(first, second, strict=False)
    return next((place for place, (ours, theirs) in enumerate(pairs) if ours != theirs), min(len(first), len(second)))
