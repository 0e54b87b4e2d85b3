"""What telemetry sees of the processes of a server, and where they leave what they tell."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

RUNTIME_FOLDER = "WIKIFEED_RUNTIME_DIR"  # the variable that names a server's runtime folder to its processes
LISTENING = "listening"  # the state of a worker that answers calls


class WorkerView(NamedTuple):
    """A worker: the number of its process, its state, and since when (seconds since 1970) it has it."""

    pid: int
    state: str
    since: float


class SupervisorView(Protocol):
    """What a supervisor tells."""

    @property
    def runtime_folder(self) -> Path:
        """The private folder that the server's processes share."""
        ...

    def workers(self) -> Sequence[WorkerView]:
        """The workers that there should be, each at the same place however often it was replaced."""
        ...


def metrics_folder(runtime_folder: Path) -> Path:
    """Where workers count."""
    return runtime_folder / "metrics"


def control_socket(runtime_folder: Path, pid: int) -> Path:
    """Where a worker answers its supervisor."""
    return runtime_folder / f"worker-{pid}.sock"
