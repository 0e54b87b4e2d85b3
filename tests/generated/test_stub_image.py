"""The image that stubs are made from has the whole contract but protovalidate's rules."""

import importlib

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

RULES = "buf/validate/validate.proto"


@pytest.fixture(scope="module")
def makers(repository):
    """The modules that make images, and the reference with its comments out of one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(repository / "proto"))
        return importlib.import_module("image"), importlib.import_module("reference")


@pytest.fixture(scope="module")
def full(makers, tmp_path_factory):
    return makers[0].build_image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def stripped(makers, full):
    return makers[0].without_rules(full)


def options_beyond_protobuf(message):
    """How many options there are that descriptor.proto itself doesn't have, in a message and all that it holds."""
    count = 0
    for field, value in message.ListFields():
        if field.is_extension:
            count += 1
        elif field.message_type is not None:
            parts = [value] if isinstance(value, Message) else value
            count += sum(map(options_beyond_protobuf, parts))
    return count + len(UnknownFieldSet(message))


def own(data):
    return FileDescriptorSet(file=[file for file in FileDescriptorSet.FromString(data).file if file.name != RULES])


def test_no_rules_are_left(full, stripped):
    assert options_beyond_protobuf(own(full.read_bytes())) > 0
    assert options_beyond_protobuf(FileDescriptorSet.FromString(stripped)) == 0
    assert RULES.encode() in full.read_bytes()
    assert RULES.encode() not in stripped


def test_nothing_is_missing(stripped):
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(stripped).file:
        pool.Add(file)
    for file in FileDescriptorSet.FromString(stripped).file:
        assert pool.FindFileByName(file.name).name == file.name


def test_all_else_is_there_with_its_comments(makers, full, stripped):
    _, reference = makers
    told = reference.reference(full.read_bytes(), "wikifeed.v1")
    assert '"services": [\n' in told
    assert reference.reference(stripped, "wikifeed.v1") == told
