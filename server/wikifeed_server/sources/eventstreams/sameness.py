"""Keys by which events of several streams that tell of the same happening are known as one.

There are three families of streams: page_change, those that page_change came after, and recentchange. Within a family
each happening is told once, so there only the event's own id counts: a page may well be deleted, restored and deleted
again in a moment, with the same revision. Across two families the times that they give for one happening differ by a
second or two. For each other family an event therefore has a key for each lag between the two; two events of different
families share one exactly where they tell the same within `_LONGEST_LAG`, and two of one family never do.
"""

from enum import StrEnum

from wikifeed_server.sources.events import EventKind, Visible

_SECOND = 1_000_000
# In seconds. The older streams give the time at which the event was made, the others that of the log's entry.
_LONGEST_LAG = 3
_UNTOLD = frozenset({EventKind.CREATE, EventKind.EDIT, EventKind.REFRESH})


class Family(StrEnum):
    """Streams that do not tell the same happening twice."""

    CHANGE = "change"
    OLDER = "older"
    RECENT = "recent"


def event_keys(
    family: Family,
    kind: EventKind,
    identifier: str,
    time: int,
    *,
    page_id: int,
    revision_id: int,
    title: str,
    previous_title: str = "",
    visible: Visible | None = None,
    **_: object,
) -> tuple[str, ...]:
    """The keys of an event, its own first; none of an edit or creation, whose revision names it.

    A refresh has its own alone: no two streams tell of the same one.
    """
    if kind in (EventKind.CREATE, EventKind.EDIT):
        return ()
    own = f"event:{identifier}:{title}:{revision_id}"
    if kind is EventKind.REFRESH:
        return (own,)
    others = [other for other in Family if other is not family]
    if kind is EventKind.MOVE and page_id and revision_id:
        # Each move makes a revision of its own. The recent changes tell neither it nor the page.
        return (own, f"move:{page_id}:{revision_id}", *_lagging(family, [Family.RECENT], _what(kind, previous_title, title), time))
    what = _what(kind, previous_title, title)
    if visible is not None:
        what += f":{revision_id}:{''.join(str(int(part)) for part in visible)}"
    return (own, *_lagging(family, others, what, time))
