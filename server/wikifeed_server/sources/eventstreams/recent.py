"""What the stream of recent changes tells, as page events.

The schema is mediawiki/recentchange/1; the log's types and actions are those of
https://www.mediawiki.org/wiki/Manual:Log_actions. An entry of the log names no page id, and no revision that it made.
"""

from typing import Any

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.eventstreams.reading import (
    MalformedEventError,
    fields_in,
    name_in,
    namespace_in,
    number_in,
    seconds_in,
    text_in,
    title_in,
)
from wikifeed_server.sources.eventstreams.sameness import Family
from wikifeed_server.sources.eventstreams.telling import Event, left_redirect, page_event
from wikifeed_server.sources.log_actions import LOGGED_KINDS, REFRESHING_LOGS, visible_by_mask


def recent_change(event: Event) -> tuple[PageEvent, ...]:
    """What a recent change tells of pages, if anything. Raises MalformedEventError."""
    kind = text_in(event, "type")
    if kind in ("edit", "new"):
        told = _recent_event(
            event,
            EventKind.CREATE if kind == "new" else EventKind.EDIT,
            title_in(event, "title"),
            revision_id=number_in(event, "revision.new", least=1),
            parent_id=number_in(event, "revision.old", 0),
        )
        return (told,)
    if kind != "log":
        return ()
    return _logged(event, text_in(event, "log_type", ""), text_in(event, "log_action", ""))


def target_namespace(title: str, target: str, namespace: int) -> int | None:
    """The namespace that a page of `namespace` is moved to; None where the titles alone do not tell."""
    if ":" not in target:
        return 0
    same_prefix = namespace != 0 and title.partition(":")[0] == target.partition(":")[0]
    return namespace if same_prefix else None


def _logged(event: Event, log: str, action: str) -> tuple[PageEvent, ...]:
    if log == "move":
        return _moved(event)
    if (log, action) == ("delete", "revision"):
        return _hidden_revisions(event)
    # Reviews whose action ends with "a" come by themselves with the edit that they approve.
    is_automatic = log == "review" and action.endswith("a")
    kind = LOGGED_KINDS.get((log, action)) or (
        EventKind.REFRESH if log in REFRESHING_LOGS and not is_automatic else None
    )
    if kind is None:
        return ()
    told = [_recent_event(event, kind, title_in(event, "title"))]
    if (log, action) == ("merge", "merge"):
        # What was merged is in the history of another page from then on.
        told.append(_recent_event(event, kind, title_in(event, "log_params.dest")))
    return tuple(told)


def _moved(event: Event) -> tuple[PageEvent, ...]:
    title, target = title_in(event, "title"), title_in(event, "log_params.target")
    namespace = namespace_in(event, "namespace")
    new_namespace = target_namespace(title, target, namespace)
    told = _recent_event(
        event,
        EventKind.MOVE,
        target,
        previous_title=title,
        namespace=namespace if new_namespace is None else new_namespace,
    )
    # PHP's truth as JSON may have it.
    if fields_in(event, "log_params").get("noredir", "0") in (True, "1"):
        return (told,)
    return told, left_redirect(told, page_id=0, namespace=namespace)


def _hidden_revisions(event: Event) -> tuple[PageEvent, ...]:
    """One event for each revision whose parts were hidden or shown; other things than revisions are not ours."""
    parameters = fields_in(event, "log_params")
    if text_in(event, "log_params.type", "revision") not in ("revision", "archive"):
        return ()
    hidden = number_in(event, "log_params.nfield")
    visible = visible_by_mask(hidden)
    numbers = parameters.get("ids")
    if not isinstance(numbers, list) or not all(_is_revision(number) for number in numbers):
        raise MalformedEventError("log_params.ids", "is no list of revisions")
    title = title_in(event, "title")
    return tuple(
        _recent_event(event, EventKind.VISIBILITY, title, revision_id=int(number), visible=visible)
        for number in numbers
    )


def _is_revision(number: object) -> bool:
    """Whether it is a revision's number, as such or as a text."""
    text = str(number)
    return not isinstance(number, bool) and text.isascii() and text.isdecimal() and len(text) < 16


def _recent_event(event: Event, kind: EventKind, title: str, **facts: Any) -> PageEvent:
    return page_event(
        event,
        Family.RECENT,
        kind,
        project=name_in(event, "wiki"),
        page_id=0,
        title=title,
        time=seconds_in(event, "timestamp"),
        **({"namespace": namespace_in(event, "namespace")} | facts),
    )
