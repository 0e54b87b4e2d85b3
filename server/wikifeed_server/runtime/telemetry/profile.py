"""A sampling profile of this process: which functions its threads are in, looked at a hundred times a second."""

import sys
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

Stack: TypeAlias = tuple[str, ...]


def sample(seconds: float, hertz: float, stop: threading.Event) -> Counter[Stack]:
    """How often each stack was seen in `seconds`, or until `stop` is set; outermost first, the thread's name before.

    Blocks: to be run in a thread, which is not looked at itself. Threads that wait are seen where they wait.
    """
    seen: Counter[Stack] = Counter()
    interval = 1 / hertz
    own = threading.get_ident()
    for _ in range(max(1, round(seconds * hertz))):
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for thread, frame in sys._current_frames().items():
            if thread != own:
                seen[names.get(thread, "unknown thread"), *_functions(frame)] += 1
        if stop.wait(interval):
            break
    return seen


def collapsed(seen: Mapping[Stack, int]) -> str:
    """The form of flame graph tools: a line "outer;inner count" for each stack, the most frequent first."""
    lines = sorted(seen.items(), key=lambda item: -item[1])
    return "".join(f"{';'.join(stack)} {count}\n" for stack, count in lines)


def speedscope(seen: Mapping[Stack, int], name: str) -> dict[str, Any]:
    """The form of https://www.speedscope.app/file-format-schema.json: weights are in samples."""
    numbers: dict[str, int] = {}
    samples = [[numbers.setdefault(function, len(numbers)) for function in stack] for stack in seen]
    return {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": name,
        "shared": {"frames": [{"name": function} for function in numbers]},
        "profiles": [
            {
                "type": "sampled",
                "name": name,
                "unit": "none",
                "startValue": 0,
                "endValue": sum(seen.values()),
                "samples": samples,
                "weights": list(seen.values()),
            }
        ],
    }


def _functions(innermost: FrameType) -> Stack:
    functions = []
    frame: FrameType | None = innermost
    while frame is not None:
        # Semicolons and spaces separate in the collapsed form.
        functions.append(f"{frame.f_code.co_qualname}({Path(frame.f_code.co_filename).name})".replace(";", ","))
        frame = frame.f_back
    return tuple(reversed(functions))
