"""A MediaWiki followed through its own API."""

from wikifeed_server.sources.mediawiki.api import WikiApi as WikiApi
from wikifeed_server.sources.mediawiki.etiquette import Etiquette as Etiquette
from wikifeed_server.sources.mediawiki.etiquette import require_contact as require_contact
from wikifeed_server.sources.mediawiki.etiquette import user_agent as user_agent
from wikifeed_server.sources.mediawiki.pages import FactsOptions as FactsOptions
from wikifeed_server.sources.mediawiki.pages import FactsReader as FactsReader
from wikifeed_server.sources.mediawiki.polling import MediaWikiSource as MediaWikiSource
from wikifeed_server.sources.mediawiki.polling import PollingOptions as PollingOptions
from wikifeed_server.sources.mediawiki.site import Wiki as Wiki
from wikifeed_server.sources.mediawiki.site import find_wiki as find_wiki
