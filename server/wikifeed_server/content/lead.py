"""Turns the plain text of a lead into an abstract: one line, without pronunciations and what stands around them."""

import re

# Stands in a lead where a template was left out; a noncharacter of Unicode, so no text has it.
OMITTED = "\ufdd0"

# A page without headings is one lead. Abstracts go out with every change, so no page may have one of megabytes; the
# longest of real leads are a third of this.
_MAX_CHARACTERS = 16_384
_OPEN, _CLOSE = "(（", ")）"
_SWITCH = re.compile(r"__[^\W_]+__")
_SPACE = re.compile(r"[ \t\r\f\v]+")
# A run of spaces is looked at once, from its beginning.
_SPACE_BEFORE_MARK = re.compile(r"(?<!\s)\s+([,.;:!?](?=\s|$)|[)）,。、，])")
_SPACE_BEHIND_PARENTHESIS = re.compile(r"([(（])\s+")
_DOUBLED_MARK = re.compile(r"([,;])(?:\s*[,;])+")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUPERSCRIPT = re.compile(r"[0-9+\-=()ni]+")


def superscript(text: str) -> str:
    """`text` in superscript characters where Unicode has them all, else as it is."""
    return text.translate(_SUPERSCRIPTS) if _SUPERSCRIPT.fullmatch(text) else text


def abstract_of(text: str) -> str:
    """The abstract that a lead's plain text makes: paragraphs joined by spaces, parentheses of asides removed.

    An aside holds what was left out (a pronunciation, a transcription), nothing but marks, or, in the first
    paragraph, words with figures (dates of birth and death). What is longer than 16,384 characters is cut.
    """
    paragraphs = [line for line in map(str.strip, _SWITCH.sub("", text).split("\n")) if line.strip(OMITTED + " \t")]
    tidied = [_without_asides(line, first=number == 0) for number, line in enumerate(paragraphs)]
    line = _SPACE.sub(" ", " ".join(tidied).replace(OMITTED, ""))
    line = _SPACE_BEHIND_PARENTHESIS.sub(r"\1", _SPACE_BEFORE_MARK.sub(r"\1", line))
    return _cut(_DOUBLED_MARK.sub(r"\1", line).strip())


def _cut(text: str) -> str:
    if len(text) <= _MAX_CHARACTERS:
        return text
    words = text[:_MAX_CHARACTERS].rpartition(" ")[0] or text[:_MAX_CHARACTERS]
    return f"{words}…"


def _without_asides(text: str, *, first: bool) -> str:
    """`text` without its outermost parentheses that are asides. Parentheses that never close are text."""
    pieces: list[str] = []
    end = depth = begin = 0
    for position, character in enumerate(text):
        if character in _OPEN:
            if depth == 0:
                begin = position
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0 and _is_aside(text[begin + 1 : position], first=first):
                pieces.append(text[end:begin].rstrip(" "))
                end = position + 1
    pieces.append(text[end:])
    return "".join(pieces)


def _is_aside(inside: str, *, first: bool) -> bool:
    if OMITTED in inside or not any(character.isalnum() for character in inside):
        return True
    return first and any(character.isdigit() for character in inside) and any(map(str.isspace, inside.strip()))
