"""One server for the whole session, and Enterprise's client logged in to it."""

from collections.abc import Callable, Iterator

import pytest
from enterprise_client import EnterpriseClient
from enterprise_site import PASSWORD, USER, Site, served_site

PART_BYTES = 8 << 10  # as many parts of these files as there are of real ones


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server on made-up wikis."""
    with served_site(tmp_path_factory.mktemp("enterprise")) as site:
        yield site


@pytest.fixture(scope="session")
def client(site: Site) -> Iterator[EnterpriseClient]:
    """Logged in."""
    with EnterpriseClient(site.http, part_bytes=PART_BYTES) as client:
        client.login(USER, PASSWORD)
        yield client


@pytest.fixture
def new_client(site: Site) -> Iterator[Callable[[], EnterpriseClient]]:
    """Makes clients that are not logged in."""
    clients: list[EnterpriseClient] = []

    def make() -> EnterpriseClient:
        clients.append(EnterpriseClient(site.http, part_bytes=PART_BYTES))
        return clients[-1]

    yield make
    for client in clients:
        client.http.close()
