"""The independent Rust client `wme-client` 0.1.3, as it is published, against a server.

All of its three addresses can be set. What it cannot read of Enterprise's answers, it cannot read of these:

- its update of the stream wants `event_type`, `article` and `event_metadata` around the article, which Enterprise does
  not send: each event is an error inside an open stream;
- its structured article wants one table and one reference where the API has lists;
- its description of a batch wants a `name`, which batches have not;
- its event types lack `create`, so that it reads no article whose last event is one;
- after a revocation it holds the tokens no more and logs in anew; the runner puts them back to see them refused.

It POSTs requests without saying that they are JSON.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from enterprise_site import PASSWORD, USER

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

CRATE = Path(__file__).parent / "rust"


@pytest.fixture(scope="module")
def runner(repository):
    """The program that goes through the crate's calls."""
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip("there is no cargo (https://rustup.rs) to build the Rust client with")
    target = repository / "build" / "enterprise-rust"
    command = [cargo, "build", "--quiet", "--manifest-path", CRATE / "Cargo.toml", "--target-dir", target]
    subprocess.run(command, check=True)
    return target / "debug" / "enterprise-conformance"


@pytest.fixture(scope="module")
def scenarios(site, runner):
    """What the crate made of each scenario."""
    command = [runner, site.http, USER, PASSWORD, f"{site.hour:%Y-%m-%d}", f"{site.hour:%H}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {each["scenario"]: each for each in told}


def saw(scenarios, name):
    assert "error" not in scenarios[name]
    return scenarios[name]["saw"]


def test_it_logs_in_refreshes_and_revokes(scenarios):
    assert saw(scenarios, "login") == {"has_all": True}
    assert saw(scenarios, "refresh") == {"is_another": True}
    assert "401" in saw(scenarios, "revoke")


def test_it_reads_what_there_is(scenarios):
    found = saw(scenarios, "metadata")
    assert {"wiki", "wiktionary"} <= set(found["codes"])
    assert {"de", "en", "fr"} <= set(found["languages"])
    assert {"dewiki", "enwiki", "frwiki"} <= set(found["projects"])
    assert found["alone"] == ["wiki", "en", "enwiki", 14]


def test_it_reads_the_list_of_namespaces(scenarios):
    assert {0, 14} <= set(saw(scenarios, "namespaces"))


def test_its_requests_are_heard_though_they_do_not_say_that_they_are_json(scenarios):
    found = saw(scenarios, "metadata with a request")
    assert [(each["identifier"], each["name"], each["url"]) for each in found] == [("enwiki", "Wikipedia", None)]


def test_it_reads_an_article(scenarios):
    (article,) = saw(scenarios, "article")
    assert (article["name"], article["identifier"]) == ("Ada Lovelace", 101)
    assert article["version"]["size"] == {"value": len("text"), "unit_text": "B"}
    assert article["event"]["type"] == "update"
    assert article["article_body"]["wikitext"]


def test_it_reads_no_article_whose_last_event_is_a_creation(scenarios):
    assert "unknown variant `create`" in scenarios["article of all projects"]["error"]


def test_it_knows_an_article_that_is_not_there(scenarios):
    assert "not found" in scenarios["absent article"]["error"].lower()


def test_it_reads_no_structured_contents(scenarios):
    assert "error decoding response body" in scenarios["structured contents"]["error"]


@pytest.mark.parametrize("name", ["snapshot", "chunk", "structured snapshot"])
def test_it_describes_and_fetches_files(scenarios, name):
    found = saw(scenarios, name)
    assert found["alone"] in found["listed"]
    assert found["alone"]["namespace"]["identifier"] == 0
    assert int(found["told_length"]) == found["whole"] > 0


def test_it_fetches_a_range(scenarios):
    assert saw(scenarios, "snapshot")["range"] == 100


def test_it_fetches_a_batch_though_it_reads_no_description_of_one(scenarios):
    found = saw(scenarios, "batch")
    assert int(found["told_length"]) == found["whole"] > 0
    assert len(found["listed"]) == 1
    assert "error" in found["listed"][0]


def test_it_reads_from_a_batch_what_is_no_creation(scenarios):
    found = saw(scenarios, "batch read")
    assert "Ada Lovelace" in found["names"]
    assert all("create" in error or "missing field" in error for error in found["errors"])


def test_its_stream_opens_and_finds_other_objects_than_it_wants(scenarios):
    found = saw(scenarios, "stream")
    assert len(found) == 3
    assert all("missing field" in each for each in found)
