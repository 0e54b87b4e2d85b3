"""Subscriptions as the contract has them: messages of what the store has, filters, page tokens."""

import base64
import binascii
import re

from wikifeed.v1.subscription_pb2 import ChangeFilter, Subscription
from wikifeed_server.contract.wire import length_field, varint_field
from wikifeed_server.errors import FieldViolation, InvalidRequestError
from wikifeed_server.services.subscription.owning import shown_name
from wikifeed_server.store import LogFilter
from wikifeed_server.store.subscriptions import SubscriptionState

# SubscribeResponse; its field 1, changes, is what frames of the log are.
_THROUGH_OFFSET, _DELIVERY_ID, _SUBSCRIPTION, _SHARE_COUNT = 2, 3, 4, 5
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def subscription_message(state: SubscriptionState, newest_offset: int) -> Subscription:
    """A subscription, whose lag is counted from the log's newest offset."""
    acknowledged = state.acknowledged
    message = Subscription(
        name=shown_name(state.name),
        filter=ChangeFilter.FromString(state.filter_),
        acknowledged_offset=acknowledged,
        lag=max(newest_offset - acknowledged, 0),
        clients_count=len(state.clients),
    )
    message.date_created.FromMicroseconds(state.created)
    message.date_modified.FromMicroseconds(state.modified)
    return message


def response(through_offset: int, frames: list[bytes] | None = None, delivery_id: int = 0, news: bytes = b"") -> bytes:
    """A serialized SubscribeResponse. `news` is more of its fields."""
    return b"".join(
        (*(frames or ()), varint_field(_THROUGH_OFFSET, through_offset), varint_field(_DELIVERY_ID, delivery_id), news)
    )


def news_fields(subscription: Subscription, share_count: int) -> bytes:
    """The fields of a response that tell of the subscription."""
    return length_field(_SUBSCRIPTION, subscription.SerializeToString()) + varint_field(_SHARE_COUNT, share_count)


def filter_bytes(filter_: ChangeFilter) -> bytes:
    """A filter as the store keeps it."""
    return filter_.SerializeToString(deterministic=True)


def log_filter(filter_: bytes) -> LogFilter:
    """The filter of the log that a kept filter asks for, for all slots."""
    message = ChangeFilter.FromString(filter_)
    return LogFilter(
        projects=tuple(message.projects),
        namespaces=tuple(message.namespaces),
        languages=tuple(message.languages),
        event_types=tuple(message.event_types),
        page_ids=tuple(message.page_ids),
    )


def write_token(name: str) -> str:
    """The page token to go on behind a name."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def read_token(token: str) -> str:
    """The name in a page token; empty for none. Raises InvalidRequestError."""
    try:
        name = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _damaged() from error
    if token and not _NAME.fullmatch(name):
        raise _damaged()
    return name


def _damaged() -> InvalidRequestError:
    return InvalidRequestError([FieldViolation("page_token", "is damaged; pass a next_page_token as it came")])
