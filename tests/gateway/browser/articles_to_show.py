"""Articles for the explorer: one with all parts, and one that means harm."""

from made_up_feed import Feed

from wikifeed.v1.article_pb2 import Article

ARABIC = "أدا لوفليس"
# What could run, load, lead away or turn its neighbours around, were it not text.
SCRIPT = "<script>window.harmed = 1</script>"
IMAGE = '<img src="x" onerror="window.harmed = 2">'
TURNED = "\u202egnp.exe"
LINKS = (
    {"url": "javascript:window.harmed = 3", "text": "script"},
    {"url": "data:text/html,<script>window.harmed = 4</script>", "text": "data"},
    {"url": " JaVaScRiPt:window.harmed = 5", "text": "script again"},
    {"url": 'https://example.org/?q="><script>window.harmed = 6</script>', "text": "web"},
)
_FIELDS = ("infoboxes", "sections", "tables", "references")


def publish_article(feed: Feed, title: str, page_id: int, text: str, direction: str = "ltr") -> None:
    """An article all of whose parts say `text`."""
    image = {"content_url": "https://example.org/image.png", "caption": f"caption {text}"}
    article = Article(
        name=title,
        identifier=page_id,
        abstract=f"abstract {text}",
        description=f"description {text}",
        url="https://example.org/page",
        namespace={"identifier": 0},
        is_part_of={"identifier": "enwiki"},
        in_language={"identifier": "en" if direction == "ltr" else "ar", "direction": direction},
        version={"identifier": 1, "comment": f"comment {text}", "editor": {"name": f"editor {text}"}},
        categories=[{"name": f"category {text}", "url": LINKS[0]["url"]}],
        infoboxes=[
            {
                "type": "infobox",
                "name": f"box {text}",
                "has_parts": [
                    {"type": "field", "name": f"label {text}", "value": f"value {text}", "links": LINKS},
                    {"type": "image", "images": [image]},
                ],
            }
        ],
        sections=[
            {
                "type": "section",
                "name": f"section {text}",
                "has_parts": [
                    {"type": "paragraph", "value": f"paragraph {text}", "links": LINKS},
                    {"type": "list", "has_parts": [{"type": "list_item", "value": f"item {text}"}]},
                    {"type": "section", "name": f"inner {text}", "has_parts": [{"type": "paragraph", "value": text}]},
                ],
            }
        ],
        tables=[
            {
                "identifier": "table_1",
                "caption": f"table {text}",
                "headers": [{"cells": [{"value": f"head {text}"}]}],
                "rows": [{"cells": [{"value": f"cell {text}"}]}],
            }
        ],
        references=[{"identifier": "note_1", "text": {"value": f"note {text}", "links": LINKS}}],
    )
    structured = Article(**{name: getattr(article, name) for name in _FIELDS})
    for name in _FIELDS:
        article.ClearField(name)
    write = feed.write(title, page_id, head=article.SerializeToString(), structured=structured.SerializeToString())
    feed.publish_many([write])
