"""Understands what a page says: its text in, structured contents out. Knows no source, no contract and no store.

`structure` has the shapes of all that is found, whatever was read; `wikitext` and `html` are its two readers.
`vocabulary` and `template_names` tell the templates that mean something, `lead` makes an abstract presentable.
"""

from wikifeed_server.content.html import HtmlError, read_html
from wikifeed_server.content.structure import ContentError, PageContents
from wikifeed_server.content.vocabulary import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.content.wikitext import WikitextError, read_wikitext

__all__ = [
    "DEFAULT_VOCABULARY",
    "ContentError",
    "HtmlError",
    "PageContents",
    "Vocabulary",
    "WikitextError",
    "read_html",
    "read_wikitext",
]
