"""Keeps a store current: from each source of events by way of the wiki's API and the builder into the store."""
