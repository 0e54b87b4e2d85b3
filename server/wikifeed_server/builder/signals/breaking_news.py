"""Tells whether a page looks like news that is breaking, by Enterprise's published rule and constants."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.facts import PageFacts

_MAIN, _TEMPLATE = 0, 10


@dataclass(frozen=True, slots=True)
class NewsTemplates:
    """Names of a wiki's templates, without namespace and casefolded.

    `sources` cite news; a template whose name begins with one of `current_prefixes` says that events are under way.
    """

    sources: frozenset[str]
    current_prefixes: tuple[str, ...]


ENGLISH = NewsTemplates(frozenset({"cite news"}), ("current",))


@dataclass(frozen=True, slots=True)
class NewsRule:
    """The rule's constants. A page is fresh for `fresh_seconds` after its creation or its move into the main namespace.

    `templates` are by project; `other_templates` are those of all other projects.
    """

    fresh_seconds: int = 24 * 3600
    first_hour_editors: int = 2
    first_hour_edits: int = 10
    templates: Mapping[str, NewsTemplates] = field(default_factory=lambda: {"enwiki": ENGLISH})
    other_templates: NewsTemplates = ENGLISH


DEFAULT_NEWS_RULE = NewsRule()


def is_breaking_news(
    facts: PageFacts, time: int, titles: Collection[str], project: ProjectInfo, rule: NewsRule = DEFAULT_NEWS_RULE
) -> bool:
    """Whether the page was fresh, cites news, and is marked as current or was much edited in its first hour.

    `time` is that of the revision, or of what else happened, in microseconds since 1970; `titles` are those of the
    templates that the page transcludes. Only pages of the main namespace are news.
    """
    if facts.namespace != _MAIN or not _is_fresh(facts, time, rule):
        return False
    templates = rule.templates.get(project.identifier, rule.other_templates)
    names = {
        name.casefold() for namespace, name in map(project.split_title, titles) if namespace.identifier == _TEMPLATE
    }
    if names.isdisjoint(templates.sources):
        return False
    first_hour = facts.first_hour
    return any(name.startswith(templates.current_prefixes) for name in names) or (
        first_hour is not None
        and (first_hour.editors >= rule.first_hour_editors or first_hour.edits >= rule.first_hour_edits)
    )


def _is_fresh(facts: PageFacts, time: int, rule: NewsRule) -> bool:
    """Whether the page came into being, or into the main namespace, shortly before a time."""
    began = (facts.created, facts.moved_into_main)
    return any(begin and 0 <= time - begin <= rule.fresh_seconds * 1_000_000 for begin in began)
