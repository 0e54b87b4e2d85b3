"""Bounds what one page may make a reader do."""

from dataclasses import dataclass


@dataclass(slots=True)
class Allowance:
    """How much of something, such as characters of repeated text, may still be written or read of a page.

    Without a bound, a few bytes of a page (colspan="1000", a hundred short notes of one long source) would make
    megabytes.
    """

    left: int

    def take(self, size: int) -> bool:
        """Whether more than so much is left, and take it; once it is not, nothing is left."""
        self.left = self.left - size if size <= self.left else 0
        return self.left > 0
