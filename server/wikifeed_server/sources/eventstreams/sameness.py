"""Keys by which events of several streams that tell of the same happening are known as one.

There are three families of streams: page_change, those that page_change came after, and recentchange. Within a family
each happening is told once, and a page may well be deleted, restored and deleted again in a moment, with the same
revision. Across two families the times that they give for one happening differ by a few seconds. For each other family
an event therefore has a key for each lag between the two: events of two families share one exactly where they tell the
same within `_LONGEST_LAG`, events of one family only where they tell the same within one second.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from wikifeed_server.sources.events import EventKind, PageEvent

_SECOND = 1_000_000
# In seconds. The older streams give the time at which the event was made, the others that of the log's entry.
_LONGEST_LAG = 10


class Family(StrEnum):
    """Streams that do not tell the same happening twice."""

    CHANGE = "change"
    OLDER = "older"
    RECENT = "recent"


def event_keys(family: Family, event: PageEvent) -> tuple[str, ...]:
    """The keys of an event, its own first; none of an edit or creation, whose revision names it.

    A refresh has its own alone: no two streams tell of the same one.
    """
    if event.kind in (EventKind.CREATE, EventKind.EDIT):
        return ()
    own = f"event:{event.identifier}:{event.title}:{event.revision_id}"
    if event.kind is EventKind.REFRESH:
        return (own,)
    what = f"{event.kind}:{event.previous_title}:{event.title}"
    if event.visible is not None:
        what += f":{event.revision_id}:{''.join(str(int(part)) for part in event.visible)}"
    others = [other for other in Family if other is not family]
    if event.kind is EventKind.MOVE and event.page_id and event.revision_id:
        # Each move makes a revision of its own, which the recent changes do not tell.
        exact = f"move:{event.page_id}:{event.revision_id}"
        return (own, exact, *_lagging(family, [Family.RECENT], what, event.time))
    return (own, *_lagging(family, others, what, event.time))


def _lagging(family: Family, others: Iterable[Family], what: str, time: int) -> Iterator[str]:
    second = time // _SECOND
    for other in others:
        first, last = sorted((family, other))
        for lag in range(-_LONGEST_LAG, _LONGEST_LAG + 1):
            yield f"{what}:{first}:{last}:{second if family is first else second - lag}:{lag}"
