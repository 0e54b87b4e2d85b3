"""What the articles of all sources have in common: identity, bodies, what was read in the text, and texts as stored."""

import re
from uuid import UUID, uuid5

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import Article, ArticleBody, Category, License, Redirect, Template, Visibility
from wikifeed.v1.media_pb2 import Image
from wikifeed.v1.project_pb2 import Language, Namespace, Project
from wikifeed.v1.revision_pb2 import MaintenanceTags
from wikifeed_server.content import PageContents
from wikifeed_server.content.structure import MaintenanceCounts
from wikifeed_server.projects import ProjectInfo

WIKITEXT = "wikitext"
# Fixed, so that one event has one identifier wherever and however often it is read.
_EVENTS = UUID("6f1de7a4-3f0c-5a55-9d3c-0f6c6b3b8f5e")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def identity(project: ProjectInfo, page_id: int, title: str, namespace: int) -> Article:
    """An article of nothing but which page it is. `title` is normalized."""
    return Article(
        name=title,
        identifier=page_id,
        url=project.page_url(title),
        namespace=Namespace(name=project.namespace(namespace).name, identifier=namespace),
        in_language=Language(identifier=project.language) if project.language else None,
        is_part_of=Project(identifier=project.identifier, name=project.name, url=project.url),
    )


def add_contents(article: Article, contents: PageContents) -> None:
    """Fill in what the text tells and nothing else has told, but for the structured parts."""
    article.abstract = article.abstract or contents.abstract
    article.description = article.description or contents.description
    if contents.image and not article.HasField("image"):
        article.image.CopyFrom(Image(**contents.image))
    if not article.categories:
        article.categories.extend(Category(**category) for category in contents.categories)
    if not article.templates:
        article.templates.extend(Template(**template) for template in contents.templates)
    if not article.version.HasField("maintenance_tags") and contents.maintenance != MaintenanceCounts():
        article.version.maintenance_tags.CopyFrom(_maintenance_tags(contents.maintenance))
        article.version.has_tag_needs_citation |= contents.maintenance.citation_needed > 0


def licenses(project: ProjectInfo) -> list[License]:
    """The project's licence; empty where it is unknown."""
    if not (project.license_name or project.license_identifier or project.license_url):
        return []
    return [License(name=project.license_name, identifier=project.license_identifier, url=project.license_url)]


def visibility(*, text: bool, editor: bool, comment: bool) -> Visibility | None:
    """Which parts of a revision are visible; None where all are."""
    return None if text and editor and comment else Visibility(text=text, editor=editor, comment=comment)


def body_fragment(*, html: str = "", wikitext: str = "") -> bytes:
    """The fragment of one body; empty where there is none."""
    if not html and not wikitext:
        return b""
    return Article(article_body=ArticleBody(html=html, wikitext=wikitext)).SerializeToString()


def redirect_fragment(title: str, project: ProjectInfo) -> bytes:
    """The fragment that lists the redirect page `title` on its target."""
    return Article(redirects=[Redirect(name=title, url=project.page_url(title))]).SerializeToString()


def event_identifier(*names: str | int) -> str:
    """The UUID of an event, for sources that give it none, made of what names it."""
    return str(uuid5(_EVENTS, "/".join(map(str, names))))


def storable(text: str) -> str:
    """`text` without what UTF-8 or a database cannot hold: U+FFFD stands for a lone surrogate or a NUL."""
    try:
        text.encode()  # many times faster than the search, and nearly always right
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("\ufffd", text)
    return text.replace("\0", "\ufffd")


def timestamp(microseconds: int) -> Timestamp:
    """A time in microseconds since 1970, UTC, as protobuf's."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def _maintenance_tags(counts: MaintenanceCounts) -> MaintenanceTags:
    return MaintenanceTags(
        citation_needed_count=counts.citation_needed,
        pov_count=counts.pov,
        clarification_needed_count=counts.clarification_needed,
        update_count=counts.update,
    )
