"""Whose subscriptions are whose: those of an account are kept under its name, and nobody else sees them.

Callers without an account, where none is needed, share theirs. No name of an account or a subscription has a slash.
"""

from wikifeed_server.services.calling import CALLER
from wikifeed_server.store.subscriptions import SubscriptionState, SubscriptionStore


def stored_name(name: str) -> str:
    """The name under which the store keeps the caller's subscription of that name."""
    return f"{_prefix()}{name}"


def shown_name(stored: str) -> str:
    """The name by which its owner knows it."""
    return stored.rpartition("/")[2]


async def own_subscriptions(store: SubscriptionStore, after_name: str, limit: int) -> list[SubscriptionState]:
    """The next of the caller's subscriptions behind that name, in the order of their names."""
    prefix = _prefix()
    found: list[SubscriptionState] = []
    after = f"{prefix}{after_name}"
    while len(found) < limit:
        page = await store.list(after, limit)
        found += [state for state in page if state.name.rpartition("/")[0] == prefix.removesuffix("/")]
        if not page or not page[-1].name.startswith(prefix):
            break
        after = page[-1].name
    return found[:limit]


def _prefix() -> str:
    username = CALLER.get().username
    return f"{username}/" if username else ""
