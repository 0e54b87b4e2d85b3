"""Batches of changes as the text of a realtime stream: NDJSON, or server-sent events.

A live batch is one for all subscribers of a selection, and so is each text that is made of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.contract.json import article_to_json, message_to_object
from wikifeed_server.gateway.queries import Filter
from wikifeed_server.gateway.selecting import Selection, selection
from wikifeed_server.gateway.starting import Start
from wikifeed_server.services.fanout import Batch

# How many texts a live batch keeps: who comes with yet another form makes its own, so that memory is bounded.
_MOST_FORMS = 16
_EVENT = "event.*"
_LINE_ENDS = tuple((chr(code).encode(), b"\\u%04x" % code) for code in (0x85, 0x2028, 0x2029))


@dataclass(frozen=True, slots=True)
class Form:
    """What of each article, and how it is written. Equal forms make equal texts.

    `fields` are those asked for, all where there are none; the event is among them whatever they are. `filters` are
    those that the log does not decide.
    """

    fields: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    event_stream: bool = False

    @property
    def selection(self) -> Selection:
        """The fields and filters over the articles' JSON. Raises HttpError (422) where there can be none."""
        fields = (*self.fields, _EVENT) if self.fields else ()
        return selection(Article.DESCRIPTOR, fields, self.filters, strict=True)

    def text(self, batch: Batch) -> bytes:
        """The articles of a batch; empty where none passes."""
        if not batch.changes_count:
            return b""
        made = batch.forms.get(self)
        if made is None:
            made = self._written(StreamChangesResponse.FromString(batch.data).changes)
            if len(batch.forms) < _MOST_FORMS:
                batch.forms[self] = made
        return made

    def text_from(self, start: Start, batch: Batch) -> bytes:
        """Those of them that are not before their partition's start."""
        later = start.later
        changes = StreamChangesResponse.FromString(batch.data).changes
        return self._written([each for each in changes if each.offset > later.get(each.article.event.partition, 0)])

    def heartbeat(self, through_offset: int) -> bytes:
        """What tells the client that the stream lives, and what came of it up to an offset.

        Lines of NDJSON can't be empty for all clients, but each may begin with a blank. An event without data only
        moves Last-Event-ID.
        """
        return b":\nid: %d\n\n" % through_offset if self.event_stream else b" "

    def _written(self, changes: Sequence[Change]) -> bytes:
        write = self._writer()
        texts = [(change.offset, write(change.article)) for change in changes]
        if self.event_stream:
            return _in_lines(b"".join(b"id: %d\nevent: message\ndata: %b\n\n" % each for each in texts if each[1]))
        return _in_lines(b"".join(b"%b\n" % text for _, text in texts if text))

    def _writer(self) -> Callable[[Article], bytes]:
        """What writes an article; nothing of one that does not pass."""
        chosen = self.selection
        if not chosen.tree and not chosen.tests:
            return article_to_json

        def write(article: Article) -> bytes:
            value = message_to_object(article)
            return orjson.dumps(chosen.cut(value)) if chosen.passes(value) else b""

        return write


def _in_lines(text: bytes) -> bytes:
    """JSON texts without the characters at which some clients (httpx's for one) end a line beside its real end.

    Their bytes stand inside JSON's strings alone, where their escapes mean the same.
    """
    for character, escape in _LINE_ENDS:
        if character in text:
            text = text.replace(character, escape)
    return text
