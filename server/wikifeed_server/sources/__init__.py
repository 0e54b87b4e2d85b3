"""Reads the outside world: MediaWiki's dumps, and files of Wikimedia Enterprise's articles."""

from wikifeed_server.sources.items import ArticleDocument as ArticleDocument
from wikifeed_server.sources.items import PageRevision as PageRevision
from wikifeed_server.sources.items import Source as Source
from wikifeed_server.sources.limits import SourceLimits as SourceLimits
