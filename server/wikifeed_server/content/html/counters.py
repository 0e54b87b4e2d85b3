"""Footnote marks' numbers as the wikis' style sheets show them."""

import re

_LABEL = re.compile(r"(lower-alpha|upper-alpha|lower-roman|upper-roman|lower-greek|decimal) ([0-9]{1,4})")
_ALPHABETS = {
    "lower-alpha": "abcdefghijklmnopqrstuvwxyz",
    "upper-alpha": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lower-greek": "αβγδεζηθικλμνξοπρστυφχψω",
}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def shown_mark(text: str) -> str:
    """A mark's text as readers see it: "[lower-alpha 2]", as Parsoid writes marks of such groups, is shown as "[b]"."""
    if " " not in text:
        return text
    return _LABEL.sub(lambda label: _counted(label[1], int(label[2])), text)


def _counted(style: str, number: int) -> str:
    if style in _ALPHABETS:
        return _in_letters(number, _ALPHABETS[style])
    if style == "decimal":
        return str(number)
    numeral = ""
    for value, sign in _ROMAN:
        numeral += sign * (number // value)
        number %= value
    return numeral.upper() if style == "upper-roman" else numeral


def _in_letters(number: int, alphabet: str) -> str:
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, len(alphabet))
        letters = alphabet[place] + letters
    return letters
