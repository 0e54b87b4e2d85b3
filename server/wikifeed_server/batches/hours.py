"""Hours of UTC, told by their first microsecond since 1970. A clock of UTC knows no summer time."""

from datetime import UTC, datetime, timedelta

HOUR_MICROSECONDS = 3600 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hour_of(microseconds: int) -> int:
    """The hour that a moment is in."""
    return microseconds - microseconds % HOUR_MICROSECONDS


def hour_path(hour: int) -> str:
    """The folder of an hour: "2026-01-31/07"."""
    return (_EPOCH + timedelta(microseconds=hour)).strftime("%Y-%m-%d/%H")


def hour_at(path: str) -> int | None:
    """The inverse of `hour_path`; None for what is no such path."""
    try:
        moment = datetime.strptime(path, "%Y-%m-%d/%H").replace(tzinfo=UTC)
    except ValueError:
        return None
    hour = (moment - _EPOCH) // timedelta(microseconds=1)
    return hour if hour_path(hour) == path else None
