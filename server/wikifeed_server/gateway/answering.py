"""Answers: a JSON array or object, or one JSON text a line where the client asks for NDJSON."""

from collections.abc import Sequence

import orjson
from aiohttp import hdrs, web

JSON, NDJSON, EVENT_STREAM = "application/json", "application/x-ndjson", "text/event-stream"


def wants(request: web.Request, content_type: str) -> bool:
    """Whether the client names this type among those that it accepts."""
    accepted = ",".join(request.headers.getall(hdrs.ACCEPT, ())).lower()
    return content_type in (each.partition(";")[0].strip() for each in accepted.split(","))


def answer_object(value: object) -> web.Response:
    """A JSON object."""
    return web.Response(body=orjson.dumps(value), content_type=JSON)


def answer_list(request: web.Request, values: Sequence[object]) -> web.Response:
    """A list of JSON objects."""
    return answer_texts(request, [orjson.dumps(value) for value in values])


def answer_texts(request: web.Request, texts: Sequence[bytes]) -> web.Response:
    """A list of JSON texts."""
    if wants(request, NDJSON):
        return web.Response(body=b"\n".join(texts), content_type=NDJSON)
    return web.Response(body=b"[%b]" % b",".join(texts), content_type=JSON)
