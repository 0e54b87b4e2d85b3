"""A service's methods as any transport calls them: bytes in, bytes out, errors as outcomes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from protovalidate import Validator

from wikifeed_server.contract.validation import validate
from wikifeed_server.errors import FieldViolation, InvalidRequestError, WikifeedError, only_error
from wikifeed_server.transport.status import Outcome, internal_outcome, outcome_of

_REMEMBERED_REQUESTS, _REMEMBERED_BYTES = 4096, 256  # a request and its bytes take half a kilobyte
# Passwords must not stay in memory, and what is to come when a request is first checked is past in time.
_NOT_REMEMBERED = "wikifeed.v1.AccountService"


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its path, which sides stream, what reads a request (raising InvalidRequestError), what answers it."""

    path: str
    client_streaming: bool
    server_streaming: bool
    read: Callable[[bytes], Message]
    answer: Callable[..., Any]


def methods_of(services: Mapping[str, object]) -> Iterator[Method]:
    """The methods of services, by the full names of their contracts. Several objects may share a contract's methods.

    Raises KeyError when the contract has no such service, AttributeError when a service lacks one of its methods.
    """
    validator = Validator()
    for name, given in services.items():
        objects = given if isinstance(given, tuple) else (given,)
        for contract in descriptor_pool.Default().FindServiceByName(name).methods:
            yield Method(
                path=f"/{name}/{contract.name}",
                client_streaming=contract.client_streaming,
                server_streaming=contract.server_streaming,
                read=_reader(contract, validator),
                answer=_answer(objects, contract),
            )


def _answer(objects: Sequence[object], contract: MethodDescriptor) -> Callable[..., Any]:
    for each in objects:
        if hasattr(each, contract.name):
            answer: Callable[..., Any] = getattr(each, contract.name)
            return answer
    raise AttributeError(f"no service has {contract.full_name}")


def outcome(error: Exception, path: str, request_id: str) -> Outcome:
    """How a call ends that raised an error. What nobody foresaw is logged under the request's id."""
    if isinstance(error, ExceptionGroup):  # what is raised among tasks comes in a group
        error = only_error(error)
    if isinstance(error, WikifeedError):
        return outcome_of(error, request_id)
    structlog.get_logger().error("call_failed", method=path, error_id=request_id, exc_info=error)
    return internal_outcome(request_id)


def _reader(contract: MethodDescriptor, validator: Validator) -> Callable[[bytes], Message]:
    parse = GetMessageClass(contract.input_type).FromString

    def read(data: bytes) -> Message:
        try:
            request = parse(data)
        except DecodeError as error:
            problem = f"the request's bytes are no {contract.input_type.full_name}: {error}"
            raise InvalidRequestError([FieldViolation("", problem)]) from error
        validate(validator, request)
        return request

    if (
        contract.client_streaming
        or contract.server_streaming
        or contract.containing_service.full_name == _NOT_REMEMBERED
    ):
        return read
    # Popular articles are asked for over and over, and to parse and check a request costs half as much as to find an
    # article. Services change no request, so the same one may be handed out again.
    read_again = lru_cache(_REMEMBERED_REQUESTS)(read)
    return lambda data: read_again(data) if len(data) <= _REMEMBERED_BYTES else read(data)
