"""Downloads by parts, as Enterprise's clients make them."""

import hashlib

import pytest
from enterprise_client import articles_of, members_of
from enterprise_site import PAGES

SNAPSHOT = "snapshots/dewiki_namespace_0"
CHUNKED = "snapshots/enwiki_namespace_0"
STRUCTURED = "snapshots/structured-contents/enwiki_namespace_0"
CHUNK = f"{CHUNKED}/chunks/enwiki_namespace_0_chunk_1"
PATHS = [SNAPSHOT, CHUNK, STRUCTURED, "{batches}/enwiki_namespace_0"]
EVERY_FILE = pytest.mark.parametrize("path", PATHS)
TITLES = {f"Page {number}" for number in range(1, PAGES)} | {"Ada Lovelace", "AC/DC"}
GERMAN_TITLES = {f"Page {number}" for number in range(1, PAGES + 1)} | {"Ada Lovelace"}


def names(articles):
    return [article["name"] for article in articles]


@EVERY_FILE
def test_what_head_says_holds_for_the_file(site, client, path):
    path = f"{path.format(batches=site.batches)}/download"
    headers = client.head(path)
    assert headers.accept_ranges == "bytes"
    whole = client.call("GET", f"{site.http}/v2/{path}")
    assert len(whole.content) == headers.content_length
    assert whole.headers["etag"].strip('"') == headers.etag
    assert "content-encoding" not in whole.headers
    assert client.downloaded(path) == whole.content


def test_a_file_of_many_parts_is_fetched_by_many_at_once(client):
    headers = client.head(f"{SNAPSHOT}/download")
    assert headers.content_length > 20 * client.part_bytes


@EVERY_FILE
@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=5-", 5, -1),
        ("bytes=-7", -7, -1),
        ("bytes=0-99999999", 0, -1),
    ],
)
def test_a_range_is_answered_exactly(site, client, path, wanted, first, last):
    path = f"{path.format(batches=site.batches)}/download"
    whole = client.downloaded(path)
    first, last = first % len(whole), last % len(whole)
    answer = client.call("GET", f"{site.http}/v2/{path}", headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    assert answer.content == whole[first : last + 1]


@EVERY_FILE
def test_a_range_beyond_the_end_is_refused_with_the_length(site, client, path):
    path = f"{path.format(batches=site.batches)}/download"
    length = client.head(path).content_length
    answer = client.http.get(f"{site.http}/v2/{path}", headers={"Range": f"bytes={length}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{length}"


def test_a_snapshot_holds_each_article_once(client):
    members = members_of(client.downloaded(f"{SNAPSHOT}/download"))
    found = [article for articles in members.values() for article in articles]
    assert sorted(names(found)) == sorted(GERMAN_TITLES)
    assert list(members) == [f"dewiki_namespace_0_{number}.ndjson" for number in range(len(members))]
    assert all(article["article_body"]["wikitext"] for article in found)


def test_the_chunks_together_are_the_snapshot(client):
    found = []
    for number, chunk in enumerate(client.one_of(CHUNKED)["chunks"]):
        members = members_of(client.downloaded(f"{CHUNKED}/chunks/{chunk}/download"))
        assert list(members) == [f"chunk_{number}.ndjson"]
        found += [article for articles in members.values() for article in articles]
    assert sorted(names(found)) == sorted(TITLES)


def test_a_snapshot_in_one_file_has_it_for_its_chunk(client):
    assert client.one_of(SNAPSHOT)["chunks"] == ["dewiki_namespace_0_chunk_0"]
    chunk = client.downloaded(f"{SNAPSHOT}/chunks/dewiki_namespace_0_chunk_0/download")
    assert chunk == client.downloaded(f"{SNAPSHOT}/download")


def test_a_snapshot_in_several_files_is_to_be_had_whole_as_well(client):
    whole = client.downloaded(f"{CHUNKED}/download")
    assert hashlib.md5(whole).hexdigest() == client.one_of(CHUNKED)["version"]
    assert sorted(names(articles_of(whole))) == sorted(TITLES)


def test_a_snapshot_of_structured_contents_holds_the_parts(client):
    found = articles_of(client.downloaded(f"{STRUCTURED}/download"))
    assert sorted(names(found)) == sorted(TITLES)
    assert all(article["infoboxes"] and article["sections"] for article in found)
    assert not any("article_body" in article for article in found)


def test_a_batch_holds_what_changed_in_the_hour(site, client):
    found = articles_of(client.downloaded(f"{site.batches}/enwiki_namespace_0/download"))
    assert {article["event"]["type"] for article in found if article["name"] == "Page 60"} >= {"delete"}
    assert set(names(found)) == TITLES | {"Page 60"}


@pytest.mark.parametrize(
    "path",
    [
        "snapshots/enwiki_namespace_9",
        "snapshots/enwiki_namespace_0/chunks/enwiki_namespace_0_chunk_999",
        "snapshots/structured-contents/dewiki_namespace_0",
        "{batches}/frwiki_namespace_0",
        "batches/2001-01-15/00/enwiki_namespace_0",
    ],
)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_file_that_there_is_not_is_not_found(site, client, method, path):
    path = path.format(batches=site.batches)
    assert client.http.request(method, f"{site.http}/v2/{path}/download").status_code == 404


def test_a_file_is_sent_as_it_is_whatever_the_client_can_unpack(site, client):
    answer = client.http.head(f"{site.http}/v2/{CHUNK}/download", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "content-encoding" not in answer.headers
