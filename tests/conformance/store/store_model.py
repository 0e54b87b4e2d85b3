"""What a store has to do, in the plainest way: a list of all versions, everything else derived from it each time."""

from dataclasses import dataclass, field, replace

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import SLOTS, ArticleWrite, EventType, Hidden, LogFilter, PageState, PutResult
from wikifeed_server.store.framing import PARTITIONS, page_hash

LANGUAGES = {"dewiki": "de", "enwiki": "en"}
NOTHING = Hidden(0)


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
    hidden: Hidden = NOTHING,
    keys: tuple[str, ...] = (),
    keeps_older: bool = False,
) -> ArticleWrite:
    """A write with fragments that tell which revision they belong to."""
    told = {"comment": f"Edit {revision_id}", "editor": {"name": f"User {revision_id}"}, "sha1": f"{revision_id:040x}"}
    head = Article(
        name=title, identifier=page_id, abstract=f"Text {revision_id}", version={"identifier": revision_id, **told}
    )
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
        hidden=hidden,
        event_keys=keys,
        keeps_older=keeps_older,
    )


@dataclass(frozen=True)
class Version:
    """An entry of the log. `newest`: it became the page's state. `is_edit`: an edit or creation brought it."""

    offset: int
    write: ArticleWrite
    event_type: EventType
    state: PageState
    newest: bool
    is_edit: bool

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
    keys: set[tuple[str, str]] = field(default_factory=set)
    hidden: dict[tuple[str, int, int], Hidden] = field(default_factory=dict)
    oldest: int = 1
    is_compacted: bool = False

    def put(self, writes: list[ArticleWrite]) -> PutResult:
        before = len(self.versions)
        verdicts = [self._put(write) for write in writes]
        written = len(self.versions) - before
        first, last = (before + 1, len(self.versions)) if written else (0, 0)
        return PutResult(first, last, written, verdicts.count("known"), verdicts.count("older"))

    def trim(self, before_offset: int, compact: bool) -> None:
        """Let the log forget what is before an offset."""
        self.oldest = max(self.oldest, min(before_offset, len(self.versions)))
        self.is_compacted = compact

    def is_kept(self, version: Version) -> bool:
        """Whether the version is of the time that the log keeps, or the state of its page at the beginning of it."""
        return version.offset >= self.oldest or version == self.newest(*version.page, self.oldest - 1)

    def newest(self, project: str, page_id: int, as_of: int) -> Version | None:
        """The page's state as of an offset."""
        found = [v for v in self.versions[:as_of] if v.page == (project, page_id) and v.newest]
        return found[-1] if found else None

    def revision(self, project: str, page_id: int, revision_id: int) -> Version | None:
        """What answers for a revision: no deletion that the page outlived."""
        kept = filter(self.is_kept, self.of_revision(project, page_id, revision_id))
        found = [v for v in kept if v.newest or v.state != PageState.DELETED]
        return found[-1] if found else None

    def of_revision(self, project: str, page_id: int, revision_id: int) -> list[Version]:
        """All versions of a revision."""
        return [v for v in self.history(project, page_id) if v.write.revision_id == revision_id]

    def history(self, project: str, page_id: int) -> list[Version]:
        """All versions of a page that there ever were."""
        return [v for v in self.versions if v.page == (project, page_id)]

    def kept_history(self, project: str, page_id: int) -> list[Version]:
        """The versions of a page that are still there."""
        return list(filter(self.is_kept, self.history(project, page_id)))

    def live(self, project: str, namespaces: tuple[int, ...], as_of: int) -> list[Version]:
        """All live articles as of an offset, by page id."""
        states = [self.newest(*page, as_of) for page in sorted({v.page for v in self.versions}) if page[0] == project]
        return [v for v in states if v and v.state == PageState.LIVE and v.write.namespace in namespaces]

    def redirects(self, project: str, title: str, as_of: int) -> list[str]:
        """The names of the redirect pages that lead to the title as of an offset, or of the oldest time kept."""
        as_of = max(as_of, self.oldest - 1)
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
        """The changes of the log that pass."""
        is_kept = self.is_kept if filter_.compacted and self.is_compacted else lambda v: v.offset >= self.oldest
        return [version for version in filter(is_kept, self.versions) if _passes(version, filter_)]

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
        keys = {(write.project, key) for key in write.event_keys}
        was_told = bool(keys & self.keys)
        self.keys |= set() if was_told else keys
        verdict = "known" if was_told else self._judge(write)
        if verdict in ("state", "aside"):
            self._append(write, verdict)
        return verdict

    def _judge(self, write: ArticleWrite) -> str:
        history = self.history(write.project, write.page_id)
        if not history:
            return "state"
        same = self.of_revision(write.project, write.page_id, write.revision_id)
        states = [v for v in history if v.newest]
        is_deleted, latest = states[-1].state == PageState.DELETED, max(_key(v.write) for v in states)
        if write.event_type == EventType.AUTO:
            if any(v.is_edit for v in same) if write.keeps_older else same:
                return "known"
            is_late = write.modified <= latest[0] if is_deleted else _key(write) <= latest
            return ("aside" if write.keeps_older else "older") if is_late else "state"
        if is_deleted:
            return {EventType.CREATE: "state", EventType.DELETE: "known"}.get(write.event_type, "aside")
        if write.event_type == EventType.DELETE:
            return "state" if write.modified >= latest[0] else "aside"
        if write.event_type == EventType.CREATE and same and _key(write) <= _key(states[-1].write):
            return "known"
        return "state" if _tells_of_state(write, states[-1].write) else "aside"

    def _append(self, write: ArticleWrite, verdict: str) -> None:
        current = self.newest(write.project, write.page_id, len(self.versions))
        event_type = write.event_type
        is_edit = event_type == EventType.AUTO or write.brings_revision
        if event_type in (EventType.AUTO, EventType.UPDATE):
            is_created = current is None or (current.state == PageState.DELETED and verdict == "state")
            event_type = EventType.CREATE if is_created else EventType.UPDATE
        revision = (write.project, write.page_id, write.revision_id)
        if event_type == EventType.VISIBILITY_CHANGE:
            self.hidden[revision] = write.hidden
            for v in self.of_revision(*revision):
                self.versions[v.offset - 1] = replace(v, write=_redacted(v.write, write.hidden))
        write = _redacted(write, self.hidden.get(revision, NOTHING))
        offset = len(self.versions) + 1
        version = Version(offset, write, event_type, _state(write, event_type), verdict == "state", is_edit)
        if version.newest:
            self._name(version, current)
        self.versions.append(version)

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


def _tells_of_state(write: ArticleWrite, state: ArticleWrite) -> bool:
    """Whether a move, other facts or a hiding is of a live page's state, or of what came after it."""
    if write.revision_id == state.revision_id:
        return True
    is_newer = _key(write) > _key(state)
    return is_newer and (write.event_type != EventType.VISIBILITY_CHANGE or write.revision_id > state.revision_id)


def _state(write: ArticleWrite, event_type: EventType) -> PageState:
    if event_type == EventType.DELETE:
        return PageState.DELETED
    return PageState.REDIRECT if write.redirect_target else PageState.LIVE


def _redacted(write: ArticleWrite, hidden: Hidden) -> ArticleWrite:
    """The write without what is hidden, as far as `write` fills it in."""
    if not hidden:
        return write
    head = Article.FromString(write.head)
    shown = head.visibility
    if not head.HasField("visibility"):
        shown.text = shown.editor = shown.comment = True
    if Hidden.EDITOR in hidden:
        shown.editor = False
        head.version.ClearField("editor")
    if Hidden.COMMENT in hidden:
        shown.comment = False
        head.version.ClearField("comment")
    if Hidden.TEXT in hidden:
        shown.text = False
        head.ClearField("abstract")
        head.version.ClearField("sha1")
        write = replace(write, body_html=b"", body_wikitext=b"", structured=b"")
    return replace(write, head=head.SerializeToString())


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
        and (not filter_.slots or page_hash(project, page_id) % SLOTS in filter_.slots)
        and (not filter_.partitions or page_hash(project, page_id) % PARTITIONS in filter_.partitions)
    )
