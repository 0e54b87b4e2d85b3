"""What reading and writing JSON must agree on: which types and enums have a form of their own."""

from collections.abc import Mapping
from functools import cache

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from wikifeed.v1.change_pb2 import EventType

ROW = "wikifeed.v1.TableRow"
TIME = "google.protobuf.Timestamp"


@cache
def enum_words(enum: EnumDescriptor) -> Mapping[int, str]:
    """What JSON says for each number of an enum: Enterprise's word where it has one, else the contract's name."""
    if enum is EventType.DESCRIPTOR:
        prefix = "EVENT_TYPE_"
        return {value.number: value.name.removeprefix(prefix).lower().replace("_", "-") for value in enum.values}
    return {value.number: value.name for value in enum.values}


def is_map(field: FieldDescriptor) -> bool:
    """Whether the field is a map (they all are of texts to texts)."""
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)
