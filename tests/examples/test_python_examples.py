"""The examples in Python, each run against a real server on the bundled pages."""

import re
import signal
import sqlite3
from contextlib import closing

import pytest
from made_up_feed import Feed

pytestmark = [pytest.mark.full, pytest.mark.timeout(60)]


def lines(running, count):
    """The next lines that a program prints; what it says on standard error where it ends before."""
    found = [running.stdout.readline() for _ in range(count)]
    assert found[-1], running.stderr.read()
    return [line.rstrip("\n") for line in found]


def end(running):
    """End it as Ctrl-C does."""
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=30) == 0, running.stderr.read()


def publish(store, title, page_id):
    """Store a further article."""
    feed = Feed(store)
    feed.publish(title, page_id)
    feed.close()


def test_changes_are_printed_for_ever_and_gone_on_with(server, store, example):
    with example("python/changes.py", server) as running:
        printed = lines(running, 30)
        assert [int(line.split()[0]) for line in printed] == list(range(1, 31))
        assert re.fullmatch(r"\s+2 create   Anarchism \(.+\)", printed[1])
        publish(store, "Ada", 101)
        assert lines(running, 1) == ["       31 create   Ada (Ada)"]
        end(running)
    with example("python/changes.py", server) as running:
        publish(store, "Grace", 102)
        # The last one comes again where the program ended before it asked for the next.
        printed = lines(running, 1)
        if printed == ["       31 create   Ada (Ada)"]:
            printed = lines(running, 1)
        assert printed == ["       32 create   Grace (Ada)"]


def test_a_mirror_holds_what_the_server_has(server, store, example, tmp_path):
    with example("python/mirror.py", server) as running:
        assert lines(running, 1) == ["0 updates, through offset 30"]
        publish(store, "Ada", 101)
        assert "1 updates, through offset 31" in lines(running, 2)
        end(running)
    with example("python/mirror.py", server) as running:
        publish(store, "Grace", 102)
        assert lines(running, 1) == ["1 updates, through offset 32"]
    with closing(sqlite3.connect(tmp_path / "run" / "mirror.db")) as database:
        rows = dict(database.execute("SELECT title, text FROM page"))
        assert database.execute("SELECT offset FROM wikifeed_checkpoint").fetchone() == (32,)
    assert len(rows) == 18
    assert "anarchism" in rows["Anarchism"].lower()
    assert rows["Grace"] == "text"


def test_passages_are_found_by_their_words_and_follow_the_wiki(server, store, example):
    with example("python/search.py", "fill", server) as running:
        count = int(re.fullmatch(r"(\d+) passages", lines(running, 1)[0])[1])
        # Each is in the index when the program asks for the one behind it.
        publish(store, "Zeppelin", 103)
        publish(store, "Balloon", 104)
        while lines(running, 1) != ["32 Balloon"]:
            pass
        end(running)
    assert count > 100
    with example("python/search.py", "find", "zeppelin") as running:
        assert running.communicate(timeout=30)[0].splitlines()[0] == "Zeppelin"
    with example("python/search.py", "find", "mutual aid") as running:
        found, errors = running.communicate(timeout=30)
    assert found.splitlines()[0].startswith("Anarchism > "), errors
    assert "[mutual] [aid]" in found
    assert "https://en.wikipedia.org/wiki/Anarchism" in found


def test_the_feed_on_bare_stubs(server, example):
    with example("feed.py", server) as running:
        printed, errors = running.communicate(timeout=120)
    assert printed.startswith("enwiki_namespace_0.tar.gz: 16 articles"), errors
    assert re.findall(r"^(\d+) ", printed, re.MULTILINE) == ["28", "29", "30"]


def test_a_subscription_on_bare_stubs(server, example, tmp_path):
    with example("subscribe.py", server) as running:
        assert re.fullmatch(r"64 of 64 shares, 30 changes behind", lines(running, 1)[0])
        while not lines(running, 1)[0].startswith("through 30"):
            pass
    with closing(sqlite3.connect(tmp_path / "run" / "pages.db")) as database:
        assert database.execute("SELECT count(*), max(offset) FROM page").fetchone() == (30, 30)
