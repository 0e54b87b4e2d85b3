"""Reads wikitext. `reading` puts together what one `walk` over the `tree` of a page finds.

The walk writes what the page shows to a `flow`, which cuts it into paragraphs and lists; `calls`, `infoboxes`,
`tables`, `footnotes`, `images` and `targets` know one kind of markup each; `sections` makes the tree of sections.
"""

from wikifeed_server.content.wikitext.reading import read_wikitext
from wikifeed_server.content.wikitext.tree import WikitextError

__all__ = ["WikitextError", "read_wikitext"]
