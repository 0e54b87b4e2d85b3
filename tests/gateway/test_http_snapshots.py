"""/v2/snapshots as Enterprise's clients call it."""

import hashlib
import os
import tarfile
from dataclasses import replace
from io import BytesIO

import orjson
import pytest
from stored_files import noise

from wikifeed_server.accounts.model import Cadence, Caller, Plan, UsageKind
from wikifeed_server.errors import PermissionDeniedError
from wikifeed_server.snapshots import Content, Format, SnapshotSpec

JANUARY, LATE_JANUARY, FEBRUARY = 1_767_600_000_000_000, 1_769_500_000_000_000, 1_770_000_000_000_000  # of 2026
STRUCTURED = "/v2/snapshots/structured-contents"


async def asked(http, path, status=200, method="GET", **options):
    async with http.request(method, path, **options) as response:
        text = await response.text()
        assert response.status == status, text
        return orjson.loads(text)


async def downloaded(http, path):
    async with http.get(path) as response:
        assert response.status == 200, await response.text()
        return await response.read()


def lines(data):
    """What the NDJSON files of a .tar.gz hold, as tar reads it."""
    with tarfile.open(fileobj=BytesIO(data), mode="r:gz") as tar:
        return [orjson.loads(line) for member in tar for line in tar.extractfile(member)]


async def test_a_snapshot_is_told_of_as_enterprise_does(stored, http):
    stored.feed.publish("Long", text=noise(20_000))
    status = await stored.snapshot()
    (told,) = await asked(http, "/v2/snapshots")
    assert told["identifier"] == "enwiki_namespace_0"
    assert told["version"] == status.manifest.version
    assert told["date_modified"].startswith("20")
    assert told["date_modified"].endswith("Z")
    assert (told["is_part_of"], told["in_language"]) == ({"identifier": "enwiki"}, {"identifier": "en"})
    assert told["namespace"] == {"identifier": 0}
    assert told["size"] == {"value": round(status.manifest.size_bytes / 1e6, 3), "unit_text": "MB"}
    assert told["chunks"] == ["enwiki_namespace_0_chunk_0"]
    assert await asked(http, "/v2/snapshots/enwiki_namespace_0") == told


async def test_lists_are_filtered_cut_and_limited_by_get_and_post(stored, http):
    for project in ("enwiki", "dewiki"):
        await stored.snapshot(project)
    german = {"field": "in_language.identifier", "value": "de"}
    query = {"fields": ["identifier"], "filters": [german], "limit": 5}
    for options in (
        {"method": "POST", "json": query},
        {"params": query | {"filters": orjson.dumps(german).decode()}},
    ):
        assert await asked(http, "/v2/snapshots", **options) == [{"identifier": "dewiki_namespace_0"}]
    assert len(await asked(http, "/v2/snapshots?limit=1")) == 1
    assert len(await asked(http, "/v2/snapshots", method="POST", data=b"")) == 2
    one = await asked(http, "/v2/snapshots/dewiki_namespace_0", method="POST", json={"fields": ["size.value"]})
    assert list(one) == ["size"]
    await asked(http, "/v2/snapshots?fields=nothing", 422)


async def test_only_what_enterprise_has_is_there(stored, http):
    await stored.snapshot()
    await stored.snapshot(content=Content.WIKITEXT)
    await stored.snapshot(format=Format.ZST)
    unfinished = stored.snapshots.claim(SnapshotSpec("dewiki", 0, 1))
    try:
        assert [each["identifier"] for each in await asked(http, "/v2/snapshots")] == ["enwiki_namespace_0"]
        for other in ("enwiki_namespace_0_wikitext", "enwiki_namespace_0_zst", "dewiki_namespace_0"):
            await asked(http, f"/v2/snapshots/{other}", 404)
            await asked(http, f"/v2/snapshots/{other}/download", 404)
    finally:
        os.close(unfinished.lock)


async def test_the_newest_that_is_ready_is_shown(stored, http):
    await stored.snapshot()
    newer = await stored.snapshot()
    unfinished = stored.snapshots.claim(SnapshotSpec("enwiki", 0, newer.spec.offset + 1))
    try:
        (told,) = await asked(http, "/v2/snapshots")
        assert told["offset"] == newer.spec.offset
    finally:
        os.close(unfinished.lock)


async def test_a_monthly_plan_sees_the_first_snapshot_of_each_month(stored, http, guard):
    made = []
    for moment in (JANUARY, LATE_JANUARY, FEBRUARY, FEBRUARY + 1):
        made.append(await stored.snapshot())
        stored.made_at(made[-1], moment)
    guard.who = Caller("ada", Plan("free", snapshot_cadence=Cadence.MONTHLY))
    (told,) = await asked(http, "/v2/snapshots")
    assert told["offset"] == made[2].spec.offset
    assert (await asked(http, "/v2/snapshots/enwiki_namespace_0"))["offset"] == made[2].spec.offset
    guard.who = Caller("ada", Plan("paid"))
    assert (await asked(http, "/v2/snapshots/enwiki_namespace_0"))["offset"] == made[3].spec.offset


async def test_other_projects_than_the_plans_are_hidden(stored, http, guard):
    for project in ("enwiki", "dewiki"):
        await stored.snapshot(project)
    guard.projects = ("dewiki",)
    assert [each["identifier"] for each in await asked(http, "/v2/snapshots")] == ["dewiki_namespace_0"]
    for path in ("", "/download", "/chunks", "/chunks/enwiki_namespace_0_chunk_0"):
        await asked(http, f"/v2/snapshots/enwiki_namespace_0{path}", 404)


@pytest.mark.parametrize("name", ["enwiki_namespace_0", "enwiki_namespace_0_structured"])
async def test_structured_contents_go_by_either_identifier(stored, http, guard, name):
    await stored.snapshot()
    status = await stored.snapshot(content=Content.STRUCTURED)
    listed = await asked(http, STRUCTURED)
    assert await asked(http, f"{STRUCTURED}/", method="POST", json={}) == listed
    assert [each["identifier"] for each in listed] == ["enwiki_namespace_0"]
    assert listed[0]["chunks"] == ["enwiki_namespace_0_chunk_0"]
    assert [await asked(http, f"{STRUCTURED}/{name}")] == listed
    assert [await asked(http, f"{STRUCTURED}/{name}/chunks/{name}_chunk_0")] == await asked(
        http, f"{STRUCTURED}/{name}/chunks"
    )
    data = await downloaded(http, f"{STRUCTURED}/{name}/download")
    assert data == (status.folder / "enwiki_namespace_0_structured.tar.gz").read_bytes()
    counted = f"enwiki_namespace_0_structured@{status.spec.offset}"
    assert guard.downloads == [(UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", counted)]
    await asked(http, "/v2/snapshots/enwiki_namespace_0_structured", 404)


async def test_the_only_file_is_the_whole_and_chunk_0(stored, http, guard):
    status = await stored.snapshot()
    path = "/v2/snapshots/enwiki_namespace_0"
    whole = await downloaded(http, f"{path}/download")
    assert [line["is_part_of"]["identifier"] for line in lines(whole)] == ["enwiki"]
    assert await downloaded(http, f"{path}/chunks/enwiki_namespace_0_chunk_0/download") == whole
    assert guard.downloads == 2 * [(UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", f"enwiki_namespace_0@{status.spec.offset}")]


async def test_a_snapshot_in_chunks_is_had_chunk_by_chunk(stored, http, guard):
    status, _ = await stored.in_chunks(3)
    path = "/v2/snapshots/enwiki_namespace_0"
    names = (await asked(http, path))["chunks"]
    chunks = await asked(http, f"{path}/chunks", method="POST", json={})
    assert [each["identifier"] for each in chunks] == names
    assert len(names) > 2
    found = []
    for name, told in zip(names, chunks, strict=True):
        assert await asked(http, f"{path}/chunks/{name}") == told
        data = await downloaded(http, f"{path}/chunks/{name}/download")
        assert len(data) == told["size_bytes"]
        found += lines(data)
    assert len(found) == status.articles_count
    counted = [(UsageKind.CHUNK_DOWNLOAD, "enwiki", f"{name}@{status.spec.offset}") for name in names]
    assert guard.downloads == counted


@pytest.mark.parametrize(
    ("path", "content", "bound"), [("/v2/snapshots", Content.JSON, 3500), (STRUCTURED, Content.STRUCTURED, 300)]
)
async def test_a_snapshot_in_chunks_is_had_as_a_whole_too(stored, http, guard, path, content, bound):
    status, expected = await stored.in_chunks(3, content=content, chunk_size_bytes=bound)
    path = f"{path}/enwiki_namespace_0"
    async with http.get(f"{path}/download") as response:
        data = await response.read()
        version = (await asked(http, path))["version"]
        assert response.headers["ETag"] == f'"{version}"'
        assert version == hashlib.md5(data, usedforsecurity=False).hexdigest()
        name = f"{status.spec.identifier}.tar.gz"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert data == expected
    assert len(lines(data)) == status.articles_count
    counted = (UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", f"{status.spec.identifier}@{status.spec.offset}")
    assert guard.downloads == [counted]
    for step in (100, 2500):
        parts = []
        for first in range(0, len(data), step):
            async with http.get(f"{path}/download", headers={"Range": f"bytes={first}-{first + step - 1}"}) as response:
                assert response.status == 206
                parts.append(await response.read())
        assert b"".join(parts) == data


async def test_chunks_whose_manifest_knows_no_whole_are_had_one_by_one(stored, http):
    status, _ = await stored.in_chunks(3)
    stored.rewrite(status, replace(status.manifest, whole=None))
    told = await asked(http, "/v2/snapshots/enwiki_namespace_0/download", 409)
    assert "/v2/snapshots/enwiki_namespace_0/chunks/enwiki_namespace_0_chunk_0 to _chunk_3" in told["message"]
    await downloaded(http, "/v2/snapshots/enwiki_namespace_0/chunks/enwiki_namespace_0_chunk_0/download")


async def test_what_has_no_such_name_is_not_found(stored, http):
    await stored.snapshot()
    path = "/v2/snapshots/enwiki_namespace_0"
    for name in ("x", "enwiki_namespace_0_chunk_1", "enwiki_namespace_0_chunk_", "dewiki_namespace_0_chunk_0", "0"):
        await asked(http, f"{path}/chunks/{name}", 404)
        await asked(http, f"{path}/chunks/{name}/download", 404)
    await asked(http, f"{path}/chunks/enwiki_namespace_0_chunk_00", 404)
    await asked(http, f"{path}/chunks/enwiki_namespace_0_chunk_{'9' * 5000}", 404)
    await asked(http, f"{path}/download", 405, method="POST")


async def test_who_may_not_call_is_told_why(stored, http, guard):
    await stored.snapshot()
    guard.refusal = PermissionDeniedError("no snapshots for you", {})
    for path in ("", "/enwiki_namespace_0", "/enwiki_namespace_0/download", "/enwiki_namespace_0/chunks"):
        told = await asked(http, f"/v2/snapshots{path}", 403)
        assert told == {"status": 403, "message": "no snapshots for you"}
