"""What a row of recentchanges or of the log means for pages.

The log's types and actions are those of https://www.mediawiki.org/wiki/Manual:Log_actions and of FlaggedRevs; its
parameters are as MediaWiki 1.39 gives them.
"""

import uuid
from typing import Any

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.log_actions import LOGGED_KINDS, REFRESHING_LOGS, visible_by_mask
from wikifeed_server.sources.mediawiki.rows import SECOND, Row

_MOVES = frozenset({("move", "move"), ("move", "move_redir")})
# What MediaWiki itself writes into recentchanges, but only when its answer to the one who did it is sent.
_LISTED = frozenset({"move", "delete", "protect", "import", "merge", "contentmodel", "upload"})


def events_of_row(row: Row, project: ProjectInfo) -> list[PageEvent]:
    """What happened to pages by it, in order. Raises KeyError, ValueError, TypeError where the row is malformed."""
    if not row.title:
        return []
    if not row.log_type:
        kind = EventKind.CREATE if row.is_new else EventKind.EDIT
        return [_event(kind, row, project, parent_id=row.parent_id)]
    return _logged(row, project) if row.page_id else []


def awaits_change(row: Row) -> bool:
    """Whether a row that only the log has will soon be in recentchanges too, which tells more."""
    return bool(row.log_id and not row.change_id and row.log_type in _LISTED)


def left_redirect(row: Row) -> bool:
    """Whether the row is of a move that may have left a redirect behind."""
    if (row.log_type, row.log_action) not in _MOVES or not row.title:
        return False
    return not row.parameters.get("suppressredirect", True)


def redirect_event(row: Row, project: ProjectInfo, page_id: int, revision_id: int) -> PageEvent:
    """The creation of the redirect page that a move left."""
    return PageEvent(
        kind=EventKind.CREATE,
        project=project.identifier,
        page_id=page_id,
        namespace=row.namespace,
        title=row.title,
        time=row.time * SECOND,
        revision_id=revision_id,
    )


def refresh_event(project: str, page_id: int, namespace: int, title: str, time: int, key: str) -> PageEvent:
    """A page that may differ although nothing was done to it itself; `time` in seconds since 1970."""
    return PageEvent(
        kind=EventKind.REFRESH,
        project=project,
        page_id=page_id,
        namespace=namespace,
        title=title,
        time=time * SECOND,
        identifier=_identifier(project, key),
        keys=(key,),
    )


def _key(row: Row) -> str:
    return f"log:{row.log_id}"


def _identifier(project: str, key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{project}/{key}"))


def _event(kind: EventKind, row: Row, project: ProjectInfo, key: str = "", **more: Any) -> PageEvent:
    values = {"namespace": row.namespace, "title": row.title, "revision_id": row.revision_id, **more}
    return PageEvent(
        kind=kind,
        project=project.identifier,
        page_id=row.page_id,
        time=row.time * SECOND,
        identifier=_identifier(project.identifier, key) if key else "",
        keys=(key,) if key else (),
        **values,
    )


def _logged(row: Row, project: ProjectInfo) -> list[PageEvent]:
    action = row.log_type, row.log_action
    if action in _MOVES:
        return [_moved(row, project)]
    if action == ("delete", "revision"):
        return _hidden(row, project)
    if action in LOGGED_KINDS:
        return [_event(LOGGED_KINDS[action], row, project, key=_key(row))]
    # Reviews whose action ends with "a" come by themselves with the edit that they approve.
    is_automatic = row.log_type == "review" and row.log_action.endswith("a")
    return _refreshed(row, project) if row.log_type in REFRESHING_LOGS and not is_automatic else []


def _moved(row: Row, project: ProjectInfo) -> PageEvent:
    """`revision_id` is that of the revision without a change that a move makes."""
    return _event(
        EventKind.MOVE,
        row,
        project,
        key=_key(row),
        namespace=int(row.parameters["target_ns"]),
        title=str(row.parameters["target_title"]),
        previous_title=row.title,
    )


def _hidden(row: Row, project: ProjectInfo) -> list[PageEvent]:
    """One event for each revision whose parts were hidden or shown; other things than revisions are not ours."""
    if row.parameters.get("type") not in {"revision", "archive"}:
        return []
    visible = visible_by_mask(int(row.parameters["new"]["bitmask"]))
    return [
        _event(
            EventKind.VISIBILITY, row, project, f"{_key(row)}:{revision_id}", revision_id=revision_id, visible=visible
        )
        for revision_id in map(int, row.parameters["ids"])
    ]


def _refreshed(row: Row, project: ProjectInfo) -> list[PageEvent]:
    events = [_event(EventKind.REFRESH, row, project, key=_key(row))]
    if row.log_type == "merge" and row.log_action == "merge":
        # The page merged into is known by its title alone.
        title, namespace = str(row.parameters["dest_title"]), int(row.parameters["dest_ns"])
        key = f"{_key(row)}:into"
        events.append(refresh_event(project.identifier, 0, namespace, title, row.time, key))
    return events
