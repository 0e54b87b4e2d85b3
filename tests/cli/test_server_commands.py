"""Commands that ask a server, against `wikifeed serve` in a process of its own with the bundled pages."""

import json
import re
import shlex
import subprocess
import sys
from itertools import pairwise

import pytest


def test_get_prints_an_article_on_one_line(ask):
    result = ask("get", "enwiki", "Anarchism")
    assert result.returncode == 0
    assert result.stdout.count("\n") == 1
    article = json.loads(result.stdout)
    assert article["name"] == "Anarchism"
    assert article["is_part_of"]["identifier"] == "enwiki"
    assert article["article_body"]["wikitext"].startswith("{{")


def test_a_mask_cuts_the_article(ask):
    article = json.loads(ask("get", "enwiki", "Anarchism", "--mask", "name,version.editor", "--mask", "url").stdout)
    assert set(article) == {"name", "version", "url"}
    assert set(article["version"]) == {"editor"}


def test_an_article_can_be_named_by_its_page_id_and_revision(ask):
    by_title = json.loads(ask("get", "enwiki", "anarchism", "--mask", "identifier,version.identifier").stdout)
    revision = by_title["version"]["identifier"]
    by_id = ask("get", "enwiki", "--page-id", by_title["identifier"], "--revision", revision, "--mask", "name")
    assert json.loads(by_id.stdout) == {"name": "Anarchism"}


def test_the_raw_text_is_printed_as_it_is(ask):
    article = json.loads(ask("get", "enwiki", "Anarchism", "--mask", "article_body.wikitext").stdout)
    assert ask("get", "enwiki", "Anarchism", "--raw", "wikitext").stdout == article["article_body"]["wikitext"]


def test_structured_contents_are_printed_without_the_text_they_were_made_of(ask):
    article = json.loads(ask("get", "enwiki", "Anarchism", "--structured").stdout)
    assert article["name"] == "Anarchism"
    assert article["sections"][0]["name"] == "Abstract"
    assert not {"article_body", "categories", "links"} & set(article)
    cut = json.loads(ask("get", "enwiki", "Anarchism", "--structured", "--mask", "name,sections").stdout)
    assert cut == {"name": "Anarchism", "sections": article["sections"]}


def test_a_redirect_is_followed_and_told_on_stderr(ask):
    log = ask("tail", "--oldest", "--until-now", "--json", "--no-body")
    changes = [json.loads(line) for line in log.stdout.splitlines()]
    names = {change["article"]["name"] for change in changes if "redirect_target" not in change}
    source, target = next(
        (change["article"]["name"], change["redirect_target"])
        for change in changes
        if change.get("redirect_target") in names
    )
    result = ask("get", "enwiki", source, "--mask", "name")
    assert json.loads(result.stdout) == {"name": target}
    assert f"redirected from {source!r}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("enwiki", "No such page"), 3, "(ARTICLE_NOT_FOUND)"),
        (("xxwiki", "Anarchism"), 3, "(PROJECT_NOT_FOUND)"),
        (("enwiki", "AccessibleComputing"), 3, "(REDIRECT_TARGET_NOT_FOUND)"),
        (("enwiki", "Anarchism", "--raw", "html"), 3, "without its html"),
        (("enwiki", "Anarchism", "--mask", "colour"), 2, "colour"),
        (("enwiki", "Anarchism", "--structured", "--mask", "categories"), 2, "GetArticle"),
        (("enwiki", "Anarchism", "--structured", "--raw", "wikitext"), 2, "--raw"),
        (("no project!", "Anarchism"), 2, "project"),
        (("enwiki",), 2, "TITLE"),
        (("enwiki", "Anarchism", "--page-id", "12"), 2, "TITLE"),
        (("enwiki", "--page-id", str(2**63)), 2, "9223372036854775807"),
        (("enwiki", "Anarchism", "--timeout", "never"), 2, "client.timeout_seconds"),
    ],
)
def test_get_says_why_it_can_not_and_ends_with_the_code_for_it(ask, arguments, code, says):
    result = ask("get", *arguments)
    assert result.returncode == code, result.stderr
    assert says in result.stderr
    assert result.stdout == ""


def test_without_a_server_the_advice_is_to_start_one(wikifeed):
    for command in (("get", "enwiki", "Anarchism"), ("tail",), ("projects",), ("snapshots",)):
        result = wikifeed(*command, "--server", "localhost:1")
        assert result.returncode == 4
        assert result.stderr.splitlines() == [
            "wikifeed: no server answers at localhost:1 (Connection refused)",
            "start one with: wikifeed serve; or name another with --server HOST:PORT",
        ]


def test_tail_prints_a_line_for_each_change(ask):
    lines = ask("tail", "--oldest", "--until-now").stdout.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, 31))
    assert any(re.search(r"enwiki +create +Anarchism$", line) for line in lines)
    assert any(" -> " in line for line in lines)


def test_tail_starts_where_it_is_told_and_passes_what_it_is_told(ask):
    assert len(ask("tail", "--after", "25", "--until-now").stdout.splitlines()) == 5
    assert len(ask("tail", "--since", "2h", "--until-now").stdout.splitlines()) == 30
    assert len(ask("tail", "--since", "2001-01-01", "--until-now").stdout.splitlines()) == 30
    for nothing in (("--project", "dewiki"), ("--namespace", "14"), ("--language", "de"), ("--event", "delete")):
        assert ask("tail", "--oldest", "--until-now", *nothing).stdout == ""
    both = ("--project", "dewiki", "--project", "enwiki", "--namespace", "0", "--language", "en", "--event", "create")
    assert len(ask("tail", "--oldest", "--until-now", *both).stdout.splitlines()) == 29


def test_tail_prints_json_cut_to_a_mask(ask):
    lines = ask("tail", "--oldest", "--until-now", "--json", "--mask", "name,version.identifier").stdout.splitlines()
    changes = [json.loads(line) for line in lines]
    assert all(later["offset"] == earlier["offset"] + 1 for earlier, later in pairwise(changes))
    assert all(set(change["article"]) <= {"name", "version"} for change in changes)
    assert changes[0]["event_type"] == "create"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--after", "99999"), 1),
        (("--after", "1", "--oldest"), 2),
        (("--since", "yesterday"), 2),
        (("--mask", "name"), 2),
        (("--event", "rename"), 2),
    ],
)
def test_tail_refuses_a_start_that_can_not_be(ask, arguments, code):
    result = ask("tail", *arguments)
    assert result.returncode == code
    assert result.stderr


def test_a_reader_that_goes_away_ends_a_command_quietly(server, command, environment):
    tail = shlex.join([*command, "tail", "--oldest", "--json", "--server", server.address])
    pipe = ["bash", "-c", f"{tail} | head -n 1; echo ${{PIPESTATUS[0]}}"]
    result = subprocess.run(pipe, capture_output=True, text=True, check=True, timeout=60, env=environment)
    change, code = result.stdout.splitlines()
    assert json.loads(change)["offset"] == 1
    assert code == "0"
    assert result.stderr == ""


def test_projects_are_listed_for_people_and_programs(ask):
    assert re.search(r"^enwiki +wiki +en ", ask("projects").stdout, re.MULTILINE)
    assert json.loads(ask("projects", "--json").stdout)["identifier"] == "enwiki"


def test_a_server_without_snapshots_says_so_on_stderr(ask):
    result = ask("snapshots")
    assert (result.returncode, result.stdout) == (0, "")
    assert "no snapshot" in result.stderr


def test_doctor_knows_a_wikifeed_server_on_the_port(ask, server, store):
    result = ask("doctor", "--store", store, "--listen", f"127.0.0.1:{server.port}")
    assert result.returncode == 0, result.stdout
    assert f"a Wikifeed server answers at 127.0.0.1:{server.port}" in result.stdout


def test_the_example_gets_a_snapshot_and_the_stream_behind_it(ask, server, repository):
    command = [sys.executable, repository / "examples" / "feed.py", server.address]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "enwiki_namespace_0.tar.gz: 16 articles" in result.stdout
    assert "checksum right" in result.stdout
    assert re.search(r"^30 +ready +16 ", ask("snapshots").stdout, re.MULTILINE)


def test_a_server_with_tls_is_asked_by_clients_that_trust_it(serve, store, wikifeed, tmp_path):
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    made = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "own.key", "-out", "own.pem")
    subprocess.run(["openssl", *words.split(), *made], cwd=tmp_path, check=True, capture_output=True)
    tls = ("--tls-certificate", tmp_path / "own.pem", "--tls-key", tmp_path / "own.key")
    with serve(store, "127.0.0.1:0", *tls) as server:
        words = ("get", "enwiki", "Anarchism", "--mask", "name", "--server", server.address)
        trusting = wikifeed(*words, "--server-authority", tmp_path / "own.pem")
        assert json.loads(trusting.stdout) == {"name": "Anarchism"}
        for doubting, advice in ((wikifeed(*words), "--tls yes"), (wikifeed(*words, "--tls", "yes"), "vouches")):
            assert doubting.returncode == 4
            assert doubting.stderr.startswith(f"wikifeed: no server answers at {server.address}")
            assert advice in doubting.stderr
    missing = wikifeed(*words, "--server-authority", "none.pem")
    assert missing.returncode == 2
    assert "none.pem can't be read: No such file" in missing.stderr
