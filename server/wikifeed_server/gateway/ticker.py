"""/status/changes: what happens, as server-sent events, for people to watch.

Each event holds rows, the oldest first, and `through_offset`; it comes at most four times a second. Where changes come
faster than people read, the newest rows are sent and those before them passed over, so that a watcher is never behind:
who must have all of them asks /v2/articles or StreamChanges. Watchers of the same projects share a lane of the stream
and the making of the rows.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import lru_cache
from typing import Any

import orjson
from aiohttp import hdrs, web

from wikifeed.v1.change_pb2 import Change, EventType
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.contract.json.shapes import enum_words
from wikifeed_server.errors import WikifeedError, only_error
from wikifeed_server.gateway.answering import EVENT_STREAM
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.peers import peer_of

_STREAM = "/wikifeed.v1.ChangeService/StreamChanges"
_ROWS = 50
_LOOKED_THROUGH = 2000  # changes before the newest among which rows of a project are looked for
_PAUSE_SECONDS = 0.25
_WORDS = enum_words(EventType.DESCRIPTOR)
_HEADERS = {str(hdrs.CONTENT_TYPE): EVENT_STREAM, str(hdrs.CACHE_CONTROL): "no-store", "X-Accel-Buffering": "no"}


def routes(parts: Parts) -> list[web.RouteDef]:
    """The route of the ticker."""

    async def changes(request: web.Request) -> web.StreamResponse:
        asked = await admitted(parts, request, _STREAM, await _request(parts, request.query.get("project", "")))
        response = web.StreamResponse(headers=_HEADERS)
        caller = request[CALLER]
        with request.app[GATE].stream(peer_of(request), caller.username):
            try:
                async with parts.guard.stream(caller):
                    await response.prepare(request)
                    await _show(parts.changes.StreamChanges(asked), response, parts.stalled_seconds)
            except (WikifeedError, ExceptionGroup) as error:
                await _end(response, error)
        return response

    return [web.get("/status/changes", changes, allow_head=False)]  # its head would never end either


async def _request(parts: Parts, project: str) -> StreamChangesRequest:
    """What is streamed: the last changes, then those that come."""
    info = await parts.reader.log_info()
    after = max(info.newest_offset - (_LOOKED_THROUGH if project else _ROWS), info.oldest_offset - 1, 0)
    return StreamChangesRequest(after_offset=after, projects=[project] if project else [], no_body=True)


async def _show(changes: AsyncGenerator[bytes, None], response: web.StreamResponse, stalled_seconds: float) -> None:
    """Send rows until the stream ends, or the watcher takes nothing."""
    rows: deque[bytes] = deque(maxlen=_ROWS)
    through = 0
    arrived = asyncio.Event()

    async def gather() -> None:
        nonlocal through
        async with aclosing(changes):
            async for data in changes:
                came, through = _rows(data)
                rows.extend(came)
                arrived.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(gather())
        while True:
            await arrived.wait()
            arrived.clear()
            event = b'data: {"through_offset":%d,"changes":[%b]}\n\n' % (through, b",".join(rows))
            rows.clear()
            async with asyncio.timeout(stalled_seconds):
                await response.write(event)
            await asyncio.sleep(_PAUSE_SECONDS)


@lru_cache(maxsize=8)
def _rows(data: bytes) -> tuple[tuple[bytes, ...], int]:
    """The last rows of a serialized StreamChangesResponse, as JSON, and its `through_offset`."""
    response = StreamChangesResponse.FromString(data)
    return tuple(orjson.dumps(_row(change)) for change in response.changes[-_ROWS:]), response.through_offset


def _row(change: Change) -> dict[str, Any]:
    article = change.article
    return {
        "offset": change.offset,
        "time": change.date_published.ToMicroseconds(),
        "type": _WORDS.get(change.event_type, ""),
        "project": article.is_part_of.identifier,
        "title": article.name,
        "page_id": article.identifier,
        "namespace": article.namespace.identifier,
        "namespace_name": article.namespace.name,
        "editor": article.version.editor.name,
        "is_bot": article.version.editor.is_bot,
        "previous_title": change.previous_name,
        "redirect_target": change.redirect_target,
    }


async def _end(response: web.StreamResponse, error: WikifeedError | ExceptionGroup[Exception]) -> None:
    """Tell a watcher why there is no more; where nothing was sent yet, the error is the answer."""
    found = only_error(error) if isinstance(error, ExceptionGroup) else error
    if response.prepared and isinstance(found, OSError):
        return  # the watcher went away, or took nothing for too long
    if not isinstance(found, WikifeedError) or not response.prepared:
        raise found
    await response.write(b"event: end\ndata: %b\n\n" % orjson.dumps({"message": found.message}))
