"""Cuts serialized articles along their top-level fields, without parsing what is in the fields.

A message type is made that has the wanted fields of Article, with their numbers, and no others; what is a message or
a text in Article is bytes in it. Protobuf's parser then does the cut: it copies the bytes of the fields wanted and
skips the others. That takes a tenth of the time that parsing an Article does, and a twentieth of merging by a mask.

Promise: what comes out parses as the Article would with all but the wanted fields cleared, unknown ones included.
"""

from collections.abc import Callable, Collection

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message_factory import GetMessageClass

from wikifeed.v1.article_pb2 import Article

_AS_BYTES = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_MESSAGE)


def field_cutter(names: Collection[str]) -> Callable[[bytes], bytes]:
    """What cuts a serialized (partial) Article to the fields of those names.

    The cutter raises DecodeError when its argument is not a serialized message. Making one takes 50 µs: keep it.
    """
    file = FileDescriptorProto(name="cut.proto", package="wikifeed.cut", syntax="proto3")
    message = file.message_type.add(name="Cut")
    for name in names:
        message.field.append(_shallow(Article.DESCRIPTOR.fields_by_name[name]))
    pool = descriptor_pool.DescriptorPool()  # of its own: all cutters' types have the same name
    pool.AddSerializedFile(file.SerializeToString())
    parse = GetMessageClass(pool.FindMessageTypeByName("wikifeed.cut.Cut")).FromString

    def cut(data: bytes) -> bytes:
        kept = parse(data)
        kept.DiscardUnknownFields()
        return kept.SerializeToString()

    return cut


def _shallow(field: FieldDescriptor) -> FieldDescriptorProto:
    """The field, which is bytes where parsing it could be work."""
    proto = FieldDescriptorProto(name=field.name, number=field.number)
    proto.type = FieldDescriptorProto.Type.ValueType(field.type)
    if field.type in _AS_BYTES:
        proto.type = FieldDescriptorProto.TYPE_BYTES
    # A message may come in several pieces, which parse as their merge: all of them are kept.
    several = field.is_repeated or field.type == FieldDescriptor.TYPE_MESSAGE
    proto.label = FieldDescriptorProto.LABEL_REPEATED if several else FieldDescriptorProto.LABEL_OPTIONAL
    return proto
