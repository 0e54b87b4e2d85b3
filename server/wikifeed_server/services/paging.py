"""Page tokens of ListArticles: opaque to clients, and good only for the listing that they came from."""

import base64
import binascii
import zlib
from typing import NamedTuple

import orjson

from wikifeed.v1.article_service_pb2 import ListArticlesRequest
from wikifeed_server.errors import FieldViolation, InvalidRequestError

_MAX_INT64 = 2**63 - 1


class ListPosition(NamedTuple):
    """Where a listing goes on: as of which offset it is, and after which page."""

    offset: int
    page_id: int


def write_token(position: ListPosition, request: ListArticlesRequest) -> str:
    """The token to go on at `position` with the listing that `request` asks for."""
    return base64.urlsafe_b64encode(orjson.dumps([*position, _fingerprint(request)])).decode().rstrip("=")


def read_token(request: ListArticlesRequest, newest_offset: int) -> ListPosition:
    """The position in the request's token. Raises InvalidRequestError when the token is not of this listing."""
    try:
        padded = request.page_token + "=" * (-len(request.page_token) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise _refusal("is damaged; pass a next_page_token as it came") from error
    match values:
        case [int(offset), int(page_id), int(fingerprint)] if (
            0 <= offset <= newest_offset and 0 < page_id <= _MAX_INT64
        ):
            if fingerprint != _fingerprint(request):
                raise _refusal("comes from a listing with other fields; only page_size may differ from page to page")
            return ListPosition(offset, page_id)
        case _:
            raise _refusal("is none of this server's; begin the listing anew without page_token")


def _refusal(problem: str) -> InvalidRequestError:
    return InvalidRequestError([FieldViolation("page_token", problem)])


def _fingerprint(request: ListArticlesRequest) -> int:
    listing = ListArticlesRequest()
    listing.CopyFrom(request)
    listing.ClearField("page_token")
    listing.ClearField("page_size")
    return zlib.crc32(listing.SerializeToString(deterministic=True))
