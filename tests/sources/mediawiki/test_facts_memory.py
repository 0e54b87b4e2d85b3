"""What the memory of facts holds, and for how long."""

from wikifeed_server.sources.mediawiki.remembered import Remembered


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


def test_a_value_is_known_for_its_time_however_often_it_is_asked_for():
    clock = Clock()
    memory = Remembered(10, 5.0, clock)
    memory.put("a", 1)
    for moment in range(6):
        clock.moment = float(moment)
        assert memory.get("a") == 1
    clock.moment = 5.1
    assert memory.get("a") is None


def test_a_value_put_again_is_known_for_its_time_anew():
    clock = Clock()
    memory = Remembered(10, 5.0, clock)
    memory.put("a", 1)
    clock.moment = 4.0
    memory.put("a", 2)
    clock.moment = 9.0
    assert memory.get("a") == 2


def test_what_was_not_asked_for_longest_goes_first():
    memory = Remembered(2, 5.0, Clock())
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


def test_values_whose_time_is_up_are_not_held_until_there_is_no_room():
    clock = Clock()
    memory = Remembered(1_000_000, 5.0, clock)
    for number in range(1000):
        clock.moment = float(number)
        memory.put(number, number)
    assert len(memory) == 6


def test_a_value_that_is_forgotten_is_not_known_and_one_that_never_was_does_no_harm():
    memory = Remembered(2, 5.0, Clock())
    memory.put("a", 1)
    memory.forget("a")
    memory.forget("b")
    assert memory.get("a") is None
    assert len(memory) == 0
