"""How an error looks on the wire: google.rpc.Status with the standard details.

Promise: a status takes less than 4 KB however long the texts in it are. Above 8 KB of trailers gRPC implementations
drop the whole error, and the message travels twice: here and, percent-encoded, as grpc-message.
"""

from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import (
    BadRequest,
    ErrorInfo,
    QuotaFailure,
    RequestInfo,
    ResourceInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status

from wikifeed_server.errors import (
    Code,
    InvalidRequestError,
    LimitExceededError,
    NotFoundError,
    QuotaExceededError,
    TooManyTriesError,
    WikifeedError,
)

DOMAIN = "wikifeed"
_MAX_STATUS_BYTES = 3800
_MAX_MESSAGE_BYTES = 640
_MAX_TEXT_BYTES = 300
_RETRY_SECONDS = 1  # a server that stops is replaced by then, or refuses the connection, which clients know to handle


def status_of(error: WikifeedError, request_id: str = "") -> Status:
    """The status that tells a caller of `error`: ErrorInfo first, then what fits its kind, then the call's id."""
    info = ErrorInfo(
        reason=error.reason,
        domain=DOMAIN,
        metadata={key: _shortened(value, _MAX_TEXT_BYTES) for key, value in error.metadata.items()},
    )
    call = (RequestInfo(request_id=request_id),) if request_id else ()
    return make_status(error.code, error.message, (info, *_details(error), *call))


def make_status(code: int, message: str, details: tuple[Message, ...]) -> Status:
    """A status with those details, of which the last are left out when all do not fit."""
    status = Status(code=code, message=_shortened(message, _MAX_MESSAGE_BYTES))
    for detail in details:
        packed = Any()
        packed.Pack(detail)
        if status.ByteSize() + packed.ByteSize() < _MAX_STATUS_BYTES:
            status.details.append(packed)
    return status


def _details(error: WikifeedError) -> tuple[Message, ...]:
    match error:
        case InvalidRequestError():
            return (_bad_request(error),)
        case NotFoundError():
            name = _shortened(error.resource_name, _MAX_TEXT_BYTES)
            return (ResourceInfo(resource_type=error.resource_type, resource_name=name),)
        case LimitExceededError() | QuotaExceededError():
            violation = QuotaFailure.Violation(subject=error.subject, description=_shortened(error.message, 300))
            return (
                QuotaFailure(violations=[violation]),
                RetryInfo(retry_delay=Duration(seconds=error.retry_seconds)),
            )
        case TooManyTriesError():
            return (RetryInfo(retry_delay=Duration(seconds=error.retry_seconds)),)
        case WikifeedError(code=Code.UNAVAILABLE):
            return (RetryInfo(retry_delay=Duration(seconds=_RETRY_SECONDS)),)
        case _:
            return ()


def _bad_request(error: InvalidRequestError) -> BadRequest:
    """As many of the violations as fit."""
    request = BadRequest()
    room = _MAX_STATUS_BYTES - _MAX_MESSAGE_BYTES - 2 * _MAX_TEXT_BYTES
    for violation in error.violations:
        field, description = (_shortened(text, _MAX_TEXT_BYTES) for text in violation)
        room -= len(field.encode()) + len(description.encode()) + 8
        if room < 0:
            break
        request.field_violations.add(field=field, description=description)
    return request


def _shortened(text: str, max_bytes: int) -> str:
    data = text.encode(errors="replace")
    return data.decode() if len(data) <= max_bytes else data[: max_bytes - 3].decode(errors="ignore") + "..."
