"""Who calls, for the few methods whose answer depends on it."""

from contextvars import ContextVar

from wikifeed_server.accounts.model import OPEN_CALLER, Caller

# Set by the transport, before a method is run, in the task that runs it.
CALLER: ContextVar[Caller] = ContextVar("caller", default=OPEN_CALLER)
