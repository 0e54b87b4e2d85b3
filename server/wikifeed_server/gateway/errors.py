"""Errors as Enterprise's API tells them: `{"status": 422, "message": "..."}` with the same HTTP status."""

import math
from collections.abc import Mapping

import orjson
from aiohttp import hdrs, web

from wikifeed_server.errors import (
    Code,
    LimitExceededError,
    OffsetExpiredError,
    QuotaExceededError,
    TooManyTriesError,
    WikifeedError,
)

_STATUSES = {
    Code.INVALID_ARGUMENT: 422,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 409,
    Code.OUT_OF_RANGE: 422,
    Code.UNAVAILABLE: 503,
    Code.DATA_LOSS: 500,
    Code.UNAUTHENTICATED: 401,
}


class HttpError(Exception):
    """A request can't be answered: the HTTP status, and a message that says what is wrong and what to do."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def unprocessable(field: str, problem: str) -> HttpError:
    """The error of a parameter that is wrong."""
    return HttpError(422, f"{field}: {problem}")


def http_error(error: WikifeedError) -> HttpError:
    """What an error of the tree is over HTTP."""
    if isinstance(error, OffsetExpiredError):
        return _gone(error)
    headers: dict[str, str] = {}
    if isinstance(error, LimitExceededError | QuotaExceededError | TooManyTriesError):
        headers[hdrs.RETRY_AFTER] = str(math.ceil(error.retry_seconds))
    if error.code is Code.UNAUTHENTICATED:
        headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    return HttpError(_STATUSES[error.code], error.message, headers)


def _gone(error: OffsetExpiredError) -> HttpError:
    """The error of a stream that begins before the log, in the words of its parameters."""
    oldest, snapshot = error.metadata["oldest_offset"], error.metadata.get("snapshot_identifier")
    begin = "download a snapshot and begin where it was made"
    if snapshot:
        after = int(error.metadata["snapshot_offset"]) + 1
        begin = f"download the snapshot {snapshot} and begin with offset {after} in all partitions"
    return HttpError(
        410, f"the log does not go back so far: the oldest offset kept is {oldest}; {begin}, or accept a gap"
    )


def error_response(error: HttpError) -> web.Response:
    """The answer that tells of it."""
    return web.Response(
        body=error_body(error), status=error.status, content_type="application/json", headers=error.headers
    )


def error_body(error: HttpError) -> bytes:
    """The JSON of an error, without the line's end."""
    return orjson.dumps({"status": error.status, "message": error.message})
