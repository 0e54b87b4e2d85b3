"""Makes what the store keeps out of what happened to a page and what its wiki then told of it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from wikifeed.v1.article_pb2 import Article, Event, Extraction
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.revision_pb2 import Diff
from wikifeed_server.builder.head import (
    WIKITEXT,
    add_contents,
    body_fragment,
    event_identifier,
    identity,
    licenses,
    redirect_fragment,
    storable,
    timestamp,
    visibility,
)
from wikifeed_server.builder.live_facts import ALL_VISIBLE, add_facts, shown_facts, storable_facts, visible_parts
from wikifeed_server.builder.reading import linked_target, read_page, without_text
from wikifeed_server.builder.signals.breaking_news import DEFAULT_NEWS_RULE, NewsRule, is_breaking_news
from wikifeed_server.builder.signals.diff import measure_diff
from wikifeed_server.builder.signals.word_lists import NO_WORD_LISTS, WordLists
from wikifeed_server.builder.structured import structured_fragment
from wikifeed_server.content import DEFAULT_VOCABULARY, PageContents, Vocabulary
from wikifeed_server.contract.redaction import redact
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.facts import PageFacts
from wikifeed_server.store import ArticleWrite, EventType, Hidden

_EVENT_TYPES = {
    EventKind.CREATE: EventType.AUTO,
    EventKind.EDIT: EventType.AUTO,
    EventKind.MOVE: EventType.UPDATE,
    EventKind.REFRESH: EventType.UPDATE,
    EventKind.UNDELETE: EventType.CREATE,
    EventKind.DELETE: EventType.DELETE,
    EventKind.VISIBILITY: EventType.VISIBILITY_CHANGE,
}
_REVISIONS = frozenset({EventKind.CREATE, EventKind.EDIT})
# The kinds that make a revision of their own, mostly one without a change.
_MAKING = frozenset({EventKind.MOVE, EventKind.REFRESH})
# The kinds whose event knows the title better than the wiki does, which tells the one that the page has by now.
_TITLES = frozenset({EventKind.MOVE, EventKind.DELETE})
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class LivePage:
    """An event, what its wiki told of the page afterwards (None: it knows nothing, or was not asked), and the wiki."""

    event: PageEvent
    facts: PageFacts | None
    project: ProjectInfo

    @property
    def size_bytes(self) -> int:
        """How much there is to read, roughly."""
        facts = self.facts
        if facts is None:
            return 0
        return len(facts.html) + (len(facts.revision.text) if facts.revision is not None else 0)


class _Shown(NamedTuple):
    """A page with storable texts, a normalized title, and no facts that are hidden; a deletion has none at all."""

    event: PageEvent
    facts: PageFacts | None
    project: ProjectInfo
    visible: Visible
    page_id: int
    title: str
    namespace: int


def build_live(
    page: LivePage,
    vocabulary: Vocabulary = DEFAULT_VOCABULARY,
    news: NewsRule = DEFAULT_NEWS_RULE,
    lists: WordLists = NO_WORD_LISTS,
) -> ArticleWrite:
    """The page as it is after the event, with all that its texts tell; of a deletion, which page it was.

    An edit that was overtaken is built as it was. Where the revision is gone there is no body. Neither time nor memory
    is bounded here. Raises ContentError where a reader fails.
    """
    shown = _shown(page)
    return _write(shown, _contents(shown, vocabulary), news, _diff(shown, lists))


def mark_live(
    page: LivePage, state: "Extraction.State.ValueType", detail: str, news: NewsRule = DEFAULT_NEWS_RULE
) -> ArticleWrite:
    """The page with its raw texts and what its wiki told, and the remark why nothing more is known of it."""
    return _write(_shown(page), PageContents(), news, extraction=Extraction(state=state, detail=detail))


def _shown(page: LivePage) -> _Shown:
    event, project = page.event, page.project
    event = replace(
        event,
        title=storable(event.title),
        previous_title=storable(event.previous_title),
        identifier=storable(event.identifier),
    )
    facts = storable_facts(page.facts) if page.facts is not None else None
    page_id = event.page_id or (facts.page_id if facts is not None else 0)
    title, namespace = event.title, event.namespace
    if facts is not None and facts.title and event.kind not in _TITLES:
        title, namespace = facts.title, facts.namespace
    visible = ALL_VISIBLE
    if event.kind is EventKind.DELETE:
        facts = None
    else:
        visible = visible_parts(event, facts)
        facts = shown_facts(facts, visible) if facts is not None else None
    return _Shown(event, facts, project, visible, page_id, project.normalize_title(title) or title, namespace)


def _contents(shown: _Shown, vocabulary: Vocabulary) -> PageContents:
    """What the texts tell; of another model than wikitext nothing."""
    facts = shown.facts
    if facts is None or facts.revision is None or facts.revision.model not in ("", WIKITEXT):
        return PageContents()
    html, text = facts.html, facts.revision.text
    if not (html or text):
        return PageContents()
    return read_page(html, text, shown.project, shown.title, vocabulary)


def _diff(shown: _Shown, lists: WordLists) -> Diff | None:
    """The difference from the revision before; None where one of the texts is hidden or unknown."""
    facts = shown.facts
    if facts is None or facts.revision is None or not shown.visible.text:
        return None
    text = facts.revision.text
    before = facts.parent_text if facts.revision.parent_id else ""
    if before is None or (facts.revision.size_bytes and not text):
        return None
    return measure_diff(before, text, lists)


def _write(
    shown: _Shown,
    contents: PageContents,
    news: NewsRule,
    diff: Diff | None = None,
    extraction: Extraction | None = None,
) -> ArticleWrite:
    event, project = shown.event, shown.project
    revision = shown.facts.revision if shown.facts is not None else None
    html = shown.facts.html if shown.facts is not None and revision is not None else ""
    text = revision.text if revision is not None else ""
    target = linked_target(html, text, project) or contents.redirect_target
    if target:
        contents = without_text(contents, target)
    head = _head(shown, contents, news, diff)
    if extraction is not None:
        head.extraction.CopyFrom(extraction)
    previous = project.normalize_title(event.previous_title) if event.kind is EventKind.MOVE else ""
    hidden = _hidden(shown.visible)
    return ArticleWrite(
        project=project.identifier,
        page_id=shown.page_id,
        title=shown.title,
        namespace=shown.namespace,
        revision_id=revision.revision_id if revision is not None else event.revision_id,
        modified=revision.timestamp if revision is not None else event.time,
        # What the wiki tells of the page may tell of a hidden text, too: its templates, its image.
        head=redact(head.SerializeToString(), hidden),
        body_html=body_fragment(html=html),
        body_wikitext=body_fragment(wikitext=text),
        structured=structured_fragment(contents),
        change=Change(previous_name=previous, redirect_target=target).SerializeToString(),
        redirect_target=target,
        redirect_entry=redirect_fragment(shown.title, project) if target else b"",
        event_type=_EVENT_TYPES[event.kind],
        hidden=hidden if event.kind is EventKind.VISIBILITY else Hidden(0),
        event_keys=event.keys,
        keeps_older=event.kind in _REVISIONS,
        brings_revision=_brings_revision(shown),
    )


def _head(shown: _Shown, contents: PageContents, news: NewsRule, diff: Diff | None) -> Article:
    event, facts, project = shown.event, shown.facts, shown.project
    article = identity(project, shown.page_id, shown.title, shown.namespace)
    article.event.CopyFrom(_event(shown))
    if (seen := visibility(**shown.visible._asdict())) is not None:
        article.visibility.CopyFrom(seen)
    if facts is None or facts.revision is None:
        article.date_modified.CopyFrom(timestamp(event.time // _SECOND * _SECOND))
        if event.kind is not EventKind.DELETE:
            article.version.identifier = event.revision_id
        return article
    add_facts(article, facts, shown.visible, project)
    article.license.extend(licenses(project))
    add_contents(article, contents)
    if diff is not None:
        article.version.diff.CopyFrom(diff)
    time = facts.revision.timestamp if event.kind in _REVISIONS else event.time
    titles = [template.name for template in article.templates]
    article.version.is_breaking_news = is_breaking_news(facts, time, titles, project, news)
    return article


def _event(shown: _Shown) -> Event:
    event, facts = shown.event, shown.facts
    revision_id = facts.revision.revision_id if facts is not None and facts.revision is not None else event.revision_id
    names = (shown.project.identifier, shown.page_id, revision_id, event.kind, event.time)
    return Event(identifier=event.identifier or event_identifier(*names), date_created=timestamp(event.time))


def _brings_revision(shown: _Shown) -> bool:
    """Whether the event made the revision: it names it, or that is of its time and has the text of the one before."""
    event, facts = shown.event, shown.facts
    if event.kind not in _MAKING or facts is None or facts.revision is None:
        return False
    if event.revision_id:
        return True
    before = facts.history[0] if facts.history else None
    is_without_change = before is not None and before.sha1 == facts.revision.sha1 != ""
    return is_without_change and facts.revision.timestamp == event.time


def _hidden(visible: Visible) -> Hidden:
    hidden = Hidden(0)
    for is_visible, part in zip(visible, (Hidden.TEXT, Hidden.EDITOR, Hidden.COMMENT), strict=True):
        if not is_visible:
            hidden |= part
    return hidden
