"""What the events of Wikimedia's streams tell, as page events.

The schemas are those of https://schema.wikimedia.org: mediawiki/page/change/1, mediawiki/recentchange/1,
mediawiki/revision/create/2, mediawiki/page/delete/1, mediawiki/page/move/1, mediawiki/page/undelete/1,
mediawiki/revision/visibility-change/1, mediawiki/page/properties-change/1.
"""

from collections.abc import Callable, Collection
from typing import Any

from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.eventstreams.reading import (
    MalformedEventError,
    fields_in,
    flags_in,
    name_in,
    namespace_in,
    number_in,
    text_in,
    time_in,
    title_in,
)
from wikifeed_server.sources.eventstreams.recent import recent_change, target_namespace
from wikifeed_server.sources.eventstreams.sameness import Family
from wikifeed_server.sources.eventstreams.telling import Event, left_redirect, page_event

_CHANGE_KINDS = {
    "create": EventKind.CREATE,
    "edit": EventKind.EDIT,
    "move": EventKind.MOVE,
    "delete": EventKind.DELETE,
    "undelete": EventKind.UNDELETE,
    "visibility_change": EventKind.VISIBILITY,
}
_VISIBILITY = ("is_content_visible", "is_editor_visible", "is_comment_visible")


def page_events(event: Event) -> tuple[PageEvent, ...]:
    """What an event tells of pages, if anything. Raises MalformedEventError."""
    stream = text_in(event, "meta.stream")
    read = _READERS.get(stream.removesuffix(".v1"))
    if read is None:
        raise MalformedEventError("meta.stream", f"is {stream!r}, a stream that Wikifeed does not read")
    return read(event)


def touches(told: PageEvent, namespaces: Collection[int], event: Event) -> bool:
    """Whether what `event` tells is of a page in one of the namespaces, or of one that leaves or may enter them."""
    if told.namespace in namespaces:
        return True
    if told.kind is not EventKind.MOVE:
        return False
    if "log_type" in event:
        before = namespace_in(event, "namespace")
        return before in namespaces or target_namespace(told.previous_title, told.title, before) is None
    if "page_change_kind" in event:
        return namespace_in(event, "prior_state.page.namespace_id", told.namespace) in namespaces
    return namespace_in(event, "prior_state.page_namespace", told.namespace) in namespaces


def _page_change(event: Event) -> tuple[PageEvent, ...]:
    name = text_in(event, "page_change_kind")
    kind = _CHANGE_KINDS.get(name)
    if kind is None:
        raise MalformedEventError("page_change_kind", f"is {name!r}, which is no kind of change")
    # A deletion or a move is one whatever its revision, but an edit without one would be any edit.
    is_edit = kind in (EventKind.CREATE, EventKind.EDIT, EventKind.VISIBILITY)
    told = page_event(
        event,
        Family.CHANGE,
        kind,
        project=name_in(event, "wiki_id"),
        page_id=number_in(event, "page.page_id", least=1),
        namespace=namespace_in(event, "page.namespace_id"),
        title=title_in(event, "page.page_title"),
        time=time_in(event, "dt", "meta.dt"),
        revision_id=number_in(event, "revision.rev_id", least=1) if is_edit else number_in(event, "revision.rev_id", 0),
        parent_id=number_in(event, "revision.rev_parent_id", 0),
        previous_title=title_in(event, "prior_state.page.page_title") if kind is EventKind.MOVE else "",
        visible=Visible(*flags_in(event, "revision", *_VISIBILITY)) if kind is EventKind.VISIBILITY else None,
    )
    if kind is not EventKind.MOVE or not fields_in(event, "created_redirect_page"):
        return (told,)
    redirect = left_redirect(
        told,
        page_id=number_in(event, "created_redirect_page.page_id", least=1),
        namespace=namespace_in(event, "created_redirect_page.namespace_id", told.namespace),
    )
    return told, redirect


def _revision_create(event: Event) -> tuple[PageEvent, ...]:
    parent = number_in(event, "rev_parent_id", 0)
    told = _older_event(
        event,
        EventKind.EDIT if parent else EventKind.CREATE,
        time=time_in(event, "rev_timestamp", "meta.dt"),
        revision_id=number_in(event, "rev_id", least=1),
        parent_id=parent,
    )
    return (told,)


def _page_delete(event: Event) -> tuple[PageEvent, ...]:
    return (_older_event(event, EventKind.DELETE),)


def _page_undelete(event: Event) -> tuple[PageEvent, ...]:
    return (_older_event(event, EventKind.UNDELETE),)


def _properties_change(event: Event) -> tuple[PageEvent, ...]:
    # It names the page's newest revision, which it did not make.
    return (_older_event(event, EventKind.REFRESH, revision_id=0),)


def _page_move(event: Event) -> tuple[PageEvent, ...]:
    told = _older_event(event, EventKind.MOVE, previous_title=title_in(event, "prior_state.page_title"))
    if not fields_in(event, "new_redirect_page"):
        return (told,)
    redirect = left_redirect(
        told,
        page_id=number_in(event, "new_redirect_page.page_id", least=1),
        namespace=namespace_in(event, "new_redirect_page.page_namespace", told.namespace),
        revision_id=number_in(event, "new_redirect_page.rev_id", 0),
    )
    return told, redirect


def _visibility_change(event: Event) -> tuple[PageEvent, ...]:
    visible = Visible(*flags_in(event, "visibility", "text", "user", "comment"))
    told = _older_event(event, EventKind.VISIBILITY, revision_id=number_in(event, "rev_id", least=1), visible=visible)
    return (told,)


def _older_event(event: Event, kind: EventKind, **facts: Any) -> PageEvent:
    """An event of the streams that page_change came after, which share their fields."""
    common: dict[str, Any] = {"time": time_in(event, "meta.dt"), "revision_id": number_in(event, "rev_id", 0)}
    return page_event(
        event,
        Family.OLDER,
        kind,
        project=name_in(event, "database"),
        page_id=number_in(event, "page_id", least=1),
        namespace=namespace_in(event, "page_namespace"),
        title=title_in(event, "page_title"),
        **(common | facts),
    )


_READERS: dict[str, Callable[[Event], tuple[PageEvent, ...]]] = {
    "mediawiki.page_change": _page_change,
    "mediawiki.recentchange": recent_change,
    "mediawiki.revision-create": _revision_create,
    "mediawiki.page-create": _revision_create,
    "mediawiki.page-delete": _page_delete,
    "mediawiki.page-undelete": _page_undelete,
    "mediawiki.page-move": _page_move,
    "mediawiki.revision-visibility-change": _visibility_change,
    "mediawiki.page-properties-change": _properties_change,
}
