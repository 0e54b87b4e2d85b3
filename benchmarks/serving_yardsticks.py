"""The servers that one run of the benchmark of serving holds beside each other."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from load import Load
from made_up_store import CHANGE_BYTES
from server_process import CORES, LOAD_CORE, SERVER_CORE, ServerProcess, started, wikifeed_serve
from toolchain import constants_server

WORKERS = len(CORES)
CONSTANTS = "bench.Constants"
BARE, CPP, CPP_ALL = "bare handler", "C++ server", f"C++ server, {WORKERS} threads"
OURS, OURS_ALL, NO_CACHE, NATIVE = "1 worker", f"{WORKERS} workers", "from disk", "native transport"
BATCH_CHANGES = 64
# Of the messages that ours are compared with: their bytes, and how many a call has.
BATCH_BYTES = BATCH_CHANGES * CHANGE_BYTES
CHUNK_MESSAGE_BYTES = (1 << 20) + 20


class Sizes(NamedTuple):
    """How much one run measures."""

    seconds: float  # of one run of unary calls
    rounds: int
    replayed_changes: int
    whole_changes: int
    snapshot_megabytes: int
    live_seconds: float
    calm_seconds: float
    idle_seconds: float


QUICK = Sizes(0.25, 2, 10_000, 5_000, 64, 1.5, 2, 5)
FULL = Sizes(0.6, 5, 20_000, 10_000, 128, 6, 5, 10)


class Yardsticks(NamedTuple):
    """Servers by the names above; those that cannot be had here are missing."""

    generator: Path
    servers: dict[str, ServerProcess]

    def load(self, name: str, method: str, requests: list[bytes], calls_at_once: int = 32) -> Load:
        """Load for one of them, on a core of its own where the server has one."""
        core = None if name in (OURS_ALL, CPP_ALL) else LOAD_CORE
        return Load(self.generator, self.servers[name], method, requests, core, calls_at_once)

    def constants(self, name: str, size: int, count: int = 1, calls_at_once: int = 32) -> Load:
        """Load for one that answers with constants."""
        return self.load(
            name, constants_path(size, count), [b"a request of about the usual size: enwiki"], calls_at_once
        )

    def having(self, *names: str) -> list[str]:
        """Those of the names that there is a server for."""
        return [name for name in names if name in self.servers]


def constants_path(size: int, count: int) -> str:
    """The method that answers with `count` messages of `size` bytes."""
    return f"/{CONSTANTS}/Get{size}x{count}"


@contextmanager
def yardsticks(generator: Path, store: Path, constants: list[tuple[int, int]]) -> Iterator[Yardsticks]:
    """All servers, on a filled store.

    `constants` are the sizes and counts of messages that those without a store answer with.
    """
    cpp = constants_server()
    methods = [f"{constants_path(size, count)}={size}x{count}" for size, count in constants]
    with ExitStack() as stack:
        bare = [sys.executable, str(Path(__file__).with_name("bare_server.py")), *methods]
        servers = {
            BARE: started(bare, SERVER_CORE),
            OURS: wikifeed_serve(store, "--workers", "1", core=SERVER_CORE),
            NO_CACHE: wikifeed_serve(store, "--workers", "1", "--cache", "0", core=SERVER_CORE),
        }
        if importlib.util.find_spec("pygrpc_native"):
            servers[NATIVE] = wikifeed_serve(store, "--workers", "1", "--transport", "native", core=SERVER_CORE)
        if cpp is not None:
            servers[CPP] = started([str(cpp), "1", *methods], SERVER_CORE)
        if WORKERS > 1:
            servers[OURS_ALL] = wikifeed_serve(store, "--workers", str(WORKERS))
            if cpp is not None:
                servers[CPP_ALL] = started([str(cpp), str(WORKERS), *methods])
        yield Yardsticks(generator, {name: stack.enter_context(server) for name, server in servers.items()})
