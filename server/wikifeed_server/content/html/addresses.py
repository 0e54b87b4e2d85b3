"""Absolute addresses out of a page's own, and the page's own address."""

from urllib.parse import urljoin, urlsplit

_DIRECT = ("https://", "http://", "mailto:", "tel:", "news:", "irc:", "ircs:", "geo:", "ftp://", "magnet:")


class Addresses:
    """Makes addresses absolute against a page's base (`<base href>`), as Parsoid writes them: "./Title", "//host/path".

    Without a base, relative addresses stay as they are written.
    """

    def __init__(self, base: str) -> None:
        self.base = f"https:{base}" if base.startswith("//") else base
        scheme = urlsplit(self.base).scheme if self.base else ""
        self._scheme = f"{scheme or 'https'}:"
        self._folder = self.base if self.base.endswith("/") else self.base.rpartition("/")[0] + "/"

    def absolute(self, address: str) -> str:
        """The absolute form of an address; one that can't be read is given back as it is."""
        if address[:2] == "./" and self.base:
            return self._folder + address[2:].rstrip() if "../" not in address else self._joined(address)
        if address.startswith(_DIRECT):
            return address.rstrip()
        address = address.strip()
        if address.startswith("//"):
            return self._scheme + address
        return self._joined(address) if self.base else address

    def _joined(self, address: str) -> str:
        try:
            return urljoin(self.base, address)
        except ValueError:  # for example an IPv6 host without its closing bracket
            return address
