"""The official client of Connect for browsers, installed into `build/`, and the contract in a form that it reads."""

import shutil
import subprocess
from pathlib import Path

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.rpc import error_details_pb2

_SOURCES = Path(__file__).parent / "connect_web"
_SERVICES = ("ArticleService", "CatalogService", "ChangeService")


def program(name: str) -> str:
    """The path of a program; the test fails where it is missing."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"there is no {name} (https://nodejs.org, or apt install nodejs npm) to run Connect's client with")
    return path


def installed(repository: Path) -> Path:
    """A folder with the client's programs, its packages and the contract (`image.binpb`)."""
    folder = repository / "build" / "connect-web"
    wanted = (_SOURCES / "package.json").read_bytes()
    there = folder / "package.json"
    if not there.exists() or there.read_bytes() != wanted or not (folder / "node_modules").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        there.write_bytes(wanted)
        # Their versions are exact and they need no others, so that nothing is left to lock.
        command = [program("npm"), "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, check=True, timeout=300)
    for source in _SOURCES.glob("*.mjs"):
        shutil.copy(source, folder)
    (folder / "image.binpb").write_bytes(_image().SerializeToString())
    return folder


def _image() -> FileDescriptorSet:
    files: dict[str, FileDescriptor] = {}

    def add(file: FileDescriptor) -> None:
        for imported in file.dependencies:
            add(imported)
        files.setdefault(file.name, file)

    for name in _SERVICES:
        add(descriptor_pool.Default().FindServiceByName(f"wikifeed.v1.{name}").file)
    add(error_details_pb2.DESCRIPTOR)
    image = FileDescriptorSet()
    for file in files.values():
        file.CopyToProto(image.file.add())
    return image
