"""Who hears of calls: the access log, metrics, traces."""

from typing import NamedTuple, Protocol


class CallEnd(NamedTuple):
    """A call that has ended.

    `method` is "/wikifeed.v1.ArticleService/GetArticle", `code` its status by name ("OK", "NOT_FOUND"), `seconds` how
    long it took, `caller` the address or the key that it came from. `traceparent` is what the caller said of its trace
    (W3C Trace Context); empty where it said nothing.
    """

    method: str
    code: str
    seconds: float
    messages_sent: int
    bytes_sent: int
    caller: str
    request_id: str
    traceparent: str = ""


class CallObserver(Protocol):
    """Hears of calls on the loop, so that its methods take well under a microsecond and raise nothing."""

    def call_began(self, method: str) -> None:
        """A call came in and was not refused."""
        ...

    def call_ended(self, call: CallEnd) -> None:
        """It ended, for whatever reason."""
        ...
