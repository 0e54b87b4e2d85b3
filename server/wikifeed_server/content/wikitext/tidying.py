"""Makes what was written of a page presentable: one line, without the marks of what was left out."""

import re

from wikifeed_server.content.lead import OMITTED

_SWITCH = re.compile(r"__[^\W_]+__")
_OPENING, _CLOSING = ("(", "（", "["), (")", "）", "]")
_LOOSE = " ,;，；、"
_BEHIND_NO_SPACE = frozenset(".,;:!?。，、；：")


def tidied(text: str) -> str:
    """A text in one line, without the marks of what was left out and what these leave bare, and without switches.

    Spaces of all kinds are plain ones, as Enterprise has them.
    """
    if "__" in text:
        text = _SWITCH.sub("", text)
    text = " ".join(text.split())
    return _without_marks(text) if OMITTED in text else text


def _without_marks(text: str) -> str:
    """`text` without the marks; the commas beside them in parentheses go too, and so do parentheses left empty.

    What holds no more than marks of punctuation then is no text.
    """
    first, *rest = text.split(OMITTED)
    pieces = [first]
    for piece in rest:
        before, after = pieces[-1].rstrip(_LOOSE), piece.lstrip(_LOOSE)
        if before.endswith(_OPENING) and after.startswith(_CLOSING):
            pieces[-1] = before[:-1].rstrip(" ")
            pieces.append(after[1:])
        elif before.endswith(_OPENING) or after.startswith(_CLOSING):
            pieces[-1] = before
            # What follows may be left out too.
            pieces.extend([after] if after else [])
        elif piece[:1] in _BEHIND_NO_SPACE:
            pieces[-1] = before
            pieces.append(piece)
        else:
            pieces.append(piece)
    kept = " ".join("".join(pieces).split())
    return kept if any(map(str.isalnum, kept)) else ""
