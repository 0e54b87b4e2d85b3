"""A worker's answers to its supervisor, over a Unix socket in the runtime folder, which is its user's alone.

Each connection has one question, a line such as {"ask": "profile", "seconds": 5}, and gets {"answer": ...} or
{"error": "..."}.
"""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from wikifeed_server.errors import StoreError
from wikifeed_server.runtime.telemetry.profile import collapsed, sample, speedscope
from wikifeed_server.runtime.telemetry.tasks import tasks
from wikifeed_server.runtime.telemetry.view import control_socket

Question: TypeAlias = dict[str, Any]
Answers: TypeAlias = Mapping[str, Callable[[Question], Awaitable[object]]]

HERTZ = 100
_PROFILES_AT_ONCE = 2


@asynccontextmanager
async def answering(runtime_folder: Path, answers: Answers) -> AsyncGenerator[None, None]:
    """A context in which this process answers. `answers` may raise ValueError and StoreError, which are told."""
    path = control_socket(runtime_folder, os.getpid())

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                writer.write(await _answer(reader, answers))
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_unix_server(converse, str(path))
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def _answer(reader: asyncio.StreamReader, answers: Answers) -> bytes:
    try:
        question = orjson.loads(await reader.readline())
        about = str(question.get("ask")) if isinstance(question, dict) else ""
        if about not in answers:
            raise ValueError(f"it has no answer to {about!r}")
        return orjson.dumps({"answer": await answers[about](question)})
    except (ValueError, StoreError) as error:
        return orjson.dumps({"error": str(error)})


async def answer_tasks(question: Question) -> object:
    """The tasks of this process."""
    del question
    return [group._asdict() for group in tasks()]


async def answer_channelz(question: Question) -> object:
    """What gRPC's core tells."""
    del question
    # Only here: the package loads gRPC, which a worker with another transport does without.
    from wikifeed_server.runtime.telemetry.channelz import channelz  # noqa: PLC0415

    return await asyncio.to_thread(channelz)


@contextmanager
def profiler() -> Iterator[Callable[[Question], Awaitable[object]]]:
    """A context with what answers with a profile, in threads of its own; at its end a profile under way ends too."""
    stop = threading.Event()
    with ThreadPoolExecutor(_PROFILES_AT_ONCE, "profile") as threads:

        async def answer_profile(question: Question) -> object:
            loop = asyncio.get_running_loop()
            seen = await loop.run_in_executor(threads, sample, question["seconds"], HERTZ, stop)
            if question["format"] == "speedscope":
                return speedscope(seen, f"worker {os.getpid()}")
            return collapsed(seen)

        try:
            yield answer_profile
        finally:
            stop.set()
