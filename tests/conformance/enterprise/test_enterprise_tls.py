"""The same over TLS, where clients offer HTTP/2."""

from itertools import islice

import pytest
from enterprise_client import EnterpriseClient, articles_of
from enterprise_site import PAGES, PASSWORD, USER, serving
from made_up_certificates import make_certificate

SNAPSHOT = "snapshots/dewiki_namespace_0"


@pytest.fixture(scope="module")
def secure_client(site, tmp_path_factory):
    """Logged in to a server of the same store that speaks TLS."""
    folder = tmp_path_factory.mktemp("certificates")
    make_certificate(folder, "server")
    shown = ("--tls-certificate", folder / "server.pem", "--tls-key", folder / "server.key")
    with serving(site.store, *shown) as (address, _):
        api = f"https://localhost:{address.rpartition(':')[2]}"
        with EnterpriseClient(api, part_bytes=8 << 10, authority=folder / "server.pem") as client:
            client.login(USER, PASSWORD)
            yield client


def test_a_file_comes_whole_by_parts(client, secure_client):
    data = secure_client.downloaded(f"{SNAPSHOT}/download")
    assert data == client.downloaded(f"{SNAPSHOT}/download")
    assert len(articles_of(data)) == PAGES + 1


def test_an_article_and_the_stream(site, secure_client):
    assert secure_client.articles("Ada Lovelace", limit=1)
    with secure_client.stream(fields=["name", "event.*"]) as articles:
        published = [site.publish(f"Live and secret {number}") for number in range(3)]
        assert [article["event"]["offset"] for article in islice(articles, 3)] == published
