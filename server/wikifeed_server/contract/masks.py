"""Read masks over Article: which fragments they need, and what is cut of them.

Promise: `ReadPlan.cut` of a stored article's fragments, joined, is the article that the mask's merge into an empty one
makes (FieldMask.MergeMessage), but for an article_body without content, which is left out. A mask that follows the
borders of fragments parses nothing; any other parses only fragments that hold a part of what it asks for, and these
no deeper than the mask goes.

A store may hold `redirects` both in a head that an upstream built and in a fragment of their own: a mask that tells
them from the head's other fields has to cut the head.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from google.protobuf.descriptor import Descriptor
from google.protobuf.field_mask_pb2 import FieldMask

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.cutting import field_cutter
from wikifeed_server.contract.fragments import BODY_PARTS, HEAD_FIELDS, STRUCTURED_CONTENTS, STRUCTURED_FIELDS, Parts
from wikifeed_server.errors import FieldViolation, InvalidRequestError

_FIELDS = Article.DESCRIPTOR.fields_by_name
_MAX_PATHS = 255


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How to answer a read mask: the `parts` to read and, where fragments are to be cut, what cuts one of them.

    A fragment that begins with a field whose number is in `whole` is wanted as it is.
    """

    parts: Parts
    cut_one: Callable[[bytes], bytes] | None = None
    whole: frozenset[int] = frozenset()

    def cut(self, fragments: Sequence[bytes]) -> Sequence[bytes]:
        """The fragments cut to the mask, in their order. `fragments` are those of an article cut to `parts`."""
        cut_one, whole = self.cut_one, self.whole
        if cut_one is None:
            return fragments
        return [
            fragment if _first_field(fragment) in whole else cut_one(fragment) for fragment in fragments if fragment
        ]


WHOLE_ARTICLE = ReadPlan(Parts.ALL)
WHOLE_STRUCTURED_CONTENTS = ReadPlan(Parts.HEAD | Parts.STRUCTURED, field_cutter(STRUCTURED_CONTENTS))


def read_plan(mask: FieldMask, field: str = "read_mask") -> ReadPlan:
    """The plan for a mask; an empty one asks for the whole article.

    `field` is the mask's own place in the request. Raises InvalidRequestError naming each path that is wrong.
    """
    paths = mask.paths
    return _plan(tuple(paths), field) if paths else WHOLE_ARTICLE


def structured_contents_plan(mask: FieldMask) -> ReadPlan:
    """The plan for a mask over structured contents; an empty one asks for all of them.

    Raises InvalidRequestError naming each path that is wrong or that structured contents do not have.
    """
    paths = tuple(mask.paths)
    if not paths:
        return WHOLE_STRUCTURED_CONTENTS
    _check(paths, "read_mask")
    violations = [
        FieldViolation(
            f"read_mask.paths[{index}]",
            f"{_shown(path)}: structured contents have no such field; GetArticle returns it",
        )
        for index, path in enumerate(paths)
        if path.partition(".")[0] not in STRUCTURED_CONTENTS
    ]
    if violations:
        raise InvalidRequestError(violations)
    return _plan(paths, "read_mask")


@lru_cache(maxsize=512)
def _plan(paths: tuple[str, ...], field: str) -> ReadPlan:
    _check(paths, field)
    wanted = set(paths)
    tops = {path.partition(".")[0] for path in wanted}
    body = _body_parts(wanted)
    structured = tops & STRUCTURED_FIELDS
    head = tops & HEAD_FIELDS

    parts = body
    cuts_structured = bool(structured) and structured != STRUCTURED_FIELDS
    if structured:
        parts |= Parts.STRUCTURED
    cuts_head = bool(head or "redirects" in tops) and not wanted >= HEAD_FIELDS | {"redirects"}
    if head or "redirects" in tops:
        parts |= Parts.HEAD
    if "redirects" in tops:
        parts |= Parts.REDIRECTS
    if not (cuts_head or cuts_structured):
        return ReadPlan(parts)

    whole = {"article_body"}
    if not cuts_structured:
        whole |= STRUCTURED_FIELDS
    if not cuts_head:
        whole |= HEAD_FIELDS | {"redirects"}
    return ReadPlan(parts, _cutter(wanted), _numbers(whole))


def _cutter(paths: set[str]) -> Callable[[bytes], bytes]:
    """What cuts a fragment to the mask, but for bodies: they are fragments of their own, cut by not being read."""
    fields = {path for path in paths if "." not in path}
    if all(path.partition(".")[0] in fields | {"article_body"} for path in paths):
        return field_cutter(fields)
    mask = FieldMask(paths=sorted(paths))

    def cut(fragment: bytes) -> bytes:
        wanted = Article()
        mask.MergeMessage(Article.FromString(fragment), wanted)
        return wanted.SerializeToString()

    return cut


def _body_parts(paths: Iterable[str]) -> Parts:
    """The fragments of article_body that the paths ask for."""
    parts = Parts(0)
    for path in paths:
        top, _, rest = path.partition(".")
        if top == "article_body":
            parts |= BODY_PARTS[rest] if rest else Parts.HTML | Parts.WIKITEXT
    return parts


def _numbers(names: Iterable[str]) -> frozenset[int]:
    return frozenset(_FIELDS[name].number for name in names)


def _first_field(fragment: bytes) -> int:
    """The number of the field that a fragment begins with. Tags of Article take at most two bytes."""
    tag = fragment[0]
    if tag & 0x80:
        tag = tag & 0x7F | fragment[1] << 7
    return tag >> 3


def _check(paths: tuple[str, ...], field: str) -> None:
    if len(paths) > _MAX_PATHS:
        raise InvalidRequestError([FieldViolation(f"{field}.paths", f"at most {_MAX_PATHS} paths, not {len(paths)}")])
    violations = [
        FieldViolation(f"{field}.paths[{index}]", problem)
        for index, path in enumerate(paths)
        if (problem := _problem(path))
    ]
    if violations:
        raise InvalidRequestError(violations)


def _problem(path: str) -> str:
    """What is wrong with a path, in words; empty when nothing is."""
    message: Descriptor | None = Article.DESCRIPTOR
    parent = ""
    for name in path.split("."):
        if message is None:
            return f"{_shown(path)}: {parent} has no fields that can be asked for one by one; ask for {parent}"
        field = message.fields_by_name.get(name)
        if field is None:
            near = get_close_matches(name[:64], list(message.fields_by_name), n=3)
            advice = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(message.fields_by_name)}"
            return f"{_shown(path)}: {message.name} has no field {_shown(name)}; {advice}"
        message = None if field.is_repeated else field.message_type
        parent = f"{parent}.{name}".lstrip(".")
    return ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 64 else text[:64] + "...")
