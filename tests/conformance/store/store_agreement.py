"""What a store tells, compared with the model: now, as of every offset, and in its log."""

from dataclasses import replace

import pytest
from store_engines import PROJECTS
from store_histories import FILTERS, NAMESPACES, PAGE_IDS, REVISIONS, TITLES
from store_model import Model, Version, by_name, without_event

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store import LogFilter, PageKey, Parts, Reader, StoredVersion


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
                for v in reversed(model.kept_history(project.identifier, page_id))
            ]
            assert await reader.versions(project.identifier, page_id, 100) == expected
            assert await reader.versions(project.identifier, page_id, 2) == expected[:2]


async def scans_agree(reader: Reader, model: Model) -> None:
    for as_of in range(model.oldest - 1):
        with pytest.raises(OffsetExpiredError):
            await reader.scan("enwiki", (), as_of, 0, Parts.ALL, 2, 10**6)
    for as_of in range(model.oldest - 1, len(model.versions) + 2):
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
    for filter_ in FILTERS:
        await log_agrees(reader, model, filter_)
        await log_agrees(reader, model, replace(filter_, compacted=True))
    times = [change.date_published.ToMicroseconds() for change in (await all_changes(reader, model.oldest - 1))]
    assert times == sorted(times)


async def log_agrees(reader: Reader, model: Model, filter_: LogFilter) -> None:
    """From the first offset after which the filter may read."""
    begin = 0 if filter_.compacted and model.is_compacted else model.oldest - 1
    for after in range(begin):
        with pytest.raises(OffsetExpiredError):
            await reader.read_frames(after, filter_, 3, 10**6)
        with pytest.raises(OffsetExpiredError):
            await reader.read_entries(after, filter_, Parts.HEAD, 3, 10**6)
    end = len(model.versions)
    expected = model.passing(filter_)
    changes, entries = [], []
    after = begin
    while after < end:
        frames, after = await reader.read_frames(after, filter_, 3, 10**6)
        changes += StreamChangesResponse.FromString(b"".join(frames)).changes
    after = begin
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


async def all_changes(reader: Reader, after: int) -> list:
    frames, _ = await reader.read_frames(after, LogFilter(), 10**6, 10**9)
    return list(StreamChangesResponse.FromString(b"".join(frames)).changes)
