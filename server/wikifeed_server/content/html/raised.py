"""Superscript and subscript as plain text: 10⁶, H₂O."""

import re

from wikifeed_server.content.lead import superscript

_BELOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_FIGURES_BELOW = re.compile(r"[0-9+\-=()]+")
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_MINUS_SIGN = "\u2212"


def raised_text(tag: str, text: str) -> str:
    """What the text of a `sup` or `sub` element is among plain text.

    Numbers become the characters that Unicode has for them, since "10" and "6" side by side would read 106; an
    exponent that has none is set off by "^". Words stay as they are: 1st, CO₂e.
    """
    written = text.strip()
    plain = written.replace(_MINUS_SIGN, "-")
    if tag == "sub":
        return plain.translate(_BELOW) if _FIGURES_BELOW.fullmatch(plain) else text
    raised = superscript(plain)
    if raised != plain:
        return raised
    return f"^{written}" if _NUMBER.fullmatch(plain) else text
