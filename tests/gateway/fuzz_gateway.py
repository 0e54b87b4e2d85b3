"""Ask a gateway all that its OpenAPI document allows, and much that it does not, for some minutes.

    python tests/gateway/fuzz_gateway.py --minutes 10

schemathesis makes up requests of all paths; streams, which do not end, are asked for by a client that closes the
connection after the answer's head. Wrong is: a server error, an answer that the document does not tell of, an error in
the server's log, a server that has ended.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import httpx  # noqa: E402
from documented import Document  # noqa: E402
from gateway_process import fill, served  # noqa: E402
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

ENDLESS = ("/v2/articles", "/status/changes")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "missing_required_header",
    "ignored_auth",
)
# Paths that are refused on purpose answer 501.
CONFIGURATION = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "501"]
"""
_SHARE_OF_STREAMS = 0.25
_EXAMPLES = 100

texts = st.text(max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
times = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z") | texts
partitions = st.integers(-1, 51).map(str) | texts
fields = st.sampled_from(["name", "version.*", "event.*", "categories.name", "article_body.html", "nope", "*"]) | texts
sensible = st.fixed_dictionaries(
    {},
    optional={
        "fields": st.lists(fields, max_size=4),
        "filters": st.lists(st.fixed_dictionaries({"field": fields, "value": scalars}), max_size=3),
        "parts": st.lists(st.integers(-1, 10), max_size=11),
        "since": times,
        "offsets": st.dictionaries(partitions, st.integers(-1, 99) | scalars, max_size=5),
        "since_per_partition": st.dictionaries(partitions, times, max_size=5),
    },
)
parameters = sensible | st.dictionaries(st.sampled_from(["fields", "filters", "parts", "since", "offsets"]), values)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["application/x-ndjson", "text/event-stream", "*/*", "nonsense"]),
        "Last-Event-ID": st.integers(-1, 2**64).map(str)
        | st.text(st.characters(max_codepoint=126, min_codepoint=32)).map(str.strip),
    },
)


def ask_all(address: str, authorization: str, seconds: float, report: Path) -> int:
    """Have schemathesis ask for all but streams; the exit code, 0 where nothing was wrong."""
    configuration = report.with_name("schemathesis.toml")
    configuration.write_text(CONFIGURATION)
    command = [
        Path(sys.executable).parent / "st",
        "--config-file",
        configuration,
        "run",
        f"{address}/openapi.json",
        "--no-color",
    ]
    command += ["--max-time", str(round(seconds)), "--request-timeout", "20", "--phases", "examples,coverage,fuzzing"]
    command += ["--generation-allow-x00", "true", "--generation-database", "none", "--checks", ",".join(CHECKS)]
    command += ["--continue-on-failure", "--report-json-path", report, "--workers", "1", "--warnings", "off"]
    command += ["--header", f"Authorization: {authorization}"]
    for path in ENDLESS:
        command += ["--exclude-path", path]
    paths = os.pathsep.join(sys.path)
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "known_names", "PYTHONPATH": paths}
    return subprocess.run([*map(str, command)], env=environment, check=False, cwd=report.parent).returncode


def ask_streams(address: str, authorization: str, seconds: float) -> Counter[str]:
    """Ask for streams, and close the connection after the answer's head: how often which status was answered.

    Raises AssertionError, and hypothesis tells the request, where the document does not tell of the answer.
    """
    statuses: Counter[str] = Counter()
    with httpx.Client(base_url=address, headers={"Authorization": authorization}, timeout=20) as client:
        document = Document(client.get("/openapi.json").json())

        @settings(max_examples=_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.sampled_from(["get", "post"]), parameters, headers, st.booleans())
        def ask(method: str, asked: dict[str, object], heads: dict[str, str], in_query: bool) -> None:
            given_in: dict[str, object] = {"json": asked}
            if in_query:
                given_in = {"params": {name: json.dumps(value) for name, value in asked.items()}}
            with client.stream(method, "/v2/articles", headers=heads, **given_in) as answer:  # type: ignore[arg-type]
                body = b"" if answer.status_code == 200 else answer.read()
                statuses[f"{answer.status_code}"] += 1
                assert answer.status_code < 500, body
                told = document.problems_of_answer("/v2/articles", method, answer.status_code, answer.headers, body)
                assert not told

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            ask()
    return statuses


def fuzz(seconds: float) -> list[str]:
    """Ask for so long: what was wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        folder.mkdir()
        authorization = f"Bearer {asyncio.run(fill(folder))}"
        with served(folder, "--accounts", "yes") as server:
            statuses = ask_streams(server.address, authorization, seconds * _SHARE_OF_STREAMS)
            print("streams, by status:", dict(sorted(statuses.items())), flush=True)
            rest = seconds * (1 - _SHARE_OF_STREAMS)
            code = ask_all(server.address, authorization, rest, Path(name) / "report.json")
            faults = server.faults()
        wrong = [f"the server's log: {json.dumps(fault)[:2000]}" for fault in faults]
        return wrong + ([f"schemathesis ended with {code}"] if code else [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    found = fuzz(parser.parse_args().minutes * 60)
    print(*found or ["nothing is wrong"], sep="\n")
    sys.exit(bool(found))
