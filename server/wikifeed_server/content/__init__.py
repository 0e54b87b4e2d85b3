"""Understands what a page says: wikitext in, facts out. Knows no source, no contract and no store.

`facts` holds what can be known of a page, `vocabulary` the templates that mean something. `wikitext` reads a page's
own text by way of `tree`; `lead` makes plain text presentable. Any other reader (rendered HTML, say) gives the same
facts.
"""

from wikifeed_server.content.facts import PageFacts, PageLink
from wikifeed_server.content.tree import WikitextError
from wikifeed_server.content.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.content.wikitext import extract_facts, understand

__all__ = ["DEFAULT_VOCABULARY", "PageFacts", "PageLink", "Vocabulary", "WikitextError", "extract_facts", "understand"]
