"""What plans let pass, and what each call takes of them."""

import pytest
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1 import (
    account_service_pb2,
    article_service_pb2,
    batch_service_pb2,
    catalog_service_pb2,
    change_service_pb2,
    snapshot_service_pb2,
)
from wikifeed_server.accounts import OPEN_CALLER, Plan, UsageKind
from wikifeed_server.accounts.entitlements import ENTITLEMENTS, project_of
from wikifeed_server.errors import PermissionDeniedError

MODULES = (
    account_service_pb2,
    article_service_pb2,
    batch_service_pb2,
    catalog_service_pb2,
    change_service_pb2,
    snapshot_service_pb2,
)
METHODS = {
    f"/{service.full_name}/{method.name}": GetMessageClass(method.input_type)
    for module in MODULES
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
BATCH = {"identifier": "enwiki_namespace_0", "hour": Timestamp(seconds=7200)}
NARROW = Plan("narrow", projects=("enwiki", "dewiki"))
SLOW = Plan("slow", realtime=False, creates_snapshots=False)


def path(name):
    """The path of an RPC, by its name alone."""
    (found,) = [each for each in METHODS if each.endswith(f"/{name}")]
    return found


def keys(*projects):
    """The fields of a request for an article of each project."""
    return {"keys": [{"project": project, "page_id": 1} for project in projects]}


def request_of(name, **fields):
    return METHODS[path(name)](**fields)


@pytest.fixture
async def caller_of(accounts, guard, key_of):
    """Makes somebody who calls with that plan."""

    async def make(plan):
        await accounts.put_plan(plan)
        await accounts.add("ada", None, plan.identifier)
        return await guard.caller(await key_of("ada"))

    return make


@pytest.fixture
async def used(accounts, guard):
    """Tells what was used, without what was not."""

    async def read():
        await guard.look()
        return {kind: count for kind, count in (await accounts.usage_of_month("ada")).items() if count}

    return read


def test_every_method_of_the_contract_is_in_the_table(repository):
    files = {file.stem for file in (repository / "proto" / "wikifeed" / "v1").glob("*_service.proto")}
    assert files == {module.__name__.rpartition(".")[2].removesuffix("_pb2") for module in MODULES}
    assert set(ENTITLEMENTS) == set(METHODS)


async def test_method_that_is_not_in_the_contract_is_an_error(guard, caller_of):
    for caller in (OPEN_CALLER, await caller_of(Plan("all"))):
        with pytest.raises(KeyError):
            await guard.admit(caller, "/wikifeed.v1.ArticleService/Invented", request_of("GetArticle"))


@pytest.mark.parametrize("method", METHODS)
async def test_without_an_account_everything_passes_as_it_is(processes, method, tmp_path):
    _, guard = await processes(required=False)
    request = METHODS[method]()
    assert await guard.admit(OPEN_CALLER, method, request) is request
    async with guard.stream(OPEN_CALLER):
        await guard.admit_download(OPEN_CALLER, UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", "file@1")
    await guard.look()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("method", METHODS)
async def test_plan_without_bounds_lets_everything_pass_as_it_is(guard, caller_of, method):
    request = METHODS[method]()
    assert await guard.admit(await caller_of(Plan("all")), method, request) is request


@pytest.mark.parametrize(
    ("name", "fields", "taken"),
    [
        ("GetArticle", {"project": "enwiki", "title": "Ada"}, {UsageKind.ON_DEMAND: 1}),
        ("GetStructuredContents", {"project": "enwiki", "title": "Ada"}, {UsageKind.ON_DEMAND: 1}),
        ("LookupArticles", {"title": "Ada"}, {UsageKind.ON_DEMAND: 1}),
        ("BatchGetArticles", keys("enwiki", "dewiki", "enwiki"), {UsageKind.ON_DEMAND: 3}),
        ("ListArticles", {"project": "enwiki", "page_size": 7}, {UsageKind.ON_DEMAND: 7}),
        ("ListArticles", {"project": "enwiki"}, {UsageKind.ON_DEMAND: 100}),
        ("StreamChanges", {}, {UsageKind.STREAM: 1}),
        ("Subscribe", {"open": {"name": "mine"}}, {UsageKind.STREAM: 1}),
        ("Subscribe", {"acknowledge": 1}, {}),
        ("ExportBatch", BATCH, {UsageKind.BATCH_DOWNLOAD: 1}),
        ("ListBatches", {}, {}),
        ("GetBatch", BATCH, {}),
        ("ListSnapshots", {}, {}),
        ("GetChangeLogInfo", {}, {}),
        ("ListProjects", {}, {}),
        ("GetAccount", {}, {}),
    ],
)
async def test_calls_take_what_they_are_worth(guard, caller_of, used, name, fields, taken):
    caller = await caller_of(Plan("all"))
    await guard.admit(caller, path(name), request_of(name, **fields))
    assert await used() == taken


STREAMS = ("StreamChanges", "Subscribe", "GetSubscription", "ListSubscriptions", "DeleteSubscription")
BATCHES = ("ListBatches", "GetBatch", "ExportBatch")


@pytest.mark.parametrize("name", [*STREAMS, *BATCHES, "CreateSnapshot"])
async def test_plan_that_has_it_not_is_told_so(guard, caller_of, used, name):
    with pytest.raises(PermissionDeniedError) as caught:
        await guard.admit(await caller_of(SLOW), path(name), request_of(name))
    assert caught.value.metadata["plan"] == "slow"
    assert await used() == {}


async def test_plan_without_realtime_opens_no_stream_and_gets_no_batch(guard, caller_of):
    caller = await caller_of(SLOW)
    with pytest.raises(PermissionDeniedError):
        async with guard.stream(caller):
            pytest.fail("it was opened")
    with pytest.raises(PermissionDeniedError):
        await guard.admit_download(caller, UsageKind.BATCH_DOWNLOAD, "enwiki", "enwiki_namespace_0@2026-01-31/07")


NAMING_A_PROJECT = [
    ("GetArticle", lambda project: {"project": project, "title": "Ada"}),
    ("GetStructuredContents", lambda project: {"project": project, "title": "Ada"}),
    ("ListArticles", lambda project: {"project": project}),
    ("BatchGetArticles", lambda project: keys("enwiki", project)),
    ("LookupArticles", lambda project: {"title": "Ada", "projects": ["enwiki", project]}),
    ("StreamChanges", lambda project: {"projects": [project]}),
    ("Subscribe", lambda project: {"open": {"name": "mine", "filter": {"projects": [project]}}}),
    ("Subscribe", lambda project: {"filter": {"projects": [project]}}),
    ("ListBatches", lambda project: {"projects": [project]}),
    ("GetBatch", lambda project: {"identifier": f"{project}_namespace_0"}),
    ("ExportBatch", lambda project: {"identifier": f"{project}_namespace_0"}),
    ("ListSnapshots", lambda project: {"projects": [project]}),
    ("GetSnapshot", lambda project: {"identifier": f"{project}_namespace_0_zst"}),
    ("CreateSnapshot", lambda project: {"project": project}),
    ("ExportSnapshot", lambda project: {"identifier": f"{project}_namespace_0"}),
]


@pytest.mark.parametrize(("name", "fields"), NAMING_A_PROJECT)
async def test_plan_shows_its_projects_and_no_others(guard, caller_of, used, name, fields):
    caller = await caller_of(NARROW)
    for project in ("frwiki", "enwiki_namespace_0", "ENWIKI"):
        with pytest.raises(PermissionDeniedError) as caught:
            await guard.admit(caller, path(name), request_of(name, **fields(project)))
        assert caught.value.metadata == {"plan": "narrow", "project": project}
    assert await used() == {}
    request = request_of(name, **fields("dewiki"))
    assert await guard.admit(caller, path(name), request) == request


@pytest.mark.parametrize("name", ["LookupArticles", "StreamChanges", "ListBatches", "ListSnapshots"])
async def test_request_without_projects_is_narrowed_in_a_copy(guard, caller_of, name):
    request = request_of(name)
    narrowed = await guard.admit(await caller_of(NARROW), path(name), request)
    assert list(narrowed.projects) == ["enwiki", "dewiki"]
    assert request == request_of(name)


async def test_filter_of_a_subscription_is_narrowed_whenever_it_is_given(guard, caller_of):
    caller = await caller_of(NARROW)
    opening = request_of("Subscribe", open={"name": "mine", "filter": {"namespaces": [0]}})
    changing = request_of("Subscribe", filter={"page_ids": [1]})
    opened = await guard.admit(caller, path("Subscribe"), opening)
    changed = await guard.admit(caller, path("Subscribe"), changing)
    assert (list(opened.open.filter.namespaces), list(opened.open.filter.projects)) == ([0], ["enwiki", "dewiki"])
    assert (list(changed.filter.page_ids), list(changed.filter.projects)) == ([1], ["enwiki", "dewiki"])
    assert not opening.open.filter.projects
    bare = await guard.admit(caller, path("Subscribe"), request_of("Subscribe", open={"name": "mine"}))
    assert not bare.open.HasField("filter")


async def test_download_of_another_project_is_denied(guard, caller_of, used):
    caller = await caller_of(NARROW)
    with pytest.raises(PermissionDeniedError):
        await guard.admit_download(caller, UsageKind.SNAPSHOT_DOWNLOAD, "frwiki", "frwiki_namespace_0@1")
    assert await used() == {}


@pytest.mark.parametrize(
    ("identifier", "project"),
    [
        ("enwiki_namespace_0", "enwiki"),
        ("enwiki_namespace_-2_structured_parquet", "enwiki"),
        ("enwiki_namespace_0_chunk_3", "enwiki"),
        ("my_namespace_1_namespace_0", "my_namespace_1"),
        ("enwiki", ""),
    ],
)
def test_identifiers_name_their_project(identifier, project):
    assert project_of(identifier) == project
