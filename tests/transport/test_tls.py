"""TLS over real sockets, with certificates made by openssl."""

import asyncio
import socket
import ssl
import subprocess

import grpc
import pytest
import structlog
from calls import MadeUpChanges
from made_up_certificates import make_certificate, openssl, use

from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.options import ServerOptions, TlsFiles

ASK = GetChangeLogInfoRequest()


@pytest.fixture
def usual():
    """Only grpcio has TLS."""
    return ServerOptions()


@pytest.fixture
def folder(tmp_path):
    for name in ("first", "second", "client"):
        make_certificate(tmp_path, name)
    use(tmp_path, "first")
    return tmp_path


def files(folder, authority=None):
    return TlsFiles(folder / "server.pem", folder / "server.key", authority and folder / authority)


def subject(server):
    """The name in the certificate that a fresh handshake shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    host, port = server.addresses[0].split(":")
    with socket.create_connection((host, int(port))) as plain, context.wrap_socket(plain) as wrapped:
        der = wrapped.getpeercert(binary_form=True)
    command = ["openssl", "x509", "-inform", "der", "-subject", "-noout"]
    text = subprocess.run(command, input=der, capture_output=True, check=True)
    return text.stdout.decode().strip().rpartition("=")[2].strip()


def channel(server, folder, root, *client):
    """A channel that trusts one certificate, and shows another if it is named."""
    pair = [(folder / f"{name}.{ending}").read_bytes() for name in client for ending in ("key", "pem")]
    credentials = grpc.ssl_channel_credentials((folder / f"{root}.pem").read_bytes(), *pair)
    return grpc.aio.secure_channel(server.addresses[0], credentials)


async def test_a_client_that_trusts_the_certificate_is_answered(serve, folder):
    server = await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder)))
    async with channel(server, folder, "first") as trusting:
        await ChangeServiceStub(trusting).GetChangeLogInfo(ASK)
    async with channel(server, folder, "second") as doubting:
        with pytest.raises(grpc.aio.AioRpcError):
            await ChangeServiceStub(doubting).GetChangeLogInfo(ASK)


async def test_a_renewed_certificate_is_shown_and_what_is_connected_goes_on(serve, folder):
    server = await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder)))
    async with channel(server, folder, "first") as old:
        await ChangeServiceStub(old).GetChangeLogInfo(ASK)
        use(folder, "second")
        assert await asyncio.to_thread(subject, server) == "second"
        await ChangeServiceStub(old).GetChangeLogInfo(ASK)
        async with channel(server, folder, "second") as fresh:
            await ChangeServiceStub(fresh).GetChangeLogInfo(ASK)


async def test_a_renewal_that_is_broken_is_logged_and_the_old_certificate_stays(serve, folder):
    server = await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder)))
    (folder / "server.pem").write_text("nothing of the kind")
    with structlog.testing.capture_logs() as logs:
        assert await asyncio.to_thread(subject, server) == "first"
    (logged,) = logs
    assert "the old ones stay" in logged["event"]
    assert "server.pem" in logged["error"]
    use(folder, "second")
    assert await asyncio.to_thread(subject, server) == "second"


async def test_a_certificate_that_has_expired_is_served_with_a_warning(serve, folder):
    request = ("req", "-new", "-key", folder / "server.key", "-subj", "/CN=late", "-out", folder / "late.csr")
    openssl(*request)
    signed = ("-req", "-in", folder / "late.csr", "-signkey", folder / "server.key", "-days", "-1")
    openssl("x509", *signed, "-out", folder / "server.pem")
    with structlog.testing.capture_logs() as logs:
        server = await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder)))
    (logged,) = logs
    assert (logged["log_level"], logged["why"]) == ("warning", "certificate has expired")
    assert logged["certificate"].endswith("server.pem")
    assert await asyncio.to_thread(subject, server) == "late"


async def test_a_certificate_within_its_dates_is_served_without_a_word(serve, folder):
    with structlog.testing.capture_logs() as logs:
        await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder, "client.pem")))
    assert logs == []


async def test_clients_must_show_a_certificate_where_an_authority_is_named(serve, folder):
    options = ServerOptions(tls=files(folder, "client.pem"))
    server = await serve(ChangeService=MadeUpChanges(), options=options)
    async with channel(server, folder, "first", "client") as known:
        await ChangeServiceStub(known).GetChangeLogInfo(ASK)
    for shown in ((), ("second",)):
        async with channel(server, folder, "first", *shown) as unknown:
            with pytest.raises(grpc.aio.AioRpcError):
                await ChangeServiceStub(unknown).GetChangeLogInfo(ASK)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("server.pem", None, r"server.pem: No such file"),
        ("server.key", None, r"server.key: No such file"),
        ("server.pem", "", r"server.pem: is no certificate that fits the key in .*server.key"),
        ("server.key", "second.key", r"server.pem: is no certificate that fits the key in .*server.key"),
        ("client.pem", "", r"client.pem: holds no certificates"),
    ],
)
async def test_files_that_can_not_be_used_are_told_at_the_start(serve, folder, name, content, told):
    path = folder / name
    path.unlink()
    if content is not None:
        path.write_bytes((folder / content).read_bytes() if content else b"")
    with pytest.raises(ConfigError, match=told):
        await serve(ChangeService=MadeUpChanges(), options=ServerOptions(tls=files(folder, "client.pem")))
