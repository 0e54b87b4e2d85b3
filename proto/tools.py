"""The compilers and plugins that make the stubs of every language but Python, in fixed versions, in build/tools.

They are set up once and then need no network. Go, Node with npm, Rust's cargo, Maven and Debian's
protobuf-compiler-grpc, libprotoc-dev and g++ must be there.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "tools"
BIN = TOOLS / "bin"

GO_PLUGINS = (
    "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12",
    "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2",
)
RUST_PLUGINS = ("protoc-gen-prost@0.5.0", "protoc-gen-tonic@0.5.0")
TS_PROTO = "ts-proto@2.18.0"
PROTOC = "com.google.protobuf:protoc:4.35.1:exe:linux-x86_64"
GRPC_JAVA = "io.grpc:protoc-gen-grpc-java:1.83.1:exe:linux-x86_64"
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
# Distributions have no plugin for C#; its source comes with this package, of the version that they have the others in.
GRPC_SOURCE = "grpcio-tools==1.51.3 --hash=sha256:4fea28e3dd31871579a57058796a78093c75b74b74e9de2f2b7a7fd9a443d403"
# The protoc of Debian 12 and 13 and of Ubuntu 24.04: code for C++ compiles with its own libprotobuf only.
CPP_PROTOC = "libprotoc 3.21.12"

COMMANDS: Mapping[str, str] = {
    "go": "https://go.dev/dl",
    "npm": "https://nodejs.org",
    "cargo": "https://rustup.rs",
    "mvn": "apt install maven",
    "g++": "apt install g++",
    "protoc": "apt install protobuf-compiler",
    "grpc_cpp_plugin": "apt install protobuf-compiler-grpc",
}


class MissingToolError(Exception):
    """A command that making stubs needs is not there, or is of another version; the message says where to get it."""


def set_up() -> None:
    """Set up the tools that are not there yet. Raises MissingToolError where a command is missing."""
    for command, source in COMMANDS.items():
        if shutil.which(command) is None:
            raise MissingToolError(f"Making the stubs of all languages needs {command}: {source}")
    found = subprocess.run(["protoc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if found != CPP_PROTOC:
        raise MissingToolError(f"The stubs for C++ are made by {CPP_PROTOC}, but protoc here is {found}")
    steps: Mapping[str, Callable[[], None]] = {
        "go": _go_plugins,
        "rust": _rust_plugins,
        "typescript": _typescript_plugin,
        "java": _java_tools,
        "csharp": _csharp_plugin,
    }
    BIN.mkdir(parents=True, exist_ok=True)
    for name, step in steps.items():
        # The stamp bears the versions that this file names, so that a change of it sets the tools up anew.
        stamp = TOOLS / f"{name}.stamp"
        wanted = "\n".join((*GO_PLUGINS, *RUST_PLUGINS, TS_PROTO, PROTOC, GRPC_JAVA, GRPC_SOURCE))
        if not stamp.is_file() or stamp.read_text() != wanted:
            print(f"Setting up the plugins for {name}", file=sys.stderr)
            step()
            stamp.write_text(wanted)


def _run(*command: str | Path, **environment: str) -> None:
    subprocess.run(command, check=True, cwd=TOOLS, env={**os.environ, **environment})


def _go_plugins() -> None:
    for plugin in GO_PLUGINS:
        _run("go", "install", plugin, GOBIN=str(BIN))


def _rust_plugins() -> None:
    _run("cargo", "install", "--quiet", "--locked", "--force", "--root", TOOLS, *RUST_PLUGINS)


def _typescript_plugin() -> None:
    _run("npm", "install", "--silent", "--no-save", "--no-package-lock", "--prefix", TOOLS, TS_PROTO)


def _java_tools() -> None:
    """Java's plugin, and the protoc that has generators for Java, C#, Ruby and PHP."""
    for artifact in (PROTOC, GRPC_JAVA):
        name = artifact.split(":")[1]
        _run("mvn", "-q", "-B", MAVEN_COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={TOOLS / name}")
        (downloaded,) = (TOOLS / name).iterdir()
        downloaded.chmod(0o755)
        shutil.move(downloaded, BIN / name)


def _csharp_plugin() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "source.txt").write_text(GRPC_SOURCE)
        # The source's setup program asks for what setuptools 81 took away.
        (folder / "constraints.txt").write_text("setuptools<81")
        pip = (
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--require-hashes",
        )
        _run(*pip, "-r", folder / "source.txt", "-d", folder, PIP_CONSTRAINT=str(folder / "constraints.txt"))
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as source:
            source.extractall(folder, filter="data")
        (root,) = folder.glob("grpcio*/grpc_root")
        parts = [root / "src" / "compiler" / f"csharp_{part}.cc" for part in ("generator", "plugin")]
        libraries = ("-lprotoc", "-lprotobuf")
        output = BIN / "grpc_csharp_plugin"
        _run("g++", "-std=c++17", "-O1", f"-I{root}", f"-I{root / 'include'}", *parts, *libraries, "-o", output)
