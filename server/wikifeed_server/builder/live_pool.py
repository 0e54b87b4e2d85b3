"""Worker processes that understand live pages, whichever wikis they are of, without blocking the event loop.

Promises are those of `pool`: bounds on a page's time and memory, pages that exceed them marked, workers replaced, no
worker left behind. Besides:

1. A page is built at once while a worker is idle. While none is, pages wait, and the next idle worker takes its share
   of those that wait in one request: a page's way to a worker and back costs most where there is least to do.
2. The files of word lists are checked before anything is built.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

from wikifeed_server.builder.live import LivePage
from wikifeed_server.builder.messages import Built, WorkerSetup
from wikifeed_server.builder.signals.breaking_news import NewsRule
from wikifeed_server.builder.signals.word_lists import check_word_lists
from wikifeed_server.builder.workers import BuildLimits, Crew, Result
from wikifeed_server.content import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.errors import SourceCorruptError


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How live pages are built.

    news: what counts as breaking news. word_lists: a folder of word lists (signals/word_lists.py), None for none.
    batch_pages, batch_bytes: what a worker gets at once under load; a few hundredths of a second's work, so that one
    large page holds up few others.
    """

    news: NewsRule = field(default_factory=NewsRule)
    word_lists: Path | None = None
    batch_pages: int = 16
    batch_bytes: int = 256 << 10


class _Waiting(NamedTuple):
    """A page, and who waits for it."""

    page: LivePage
    built: "asyncio.Future[Built]"


class LivePool:
    """The workers, for one event loop. Use as a context: entering starts them, leaving ends them."""

    def __init__(
        self,
        limits: BuildLimits | None = None,
        options: LiveOptions | None = None,
        vocabulary: Vocabulary = DEFAULT_VOCABULARY,
    ) -> None:
        """Raises ConfigError where the word lists can't be read."""
        limits = limits or BuildLimits()
        self._options = options or LiveOptions()
        if self._options.word_lists is not None:
            check_word_lists(self._options.word_lists)
        setup = WorkerSetup(
            None,
            vocabulary,
            limits.page_seconds,
            limits.page_memory_bytes,
            limits.resident_bytes,
            self._options.news,
            self._options.word_lists,
        )
        self._crew = Crew(setup, limits.workers)
        self._waiting: deque[_Waiting] = deque()
        self._busy = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the workers, so that the first pages need not wait for them; they can be asked when this returns."""
        await asyncio.gather(*map(asyncio.wrap_future, self._crew.start()))

    async def close(self) -> None:
        """End the workers, whatever they are at; who still waits for a page is cancelled."""
        for waiting in self._waiting:
            waiting.built.cancel()
        self._waiting.clear()
        await asyncio.to_thread(self._crew.close)

    async def build_page(self, page: LivePage) -> Built:
        """What became of a page."""
        (built,) = await self.build_pages((page,))
        return built

    async def build_pages(self, pages: Sequence[LivePage]) -> list[Built]:
        """What became of the pages, in their order."""
        loop = asyncio.get_running_loop()
        asked = [_Waiting(page, loop.create_future()) for page in pages]
        self._waiting.extend(asked)
        self._hand_out()
        return await asyncio.gather(*(waiting.built for waiting in asked))

    def processes(self) -> list[int]:
        """The ids of the worker processes that run at this moment."""
        return self._crew.processes()

    def _hand_out(self) -> None:
        while self._waiting and self._busy < self._crew.size:
            share = self._share()
            self._busy += 1
            results = asyncio.wrap_future(self._crew.submit(tuple(waiting.page for waiting in share)))
            results.add_done_callback(partial(self._deliver, share))

    def _share(self) -> list[_Waiting]:
        """What the next idle worker gets of the pages that wait: at least one."""
        idle = self._crew.size - self._busy
        most = min(self._options.batch_pages, -(-len(self._waiting) // idle))
        share: list[_Waiting] = []
        size_bytes = 0
        while self._waiting and len(share) < most:
            size_bytes += self._waiting[0].page.size_bytes
            if share and size_bytes > self._options.batch_bytes:
                break
            share.append(self._waiting.popleft())
        return share

    def _deliver(self, share: list[_Waiting], results: "asyncio.Future[tuple[Result, ...]]") -> None:
        self._busy -= 1
        if results.cancelled():
            for waiting in share:
                waiting.built.cancel()
            return
        if (error := results.exception()) is not None:
            for waiting in share:
                if not waiting.built.done():
                    waiting.built.set_exception(error)
        else:
            for waiting, result in zip(share, results.result(), strict=True):
                if waiting.built.done():  # its caller gave up
                    continue
                if isinstance(result, SourceCorruptError):
                    waiting.built.set_exception(result)
                else:
                    waiting.built.set_result(result)
        self._hand_out()
