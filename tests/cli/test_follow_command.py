"""`wikifeed follow` and `wikifeed status` where there is nothing to follow, or nobody to turn to."""

import time

import pytest

from wikifeed_server.sources.status import SourceStatus
from wikifeed_server.store.embedded import EmbeddedWriter


def test_nothing_to_follow_is_said(wikifeed):
    result = wikifeed("follow")
    assert result.returncode == 2
    assert "--wiki URL" in result.stderr


@pytest.mark.parametrize("source", ["--wiki", "--stream"])
def test_a_wiki_elsewhere_must_know_whom_to_turn_to(wikifeed, source):
    result = wikifeed("follow", source, "https://wiki.example/w/")
    assert result.returncode == 2
    assert "--contact" in result.stderr


def test_a_server_that_follows_must_say_whom_to_turn_to_as_well(wikifeed):
    result = wikifeed("serve", "--follow", "https://wiki.example/w/", "--listen", "127.0.0.1:0")
    assert result.returncode == 2
    assert "--contact" in result.stderr


def test_a_wiki_that_is_not_there_is_said(wikifeed):
    result = wikifeed("follow", "--wiki", "http://127.0.0.1:9/")
    assert result.returncode == 5
    assert "http://127.0.0.1:9/" in result.stderr


def test_an_address_that_is_none_is_refused(wikifeed):
    result = wikifeed("follow", "--wiki", "wiki.example")
    assert result.returncode == 2
    assert "https://wiki.example/w/" in result.stderr


def test_a_store_that_another_writes_to_is_refused(wikifeed, tmp_path):
    with EmbeddedWriter.open(tmp_path / "store"):
        result = wikifeed("follow", "--wiki", "http://127.0.0.1:9/", "--store", tmp_path / "store")
    assert result.returncode == 6


def test_the_status_of_a_store_that_follows_nothing(wikifeed, tmp_path):
    EmbeddedWriter.open(tmp_path / "store").close()
    result = wikifeed("status", "--store", tmp_path / "store")
    assert (result.returncode, result.stdout) == (0, "")
    assert "nothing is followed" in result.stderr
    assert wikifeed("status", "--store", tmp_path / "none").returncode == 6


def test_the_status_tells_lag_rate_retries_and_the_last_error(wikifeed, tmp_path):
    moment = time.time_ns() // 1000
    told = SourceStatus(
        "mediawiki:x",
        process=7,
        started=moment,
        updated=moment,
        connected_since=moment,
        lag_seconds=2.5,
        lag_events=3,
        events_per_second=12.5,
        stored=1234,
        retries=2,
        failures=9,
        last_error="status 503",
        last_error_time=moment,
    )
    with EmbeddedWriter.open(tmp_path / "store") as writer:
        writer.put_status(told.source, told.to_json())
    printed = wikifeed("status", "--store", tmp_path / "store").stdout
    for part in (
        "mediawiki:x",
        "retrying",
        "2.5 s, 3 events",
        "12.5 events a second",
        "1,234 stored",
        "2 in a row, 9 in all",
        "status 503",
    ):
        assert part in printed
