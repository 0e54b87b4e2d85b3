"""What workers count, gathered from their processes."""

import os
import re

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

GET = "/wikifeed.v1.ArticleService/GetArticle"
STREAM = "/wikifeed.v1.ChangeService/StreamChanges"


class Metrics:
    """The samples of a page."""

    def __init__(self, text, parse=parse):
        self.families = {family.name: family for family in parse(text)}
        self._samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

        self.names = {name for name, _ in self._samples} | set(self.families)

    def __call__(self, name, **labels):
        return self._samples.get((f"wikifeed_{name}", frozenset(labels.items())))

    def labels(self, name):
        return [dict(labels) for known, labels in self._samples if known == f"wikifeed_{name}"]


@pytest.fixture
def metrics(admin):
    async def ask():
        async with admin.get("/metrics") as response:
            assert response.status == 200
            return Metrics(await response.text())

    return ask


@pytest.fixture
def metrics_with(metrics):
    """The metrics once one of them has a value: workers write what they count a few times a second."""

    async def ask(value, name, **labels):
        found = await metrics()
        while found(name, **labels) != value:
            found = await metrics()
        return found

    return ask


async def test_counts_of_all_workers_are_added_up(start_worker, metrics_with):
    first, second = start_worker(), start_worker()
    first("calls", GET, "OK", 30, 0.0003, 20_000)
    second("calls", GET, "OK", 12, 0.04, 1000)
    second("calls", GET, "NOT_FOUND", 3, 30, 0)

    await metrics_with(42, "rpc_calls_total", method=GET, code="OK")
    found = await metrics_with(3, "rpc_calls_total", method=GET, code="NOT_FOUND")

    assert found("rpc_seconds_count", method=GET) == 45
    assert found("rpc_seconds_sum", method=GET) == pytest.approx(30 * 0.0003 + 12 * 0.04 + 3 * 30)
    buckets = {
        le: found("rpc_seconds_bucket", method=GET, le=le) for le in ("0.0002", "0.0005", "0.05", "10.0", "+Inf")
    }
    assert buckets == {"0.0002": 0, "0.0005": 30, "0.05": 42, "10.0": 42, "+Inf": 45}
    assert found("rpc_sent_messages_total", method=GET) == 45
    assert found("rpc_sent_bytes_total", method=GET) == 30 * 20_000 + 12 * 1000


async def test_a_dead_worker_s_counts_stay_and_its_gauges_go(start_worker, supervisor, metrics, metrics_with):
    dying, living = start_worker(), start_worker()
    for worker in (dying, living):
        worker("calls", GET, "OK", 100, 0.001, 10)
        worker("begin", STREAM)
        worker("subscribe", 1)
        worker("deliver", 7)
    before = await metrics_with(200, "rpc_calls_total", method=GET, code="OK")
    assert before("rpc_in_flight", method=STREAM) == 2
    assert before("subscribers") == 2
    await metrics_with(14, "changes_delivered_total")

    dying.kill()
    del supervisor.states[dying.pid]
    after = await metrics()

    assert after("rpc_calls_total", method=GET, code="OK") == 200
    assert after("rpc_seconds_bucket", method=GET, le="0.001") == 200
    assert after("changes_delivered_total") == 14
    assert after("rpc_in_flight", method=STREAM) == 1
    assert after("subscribers") == 1
    assert after("workers_answering") == 1
    files = sorted(path.name for path in (supervisor.runtime_folder / "metrics").iterdir())
    assert files == sorted(f"{type_}_{of}.db" for type_ in ("counter", "histogram") for of in ("gone", str(living.pid)))

    start_worker()("calls", GET, "OK", 1, 0.001, 10)
    await metrics_with(201, "rpc_calls_total", method=GET, code="OK")


async def test_a_worker_that_stops_leaves_all_that_it_counted(start_worker, supervisor, metrics):
    worker = start_worker()
    worker("calls", GET, "OK", 1234, 0.001, 10)
    worker.stop()
    del supervisor.states[worker.pid]
    assert not (supervisor.runtime_folder / f"worker-{worker.pid}.sock").exists()

    found = await metrics()

    assert found("rpc_calls_total", method=GET, code="OK") == 1234
    assert found("workers_answering") == 0


async def test_the_log_and_the_lag_of_subscribers_behind_it(start_worker, metrics):
    first, second = start_worker(), start_worker()
    for worker, through in ((first, 3), (first, 2), (second, 0)):
        worker("subscribe", through)

    found = await metrics()

    assert found("log_newest_offset") == 3
    assert found("log_oldest_offset") == 1
    assert found("log_newest_change_timestamp_seconds") > 1_700_000_000
    assert found("subscriber_lag_changes_max") == 3
    assert found("subscriber_lag_changes_median") == 1
    assert found("newest_snapshot_timestamp_seconds") == 0


async def test_sources_that_are_followed(start_worker, metrics):
    start_worker()
    found = await metrics()
    source = "https://wiki.example/w/"
    assert found("source_state", source=source, state="following") == 1
    assert found("source_lag_seconds", source=source) == 1.5
    assert found("source_events_total", source=source, became="stored") == 40
    assert found("source_failures_total", source=source) == 0


async def test_reads_of_the_store_are_timed(start_worker, metrics_with):
    worker = start_worker()
    assert worker("get", 2) == "Page 2"
    assert worker("get", 9) == "none"

    found = await metrics_with(2, "store_read_seconds_count", operation="get")

    assert found("store_read_seconds_sum", operation="get") > 0


async def test_workers_that_do_not_listen_or_answer_are_told_of(start_worker, supervisor, metrics):
    supervisor.states[start_worker().pid] = "starting"
    start_worker().kill()

    found = await metrics()

    assert found("workers", state="starting") == 1
    assert found("workers", state="listening") == 1
    assert found("workers_answering") == 0
    assert found("log_newest_offset") is None


async def test_processes_are_told_apart_by_kind_and_number(start_worker, metrics):
    worker = start_worker()

    found = await metrics()

    processes = found.labels("process_resident_memory_bytes")
    assert {"kind": "supervisor", "pid": str(os.getpid())} in processes
    # Its command is none of Wikifeed's, so that it counts as what started it.
    assert {"kind": "supervisor", "pid": str(worker.pid)} in processes
    for name in ("process_cpu_seconds_total", "process_threads", "process_open_fds", "process_start_time_seconds"):
        assert found(name, kind="supervisor", pid=str(worker.pid)) > 0


async def test_prometheus_may_ask_for_openmetrics(start_worker, admin):
    start_worker()("calls", GET, "OK", 1, 0.001, 10)
    headers = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"}

    async with admin.get("/metrics", headers=headers) as response:
        assert response.content_type == "application/openmetrics-text"
        found = Metrics(await response.text(), parse_openmetrics)

    assert found("workers_answering") == 1


async def test_every_metric_is_wikifeed_s_and_says_what_it_is(page_of_all):
    assert [name for name, family in page_of_all.families.items() if len(family.documentation) < 5] == []
    assert all(name.startswith("wikifeed_") for name in page_of_all.families)


async def test_alerts_are_about_metrics_that_there_are(page_of_all, repository):
    rules = (repository / "deploy" / "alerts.yml").read_text()
    asked = set(re.findall(r"\bwikifeed_\w+", rules))
    assert len(asked) > 5
    assert asked <= page_of_all.names


@pytest.fixture
async def page_of_all(start_worker, metrics, metrics_with):
    """A page with all metrics there are."""
    worker = start_worker()
    worker("calls", GET, "OK", 1, 0.001, 10)
    worker("get", 1)
    found = await metrics_with(1, "rpc_calls_total", method=GET, code="OK")
    while found("event_loop_delay_seconds_count") is None:
        found = await metrics()
    return found
