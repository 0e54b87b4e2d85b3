"""What a wiki's answers to HTTP requests mean: an answer, trouble that may pass, or a refusal."""

from typing import Any

import aiohttp
import orjson

from wikifeed_server.errors import SourceError, SourceRefusedError
from wikifeed_server.sources.mediawiki.etiquette import wished_wait

# https://www.mediawiki.org/wiki/API:Errors_and_warnings; internal errors bear the name of the exception behind.
_PASSING_CODES = frozenset({"maxlag", "ratelimited", "readonly", "internalerror"})
_PASSING_PREFIX = "internal_api_error"
_REFUSING_CODES = frozenset({"readapidenied", "permissiondenied", "blocked", "autoblocked", "apidisabled"})
_PASSING_STATUSES = frozenset({408, 425, 429})
_CHUNK_BYTES = 1 << 16


class BusyError(SourceError):
    """The wiki can't answer at this time; it wishes to be left alone for `wait` seconds."""

    reason = "SOURCE_BUSY"

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class FailedPageError(BusyError):
    """The wiki is well but could not make this one page."""


async def json_answer(response: aiohttp.ClientResponse, limit: int) -> dict[str, Any]:
    """The answer of api.php. Raises BusyError, SourceRefusedError, SourceError."""
    url = response.url.with_query(None)
    _check_status(response)
    body = await _body(response, limit)
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        if response.content_type == "application/json":
            raise BusyError(f"{url} answered with JSON that is cut off or damaged") from None
        answer = None
    if not isinstance(answer, dict):
        raise SourceRefusedError(
            f"{url} answered with {response.content_type} instead of JSON: it is not a MediaWiki's api.php, or a login "
            "or a proxy stands before it; open the address in a browser and give the one of api.php"
        )
    errors = answer.get("errors") or ([answer["error"]] if "error" in answer else [])
    if errors:
        _raise_for(errors[0], response)
    return answer


async def page_answer(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The answer of rest.php; None where it has none for us. Raises BusyError, SourceRefusedError, SourceError."""
    if response.status == 500 and response.content_type == "application/json":
        # MediaWiki itself answers, so what failed is the page and not the server.
        raise FailedPageError(f"{response.url} failed with status 500", wished_wait(response.headers))
    if 400 <= response.status < 500 and response.status not in {401, *_PASSING_STATUSES}:
        return None
    _check_status(response)
    return await _body(response, limit)


def _check_status(response: aiohttp.ClientResponse) -> None:
    status, url = response.status, response.url.with_query(None)
    if status >= 500 or status in _PASSING_STATUSES:
        raise BusyError(f"{url} answered with status {status} {response.reason}", wished_wait(response.headers))
    if 300 <= status < 400:
        raise SourceRefusedError(f"{url} has moved to {response.headers.get('Location', '?')}: give that address")
    if status in {401, 403}:
        raise SourceRefusedError(
            f"{url} refuses us (status {status}): the wiki is private or blocks programs; its owner must let this "
            "machine and the User-Agent Wikifeed read its API"
        )
    if status != 200:
        raise SourceRefusedError(
            f"{url} answered with status {status} {response.reason}: there is no api.php; "
            "Special:Version of the wiki tells its address under 'Entry point URLs'"
        )


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > limit:
            raise SourceError(f"{response.url} answered with more than {limit} bytes, which no wiki's page has")
    return bytes(body)


def _raise_for(error: dict[str, Any], response: aiohttp.ClientResponse) -> None:
    """Raise what an error of the API amounts to; "text" is what errorformat=plaintext has, "info" the old format."""
    url = response.url.with_query(None)
    code, text = str(error.get("code", "")), str(error.get("text") or error.get("info") or "")
    if code in _PASSING_CODES or code.startswith(_PASSING_PREFIX):
        raise BusyError(f"{url}: {text} ({code})", wished_wait(response.headers))
    if code in _REFUSING_CODES:
        raise SourceRefusedError(
            f"{url} refuses us: {text} ({code}); its owner must let anonymous readers use the API", {"code": code}
        )
    raise SourceError(f"{url} did not take the query: {text} ({code})", {"code": code})
