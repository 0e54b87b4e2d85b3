"""Page events out of what the fields of a stream's event say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.eventstreams.reading import host_in, name_in
from wikifeed_server.sources.eventstreams.sameness import Family, event_keys

Event = Mapping[str, Any]


def page_event(
    event: Event,
    family: Family,
    kind: EventKind,
    *,
    project: str,
    page_id: int,
    namespace: int,
    title: str,
    time: int,
    revision_id: int = 0,
    parent_id: int = 0,
    previous_title: str = "",
    visible: Visible | None = None,
) -> PageEvent:
    """A page event with the id, the host and the keys of the stream's event that tells it.

    Raises MalformedEventError.
    """
    told = PageEvent(
        kind=kind,
        project=project,
        page_id=page_id,
        namespace=namespace,
        title=title,
        time=time,
        host=host_in(event, "meta.domain") or host_in(event, "server_name"),
        revision_id=revision_id,
        parent_id=parent_id,
        previous_title=previous_title,
        visible=visible,
        identifier=name_in(event, "meta.id"),
    )
    return replace(told, keys=event_keys(family, told))


def left_redirect(move: PageEvent, page_id: int, namespace: int, revision_id: int = 0) -> PageEvent:
    """The creation of the redirect page that a move left under the old title. It is no event of its own upstream."""
    return PageEvent(
        kind=EventKind.CREATE,
        project=move.project,
        page_id=page_id,
        namespace=namespace,
        title=move.previous_title,
        time=move.time,
        host=move.host,
        revision_id=revision_id,
    )
