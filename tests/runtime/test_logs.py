import io
import json
import logging

import pytest
import structlog

from wikifeed_server.runtime.config import LogSettings
from wikifeed_server.runtime.logs import configure_logs


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
