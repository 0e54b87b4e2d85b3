"""By what shape a page's back matter is told (notes, references, see also, literature, links elsewhere).

What such sections are called differs by language and by author, and no wiki's settings tell it; what they are made of
does not: no prose, but lists of notes, of links, or of works, and nothing behind them but more of the kind. Each reader
knows what prose, notes and items are in what it reads; the measures are the same.
"""

# Up to so many characters of running text may introduce a list ("For a list of works see …").
MAX_PROSE = 250
# The share of its items' text that is links, from which on a list of links is no part of the article.
_MIN_LINKED = 0.8
# The same for lists whose items nearly all lead out of the wiki.
_MIN_LINKED_OUTWARD = 0.55
_MIN_OUTWARD = 0.6


def linked_share(link_lengths: int, length: int) -> float:
    """The share of an item's text, `length` characters, that is links; an item without text is all link."""
    return min(1.0, link_lengths / length) if length else 1.0


def is_list_of_links(linked: list[float], outward: int) -> bool:
    """Whether items (the linked share of each, one at least; how many of them lead out of the wiki) are links alone."""
    mean = sum(linked) / len(linked)
    return mean >= _MIN_LINKED or (mean >= _MIN_LINKED_OUTWARD and outward / len(linked) >= _MIN_OUTWARD)
