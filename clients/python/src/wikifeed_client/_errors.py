"""The tree of errors, and how failed calls become one of them.

A server tells what went wrong as a `google.rpc.Status` with details; its `ErrorInfo` has a reason that does not change.
What carries no such status comes from the way there: the network, a proxy, gRPC itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status

from wikifeed_client._version import VERSION

DOMAIN = "wikifeed"
_STATUS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_Detail = TypeVar("_Detail", bound=Message)


class WikifeedError(Exception):
    """Base of all errors of this package, and what a call ends with that has no class of its own.

    `code` is the status of gRPC, `reason` the server's stable name for what went wrong ("" where it named none),
    `metadata` what belongs to the reason, `request_id` the call's id in the server's log ("" where it told none).
    """

    def __init__(
        self,
        message: str,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(f"{message} ({reason or code.name})")
        self.message = message
        self.code = code
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.request_id = request_id


class FieldViolation(NamedTuple):
    """One field of a request that is wrong: its dotted path, and what is wrong with it."""

    field: str
    description: str


class NotFoundError(WikifeedError):
    """What was asked for is not there. `reason` says what: ARTICLE_NOT_FOUND, ARTICLE_DELETED, PROJECT_NOT_FOUND...

    A subscription that was deleted and made anew while its client was cut off is not there either: its place is lost.
    `deleted_at` is when the page was deleted, where it was; `resource_name` is what was looked for.
    """

    deleted_at: datetime | None = None
    resource_name: str = ""


class InvalidRequestError(WikifeedError):
    """The request itself is wrong; the same request never succeeds. `violations` names the fields."""

    violations: tuple[FieldViolation, ...] = ()


class CursorExpiredError(WikifeedError):
    """The log no longer keeps what follows the start: take a snapshot and go on from its offset.

    `oldest_offset` is the oldest change kept. `snapshot_identifier` and `snapshot_offset` name a snapshot from which a
    stream can go on; "" and 0 where there is none.
    """

    oldest_offset: int = 0
    snapshot_identifier: str = ""
    snapshot_offset: int = 0


class QuotaExceededError(WikifeedError):
    """More than the account, the address or the connection may have. `retry_after_seconds` is when there is more."""

    retry_after_seconds: float | None = None


class UnauthenticatedError(WikifeedError):
    """No key or token was shown where one is needed, or one that is not good, or not any more."""


class PermissionDeniedError(WikifeedError):
    """The account's plan does not allow this; `metadata["plan"]` names it."""


class UnavailableError(WikifeedError):
    """No server answers, or it stops. Try again; streams and exports do so by themselves.

    `retry_after_seconds` is what the server advises, where it does.
    """

    retry_after_seconds: float | None = None


class DeadlineExceededError(WikifeedError):
    """No answer came within the deadline."""


class DamagedDataError(WikifeedError):
    """Bytes came or lie there that are not what their checksum says, and asking again did not help."""


_CLASSES: Mapping[grpc.StatusCode, type[WikifeedError]] = {
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequestError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: QuotaExceededError,
    grpc.StatusCode.UNAUTHENTICATED: UnauthenticatedError,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDeniedError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceededError,
    grpc.StatusCode.DATA_LOSS: DamagedDataError,
}
_EXPIRED = "OFFSET_EXPIRED"
SUBSCRIPTION_NOT_FOUND = "SUBSCRIPTION_NOT_FOUND"
# What shares its code with quotas and is none: the client, or its place in a subscription, was too slow; a disk of the
# server's is full; and without a reason it is gRPC's own: a message is too large.
_NO_QUOTA = frozenset({"SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE", "STORE_FULL", ""})


def error_of_call(error: grpc.RpcError) -> WikifeedError:
    """The error of this tree that tells of a failed call, of grpc or of grpc.aio."""
    call = cast(grpc.Call, error)
    for key, value in call.trailing_metadata() or ():
        if key == _STATUS_KEY:
            try:
                return error_of_status(Status.FromString(cast(bytes, value)))
            except DecodeError:
                break  # not a Status, so a proxy's: the code and the text are what there is
    return error_of_status(Status(code=call.code().value[0], message=call.details() or ""))


def error_of_status(status: Status) -> WikifeedError:
    """The error of this tree that a `google.rpc.Status` tells of."""
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    info = _detail(status, ErrorInfo)
    reason = info.reason if info.domain == DOMAIN else ""
    kind = _CLASSES.get(code, WikifeedError)
    if reason == _EXPIRED:
        kind = CursorExpiredError
    elif kind is QuotaExceededError and reason in _NO_QUOTA:
        kind = WikifeedError
    message = status.message
    if code is grpc.StatusCode.UNIMPLEMENTED and not reason:
        message = f"the server does not know this call, for it is older than this client ({VERSION}): {message}"
    error = kind(message, code, reason, info.metadata, _detail(status, RequestInfo).request_id)
    _add_details(error, status)
    return error


def _add_details(error: WikifeedError, status: Status) -> None:
    match error:
        case NotFoundError():
            error.resource_name = _detail(status, ResourceInfo).resource_name
            error.deleted_at = _time(error.metadata.get("deleted_at", ""))
        case InvalidRequestError():
            violations = _detail(status, BadRequest).field_violations
            error.violations = tuple(FieldViolation(each.field, each.description) for each in violations)
        case CursorExpiredError():
            error.oldest_offset = _number(error.metadata.get("oldest_offset", ""))
            error.snapshot_identifier = error.metadata.get("snapshot_identifier", "")
            error.snapshot_offset = _number(error.metadata.get("snapshot_offset", ""))
        case QuotaExceededError() | UnavailableError():
            delay = _detail(status, RetryInfo).retry_delay
            error.retry_after_seconds = delay.seconds + delay.nanos / 1e9 or None


def _detail(status: Status, kind: type[_Detail]) -> _Detail:
    """The status's detail of a kind; an empty one where it has none."""
    found = kind()
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            packed.Unpack(found)
            break
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
