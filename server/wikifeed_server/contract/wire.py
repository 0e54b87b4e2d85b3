"""The few facts of protobuf's wire format that let bytes be joined without parsing them.

Promise: serialized messages of one type, put one behind the other, parse as their merge: singular fields of the later
one win, repeated fields add up, singular messages merge in turn. (protobuf.dev/programming-guides/encoding,
"Last One Wins" and "Embedded messages".) So a message field may also come in pieces, each with its own tag.
"""

_LENGTH_DELIMITED = 2
_VARINT = 0
_FIXED32 = 5


def varint(value: int) -> bytes:
    """`value` (0 to 2**64 - 1) as a base-128 varint."""
    if value < 0x80:
        return value.to_bytes(1, "little")
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    if value < 0x20_0000:
        return bytes((value & 0x7F | 0x80, value >> 7 & 0x7F | 0x80, value >> 14))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def length_tag(field: int) -> bytes:
    """The tag of a field that holds a string, bytes or a message."""
    return varint(field << 3 | _LENGTH_DELIMITED)


def varint_tag(field: int) -> bytes:
    """The tag of a field that holds an integer, an enum or a bool."""
    return varint(field << 3 | _VARINT)


def fixed32_tag(field: int) -> bytes:
    """The tag of a fixed32 field."""
    return varint(field << 3 | _FIXED32)


def length_field(field: int, content: bytes) -> bytes:
    """A whole field that holds a string, bytes or a message."""
    return b"".join((length_tag(field), varint(len(content)), content))


def varint_field(field: int, value: int) -> bytes:
    """A whole integer, enum or bool field; the zero value is left out, as proto3 does."""
    return varint_tag(field) + varint(value) if value else b""
