"""Reads a page as Parsoid renders it: HTML in, `PageContents` out."""

from wikifeed_server.content.html.nesting import HtmlError
from wikifeed_server.content.html.page import read_html

__all__ = ["HtmlError", "read_html"]
