"""Any history of writes leaves a store that agrees with the model: now, as of every offset, and in its log."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_engines import PROJECTS, Engine
from store_model import Model, Version, by_name, without_event, write

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.store import ArticleWrite, EventType, Hidden, LogFilter, PageKey, Parts, Reader, StoredVersion

PAGE_IDS, TITLES, REVISIONS = range(1, 5), ("A", "B", "C", "ß"), range(1, 10)
NAMESPACES = (0, 10)
FILTERS = (
    LogFilter(),
    LogFilter(projects=("enwiki",)),
    LogFilter(languages=("de", "fr"), namespaces=(0,)),
    LogFilter(event_types=(EventType.CREATE, EventType.DELETE)),
    LogFilter(page_ids=(1, 2**63), projects=("enwiki", "frwiki")),
    LogFilter(namespaces=(2**70,)),
    LogFilter(share=(1, 3)),
)

events = st.sampled_from([EventType.AUTO] * 6 + list(EventType))
writes = st.builds(
    write,
    page_id=st.sampled_from(PAGE_IDS),
    title=st.sampled_from(TITLES),
    revision_id=st.sampled_from(REVISIONS),
    modified=st.integers(0, 6),
    project=st.sampled_from(["enwiki", "enwiki", "dewiki"]),
    namespace=st.sampled_from(NAMESPACES),
    target=st.sampled_from(["", "", *TITLES]),
    event=events,
    hidden=st.sampled_from([Hidden(parts) for parts in range(8)]),
    keys=st.sampled_from([(), (), (), ("a",), ("b",), ("b", "c"), ("c", "c", "d"), ("e",)]),
    keeps_older=st.booleans(),
)
histories = st.lists(st.lists(writes, min_size=1, max_size=6), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories)
async def test_a_store_agrees_with_the_model(engine: Engine, history: list[list[ArticleWrite]]) -> None:
    store, model = engine.store(), Model()
    writer = store.writer()
    reader = store.reader()
    for batch in history:
        for one in batch:
            revision = (one.page_id, one.revision_id)
            assert writer.known(one.project, [revision]) == [bool(model.of_revision(one.project, *revision))]
        assert writer.put(batch) == model.put(batch)
        await articles_agree(reader, model)
        await revisions_agree(reader, model)
    writer.close()
    await versions_agree(reader, model)
    await scans_agree(reader, model)
    await logs_agree(reader, model)
    await reader.close()


async def articles_agree(reader: Reader, model: Model) -> None:
    end = len(model.versions)
    for project in PROJECTS:
        for title in TITLES:
            page_id = model.titles.get((project.identifier, title))
            expected = model.newest(project.identifier, page_id, end) if page_id else None
            await agrees(reader, model, PageKey(project.identifier, title=title), expected)
        for page_id in PAGE_IDS:
            expected = model.newest(project.identifier, page_id, end)
            await agrees(reader, model, PageKey(project.identifier, page_id=page_id), expected)


async def agrees(reader: Reader, model: Model, key: PageKey, expected: Version | None) -> None:
    found = await reader.get(key, Parts.ALL)
    if expected is None:
        assert found is None
        return
    assert found is not None
    one = expected.write
    assert (found.state, found.page_id, found.title) == (expected.state, one.page_id, one.title)
    assert (found.namespace, found.offset, found.modified) == (one.namespace, expected.offset, one.modified)
    assert found.redirect_target == expected.target
    whole = Article.FromString(b"".join(found.fragments))
    assert without_event(whole) == model.article(expected, len(model.versions))


async def revisions_agree(reader: Reader, model: Model) -> None:
    for project in PROJECTS:
        for page_id in PAGE_IDS:
            newest = model.newest(project.identifier, page_id, len(model.versions))
            for revision_id in REVISIONS:
                found = await reader.get(PageKey(project.identifier, page_id=page_id), Parts.ALL, revision_id)
                expected = model.revision(project.identifier, page_id, revision_id)
                assert (found and found.offset) == (expected and expected.offset)
                if found and expected:
                    as_of = len(model.versions) if expected == newest else expected.offset
                    whole = Article.FromString(b"".join(found.fragments))
                    assert without_event(whole) == model.article(expected, as_of)


async def versions_agree(reader: Reader, model: Model) -> None:
    for project in PROJECTS:
        for page_id in PAGE_IDS:
            expected = [
                StoredVersion(
                    v.offset, v.write.revision_id, v.write.namespace, v.write.modified, v.write.title, v.state
                )
                for v in reversed(model.history(project.identifier, page_id))
            ]
            assert await reader.versions(project.identifier, page_id, 100) == expected
            assert await reader.versions(project.identifier, page_id, 2) == expected[:2]


async def scans_agree(reader: Reader, model: Model) -> None:
    for as_of in range(len(model.versions) + 2):
        for project in PROJECTS:
            for namespaces in ((0,), NAMESPACES, (7,)):
                expected = model.live(project.identifier, namespaces, as_of)
                found = []
                after = 0
                while page := await reader.scan(project.identifier, namespaces, as_of, after, Parts.ALL, 2, 10**6):
                    found += page
                    after = page[-1].page_id
                assert [article.offset for article in found] == [version.offset for version in expected]
                for article, version in zip(found, expected, strict=True):
                    whole = Article.FromString(b"".join(article.fragments))
                    assert without_event(whole) == model.article(version, as_of)


async def logs_agree(reader: Reader, model: Model) -> None:
    end = len(model.versions)
    for filter_ in FILTERS:
        expected = model.passing(filter_)
        changes, entries = [], []
        after = 0
        while after < end:
            frames, after = await reader.read_frames(after, filter_, 3, 10**6)
            changes += StreamChangesResponse.FromString(b"".join(frames)).changes
        after = 0
        while after < end:
            some, after = await reader.read_entries(after, filter_, Parts.ALL, 3, 10**6)
            entries += some
        assert [change.offset for change in changes] == [version.offset for version in expected]
        assert [change.event_type for change in changes] == [version.event_type for version in expected]
        assert [entry.offset for entry in entries] == [version.offset for version in expected]
        for change, entry, version in zip(changes, entries, expected, strict=True):
            assert change.article.event.offset == version.offset
            assert without_event(change.article) == Article.FromString(version.write.head)
            whole = without_event(Article.FromString(b"".join(entry.fragments)))
            assert whole == by_name(model.article(version, version.offset))
    times = [change.date_published.ToMicroseconds() for change in (await all_changes(reader))]
    assert times == sorted(times)


async def all_changes(reader: Reader) -> list:
    frames, _ = await reader.read_frames(0, LogFilter(), 10**6, 10**9)
    return list(StreamChangesResponse.FromString(b"".join(frames)).changes)
