"""Version 1 of the Wikifeed contract."""
