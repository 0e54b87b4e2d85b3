"""The server's log on stderr: one event a line, readable on a terminal, JSON elsewhere."""

import logging
import queue
import threading
from collections.abc import Iterator
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

    Beyond 10,000 events that wait, events are dropped; leaving the context writes those that wait, and how many were
    dropped.
    """
    events: queue.Queue[logging.LogRecord | None] = queue.Queue(_WAITING_EVENTS)
    root = logging.getLogger()
    direct, waiting, plain = root.handlers[:], _Waiting(events), logging.StreamHandler(stream)
    waiting.setFormatter(direct[0].formatter)

    def write() -> None:
        while (event := events.get()) is not None:
            plain.handle(event)

    writer = threading.Thread(target=write, name="wikifeed-log", daemon=True)
    writer.start()
    root.handlers[:] = [waiting]
    try:
        yield
    finally:
        root.handlers[:] = direct
        with suppress(queue.Full):
            events.put(None, timeout=_LAST_SECONDS)
        writer.join(_LAST_SECONDS)
        if waiting.dropped and not writer.is_alive():
            structlog.get_logger().warning("log_events_dropped", count=waiting.dropped)


class _Waiting(QueueHandler):
    """Renders events where they happen, and has them wait to be written."""

    dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1


def _rendering(as_text: bool, stream: TextIO) -> list[Processor]:
    if as_text:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    # Without the values of local variables: among them may be texts of articles and secrets.
    traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(traces), structlog.processors.JSONRenderer(serializer=_dump)]


def _dump(event: object, **options: object) -> str:
    return orjson.dumps(event, default=str).decode()
