"""One wiki's API and REST API, asked as its etiquette wants it and until it answers.

Promises:

1. A request that fails for a reason that may pass (connection, 429, 5xx, lag, a wiki that is read-only) is made again
   for ever, ever more slowly; who waits for it may be cancelled at any time.
2. A wish to be left alone (Retry-After, lag) holds up all requests, not just the one that met it.
3. Identical requests share one answer only while none of them is under way, so no answer is older than its question.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from wikifeed_server.errors import SourceError
from wikifeed_server.sources.events import Condition
from wikifeed_server.sources.mediawiki.answers import BusyError, FailedPageError, json_answer, page_answer
from wikifeed_server.sources.mediawiki.etiquette import Etiquette, require_contact, user_agent
from wikifeed_server.sources.mediawiki.flights import Flights

__all__ = ["Etiquette", "WikiApi", "require_contact", "user_agent"]

# Longer ones are posted: servers take addresses of 8 KB, proxies sometimes fewer.
_LONGEST_QUERY = 2000
# An answer that takes too long may get more time with each attempt, up to this many times as much.
_MORE_TIME = 8


class WikiApi:
    """The two interfaces of one wiki. The session stays its owner's.

    `api_url` is that of api.php, `rest_url` that of rest.php.
    """

    def __init__(
        self,
        api_url: str,
        rest_url: str,
        session: aiohttp.ClientSession,
        etiquette: Etiquette,
        condition: Condition | None = None,
    ) -> None:
        self.api_url = api_url
        self.rest_url = rest_url
        self.etiquette = etiquette
        self.condition = condition if condition is not None else Condition()
        self._session = session
        self._turns = asyncio.Semaphore(etiquette.concurrency)
        self._not_before = 0.0
        self._flights = Flights()

    async def query(self, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        """The whole answer of api.php, formatversion 2; action is "query" unless given. Not to be changed.

        Raises SourceRefusedError where the wiki has no API for us, SourceError (metadata `code`) for wrong parameters.
        """
        asked = {
            "action": "query",
            "format": "json",
            "formatversion": 2,
            "errorformat": "plaintext",
            "errorlang": "en",
            **({"maxlag": self.etiquette.maxlag} if self.etiquette.maxlag else {}),
            **parameters,
        }
        encoded = urlencode(asked)

        async def send(seconds: float) -> dict[str, Any]:
            if len(encoded) <= _LONGEST_QUERY:
                request = self._request("GET", f"{self.api_url}?{encoded}", seconds)
            else:
                request = self._request("POST", self.api_url, seconds, encoded)
            async with request as response:
                return await json_answer(response, self.etiquette.answer_bytes)

        answer: dict[str, Any] = await self._flights.join(
            f"api {encoded}", lambda departs: self._persist(send, departs)
        )
        return answer

    async def query_all(self, parameters: Mapping[str, str | int]) -> AsyncGenerator[dict[str, Any], None]:
        """The answer and all its continuations, as `query` gives them."""
        continued: dict[str, str | int] = {}
        while True:
            answer = await self.query({**parameters, **continued})
            yield answer
            if "continue" not in answer:
                return
            if answer["continue"] == continued:
                raise SourceError(f"{self.api_url} continues {parameters} where it was: {continued}")
            continued = answer["continue"]

    async def get(self, path: str) -> bytes | None:
        """What the REST API has at a path ("/v1/revision/12/html", percent-encoded).

        None where it has nothing for us (404, a hidden revision) or fails to make it time and again. Raises
        SourceRefusedError where it wants a login.
        """
        attempts = 0

        async def send(seconds: float) -> bytes | None:
            nonlocal attempts
            attempts += 1
            async with self._request("GET", self.rest_url + path, seconds) as response:
                try:
                    return await page_answer(response, self.etiquette.answer_bytes)
                except FailedPageError:
                    if attempts < self.etiquette.page_attempts:
                        raise
                    return None

        answer: bytes | None = await self._flights.join(f"rest {path}", lambda departs: self._persist(send, departs))
        return answer

    def _request(
        self, method: str, url: str, seconds: float, form: str | None = None
    ) -> "aiohttp.client._RequestContextManager":
        headers = {"User-Agent": self.etiquette.user_agent} if self.etiquette.user_agent else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._session.request(
            method,
            URL(url, encoded=True),
            data=form,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=seconds),
            # A redirected POST becomes a GET without its form.
            allow_redirects=form is None,
        )

    async def _persist(self, send: Callable[[float], Awaitable[Any]], departs: Callable[[], None]) -> Any:
        """Send until there is an answer; `departs` is told when the request is sent first."""
        failures = late = 0
        while True:
            wish = 0.0
            try:
                async with self._turns:
                    await self._wait_for_leave()
                    departs()
                    answer = await send(self.etiquette.patience.request * min(1 << late, _MORE_TIME))
            except BusyError as error:
                reason, wish = error.message, error.wait
                self._not_before = max(self._not_before, time.monotonic() + wish)
            except TimeoutError:
                late += 1
                reason = f"{self.api_url} did not answer in time"
            except aiohttp.ClientError as error:
                reason = f"{self.api_url} can't be reached: {error or type(error).__name__}"
            else:
                self._succeeded()
                return answer
            failures += 1
            self._failed(reason)
            await asyncio.sleep(self.etiquette.delay(failures, wish))

    async def _wait_for_leave(self) -> None:
        wait = self._not_before - time.monotonic()
        while wait > 0:
            await asyncio.sleep(wait)
            wait = self._not_before - time.monotonic()

    def _succeeded(self) -> None:
        moment = time.time_ns() // 1000
        self.condition.retries = 0
        self.condition.last_sign = moment
        self.condition.connected_since = self.condition.connected_since or moment

    def _failed(self, reason: str) -> None:
        self.condition.retries += 1
        self.condition.failures += 1
        self.condition.connected_since = 0
        self.condition.last_error = reason
        self.condition.last_error_time = time.time_ns() // 1000
