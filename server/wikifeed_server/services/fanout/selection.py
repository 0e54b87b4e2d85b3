"""What a stream sends, and reading it from the log or picking it out of a part of the log."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.contract.masks import ReadPlan
from wikifeed_server.contract.wire import varint_field
from wikifeed_server.store import SLOTS, LogFilter, LogHeader, Reader
from wikifeed_server.store.framing import PARTITIONS, join_change

# A live batch is small, so that it is on its way while the next is made; a replayed one is worth its call.
LIVE_BYTES = 128 << 10
REPLAY_BYTES = 256 << 10
_THROUGH_OFFSET = 2  # StreamChangesResponse.through_offset


class Selection(NamedTuple):
    """What a stream sends: changes that pass `filter_`, each cut to `plan` or, without one, as the log has it.

    A batch has at most `batch_size` changes. A live change waits up to `delay_seconds` for others; where that is None,
    not at all while changes are few, and a little when they are many.
    """

    filter_: LogFilter
    plan: ReadPlan | None
    batch_size: int
    delay_seconds: float | None = None


class Changes(NamedTuple):
    """The next of a log: `frames` are the changes that pass up to and including `through_offset`."""

    frames: list[bytes]
    through_offset: int


async def read_changes(
    reader: Reader, after: int, selection: Selection, until: int = 0, limit_bytes: int = REPLAY_BYTES
) -> Changes:
    """The next changes of the selection, at most one batch and, unless it is 0, none behind the offset `until`.

    Raises OffsetExpiredError.
    """
    filter_, plan, limit, _ = selection
    if until:
        limit = min(limit, until - after)
    if plan is None:
        frames, through = await reader.read_frames(after, filter_, limit, limit_bytes)
        if until and through > until:
            frames = [frame for frame in frames if _offset(frame) <= until]
        return Changes(frames, min(through, until) if until else through)
    found, through = await reader.read_entries(after, filter_, plan.parts, limit, limit_bytes)
    frames = [
        join_change(entry.change, b"".join(plan.cut(entry.fragments)))
        for entry in found
        if not until or entry.offset <= until
    ]
    return Changes(frames, min(through, until) if until else through)


def response(frames: Sequence[bytes], through_offset: int) -> bytes:
    """A serialized StreamChangesResponse."""
    return b"".join((*frames, varint_field(_THROUGH_OFFSET, through_offset)))


def _offset(frame: bytes) -> int:
    """The offset of the change in a frame. Parses it, which only the last batch before a bound asks for."""
    offset: int = StreamChangesResponse.FromString(frame).changes[0].offset
    return offset


Passes = Callable[[LogHeader], bool]


def passes(filter_: LogFilter) -> Passes | None:
    """What tells whether a change passes; None where all do."""
    terms: list[Passes] = []
    for number, wanted in (
        (LogHeader._fields.index("project"), filter_.projects),
        (LogHeader._fields.index("language"), filter_.languages),
        (LogHeader._fields.index("namespace"), filter_.namespaces),
        (LogHeader._fields.index("event_type"), filter_.event_types),
        (LogHeader._fields.index("page_id"), filter_.page_ids),
    ):
        if wanted:
            terms.append(_is_among(number, frozenset(wanted)))
    if filter_.share is not None:
        index, count = filter_.share
        terms.append(lambda header: header.page_hash % count == index)
    for modulus, residues in ((SLOTS, filter_.slots), (PARTITIONS, filter_.partitions)):
        if residues:
            terms.append(_leaves(modulus, frozenset(residues)))
    if len(terms) <= 1:
        return terms[0] if terms else None
    return lambda header: all(term(header) for term in terms)


def picked(
    headers: Sequence[LogHeader], frames: Sequence[bytes], passing: Passes | None
) -> list[tuple[LogHeader, bytes]]:
    """The changes that pass, each with its header."""
    pairs = zip(headers, frames, strict=True)
    return list(pairs) if passing is None else [pair for pair in pairs if passing(pair[0])]


def _is_among(number: int, wanted: frozenset[object]) -> Passes:
    return lambda header: header[number] in wanted


def _leaves(modulus: int, residues: frozenset[int]) -> Passes:
    return lambda header: header.page_hash % modulus in residues
