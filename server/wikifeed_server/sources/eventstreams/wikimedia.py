"""What the events of Wikimedia's streams tell, as page events.

The schemas are those of https://schema.wikimedia.org: mediawiki/page/change/1, mediawiki/recentchange/1,
mediawiki/revision/create/2, mediawiki/page/delete/1, mediawiki/page/move/1, mediawiki/page/undelete/1,
mediawiki/revision/visibility-change/1, mediawiki/page/properties-change/1.

Several streams tell of the same happening. An edit is known by its revision. For all else there are keys of what
happened, to which title, at about what time: the streams' times differ by a second or two, so each event has the keys
of two spans of ten seconds that overlap by half, one of which it shares with its like.
"""

from collections.abc import Callable, Mapping
from typing import Any

from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.eventstreams.reading import (
    SECOND,
    MalformedEventError,
    fields_in,
    flag_in,
    number_in,
    text_in,
    time_in,
    title_in,
)

Event = Mapping[str, Any]

_SPAN = 10 * SECOND
_CHANGE_KINDS = {
    "create": EventKind.CREATE,
    "edit": EventKind.EDIT,
    "move": EventKind.MOVE,
    "delete": EventKind.DELETE,
    "undelete": EventKind.UNDELETE,
    "visibility_change": EventKind.VISIBILITY,
}
_LOGGED = {
    ("delete", "delete"): EventKind.DELETE,
    ("delete", "delete_redir"): EventKind.DELETE,
    ("delete", "delete_redir2"): EventKind.DELETE,
    ("delete", "restore"): EventKind.UNDELETE,
}
_REFRESHING_LOGS = frozenset({"protect", "import", "merge", "contentmodel", "pagelang", "stable"})
# The bits of a revision's deletion field (https://www.mediawiki.org/wiki/Manual:Revision_table).
_TEXT_HIDDEN, _COMMENT_HIDDEN, _USER_HIDDEN = 1, 2, 4


def page_events(event: Event) -> tuple[PageEvent, ...]:
    """What an event tells of pages, if anything. Raises MalformedEventError."""
    stream = text_in(event, "meta.stream")
    read = _READERS.get(stream.removesuffix(".v1"))
    if read is None:
        raise MalformedEventError(f"meta.stream is {stream!r}, a stream that Wikifeed does not read")
    return read(event)


def _page_change(event: Event) -> tuple[PageEvent, ...]:
    name = text_in(event, "page_change_kind")
    kind = _CHANGE_KINDS.get(name)
    if kind is None:
        raise MalformedEventError(f"page_change_kind is {name!r}, which is no kind of change")
    revision = fields_in(event, "revision")
    told = _event(
        event,
        kind,
        project=text_in(event, "wiki_id"),
        page_id=number_in(event, "page.page_id"),
        namespace=number_in(event, "page.namespace_id"),
        title=title_in(event, "page.page_title"),
        time=time_in(event, "dt", "meta.dt"),
        revision_id=number_in(event, "revision.rev_id", 0),
        parent_id=number_in(event, "revision.rev_parent_id", 0),
        previous_title=title_in(event, "prior_state.page.page_title") if kind is EventKind.MOVE else "",
        visible=Visible(
            flag_in(revision, "is_content_visible"),
            flag_in(revision, "is_editor_visible"),
            flag_in(revision, "is_comment_visible"),
        )
        if kind is EventKind.VISIBILITY
        else None,
    )
    if kind is not EventKind.MOVE or not fields_in(event, "created_redirect_page"):
        return (told,)
    redirect = _left_redirect(
        told,
        page_id=number_in(event, "created_redirect_page.page_id"),
        namespace=number_in(event, "created_redirect_page.namespace_id", told.namespace),
    )
    return told, redirect


def _revision_create(event: Event) -> tuple[PageEvent, ...]:
    parent = number_in(event, "rev_parent_id", 0)
    return (
        _older_event(
            event,
            EventKind.EDIT if parent else EventKind.CREATE,
            time=time_in(event, "rev_timestamp", "meta.dt"),
            parent_id=parent,
        ),
    )


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
    redirect = _left_redirect(
        told,
        page_id=number_in(event, "new_redirect_page.page_id"),
        namespace=number_in(event, "new_redirect_page.page_namespace", told.namespace),
    )
    return told, redirect


def _visibility_change(event: Event) -> tuple[PageEvent, ...]:
    shown = fields_in(event, "visibility")
    visible = Visible(flag_in(shown, "text"), flag_in(shown, "user"), flag_in(shown, "comment"))
    return (_older_event(event, EventKind.VISIBILITY, visible=visible),)


def _recent_change(event: Event) -> tuple[PageEvent, ...]:
    kind = text_in(event, "type")
    if kind in ("edit", "new"):
        told = _recent_event(
            event,
            EventKind.CREATE if kind == "new" else EventKind.EDIT,
            title_in(event, "title"),
            revision_id=number_in(event, "revision.new"),
            parent_id=number_in(event, "revision.old", 0),
        )
        return (told,)
    if kind != "log":
        return ()
    return _logged(event, text_in(event, "log_type"), text_in(event, "log_action"))


def _logged(event: Event, log: str, action: str) -> tuple[PageEvent, ...]:
    """What an entry of a wiki's log tells. Such an event names no page id, and no revision that a move made."""
    title = title_in(event, "title")
    if log == "move":
        return _logged_move(event, title)
    if (log, action) == ("delete", "revision"):
        return _hidden_revisions(event, title)
    kind = EventKind.REFRESH if log in _REFRESHING_LOGS else _LOGGED.get((log, action))
    return (_recent_event(event, kind, title),) if kind is not None else ()


def _logged_move(event: Event, title: str) -> tuple[PageEvent, ...]:
    told = _recent_event(event, EventKind.MOVE, title_in(event, "log_params.target"), previous_title=title)
    if str(fields_in(event, "log_params").get("noredir", "0")) in ("1", "True"):
        return (told,)
    return told, _left_redirect(told, page_id=0, namespace=number_in(event, "namespace"))


def _hidden_revisions(event: Event, title: str) -> tuple[PageEvent, ...]:
    parameters = fields_in(event, "log_params")
    hidden = number_in(parameters, "nfield", 0)
    visible = Visible(not hidden & _TEXT_HIDDEN, not hidden & _USER_HIDDEN, not hidden & _COMMENT_HIDDEN)
    numbers = parameters.get("ids")
    if not isinstance(numbers, list) or not all(str(number).isdecimal() for number in numbers):
        raise MalformedEventError("log_params.ids is no list of revisions")
    return tuple(
        _recent_event(event, EventKind.VISIBILITY, title, revision_id=int(number), visible=visible)
        for number in numbers
    )


def _recent_event(event: Event, kind: EventKind, title: str, **facts: Any) -> PageEvent:
    return _event(
        event,
        kind,
        project=text_in(event, "wiki"),
        page_id=0,
        namespace=number_in(event, "namespace"),
        title=title,
        time=number_in(event, "timestamp") * SECOND,
        **facts,
    )


def _older_event(event: Event, kind: EventKind, **facts: Any) -> PageEvent:
    """An event of the streams that page_change came after, which share their fields."""
    told: dict[str, Any] = {
        "time": time_in(event, "meta.dt"),
        "revision_id": number_in(event, "rev_id", 0),
        **facts,
    }
    return _event(
        event,
        kind,
        project=text_in(event, "database"),
        page_id=number_in(event, "page_id"),
        namespace=number_in(event, "page_namespace"),
        title=title_in(event, "page_title"),
        **told,
    )


def _event(event: Event, kind: EventKind, *, title: str, time: int, **facts: Any) -> PageEvent:
    identifier = text_in(event, "meta.id")
    keys: tuple[str, ...] = ()
    if kind not in (EventKind.CREATE, EventKind.EDIT):
        what = f"{kind}:{facts.get('previous_title', '')}:{title}"
        if (visible := facts.get("visible")) is not None:
            what += f":{facts.get('revision_id', 0)}:{''.join(str(int(part)) for part in visible)}"
        # A refresh has no like in another stream, and one may well follow another.
        spans = () if kind is EventKind.REFRESH else (time // _SPAN * 2, (time + _SPAN // 2) // _SPAN * 2 + 1)
        keys = (f"event:{identifier}:{facts.get('revision_id', 0)}", *(f"{what}:{span}" for span in spans))
    return PageEvent(
        kind=kind,
        title=title,
        time=time,
        host=text_in(event, "meta.domain", "") or text_in(event, "server_name", ""),
        identifier=identifier,
        keys=keys,
        **facts,
    )


def _left_redirect(move: PageEvent, page_id: int, namespace: int) -> PageEvent:
    """The creation of the redirect page that a move left under the old title."""
    return PageEvent(
        kind=EventKind.CREATE,
        project=move.project,
        page_id=page_id,
        namespace=namespace,
        title=move.previous_title,
        time=move.time,
        host=move.host,
    )


_READERS: dict[str, Callable[[Event], tuple[PageEvent, ...]]] = {
    "mediawiki.page_change": _page_change,
    "mediawiki.recentchange": _recent_change,
    "mediawiki.revision-create": _revision_create,
    "mediawiki.page-create": _revision_create,
    "mediawiki.page-delete": _page_delete,
    "mediawiki.page-undelete": _page_undelete,
    "mediawiki.page-move": _page_move,
    "mediawiki.revision-visibility-change": _visibility_change,
    "mediawiki.page-properties-change": _properties_change,
}
