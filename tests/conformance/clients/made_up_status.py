"""Statuses with details, as a scenario or the server's own good behaviour names them."""

from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

NOT_FOUND: Mapping[str, Any] = {"code": "NOT_FOUND", "reason": "ARTICLE_NOT_FOUND"}
DELETED: Mapping[str, Any] = {
    "code": "NOT_FOUND",
    "reason": "ARTICLE_DELETED",
    "metadata": {"deleted_at": "2026-01-31T07:00:00Z"},
}


class CallEndedError(Exception):
    """A call ends with this status."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__(words["code"])
        self.code = grpc.StatusCode[words["code"]]
        self.status = status(words)

    @property
    def trailers(self) -> tuple[tuple[str, bytes], ...]:
        """What carries the details, where there are any."""
        return (("grpc-status-details-bin", self.status.SerializeToString()),) if self.status.details else ()


def status(words: Mapping[str, Any]) -> Status:
    """The status of a scenario's words. One without a reason is bare, as those of gRPC itself and of proxies are."""
    made = Status(code=grpc.StatusCode[words["code"]].value[0], message=words.get("message", "as the scenario says"))
    details: list[Message] = []
    if "reason" in words:
        details.append(ErrorInfo(reason=words["reason"], domain="wikifeed", metadata=words.get("metadata", {})))
    if "violations" in words:
        details.append(BadRequest(field_violations=words["violations"]))
    if "retry_after_seconds" in words:
        retry = RetryInfo()
        retry.retry_delay.seconds = words["retry_after_seconds"]
        details.append(retry)
    for detail in details:
        made.details.add().Pack(detail)
    return made
