"""How much a source may ask of the machine that reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """Bounds that real dumps keep and bombs do not. A source that exceeds one is refused where it does so."""

    unpacked_ratio: int = 500
    """Unpacked bytes for each packed one, over what was read so far. Histories of real wikis in 7z reach about 200."""

    unpacked_free_bytes: int = 256 << 20
    """Unpacked bytes to which the ratio does not apply: a small wiki's history may be one page again and again."""

    text_bytes: int = 64 << 20
    """One text of a dump, in UTF-8. MediaWiki stores 2 MiB unless told otherwise ($wgMaxArticleSize)."""

    tag_bytes: int = 1 << 20
    """One tag or comment of a dump, which the XML parser holds whole. Real ones have a few hundred bytes."""

    line_bytes: int = 128 << 20
    """One Enterprise article. Real ones, with HTML and wikitext, reach tens of megabytes."""

    window_bytes: int = 1 << 31
    """Memory that a zstd frame may ask for; `zstd --ultra --long=31`, the most there is, asks for this much."""
