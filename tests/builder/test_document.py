"""What is stored of an article in Enterprise's JSON."""

import gzip
import json

import pytest

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed_server.builder.document import build_document, mark_document, merged_project
from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources import ArticleDocument
from wikifeed_server.store import EventType


def document(**fields):
    article = {
        "name": "Ada",
        "identifier": 7,
        "date_modified": "2024-01-02T03:04:05Z",
        "version": {"identifier": 70},
        "url": "https://ru.wikipedia.org/wiki/Ada",
        "namespace": {"name": "Article", "identifier": 0},
        "in_language": {"identifier": "ru"},
        "is_part_of": {"identifier": "ruwiki"},
        "article_body": {"html": "<p>Ada</p>", "wikitext": "'''Ada''' [[Файл:A.jpg|thumb]] {{Да}} b. [[Категория:А]]"},
    }
    return ArticleDocument(3, "articles.ndjson, line 3", json.dumps(article | fields).encode())


def test_document_is_split_into_fragments():
    write, _ = build_document(document(infoboxes=[{"name": "Person"}], redirects=[{"name": "Lovelace"}]))
    assert (write.project, write.page_id, write.title, write.revision_id) == ("ruwiki", 7, "Ada", 70)
    assert write.modified == 1_704_164_645_000_000
    head = Article.FromString(write.head)
    assert [redirect.name for redirect in head.redirects] == ["Lovelace"]
    assert not head.infoboxes
    assert not head.HasField("article_body")
    assert Article.FromString(write.structured).infoboxes[0].name == "Person"
    assert Article.FromString(write.body_html).article_body.html == "<p>Ada</p>"
    assert Article.FromString(write.body_wikitext).article_body.wikitext.startswith("'''Ada'''")


def test_what_the_document_lacks_is_read_off_its_wikitext():
    categories = [{"name": "Категория:А", "url": "https://ru.wikipedia.org/wiki/Категория:А"}]
    templates = [{"name": "Модуль:Нет"}, {"name": "Шаблон:Да"}]
    body = {"wikitext": "'''Ada''' [[Файл:A.jpg|thumb]] {{Да}} b. [[Категория:А]]"}
    write, project = build_document(document(categories=categories, templates=templates, article_body=body))
    head = Article.FromString(write.head)
    assert head.abstract == "Ada b."
    assert [template.name for template in head.templates] == ["Модуль:Нет", "Шаблон:Да"]
    assert [project.namespace(number).name for number in (0, 6, 10, 14)] == ["", "Файл", "Шаблон", "Категория"]
    assert (project.url, project.language, project.code) == ("https://ru.wikipedia.org", "ru", "wiki")
    assert Article.FromString(write.structured).sections[0].has_parts[0].value == "Ada b."


def test_structured_parts_are_read_off_the_html_where_there_is_any():
    html = '<section><p>Ada <a href="https://example.org/">wrote</a></p></section>'
    write, _ = build_document(document(article_body={"html": html, "wikitext": "'''Ada''' [[b]] {{cn}}"}))
    structured = Article.FromString(write.structured)
    assert structured.sections[0].has_parts[0].value == "Ada wrote"
    assert [link.text for link in structured.links] == ["wrote"]
    assert Article.FromString(write.head).version.maintenance_tags.citation_needed_count == 1


def test_structured_parts_of_the_document_are_kept():
    own = {"infoboxes": [{"name": "Own"}], "article_body": {"wikitext": "{{Infobox x|a=b}}[[c]]"}}
    write, _ = build_document(document(**own))
    structured = Article.FromString(write.structured)
    assert [infobox.name for infobox in structured.infoboxes] == ["Own"]
    assert [link.text for link in structured.links] == ["c"]


def test_what_the_document_says_is_kept():
    write, _ = build_document(document(abstract="Its own.", event={"identifier": "e-1", "type": "update", "offset": 9}))
    head = Article.FromString(write.head)
    assert head.abstract == "Its own."
    assert head.event.identifier == "e-1"
    assert {field.name for field, _ in head.event.ListFields()} == {"identifier", "date_created"}
    assert head.namespace.name == ""


def test_deletion_needs_no_revision():
    write, _ = build_document(
        document(event={"type": "delete", "date_created": "2024-02-01T00:00:00Z"}, version={}, date_modified=None)
    )
    assert write.event_type is EventType.DELETE
    assert write.modified == 1_706_745_600_000_000


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"identifier": 0}, "identifier"),
        ({"name": ""}, "name"),
        ({"version": {}}, "version.identifier"),
        ({"is_part_of": {}}, "is_part_of.identifier"),
        ({"identifier": "seven"}, "identifier"),
        ({"date_modified": None}, "date_modified"),
    ],
)
def test_document_that_is_no_article_is_refused_with_place_and_field(fields, told):
    with pytest.raises(SourceCorruptError, match=rf"articles\.ndjson, line 3: .*{told}"):
        build_document(document(**fields))


def test_marked_document_is_kept_as_it_came():
    write, _ = mark_document(document(), Extraction.STATE_MEMORY_EXCEEDED, "too large")
    assert Article.FromString(write.head).extraction.state == Extraction.STATE_MEMORY_EXCEEDED
    assert write.body_wikitext


def test_knowledge_of_a_project_grows_and_is_not_overwritten():
    known = ProjectInfo("ruwiki", name="Википедия", namespaces=(NamespaceInfo(0, ""), NamespaceInfo(6, "Файл")))
    told = ProjectInfo(
        "ruwiki", name="Other", language="ru", namespaces=(NamespaceInfo(6, "File"), NamespaceInfo(14, "К"))
    )
    assert merged_project(known, told) == ProjectInfo(
        "ruwiki",
        name="Википедия",
        language="ru",
        namespaces=(NamespaceInfo(0, ""), NamespaceInfo(6, "Файл"), NamespaceInfo(14, "К")),
    )


def test_a_name_in_the_wikis_language_replaces_an_english_one():
    english = ProjectInfo("ruwiki", namespaces=(NamespaceInfo(6, "File", "File"),))
    russian = ProjectInfo("ruwiki", namespaces=(NamespaceInfo(6, "Файл", "File"),))
    assert merged_project(english, russian) == merged_project(russian, english) == russian


def test_real_articles_keep_every_field(enterprise_articles):
    for path in sorted(enterprise_articles.glob("*.json.gz")):
        data = gzip.decompress(path.read_bytes())
        write, project = build_document(ArticleDocument(1, path.name, data))
        kept = {field.name for field, _ in Article.FromString(write.head + write.structured).ListFields()}
        assert set(json.loads(data)) - {"article_body"} <= kept
        assert project.identifier == path.name.partition(".")[0]
        assert write.body_html
        assert write.body_wikitext
