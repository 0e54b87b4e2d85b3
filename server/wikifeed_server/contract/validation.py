"""The validation rules that the contract states, checked on a request before anything else looks at it."""

from google.protobuf.message import Message
from protovalidate import FieldPathPb, Validator, Violation

from wikifeed_server.errors import FieldViolation, InvalidRequestError

_MAX_VIOLATIONS = 16  # enough to mend a request by; a long request may break a rule ten thousand times


def validate(validator: Validator, request: Message) -> None:
    """Raise InvalidRequestError, naming the fields, when `request` breaks a rule of its proto."""
    violations = validator.collect_violations(request)
    if violations:
        raise InvalidRequestError([_field_violation(violation) for violation in violations[:_MAX_VIOLATIONS]])


def _field_violation(violation: Violation) -> FieldViolation:
    proto = violation.proto
    return FieldViolation(_dotted(proto.field) if proto.field else "", proto.message or proto.rule_id)


def _dotted(path: FieldPathPb) -> str:
    """A field's path as people write it: `keys[3].page_id`."""
    names = []
    for element in path.elements:
        subscript = element.subscript
        names.append(element.field_name if subscript is None else f"{element.field_name}[{subscript.value}]")
    return ".".join(names)
