"""What tests of streams share."""

from google.protobuf.timestamp_pb2 import Timestamp


def offsets(responses):
    """The offsets of all changes in the responses of a stream."""
    return [change.offset for response in responses for change in response.changes]


def timestamp(microseconds):
    """A time in microseconds since 1970 as protobuf's."""
    stamp = Timestamp()
    stamp.FromMicroseconds(microseconds)
    return stamp
