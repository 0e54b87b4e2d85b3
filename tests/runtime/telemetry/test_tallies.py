"""Counts in files that outlive their processes."""

import os
from collections import Counter

from counted_files import read
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.runtime.telemetry.tallies import Histogram, Metric, TallyFiles, fold_ended

CALLS = Metric("calls", "Calls.", ("code",))
SECONDS = Metric("seconds", "Times.", ("method",))
BOUNDS = (0.001, 0.01, 0.1)


@given(st.lists(st.one_of(st.sampled_from(BOUNDS), st.floats(0, 1000))))
def test_a_histogram_counts_each_value_below_its_bound(values):
    histogram = Histogram(BOUNDS)
    for value in values:
        histogram.observe(value)
    for number, bound in enumerate(BOUNDS):
        assert sum(histogram.counts[: number + 1]) == sum(value <= bound for value in values)
    assert sum(histogram.counts) == len(values)
    assert histogram.total == sum(values)


def test_what_is_written_is_read_by_prometheus_client(tmp_path):
    files = TallyFiles(tmp_path)
    histogram = Histogram(BOUNDS)
    for value in (0.0005, 0.05, 5.0):
        histogram.observe(value)
    for total in (1, 2, 2, 5):
        files.count(CALLS, ("OK",), total)
        files.histogram(SECONDS, ("Get",), histogram)
    files.close()

    assert read(tmp_path) == {
        ("calls_total", "OK"): 5,
        ("seconds_sum", "Get"): 5.0505,
        ("seconds_count", "Get"): 3,
        ("seconds_bucket", "Get", "0.001"): 1,
        ("seconds_bucket", "Get", "0.01"): 1,
        ("seconds_bucket", "Get", "0.1"): 2,
        ("seconds_bucket", "Get", "+Inf"): 3,
    }


def test_a_process_with_the_number_of_an_earlier_one_counts_on(tmp_path):
    for total in (3, 4):
        files = TallyFiles(tmp_path)
        files.count(CALLS, ("OK",), total)
        files.close()
    assert read(tmp_path)["calls_total", "OK"] == 7


@settings(deadline=None)
@given(generations=st.lists(st.dictionaries(st.sampled_from("ABC"), st.integers(0, 1000)), max_size=6))
def test_nothing_is_lost_however_many_processes_end(generations, tmp_path_factory):
    folder = tmp_path_factory.mktemp("metrics")
    expected = Counter()
    for counts in generations:
        files = TallyFiles(folder)
        for code, count in counts.items():
            files.count(CALLS, (code,), count)
            expected[code] += count
        files.close()
        fold_ended(folder, running=set())
        assert {path.name for path in folder.iterdir()} <= {"counter_gone.db", "histogram_gone.db"}

    found = {code: count for (_, code), count in read(folder).items()}
    assert Counter(found) == expected


def test_files_of_running_processes_stay(tmp_path):
    files = TallyFiles(tmp_path)
    files.count(CALLS, ("OK",), 1)
    fold_ended(tmp_path, running={os.getpid()})
    files.count(CALLS, ("OK",), 2)
    files.close()
    assert read(tmp_path)["calls_total", "OK"] == 2
