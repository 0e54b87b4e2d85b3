"""What there is: codes, languages, projects, namespaces, snapshots, chunks, batches."""

import hashlib
import re

import pytest
from enterprise_client import NDJSON, EnterpriseError
from enterprise_site import CHUNK_BYTES

IDENTIFIERS = {
    "codes": {"wiki", "wiktionary"},
    "languages": {"de", "en", "fr", "he"},
    "projects": {"dewiki", "enwiki", "enwikiversity", "frwiki", "hewiktionary"},
    "namespaces": {0, 1, 4, 14},
}
FILES = ["snapshots", "snapshots/enwiki_namespace_0/chunks", "snapshots/structured-contents", "{batches}"]


def identifiers(values):
    return {value["identifier"] for value in values}


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_a_list_has_all_of_its_kind(client, kind):
    assert IDENTIFIERS[kind] <= identifiers(client.all_of(kind))


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_each_of_a_list_can_be_had_alone(client, kind):
    for each in client.all_of(kind):
        assert client.one_of(f"{kind}/{each['identifier']}") == each


@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_what_there_is_not_is_not_found(client, kind):
    with pytest.raises(EnterpriseError) as error:
        client.one_of(f"{kind}/{'99999' if kind == 'namespaces' else 'nothing'}")
    assert error.value.status == error.value.told["status"] == 404


def test_a_list_is_cut_to_fields(client):
    found = client.all_of("projects", fields=["identifier", "in_language.identifier"])
    assert {"identifier": "enwiki", "in_language": {"identifier": "en"}} in found
    assert {key for each in found for key in each} == {"identifier", "in_language"}


def test_a_wildcard_is_the_whole_object(client):
    whole = client.one_of("projects/enwiki")["in_language"]
    assert client.one_of("projects/enwiki", fields=["in_language.*"]) == {"in_language": whole}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([("identifier", "enwiki")], {"enwiki"}),
        ([("in_language.identifier", "de")], {"dewiki"}),
        ([("in_language.identifier", "en")], {"enwiki", "enwikiversity"}),
        ([("code", "wiki"), ("in_language.identifier", "en")], {"enwiki"}),
        ([("identifier", "nothing")], set()),
    ],
)
def test_filters_must_all_hold(client, filters, expected):
    wanted = [{"field": field, "value": value} for field, value in filters]
    assert identifiers(client.all_of("projects", filters=wanted)) == expected


@pytest.mark.parametrize("path", FILES)
def test_files_are_filtered_by_the_number_of_their_namespace(site, client, path):
    path = path.format(batches=site.batches)
    of_main = client.all_of(path, filters=[{"field": "namespace.identifier", "value": 0}])
    assert of_main
    assert {each["namespace"]["identifier"] for each in of_main} == {0}
    assert client.all_of(path, filters=[{"field": "namespace.identifier", "value": 9}]) == []


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_described_as_enterprise_does(site, client, path):
    path = path.format(batches=site.batches)
    for each in client.all_of(path):
        assert each == client.one_of(f"{path}/{each['identifier']}")
        assert each["identifier"].startswith(each["is_part_of"]["identifier"])
        assert each["in_language"]["identifier"] == each["is_part_of"]["identifier"][:2]
        assert isinstance(each["namespace"]["identifier"], int)
        assert each["size"]["unit_text"] == "MB"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", each["date_modified"])


@pytest.mark.parametrize(
    "path",
    [
        "snapshots/dewiki_namespace_0",
        "snapshots/enwiki_namespace_0/chunks/enwiki_namespace_0_chunk_1",
        "snapshots/structured-contents/enwiki_namespace_0",
        "{batches}/enwiki_namespace_14",
    ],
)
def test_version_and_size_are_those_of_the_file(site, client, path):
    path = path.format(batches=site.batches)
    described, data = client.one_of(path), client.downloaded(f"{path}/download")
    assert described["version"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert described["size"]["value"] == pytest.approx(len(data) / 1e6, abs=0.0006)


def test_a_snapshot_lists_its_chunks(client):
    snapshot = client.one_of("snapshots/enwiki_namespace_0")
    chunks = client.all_of("snapshots/enwiki_namespace_0/chunks")
    assert snapshot["chunks"] == [each["identifier"] for each in chunks]
    assert snapshot["chunks"] == [f"enwiki_namespace_0_chunk_{number}" for number in range(len(chunks))]
    assert len(chunks) > 500_000 // CHUNK_BYTES


def test_structured_contents_have_snapshots_of_their_own(client):
    assert identifiers(client.all_of("snapshots/structured-contents")) == {"enwiki_namespace_0"}
    assert identifiers(client.all_of("snapshots")) == {"dewiki_namespace_0", "enwiki_namespace_0"}


def test_an_hours_batches_are_those_of_what_changed_in_it(site, client):
    expected = {"enwiki_namespace_0", "enwiki_namespace_14", "dewiki_namespace_0"}
    assert identifiers(client.all_of(site.batches)) == expected
    assert client.all_of("batches/2001-01-15/00") == []


def test_a_list_comes_by_lines_where_asked(site, client):
    lines = client.call("GET", f"{site.http}/v2/projects", headers={"Accept": NDJSON})
    assert lines.headers["content-type"].partition(";")[0] == NDJSON
    assert {line for line in lines.text.splitlines() if not line} == set()
    assert len(lines.text.splitlines()) == len(client.all_of("projects"))


def test_the_query_string_says_the_same_as_a_body(site, client):
    query = [("fields", "name"), ("fields", "identifier"), ("filters", '{"field":"identifier","value":"enwiki"}')]
    by_query = client.call("GET", f"{site.http}/v2/projects", params=query).json()
    filters = [{"field": "identifier", "value": "enwiki"}]
    assert by_query == client.all_of("projects", fields=["name", "identifier"], filters=filters)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": ["name"] * 256},
        {"fields": [""]},
        {"fields": "name"},
        {"filters": [{"field": "identifier", "value": "enwiki"}] * 256},
        {"filters": [{"value": "enwiki"}]},
        {"filters": {"a": 1, "b": 2}},
        {"limit": "many"},
    ],
)
def test_what_is_wrong_is_unprocessable(client, wrong):
    with pytest.raises(EnterpriseError) as error:
        client.all_of("projects", **wrong)
    assert error.value.status == error.value.told["status"] == 422


def test_a_body_that_is_not_json_is_unprocessable(site, client):
    with pytest.raises(EnterpriseError) as error:
        client.call("POST", f"{site.http}/v2/projects", content=b"{")
    assert error.value.status == error.value.told["status"] == 422


def test_a_path_that_there_is_not_is_told_in_the_same_form(site, client):
    with pytest.raises(EnterpriseError) as error:
        client.call("GET", f"{site.http}/v2/nothing")
    assert error.value.status == error.value.told["status"] == 404
