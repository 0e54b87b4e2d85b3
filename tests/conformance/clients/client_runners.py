"""The clients that take part, and their runners while they run."""

import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[3]
_ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Runner:
    """How a client's runner is started, from the repository's root, and built before in `folder`, where it must be.

    `needs` are the commands without which it can't be. One that needs any is run by `make test-full` only.
    """

    language: str
    command: Sequence[str]
    needs: Sequence[str] = ()
    build: Sequence[str] = ()
    folder: str = "."


_PYTHON_RUNNER = (sys.executable, "clients/python/conformance/run.py")
_CARGO_BUILD = ("cargo", "build", "--quiet", "--target-dir", "../../build/clients/rust-target")


def _java(flavour: str) -> Runner:
    jar, main = "build/clients/java-runners.jar", "org.wikifeed.client.conformance.Main"
    build = ("mvn", "-q", "-B", "-f", "all/pom.xml", "-DskipTests", "package")
    return Runner(
        "java", ("java", "-cp", jar, main, flavour), needs=("java", "mvn"), build=build, folder="clients/java"
    )


RUNNERS: Mapping[str, Runner] = {
    "python-threads": Runner("python", (*_PYTHON_RUNNER, "threads")),
    "python-asyncio": Runner("python", (*_PYTHON_RUNNER, "asyncio")),
    "go": Runner(
        "go",
        ("build/clients/go-conformance",),
        needs=("go",),
        build=("go", "build", "-o", "../../build/clients/go-conformance", "./cmd/conformance"),
        folder="clients/go",
    ),
    "java-blocking": _java("blocking"),
    "java-async": _java("async"),
    "typescript": Runner(
        "typescript",
        ("node", "clients/typescript/dist/conformance/run.js"),
        needs=("node", "npm"),
        build=("npm", "run", "--silent", "set-up"),
        folder="clients/typescript",
    ),
    "rust": Runner(
        "rust",
        ("build/clients/rust-target/debug/conformance",),
        needs=("cargo",),
        build=(*_CARGO_BUILD, "-p", "wikifeed-conformance", "--bin", "conformance"),
        folder="clients/rust",
    ),
}


class LineProgramError(Exception):
    """A program did not answer a line, or not with JSON."""


class LineProgram:
    """A program that answers lines of JSON. A context manager; leaving it ends the program."""

    def __init__(self, command: Sequence[str], answer_seconds: float = _ANSWER_SECONDS) -> None:
        self._command = command
        self._answer_seconds = answer_seconds

    def __enter__(self) -> Self:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._errors, self._process as process:
            process.kill()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a line. Raises LineProgramError, and ends the program, where none comes that can be read."""
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        line = b""
        try:
            questions.write(json.dumps(question).encode() + b"\n")
            questions.flush()
            if select.select([answers], [], [], self._answer_seconds)[0]:
                line = answers.readline()
            return dict(json.loads(line))
        except (OSError, ValueError) as problem:
            self._process.kill()
            self._process.wait()
            self._errors.seek(0)
            words = self._errors.read().decode(errors="replace")[-4000:]
            raise LineProgramError(f"{' '.join(self._command)} answered {line!r}\n{words}") from problem
