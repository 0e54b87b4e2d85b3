"""Which snapshots a plan shows."""

from collections.abc import Sequence

from wikifeed_server.accounts.days import month_of
from wikifeed_server.accounts.model import Cadence, Plan
from wikifeed_server.snapshots import SnapshotStatus, State


def visible_snapshots(plan: Plan, statuses: Sequence[SnapshotStatus]) -> list[SnapshotStatus]:
    """Those of the plan's projects, in their order; of a monthly plan, for each identifier only the first ready one of
    each calendar month. `statuses` has all snapshots of an identifier, or none.
    """
    shown = [status for status in statuses if not plan.projects or status.spec.project in plan.projects]
    if plan.snapshot_cadence is Cadence.DAILY:
        return shown
    first: dict[tuple[str, str], SnapshotStatus] = {}
    for status in shown:
        if status.state is State.READY:
            of = status.spec.identifier, month_of(status.created)[0]
            first[of] = min(first.get(of, status), status, key=_age)
    chosen = {id(status) for status in first.values()}
    return [status for status in shown if id(status) in chosen]


def _age(status: SnapshotStatus) -> tuple[int, int]:
    return status.created, status.spec.offset
