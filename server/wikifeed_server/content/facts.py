"""What a reader can tell of a page, whatever it read."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wikifeed_server.projects import ProjectInfo


class PageLink(NamedTuple):
    """A link to a page of the same project: its normalized title, and what the page shows for it at first."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class MaintenanceCounts:
    """How often a page asks for its own repair."""

    citation_needed: int = 0
    pov: int = 0
    clarification_needed: int = 0
    update: int = 0


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page. Titles are normalized and have their namespace's prefix; each comes once, in page order.

    `redirect_target` is empty where the page is no redirect; `images` are the files that the page names by links.
    """

    abstract: str = ""
    description: str = ""
    redirect_target: str = ""
    categories: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    links: tuple[PageLink, ...] = ()
    images: tuple[str, ...] = ()
    maintenance: MaintenanceCounts = field(default_factory=MaintenanceCounts)

    def as_object(self, project: ProjectInfo) -> dict[str, Any]:
        """The facts as one JSON object, shaped as in the contract's Article where it has them; empty ones absent."""
        maintenance = {
            "citation_needed_count": self.maintenance.citation_needed,
            "pov_count": self.maintenance.pov,
            "clarification_needed_count": self.maintenance.clarification_needed,
            "update_count": self.maintenance.update,
        }
        found = {
            "abstract": self.abstract,
            "description": self.description,
            "redirect_target": self.redirect_target,
            "categories": [_named(title, project) for title in self.categories],
            "templates": [_named(title, project) for title in self.templates],
            "links": [_present(url=project.page_url(link.title), text=link.text) for link in self.links],
            "images": [_named(title, project) for title in self.images],
            "maintenance_tags": {name: count for name, count in maintenance.items() if count},
        }
        return {name: value for name, value in found.items() if value}


def _named(title: str, project: ProjectInfo) -> dict[str, str]:
    return _present(name=title, url=project.page_url(title))


def _present(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
