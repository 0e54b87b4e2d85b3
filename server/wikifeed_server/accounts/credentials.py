"""Who shows which credentials, and whether they are still good. Functions of a transaction."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wikifeed_server.accounts import keys, sessions
from wikifeed_server.accounts.changes import last_change
from wikifeed_server.accounts.database import Execute
from wikifeed_server.accounts.keys import KeyText
from wikifeed_server.accounts.model import Caller
from wikifeed_server.accounts.signing import read_access_token


class Identified(NamedTuple):
    """A caller, or None where the credentials are not good; after which change that was so.

    `unused` is the key that is used first on this day.
    """

    caller: Caller | None
    change: int
    unused: str = ""


def identify(execute: Execute, shown: KeyText | str, now: int) -> Identified:
    """Who shows a key, or the text of a token."""
    change = last_change(execute)
    if isinstance(shown, KeyText):
        caller = keys.key_caller(execute, shown, now)
        first = caller is not None and keys.is_used_first(execute, shown.identifier, now)
        return Identified(caller, change, shown.identifier if first else "")
    claims = read_access_token(execute, shown, now)
    return Identified(sessions.token_caller(execute, claims, now) if claims else None, change)


def holders(execute: Execute, callers: Iterable[Caller], now: int) -> Mapping[str, Caller | None]:
    """Who has the credentials of these callers, by credential; None where they are not good any more."""
    return {caller.credential: _holder(execute, caller, now) for caller in callers}


def _holder(execute: Execute, caller: Caller, now: int) -> Caller | None:
    kind, _, identifier = caller.credential.partition(":")
    if caller.expires and caller.expires <= now:
        return None
    if kind == "key":
        return keys.key_holder(execute, identifier, now)
    return sessions.session_holder(execute, int(identifier), now, caller.expires)
