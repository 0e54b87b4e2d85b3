"""The calls of Enterprise's Go client, one by one, as it sends them and reads the answers.

Facts, not its code: the client itself is not run here. It POSTs with an empty body where nothing is asked, names no
Accept, no User-Agent and no Accept-Encoding but gzip, streams by GET with a body, takes ranges to end one byte later
than they do, and gives up at a blank line.
"""

import hashlib
import json
from datetime import datetime
from itertools import islice

import httpx
import pytest
from enterprise_client import JSON, NDJSON, articles_of
from sdk_types import ARTICLE, CODE, FILE, LANGUAGE, NAMESPACE, PROJECT, STRUCTURED, misread

SNAPSHOT = "snapshots/dewiki_namespace_0"
CHUNKS = "snapshots/enwiki_namespace_0/chunks"
CHUNK = f"{CHUNKS}/enwiki_namespace_0_chunk_0"
SCANNED_BYTES = 20 << 20
ASKING = json.dumps({"fields": ["name"], "filters": [{"field": "in_language.identifier", "value": "en"}], "limit": 2})

LISTS = [
    ("codes", CODE),
    ("languages", LANGUAGE),
    ("projects", PROJECT),
    ("namespaces", NAMESPACE),
    ("{batches}", FILE),
    ("snapshots", FILE),
    (CHUNKS, FILE),
    ("snapshots/structured-contents", FILE),
    ("articles/Ada Lovelace", ARTICLE),
    ("articles/Albert Einstein", ARTICLE),
    ("structured-contents/Ada Lovelace", STRUCTURED),
    ("structured-contents/Alexandros Ioannis Ginnis", STRUCTURED),
]
SINGLE_ONES = [
    ("codes/wiki", CODE),
    ("languages/en", LANGUAGE),
    ("projects/enwiki", PROJECT),
    ("namespaces/0", NAMESPACE),
    ("{batches}/enwiki_namespace_0", FILE),
    (SNAPSHOT, FILE),
    (CHUNK, FILE),
    ("snapshots/structured-contents/enwiki_namespace_0", FILE),
]
DOWNLOADS = ["{batches}/enwiki_namespace_0", SNAPSHOT, CHUNK, "snapshots/structured-contents/enwiki_namespace_0"]


@pytest.fixture(scope="module")
def go(site, client):
    """Sends as Go does."""
    with httpx.Client(base_url=f"{site.http}/v2/", timeout=20, trust_env=False) as http:
        for name in ("accept", "user-agent"):
            del http.headers[name]
        http.headers["Accept-Encoding"] = "gzip"
        http.headers["Content-Type"] = JSON
        http.headers["Authorization"] = f"Bearer {client.tokens.access_token}"
        yield http


@pytest.mark.parametrize(("path", "shape"), LISTS)
def test_a_list_without_a_request(site, go, path, shape):
    values = go.post(path.format(batches=site.batches)).raise_for_status().json()
    assert values
    assert misread(values, [shape]) == []


@pytest.mark.parametrize(("path", "shape"), SINGLE_ONES)
def test_a_single_one_without_a_request(site, go, path, shape):
    value = go.post(path.format(batches=site.batches)).raise_for_status().json()
    assert value["identifier"] == (0 if path == "namespaces/0" else path.rpartition("/")[2])
    assert misread(value, shape) == []


@pytest.mark.parametrize("path", ["projects", "articles/Ada Lovelace", "structured-contents/Ada Lovelace"])
def test_a_list_with_a_request(go, path):
    values = go.post(path, content=ASKING).raise_for_status().json()
    assert [value.keys() for value in values] == [{"name"}] * len(values)
    assert values


def headers_of(go, path):
    """HEAD, read as Go reads it: an absent length is zero, a time that is not RFC 1123 an error."""
    headers = go.head(path).raise_for_status().headers
    datetime.strptime(headers["last-modified"], "%a, %d %b %Y %H:%M:%S %Z")
    return headers["etag"].strip('"'), int(headers.get("content-length", "0")), headers["accept-ranges"]


@pytest.mark.parametrize("path", DOWNLOADS)
@pytest.mark.parametrize("parts", [1, 2, 11])
def test_a_download_by_ranges_that_overlap_and_pass_the_end(site, go, path, parts):
    described = go.post(path.format(batches=site.batches)).json()
    path = f"{path.format(batches=site.batches)}/download"
    etag, length, accept_ranges = headers_of(go, path)
    assert (bool(etag), accept_ranges) == (True, "bytes")
    size, data, begin = -(-length // parts), b"", 0
    while begin < length:
        end = min(begin + size, length)
        answer = go.get(path, headers={"Range": f"bytes={begin}-{end}"}).raise_for_status()
        data += answer.content[: end - begin]
        assert len(answer.content) == min(end + 1, length) - begin
        begin = end
    assert hashlib.md5(data, usedforsecurity=False).hexdigest() == described["version"]


@pytest.mark.parametrize("path", DOWNLOADS)
def test_a_file_is_read_as_it_comes(site, go, path):
    shape = STRUCTURED if "structured" in path else ARTICLE
    data = go.get(f"{path.format(batches=site.batches)}/download").raise_for_status().content
    articles = articles_of(data)
    assert articles
    assert misread(articles, [shape]) == []


def lines_of(answer):
    """Lines as Go's scanner cuts them: at the byte alone that is JSON's line end."""
    rest = b""
    for data in answer.iter_raw():
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


def test_the_stream_is_asked_for_by_get_with_a_body(site, go):
    asked = json.dumps({"since": site.hour.isoformat(), "fields": ["name", "event.*"]}).encode()
    headers = {"Accept": NDJSON, "Cache-Control": "no-cache", "Connection": "keep-alive"}
    with go.stream("GET", "articles", content=asked, headers=headers) as answer:
        assert answer.status_code == 200
        lines = list(islice(lines_of(answer), 20))
    assert all(line.strip() and len(line) < SCANNED_BYTES for line in lines)
    assert misread([json.loads(line) for line in lines], [ARTICLE]) == []


def test_what_shows_that_an_idle_stream_lives_is_no_line(site, go):
    headers = {"Accept": NDJSON, "Cache-Control": "no-cache", "Connection": "keep-alive"}
    with go.stream("GET", "articles", content=b'{"fields":["name"]}', headers=headers) as answer:
        pieces = answer.iter_raw()
        beats = [next(pieces), next(pieces)]
        site.publish("Heard after a while")
        data = b"".join(beats)
        while b"\n" not in data:
            data += next(pieces)
    assert all(beat.isspace() and b"\n" not in beat for beat in beats)
    assert json.loads(data.partition(b"\n")[0])["name"] == "Heard after a while"


def test_a_refusal_is_a_body_to_show(go):
    answer = go.post("projects/nothing")
    assert answer.status_code == 404
    assert answer.json().keys() == {"status", "message"}


def test_logging_in_refreshing_and_revoking(site, new_client):
    client = new_client()
    auth = f"{site.http}/v1"
    given = client.call(
        "POST", f"{auth}/login", content=b'{"username":"ada","password":"an analytical engine"}\n'
    ).json()
    assert misread(given, dict.fromkeys(("id_token", "access_token", "refresh_token"), str) | {"expires_in": int}) == []
    asked = {"username": "ada", "refresh_token": given["refresh_token"]}
    again = client.call("POST", f"{auth}/token-refresh", json=asked).json()
    assert again.keys() == {"id_token", "access_token", "expires_in"}
    assert client.call("POST", f"{auth}/token-revoke", json={"refresh_token": given["refresh_token"]}).is_success
