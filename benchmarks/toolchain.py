"""The programs in C++ that measure the server, built where there is a compiler: `cpp/`."""

import shutil
import subprocess
import sys
from pathlib import Path

_SOURCES = Path(__file__).resolve().parent / "cpp"
_BUILD = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
_FLAGS = ("-std=c++17", "-O2", "-Wall", "-Wextra", "-pthread")


def load_generator() -> Path | None:
    """The load generator; None where it cannot be built."""
    parts = ("http2_client", "receipts", "cpu_time")
    sources = ("load_generator.cpp", *(f"{part}.cpp" for part in parts))
    return _built("load_generator", sources, tuple(f"{part}.h" for part in parts), ())


def constants_server() -> Path | None:
    """The gRPC server that answers with constants; None where it cannot be built."""
    return _built("constants_server", ("constants_server.cpp",), (), ("grpc++",))


def stub_client() -> Path | None:
    """The program that reads with the generated stub alone; None where it cannot be built."""
    if shutil.which("cmake") is None or _package_flags(("grpc++", "protobuf")) is None:
        print("stub_client is not built, and what needs it not measured: install cmake and grpc++", file=sys.stderr)
        return None
    folder = _BUILD / "stub_client"
    subprocess.run(["cmake", "-S", _SOURCES, "-B", folder, "-DCMAKE_BUILD_TYPE=Release"], check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", folder, "--parallel"], check=True, stdout=sys.stderr)
    return folder / "stub_client"


def _built(name: str, sources: tuple[str, ...], headers: tuple[str, ...], packages: tuple[str, ...]) -> Path | None:
    target = _BUILD / name
    newest = max((_SOURCES / source).stat().st_mtime for source in (*sources, *headers))
    if target.exists() and target.stat().st_mtime > newest:
        return target
    flags = _package_flags(packages)
    if shutil.which("g++") is None or flags is None:
        wanted = " and ".join(("g++", *packages))
        print(f"{name} is not built, and what needs it not measured: install {wanted}", file=sys.stderr)
        return None
    _BUILD.mkdir(parents=True, exist_ok=True)
    command = ["g++", *_FLAGS, "-o", str(target), *(str(_SOURCES / source) for source in sources), *flags]
    subprocess.run(command, check=True)
    return target


def _package_flags(packages: tuple[str, ...]) -> list[str] | None:
    """What pkg-config says of the packages; None where one is not installed."""
    if not packages:
        return []
    if shutil.which("pkg-config") is None:
        return None
    told = subprocess.run(
        ["pkg-config", "--cflags", "--libs", *packages], check=False, stdout=subprocess.PIPE, text=True
    )
    return None if told.returncode else told.stdout.split()
