"""Abstracts and categories built from wikitext agree with those that Wikimedia Enterprise serves for the same text."""

import gzip
import json
from collections import Counter

from wikifeed_server.builder.document import project_of
from wikifeed_server.content import read_wikitext
from wikifeed_server.contract.json import article_from_json


def word_f1(found, wanted):
    """The harmonic mean of precision and recall of the words of two texts, as bags."""
    ours, theirs = Counter(found.split()), Counter(wanted.split())
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def test_abstracts_and_categories_agree_with_enterprise(enterprise_articles):
    scores = {}
    for path in sorted(enterprise_articles.glob("*.json.gz")):
        data = gzip.decompress(path.read_bytes())
        wanted = json.loads(data)
        article = article_from_json(data)
        contents = read_wikitext(article.article_body.wikitext, project_of(article), article.name)
        found = {category["name"] for category in contents.categories}
        assert found <= {category["name"] for category in wanted.get("categories", [])}
        if "abstract" in wanted:
            scores[path.name] = word_f1(contents.abstract, wanted["abstract"])
    print({name: round(score, 3) for name, score in scores.items()})
    assert len(scores) == 6
    assert min(scores.values()) > 0.97
