"""A client of Wikimedia Enterprise's HTTP API, written from what its documentation and its own clients say of the wire.

It knows nothing of the server but addresses: what it can do here, it can do with the service it is written for.
"""

import gzip
import io
import json
import ssl
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Self

import httpx

JSON, NDJSON = "application/json", "application/x-ndjson"
PART_BYTES = 20 << 20
PARTS_AT_ONCE = 10
PARTITIONS, PARTITIONS_A_PART = 50, 5
ALL_PARTS = list(range(PARTITIONS // PARTITIONS_A_PART))

JsonObject = dict[str, Any]


class EnterpriseError(Exception):
    """The server said no: `status` of HTTP, `told` is the JSON of the body."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.request.method} {response.request.url}: {response.status_code} {response.text}")
        self.status = response.status_code
        self.headers = response.headers
        self.told: JsonObject = response.json()


@dataclass(frozen=True)
class Tokens:
    """What a login gives. `expires_in` is seconds."""

    id_token: str
    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True)
class FileHeaders:
    """What HEAD tells of a file. `etag` is without its quotes."""

    etag: str
    content_type: str
    accept_ranges: str
    last_modified: datetime
    content_length: int


@dataclass
class Position:
    """How far a stream was read: of each partition the last offset and its time."""

    offsets: dict[int, int] = field(default_factory=dict)
    times: dict[int, str] = field(default_factory=dict)

    def saw(self, article: JsonObject) -> None:
        """Remember an article of the stream."""
        event = article["event"]
        self.offsets[event["partition"]] = event["offset"]
        self.times[event["partition"]] = event["date_published"]

    def next_offsets(self) -> dict[str, int]:
        """The request's `offsets` to go on behind what was seen: they are inclusive."""
        return {str(partition): offset + 1 for partition, offset in self.offsets.items()}


class EnterpriseClient:
    """Calls the three hosts. A context manager; without a login it calls without credentials.

    `authority` is a file with the certificate to trust, where it is none that all trust.
    """

    def __init__(
        self, api: str, auth: str = "", realtime: str = "", part_bytes: int = PART_BYTES, authority: Path | None = None
    ) -> None:
        self.api, self.auth, self.realtime = api, auth or api, realtime or api
        self.part_bytes = part_bytes
        self.tokens: Tokens | None = None
        headers = {"User-Agent": "enterprise-conformance", "Content-Type": JSON}
        verify = ssl.create_default_context(cafile=authority)
        self.http = httpx.Client(
            http2=True, follow_redirects=True, timeout=20, headers=headers, trust_env=False, verify=verify
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    # Accounts

    def login(self, username: str, password: str) -> Tokens:
        """Log in; all calls from here on show the access token."""
        told = self._auth("login", username=username, password=password).json()
        return self._use(Tokens(**told))

    def refresh(self, username: str) -> Tokens:
        """Get another access token. The refresh token stays."""
        assert self.tokens is not None
        token = self.tokens.refresh_token
        told = self._auth("token-refresh", username=username, refresh_token=token).json()
        return self._use(Tokens(refresh_token=token, **told))

    def revoke(self) -> httpx.Response:
        """Take back the refresh token and the access tokens that it gave."""
        assert self.tokens is not None
        return self._auth("token-revoke", refresh_token=self.tokens.refresh_token)

    def _use(self, tokens: Tokens) -> Tokens:
        self.tokens = tokens
        self.http.headers["Authorization"] = f"Bearer {tokens.access_token}"
        return tokens

    def _auth(self, path: str, **body: str) -> httpx.Response:
        return self.call("POST", f"{self.auth}/v1/{path}", json=body)

    # What there is, and articles

    def all_of(self, path: str, **parameters: Any) -> list[JsonObject]:
        """A list: `projects`, `snapshots`, `batches/2026-01-31/07`..."""
        found: list[JsonObject] = self._posted(path, list, parameters)
        return found

    def one_of(self, path: str, **parameters: Any) -> JsonObject:
        """A single one: `projects/enwiki`, `snapshots/enwiki_namespace_0`..."""
        found: JsonObject = self._posted(path, dict, parameters)
        return found

    def articles(self, name: str, **parameters: Any) -> list[JsonObject]:
        """The articles of that title, of every project."""
        return self.all_of(f"articles/{name}", **parameters)

    def structured_contents(self, name: str, **parameters: Any) -> list[JsonObject]:
        """Their structured contents."""
        return self.all_of(f"structured-contents/{name}", **parameters)

    def _posted(self, path: str, kind: type, parameters: JsonObject) -> Any:
        response = self.call("POST", f"{self.api}/v2/{path}", json=parameters)
        assert response.headers["content-type"].partition(";")[0] == JSON
        told = response.json()
        assert isinstance(told, kind)
        return told

    def call(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Any call. Raises EnterpriseError for an answer that is none."""
        response = self.http.request(method, url, **options)
        if not response.is_success:
            raise EnterpriseError(response)
        return response

    # Files

    def head(self, path: str) -> FileHeaders:
        """What is known of a file, by the path of its download."""
        response = self.http.head(f"{self.api}/v2/{path}")
        assert response.status_code == httpx.codes.OK, response.headers
        headers = response.headers
        assert headers["etag"].startswith('"')
        assert headers["etag"].endswith('"')
        return FileHeaders(
            headers["etag"].strip('"'),
            headers["content-type"],
            headers["accept-ranges"],
            datetime.strptime(headers["last-modified"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC),
            int(headers["content-length"]),
        )

    def download(self, path: str, to: BinaryIO) -> FileHeaders:
        """Ask how long the file is, then fetch it by parts, several at once."""
        headers = self.head(path)
        lock = Lock()

        def fetch(first: int) -> None:
            last = min(first + self.part_bytes, headers.content_length) - 1
            wanted = {"Range": f"bytes={first}-{last}"}
            with self.http.stream("GET", f"{self.api}/v2/{path}", headers=wanted) as response:
                assert response.status_code == httpx.codes.PARTIAL_CONTENT
                assert "content-encoding" not in response.headers
                at = first
                for piece in response.iter_bytes(8192):
                    with lock:
                        to.seek(at)
                        to.write(piece)
                    at += len(piece)
            assert at == last + 1

        with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
            list(pool.map(fetch, range(0, headers.content_length, self.part_bytes)))
        return headers

    def downloaded(self, path: str) -> bytes:
        """A small file, whole, fetched by parts."""
        file = io.BytesIO()
        self.download(path, file)
        return file.getvalue()

    # Realtime

    @contextmanager
    def stream(self, method: str = "POST", **parameters: Any) -> Iterator[Iterator[JsonObject]]:
        """The endless stream, from the moment that the context begins: articles as they come."""
        headers = {"Accept": NDJSON, "Cache-Control": "no-cache", "Connection": "keep-alive"}
        url = f"{self.realtime}/v2/articles"
        with self.http.stream(method, url, json=parameters, headers=headers) as response:
            if not response.is_success:
                response.read()
                raise EnterpriseError(response)
            assert response.headers["content-type"].partition(";")[0] == NDJSON
            yield (json.loads(line) for line in response.iter_lines() if line.strip())


def members_of(archive: bytes) -> dict[str, list[JsonObject]]:
    """The NDJSON files of a `.tar.gz`: for each name its articles. Each line must be JSON and the last one be ended."""
    found: dict[str, list[JsonObject]] = {}
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive)), mode="r|") as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            data = file.read()
            assert not data or data.endswith(b"\n")
            found[member.name] = [json.loads(line) for line in data.splitlines()]
    return found


def articles_of(archive: bytes) -> list[JsonObject]:
    """All articles of a `.tar.gz`, in the order of its files."""
    return [article for articles in members_of(archive).values() for article in articles]
