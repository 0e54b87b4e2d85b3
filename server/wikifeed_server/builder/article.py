"""Makes what the store keeps out of what a dump tells: one revision in, one `ArticleWrite` out."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import (
    Article,
    ArticleBody,
    Category,
    Event,
    Extraction,
    License,
    PreviousVersion,
    Redirect,
    Template,
    Visibility,
)
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.project_pb2 import Language, Namespace, Project
from wikifeed.v1.revision_pb2 import Editor, MaintenanceTags, Revision, Size
from wikifeed_server.builder.structured import structured_fragment
from wikifeed_server.content import DEFAULT_VOCABULARY, PageContents, Vocabulary, read_wikitext
from wikifeed_server.content.structure import MaintenanceCounts
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import PageRevision
from wikifeed_server.store import ArticleWrite

WIKITEXT = "wikitext"
# Fixed, so that one revision has one event identifier wherever and however often it is imported.
_EVENTS = UUID("6f1de7a4-3f0c-5a55-9d3c-0f6c6b3b8f5e")
_TEXTS = ("title", "redirect_target", "editor_name", "comment", "text")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def build_revision(
    revision: PageRevision, project: ProjectInfo, vocabulary: Vocabulary = DEFAULT_VOCABULARY
) -> ArticleWrite:
    """The revision with all that its wikitext tells; text of another model is kept and not read.

    Neither time nor memory is bounded here. Raises WikitextError where the parser fails.
    """
    revision = storable_revision(revision)
    if revision.model not in ("", WIKITEXT) or not revision.text:
        return write_of(revision, project, PageContents())
    return write_of(revision, project, read_wikitext(revision.text, project, revision.title, vocabulary))


def mark_revision(
    revision: PageRevision, project: ProjectInfo, state: "Extraction.State.ValueType", detail: str
) -> ArticleWrite:
    """The revision with its raw text, and the remark why nothing more is known of it."""
    return write_of(storable_revision(revision), project, PageContents(), Extraction(state=state, detail=detail))


def write_of(
    revision: PageRevision, project: ProjectInfo, contents: PageContents, extraction: Extraction | None = None
) -> ArticleWrite:
    """A storable revision and what is known of its page, ready to be stored."""
    title = project.normalize_title(revision.title) or revision.title
    target = project.normalize_title(revision.redirect_target) or contents.redirect_target
    if target:
        # The markup of a redirect in words that only the wiki knows is no text.
        contents = replace(contents, abstract="", sections=[], text="", redirect_target=target)
    return ArticleWrite(
        project=project.identifier,
        page_id=revision.page_id,
        title=title,
        namespace=revision.namespace,
        revision_id=revision.revision_id,
        modified=revision.timestamp,
        head=_head(revision, title, project, contents, extraction).SerializeToString(),
        body_wikitext=body_fragment(wikitext=revision.text),
        structured=structured_fragment(contents),
        change=Change(redirect_target=target).SerializeToString(),
        redirect_target=target,
        redirect_entry=redirect_fragment(title, project) if target else b"",
    )


def body_fragment(*, html: str = "", wikitext: str = "") -> bytes:
    """The fragment of one body; empty where there is none."""
    if not html and not wikitext:
        return b""
    return Article(article_body=ArticleBody(html=html, wikitext=wikitext)).SerializeToString()


def redirect_fragment(title: str, project: ProjectInfo) -> bytes:
    """The fragment that lists the redirect page `title` on its target."""
    return Article(redirects=[Redirect(name=title, url=project.page_url(title))]).SerializeToString()


def event_identifier(project: str, page_id: int, revision_id: int) -> str:
    """The UUID of the event that brought a revision, for sources that name none."""
    return str(uuid5(_EVENTS, f"{project}/{page_id}/{revision_id}"))


def maintenance_tags(counts: MaintenanceCounts) -> MaintenanceTags:
    """The counts as the contract has them."""
    return MaintenanceTags(
        citation_needed_count=counts.citation_needed,
        pov_count=counts.pov,
        clarification_needed_count=counts.clarification_needed,
        update_count=counts.update,
    )


def storable(text: str) -> str:
    """`text` without what UTF-8 or a database cannot hold: U+FFFD stands for a lone surrogate or a NUL."""
    try:
        text.encode()  # many times faster than the search, and nearly always right
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", text)
    return text.replace("\0", "\ufffd")


def storable_revision(revision: PageRevision) -> PageRevision:
    """The revision with all its texts storable."""
    texts = {name: getattr(revision, name) for name in _TEXTS}
    changed: dict[str, Any] = {name: clean for name, text in texts.items() if (clean := storable(text)) != text}
    return replace(revision, **changed) if changed else revision


def timestamp(microseconds: int) -> Timestamp:
    """A time in microseconds since 1970, UTC, as protobuf's."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def _head(
    revision: PageRevision, title: str, project: ProjectInfo, contents: PageContents, extraction: Extraction | None
) -> Article:
    time = timestamp(revision.timestamp)
    hides = not (revision.text_visible and revision.editor_visible and revision.comment_visible)
    return Article(
        name=title,
        identifier=revision.page_id,
        abstract=contents.abstract,
        description=contents.description,
        date_created=None if revision.parent_id else time,
        date_modified=time,
        version=_version(revision, contents),
        previous_version=PreviousVersion(identifier=revision.parent_id) if revision.parent_id else None,
        url=project.page_url(title),
        namespace=Namespace(name=project.namespace(revision.namespace).name, identifier=revision.namespace),
        in_language=Language(identifier=project.language) if project.language else None,
        categories=[Category(**category) for category in contents.categories],
        templates=[Template(**template) for template in contents.templates],
        is_part_of=Project(identifier=project.identifier, name=project.name, url=project.url),
        license=_license(project),
        visibility=Visibility(
            text=revision.text_visible, editor=revision.editor_visible, comment=revision.comment_visible
        )
        if hides
        else None,
        event=Event(
            identifier=event_identifier(project.identifier, revision.page_id, revision.revision_id), date_created=time
        ),
        extraction=extraction,
    )


def _version(revision: PageRevision, contents: PageContents) -> Revision:
    editor = Editor(identifier=revision.editor_id, name=revision.editor_name, is_anonymous=revision.is_anonymous)
    return Revision(
        identifier=revision.revision_id,
        comment=revision.comment if revision.comment_visible else "",
        is_minor_edit=revision.is_minor,
        has_tag_needs_citation=contents.maintenance.citation_needed > 0,
        editor=editor if revision.editor_visible else None,
        number_of_characters=len(revision.text),
        size=Size(value=len(revision.text.encode()), unit_text="B") if revision.text_visible else None,
        maintenance_tags=maintenance_tags(contents.maintenance) if any_of(contents.maintenance) else None,
    )


def any_of(counts: MaintenanceCounts) -> bool:
    """Whether a page asks for any repair."""
    return counts != MaintenanceCounts()


def _license(project: ProjectInfo) -> list[License]:
    if not (project.license_name or project.license_identifier or project.license_url):
        return []
    return [License(name=project.license_name, identifier=project.license_identifier, url=project.license_url)]
