"""Errors as statuses: what they carry, and that they stay small."""

import inspect

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, ResourceInfo
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server import errors
from wikifeed_server.errors import (
    ArticleNotFoundError,
    FieldViolation,
    InvalidRequestError,
    OffsetExpiredError,
    StoreError,
    WikifeedError,
)
from wikifeed_server.transport.status import internal_outcome, outcome_of

LONG = st.text(max_size=5000)


def status_of(outcome):
    ((key, data),) = outcome.trailers
    assert key == "grpc-status-details-bin"
    return Status.FromString(data)


def unpacked(status, kind):
    for packed in status.details:
        found = kind()
        if packed.Unpack(found):
            return found
    return None


CLASSES = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, WikifeedError) and hasattr(error, "reason")
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_of_the_tree_has_a_code_that_grpc_knows(error):
    assert error.code in {code.value[0] for code in grpc.StatusCode}


def test_reasons_are_unlike():
    own = [error.reason for error in CLASSES if "reason" in vars(error)]
    assert len(own) == len(set(own))


def test_a_status_carries_the_reason_and_its_metadata():
    outcome = outcome_of(OffsetExpiredError(3, 7))
    assert outcome.code == grpc.StatusCode.OUT_OF_RANGE
    info = unpacked(status_of(outcome), ErrorInfo)
    assert (info.reason, info.domain, dict(info.metadata)) == ("OFFSET_EXPIRED", "wikifeed", {"oldest_offset": "7"})


def test_a_store_that_is_unavailable_may_be_tried_again():
    assert [detail.TypeName() for detail in status_of(outcome_of(StoreError("away"))).details] == [
        "google.rpc.ErrorInfo",
        "google.rpc.RetryInfo",
    ]


@given(st.lists(st.tuples(LONG, LONG), min_size=1, max_size=40))
def test_a_status_of_violations_stays_under_four_kilobytes(violations):
    outcome = outcome_of(InvalidRequestError([FieldViolation(*violation) for violation in violations]))
    status = status_of(outcome)
    assert status.ByteSize() < 4096
    assert unpacked(status, ErrorInfo).reason == "INVALID_REQUEST"
    assert unpacked(status, BadRequest).field_violations
    assert len(outcome.message.encode()) <= 640


@given(LONG, LONG, st.dictionaries(st.text(min_size=1, max_size=50), LONG, max_size=5))
def test_a_status_of_what_is_not_found_stays_under_four_kilobytes(message, name, metadata):
    status = status_of(outcome_of(ArticleNotFoundError(message, name, metadata)))
    assert status.ByteSize() < 4096
    assert unpacked(status, ErrorInfo) is not None
    assert unpacked(status, ResourceInfo).resource_type == "article"


def test_an_internal_error_tells_its_id_alone():
    outcome = internal_outcome("c0ffee")
    assert outcome.code == grpc.StatusCode.INTERNAL
    assert unpacked(status_of(outcome), ErrorInfo).metadata["error_id"] == "c0ffee"
