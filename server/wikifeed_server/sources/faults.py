"""What goes wrong in reading, told where it is noticed, and made into an error for people where the file is known."""

from wikifeed_server.errors import SourceCorruptError, SourceError, SourceTruncatedError

_ADVICE = {
    SourceTruncatedError: (
        ". Fetch the file again and import the whole one: what was imported is kept, and the import goes on from there"
    ),
    SourceCorruptError: (
        ". Compare the file's checksum with the publisher's and fetch it again: what was imported is kept, and the "
        "import goes on from there"
    ),
}


class UnreadableError(Exception):
    """Something in a source's bytes that keeps it from being read on. `kind` is the error that a caller will see."""

    def __init__(self, kind: type[SourceError], problem: str) -> None:
        super().__init__(problem)
        self.kind = kind
        self.problem = problem


def explain(fault: UnreadableError, name: str, position: int, size: int, read_well: str) -> SourceError:
    """The error that says all: the file `name`, how far in it (bytes), how much was `read_well`, and what to do."""
    return fault.kind(
        f"{name}: {fault.problem}, noticed at byte {position:,} of {size:,}; {read_well}{_ADVICE.get(fault.kind, '')}",
        {"source": name, "byte": str(position)},
    )
