"""The official client of Connect for browsers, installed into `build/`, and the contract in a form that it reads."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.rpc import error_details_pb2
from made_up_feed import Feed

_SOURCES = Path(__file__).parent / "connect_web"
TITLES = ("Ada Lovelace", "AC/DC", "Anarchism")
_TRANSPORTS = ("connect", "connect json", "grpc-web")
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


def import_map(folder: Path) -> dict[str, str]:
    """Where a page finds what the packages import by name, from `folder` on."""
    found = {}
    for package in json.loads((folder / "package.json").read_bytes())["dependencies"]:
        exported = json.loads((folder / "node_modules" / package / "package.json").read_bytes())["exports"]
        for name, conditions in exported.items():
            if isinstance(conditions, dict) and isinstance(conditions.get("import"), str):
                found[package + name[1:]] = f"/node_modules/{package}/{conditions['import'][2:]}"
    return found


def publish(feed: Feed) -> None:
    """Publish what the client asks for, as of this moment: a server lets its log forget what is old."""
    feed.time = time.time_ns() // 1000
    for title in TITLES:
        feed.publish(title)


def expected() -> dict[str, Any]:
    """What each transport sees of a store where that was published and nothing else."""
    seen = {
        "article": TITLES[0],
        "projects": ["dewiki", "enwiki", "hewiktionary"],
        "outcomes": ["article", "error"],
        "offsets": [1, 2, 3],
        "missing": ["NotFound", "ARTICLE_NOT_FOUND"],
        "ahead": ["OutOfRange", "OFFSET_IN_FUTURE"],
        "stranger": ["Unauthenticated", "CREDENTIALS_INVALID"],
        "strangers_stream": ["Unauthenticated", "CREDENTIALS_INVALID"],
    }
    return dict.fromkeys(_TRANSPORTS, seen)


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
