"""What is observed of an action, and a scenario's words as this client's arguments."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.change_pb2 import Change, EventType
from wikifeed.v1.snapshot_pb2 import Snapshot, SnapshotContent, SnapshotFormat
from wikifeed.v1.subscription_pb2 import Subscription
from wikifeed_client import (
    After,
    Changes,
    CursorExpiredError,
    DamagedDataError,
    DeadlineExceededError,
    FileCheckpoint,
    InvalidRequestError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    QuotaExceededError,
    Since,
    SnapshotKind,
    Start,
    UnauthenticatedError,
    UnavailableError,
    WikifeedError,
    read_articles,
)

MIRROR = "mirror.json"
SNAPSHOT = "snapshot"
Json = Mapping[str, Any]


class Observation:
    """What came of one action."""

    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.names: list[str] = []
        self.missing: dict[str, Json] = {}
        self.error: Json | None = None
        self.checkpoint: int | None = None
        self.files: dict[str, str] = {}
        self.batches: list[str] = []
        self.snapshots: list[str] = []
        self.articles: dict[str, str] = {}
        self.mirror: Json | None = None
        self.projects: list[str] = []
        self.subscriptions: list[str] = []
        self.log: list[int] = []
        self.account = ""
        self.usage: list[str] = []

    def take(self, change: Change) -> None:
        """A change came."""
        self.offsets.append(change.offset)
        self.names.append(change.article.name)

    def take_outcome(self, place: int, outcome: Outcome) -> None:
        """The outcome of a key came."""
        if outcome.article is not None:
            self.names.append(outcome.article.name)
        if outcome.error is not None:
            self.missing[str(place)] = described(outcome.error)

    def take_batch(self, batch: Batch) -> None:
        """A batch was listed."""
        self.batches.append(f"{_time_text(batch.hour.ToDatetime(UTC))} {batch.identifier}")

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot was told of."""
        self.snapshots.append(f"{snapshot.identifier} {snapshot.offset}")

    def take_subscription(self, subscription: Subscription) -> None:
        """A subscription was told of."""
        self.subscriptions.append(f"{subscription.name} {subscription.acknowledged_offset}")

    def read(self, files: Iterable[Path]) -> None:
        """Files of a snapshot are there."""
        for article in read_articles(*files):
            self.articles[article.name] = b64encode(article.SerializeToString()).decode()

    def failed(self, error: WikifeedError) -> None:
        """The action ended with an error."""
        self.error = described(error)

    def look_into(self, folder: Path, action: Json) -> None:
        """See what the action left in the folder."""
        if "checkpoint" in action:
            self.checkpoint = FileCheckpoint(folder / action["checkpoint"]).load()
        match action["do"]:
            case "mirror":
                if (folder / MIRROR).exists():
                    self.mirror = json.loads((folder / MIRROR).read_text())
                self._look_at_files(folder / SNAPSHOT)
            case "export" | "export_batch":
                self._look_at_files(folder)

    def _look_at_files(self, folder: Path) -> None:
        paths = sorted(path for path in folder.iterdir() if path.suffix != ".part")
        self.files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def as_json(self) -> Json:
        """The observation as the suite reads it."""
        return vars(self)


def described(error: WikifeedError) -> Json:
    """An error in the suite's words."""
    reason = {"reason": error.reason} if error.reason else {}
    fields: dict[str, Any] = {}
    match error:
        case NotFoundError(deleted_at=deleted_at):
            kind, fields = "NotFound", {**reason, "deleted_at": deleted_at and _time_text(deleted_at)}
        case InvalidRequestError(violations=violations):
            kind, fields = "InvalidRequest", {**reason, "violations": [each._asdict() for each in violations]}
        case CursorExpiredError():
            names = ("oldest_offset", "snapshot_identifier", "snapshot_offset")
            kind, fields = "CursorExpired", {**reason, **{name: getattr(error, name) for name in names}}
        case QuotaExceededError(retry_after_seconds=seconds):
            kind, fields = "QuotaExceeded", {**reason, "retry_after_seconds": seconds}
        case UnauthenticatedError():
            kind, fields = "Unauthenticated", reason
        case PermissionDeniedError():
            kind, fields = "PermissionDenied", reason
        case UnavailableError():
            kind = "Unavailable"
        case DeadlineExceededError():
            kind = "DeadlineExceeded"
        case DamagedDataError():
            kind = "DamagedData"
        case _:
            kind, fields = "Other", {**reason, "code": error.code.name}
    return {"kind": kind, "fields": {name: value for name, value in fields.items() if value}}


def _time_text(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def start_of(action: Json) -> Start | After | Since:
    """Where a stream begins."""
    match action["start"]:
        case "oldest":
            return Start.OLDEST
        case "newest":
            return Start.NEWEST
        case {"after": offset}:
            return After(offset)
        case {"since": text}:
            return Since(datetime.fromisoformat(text))
    raise ValueError(f"no start: {action['start']}")


def changes_of(action: Json) -> Changes:
    """Which changes a stream asks for."""
    words = {**action.get("filter", {}), **action.get("options", {})}
    words.pop("max_unacknowledged", None)
    types = [EventType.Value(f"EVENT_TYPE_{name}") for name in words.pop("event_types", ())]
    return Changes(event_types=types, until_offset=action.get("until", 0), **words)


def checkpoint_of(action: Json, folder: Path) -> FileCheckpoint | None:
    """The checkpoint to keep."""
    return FileCheckpoint(folder / action["checkpoint"]) if "checkpoint" in action else None


def is_acknowledged(action: Json, number: int) -> bool:
    """Whether to acknowledge the delivery of that number."""
    chosen = action.get("acknowledge", "all")
    return chosen == "all" or number in chosen


def subscribe_options(action: Json) -> dict[str, Any]:
    """The options of a subscription."""
    options = {"credit": action["credit"]} if "credit" in action else {}
    options["max_unacknowledged"] = action.get("options", {}).get("max_unacknowledged", 0)
    return {**options, "start": start_of(action)} if "start" in action else options


def page_of(action: Json) -> str | int:
    """The page that is asked for, by its title or its id."""
    return action.get("title") or action["page_id"]


def keys_of(action: Json) -> list[tuple[str, str | int]]:
    """The pages that are asked for."""
    return [(action["project"], page) for page in (*action.get("titles", ()), *action.get("page_ids", ()))]


def only(action: Json, *names: str) -> dict[str, Any]:
    """What the action says of these arguments."""
    return {name: action[name] for name in names if name in action}


def kind_of(action: Json) -> SnapshotKind:
    """Which snapshot to make."""
    content = SnapshotContent.Value(f"SNAPSHOT_CONTENT_{action.get('content', 'JSON')}")
    form = SnapshotFormat.Value(f"SNAPSHOT_FORMAT_{action.get('format', 'NDJSON_TAR_GZ')}")
    return SnapshotKind(action["project"], action["namespace"], content, form)


def days_of(action: Json) -> list[date | None]:
    """The first and the last day to ask for."""
    return [date.fromisoformat(action[name]) if name in action else None for name in ("first_day", "last_day")]
