"""What the tasks of a loop wait for."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

_NAMES = 5
_DEPTH = 50


class TaskGroup(NamedTuple):
    """Tasks with the same stack, outermost first: how many, and the names of a few."""

    tasks_count: int
    names: list[str]
    stack: list[str]


def tasks() -> list[TaskGroup]:
    """All tasks of the running loop, those with the same stack together, the most frequent first."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for task in asyncio.all_tasks():
        found[_stack(task.get_coro())].append(task.get_name())
    groups = (TaskGroup(len(names), sorted(names)[:_NAMES], list(stack)) for stack, names in found.items())
    return sorted(groups, key=lambda group: (-group.tasks_count, group.stack))


def _stack(coroutine: Any) -> tuple[str, ...]:
    """Where a coroutine is, then that which it awaits, and so on; what is not written in Python may end it sooner."""
    stack: list[str] = []
    while coroutine is not None and len(stack) < _DEPTH:
        name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None)
        place = f" ({Path(frame.f_code.co_filename).name}:{frame.f_lineno})" if frame is not None else ""
        stack.append(f"{name}{place}")
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "ag_await", None)
    return tuple(stack)
