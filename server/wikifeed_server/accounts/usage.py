"""What accounts used, by day. Functions of a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from wikifeed_server.accounts.database import Execute
from wikifeed_server.accounts.days import day_of, month_of
from wikifeed_server.accounts.model import DailyUsage, UsageKind


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call takes. `limit` is how much may be used in a month; a `file` is counted once a day."""

    username: str
    kind: UsageKind
    amount: int = 1
    limit: int | None = None
    file: str = ""


class Verdict(Enum):
    """What came of a charge."""

    ADMITTED = "admitted"
    EXHAUSTED = "exhausted"
    ACCOUNT_GONE = "account_gone"


def charge_all(execute: Execute, charges: Sequence[Charge], now: int) -> list[tuple[Verdict, int]]:
    """Count charges one after the other, each that its limit lets pass; with each what was used in the month before."""
    day = day_of(now)
    before: dict[tuple[str, UsageKind], int | None] = {}
    added: dict[tuple[str, UsageKind], int] = {}
    verdicts = []
    for charge in charges:
        of = charge.username, charge.kind
        if of not in before:
            before[of] = _used_in_month(execute, *of, now)
        earlier = before[of]
        if earlier is None:
            verdicts.append((Verdict.ACCOUNT_GONE, 0))
            continue
        used = earlier + added.get(of, 0)
        if charge.file and _is_counted(execute, charge, day):
            verdicts.append((Verdict.ADMITTED, used))
        elif charge.limit is not None and used + charge.amount > charge.limit:
            verdicts.append((Verdict.EXHAUSTED, used))
        else:
            added[of] = added.get(of, 0) + charge.amount
            if charge.file:
                execute("DELETE FROM download WHERE day < ?", (day,))
                values = (day, charge.username, charge.kind, charge.file)
                execute("INSERT INTO download VALUES (?, ?, ?, ?)", values)
            verdicts.append((Verdict.ADMITTED, used))
    add_usage(execute, {(*of, day): amount for of, amount in added.items()})
    return verdicts


def add_usage(execute: Execute, amounts: Mapping[tuple[str, UsageKind, str], int]) -> None:
    """Count what accounts used, by name, kind and day. What accounts used that are gone is not kept."""
    for (username, kind, day), amount in amounts.items():
        execute(
            "INSERT INTO usage SELECT username, ?, ?, ? FROM account WHERE username = ?"
            " ON CONFLICT (username, day, kind) DO UPDATE SET count = count + excluded.count",
            (day, kind, amount, username),
        )


def usage_by_day(execute: Execute, username: str, first_day: str, last_day: str) -> list[DailyUsage]:
    """What an account used on the days from the first to the last, oldest first; days without any are left out."""
    rows = execute(
        "SELECT day, kind, count FROM usage WHERE username = ? AND day BETWEEN ? AND ? ORDER BY day",
        (username, first_day, last_day),
    ).fetchall()
    return [
        DailyUsage(day, {UsageKind(kind): count for _, kind, count in of_day})
        for day, of_day in groupby(rows, key=lambda row: str(row[0]))
    ]


def sum_usage(days: Iterable[DailyUsage]) -> dict[UsageKind, int]:
    """What was used on all days together, of every kind."""
    totals = dict.fromkeys(UsageKind, 0)
    for day in days:
        for kind, count in day.counts.items():
            totals[kind] += count
    return totals


def _used_in_month(execute: Execute, username: str, kind: UsageKind, now: int) -> int | None:
    """None where there is no such account."""
    row = execute(
        "SELECT (SELECT coalesce(sum(count), 0) FROM usage WHERE username = ? AND day >= ? AND day < ? AND kind = ?)"
        " FROM account WHERE username = ?",
        (username, *month_of(now), kind, username),
    ).fetchone()
    return None if row is None else int(row[0])


def _is_counted(execute: Execute, charge: Charge, day: str) -> bool:
    values = (day, charge.username, charge.kind, charge.file)
    found = execute("SELECT 1 FROM download WHERE day = ? AND username = ? AND kind = ? AND file = ?", values)
    return found.fetchone() is not None
