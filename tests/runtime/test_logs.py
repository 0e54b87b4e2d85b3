import io
import json
import logging
import threading

import pytest
import structlog

from wikifeed_server.runtime import logs
from wikifeed_server.runtime.config import LogSettings
from wikifeed_server.runtime.logs import configure_logs, logging_beside


@pytest.fixture
def stream():
    """What the log writes to; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_events_of_all_libraries_are_json_lines_where_nobody_watches(stream):
    configure_logs(LogSettings(), stream)
    structlog.get_logger().info("serving", addresses=("a:1",))
    logging.getLogger("asyncio").warning("slow %s", "callback")
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours["event"], ours["level"], ours["addresses"]) == ("serving", "info", ["a:1"])
    assert (theirs["event"], theirs["level"]) == ("slow callback", "warning")
    assert ours["timestamp"].endswith("Z")


def test_a_failure_is_logged_with_its_trace_but_not_with_the_values_of_variables(stream):
    configure_logs(LogSettings(), stream)
    secret = "".join(("pass", "word"))
    try:
        raise LookupError("nothing there")
    except LookupError:
        structlog.get_logger().exception("call_failed")
    event = json.loads(stream.getvalue())
    assert event["exception"][0]["exc_type"] == "LookupError"
    assert secret not in stream.getvalue()


def test_the_log_is_text_when_asked_and_leaves_out_what_is_less_grave(stream):
    configure_logs(LogSettings(level="warning", format="text"), stream)
    structlog.get_logger().info("serving")
    structlog.get_logger().warning("draining", seconds=4)
    assert "serving" not in stream.getvalue()
    assert "draining" in stream.getvalue()
    assert "seconds=4" in stream.getvalue()


class Stalled(io.StringIO):
    """A stream that takes nothing before it is read."""

    def __init__(self):
        super().__init__()
        self.is_read, self.is_written_to = threading.Event(), threading.Event()

    def write(self, text):
        self.is_written_to.set()
        self.is_read.wait()
        return super().write(text)


def events(stream):
    return [json.loads(line)["event"] for line in stream.getvalue().splitlines()]


def test_a_log_that_nobody_reads_holds_nobody_up(stream):
    stream = Stalled()
    configure_logs(LogSettings(), stream)
    with logging_beside(stream):
        for number in range(20):
            structlog.get_logger().info(f"event {number}", of="ours")
        logging.getLogger("asyncio").warning("slow %s", "callback")
        assert events(stream) == []
        stream.is_read.set()
    assert events(stream) == [*(f"event {number}" for number in range(20)), "slow callback"]


def test_what_there_is_no_room_for_is_dropped_and_counted(stream, monkeypatch):
    monkeypatch.setattr(logs, "_WAITING_EVENTS", 3)
    stream = Stalled()
    configure_logs(LogSettings(), stream)
    with logging_beside(stream):
        log = structlog.get_logger()
        log.info("first")
        stream.is_written_to.wait()  # it is out of the queue
        for number in range(5):
            log.info(f"event {number}")
        stream.is_read.set()
    written = stream.getvalue().splitlines()
    assert events(stream) == ["first", "event 0", "event 1", "event 2", "log_events_dropped"]
    assert json.loads(written[-1])["count"] == 2


def test_a_failure_that_is_written_beside_has_its_trace(stream):
    configure_logs(LogSettings(), stream)
    with logging_beside(stream):
        try:
            raise LookupError("nothing there")
        except LookupError:
            structlog.get_logger().exception("call_failed")
    assert json.loads(stream.getvalue())["exception"][0]["exc_type"] == "LookupError"
