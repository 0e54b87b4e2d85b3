"""What stands between callers and services, whatever the transport: who calls, and whether they may."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from google.protobuf.message import Message

from wikifeed_server.accounts.model import Caller, UsageKind


class Guard(Protocol):
    """Lets callers in. One for each process; all processes of a store count together."""

    @property
    def required(self) -> bool:
        """Whether calls need credentials."""
        ...

    async def caller(self, authorization: str) -> Caller:
        """Who shows these credentials: "Bearer " and a token or an API key; empty for none.

        Raises UnauthenticatedError where none are shown and some are required, and for some that are not good.
        """
        ...

    async def admit(self, caller: Caller, method: str, request: Message) -> Message:
        """Count a call of an RPC ("/wikifeed.v1.ArticleService/GetArticle") whose request was validated.

        Returns the request to answer: as it came, or a copy narrowed to the projects of the caller's plan. Raises
        PermissionDeniedError, QuotaExceededError; then nothing is counted.
        """
        ...

    async def admit_download(self, caller: Caller, kind: UsageKind, project: str, file: str) -> None:
        """Count the download of a file ("enwiki_namespace_0@1234"): once a day for each file, whatever ranges of it.

        Raises PermissionDeniedError, QuotaExceededError; then nothing is counted.
        """
        ...

    def stream(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """A context for a stream of the caller's, run by the current task.

        Raises PermissionDeniedError at its beginning where the plan has no streams and LimitExceededError where as many
        are open as it allows at once; UnauthenticatedError at its end, having cancelled what runs in it, within 5
        seconds of the credentials being revoked or expired.
        """
        ...

    def download(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """A context for a file that is sent to the caller by the current task; no plan bounds how many are at once.

        Raises UnauthenticatedError as `stream` does at its end.
        """
        ...
