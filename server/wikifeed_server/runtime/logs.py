"""The server's log on stderr: one event a line, readable on a terminal, JSON elsewhere."""

import logging
from typing import TextIO

import orjson
import structlog
from structlog.typing import Processor

from wikifeed_server.runtime.config import LogSettings


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


def _rendering(as_text: bool, stream: TextIO) -> list[Processor]:
    if as_text:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    # Without the values of local variables: among them may be texts of articles and secrets.
    traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(traces), structlog.processors.JSONRenderer(serializer=_dump)]


def _dump(event: object, **options: object) -> str:
    return orjson.dumps(event, default=str).decode()
