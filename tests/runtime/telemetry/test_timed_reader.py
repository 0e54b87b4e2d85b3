"""The timed reader reads as the one behind it."""

import inspect

import pytest

from wikifeed_server.runtime.telemetry.metrics import StoreMetrics
from wikifeed_server.runtime.telemetry.timed_reader import TimedReader
from wikifeed_server.store import Reader

TIMED = {"get", "scan", "read_frames", "read_entries", "read_slice"}
METHODS = {name: method for name, method in vars(Reader).items() if inspect.iscoroutinefunction(method)}


class Recorder:
    """Answers whatever it is asked with a new object, and remembers both."""

    def __init__(self, failure=None):
        self.asked = []
        self._failure = failure

    def __getattr__(self, name):
        async def answer(*arguments):
            if self._failure:
                raise self._failure
            self.asked.append((name, arguments, result := object()))
            return result

        return answer


def counts(metrics):
    return {name: sum(histogram.counts) for name, histogram in metrics._operations.items()}


@pytest.mark.parametrize("name", METHODS)
async def test_every_question_is_passed_on_as_it_is(name):
    recorder, metrics = Recorder(), StoreMetrics()
    arguments = [object() for _ in list(inspect.signature(METHODS[name]).parameters)[1:]]

    result = await getattr(TimedReader(recorder, metrics), name)(*arguments)

    ((asked, passed_on, answer),) = recorder.asked
    assert (asked, passed_on) == (name, tuple(arguments))
    assert name == "close" or result is answer
    assert counts(metrics) == {timed: int(timed == name) for timed in TIMED}


@pytest.mark.parametrize("name", METHODS)
async def test_failures_come_through_and_are_not_counted(name):
    metrics = StoreMetrics()
    reader = TimedReader(Recorder(OSError("no disk")), metrics)
    arguments = [object() for _ in list(inspect.signature(METHODS[name]).parameters)[1:]]
    with pytest.raises(OSError, match="no disk"):
        await getattr(reader, name)(*arguments)
    assert not any(counts(metrics).values())
