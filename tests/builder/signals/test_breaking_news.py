"""Enterprise's rule for breaking news, condition by condition."""

from dataclasses import replace

import pytest
from made_up_pages import PROJECT

from wikifeed_server.builder.signals.breaking_news import NewsRule, NewsTemplates, is_breaking_news
from wikifeed_server.sources.facts import FirstHour, PageFacts

TIME = 1_700_000_000_000_000
DAY = 24 * 3_600_000_000
NEWS = ("Template:Cite news",)
BUSY = FirstHour(edits=3, editors=2)


def facts(**fields):
    return PageFacts(1, fields.pop("namespace", 0), "Earthquake", **{"created": TIME - DAY, **fields})


@pytest.mark.parametrize(
    ("fields", "titles", "is_news"),
    [
        ({"first_hour": BUSY}, NEWS, True),
        ({"first_hour": FirstHour(edits=10, editors=1)}, NEWS, True),
        ({"first_hour": FirstHour(edits=9, editors=1)}, NEWS, False),
        ({"first_hour": None}, NEWS, False),
        ({}, (*NEWS, "Template:Current disaster"), True),
        ({}, (*NEWS, "Template:current"), True),
        ({}, (*NEWS, "Template:Recurrent"), False),
        ({}, (*NEWS, "Current events"), False),
        ({}, (*NEWS, "Module:Current"), False),
        ({"first_hour": BUSY}, ("Template:Cite web", "Template:Current"), False),
        ({"first_hour": BUSY}, ("Template:Cite newspaper",), False),
        ({"first_hour": BUSY}, ("template:cite News",), True),
        ({"first_hour": BUSY}, (), False),
        ({"first_hour": BUSY, "created": TIME - DAY - 1}, NEWS, False),
        ({"first_hour": BUSY, "created": 0}, NEWS, False),
        ({"first_hour": BUSY, "created": TIME + 1}, NEWS, False),
        ({"first_hour": BUSY, "created": TIME}, NEWS, True),
        ({"first_hour": BUSY, "created": TIME - 9 * DAY, "moved_into_main": TIME - DAY}, NEWS, True),
        ({"first_hour": BUSY, "created": TIME - 9 * DAY, "moved_into_main": TIME - DAY - 1}, NEWS, False),
        ({"first_hour": BUSY, "namespace": 118}, NEWS, False),
    ],
)
def test_rule(fields, titles, is_news):
    assert is_breaking_news(facts(**fields), TIME, titles, PROJECT) is is_news


def test_names_are_those_of_the_project_else_the_english_ones():
    french = NewsTemplates(frozenset({"article de presse"}), ("événement",))
    rule = NewsRule(templates={"frwiki": french})
    frwiki = replace(PROJECT, identifier="frwiki")
    titles = ("Template:Article de presse", "Template:Événement récent")
    assert is_breaking_news(facts(), TIME, titles, frwiki, rule)
    assert not is_breaking_news(facts(), TIME, titles, PROJECT, rule)
    assert not is_breaking_news(facts(first_hour=BUSY), TIME, NEWS, frwiki, rule)
    assert is_breaking_news(facts(first_hour=BUSY), TIME, NEWS, PROJECT, rule)


def test_constants_can_be_set():
    rule = NewsRule(fresh_seconds=60, first_hour_editors=5, first_hour_edits=50)
    late, early = facts(created=TIME - 61_000_000), facts(created=TIME - 60_000_000)
    assert not is_breaking_news(replace(late, first_hour=FirstHour(50, 5)), TIME, NEWS, PROJECT, rule)
    assert is_breaking_news(replace(early, first_hour=FirstHour(1, 5)), TIME, NEWS, PROJECT, rule)
    assert not is_breaking_news(replace(early, first_hour=FirstHour(49, 4)), TIME, NEWS, PROJECT, rule)
