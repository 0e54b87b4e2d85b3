"""Events made up after the schemas at https://schema.wikimedia.org, as stream.wikimedia.org sends them."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

TIME = 1_700_000_000


def stamp(seconds: float) -> str:
    """A time as the events have it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def meta(stream: str, name: object, seconds: float, domain: str = "en.wikipedia.org") -> dict[str, Any]:
    """What all events have; the same name gives the same id."""
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{stream}/{name}")),
        "stream": stream,
        "domain": domain,
        "dt": stamp(seconds),
        "uri": f"https://{domain}/wiki/X",
        "topic": f"eqiad.{stream}",
    }


def page_change(kind: str, number: int, seconds: float = TIME, **fields: Any) -> dict[str, Any]:
    """mediawiki.page_change.v1: revision `number` of page `number`, unless `fields` say otherwise."""
    event: dict[str, Any] = {
        "$schema": "/mediawiki/page/change/1.2.0",
        "meta": meta("mediawiki.page_change.v1", (kind, number), seconds + 1),
        "wiki_id": "enwiki",
        "dt": stamp(seconds),
        "page_change_kind": kind,
        "changelog_kind": {"create": "insert", "delete": "delete"}.get(kind, "update"),
        "page": {"page_id": number, "page_title": f"Page_{number}", "namespace_id": 0, "is_redirect": False},
        "performer": {"user_text": "Ann", "user_id": 7, "groups": ["user"], "is_bot": False},
        "revision": {
            "rev_id": 1000 + number,
            "rev_parent_id": 900 + number,
            "rev_dt": stamp(seconds),
            "is_content_visible": True,
            "is_editor_visible": True,
            "is_comment_visible": True,
        },
    }
    return event | fields


def older(stream: str, number: int, seconds: float = TIME, **fields: Any) -> dict[str, Any]:
    """An event of one of the streams before page_change: revision-create, page-delete, and so on."""
    name = f"mediawiki.{stream}"
    event: dict[str, Any] = {
        "meta": meta(name, number, seconds + 1),
        "database": "enwiki",
        "page_id": number,
        "page_title": f"Page_{number}",
        "page_namespace": 0,
        "rev_id": 1000 + number,
    }
    return event | fields


def recent_change(kind: str, number: int, seconds: float = TIME, **fields: Any) -> dict[str, Any]:
    """mediawiki.recentchange: an edit, a new page or an entry of the log."""
    event: dict[str, Any] = {
        "meta": meta("mediawiki.recentchange", (kind, number), seconds + 1),
        "type": kind,
        "wiki": "enwiki",
        "server_name": "en.wikipedia.org",
        "namespace": 0,
        "title": f"Page {number}",
        "timestamp": int(seconds),
        "user": "Ann",
    }
    if kind in ("edit", "new"):
        event["revision"] = {"new": 1000 + number} | ({"old": 900 + number} if kind == "edit" else {})
    return event | fields


def canary(seconds: float = TIME) -> dict[str, Any]:
    """A sign of life."""
    return page_change("edit", 1, seconds) | {"meta": meta("mediawiki.page_change.v1", "canary", seconds, "canary")}
