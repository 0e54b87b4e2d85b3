"""Profiles of this process."""

import threading

import pytest

from wikifeed_server.runtime.telemetry.profile import collapsed, sample, speedscope

SEEN = {("main", "a (x.py)", "b (y.py)"): 3, ("main", "a (x.py)"): 1, ("other", "b (y.py)"): 5}


def spin(begun, stop):
    begun.set()
    while not stop.is_set():
        sum(range(100))


@pytest.fixture
def spinner():
    begun, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=spin, args=[begun, stop], name="spinner")
    thread.start()
    begun.wait()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("spinner")
def test_a_busy_function_is_seen_under_its_thread_and_callers():
    seen = sample(0.2, 100, threading.Event())
    spinning = {stack: count for stack, count in seen.items() if stack[0] == "spinner"}
    assert sum(spinning.values()) == 20
    assert all("spin(test_sampling_profile.py)" in stack for stack in spinning)
    assert all("Thread.run(threading.py)" in stack for stack in spinning)


def test_the_thread_that_looks_is_not_seen():
    seen = sample(0.05, 100, threading.Event())
    assert not [stack for stack in seen if "sample(profile.py)" in stack]


def test_a_profile_ends_when_told():
    stop = threading.Event()
    stop.set()
    seen = sample(3600, 100, stop)
    assert set(seen.values()) <= {1}


def test_the_collapsed_form_has_a_line_for_each_stack():
    assert collapsed(SEEN) == "other;b (y.py) 5\nmain;a (x.py);b (y.py) 3\nmain;a (x.py) 1\n"


def test_the_form_of_speedscope_weighs_each_stack():
    file = speedscope(SEEN, "worker 1")
    frames = [frame["name"] for frame in file["shared"]["frames"]]
    (profile,) = file["profiles"]
    shown = {
        tuple(frames[number] for number in stack): weight
        for stack, weight in zip(profile["samples"], profile["weights"], strict=True)
    }
    assert shown == SEEN
    assert len(set(frames)) == len(frames)
    assert profile["endValue"] == 9
