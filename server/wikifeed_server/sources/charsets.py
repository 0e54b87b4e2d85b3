"""The encoding of an XML document, and its conversion to one that the parser reads (XML 1.0, appendix F)."""

import codecs
import re
from collections.abc import Iterable

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.raw import Pieces

_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._\-]*)["']""")
_DECLARATION_BYTES = 256
_UTF32_STARTS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)
# Python has codecs under these names that are no character sets.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})
# Expat reads these by itself, and tells UTF-16 by its first bytes whatever is declared.
_NATIVE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii"})


def foreign_encoding(head: bytes) -> str | None:
    """The encoding of the document that begins with `head`; None where it is one that expat reads by itself.

    Raises UnreadableError where the declared encoding is unknown.
    """
    for start, encoding in _UTF32_STARTS:
        if head.startswith(start):
            return encoding
    declaration = _DECLARATION.match(head[:_DECLARATION_BYTES])
    if declaration is None:
        return None
    declared = declaration[1].decode("ascii")
    try:
        encoding = codecs.lookup(declared).name
        is_its_own = encoding not in _NO_CHARSETS and head[:5].decode(encoding) == "<?xml"
    except (LookupError, UnicodeError):
        is_its_own = False
    if not is_its_own:
        raise UnreadableError(
            SourceRefusedError,
            f"the XML declares the encoding {declared}, which is not known here; convert it to UTF-8",
        )
    return None if encoding in _NATIVE else encoding


def transcoded(pieces: Iterable[bytes], encoding: str) -> Pieces:
    """The pieces in UTF-8. Raises UnreadableError where the bytes are not in the encoding, after all before it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in pieces:
        state = decoder.getstate()
        try:
            # A lone surrogate goes through to the parser, which says where it is.
            yield decoder.decode(piece).encode(errors="surrogatepass")
        except UnicodeDecodeError as error:
            decoder.setstate(state)
            sound = max(0, error.start - len(state[0]))
            yield decoder.decode(piece[:sound]).encode(errors="surrogatepass")
            raise UnreadableError(
                SourceCorruptError, f"bytes are not in the encoding that the XML declares ({error})"
            ) from error
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableError(SourceTruncatedError, "the XML ends in the midst of a character") from error
