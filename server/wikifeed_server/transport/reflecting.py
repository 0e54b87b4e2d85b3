"""What reflection tells: the descriptors of all that this process knows, and two things that its library leaves out.

Clients ask for the file of a method by its full name ("wikifeed.v1.ArticleService.GetArticle"), which the library's
lookup does not know, and for that of grpc.reflection.v1, of which it has the older version only. The two versions
differ by their package alone: https://github.com/grpc/grpc-proto/tree/master/grpc/reflection.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from grpc_reflection.v1alpha import reflection_pb2

_OLD, _NEW = "grpc.reflection.v1alpha", "grpc.reflection.v1"


class ReflectedDescriptors:
    """A pool of descriptors as reflection asks for it. What it does not do itself the pool of this process does."""

    def __init__(self) -> None:
        self._known = descriptor_pool.Default()
        self._reflection = descriptor_pool.DescriptorPool()
        self._reflection.Add(_renamed())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._known, name)

    def FindFileByName(self, name: str) -> FileDescriptor:
        """The file of that name. Raises KeyError."""
        try:
            return self._known.FindFileByName(name)
        except KeyError:
            return self._reflection.FindFileByName(name)

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptor:
        """The file with the message, enum, extension, service or method of that name. Raises KeyError."""
        for name in (symbol, symbol.rpartition(".")[0]):
            for pool in (self._known, self._reflection):
                try:
                    file = pool.FindFileContainingSymbol(name)
                except KeyError:
                    continue
                if name == symbol or _has_member(file, name, symbol):
                    return file
        raise KeyError(symbol)


def _has_member(file: FileDescriptor, outer: str, symbol: str) -> bool:
    """Whether a service of a file has that method."""
    service = file.services_by_name.get(outer.rpartition(".")[2])
    return service is not None and symbol.rpartition(".")[2] in service.methods_by_name


def _renamed() -> descriptor_pb2.FileDescriptorProto:
    """The file of reflection's newer version."""
    file = descriptor_pb2.FileDescriptorProto()
    reflection_pb2.DESCRIPTOR.CopyToProto(file)
    file.name, file.package = file.name.replace("v1alpha", "v1"), _NEW
    for message in file.message_type:
        for field in (each for each in message.field if each.HasField("type_name")):
            field.type_name = field.type_name.replace(_OLD, _NEW)
    for service in file.service:
        for method in service.method:
            method.input_type = method.input_type.replace(_OLD, _NEW)
            method.output_type = method.output_type.replace(_OLD, _NEW)
    return file
