"""Pages as sources tell them, made up."""

from dataclasses import dataclass

from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources import PageRevision

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
