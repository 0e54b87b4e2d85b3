"""/v2/articles: every change as it happens, each with the whole article.

Promises of a stream: each change that passes the filters is sent once, those of a partition in the order of their
offsets; whoever comes again with the last offsets seen, or with Last-Event-ID, misses none. A client that reads slowly
is slowed, and costs no more than one block of text. Deletions and redirect pages are told of as the log has them,
without bodies, so that nobody keeps an article that is gone.

A stream that has nothing to send sends a blank (NDJSON) or a comment (server-sent events). It ends with the last whole
line when the server stops; whatever else ends it closes the connection without the end of the chunked body, so that
the client sees it was cut off.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import hdrs, web

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EventType
from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed_server.contract.fragments import HEAD_FIELDS
from wikifeed_server.contract.json.shapes import enum_words
from wikifeed_server.errors import ServerStoppingError, SubscriberStalledError
from wikifeed_server.gateway.answering import EVENT_STREAM, NDJSON, wants
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.errors import unprocessable
from wikifeed_server.gateway.ndjson import Form
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.peers import peer_of
from wikifeed_server.gateway.queries import Filter, read_query
from wikifeed_server.gateway.selecting import selection
from wikifeed_server.gateway.starting import Start, find_start, read_start
from wikifeed_server.services.fanout import Batch
from wikifeed_server.store.framing import PARTITIONS

_PATH = "/v2/articles"
_STREAM_CHANGES = "/wikifeed.v1.ChangeService/StreamChanges"
_LAST_EVENT_ID = "Last-Event-ID"
_EVENT_TYPES = {enum_words(EventType.DESCRIPTOR)[number]: number for number in EventType.values() if number}
# A stream that was silent for this share of the heartbeat's time sends one when it is given a batch of which it wants
# nothing: such a batch comes at least once in that time.
_SILENT_SHARE = 0.25


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of the realtime stream. Its head would never end either."""

    async def articles(request: web.Request) -> web.StreamResponse:
        return await _answer(parts, request)

    return [web.get(_PATH, articles, allow_head=False), web.post(_PATH, articles)]


async def _answer(parts: Parts, request: web.Request) -> web.StreamResponse:
    query = await read_query(request, parts.read_seconds)
    selection(Article.DESCRIPTOR, query.fields, query.filters, strict=True)  # says which of them is wrong
    asked = read_start(query.values)
    changes = StreamChangesRequest()
    left = _narrow(changes, query.filters)
    form = Form(query.fields, left, wants(request, EVENT_STREAM) and not wants(request, NDJSON))
    _mask(changes, form)
    start = await find_start(parts.reader, asked, request.headers.get(_LAST_EVENT_ID, "").strip())
    changes.after_offset = start.after
    changes = await admitted(parts, request, _STREAM_CHANGES, changes)
    caller = request[CALLER]
    partitions = asked.partitions if len(asked.partitions) < PARTITIONS else ()
    with request.app[GATE].stream(peer_of(request), caller.username):
        async with parts.guard.stream(caller), aclosing(parts.changes.batches(changes, partitions)) as batches:
            return await _send(parts, request, batches, _Texts(form, start, parts.heartbeat_seconds))


def _narrow(changes: StreamChangesRequest, filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Put into the request what the log can decide of the filters; the filters that are left."""
    left: list[Filter] = []
    for index, each in enumerate(filters):
        match each:
            case Filter("event.type", str(word)) if word not in _EVENT_TYPES:
                raise unprocessable(f"filters[{index}].value", f"events are {', '.join(_EVENT_TYPES)}")
            case Filter("event.type", str(word)) if not changes.event_types:
                changes.event_types.append(_EVENT_TYPES[word])
            case Filter("is_part_of.identifier", str(value)) if not changes.projects:
                changes.projects.append(value)
            case Filter("in_language.identifier", str(value)) if not changes.languages:
                changes.languages.append(value)
            case Filter("namespace.identifier", int(value)) if not changes.namespaces and _is_namespace(value):
                changes.namespaces.append(value)
            case _:
                left.append(each)
    return tuple(left)


def _is_namespace(value: int) -> bool:
    return not isinstance(value, bool) and -(2**63) <= value < 2**63


def _mask(changes: StreamChangesRequest, form: Form) -> None:
    """Have no more read than the form needs.

    Masks end at the article's own fields, but for its bodies: cutting deeper costs more than it saves.
    """
    paths = form.selection.mask_paths
    wanted = {path if path.startswith("article_body.") else path.partition(".")[0] for path in paths}
    if wanted and wanted <= HEAD_FIELDS:
        changes.no_body = True
    else:
        changes.read_mask.paths.extend(sorted(wanted))


class _Texts:
    """What one stream sends for each batch."""

    def __init__(self, form: Form, start: Start, heartbeat_seconds: float) -> None:
        self._form = form
        self._start = start
        self._even_after = start.even_after
        self._through = start.after
        self._silent_seconds = heartbeat_seconds * _SILENT_SHARE
        self._sent_at = time.monotonic()

    def of(self, batch: Batch) -> bytes:
        """The text; empty where there is nothing to say."""
        is_even = self._through >= self._even_after
        text = self._form.text(batch) if is_even else self._form.text_from(self._start, batch)
        self._through = batch.through_offset
        now = time.monotonic()
        if not text and now - self._sent_at >= self._silent_seconds:
            text = self._form.heartbeat(self._through)
        if text:
            self._sent_at = now
        return text

    @property
    def content_type(self) -> str:
        """The type of the whole."""
        return f"{EVENT_STREAM if self._form.event_stream else NDJSON}; charset=utf-8"


async def _send(
    parts: Parts, request: web.Request, batches: AsyncGenerator[Batch, None], texts: _Texts
) -> web.StreamResponse:
    batch = await anext(batches)  # comes at once; a start that can't be is told before the answer begins
    # Proxies that buffer answers would keep them from the client.
    headers = {hdrs.CONTENT_TYPE: texts.content_type, hdrs.CACHE_CONTROL: "no-cache", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    response.force_close()
    await response.prepare(request)
    try:
        while True:
            if text := texts.of(batch):
                await _write(request, response, text, parts.stalled_seconds)
            batch = await anext(batches)
    except (ServerStoppingError, ConnectionError):
        return response
    except BaseException:
        # Whatever ends it: no error can be told any more, but that the answer is not whole can.
        _cut_off(request, parts.stalled_seconds)
        raise


async def _write(request: web.Request, response: web.StreamResponse, text: bytes, stalled_seconds: float) -> None:
    """Raises SubscriberStalledError, and ConnectionError where the client is gone."""
    try:
        async with asyncio.timeout(stalled_seconds):
            await response.write(text)
    except TimeoutError:
        _cut_off(request, 0)
        raise SubscriberStalledError(f"the client took nothing for {stalled_seconds:g} seconds") from None


def _cut_off(request: web.Request, patience_seconds: float) -> None:
    """Close the connection once the client has what was sent, or has not taken it for too long."""
    transport = request.transport
    if transport is not None:
        transport.close()
        asyncio.get_running_loop().call_later(patience_seconds, transport.abort)
