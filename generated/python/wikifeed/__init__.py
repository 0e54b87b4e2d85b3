"""The Wikifeed contract: one package for each version."""
