"""The borders along which an article is stored in pieces, as article.proto states them at `Article`."""

from enum import IntFlag

from wikifeed.v1.article_pb2 import Article


class Parts(IntFlag):
    """The fragments of an article. HEAD is everything but what the others hold."""

    HEAD = 1
    HTML = 2
    WIKITEXT = 4
    STRUCTURED = 8
    REDIRECTS = 16
    ALL = 31


BODY_PARTS = {"html": Parts.HTML, "wikitext": Parts.WIKITEXT}  # the fields of article_body
STRUCTURED_FIELDS = frozenset({"infoboxes", "sections", "references", "tables", "links"})
# The fields that Wikimedia Enterprise's structured contents have.
STRUCTURED_CONTENTS = (
    "name",
    "identifier",
    "abstract",
    "description",
    "version",
    "event",
    "url",
    "date_created",
    "date_modified",
    "main_entity",
    "is_part_of",
    "additional_entities",
    "in_language",
    "image",
    "visibility",
    "license",
    "infoboxes",
    "sections",
    "references",
    "tables",
    "attribution",
)
HEAD_FIELDS = frozenset(Article.DESCRIPTOR.fields_by_name) - STRUCTURED_FIELDS - {"article_body", "redirects"}
