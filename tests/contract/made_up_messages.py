"""Any message of the contract, for tests of properties that all of them have."""

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

FIRST_YEAR, LAST_YEAR = -62_135_596_800, 253_402_300_799


def values(field: FieldDescriptor, depth: int) -> st.SearchStrategy:
    if field.message_type is not None:
        return messages(field.message_type, depth + 1)
    if field.enum_type is not None:
        return st.sampled_from([value.number for value in field.enum_type.values])
    return {
        FieldDescriptor.TYPE_STRING: st.text(max_size=8),
        FieldDescriptor.TYPE_BOOL: st.booleans(),
        FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
        FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
        FieldDescriptor.TYPE_UINT64: st.integers(0, 2**64 - 1),
        FieldDescriptor.TYPE_DOUBLE: st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0 or 0.0),
    }[field.type]


def messages(descriptor, depth: int = 0) -> st.SearchStrategy[Message]:
    """Messages of a type, with times and numbers that JSON can hold. None of them holds one of its own type."""
    make = descriptor._concrete_class
    if descriptor.full_name == "google.protobuf.Timestamp":
        times = st.tuples(st.integers(FIRST_YEAR, LAST_YEAR), st.integers(0, 999_999))
        return times.map(lambda time: Timestamp(seconds=time[0], nanos=time[1] * 1000))
    fields = {}
    for field in descriptor.fields:
        if field.message_type is not None and (depth > 3 or field.message_type is descriptor):
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            fields[field.name] = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2)
        else:
            value = values(field, depth)
            fields[field.name] = st.lists(value, max_size=2) if field.is_repeated else value
    return st.fixed_dictionaries({}, optional=fields).map(lambda chosen: make(**chosen))
