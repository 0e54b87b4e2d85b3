"""The calls of Enterprise's Python client, one by one, as its versions send them and read the answers.

Facts, not its code. It POSTs a JSON object, or nothing where it was given no request; it downloads by exact ranges, in
older versions by one; it reads the stream line by line with httpx, which takes more than JSON's line end for one; older
versions stream by GET and put a slash behind the path of structured contents' snapshots. Its model of a link wants
`images` always, which Enterprise too leaves out where there are none: links are not among what is read here.
"""

import gzip
import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from itertools import islice

import pytest
from enterprise_client import ALL_PARTS, JSON, NDJSON
from enterprise_site import LINE_ENDS
from sdk_types import ARTICLE, CODE, FILE, LANGUAGE, NAMESPACE, PROJECT, STRUCTURED, misread

SNAPSHOT = "snapshots/dewiki_namespace_0"
CHUNKS = "snapshots/enwiki_namespace_0/chunks"
CHUNK = f"{CHUNKS}/enwiki_namespace_0_chunk_0"
STRUCTURED_SNAPSHOT = "snapshots/structured-contents/enwiki_namespace_0"

CALLS = [
    ("codes", list, CODE),
    ("codes/wiki", dict, CODE),
    ("languages", list, LANGUAGE),
    ("languages/en", dict, LANGUAGE),
    ("projects", list, PROJECT),
    ("projects/enwiki", dict, PROJECT),
    ("namespaces", list, NAMESPACE),
    ("namespaces/14", dict, NAMESPACE),
    ("{batches}", list, FILE),
    ("{batches}/enwiki_namespace_0", dict, FILE),
    ("snapshots", list, FILE),
    (SNAPSHOT, dict, FILE),
    (CHUNKS, list, FILE),
    (CHUNK, dict, FILE),
    ("snapshots/structured-contents", list, FILE),
    ("snapshots/structured-contents/", list, FILE),
    (STRUCTURED_SNAPSHOT, dict, FILE),
    ("articles/Ada Lovelace", list, ARTICLE),
    ("articles/Albert Einstein", list, ARTICLE),
    ("structured-contents/Ada Lovelace", list, STRUCTURED),
    ("structured-contents/Alexandros Ioannis Ginnis", list, STRUCTURED),
]
DOWNLOADS = ["{batches}/enwiki_namespace_0", SNAPSHOT, CHUNK, STRUCTURED_SNAPSHOT]


@pytest.mark.parametrize("request_body", [None, {}], ids=["no request", "an empty request"])
@pytest.mark.parametrize(("path", "kind", "shape"), CALLS)
def test_a_call_fills_the_container_that_it_expects(site, client, path, kind, shape, request_body):
    path = path.format(batches=site.batches)
    answer = client.call("POST", f"{site.http}/v2/{path}", json=request_body)
    value = answer.json()
    assert type(value) is kind
    assert misread(value, [shape] if kind is list else shape) == []


@pytest.mark.parametrize("path", ["projects", "snapshots", CHUNKS, "articles/Ada Lovelace"])
def test_a_request_names_fields_and_filters(client, path):
    wanted = [{"field": "in_language.identifier", "value": "en"}]
    found = client.all_of(path, fields=["identifier", "in_language.identifier"], filters=wanted)
    assert found
    assert all(each["in_language"] == {"identifier": "en"} and len(each) == 2 for each in found)


@pytest.mark.parametrize("path", DOWNLOADS)
@pytest.mark.parametrize("part_bytes", [1 << 30, 20 << 10])
def test_a_download_is_put_together_from_exact_ranges(site, client, path, part_bytes):
    path = path.format(batches=site.batches)
    url = f"{site.http}/v2/{path}/download"
    length = int(client.call("HEAD", url).headers.get("Content-Length", 0))
    file = io.BytesIO()
    size = min(part_bytes, length)
    for begin in range(0, length, size):
        wanted = {"Range": f"bytes={begin}-{min(begin + size, length) - 1}"}
        with client.http.stream("GET", url, headers=wanted) as answer:
            file.seek(begin)
            file.writelines(answer.raise_for_status().iter_bytes(8192))
    assert hashlib.md5(file.getvalue(), usedforsecurity=False).hexdigest() == client.one_of(path)["version"]


@pytest.mark.parametrize("path", DOWNLOADS)
def test_an_archive_is_read_as_a_stream_line_by_line(site, client, path):
    answer = client.call("GET", f"{site.http}/v2/{path.format(batches=site.batches)}/download")
    shape, found = STRUCTURED if "structured" in path else ARTICLE, []
    with gzip.open(io.BytesIO(answer.content)) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
        for member in tar:
            assert member.isfile()
            file = tar.extractfile(member)
            found += [json.loads(line) for line in file if line.strip()]
        assert unpacked.read().strip(b"\0") == b""
    assert found
    assert misread(found, [shape]) == []


@pytest.mark.parametrize("method", ["POST", "GET"], ids=["newest version", "older versions"])
def test_the_stream_is_read_by_lines_as_httpx_knows_them(site, client, method):
    headers = {"Cache-Control": "no-cache", "Accept": NDJSON, "Connection": "keep-alive", "Content-Type": JSON}
    asked = {"parts": ALL_PARTS, "fields": ["name", "article_body.*", "event.*"]}
    text = f"before{LINE_ENDS}after"
    with client.http.stream(method, f"{site.http}/v2/articles", json=asked, headers=headers, timeout=20) as answer:
        answer.raise_for_status()
        site.publish(f"Streamed by {method}", text=text)
        articles = [json.loads(line) for line in islice((line for line in answer.iter_lines() if line.strip()), 1)]
    assert articles[0]["article_body"]["wikitext"] == text
    assert misread(articles, [ARTICLE]) == []


def test_times_are_sent_as_python_writes_them(site, client):
    since = site.hour.replace(tzinfo=UTC).isoformat()
    assert since.endswith("+00:00")
    with client.stream(since=since, fields=["event.*"]) as articles:
        assert datetime.fromisoformat(next(articles)["event"]["date_published"]) >= site.hour


def test_a_time_without_an_offset_from_utc_is_refused(client, site):
    answer = client.http.post(f"{site.http}/v2/articles", json={"since": site.hour.replace(tzinfo=None).isoformat()})
    assert answer.status_code == 422
