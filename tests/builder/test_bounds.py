"""Calls within bounds on time and memory."""

import pytest

from wikifeed_server.builder.bounds import BoundedCalls, BoundExceededError

SECONDS, MEMORY = 0.3, 256 << 20


def double(value: int) -> int:
    return 2 * value


def run_for_ever(_: int) -> None:
    while True:
        pass


def take(size: int) -> int:
    return len(bytearray(size))


@pytest.fixture
def calls():
    with BoundedCalls(SECONDS, MEMORY) as bounded:
        yield bounded


def test_a_result_and_an_error_come_back(calls):
    assert calls.call(double, 21) == 42
    with pytest.raises(TypeError):
        calls.call(double)


def test_what_runs_too_long_is_ended_and_the_next_call_goes_on(calls):
    with pytest.raises(BoundExceededError, match=r"more than 0\.3 s"):
        calls.call(run_for_ever, 0)
    assert calls.call(double, 1) == 2


def test_what_takes_too_much_memory_is_ended_and_the_next_call_goes_on(calls):
    with pytest.raises(BoundExceededError, match="more than 268,435,456 bytes of memory"):
        calls.call(take, 1 << 30)
    assert calls.call(take, 1 << 20) == 1 << 20
