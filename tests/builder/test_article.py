"""What is stored of a revision, as a dump tells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed.v1.change_pb2 import Change
from wikifeed_server.builder.article import build_revision, mark_revision
from wikifeed_server.contract.fragments import STRUCTURED_FIELDS
from wikifeed_server.store import EventType


@pytest.fixture
def built(project):
    """The fragments of a revision, joined, as the article they make."""

    def build(revision):
        write = build_revision(revision, project)
        return write, Article.FromString(write.head + write.body_html + write.body_wikitext + write.structured)

    return build


def test_head_holds_what_the_dump_and_the_text_tell(built, revision):
    text = "{{Short description|Mathematician}}'''Ada''' é.{{cn}}[[Category:People]][[dog|Dogs]]"
    write, article = built(revision(2, title="Ada_Lovelace", parent_id=19, text=text, is_minor=True))
    assert (write.project, write.page_id, write.title, write.revision_id) == ("enwiki", 2, "Ada Lovelace", 20)
    assert (write.modified, write.event_type) == (1_600_000_000_000_000, EventType.AUTO)
    assert article.name == "Ada Lovelace"
    assert article.url == "https://en.wikipedia.org/wiki/Ada_Lovelace"
    assert article.abstract == "Ada é.Dogs"
    assert article.description == "Mathematician"
    assert article.date_modified.ToJsonString() == "2020-09-13T12:26:40Z"
    assert article.previous_version.identifier == 19
    assert article.version.identifier == 20
    assert article.version.editor.name == "Grace"
    assert article.version.is_minor_edit
    assert article.version.has_tag_needs_citation
    assert article.version.maintenance_tags.citation_needed_count == 1
    assert article.version.number_of_characters == len(text)
    assert article.version.size.value == len(text.encode())
    assert [category.name for category in article.categories] == ["Category:People"]
    assert [template.name for template in article.templates] == ["Template:Short description", "Template:Cn"]
    assert [(link.url, link.text) for link in article.links] == [("https://en.wikipedia.org/wiki/Dog", "Dogs")]
    assert article.is_part_of.identifier == "enwiki"
    assert article.license[0].identifier == "CC-BY-SA-4.0"
    assert article.article_body.wikitext == text
    assert not article.HasField("visibility")


def test_fragments_hold_their_own_fields_only(built, revision):
    write, _ = built(revision(text="{{Infobox x|a=b}}[[A]]<ref>c</ref>\n{|\n! d\n|}"))
    head = Article.FromString(write.head)
    assert not head.HasField("article_body")
    assert not head.links
    assert {field.name for field, _ in Article.FromString(write.structured).ListFields()} == STRUCTURED_FIELDS
    assert {field.name for field, _ in Article.FromString(write.body_wikitext).ListFields()} == {"article_body"}


def test_structured_fragment_holds_what_the_text_tells(built, revision):
    text = (
        "{{Infobox person|name=Ada|image=Ada.jpg}}'''Ada''' wrote.<ref name=a>{{cite web|url=https://b.org}}</ref>\n"
        "== Work ==\n* [[a|b]]\n** c\n{|\n|+ Cap\n! d !! e\n|-\n| colspan=2 | f\n|}\n"
    )
    _, article = built(revision(text=text))
    (infobox,) = article.infoboxes
    image, name = sorted(infobox.has_parts[0].has_parts, key=lambda part: part.name)
    assert (infobox.type, infobox.name) == ("infobox", "Infobox person")
    assert (name.type, name.name, name.value) == ("field", "name", "Ada")
    assert (image.type, image.images[0].content_url) == ("image", "https://en.wikipedia.org/wiki/File:Ada.jpg")
    lead, work = article.sections
    assert (lead.name, lead.has_parts[0].value) == ("Abstract", "Ada wrote.")
    assert (lead.has_parts[0].citations[0].identifier, article.references[0].identifier) == ("cite_note-a-1",) * 2
    assert (article.references[0].type, article.references[0].metadata["url"]) == ("web", "https://b.org")
    assert work.has_parts[0].has_parts[0].links[0].text == "b"
    assert work.has_parts[0].has_parts[0].has_parts[0].has_parts[0].value == "c"
    (table,) = article.tables
    assert (table.identifier, table.caption) == (work.table_references[0].identifier, "Cap")
    assert [[cell.value for cell in row.cells] for row in (*table.headers, *table.rows)] == [["d", "e"], ["f", "f"]]


def test_store_says_what_only_the_store_knows(built, revision):
    _, article = built(revision())
    assert {field.name for field, _ in article.event.ListFields()} == {"identifier", "date_created"}


def test_event_identifier_is_the_same_at_every_import_and_no_others(built, revision):
    identifiers = [built(revision(number))[1].event.identifier for number in (1, 1, 2)]
    assert identifiers[0] == identifiers[1] != identifiers[2]


def test_date_created_is_told_by_a_first_revision_only(built, revision):
    assert built(revision(parent_id=0))[1].HasField("date_created")
    assert not built(revision(parent_id=5))[1].HasField("date_created")


@pytest.mark.parametrize(
    ("text", "told"),
    [("#REDIRECT [[ada_Lovelace]]", ""), ("#перенаправление [[Ada]]", "Ada Lovelace"), ("", "Ada_Lovelace")],
)
def test_redirect_page_names_its_target_and_lists_itself_there(built, revision, text, told):
    write, article = built(revision(3, title="Ada", text=text, redirect_target=told))
    assert write.redirect_target == "Ada Lovelace"
    assert Change.FromString(write.change).redirect_target == "Ada Lovelace"
    assert [redirect.name for redirect in Article.FromString(write.redirect_entry).redirects] == ["Ada"]
    assert article.abstract == ""


def test_page_that_is_no_redirect_has_no_change_of_its_own(built, revision):
    write, _ = built(revision())
    assert (write.redirect_target, write.redirect_entry, write.change) == ("", b"", b"")


def test_hidden_parts_are_left_out_and_said_to_be_hidden(built, revision):
    hidden = revision(text="", text_visible=False, editor_visible=False, comment_visible=False)
    write, article = built(hidden)
    assert (article.visibility.text, article.visibility.editor, article.visibility.comment) == (False, False, False)
    assert article.HasField("visibility")
    assert not article.version.HasField("editor")
    assert not article.version.HasField("size")
    assert article.version.comment == ""
    assert write.body_wikitext == b""


@pytest.mark.parametrize("model", ["json", "css", "Scribunto"])
def test_other_models_are_kept_and_not_read(built, revision, model):
    _, article = built(revision(model=model, text="[[Category:A]] {{b}}"))
    assert article.article_body.wikitext == "[[Category:A]] {{b}}"
    assert not article.categories
    assert not article.templates
    assert article.abstract == ""


def test_marked_page_keeps_its_text_and_says_why(project, revision):
    write = mark_revision(revision(text="{{a}}"), project, Extraction.STATE_TIME_EXCEEDED, "took too long")
    article = Article.FromString(write.head + write.body_wikitext)
    assert article.extraction == Extraction(state=Extraction.STATE_TIME_EXCEEDED, detail="took too long")
    assert article.article_body.wikitext == "{{a}}"


def test_what_no_database_takes_is_replaced(built, revision):
    write, article = built(revision(title="A\ud800\0", text="b\udfff\0c", comment="\ud800", editor_name="\0"))
    assert write.title == article.name == "A\ufffd\ufffd"
    assert article.article_body.wikitext == "b\ufffd\ufffdc"


@given(
    text=st.text(st.characters(), max_size=80) | st.text("{}[]|=#REDICT: \ud800\0文", max_size=60),
    title=st.text(min_size=1, max_size=40),
)
def test_any_revision_is_built(project, revision, text, title):
    write = build_revision(revision(text=text, title=title), project)
    assert Article.FromString(write.head + write.body_wikitext + write.structured).name == write.title != ""
