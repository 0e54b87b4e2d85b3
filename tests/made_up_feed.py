"""A store with a writer and made-up articles to put into it, for tests of what serves from a store."""

from collections.abc import Callable
from pathlib import Path

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import Change
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.store import ArticleWrite, EventType
from wikifeed_server.store.embedded import EmbeddedWriter
from wikifeed_server.store.embedded.retention import LogRetention

START = 1_700_000_000_000_000
SECOND = 1_000_000
PROJECTS = (
    ProjectInfo(
        "dewiki",
        name="Wikipedia",
        url="https://de.wikipedia.org",
        language="de",
        code="wiki",
        namespaces=(NamespaceInfo(0, ""), NamespaceInfo(1, "Diskussion"), NamespaceInfo(14, "Kategorie", "Category")),
    ),
    ProjectInfo(
        "enwiki",
        name="Wikipedia",
        url="https://en.wikipedia.org",
        language="en",
        code="wiki",
        namespaces=(
            NamespaceInfo(0, ""),
            NamespaceInfo(1, "Talk"),
            NamespaceInfo(4, "Wikipedia", "Project", ("WP",)),
            NamespaceInfo(14, "Category"),
        ),
    ),
    ProjectInfo("hewiktionary", name="Wiktionary", language="he", code="wiktionary", case="case-sensitive"),
)


class Feed:
    """Publishes articles. `time` is when they are published, microseconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self.time = START
        self._revision = 0
        self._writer = EmbeddedWriter.open(folder, clock=lambda: self.time)
        for project in PROJECTS:
            self._writer.put_project(project)
        self._folder = folder
        self.close = self._writer.close

    def trim(self, before_offset: int, compact: bool = False) -> None:
        """Let the log forget what is before an offset."""
        with LogRetention.open(self._folder) as retention:
            retention.drop_before(before_offset, compact)

    def publish(self, title: str, page_id: int = 0, text: str = "text", **values: object) -> int:
        """Store an article as its page's next revision; the offset of its change."""
        return self._put(self.write(title, page_id, text, **values))

    def publish_many(self, writes: list[ArticleWrite]) -> int:
        """Store articles in one commit; the offset of the last change."""
        return self._writer.put(writes).last_offset

    def redirect(self, title: str, target: str, page_id: int = 0) -> int:
        """Store a redirect page."""
        entry = Article(redirects=[{"name": title}]).SerializeToString()
        change = Change(redirect_target=target).SerializeToString()
        write = self.write(title, page_id, "", redirect_target=target, redirect_entry=entry, change=change)
        return self._put(write)

    def delete(self, title: str, page_id: int) -> int:
        """Store that a page was deleted."""
        return self._put(self.write(title, page_id, "", event_type=EventType.DELETE))

    def write(self, title: str, page_id: int = 0, text: str = "text", **values: object) -> ArticleWrite:
        """The next revision of an article, ready to be stored. Without a page id, that of a new page."""
        self._revision += 1
        page_id = page_id or 1000 + self._revision
        project = str(values.get("project", "enwiki"))
        namespace = int(str(values.get("namespace", 0)))
        head = Article(
            name=title,
            identifier=page_id,
            abstract=f"About {title}.",
            url=f"https://example.org/{title}",
            version={"identifier": self._revision, "comment": "made up", "editor": {"name": "Ada"}},
            namespace={"identifier": namespace},
            is_part_of={"identifier": project},
            categories=[{"name": "Category:Made up"}],
        )
        standard: dict[str, object] = {
            "project": project,
            "namespace": namespace,
            "revision_id": self._revision,
            "modified": START + self._revision * SECOND,
            "head": head.SerializeToString(),
            "body_wikitext": Article(article_body={"wikitext": text}).SerializeToString() if text else b"",
            "structured": Article(links=[{"url": "https://example.org"}]).SerializeToString() if text else b"",
        }
        make: Callable[..., ArticleWrite] = ArticleWrite
        return make(page_id=page_id, title=title, **(standard | values))

    def _put(self, write: ArticleWrite) -> int:
        return self._writer.put([write]).last_offset
