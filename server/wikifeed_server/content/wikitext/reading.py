"""Reads a page's wikitext: one pass of the tokenizer, one walk over its tree."""

import re

from wikifeed_server.content.lead import OMITTED, abstract_of
from wikifeed_server.content.structure import PageContents, plain_text
from wikifeed_server.content.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.content.wikitext.backmatter import without_back_matter
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.sections import numbered, section_tree
from wikifeed_server.content.wikitext.tree import WikitextError, parse_tree
from wikifeed_server.content.wikitext.walk import Walker
from wikifeed_server.projects import ProjectInfo

_REDIRECT = re.compile(r"\s*#(\S+?)\s*(?::\s*)?\[\[([^\]|#]+)")


def read_wikitext(
    text: str, project: ProjectInfo, title: str, vocabulary: Vocabulary = DEFAULT_VOCABULARY
) -> PageContents:
    """What the page `title` says whose wikitext is `text`, as far as it can be known without expanding templates.

    What is not known is absent. Images have the address of their file's page, as wikitext does not know where files
    are kept; fields of infoboxes have the names of their template's arguments. A redirect has no text.

    Neither time nor memory is bounded here. Raises WikitextError where the parser fails on the text or the text nests
    too deeply, MemoryError where memory ends.
    """
    lead: list[str] = []
    body = Flow(transcript=lead, level=True)
    walker = Walker(project, title, vocabulary, body)
    try:
        walker.walk(parse_tree(text.replace(OMITTED, "\ufffd")), body)
    except RecursionError as error:
        raise WikitextError(f"{title}: nested too deeply") from error
    tables = numbered(body.tables)
    contents = PageContents(
        description=walker.description,
        redirect_target=_redirect_target(text, project, vocabulary),
        categories=list(walker.categories.values()),
        templates=walker.templates.names(),
        images=[image for image in walker.images if image],
        infoboxes=walker.infoboxes,
        links=walker.links,
        tables=tables,
        references=walker.footnotes.references(),
        maintenance=walker.templates.maintenance(),
    )
    if not contents.redirect_target:
        contents.abstract = abstract_of("".join(lead))
        contents.sections = without_back_matter(section_tree(body.finish(), tables), project.page_url(""))
        contents.text = plain_text(contents.sections)
    return contents


def _redirect_target(text: str, project: ProjectInfo, vocabulary: Vocabulary) -> str:
    redirect = _REDIRECT.match(text)
    if redirect is None or redirect[1].casefold() not in vocabulary.redirect_words:
        return ""
    return project.normalize_title(redirect[2])
