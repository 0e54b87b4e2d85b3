"""Wikifeed: any MediaWiki as one machine-readable feed.

Data moves one way: sources, builder, store and log, services, transports. A room imports only from rooms to its left
and from what stands under all of them: `contract`, `projects`, `errors` and the generated code.
"""

__version__ = "0.1.0"
