"""The client for threads, used as the one for asyncio is, so that each test holds for both."""

import asyncio
from collections.abc import Callable
from typing import Any

_END = object()


class Threaded:
    """A client or a stream for threads: what its methods do is awaited, and done in a thread."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not callable(value):
            return value
        return lambda *args, **options: _Deferred(lambda: value(*args, **options))

    def __aiter__(self) -> "Threaded":
        return self

    async def __anext__(self) -> Any:
        item = await asyncio.to_thread(next, self._inner, _END)
        if item is _END:
            raise StopAsyncIteration
        return item


class _Deferred:
    """A call that is made when it is awaited, iterated over or entered."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._value: Any = None

    def __await__(self) -> Any:
        return asyncio.to_thread(self._call).__await__()

    def __aiter__(self) -> Threaded:
        return Threaded(iter(self._call()))

    async def __aenter__(self) -> Threaded:
        self._value = await asyncio.to_thread(self._call)
        return Threaded(self._value)

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self._value.close)
