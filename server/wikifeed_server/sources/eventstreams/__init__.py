"""Event streams as stream.wikimedia.org offers them: Server-Sent Events that tell what happened to pages."""

from wikifeed_server.sources.eventstreams.sifting import StreamOptions as StreamOptions
from wikifeed_server.sources.eventstreams.source import EventStreamSource as EventStreamSource
