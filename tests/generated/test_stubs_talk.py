"""The stubs of each language compile and talk to the server: once, in streams, both ways, and of failures."""

import json
import shutil
from queue import SimpleQueue

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetSubscriptionRequest,
    StreamChangesRequest,
    SubscribeRequest,
)
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.subscription_pb2 import OpenSubscription

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]
PROGRAMS = "build/talk"
LATER = b"\xd2\xb2\x04\x05later"


def go(run, repository):
    run("go", "build", "-o", repository / PROGRAMS / "go", ".", folder="tests/generated/go")
    return [repository / PROGRAMS / "go"]


def java(run, repository):
    run("mvn", "-q", "-B", "install", folder="generated/java")
    run("mvn", "-q", "-B", "compile", folder="tests/generated/java")
    built = repository / "build" / "java" / "talk"
    return ["java", "-cp", f"{built / 'classes'}:{(built / 'classpath.txt').read_text()}", "Talk"]


def typescript(run, repository):
    stubs, place = repository / "generated" / "typescript", repository / PROGRAMS / "typescript"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "tsconfig.json", "talk.ts"):
        shutil.copy(repository / "tests" / "generated" / "typescript" / name, place)
    run("npm", "install", "--silent", "--no-package-lock", folder=stubs)
    run("npm", "run", "--silent", "build", folder=stubs)
    run("npm", "install", "--silent", "--no-save", "--no-package-lock", "--install-links", stubs, folder=place)
    run("npx", "tsc", folder=place)
    return ["node", place / "talk.js"]


def rust(run, repository):
    target = repository / "build" / "clients" / "rust-target"
    run("cargo", "build", "--quiet", folder="tests/generated/rust", CARGO_TARGET_DIR=str(target))
    return [target / "debug" / "talk"]


def cpp(run, repository):
    target = repository / PROGRAMS / "cpp"
    run("cmake", "-S", "tests/generated/cpp", "-B", target, "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
    run("cmake", "--build", target, "--parallel")
    return [target / "talk"]


def ruby(run, repository):
    return ["ruby", "-I", repository / "generated" / "ruby" / "lib", "tests/generated/ruby/talk.rb"]


def told_by_python(address):
    """What the stub of Python brings."""
    told = {"kept": Article.FromString(LATER).SerializeToString() == LATER}
    with grpc.insecure_channel(address) as channel:
        articles, changes = ArticleServiceStub(channel), ChangeServiceStub(channel)
        told["name"] = articles.GetArticle(GetArticleRequest(project="enwiki", title="Anarchism")).article.name
        with pytest.raises(grpc.RpcError) as failure:
            articles.GetArticle(GetArticleRequest(project="enwiki", title="No such page"))
        told["code"] = failure.value.code().value[0]
        told["reason"] = reason_of(failure.value)
        stream = changes.StreamChanges(StreamChangesRequest(after_offset=0, until_offset=3))
        told["offsets"] = [change.offset for response in stream for change in response.changes]
        opening = OpenSubscription(name="python", max_batch_size=1, after_offset=0)
        requests = SimpleQueue()
        requests.put(SubscribeRequest(open=opening))
        call = changes.Subscribe(iter(requests.get, None))
        delivered = next(response for response in call if response.delivery_id)
        told["delivered"] = [change.offset for change in delivered.changes]
        requests.put(SubscribeRequest(acknowledge=delivered.delivery_id))
        requests.put(None)
        list(call)
    return told


def acknowledged(address, name):
    """Up to where the subscription is acknowledged, as the server keeps it; it is taken away."""
    with grpc.insecure_channel(address) as channel:
        changes = ChangeServiceStub(channel)
        offset = changes.GetSubscription(GetSubscriptionRequest(name=name)).subscription.acknowledged_offset
        changes.DeleteSubscription(DeleteSubscriptionRequest(name=name))
    return offset


def reason_of(failure):
    (packed,) = (value for key, value in failure.trailing_metadata() if key == "grpc-status-details-bin")
    info = ErrorInfo()
    assert any(detail.Unpack(info) for detail in Status.FromString(packed).details)
    return info.reason


@pytest.mark.parametrize("language", [go, java, typescript, rust, cpp, ruby], ids=lambda language: language.__name__)
def test_the_stubs_compile_and_talk_as_those_of_python(run, repository, server, language):
    command = language(run, repository)
    told = json.loads(run(*command, server, language.__name__))
    expected = told_by_python(server)
    assert [acknowledged(server, name) for name in ("python", language.__name__)] == [1, 1]
    assert expected["name"] == "Anarchism"
    assert (expected["offsets"], expected["delivered"]) == ([1, 2, 3], [1])
    assert (expected["code"], expected["reason"]) == (5, "ARTICLE_NOT_FOUND")
    # prost, alone among them, drops fields that it does not know.
    assert told == {**expected, "kept": language is not rust}
