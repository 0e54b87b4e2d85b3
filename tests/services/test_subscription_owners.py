"""Subscriptions of several accounts in one store."""

import asyncio
from contextlib import contextmanager

import pytest
from google.protobuf.message import Message
from made_up_feed import Feed

from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
    ListSubscriptionsResponse,
    SubscribeRequest,
    SubscribeResponse,
)
from wikifeed_server.accounts.model import Caller, Plan
from wikifeed_server.errors import SubscriptionNotFoundError
from wikifeed_server.services.calling import CALLER
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions


@contextmanager
def called_by(username: str):
    """A context in which an account calls; nobody's where the name is empty."""
    token = CALLER.set(Caller(username, Plan("unlimited")))
    try:
        yield
    finally:
        CALLER.reset(token)


@pytest.fixture
async def service(tmp_path):
    feed = Feed(tmp_path)
    feed.publish("Ada")
    async with EmbeddedReader.open(tmp_path) as reader, EmbeddedSubscriptions(tmp_path) as store:
        yield Subscriptions(reader, store, asyncio.Event())
    feed.close()


async def subscribe(service, name: str) -> SubscribeResponse:
    """Open a subscription, and leave it at once; the first response."""

    async def requests():
        yield SubscribeRequest(open={"name": name, "after_offset": 0})

    responses = [SubscribeResponse.FromString(data) async for data in service.Subscribe(requests())]
    return responses[0]


async def names(service, **page: object) -> ListSubscriptionsResponse:
    return ListSubscriptionsResponse.FromString(await service.ListSubscriptions(ListSubscriptionsRequest(**page)))


def asked(request: type[Message], name: str) -> Message:
    return request(name=name)


async def test_accounts_have_names_of_their_own(service):
    for username in ("ada", "grace", ""):
        with called_by(username):
            await subscribe(service, "mine")
    with called_by("ada"):
        await service.DeleteSubscription(asked(DeleteSubscriptionRequest, "mine"))
        with pytest.raises(SubscriptionNotFoundError, match="'mine'"):
            await service.GetSubscription(asked(GetSubscriptionRequest, "mine"))
    for username in ("grace", ""):
        with called_by(username):
            assert [each.name for each in (await names(service)).subscriptions] == ["mine"]


async def test_a_list_has_the_callers_alone_and_goes_on_page_by_page(service):
    wanted = {"ada": ["a", "b", "c"], "adam": ["a"], "zoe": ["z"], "": ["a", "ada", "zz"]}
    for username, those in wanted.items():
        for name in those:
            with called_by(username):
                await subscribe(service, name)
    for username, those in wanted.items():
        with called_by(username):
            seen, token = [], ""
            while True:
                page = await names(service, page_size=1, page_token=token)
                seen += [each.name for each in page.subscriptions]
                token = page.next_page_token
                if not token:
                    break
            assert seen == those
