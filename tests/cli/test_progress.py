import pytest

from wikifeed_server.cli.progress import ProgressLines, Reached, clock_time, describe


@pytest.mark.parametrize(
    ("reached", "seconds", "says"),
    [
        (Reached(0, 100, 0), 0.0, "0 %, 0 pages"),
        (Reached(25, 100, 1200), 10.0, "25 %, 1,200 pages, 120 a second, 0:30 left"),
        (Reached(120, 100, 5), 1.0, "100 %, 5 pages, 5 a second, 0:00 left"),
        (Reached(9, 0, 40), 2.0, "40 pages, 20 a second"),
    ],
)
def test_progress_is_told_with_rate_and_time_left(reached, seconds, says):
    assert describe(reached, "pages", seconds) == says


def test_times_are_written_as_on_a_clock():
    assert [clock_time(seconds) for seconds in (0, 65, 3725)] == ["0:00", "1:05", "1:02:05"]


def test_a_line_is_printed_every_few_seconds_and_not_at_every_report(capsys):
    times = iter([0.0, 1.0, 4.9, 5.0, 6.0, 11.0])
    lines = ProgressLines("x.xml", "pages", lambda: next(times))
    for items in range(1, 6):
        lines.report(Reached(0, 0, items))
    assert capsys.readouterr().err.splitlines() == [
        "x.xml: 3 pages, 1 a second",
        "x.xml: 5 pages, 0 a second",
    ]
