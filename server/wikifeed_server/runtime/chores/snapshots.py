"""Making snapshots on a schedule, and dropping old ones."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from wikifeed_server.accounts import Plan, visible_snapshots
from wikifeed_server.errors import ProjectNotFoundError
from wikifeed_server.runtime.chores.turns import take_turns
from wikifeed_server.runtime.config import SnapshotSettings
from wikifeed_server.snapshots import (
    Content,
    Format,
    SnapshotLibrary,
    SnapshotSpec,
    SnapshotStatus,
    SnapshotWriters,
    State,
)
from wikifeed_server.store import Reader

_LONGEST_PAUSE_SECONDS = 60.0


class SnapshotChore:
    """Makes each scheduled snapshot once in each period; periods are counted from 1970, so days from midnight UTC."""

    def __init__(
        self,
        reader: Reader,
        library: SnapshotLibrary,
        writers: SnapshotWriters,
        settings: SnapshotSettings,
        now: Callable[[], float],
        plans_in_use: Callable[[], Awaitable[Sequence[Plan]]],
    ) -> None:
        self._reader = reader
        self._library = library
        self._writers = writers
        self._settings = settings
        self._now = now
        self._plans_in_use = plans_in_use
        self._begun: dict[str, float] = {}

    async def run(self) -> None:
        """Make them as their time comes, without end."""
        await take_turns("snapshots", self.turn, self._pause_seconds)

    async def turn(self) -> None:
        """Begin what is due, and drop what is beyond what is kept. Raises StoreError, OSError, ProjectNotFoundError."""
        period = self._now() // self._settings.every_seconds * self._settings.every_seconds
        statuses = await asyncio.to_thread(self._library.list)
        plans = await self._plans_in_use()
        for scheduled in self._settings.scheduled:
            spec = _spec(scheduled, (await self._reader.log_info()).newest_offset)
            known = [status for status in statuses if status.spec.identifier == spec.identifier]
            if self._begun.get(spec.identifier, -1.0) < period and not _made_since(known, period):
                self._begun[spec.identifier] = period
                await self._begin(spec)
            await asyncio.to_thread(self._drop_old, known, plans)

    async def _begin(self, spec: SnapshotSpec) -> None:
        if await self._reader.project(spec.project) is None:
            raise ProjectNotFoundError(spec.project)
        status = await self._writers.begin(spec)
        structlog.get_logger().info(
            "snapshot begun", snapshot=spec.identifier, offset=spec.offset, state=status.state.value
        )

    def _drop_old(self, known: Sequence[SnapshotStatus], plans: Sequence[Plan]) -> None:
        """Drop all but the newest, and but the newest that each plan shows, which may be an older one."""
        ready = sorted((s for s in known if s.state is State.READY), key=lambda s: s.spec.offset, reverse=True)
        shown = {each.spec.offset for plan in plans for each in visible_snapshots(plan, ready)[:1]}
        for status in ready[self._settings.keep :]:
            if status.spec.offset in shown:
                continue
            self._library.drop(status)
            structlog.get_logger().info("snapshot dropped", snapshot=status.spec.identifier, offset=status.spec.offset)

    def _pause_seconds(self) -> float:
        every = self._settings.every_seconds
        return min(every - self._now() % every, _LONGEST_PAUSE_SECONDS)


def _made_since(known: Sequence[SnapshotStatus], period: float) -> bool:
    """Whether one was begun since, whatever became of it: what failed is tried again in the next period."""
    return any(status.created >= period * 1e6 for status in known)


def _spec(scheduled: str, offset: int) -> SnapshotSpec:
    """The spec of PROJECT[:NAMESPACE[:CONTENT[:FORMAT]]], which the setting's kind has checked."""
    project, *rest = scheduled.split(":")
    namespace, content, format_ = (*rest, *("0", Content.JSON.value, Format.TAR_GZ.value)[len(rest) :])
    return SnapshotSpec(project, int(namespace), offset, Content(content), Format(format_))
