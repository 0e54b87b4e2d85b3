"""The road from a source into a real store: order, idempotence, failures in mid-file."""

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.builder import BuildLimits, ImportOptions, import_source
from wikifeed_server.errors import SourceCorruptError, SourceTruncatedError
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources import ArticleDocument
from wikifeed_server.store import PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

LIMITS = BuildLimits(page_seconds=0.5, page_memory_bytes=1 << 30, workers=2)
SLOW = "[[a|b]] {{c|d}} " * 300_000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def bring(folder):
    """Import a source into the store; what is reported on the way is kept in the report's place when asked."""

    def run(source, told=lambda progress: None, **options):
        writer = EmbeddedWriter.open(folder)
        try:
            return import_source(source, writer, ImportOptions(limits=LIMITS, **options), told)
        finally:
            writer.close()

    return run


@pytest.fixture
async def reader(folder):
    EmbeddedWriter.open(folder).close()
    reader = EmbeddedReader.open(folder)
    yield reader
    await reader.close()


def document(number, **fields):
    wikitext = fields.get("wikitext", "Text.")
    data = (
        f'{{"name":"D{number}","identifier":{number},"date_modified":"2024-01-01T00:00:00Z","in_language":{{"identifier":'
        f'"de"}},"version":{{"identifier":{number}}},"is_part_of":{{"identifier":"dewiki"}},'
        f'"article_body":{{"wikitext":"{wikitext}"}}}}'
    )
    return ArticleDocument(number, f"a.ndjson, line {number}", data.encode())


async def test_pages_are_stored_in_the_order_of_the_source(bring, source, revision, reader):
    report = bring(source([revision(number, text=f"'''{number}'''") for number in range(1, 700)]))
    assert (report.counts.pages, report.counts.written, report.first_offset, report.last_offset) == (699, 699, 1, 699)
    for number in (1, 350, 699):
        stored = await reader.get(PageKey("enwiki", page_id=number), Parts.ALL)
        assert stored.offset == number
        assert Article.FromString(b"".join(stored.fragments)).abstract == str(number)


async def test_importing_twice_changes_nothing(bring, source, revision, reader):
    pages = [revision(number) for number in range(1, 50)]
    bring(source(pages))
    again = bring(source(pages))
    elsewhere = bring(source(pages, identity="the same pages in another file"))
    assert (again.was_done, again.counts.pages) == (True, 0)
    assert (elsewhere.was_done, elsewhere.counts.known, elsewhere.counts.written) == (False, 49, 0)
    assert (await reader.log_info()).newest_offset == 49


async def test_older_revisions_do_not_replace_newer_ones(bring, source, revision, reader):
    bring(source([revision(1, revision_id=20, text="new")]))
    report = bring(source([revision(1, revision_id=10, timestamp=1_500_000_000_000_000)], identity="older dump"))
    assert report.counts.written == 0
    assert report.counts.known + report.counts.older == 1
    assert (await reader.log_info()).newest_offset == 1


def history(revision):
    stamps = [(1, 10), (1, 11), (1, 12), (2, 20), (3, 30), (3, 31)]
    return [
        revision(position, page_id=page, revision_id=identifier, timestamp=identifier * 1_000_000)
        for position, (page, identifier) in enumerate(stamps, start=1)
    ]


async def test_history_is_imported_whole_and_in_order(bring, source, revision, reader):
    assert bring(source(history(revision))).counts.written == 6
    stored = await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD, revision_id=11)
    assert stored.offset == 2


async def test_latest_imports_one_revision_a_page(bring, source, revision, reader):
    assert bring(source(history(revision)), revisions="latest").counts.written == 3
    stored = await reader.get(PageKey("enwiki", page_id=3), Parts.HEAD)
    assert Article.FromString(b"".join(stored.fragments)).version.identifier == 31


def test_what_was_read_before_a_failure_is_kept_and_not_read_again(bring, source, revision):
    pages = [revision(number) for number in range(1, 40)]
    with pytest.raises(SourceTruncatedError):
        bring(source(pages[:20], failure=SourceTruncatedError("the file ends in mid-page")))
    report = bring(source(pages))
    assert (report.resumed_after, report.counts.pages, report.last_offset) == (20, 19, 39)


def test_failure_in_mid_page_does_not_make_an_early_revision_the_latest(bring, source, revision):
    pages = history(revision)
    with pytest.raises(SourceTruncatedError):
        bring(source(pages[:5], failure=SourceTruncatedError("cut")), revisions="latest")
    report = bring(source(pages), revisions="latest")
    assert (report.resumed_after, report.counts.written, report.last_offset) == (4, 1, 3)


def test_marked_pages_are_counted_by_state_and_redirects_too(bring, source, revision):
    pages = [revision(1, text=SLOW), revision(2), revision(3, text="#REDIRECT [[Page 2]]")]
    report = bring(source(pages))
    assert report.counts.marked == {"STATE_TIME_EXCEEDED": 1}
    assert (report.counts.written, report.counts.redirects) == (3, 1)


def test_progress_is_told_after_every_commit(bring, source, revision):
    told = []
    bring(source([revision(number) for number in range(1, 1200)]), told.append)
    written = [progress.written for progress in told]
    assert written == sorted(written)
    assert written[-1] == 1199
    assert max(after - before for before, after in zip([0, *written], written, strict=False)) <= 512


def test_document_that_is_no_article_stops_the_import_behind_what_came_before(bring, source):
    pages = [document(1), document(2), ArticleDocument(3, "a.ndjson, line 3", b'{"name":"x"}'), document(4)]
    with pytest.raises(SourceCorruptError, match="line 3: no article"):
        bring(source(pages, told=None))
    pages[2] = document(3)
    report = bring(source(pages, told=None))
    assert (report.resumed_after, report.first_offset, report.last_offset) == (2, 3, 4)


async def test_documents_tell_their_project_and_a_dump_tells_more(bring, source, revision, reader):
    bring(source([document(1, wikitext="[[Datei:A.jpg|x]]")], told=None))
    assert (await reader.project("dewiki")).namespace(6).name == "Datei"
    dump = ProjectInfo("dewiki", name="Wikipedia", namespaces=(NamespaceInfo(0, ""), NamespaceInfo(1, "Diskussion")))
    bring(source([revision(2)], identity="dump", told=dump))
    known = await reader.project("dewiki")
    assert (known.name, known.language) == ("Wikipedia", "de")
    assert [known.namespace(number).name for number in (0, 1, 6, 14)] == ["", "Diskussion", "Datei", "Category"]
