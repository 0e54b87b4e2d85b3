"""The client for threads."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from wikifeed.v1.account_pb2 import DailyUsage
from wikifeed.v1.account_service_pb2 import GetAccountRequest, GetAccountResponse
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
)
from wikifeed.v1.project_pb2 import Project
from wikifeed.v1.subscription_pb2 import Subscription
from wikifeed_client import _requests
from wikifeed_client._checkpoints import CheckpointStore
from wikifeed_client._exporting import SnapshotKind
from wikifeed_client._requests import After, Changes, Since, Start
from wikifeed_client._resuming import Resumption
from wikifeed_client._subscribing import SubscriptionCalls, open_subscription
from wikifeed_client._sync.articles import ArticleCalls
from wikifeed_client._sync.changes import ChangeStream
from wikifeed_client._sync.files import FileCalls
from wikifeed_client._sync.mirroring import mirror
from wikifeed_client._sync.subscribing import SubscriptionStream
from wikifeed_client.mirror import OnExpired, Sink


class Client(ArticleCalls, FileCalls):
    """A connection to a server. May be used by several threads. A context manager; leaving it closes it.

    `address` is "host:port". `key` is an API key or an access token. TLS is on unless the address is of this machine;
    `tls` says otherwise: True, False, or a Tls with certificates. `timeout_seconds` is the deadline of calls that are
    not streams. `reconnecting` says how streams are opened again. All errors are WikifeedError or below it.
    """

    def projects(self, *, languages: Sequence[str] = ()) -> Sequence[Project]:
        """The projects that the server has."""
        return self._ask(self._catalog.ListProjects, ListProjectsRequest(languages=languages)).projects

    def change_log(self) -> GetChangeLogInfoResponse:
        """Which offsets and times the log holds."""
        return self._ask(self._changes.GetChangeLogInfo, GetChangeLogInfoRequest())

    def changes(
        self,
        changes: Changes | None = None,
        *,
        start: Start | After | Since = Start.NEWEST,
        checkpoint: CheckpointStore | None = None,
    ) -> ChangeStream:
        """The changes of the log from `start` on, those to come included, for ever: each once, in their order.

        Where the call is cut off, or falls silent, the stream waits and goes on where it was. With a checkpoint it
        starts where that one is, if it holds an offset, and saves the offset whenever the caller asks for the next
        item: at least once (`checkpoints` tell how it is exactly once). Raises CursorExpiredError when the log no
        longer has what follows, and whatever else does not pass by itself.
        """
        known = checkpoint.load() if checkpoint is not None else None
        request = (changes or Changes()).request(start if known is None else After(known))
        core = Resumption(request, self._reconnecting)
        silence = self._reconnecting.silence_seconds
        return ChangeStream(self._changes, core, self._metadata, silence, checkpoint)

    def subscribe(
        self,
        name: str,
        changes: Changes | None = None,
        *,
        start: After | Since | None = None,
        credit: int = 1000,
        max_unacknowledged: int = 0,
    ) -> SubscriptionStream:
        """Deliveries of the durable subscription of that name, which is made where there is none.

        Handle a delivery, then acknowledge it. What is not acknowledged when a call ends is delivered again, so at
        least once, and in order for each page; clients with the same name share the pages. Calls that are cut off are
        made anew. `credit` is how many changes may be on their way; it is given back by itself. `changes` replaces the
        subscription's filter; without it that stays as it is. Raises ValueError where `changes` has a share, an end or
        `allow_compacted`.
        """
        opening = open_subscription(name, changes, start, credit, max_unacknowledged)
        core = SubscriptionCalls(opening, self._reconnecting)
        return SubscriptionStream(self._changes, core, self._metadata, self._reconnecting.silence_seconds)

    def subscription(self, name: str) -> Subscription:
        """How far a subscription is. Raises NotFoundError."""
        return self._ask(self._changes.GetSubscription, GetSubscriptionRequest(name=name)).subscription

    def subscriptions(self) -> Iterator[Subscription]:
        """All subscriptions, in the order of their names."""
        request = ListSubscriptionsRequest()
        while True:
            page = self._ask(self._changes.ListSubscriptions, request)
            yield from page.subscriptions
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def delete_subscription(self, name: str) -> None:
        """Have the server forget a subscription. Raises NotFoundError."""
        self._ask(self._changes.DeleteSubscription, DeleteSubscriptionRequest(name=name))

    def account(self) -> GetAccountResponse:
        """The account that calls, its plan, what it used this month and what is left. Raises UnauthenticatedError."""
        return self._ask(self._accounts.GetAccount, GetAccountRequest())

    def usage(self, first_day: date | None = None, last_day: date | None = None) -> Sequence[DailyUsage]:
        """What the account that calls used, by day (UTC); from the first of this month until today unless told."""
        request = _requests.usage_request(first_day, last_day)
        return self._ask(self._accounts.ListUsage, request).days

    def mirror(
        self,
        project: str,
        sink: Sink,
        *,
        namespace: int = 0,
        folder: str | Path | None = None,
        until_offset: int = 0,
        on_expired: OnExpired = "raise",
    ) -> None:
        """Keep a sink what the project's namespace is: a snapshot first, then every change, for ever.

        `folder` is where the snapshot's files lie until they were read: a mirror that was killed while they came goes
        on there. Without it that is a temporary folder. `until_offset` ends the mirror there.
        `on_expired` says what becomes of a sink that is older than the log: "raise" raises CursorExpiredError,
        "begin_again" has the sink forget all, takes the newest snapshot and goes on; articles that are gone are gone.
        """
        mirror(self, SnapshotKind(project, namespace), sink, folder, until_offset, on_expired)
