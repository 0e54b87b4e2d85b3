"""Durable subscriptions: places in the log with a name, which the server keeps.

Promises: each change that passes the filter is delivered at least once, those of a page in the order of their offsets.
What is acknowledged is stored, so that a client with nothing but the name goes on where it was. Clients of one name
share the pages; no page is with two of them at once. An account's subscriptions are its own.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace

from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    DeleteSubscriptionResponse,
    GetSubscriptionRequest,
    GetSubscriptionResponse,
    ListSubscriptionsRequest,
    ListSubscriptionsResponse,
    SubscribeRequest,
)
from wikifeed.v1.subscription_pb2 import ChangeFilter, OpenSubscription
from wikifeed_server.errors import (
    FieldViolation,
    InvalidRequestError,
    OffsetInFutureError,
    ServerStoppingError,
    SubscriberStalledError,
    SubscriptionNotFoundError,
)
from wikifeed_server.services.calling import CALLER
from wikifeed_server.services.starting import checked_start, start_since
from wikifeed_server.services.subscription.messages import (
    filter_bytes,
    read_token,
    subscription_message,
    write_token,
)
from wikifeed_server.services.subscription.options import SubscriptionOptions as SubscriptionOptions
from wikifeed_server.services.subscription.options import wishes_of
from wikifeed_server.services.subscription.owning import own_subscriptions, shown_name, stored_name
from wikifeed_server.services.subscription.session import Session
from wikifeed_server.services.subscription.waiting import Alarm
from wikifeed_server.store import Reader
from wikifeed_server.store.subscriptions import Membership, SubscriptionStore

_DEFAULT_PAGE_SIZE = 100
_USUAL = SubscriptionOptions()


class Subscriptions:
    """The methods of wikifeed.v1.ChangeService that are about subscriptions.

    When `stopping` is set, every call of Subscribe ends with ServerStoppingError.
    """

    def __init__(
        self,
        reader: Reader,
        store: SubscriptionStore,
        stopping: asyncio.Event,
        heartbeat_seconds: float = 15.0,
        options: SubscriptionOptions = _USUAL,
    ) -> None:
        self._reader = reader
        self._store = store
        self._stopping = stopping
        self._options = replace(options, heartbeat_seconds=heartbeat_seconds)

    async def Subscribe(self, requests: AsyncIterator[SubscribeRequest]) -> AsyncGenerator[bytes, None]:
        """Serialized SubscribeResponses, until the client says no more; the first comes at once.

        What was acknowledged is stored before they end. Raises InvalidRequestError, SubscriptionFullError,
        OffsetInFutureError, SubscriberStalledError where it is thrown in, and what `Session.responses` raises.
        """
        alarm = Alarm()
        try:
            alarm.task(self._stopping.wait())
            first = await alarm.unless_rung(_first(requests))
            if first is None:
                raise ServerStoppingError("the server stops; subscribe again")
            wishes = wishes_of(first.open)
            membership = await self._join(first.open, alarm)
            session = Session(self._reader, membership, wishes, self._options, self._stopping, alarm)
            async with aclosing(session.responses(requests)) as responses:
                async for data in responses:
                    try:
                        yield data
                    except SubscriberStalledError as error:
                        raise session.stalled_error() from error
        finally:
            await alarm.close()

    async def GetSubscription(self, request: GetSubscriptionRequest) -> bytes:
        """Serialized GetSubscriptionResponse. Raises SubscriptionNotFoundError."""
        state = await self._store.get(stored_name(request.name))
        if state is None:
            raise SubscriptionNotFoundError(request.name)
        newest = (await self._reader.log_info()).newest_offset
        return GetSubscriptionResponse(subscription=subscription_message(state, newest)).SerializeToString()

    async def ListSubscriptions(self, request: ListSubscriptionsRequest) -> bytes:
        """Serialized ListSubscriptionsResponse. Raises InvalidRequestError for a token that is damaged."""
        size = request.page_size or _DEFAULT_PAGE_SIZE
        states = await own_subscriptions(self._store, read_token(request.page_token), size + 1)
        newest = (await self._reader.log_info()).newest_offset
        page = states[:size]
        return ListSubscriptionsResponse(
            subscriptions=[subscription_message(state, newest) for state in page],
            next_page_token=write_token(shown_name(page[-1].name)) if len(states) > size else "",
        ).SerializeToString()

    async def DeleteSubscription(self, request: DeleteSubscriptionRequest) -> bytes:
        """Serialized DeleteSubscriptionResponse. Raises SubscriptionNotFoundError."""
        if not await self._store.delete(stored_name(request.name)):
            raise SubscriptionNotFoundError(request.name)
        return DeleteSubscriptionResponse().SerializeToString()

    async def _join(self, request: OpenSubscription, alarm: Alarm) -> Membership:
        """The client's part in the subscription, which is made where there is none."""
        name, filter_ = stored_name(request.name), await self._filter(request)
        membership = await self._store.join(name, filter_, None, alarm.ring)
        if membership is None:
            start = await self._start(request)
            # Another client may have made it meanwhile: then it starts where that one wanted.
            membership = await self._store.join(name, filter_, start, alarm.ring)
            if membership is None:
                raise SubscriptionNotFoundError(request.name)
        try:
            acknowledged = max(membership.state().shares.acknowledged)
            newest = (await self._reader.log_info()).newest_offset
            if acknowledged > newest:
                raise OffsetInFutureError(acknowledged, newest)
        except BaseException:
            membership.leave()
            raise
        return membership

    async def _filter(self, request: OpenSubscription) -> bytes | None:
        """The filter that the subscription is given; None where it keeps its own, which shows what the plan shows."""
        if request.HasField("filter"):
            return filter_bytes(request.filter)
        projects = CALLER.get().plan.projects
        if not projects:
            return None
        state = await self._store.get(stored_name(request.name))
        kept = ChangeFilter.FromString(state.filter_) if state else ChangeFilter()
        if kept.projects and set(kept.projects) <= set(projects):
            return None
        kept.projects[:] = [project for project in kept.projects if project in projects] or projects
        return filter_bytes(kept)

    async def _start(self, request: OpenSubscription) -> int:
        """The offset after which a fresh subscription starts."""
        info = await self._reader.log_info()
        match request.WhichOneof("start"):
            case "after_offset":
                return checked_start(request.after_offset, info)
            case "since":
                return checked_start(await start_since(self._reader, request.since, info, "open.since"), info)
            case _:
                return info.newest_offset


async def _first(requests: AsyncIterator[SubscribeRequest]) -> SubscribeRequest:
    """The first request. Raises InvalidRequestError where it does not open a subscription."""
    first = await anext(requests, SubscribeRequest())
    if first.WhichOneof("action") != "open":
        problem = "is missing: the first request opens the subscription, and says its name"
        raise InvalidRequestError([FieldViolation("open", problem)])
    return first
