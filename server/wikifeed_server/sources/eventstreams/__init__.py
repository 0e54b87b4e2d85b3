"""Event streams as stream.wikimedia.org offers them: Server-Sent Events that tell what happened to pages."""

from wikifeed_server.sources.eventstreams.source import EventStreamSource as EventStreamSource
from wikifeed_server.sources.eventstreams.source import StreamOptions as StreamOptions
