"""Who hears of calls: the access log, metrics, traces."""

from typing import NamedTuple, Protocol

import structlog


class CallEnd(NamedTuple):
    """A call that has ended.

    `method` is "/wikifeed.v1.ArticleService/GetArticle", `code` its status by name ("OK", "NOT_FOUND"), `seconds` how
    long it took, `caller` the address that it came from. `traceparent` is what the caller said of its trace (W3C Trace
    Context). These last three are empty where no observer asks for them. `account` is whose credentials it showed.
    """

    method: str
    code: str
    seconds: float
    messages_sent: int
    bytes_sent: int
    caller: str = ""
    request_id: str = ""
    traceparent: str = ""
    account: str = ""


class CallObserver(Protocol):
    """Hears of calls on the loop, so that its methods take well under a microsecond and raise nothing."""

    def call_began(self, method: str) -> None:
        """A call came in."""
        ...

    def call_ended(self, call: CallEnd) -> None:
        """It ended, for whatever reason."""
        ...


class AccessLog:
    """Writes a line for each call that has ended."""

    def __init__(self) -> None:
        self._log = structlog.get_logger()

    def call_began(self, method: str) -> None:
        """Nothing."""

    def call_ended(self, call: CallEnd) -> None:
        """Write it."""
        self._log.info(
            "call",
            method=call.method,
            code=call.code,
            seconds=round(call.seconds, 6),
            messages_sent=call.messages_sent,
            bytes_sent=call.bytes_sent,
            caller=call.caller,
            account=call.account,
            request_id=call.request_id,
        )
