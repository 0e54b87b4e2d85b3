"""Errors as gRPC tells them: a code, a message, and google.rpc.Status in the trailers."""

from typing import NamedTuple

import grpc
from google.rpc.error_details_pb2 import ErrorInfo, RequestInfo
from google.rpc.status_pb2 import Status

from wikifeed_server.contract.status import DOMAIN, make_status, status_of
from wikifeed_server.errors import WikifeedError

DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Outcome(NamedTuple):
    """How a call that failed ends."""

    code: grpc.StatusCode
    message: str
    trailers: tuple[tuple[str, str | bytes], ...]


def outcome_of(error: WikifeedError, request_id: str = "") -> Outcome:
    """The outcome of a call that an error of Wikifeed's own ended."""
    return _outcome(status_of(error, request_id))


def internal_outcome(error_id: str) -> Outcome:
    """The outcome of a call that something unforeseen ended: it tells nothing but where the log has more."""
    info = ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"error_id": error_id})
    message = f"internal error {error_id}: the server's log says more under this id"
    return _outcome(make_status(grpc.StatusCode.INTERNAL.value[0], message, (info, RequestInfo(request_id=error_id))))


def _outcome(status: Status) -> Outcome:
    return Outcome(_CODES[status.code], status.message, ((DETAILS_KEY, status.SerializeToString()),))
