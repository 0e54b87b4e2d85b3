"""Who calls, for the few methods whose answer depends on it."""

from contextvars import ContextVar

from wikifeed_server.accounts.model import OPEN_CALLER, Caller

# Set by the transport, before a method is run, in the task that runs it.
CALLER: ContextVar[Caller] = ContextVar("caller", default=OPEN_CALLER)

# What is called to get credentials, or to give them up, needs none. Those that come along are not looked at: an expired
# token must not keep its owner from refreshing it.
_ACCOUNTS = "/wikifeed.v1.AccountService"
OPEN_METHODS = frozenset({f"{_ACCOUNTS}/CreateSession", f"{_ACCOUNTS}/RefreshSession", f"{_ACCOUNTS}/DeleteSession"})
