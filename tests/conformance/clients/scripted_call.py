"""What calls of all methods have in common: they do the steps of a script, then behave well."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from call_record import as_json
from google.protobuf.message import Message
from made_up_contents import make_newer
from made_up_status import CallEndedError
from scripted_snapshots import SiteSnapshots

Request = TypeVar("Request", bound=Message)


class Site(Protocol):
    """What a call needs of the site that it came to."""

    words: Mapping[str, Any]
    log: int
    oldest: int
    acknowledged: dict[str, int]
    snapshots: SiteSnapshots

    async def cut(self, port: int, refuse: int) -> None: ...
    async def move(self, grace_seconds: float) -> None: ...


class ScriptedCall(ABC):
    """One call, on the connection of a port. `record` is what is told of it; it grows while the call goes on."""

    def __init__(
        self,
        site: Site,
        method: str,
        port: int,
        requests: AsyncIterator[bytes],
        write: Callable[[bytes], Awaitable[None]],
        record: dict[str, Any],
    ) -> None:
        self.site = site
        self.method = method
        self._port = port
        self.requests = requests
        self.record = record
        self._write = write

    @abstractmethod
    async def open(self) -> None:
        """Read what is asked for, and put it into the record."""

    @abstractmethod
    async def step(self, step: Mapping[str, Any]) -> None:
        """Do a step that is of this method alone."""

    @abstractmethod
    async def finish(self) -> None:
        """Answer as a server does that behaves well."""

    async def close(self) -> None:
        """Let go of what the call holds."""
        return

    async def run(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """Do the steps, then the rest. Raises CallEndedError where a step says so."""
        for step in steps:
            match step:
                case {"end": True}:
                    return
                case {"status": words}:
                    raise CallEndedError(words)
                case {"stall": True}:
                    await _for_ever()
                case {"grow": count}:
                    self.site.log += count
                case {"forget": offset}:
                    self.site.oldest = offset
                case {"cut": True}:
                    await self.site.cut(self._port, step.get("refuse", 0))
                    await _for_ever()
                case {"move": True}:
                    await self.site.move(step["grace_seconds"])
                case _:
                    await self.step(step)
        await self.finish()

    async def ask(self, kind: type[Request]) -> Request:
        """The call's first or only request."""
        request = kind.FromString(await anext(self.requests))
        self.record.update(as_json(request))
        return request

    async def send(self, message: Message) -> None:
        """Send a message."""
        if self.site.words.get("newer"):
            make_newer(message)
        await self._write(message.SerializeToString())


async def _for_ever() -> None:
    """Wait until the call is cancelled, as it is when its client goes away."""
    await asyncio.Event().wait()
