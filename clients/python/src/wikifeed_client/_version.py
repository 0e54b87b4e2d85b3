"""The version, which is in the user agent too."""

VERSION = "0.1.0"
