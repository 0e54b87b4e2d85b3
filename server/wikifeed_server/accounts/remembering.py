"""Callers by what they show, so that a call whose credentials were looked at before costs one look-up."""

from collections import OrderedDict

from wikifeed_server.accounts.days import DAY_MICROSECONDS
from wikifeed_server.accounts.model import Caller


class RememberedCallers:
    """At most `bound` of them; who was not seen for longest goes. Nobody is remembered past the day (UTC)."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._callers: OrderedDict[str, tuple[Caller, int, int]] = OrderedDict()

    def get(self, shown: str, now: int) -> Caller | None:
        """Who showed this and still may."""
        found = self._callers.get(shown)
        if found is None:
            return None
        caller, since, until = found
        if not since <= now < until:
            del self._callers[shown]
            return None
        self._callers.move_to_end(shown)
        return caller

    def put(self, shown: str, caller: Caller, now: int) -> None:
        """Remember who showed this."""
        midnight = now - now % DAY_MICROSECONDS + DAY_MICROSECONDS
        until = min(caller.expires, midnight) if caller.expires else midnight
        self._callers[shown] = caller, now, until
        if len(self._callers) > self._bound:
            self._callers.popitem(last=False)

    def forget(self, names: frozenset[str] | None) -> None:
        """Forget the callers of accounts whose names, in lower case, are given; None: all."""
        if names is None:
            self._callers.clear()
        elif names:
            gone = [shown for shown, (caller, *_) in self._callers.items() if caller.username.lower() in names]
            for shown in gone:
                del self._callers[shown]
