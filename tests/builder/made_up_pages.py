"""Pages as sources tell them, made up."""

from dataclasses import dataclass

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.builder.live import LivePage, build_live
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources import PageRevision
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.facts import EditorFacts, PageFacts, RevisionFacts

PROJECT = ProjectInfo(
    identifier="enwiki",
    name="Wikipedia",
    url="https://en.wikipedia.org",
    language="en",
    code="wiki",
    namespaces=(
        NamespaceInfo(0, ""),
        NamespaceInfo(6, "File"),
        NamespaceInfo(10, "Template"),
        NamespaceInfo(14, "Category"),
    ),
    license_name="Creative Commons Attribution-ShareAlike 4.0",
    license_identifier="CC-BY-SA-4.0",
    license_url="https://creativecommons.org/licenses/by-sa/4.0/",
)
FIRST = PageRevision(
    position=1,
    page_id=1,
    title="Ada Lovelace",
    namespace=0,
    redirect_target="",
    revision_id=10,
    parent_id=0,
    timestamp=1_600_000_000_000_000,
    editor_id=7,
    editor_name="Grace",
    is_anonymous=False,
    is_minor=False,
    comment="begin",
    model="wikitext",
    format="text/x-wiki",
    text="'''Ada Lovelace''' was a [[mathematician]].",
    text_visible=True,
    editor_visible=True,
    comment_visible=True,
)

TIME = 1_700_000_000_000_000
REVISED = TIME - 5_000_000
BASE = '<!DOCTYPE html><html><head><base href="https://en.wikipedia.org/wiki/"/></head><body>'


def live_page(kind=EventKind.EDIT, number=1, *, event=(), facts=(), revision=(), project=PROJECT):
    """A live page whose event, facts and revision have some fields of their own; `revision=None`: it is gone."""
    told = None
    if revision is not None:
        fields = {"parent_id": number * 10 - 1, "editor": EditorFacts(7, "Grace"), "sha1": "a" * 40}
        fields |= {"text": "'''Ada''' counts.", **dict(revision)}
        told = RevisionFacts(number * 10, timestamp=REVISED, **fields)
    happened = {"title": f"Page {number}", "revision_id": number * 10, **dict(event)}
    known = {"title": f"Page {number}", "revision": told, **dict(facts)}
    return LivePage(PageEvent(kind, "enwiki", number, 0, time=TIME, **happened), PageFacts(number, 0, **known), project)


def html_page(*sections: str) -> str:
    """A page as Parsoid renders it, of these sections' contents."""
    return BASE + "".join(f"<section>{section}</section>" for section in sections) + "</body></html>"


@dataclass
class ListSource:
    """A source of pages that are there already. `failure` is raised behind them."""

    pages: list
    identity: str = "list:1"
    description: str = "a list"
    failure: Exception | None = None
    told: ProjectInfo | None = PROJECT

    def project(self):
        return self.told

    def read(self, skip=0):
        yield from (page for page in self.pages if page.position > skip)
        if self.failure is not None:
            raise self.failure

    def progress(self):
        return 0, 0


def built(*arguments, **fields):
    """What is stored of a live page, and its article."""
    write = build_live(live_page(*arguments, **fields))
    return write, article_of(write)


def article_of(write):
    """The whole article of a write."""
    return Article.FromString(write.head + write.body_html + write.body_wikitext + write.structured)
