"""Days and months of UTC. Moments are microseconds since 1970; days are written as "2026-01-31"."""

from datetime import UTC, date, datetime, timedelta

from wikifeed_server.errors import FieldViolation, InvalidRequestError

DAY_MICROSECONDS = 86400 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(moment: int) -> str:
    """The day that a moment is in."""
    return _at(moment).strftime("%Y-%m-%d")


def month_of(moment: int) -> tuple[str, str]:
    """The first day of the month that a moment is in, and that of the next month."""
    first = _at(moment).date().replace(day=1)
    return first.isoformat(), _next_month(first).isoformat()


def seconds_left_in_month(moment: int) -> int:
    """How long it is until the next month, rounded up."""
    following = _next_month(_at(moment).date().replace(day=1))
    midnight = datetime(following.year, following.month, 1, tzinfo=UTC)
    return -((_at(moment) - midnight) // timedelta(seconds=1))


def check_day(field: str, day: str) -> None:
    """Raise InvalidRequestError for what is no day."""
    try:
        well = date.fromisoformat(day).isoformat() == day
    except ValueError:
        well = False
    if not well:
        raise InvalidRequestError([FieldViolation(field, "a day, such as 2026-01-31")])


def _at(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
