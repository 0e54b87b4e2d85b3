"""Makes what the store keeps out of what a dump tells: one revision in, one `ArticleWrite` out."""

from dataclasses import replace
from typing import Any

from wikifeed.v1.article_pb2 import Article, Event, Extraction, PreviousVersion
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.revision_pb2 import Editor, Revision, Size
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
from wikifeed_server.builder.reading import without_text
from wikifeed_server.builder.structured import structured_fragment
from wikifeed_server.content import DEFAULT_VOCABULARY, PageContents, Vocabulary, read_wikitext
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import PageRevision
from wikifeed_server.store import ArticleWrite

_TEXTS = ("title", "redirect_target", "editor_name", "comment", "text")


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
        contents = without_text(contents, target)
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


def storable_revision(revision: PageRevision) -> PageRevision:
    """The revision with all its texts storable."""
    texts = {name: getattr(revision, name) for name in _TEXTS}
    changed: dict[str, Any] = {name: clean for name, text in texts.items() if (clean := storable(text)) != text}
    return replace(revision, **changed) if changed else revision


def _head(
    revision: PageRevision, title: str, project: ProjectInfo, contents: PageContents, extraction: Extraction | None
) -> Article:
    time = timestamp(revision.timestamp)
    identifier = event_identifier(project.identifier, revision.page_id, revision.revision_id)
    article = identity(project, revision.page_id, title, revision.namespace)
    article.MergeFrom(
        Article(
            date_created=None if revision.parent_id else time,
            date_modified=time,
            version=_version(revision),
            previous_version=PreviousVersion(identifier=revision.parent_id) if revision.parent_id else None,
            license=licenses(project),
            visibility=visibility(
                text=revision.text_visible, editor=revision.editor_visible, comment=revision.comment_visible
            ),
            event=Event(identifier=identifier, date_created=time),
            extraction=extraction,
        )
    )
    add_contents(article, contents)
    return article


def _version(revision: PageRevision) -> Revision:
    editor = Editor(identifier=revision.editor_id, name=revision.editor_name, is_anonymous=revision.is_anonymous)
    return Revision(
        identifier=revision.revision_id,
        comment=revision.comment if revision.comment_visible else "",
        is_minor_edit=revision.is_minor,
        editor=editor if revision.editor_visible else None,
        number_of_characters=len(revision.text),
        size=Size(value=len(revision.text.encode()), unit_text="B") if revision.text_visible else None,
    )
