"""/v2/batches as Enterprise's clients call it."""

import tarfile
from io import BytesIO

import orjson
import pytest
from stored_files import DATE_AND_HOUR, HOUR

from wikifeed_server.accounts.model import UsageKind
from wikifeed_server.batches import HOUR_MICROSECONDS
from wikifeed_server.errors import PermissionDeniedError, QuotaExceededError
from wikifeed_server.snapshots import Format

PATH = f"/v2/batches/{DATE_AND_HOUR}"
ENWIKI = f"{PATH}/enwiki_namespace_0"


@pytest.fixture
async def batches(stored):
    """The batches of two projects."""
    return await stored.hour("enwiki", "dewiki")


async def asked(http, path, status=200, method="GET", **options):
    async with http.request(method, path, **options) as response:
        text = await response.text()
        assert response.status == status, text
        return orjson.loads(text)


async def test_a_batch_is_told_of_as_enterprise_does(batches, http):
    (batch,) = [each for each in batches if each.path.name == "enwiki_namespace_0.tar.gz"]
    told = await asked(http, ENWIKI)
    assert (told["identifier"], told["version"]) == ("enwiki_namespace_0", batch.entry.file.md5)
    assert told["date_modified"].endswith("Z")
    assert (told["is_part_of"], told["in_language"]) == ({"identifier": "enwiki"}, {"identifier": "en"})
    assert told["namespace"] == {"identifier": 0}
    assert told["size"]["unit_text"] == "MB"
    assert told in await asked(http, PATH)


async def test_an_hours_batches_are_listed_filtered_and_cut_by_get_and_post(batches, http):
    assert {each.entry.format for each in batches} == {Format.TAR_GZ, Format.ZST}
    names = [{"identifier": "dewiki_namespace_0"}, {"identifier": "enwiki_namespace_0"}]
    assert await asked(http, f"{PATH}?fields=identifier") == names
    german = {"field": "in_language.identifier", "value": "de"}
    query = {"fields": ["identifier"], "filters": [german]}
    assert await asked(http, PATH, method="POST", json=query) == names[:1]
    assert await asked(http, f"{PATH}?fields=identifier&limit=1") == names[:1]
    async with http.get(f"{PATH}?fields=identifier", headers={"Accept": "application/x-ndjson"}) as response:
        assert [orjson.loads(line) for line in (await response.text()).splitlines()] == names


async def test_a_download_is_the_hours_changes(batches, http, guard):
    async with http.get(f"{ENWIKI}/download") as response:
        assert response.status == 200
        assert response.headers["Content-Disposition"] == 'attachment; filename="enwiki_namespace_0.tar.gz"'
        data = await response.read()
    with tarfile.open(fileobj=BytesIO(data), mode="r:gz") as tar:
        (line,) = [orjson.loads(line) for member in tar for line in tar.extractfile(member)]
    assert line["name"] == "Changed in enwiki"
    counted = (UsageKind.BATCH_DOWNLOAD, "enwiki", f"enwiki_namespace_0@{DATE_AND_HOUR}")
    assert guard.downloads == [counted]
    async with http.head(f"{ENWIKI}/download") as response:
        assert response.headers["Content-Length"] == str(len(data))
    assert guard.downloads == [counted]


@pytest.mark.usefixtures("batches")
async def test_an_hour_without_batches_is_an_empty_list(http):
    assert await asked(http, "/v2/batches/2026-01-01/00") == []
    await asked(http, "/v2/batches/2026-01-01/00/enwiki_namespace_0", 404)
    await asked(http, "/v2/batches/2026-01-01/00/enwiki_namespace_0/download", 404)


@pytest.mark.usefixtures("batches")
@pytest.mark.parametrize("hour", ["2023-11-14/24", "2023-11-14/7", "2023-11-31/07", "x/07", "2023-11-14/-1", "9/9"])
async def test_what_is_no_hour_is_not_found(http, hour):
    assert "2026-01-31/07" in (await asked(http, f"/v2/batches/{hour}", 404))["message"]


@pytest.mark.usefixtures("batches")
async def test_other_formats_and_names_are_not_found(http):
    for name in ("enwiki_namespace_0_zst", "enwiki_namespace_1", "frwiki_namespace_0"):
        await asked(http, f"{PATH}/{name}", 404)
        await asked(http, f"{PATH}/{name}/download", 404)


@pytest.mark.usefixtures("batches")
async def test_other_projects_than_the_plans_are_hidden(http, guard):
    guard.projects = ("dewiki",)
    assert await asked(http, f"{PATH}?fields=identifier") == [{"identifier": "dewiki_namespace_0"}]
    await asked(http, ENWIKI, 404)
    await asked(http, f"{ENWIKI}/download", 404)


@pytest.mark.usefixtures("batches")
async def test_who_has_no_realtime_gets_nothing(http, guard):
    guard.refusal = PermissionDeniedError("no batches in your plan", {})
    for path in (PATH, ENWIKI, f"{ENWIKI}/download"):
        assert await asked(http, path, 403) == {"status": 403, "message": "no batches in your plan"}
    guard.refusal, guard.spent = None, QuotaExceededError("enough", "ada", 1, 60)
    await asked(http, f"{ENWIKI}/download", 429)


@pytest.mark.usefixtures("batches")
async def test_a_dropped_hour_is_not_found(stored, http):
    stored.batches.drop_before(HOUR + HOUR_MICROSECONDS)
    assert await asked(http, PATH) == []
    await asked(http, f"{ENWIKI}/download", 404)
