"""The server's log on stderr: one event a line, readable on a terminal, JSON elsewhere."""

import io
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import QueueHandler
from typing import TextIO

import orjson
import structlog
from structlog.typing import Processor

from wikifeed_server.runtime.config import LogSettings

_WAITING_EVENTS = 10_000
_LAST_SECONDS = 2.0  # for a reader who reads, time enough for all that waits


def configure_logs(settings: LogSettings, stream: TextIO) -> None:
    """Send the events of all libraries, structlog's and logging's, to `stream` in one form."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    as_text = settings.format == "text" or (settings.format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if as_text else "iso", utc=not as_text),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(as_text, stream)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)


@contextmanager
def logging_beside(stream: TextIO) -> Iterator[None]:
    """A context in which a thread writes what `configure_logs` set up: who reads the log slowly holds up no call.

    Beyond 10,000 events that wait, events are dropped; leaving the context writes those that wait, for some seconds,
    and how many were dropped.
    """
    root = logging.getLogger()
    direct = root.handlers[:]
    waiting = _Waiting()
    waiting.setFormatter(direct[0].formatter)
    writer = threading.Thread(target=waiting.write_to, args=(_writing(stream),), name="wikifeed-log", daemon=True)
    writer.start()
    root.handlers[:] = [waiting]
    try:
        yield
    finally:
        waiting.end()
        writer.join(_LAST_SECONDS)
        if not writer.is_alive():
            root.handlers[:] = direct
            if waiting.dropped:
                structlog.get_logger().warning("log_events_dropped", count=waiting.dropped)


class _Waiting(QueueHandler):
    """Renders events where they happen, and has their lines wait to be written.

    The writing thread holds no lock meanwhile: one that never comes back from a write keeps nobody from ending.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(_WAITING_EVENTS)
        super().__init__(self._lines)
        self.dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        """Have an event wait, whose message is rendered already."""
        try:
            self._lines.put_nowait(f"{record.msg}\n")
        except queue.Full:
            self.dropped += 1

    def write_to(self, write: Callable[[str], object]) -> None:
        """Write lines until `end`. Those that nobody can read any more are dropped."""
        while (line := self._lines.get()) is not None:
            try:
                write(line)
            except OSError:
                self.dropped += 1

    def end(self) -> None:
        """Have the thread end with the last line that waits."""
        with suppress(queue.Full):
            self._lines.put(None, timeout=_LAST_SECONDS)


def _writing(stream: TextIO) -> Callable[[str], object]:
    """What writes to a stream; past its buffer where it has a descriptor, for the buffer has a lock."""
    try:
        descriptor = stream.fileno()
    except io.UnsupportedOperation:
        return stream.write
    stream.flush()

    def write(line: str) -> None:
        left = line.encode(errors="backslashreplace")
        while left:
            left = left[os.write(descriptor, left) :]

    return write


def _rendering(as_text: bool, stream: TextIO) -> list[Processor]:
    if as_text:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    # Without the values of local variables: among them may be texts of articles and secrets.
    traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(traces), structlog.processors.JSONRenderer(serializer=_dump)]


def _dump(event: object, **options: object) -> str:
    return orjson.dumps(event, default=str).decode()
