"""A guard that lets everybody in, for tests of what is answered to those who were let in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from google.protobuf.message import Message

from wikifeed_server.accounts.model import OPEN_CALLER, Caller, UsageKind
from wikifeed_server.errors import WikifeedError


class OpenGuard:
    """Implements `accounts.guard.Guard`.

    `who` is what all callers are, `refusal` what calls are refused with and `spent` what downloads are, where they are
    set; `projects` narrows requests that have projects. `admitted` and `downloads` keep what was let in.
    """

    required = False

    def __init__(self) -> None:
        self.who = OPEN_CALLER
        self.projects: tuple[str, ...] = ()
        self.refusal: WikifeedError | None = None
        self.spent: WikifeedError | None = None
        self.admitted: list[str] = []
        self.downloads: list[tuple[UsageKind, str, str]] = []
        self.streams = 0

    async def caller(self, authorization: str) -> Caller:
        del authorization
        return self.who

    async def admit(self, caller: Caller, method: str, request: Message) -> Message:
        del caller
        if self.refusal is not None:
            raise self.refusal
        self.admitted.append(method)
        if not self.projects or "projects" not in request.DESCRIPTOR.fields_by_name:
            return request
        narrowed = type(request)()
        narrowed.CopyFrom(request)
        asked = set(narrowed.projects) or set(self.projects)
        del narrowed.projects[:]
        narrowed.projects.extend(project for project in self.projects if project in asked)
        return narrowed

    async def admit_download(self, caller: Caller, kind: UsageKind, project: str, file: str) -> None:
        del caller
        if self.spent is not None:
            raise self.spent
        self.downloads.append((kind, project, file))

    @asynccontextmanager
    async def download(self, caller: Caller) -> AsyncIterator[None]:
        del caller
        yield

    @asynccontextmanager
    async def stream(self, caller: Caller) -> AsyncIterator[None]:
        del caller
        self.streams += 1
        try:
            yield
        finally:
            self.streams -= 1
