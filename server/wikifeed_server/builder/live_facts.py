"""Brings what a wiki told of a page and a revision into the contract's form, hidden parts left out."""

from dataclasses import fields, is_dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import Article, Entity, PreviousVersion, Protection, Template
from wikifeed.v1.media_pb2 import Image
from wikifeed.v1.revision_pb2 import Revision, Size
from wikifeed_server.builder.head import storable, timestamp
from wikifeed_server.builder.signals.editor import editor_of
from wikifeed_server.builder.signals.reverts import find_revert
from wikifeed_server.builder.signals.scores import scores_of
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.facts import EditorFacts, PageFacts, RevisionFacts
from wikifeed_server.sources.wikimedia import is_wikimedia_host

ALL_VISIBLE = Visible(text=True, editor=True, comment=True)
_NOTHING_VISIBLE = Visible(text=False, editor=False, comment=False)
_ENTITY_URL = "https://www.wikidata.org/entity/"
# MediaWiki's page property, its magic word in English, and how Parsoid marks either word in any language.
_NOINDEX_PROPERTY, _NOINDEX_WORD, _NOINDEX_MARK = "noindex", "__NOINDEX__", '<meta property="mw:PageProp/noindex"'


def storable_facts(facts: PageFacts) -> PageFacts:
    """The facts with all their texts storable."""
    stored: PageFacts = _storable(facts)
    return stored


def visible_parts(event: PageEvent, facts: PageFacts | None) -> Visible:
    """What the public may see of the revision: what both the event and the wiki say that it may.

    A revision of which neither tells, because it is gone, is taken to be hidden if it was that it became hidden.
    """
    told = event.visible
    revision = facts.revision if facts is not None else None
    if revision is None:
        return told or (_NOTHING_VISIBLE if event.kind is EventKind.VISIBILITY else ALL_VISIBLE)
    now = Visible(revision.text_visible, revision.editor_visible, revision.comment_visible)
    return Visible(*map(min, now, told)) if told is not None else now


def shown_facts(facts: PageFacts, visible: Visible) -> PageFacts:
    """The facts without what is hidden of the revision."""
    revision = facts.revision
    if revision is None or visible == ALL_VISIBLE:
        return facts
    if not visible.text:
        revision = replace(revision, text="", sha1="", size_bytes=0)
        facts = replace(facts, html="")
    if not visible.editor:
        revision = replace(revision, editor=EditorFacts())
    if not visible.comment:
        revision = replace(revision, comment="")
    return replace(facts, revision=revision)


def add_facts(article: Article, facts: PageFacts, visible: Visible, project: ProjectInfo) -> None:
    """Fill in what the wiki told. `facts` have a revision, and nothing hidden in them."""
    revision = facts.revision
    if revision is None:
        return
    article.MergeFrom(
        Article(
            description=facts.properties.get("wikibase-shortdesc", ""),
            date_created=_created(facts, revision),
            date_modified=timestamp(revision.timestamp),
            date_previously_modified=timestamp(facts.parent_timestamp) if facts.parent_timestamp else None,
            protection=[Protection(**restriction._asdict()) for restriction in facts.protection],
            version=_version(facts, revision, visible),
            previous_version=_previous(facts, revision),
            watchers_count=facts.watchers,
            main_entity=_main_entity(facts, project),
            additional_entities=[
                Entity(identifier=use.identifier, url=_entity_url(use.identifier, project), aspects=use.aspects)
                for use in facts.entities
            ],
            templates=[Template(name=title, url=project.page_url(title)) for title in facts.templates or ()],
            image=_image(facts),
        )
    )


def _version(facts: PageFacts, revision: RevisionFacts, visible: Visible) -> Revision:
    return Revision(
        identifier=revision.revision_id,
        comment=revision.comment,
        tags=revision.tags,
        is_minor_edit=revision.is_minor,
        is_flagged_stable=revision.is_stable,
        editor=editor_of(revision.editor) if visible.editor else None,
        number_of_characters=len(revision.text),
        size=Size(value=_size_bytes(revision), unit_text="B") if visible.text else None,
        noindex=_noindex(facts, revision),
        scores=scores_of(facts.scores),
        sha1=revision.sha1,
        revert=find_revert(revision.sha1, facts.history),
    )


def _size_bytes(revision: RevisionFacts) -> int:
    return len(revision.text.encode()) if revision.text else revision.size_bytes


def _noindex(facts: PageFacts, revision: RevisionFacts) -> bool:
    if _NOINDEX_PROPERTY in facts.properties:
        return True
    return _NOINDEX_MARK in facts.html if facts.html else _NOINDEX_WORD in revision.text


def _created(facts: PageFacts, revision: RevisionFacts) -> Timestamp | None:
    created = facts.created or (0 if revision.parent_id else revision.timestamp)
    return timestamp(created) if created else None


def _previous(facts: PageFacts, revision: RevisionFacts) -> PreviousVersion | None:
    if not revision.parent_id:
        return None
    return PreviousVersion(identifier=revision.parent_id, number_of_characters=len(facts.parent_text or ""))


def _main_entity(facts: PageFacts, project: ProjectInfo) -> Entity | None:
    item = facts.properties.get("wikibase_item", "")
    return Entity(identifier=item, url=_entity_url(item, project)) if item else None


def _entity_url(identifier: str, project: ProjectInfo) -> str:
    """Wikimedia's wikis share one Wikibase; where the one of another wiki is, is unknown."""
    return _ENTITY_URL + identifier if is_wikimedia_host(urlsplit(project.url).hostname or "") else ""


def _image(facts: PageFacts) -> Image | None:
    image = facts.image
    return Image(content_url=image.url, width=image.width, height=image.height) if image is not None else None


def _storable(value: Any) -> Any:
    """The value with all texts in it storable, however deep they are."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        items = map(_storable, value)
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _storable(getattr(value, each.name)) for each in fields(value)})
    return value
