"""Messages of the contract as answers: all of a kind, or one, cut and filtered as the request asks."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from wikifeed_server.contract.json import message_to_object
from wikifeed_server.gateway.answering import answer_list, answer_object
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.gateway.queries import read_query
from wikifeed_server.gateway.selecting import selection


async def show_all(
    parts: Parts, request: web.Request, kind: Descriptor, find: Callable[[], Awaitable[Iterable[Message]]]
) -> web.Response:
    """Those of the messages of a kind that pass the request's filters, at most its limit, or all where that is not
    above 0. Raises HttpError (422).
    """
    query = await read_query(request, parts.read_seconds)
    chosen = selection(kind, query.fields, query.filters)
    found = chosen.apply([message_to_object(each) for each in await find()])
    return answer_list(request, found[: query.limit] if query.limit and query.limit > 0 else found)


async def show_one(
    parts: Parts, request: web.Request, kind: Descriptor, find: Callable[[], Awaitable[Message]]
) -> web.Response:
    """A message with the fields that the request asks for. Raises HttpError (422)."""
    query = await read_query(request, parts.read_seconds)
    chosen = selection(kind, query.fields, query.filters)
    return answer_object(chosen.cut(message_to_object(await find())))
