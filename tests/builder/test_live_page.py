"""What is stored of a live event: each kind of it, the facts that go with it, what was overtaken, and what is gone."""

from dataclasses import replace
from uuid import UUID

import pytest
from made_up_pages import PROJECT, REVISED, TIME, article_of, built, live_page

from wikifeed.v1.change_pb2 import Change
from wikifeed_server.builder.live import build_live
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind
from wikifeed_server.sources.facts import (
    EditorFacts,
    EntityUse,
    FirstHour,
    PageImage,
    PastRevision,
    Restriction,
    Scores,
)
from wikifeed_server.store import EventType, Hidden

HOUR = 3_600_000_000


@pytest.mark.parametrize("kind", [EventKind.EDIT, EventKind.CREATE])
def test_edit_and_creation_are_told_apart_by_the_store_and_kept_when_overtaken(kind):
    write, article = built(kind)
    assert (write.event_type, write.keeps_older, write.event_keys) == (EventType.AUTO, True, ())
    assert (write.project, write.page_id, write.title, write.revision_id) == ("enwiki", 1, "Page 1", 10)
    assert write.modified == REVISED
    assert article.date_modified.ToMicroseconds() == REVISED
    assert article.event.date_created.ToMicroseconds() == TIME
    assert article.abstract == "Ada counts."
    assert article.license[0].identifier == "CC-BY-SA-4.0"


@pytest.mark.parametrize(
    ("kind", "event_type"),
    [
        (EventKind.MOVE, EventType.UPDATE),
        (EventKind.REFRESH, EventType.UPDATE),
        (EventKind.UNDELETE, EventType.CREATE),
        (EventKind.VISIBILITY, EventType.VISIBILITY_CHANGE),
    ],
)
def test_other_kinds_are_explicit_and_bear_their_keys(kind, event_type):
    write, article = built(kind, event={"keys": ("log:7",)})
    assert (write.event_type, write.event_keys, write.keeps_older) == (event_type, ("log:7",), False)
    assert (write.modified, write.revision_id, write.hidden) == (REVISED, 10, Hidden(0))
    assert article.article_body.wikitext == "'''Ada''' counts."


def test_deletion_is_identity_and_time():
    page = live_page(EventKind.DELETE, event={"keys": ("log:8",), "title": "ada_Lovelace"})
    write = build_live(replace(page, facts=None))
    article = article_of(write)
    assert (write.event_type, write.event_keys, write.revision_id) == (EventType.DELETE, ("log:8",), 10)
    assert (write.modified, write.title) == (TIME, "Ada Lovelace")
    assert {field.name for field, _ in article.ListFields()} == {
        *("name", "identifier", "url", "namespace", "in_language", "is_part_of", "event", "date_modified")
    }
    assert (article.name, article.url) == ("Ada Lovelace", "https://en.wikipedia.org/wiki/Ada_Lovelace")
    assert (write.body_html, write.body_wikitext, write.structured, write.change) == (b"", b"", b"", b"")


def test_deletion_takes_nothing_from_a_page_that_came_back_meanwhile():
    write, article = built(EventKind.DELETE, facts={"title": "Elsewhere"})
    assert (write.title, write.body_wikitext) == ("Page 1", b"")
    assert not article.HasField("version")


def test_move_brings_its_own_title_and_names_the_one_before():
    write, article = built(
        EventKind.MOVE, event={"title": "new_name", "previous_title": "old_name"}, facts={"title": "Later name"}
    )
    assert write.title == article.name == "New name"
    assert Change.FromString(write.change).previous_name == "Old name"


def test_edit_of_a_page_renamed_since_bears_the_present_title():
    write, _ = built(facts={"title": "Renamed"})
    assert (write.title, write.change) == ("Renamed", b"")


def test_revision_that_is_gone_is_in_the_log_without_a_body():
    write, article = built(revision=None)
    assert (write.event_type, write.revision_id, write.modified) == (EventType.AUTO, 10, TIME)
    assert (article.version.identifier, article.name) == (10, "Page 1")
    assert (write.body_html, write.body_wikitext, write.structured) == (b"", b"", b"")


def test_page_of_which_the_wiki_knows_nothing_is_in_the_log_too():
    write = build_live(replace(live_page(EventKind.MOVE, event={"previous_title": "a"}), facts=None))
    assert (write.event_type, write.title, article_of(write).version.identifier) == (EventType.UPDATE, "Page 1", 10)


def test_overtaken_edit_is_built_as_it_was():
    write, article = built(facts={"is_latest": False, "templates": None}, revision={"text": "Old {{cn}}"})
    assert article.article_body.wikitext == "Old {{cn}}"
    assert [template.name for template in article.templates] == ["Template:Cn"]
    assert (article.version.maintenance_tags.citation_needed_count, article.version.has_tag_needs_citation) == (1, True)
    assert write.keeps_older


def test_page_facts_are_in_the_article():
    _, article = built(
        facts={
            "protection": (Restriction("edit", "sysop", "infinity"),),
            "watchers": 0,
            "properties": {"wikibase_item": "Q7259", "wikibase-shortdesc": "Mathematician", "noindex": ""},
            "entities": (EntityUse("P31", ("C.P31", "L.en")),),
            "templates": ("Template:Born", "Module:Date"),
            "image": PageImage("https://upload.example/a.jpg", 220, 300),
            "created": TIME - 100 * HOUR,
            "parent_text": "'''Ada'''",
            "parent_timestamp": TIME - 50 * HOUR,
        },
        revision={"tags": ("mw-undo",), "is_minor": True, "is_stable": True, "comment": "c", "sha1": "b" * 40},
    )
    assert [(each.type, each.level, each.expiry) for each in article.protection] == [("edit", "sysop", "infinity")]
    assert article.HasField("watchers_count")
    assert (article.main_entity.identifier, article.main_entity.url) == (
        "Q7259",
        "https://www.wikidata.org/entity/Q7259",
    )
    assert list(article.additional_entities[0].aspects) == ["C.P31", "L.en"]
    assert [(each.name, each.url) for each in article.templates] == [
        ("Template:Born", "https://en.wikipedia.org/wiki/Template:Born"),
        ("Module:Date", "https://en.wikipedia.org/wiki/Module:Date"),
    ]
    assert (article.image.content_url, article.image.width) == ("https://upload.example/a.jpg", 220)
    assert (article.description, article.date_created.ToMicroseconds()) == ("Mathematician", TIME - 100 * HOUR)
    assert (article.previous_version.identifier, article.previous_version.number_of_characters) == (9, 9)
    assert article.date_previously_modified.ToMicroseconds() == TIME - 50 * HOUR
    version = article.version
    assert (version.noindex, version.is_minor_edit, version.is_flagged_stable) == (True, True, True)
    assert (list(version.tags), version.comment, version.sha1) == (["mw-undo"], "c", "b" * 40)
    assert (version.number_of_characters, version.size.value) == (17, 17)
    assert (version.diff.size.value, version.diff.uppercase_words.increase) == (8, 0)


def test_what_is_not_known_is_absent():
    _, article = built()
    absent = ("watchers_count", "main_entity", "image", "date_created", "date_previously_modified", "visibility")
    assert not any(article.HasField(name) for name in absent)
    assert not any(article.version.HasField(name) for name in ("diff", "scores", "revert", "maintenance_tags"))
    assert not article.version.editor.HasField("date_started")


def test_first_revision_tells_the_pages_creation_and_differs_from_nothing():
    _, article = built(EventKind.CREATE, revision={"parent_id": 0, "text": "ADA counts"})
    assert article.date_created.ToMicroseconds() == REVISED
    assert not article.HasField("previous_version")
    assert (article.version.diff.size.value, article.version.diff.uppercase_words.sum) == (10, 1)


def test_entities_of_other_wikis_have_no_address():
    wiki = ProjectInfo("acme", url="https://wiki.acme.example", namespaces=PROJECT.namespaces)
    _, article = built(facts={"properties": {"wikibase_item": "Q1"}}, project=wiki)
    assert (article.main_entity.identifier, article.main_entity.url) == ("Q1", "")


def test_signals_come_together():
    _, article = built(
        EventKind.CREATE,
        facts={
            "templates": ("Template:Cite news",),
            "created": REVISED - HOUR,
            "first_hour": FirstHour(edits=3, editors=2),
            "history": (PastRevision(9, "b" * 40, REVISED, "X"), PastRevision(8, "a" * 40, REVISED, "Y")),
            "scores": Scores(revert_risk=0.75, reverted=True, reference_need=0.0),
        },
        revision={"editor": EditorFacts(7, "Grace", False, 12, ("bot", "sysop"), TIME - HOUR)},
    )
    version = article.version
    assert version.is_breaking_news
    assert (version.revert.restored_revision, list(version.revert.reverted_revisions)) == (8, [9])
    assert (version.scores.revertrisk.prediction, version.scores.revertrisk.probability.false) == (True, 0.25)
    assert version.scores.HasField("referenceneed")
    assert not version.scores.HasField("referencerisk")
    assert (version.editor.is_bot, version.editor.is_admin, version.editor.has_advanced_rights) == (True, True, True)


def test_move_into_the_main_namespace_may_make_old_text_news():
    fields = {
        "templates": ("Template:Cite news", "Template:Current disaster"),
        "created": TIME - 99 * HOUR,
        "moved_into_main": TIME,
    }
    assert built(EventKind.MOVE, facts=fields)[1].version.is_breaking_news
    assert not built(EventKind.EDIT, facts=fields)[1].version.is_breaking_news


def test_events_bear_their_own_identifier_else_one_that_is_theirs_alone():
    own = "0a0b0c0d-0000-4000-8000-000000000000"
    assert built(event={"identifier": own})[1].event.identifier == own
    made = [built(kind)[1].event.identifier for kind in (EventKind.EDIT, EventKind.EDIT, EventKind.REFRESH)]
    assert made[0] == made[1] != made[2]
    assert UUID(made[0])
