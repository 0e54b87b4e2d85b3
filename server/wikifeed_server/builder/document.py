"""Makes what the store keeps out of an article in Enterprise's JSON; what that lacks is read off its text."""

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed_server.builder.head import add_contents, body_fragment, event_identifier, storable
from wikifeed_server.builder.reading import read_page
from wikifeed_server.builder.structured import structured_article
from wikifeed_server.content import DEFAULT_VOCABULARY, PageContents, Vocabulary
from wikifeed_server.contract.fragments import STRUCTURED_FIELDS
from wikifeed_server.contract.json import article_from_json
from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import CASE_SENSITIVE, FIRST_LETTER, NamespaceInfo, ProjectInfo
from wikifeed_server.sources import ArticleDocument
from wikifeed_server.sources.wikimedia import canonical_namespaces, code_of
from wikifeed_server.store import ArticleWrite, EventType

_EVENT_TYPES = {"delete": EventType.DELETE, "visibility-change": EventType.VISIBILITY_CHANGE}
_FILE, _TEMPLATE, _CATEGORY = 6, 10, 14
_FILE_LINK = re.compile(
    r"\[\[([^\[\]|:\n]{1,64}):[^\[\]|\n]{1,255}\.(?i:jpe?g|png|svg|gif|tiff?|webp|og[gv]|webm)\s*[|\]]"
)


def build_document(
    document: ArticleDocument, vocabulary: Vocabulary = DEFAULT_VOCABULARY
) -> tuple[ArticleWrite, ProjectInfo]:
    """The article, ready to be stored, and what it tells of its project.

    Neither time nor memory is bounded here. Raises WikitextError where the parser fails, and SourceCorruptError, which
    says the document and the field, where the document is no article.
    """
    article = _read(document)
    project = project_of(article)
    body = article.article_body
    # Beside HTML, wikitext is read for the maintenance tags alone.
    wikitext = "" if body.html and article.version.HasField("maintenance_tags") else body.wikitext
    return _write(article, project, read_page(body.html, wikitext, project, article.name, vocabulary)), project


def mark_document(
    document: ArticleDocument, state: "Extraction.State.ValueType", detail: str
) -> tuple[ArticleWrite, ProjectInfo]:
    """The article as the document has it, and the remark why its wikitext was not read.

    Raises SourceCorruptError as `build_document` does.
    """
    article = _read(document)
    project = project_of(article)
    return _write(article, project, PageContents(), Extraction(state=state, detail=detail)), project


def project_of(article: Article) -> ProjectInfo:
    """What an article tells of its project: address, language, licence, and the names of some namespaces."""
    part = article.is_part_of
    address = urlsplit(article.url)
    language = part.in_language.identifier or article.in_language.identifier
    wikitext = article.article_body.wikitext
    names = {
        _FILE: _file_prefix(wikitext),
        _TEMPLATE: _template_prefix([template.name for template in article.templates], wikitext),
        _CATEGORY: _category_prefix([category.name for category in article.categories]),
    }
    if article.namespace.identifier:
        names[article.namespace.identifier] = article.name.partition(":")[0]
    code = part.code or code_of(part.identifier)
    # A document does not tell the rule for titles' first letters; Wiktionaries alone have another.
    case = CASE_SENSITIVE if code == "wiktionary" else FIRST_LETTER
    namespaces = [
        replace(namespace, name=names.get(namespace.identifier) or namespace.name)
        for namespace in canonical_namespaces(part.name, case)
    ]
    standard = {namespace.identifier for namespace in namespaces}
    namespaces += [NamespaceInfo(number, name) for number, name in names.items() if number not in standard]
    project = ProjectInfo(
        identifier=part.identifier,
        name=part.name,
        url=part.url or (f"{address.scheme}://{address.netloc}" if address.netloc else ""),
        language=language,
        code=code,
        case=case,
        namespaces=tuple(namespaces),
    )
    for license_ in article.license[:1]:
        return replace(
            project,
            license_name=license_.name,
            license_identifier=license_.identifier,
            license_url=license_.url,
        )
    return project


def merged_project(known: ProjectInfo | None, told: ProjectInfo) -> ProjectInfo:
    """What is known of a project with what a source tells of it: what is known stays, what is not is added."""
    if known is None:
        return told
    namespaces = {namespace.identifier: namespace for namespace in told.namespaces}
    for namespace in known.namespaces:
        other = namespaces.get(namespace.identifier)
        # An English name may just mean that its name in the wiki's language was not told.
        if other is None or namespace.name != namespace.canonical or other.name == other.canonical:
            namespaces[namespace.identifier] = namespace
    return replace(
        known,
        name=known.name or told.name,
        url=known.url or told.url,
        language=known.language or told.language,
        code=known.code or told.code,
        license_name=known.license_name or told.license_name,
        license_identifier=known.license_identifier or told.license_identifier,
        license_url=known.license_url or told.license_url,
        namespaces=tuple(namespaces[identifier] for identifier in sorted(namespaces)),
    )


def _read(document: ArticleDocument) -> Article:
    try:
        article = article_from_json(document.data)
    except ValueError as error:
        raise SourceCorruptError(f"{document.where}: {error}") from error
    article.name = storable(article.name)
    required = {
        "name": article.name,
        "identifier": article.identifier > 0,
        "is_part_of.identifier": article.is_part_of.identifier,
        "version.identifier": article.version.identifier > 0 or article.event.type == "delete",
        "date_modified": article.HasField("date_modified") or article.event.type == "delete",
    }
    missing = [name for name, is_there in required.items() if not is_there]
    if missing:
        raise SourceCorruptError(
            f"{document.where}: no article, it lacks {' and '.join(missing)}; files hold one Enterprise article a line"
        )
    return article


def _write(
    article: Article, project: ProjectInfo, contents: PageContents, extraction: Extraction | None = None
) -> ArticleWrite:
    body_html = body_fragment(html=article.article_body.html)
    body_wikitext = body_fragment(wikitext=article.article_body.wikitext)
    article.ClearField("article_body")
    title = project.normalize_title(article.name) or article.name
    add_contents(article, contents)
    lacking = {name for name in STRUCTURED_FIELDS if not getattr(article, name)}
    article.MergeFrom(structured_article(contents, lacking))
    if extraction is not None:
        article.extraction.CopyFrom(extraction)
    event_type = _EVENT_TYPES.get(article.event.type, EventType.AUTO)
    _stamp(article, title, project)
    structured = _split_structured(article)
    modified = article.date_modified if article.HasField("date_modified") else article.event.date_created
    return ArticleWrite(
        project=project.identifier,
        page_id=article.identifier,
        title=title,
        namespace=article.namespace.identifier,
        revision_id=article.version.identifier,
        modified=_microseconds(modified),
        head=article.SerializeToString(),
        body_html=body_html,
        body_wikitext=body_wikitext,
        structured=structured,
        event_type=event_type,
    )


def _stamp(article: Article, title: str, project: ProjectInfo) -> None:
    """Bring into the contract's form what sources write differently; leave out what the store says itself."""
    article.name = title
    article.url = article.url or project.page_url(title)
    article.is_part_of.url = project.url
    # Older documents call the main namespace "Article", and name no namespace's name otherwise.
    article.namespace.name = project.namespace(article.namespace.identifier).name
    for field in ("type", "offset", "partition", "date_published"):
        article.event.ClearField(field)
    if not article.event.identifier:
        article.event.identifier = event_identifier(project.identifier, article.identifier, article.version.identifier)
    if not article.event.HasField("date_created"):
        article.event.date_created.CopyFrom(article.date_modified)


def _split_structured(article: Message) -> bytes:
    """Move the fields of the structured fragment out of an Article; the fragment."""
    structured = Article(**{name: getattr(article, name) for name in STRUCTURED_FIELDS})
    for name in STRUCTURED_FIELDS:
        article.ClearField(name)
    return structured.SerializeToString()


def _category_prefix(titles: list[str]) -> str:
    """The namespace's name that categories begin with; empty without any."""
    return next((title.partition(":")[0] for title in titles if ":" in title), "")


def _template_prefix(titles: list[str], wikitext: str) -> str:
    """The namespace's name that a template begins with which the text calls; modules and pages are listed too."""
    for title in titles:
        prefix, colon, name = title.partition(":")
        if colon and f"{{{{{name}" in wikitext:
            return prefix
    return ""


def _file_prefix(wikitext: str) -> str:
    """The namespace's name that most links to files bear; empty where that is an English one, or there is none."""
    prefixes = Counter(match[1].strip().capitalize() for match in _FILE_LINK.finditer(wikitext))
    for name in ("File", "Image"):
        del prefixes[name]
    return prefixes.most_common(1)[0][0] if prefixes else ""


def _microseconds(time: Timestamp) -> int:
    return time.seconds * 1_000_000 + time.nanos // 1000
