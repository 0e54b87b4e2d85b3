"""What a store has to do, in the plainest way: a list of all versions, everything else derived from it each time."""

from dataclasses import dataclass, field

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import ArticleWrite, EventType, LogFilter, PageState, PutResult
from wikifeed_server.store.framing import page_hash

LANGUAGES = {"dewiki": "de", "enwiki": "en"}


def write(
    page_id: int,
    title: str,
    revision_id: int,
    modified: int = 0,
    *,
    project: str = "enwiki",
    namespace: int = 0,
    target: str = "",
    event: EventType = EventType.AUTO,
) -> ArticleWrite:
    """A write with fragments that tell which revision they belong to."""
    head = Article(name=title, identifier=page_id, version={"identifier": revision_id})
    return ArticleWrite(
        project=project,
        page_id=page_id,
        title=title,
        namespace=namespace,
        revision_id=revision_id,
        modified=modified or revision_id,
        head=head.SerializeToString(),
        body_html=Article(article_body={"html": f"<p>{revision_id}</p>" * 40}).SerializeToString(),
        body_wikitext=Article(article_body={"wikitext": f"{revision_id} "}).SerializeToString(),
        structured=Article(links=[{"text": str(revision_id)}]).SerializeToString(),
        redirect_target=target,
        redirect_entry=Article(redirects=[{"name": title}]).SerializeToString() if target else b"",
        event_type=event,
    )


@dataclass(frozen=True)
class Version:
    """An entry of the log. `newest`: it became the page's state."""

    offset: int
    write: ArticleWrite
    event_type: EventType
    state: PageState
    newest: bool

    @property
    def page(self) -> tuple[str, int]:
        return self.write.project, self.write.page_id

    @property
    def target(self) -> str:
        return self.write.redirect_target if self.state == PageState.REDIRECT else ""


@dataclass
class Model:
    versions: list[Version] = field(default_factory=list)
    titles: dict[tuple[str, str], int] = field(default_factory=dict)

    def put(self, writes: list[ArticleWrite]) -> PutResult:
        before = len(self.versions)
        verdicts = [self._put(write) for write in writes]
        first, last = (before + 1, len(self.versions)) if len(self.versions) > before else (0, 0)
        return PutResult(first, last, verdicts.count("written"), verdicts.count("known"), verdicts.count("older"))

    def newest(self, project: str, page_id: int, as_of: int) -> Version | None:
        """The page's state as of an offset."""
        found = [v for v in self.versions[:as_of] if v.page == (project, page_id) and v.newest]
        return found[-1] if found else None

    def revision(self, project: str, page_id: int, revision_id: int) -> Version | None:
        found = [v for v in self.versions if v.page == (project, page_id) and v.write.revision_id == revision_id]
        return found[-1] if found else None

    def live(self, project: str, namespaces: tuple[int, ...], as_of: int) -> list[Version]:
        """All live articles as of an offset, by page id."""
        states = [self.newest(*page, as_of) for page in sorted({v.page for v in self.versions}) if page[0] == project]
        return [v for v in states if v and v.state == PageState.LIVE and v.write.namespace in namespaces]

    def redirects(self, project: str, title: str, as_of: int) -> list[str]:
        """The names of the redirect pages that lead to the title as of an offset."""
        states = [self.newest(*page, as_of) for page in {v.page for v in self.versions} if page[0] == project]
        return [v.write.title for v in states if v and v.target == title and not self._lost_title(v, as_of)]

    def article(self, version: Version, as_of: int) -> Article:
        """The whole article of a version, with the redirects as of an offset in the order of their names."""
        article = Article.FromString(version.write.head)
        if version.state == PageState.LIVE:
            written = version.write
            article.MergeFromString(written.body_html + written.body_wikitext + written.structured)
            for name in sorted(self.redirects(written.project, written.title, as_of)):
                article.redirects.add(name=name)
        return article

    def passing(self, filter_: LogFilter) -> list[Version]:
        return [version for version in self.versions if _passes(version, filter_)]

    def _lost_title(self, version: Version, as_of: int) -> bool:
        """Whether another page took the version's title between it and an offset."""
        return any(
            later.newest
            and later.state != PageState.DELETED
            and (later.write.project, later.write.title) == (version.write.project, version.write.title)
            and later.page != version.page
            for later in self.versions[version.offset : as_of]
        )

    def _put(self, write: ArticleWrite) -> str:
        history = [v for v in self.versions if v.page == (write.project, write.page_id)]
        current = self.newest(write.project, write.page_id, len(self.versions))
        deleted = current is not None and current.state == PageState.DELETED
        older = bool(history) and _key(write) < max(_key(v.write) for v in history if v.newest)
        undeletion = deleted and write.event_type == EventType.CREATE
        if write.event_type == EventType.DELETE:
            if deleted:
                return "known"
        elif write.event_type != EventType.VISIBILITY_CHANGE and not undeletion:
            if any(v.write.revision_id == write.revision_id for v in history):
                return "known"
            if older:
                return "older"
        event_type = write.event_type
        if event_type == EventType.AUTO:
            event_type = EventType.CREATE if current is None or deleted else EventType.UPDATE
        aside = event_type == EventType.VISIBILITY_CHANGE and (deleted or older)
        version = Version(len(self.versions) + 1, write, event_type, _state(write), newest=not aside)
        if version.newest:
            self._name(version, current)
        self.versions.append(version)
        return "written"

    def _name(self, version: Version, before: Version | None) -> None:
        project, page_id = version.page
        if before is not None and before.write.title != version.write.title:
            old = (project, before.write.title)
            if self.titles.get(old) == page_id:
                del self.titles[old]
        name = (project, version.write.title)
        if version.state == PageState.DELETED:
            self.titles.setdefault(name, page_id)
        else:
            self.titles[name] = page_id


def by_name(article: Article) -> Article:
    """The article with its redirects in the order of their names: a store may list them in any order."""
    names = sorted(redirect.name for redirect in article.redirects)
    del article.redirects[:]
    for name in names:
        article.redirects.add(name=name)
    return article


def without_event(article: Article) -> Article:
    """The article without the stamp that the log put on it."""
    article.ClearField("event")
    return by_name(article)


def _key(write: ArticleWrite) -> tuple[int, int]:
    return write.modified, write.revision_id


def _state(write: ArticleWrite) -> PageState:
    if write.event_type == EventType.DELETE:
        return PageState.DELETED
    return PageState.REDIRECT if write.redirect_target else PageState.LIVE


def _passes(version: Version, filter_: LogFilter) -> bool:
    project, page_id = version.page
    index, count = filter_.share or (0, 1)
    return (
        (not filter_.projects or project in filter_.projects)
        and (not filter_.languages or LANGUAGES[project] in filter_.languages)
        and (not filter_.namespaces or version.write.namespace in filter_.namespaces)
        and (not filter_.event_types or version.event_type in filter_.event_types)
        and (not filter_.page_ids or page_id in filter_.page_ids)
        and page_hash(project, page_id) % count == index
    )
