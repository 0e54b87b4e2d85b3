"""`make demo`: loads the bundled pages, starts a server, shows what it answers, and leaves it running until Ctrl-C.

Every command that it shows works as printed, from this folder, while the server runs.
"""

import json
import shlex
import signal
import socket
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

ROOT = Path(__file__).resolve().parent.parent
WIKIFEED = Path(sys.executable).parent / "wikifeed"
PAGES = Path("tests/data/enwiki-demo.xml.bz2")
STORE = Path("build/demo-store")
OUTPUT = Path("build/demo-export")
LOG = Path("build/demo-server.log")
PROJECT, TITLE = "enwiki", "Anarchism"
USUAL_PORT, USUAL_HTTP_PORT = 50051, 8080
WIDTH, LINES = 110, 14


def main() -> int:
    """Run the demonstration; the server's exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends the server too
    (ROOT / "build").mkdir(exist_ok=True)
    step(f"Load real pages of the English Wikipedia into {STORE}. Run again, it finds nothing new.")
    run("import", PAGES, "--project", PROJECT, "--store", STORE)
    address, http = f"localhost:{free_port(USUAL_PORT)}", f"localhost:{free_port(USUAL_HTTP_PORT)}"
    with server(address, http) as process:
        try:
            show_calls(address)
            show_http(http)
            step(f"The server goes on at {address}, with its log in {LOG}. Look at it in a browser:")
            print(f"    http://{http}/            # status, live changes, articles")
            step("Or try it from another terminal:")
            print(f"    source {WIKIFEED.parent.relative_to(ROOT)}/activate")
            print(f"    examples/grpcurl.sh {address}         # if you have grpcurl")
            print(f"    python examples/feed.py {address}     # snapshot, then stream\n\nCtrl-C stops it.", flush=True)
            return process.wait()
        except KeyboardInterrupt:
            print("\nStopping.")
            return 0


def show_calls(address: str) -> None:
    """One call of each kind."""
    to_server = () if address == f"localhost:{USUAL_PORT}" else ("--server", address)
    step("On demand: an article, cut to three fields.")
    run("get", PROJECT, TITLE, "--mask", "name,abstract,categories", *to_server)
    step("Its structure: what the infobox, the sections and the references say, taken apart.")
    run("get", PROJECT, TITLE, "--structured", "--mask", "references,sections", *to_server)
    step("A redirect is followed, and reported.")
    run("get", PROJECT, redirect_title(address), "--mask", "name,url,version.editor", *to_server)
    step("Stream: the log from any point of it; here its last five changes. Without --until-now it goes on, live.")
    run("tail", "--project", PROJECT, "--after", newest_offset(address) - 5, "--until-now", *to_server)
    step("Snapshot: the whole namespace as Enterprise-shaped NDJSON, exact at one offset.")
    run("export", PROJECT, "--namespace", "0", "--store", STORE, "-o", OUTPUT)
    for path in sorted(OUTPUT.glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            for member in archive:
                print(f"    {path.name} holds {member.name}, {member.size:,} bytes")


def show_http(http: str) -> None:
    """The API of Wikimedia Enterprise."""
    step("HTTP: Wikimedia Enterprise's API, at the same server.")
    url = f"http://{http}/v2/articles/{TITLE}?fields=name&fields=event.*&fields=in_language.*"
    print(f"$ curl '{url}'")
    with urllib.request.urlopen(url, timeout=10) as answer:
        for line in json.dumps(json.loads(answer.read()), indent=2, ensure_ascii=False).splitlines()[:LINES]:
            print(f"    {line}")


def step(text: str) -> None:
    """Say what comes."""
    print(f"\n== {text}", flush=True)


def run(*arguments: object) -> None:
    """Show a command and what it prints, cut to a screen."""
    words = [str(argument) for argument in arguments]
    print(f"$ wikifeed {shlex.join(words)}", flush=True)
    command = [WIKIFEED, *words]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S603 - our own
    lines = result.stderr.splitlines() + pretty(result.stdout).splitlines()
    for line in lines[:LINES]:
        print(f"    {line}" if len(line) <= WIDTH else f"    {line[:WIDTH]}...")
    if len(lines) > LINES:
        print(f"    ... {len(lines) - LINES} more lines")
    if result.returncode:
        raise SystemExit(result.returncode)


def pretty(text: str) -> str:
    """JSON as a person reads it; anything else as it is."""

    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if text.startswith("{") else text


@contextmanager
def server(address: str, http: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server on the demonstration's store; it is stopped, however this program ends."""
    listen, web = (each.replace("localhost", "127.0.0.1") for each in (address, http))
    step("Start the server.")
    print(f"$ wikifeed serve --store {STORE} --listen {listen} --http {web}", flush=True)
    command = [WIKIFEED, "serve", "--store", STORE, "--listen", listen, "--http", web]
    with (ROOT / LOG).open("wb") as log:
        # In a session of its own: Ctrl-C is for this program, which then stops the server.
        process = subprocess.Popen(command, cwd=ROOT, stderr=log, start_new_session=True)  # noqa: S603 - our own
    try:
        wait_until_ready(address, process)
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; end with its log when it ends first."""
    with grpc.insecure_channel(address) as channel:
        ready = grpc.channel_ready_future(channel)
        while process.poll() is None:
            try:
                return ready.result(timeout=0.2)
            except grpc.FutureTimeoutError:
                continue
    raise SystemExit(f"the server did not start:\n{(ROOT / LOG).read_text()}")


def free_port(usual: int) -> int:
    """The usual port or, where that is taken, one that is free."""
    for port in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                print(f"\nPort {port} is taken; another one serves.")
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("there is no free port")


def newest_offset(address: str) -> int:
    """The offset of the log's newest change."""
    with grpc.insecure_channel(address) as channel:
        return int(ChangeServiceStub(channel).GetChangeLogInfo(GetChangeLogInfoRequest()).newest_offset)


def redirect_title(address: str) -> str:
    """The title of a redirect page whose target is in the store."""
    with grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)]) as channel:
        request = StreamChangesRequest(after_offset=0, until_offset=newest_offset(address), no_body=True)
        for response in ChangeServiceStub(channel).StreamChanges(request):
            for change in response.changes:
                if change.redirect_target and leads_somewhere(channel, change.article.name):
                    return str(change.article.name)
    return TITLE


def leads_somewhere(channel: grpc.Channel, title: str) -> bool:
    """Whether the title's article is in the store."""
    request = GetArticleRequest(project=PROJECT, title=title)
    request.read_mask.paths.append("name")
    try:
        ArticleServiceStub(channel).GetArticle(request)
    except grpc.RpcError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
