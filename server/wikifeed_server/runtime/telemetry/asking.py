"""Asking a worker something over its control socket: a line of JSON, and JSON until the end comes back."""

import asyncio
from pathlib import Path
from typing import Any

import orjson


class WorkerSilentError(Exception):
    """A worker did not answer, or could not; the message says which and why."""


async def ask(socket: Path, question: str, timeout_seconds: float, **about: object) -> Any:
    """What the worker at `socket` answers to a question. Raises WorkerSilentError."""
    try:
        async with asyncio.timeout(timeout_seconds):
            data = await _exchange(socket, orjson.dumps({"ask": question, **about}))
    except TimeoutError:
        raise WorkerSilentError(f"{socket.stem} did not answer within {timeout_seconds:g} seconds") from None
    except OSError as error:
        raise WorkerSilentError(f"{socket.stem} can't be asked: {error.strerror or error}") from error
    try:
        answer = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise WorkerSilentError(f"{socket.stem} ended while it answered") from error
    if "error" in answer:
        raise WorkerSilentError(f"{socket.stem} can't answer: {answer['error']}")
    return answer["answer"]


async def _exchange(socket: Path, question: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        writer.write(question + b"\n")
        await writer.drain()
        return await reader.read()
    finally:
        writer.close()
