"""Reads a page of which there may be two texts, its HTML and its wikitext, each for what it tells better."""

import html as html_
import re
from dataclasses import replace
from urllib.parse import unquote

from wikifeed_server.content import PageContents, Vocabulary, read_html, read_wikitext
from wikifeed_server.content.vocabulary import called_name
from wikifeed_server.projects import ProjectInfo

# What may begin a redirect, in whatever words the wiki has for that (#REDIRECT [[...]]).
_MAY_REDIRECT = re.compile(r"\s*#\S+?\s*(?::\s*)?\[\[")
# mediawiki.org, Specs/HTML: "Redirects". What only looks like it, in a comment, is never ended by a plain ">".
_REDIRECT_LINK = re.compile(r'<link rel="mw:PageProp/redirect" href="\./([^"<>]*)"(?:\s+[\w-]+="[^"<>]*")*\s*/?>')
_CALL = re.compile(r"\{\{\s*([^{}|]+)")


def read_page(html: str, wikitext: str, project: ProjectInfo, title: str, vocabulary: Vocabulary) -> PageContents:
    """What a page tells: its HTML where there is one, and its wikitext of what HTML does not show.

    Neither time nor memory is bounded here. Raises ContentError where a reader fails.
    """
    if not html:
        return read_wikitext(wikitext, project, title, vocabulary)
    contents = read_html(html)
    if asks_for_repair(wikitext, vocabulary):
        contents.maintenance = read_wikitext(wikitext, project, title, vocabulary).maintenance
    return contents


def asks_for_repair(wikitext: str, vocabulary: Vocabulary) -> bool:
    """Whether a text may call a template that asks for the page's repair. Reading it is dear, and most do not."""
    words = (vocabulary.citation_needed, vocabulary.pov, vocabulary.clarification_needed, vocabulary.update)
    called = {name.strip() for name in _CALL.findall(wikitext)}
    names = {called_name(name).casefold() for name in called}
    return any(not names.isdisjoint(known) for known in words)


def linked_target(html: str, wikitext: str, project: ProjectInfo) -> str:
    """The (normalized) title that a redirect page leads to by its HTML; empty where it is none, or leads elsewhere."""
    link = _REDIRECT_LINK.search(html) if _MAY_REDIRECT.match(wikitext) else None
    return project.normalize_title(unquote(html_.unescape(link[1]))) if link else ""


def without_text(contents: PageContents, target: str) -> PageContents:
    """The contents of a redirect page: its markup, in words that perhaps only the wiki knows, is no text."""
    return replace(contents, abstract="", sections=[], text="", redirect_target=target)
