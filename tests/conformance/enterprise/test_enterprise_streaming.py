"""The stream: from now, from a time, from offsets; parted, cut and begun again."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from enterprise_client import ALL_PARTS, PARTITIONS, PARTITIONS_A_PART, EnterpriseError, Position
from enterprise_site import LINE_ENDS, PAGES

FROM_THE_BEGINNING = {str(partition): 0 for partition in range(PARTITIONS)}
EVENT = ["name", "event.*", "is_part_of.identifier", "namespace.identifier"]


def offsets(articles):
    return [article["event"]["offset"] for article in articles]


def taken(site, articles, count):
    """So many changes of the history, in the order of their offsets. Between partitions a stream has no order."""
    old = (article for article in articles if article["event"]["offset"] <= site.newest)
    return sorted(islice(old, count), key=lambda article: article["event"]["offset"])


@pytest.fixture(scope="module")
def history(site, client):
    """All that the store had when it was first served, in the order in which it came."""
    with client.stream(parts=ALL_PARTS, offsets=FROM_THE_BEGINNING, fields=EVENT) as articles:
        return taken(site, articles, site.newest)


def test_the_stream_from_the_beginning_has_every_change_once(site, history):
    assert offsets(history) == list(range(1, site.newest + 1))
    assert [each["name"] for each in history if each["event"]["type"] == "delete"] == [f"Page {PAGES}"]


def test_what_is_published_after_the_headers_came_arrives(site, client):
    with client.stream() as articles:
        published = [site.publish(f"Live {number}") for number in range(5)]
        assert offsets(islice(articles, 5)) == published


def test_a_streamed_article_is_whole(site, client):
    with client.stream() as articles:
        site.publish("Live and whole", text="its text")
        article = next(articles)
    assert article["name"] == "Live and whole"
    assert article["article_body"]["wikitext"] == "its text"
    assert article["is_part_of"]["identifier"] == "enwiki"
    assert article["event"].keys() >= {"identifier", "type", "date_created", "date_published", "partition", "offset"}


def test_text_that_looks_like_ends_of_lines_comes_through(site, client):
    with client.stream(fields=["article_body.wikitext"]) as articles:
        site.publish("Live line ends", text=f"a{LINE_ENDS}b\r\nc")
        assert next(articles)["article_body"]["wikitext"] == f"a{LINE_ENDS}b\r\nc"


def test_a_deletion_is_told_without_a_body(site, client):
    site.publish("Live and gone", 5000)
    with client.stream() as articles:
        site.feed.delete("Live and gone", 5000)
        article = next(articles)
    assert (article["name"], article["event"]["type"]) == ("Live and gone", "delete")
    assert "article_body" not in article


def test_an_offset_is_the_first_that_comes(history, client):
    last = history[-1]["event"]
    begin = {str(last["partition"]): last["offset"]}
    part = last["partition"] // PARTITIONS_A_PART
    with client.stream(parts=[part], offsets=begin, fields=EVENT) as articles:
        assert next(articles) == history[-1]


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_stream_that_was_cut_goes_on_behind_what_was_seen(site, client, history, cut):
    position, seen = Position(), []
    with client.stream(parts=ALL_PARTS, offsets=FROM_THE_BEGINNING, fields=EVENT) as articles:
        for article in taken(site, articles, cut):
            position.saw(article)
            seen.append(article)
    onwards = FROM_THE_BEGINNING | position.next_offsets()
    with client.stream(parts=ALL_PARTS, offsets=onwards, fields=EVENT) as articles:
        seen += taken(site, articles, site.newest - cut)
    assert sorted(offsets(seen)) == offsets(history)


def test_a_stream_that_was_cut_goes_on_from_the_time_of_what_was_seen(site, client, history):
    position = Position()
    for article in history[:20]:
        position.saw(article)
    since = min(position.times.values())
    expected = [article for article in history if article["event"]["date_published"] >= since]
    with client.stream(since=since, fields=EVENT) as articles:
        assert taken(site, articles, len(expected)) == expected


def test_each_partition_may_have_a_time_of_its_own(site, client, history):
    late = history[-1]["event"]["date_published"]
    early = history[0]["event"]["date_published"]
    times = {str(partition): late if partition % 2 else early for partition in range(PARTITIONS)}
    expected = [
        article
        for article in history
        if article["event"]["date_published"] >= times[str(article["event"]["partition"])]
    ]
    with client.stream(parts=ALL_PARTS, since_per_partition=times, fields=EVENT) as articles:
        assert taken(site, articles, len(expected)) == expected


def test_times_may_have_any_offset_from_utc(site, client, history):
    moment = datetime.fromisoformat(history[0]["event"]["date_published"]) - timedelta(seconds=1)
    for since in (moment.astimezone(UTC).isoformat(), moment.astimezone().isoformat()):
        with client.stream(since=since, fields=EVENT) as articles:
            assert next(articles) == history[0]


@pytest.mark.parametrize("parts", [[0], [3, 4], [9, 0, 5]])
def test_a_part_is_five_partitions(site, client, history, parts):
    mine = {part * PARTITIONS_A_PART + number for part in parts for number in range(PARTITIONS_A_PART)}
    expected = [article for article in history if article["event"]["partition"] in mine]
    with client.stream(parts=parts, offsets=FROM_THE_BEGINNING, fields=EVENT) as articles:
        assert taken(site, articles, len(expected)) == expected


def test_offsets_of_partitions_that_were_not_chosen_are_ignored(site, client, history):
    part = history[0]["event"]["partition"] // PARTITIONS_A_PART
    others = {str(number): 0 for number in range(PARTITIONS) if number // PARTITIONS_A_PART != part}
    mine = history[0]["event"]
    with client.stream(
        parts=[part], offsets=others | {str(mine["partition"]): mine["offset"]}, fields=EVENT
    ) as articles:
        assert next(articles) == history[0]


def test_a_partition_without_an_offset_is_live(site, client, history):
    partition = history[0]["event"]["partition"]
    with client.stream(parts=ALL_PARTS, offsets={str(partition): 0}, fields=EVENT) as articles:
        mine = [article for article in history if article["event"]["partition"] == partition]
        assert taken(site, articles, len(mine)) == mine
        published = site.publish("Live among the old")
        while (article := next(articles))["event"]["offset"] != published:
            assert article["event"]["partition"] == partition


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_part_of.identifier", "dewiki"),
        ("namespace.identifier", 14),
        ("event.type", "delete"),
        ("name", "AC/DC"),
    ],
)
def test_a_filter_keeps_what_equals_it(site, client, history, field, value):
    def of(article):
        for name in field.split("."):
            article = article[name]
        return article

    expected = [article for article in history if of(article) == value]
    wanted = [{"field": field, "value": value}]
    with client.stream(parts=ALL_PARTS, offsets=FROM_THE_BEGINNING, fields=EVENT, filters=wanted) as articles:
        assert taken(site, articles, len(expected)) == expected


def test_fields_are_all_that_comes(site, client):
    with client.stream(fields=["name", "version.editor.name"]) as articles:
        site.publish("Live and cut")
        article = next(articles)
    article.pop("event", None)
    assert article == {"name": "Live and cut", "version": {"editor": {"name": "Ada"}}}


TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": ["version"]},
        {"fields": ["nothing"]},
        {"fields": ["name"] * 256},
        {"filters": [{"field": "version", "value": 1}]},
        {"filters": [{"field": "nothing", "value": 1}]},
        {"filters": [{"field": "namespace.identifier", "value": "main"}]},
        {"parts": [10]},
        {"parts": [-1]},
        {"parts": [0] * 11},
        {"parts": "all"},
        {"parts": [0], "since": "2026-01-31T00:00:00Z"},
        {"parts": [0], "offsets": {"1": 1}, "since_per_partition": {"1": "2026-01-31T00:00:00Z"}},
        {"parts": [0], "offsets": {str(number): 0 for number in range(51)}},
        {"parts": [0], "offsets": {"one": 1}},
        {"parts": [0], "offsets": {"1": "one"}},
        {"since": "yesterday"},
        {"since": TOMORROW},
        {"parts": [0], "since_per_partition": {"1": TOMORROW}},
    ],
)
def test_what_is_wrong_is_unprocessable_before_the_stream_begins(client, wrong):
    with pytest.raises(EnterpriseError) as error, client.stream(**wrong):
        pass
    assert error.value.status == error.value.told["status"] == 422


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/event-stream", "text/event-stream"),
        ("*/*", "application/x-ndjson"),
    ],
)
def test_the_form_is_what_the_client_accepts(site, client, accept, expected):
    with client.http.stream("GET", f"{site.http}/v2/articles", headers={"Accept": accept}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].replace(" ", "") == f"{expected};charset=utf-8"


def test_an_event_is_one_line_of_data(site, client):
    headers = {"Accept": "text/event-stream"}
    with client.http.stream("POST", f"{site.http}/v2/articles", json={}, headers=headers) as answer:
        offset = site.publish("Live event", text=f"a\nb{LINE_ENDS}c")
        lines = answer.iter_lines()
        data = next(line.removeprefix("data: ") for line in lines if line.startswith("data: "))
        assert next(lines) == ""
    article = json.loads(data)
    assert (article["event"]["offset"], article["article_body"]["wikitext"]) == (offset, f"a\nb{LINE_ENDS}c")
