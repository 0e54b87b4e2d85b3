import asyncio
import json
import signal
import subprocess
import tarfile

import pyarrow.parquet as pq
import pytest

from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

LARGE = 1500  # pages of the dump whose import is interrupted


def test_an_import_tells_what_it_did_and_the_second_finds_nothing_to_do(wikifeed, pages):
    first = wikifeed("import", pages, "--import-workers", "1")
    assert first.returncode == 0
    assert "enwiki-demo.xml.bz2: 30 pages of enwiki read, 30 stored (14 redirects), offsets 1 to 30" in first.stdout
    second = wikifeed("import", pages, "--import-workers", "1")
    assert second.returncode == 0
    assert "nothing to do" in second.stdout


def test_the_report_is_json_for_programs(wikifeed, pages, tmp_path):
    result = wikifeed("import", pages, "--json", "--quiet", "--store", "elsewhere", "--import-workers", "1")
    report = json.loads(result.stdout)
    assert report["projects"] == ["enwiki"]
    assert report["counts"]["written"] == report["last_offset"] == 30
    assert result.stderr == ""
    assert (tmp_path / "elsewhere" / "wikifeed.db").is_file()


def test_a_file_that_is_missing_is_a_bad_source_and_makes_no_store(wikifeed, tmp_path):
    result = wikifeed("import", "nowhere.xml.bz2")
    assert result.returncode == 5
    assert "nowhere.xml.bz2" in result.stderr
    assert not (tmp_path / "wikifeed-data").exists()


def test_a_truncated_file_is_a_bad_source_and_what_came_before_is_kept(wikifeed, pages, tmp_path):
    (tmp_path / "cut-pages-articles.xml.bz2").write_bytes(pages.read_bytes()[:-1000])
    result = wikifeed("import", "cut-pages-articles.xml.bz2", "--project", "enwiki", "--import-workers", "1")
    assert result.returncode == 5
    assert "cut-pages-articles.xml.bz2" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_second_writer_is_refused_with_the_first_named(wikifeed, pages, tmp_path):
    with EmbeddedWriter.open(tmp_path / "wikifeed-data"):
        result = wikifeed("import", pages)
    assert result.returncode == 6
    assert "another process writes to wikifeed-data" in result.stderr


def test_an_interrupted_import_says_that_it_can_go_on_and_does(wikifeed, command, environment, large_dump, tmp_path):
    EmbeddedWriter.open(tmp_path / "wikifeed-data").close()
    words = [*command, "import", large_dump.name, "--import-workers", "1"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment)
    asyncio.run(first_commit(tmp_path / "wikifeed-data"))
    process.send_signal(signal.SIGINT)
    assert "the same command goes on from there" in process.communicate(timeout=30)[1]
    assert process.returncode == 130
    report = json.loads(wikifeed("import", large_dump.name, "--import-workers", "1", "--json").stdout)
    assert 0 < report["resumed_after"] < LARGE
    assert report["last_offset"] == LARGE
    assert report["counts"]["written"] == LARGE - report["resumed_after"]


async def first_commit(store):
    """Wait until the store has been written to."""
    async with EmbeddedReader.open(store) as reader:
        while not await reader.wait(0, timeout_seconds=5):
            pass


@pytest.fixture
def large_dump(tmp_path):
    """A dump that is not imported at once."""
    page = (
        "<page><title>Page {0}</title><ns>0</ns><id>{0}</id><revision><id>{0}</id>"
        "<timestamp>2026-01-01T00:00:00Z</timestamp><contributor><username>A</username><id>1</id></contributor>"
        "<model>wikitext</model><format>text/x-wiki</format><text>{1}</text></revision></page>\n"
    )
    text = "A [[link]] and a {{template|with=arguments}}. " * 40
    path = tmp_path / "xxwiki-pages-articles.xml"
    with path.open("w") as file:
        file.write('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">')
        file.write("<siteinfo><sitename>X</sitename><dbname>xxwiki</dbname></siteinfo>")
        file.writelines(page.format(number, text) for number in range(1, LARGE + 1))
        file.write("</mediawiki>")
    return path


def test_an_export_is_exact_at_its_offset_and_described(wikifeed, store, tmp_path):
    result = wikifeed("export", "enwiki", "--namespace", "0", "--store", store, "-o", "out")
    assert result.returncode == 0
    assert "exact at offset 30" in result.stderr
    with tarfile.open(tmp_path / "out" / "enwiki_namespace_0.tar.gz") as archive:
        lines = archive.extractfile("enwiki_namespace_0_0.ndjson").read().splitlines()
    assert len(lines) == 16
    assert "Anarchism" in {json.loads(line)["name"] for line in lines}


def test_structured_contents_are_exported_as_parquet(wikifeed, store, tmp_path):
    options = ("--content", "structured", "--format", "parquet", "-o", "out")
    result = wikifeed("export", "enwiki", "--store", store, *options)
    assert result.returncode == 0, result.stderr
    assert "exact at offset 30" in result.stderr
    table = pq.read_table(tmp_path / "out" / "enwiki_namespace_0_structured_parquet_chunk_0.parquet")
    assert table.num_rows == 16
    assert table.column("sections")[0][0]["name"].as_py() == "Abstract"


def test_an_export_in_chunks_prints_its_manifest_as_json(wikifeed, store, tmp_path):
    options = ("--format", "ndjson.zst", "--content", "wikitext", "--chunk-size", "300KB", "-o", "out", "--json")
    result = wikifeed("export", "enwiki", "--store", store, *options)
    manifest = json.loads(result.stdout)
    assert manifest["articles_count"] == 16
    assert len(manifest["chunks"]) > 1
    for chunk in manifest["chunks"]:
        assert (tmp_path / "out" / chunk["file_name"]).stat().st_size == chunk["size_bytes"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export", "xxwiki", "--store", "STORE"), 3),
        (("export", "enwiki", "--store", "nowhere"), 6),
        (("export", "enwiki", "--store", "STORE", "-o", "notes.txt"), 1),
        (("export", "enwiki", "--chunk-size", "big"), 2),
        (("export", "enwiki", "--format", "zip"), 2),
        (("extract", "nowhere.wikitext"), 5),
        (("serve", "--store", "notes.txt"), 6),
    ],
)
def test_what_goes_wrong_has_its_exit_code(wikifeed, store, tmp_path, arguments, code):
    (tmp_path / "notes.txt").write_text("no store")
    result = wikifeed(*(store if each == "STORE" else each for each in arguments))
    assert result.returncode == code, result.stderr
    assert len(result.stderr.splitlines()) <= 5
    assert "Traceback" not in result.stderr


def test_extract_prints_one_line_of_json_a_file(wikifeed, tmp_path):
    (tmp_path / "One.wikitext").write_text("'''One''' is a [[number]].\n[[Category:Integers]]")
    (tmp_path / "Two.wikitext").write_text("#REDIRECT [[One]]")
    result = wikifeed("extract", "One.wikitext", "Two.wikitext")
    one, two = map(json.loads, result.stdout.splitlines())
    assert one["name"] == "One"
    assert one["abstract"] == "One is a number."
    assert one["categories"] == [
        {"name": "Category:Integers", "url": "https://en.wikipedia.org/wiki/Category:Integers"}
    ]
    assert two["redirect_target"] == "One"


def test_doctor_finds_a_sound_store_and_a_missing_one(wikifeed, store):
    sound = wikifeed("doctor", "--store", store, "--json")
    findings = {each["name"]: each for each in map(json.loads, sound.stdout.splitlines())}
    assert findings["store"]["verdict"] == "ok"
    assert "offsets 1 to 30; projects: enwiki" in findings["store"]["finding"]
    missing = wikifeed("doctor", "--listen", "127.0.0.1:0")
    assert missing.returncode == 0
    assert "there is none at wikifeed-data yet" in missing.stdout


def test_doctor_finds_what_is_broken(wikifeed, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "wikifeed.db").write_text("this is no database, whatever its name says" * 100)
    result = wikifeed("doctor", "--store", "broken", "--listen", "127.0.0.1:0", WIKIFEED_COLOUR="red")
    assert result.returncode == 1
    assert "WIKIFEED_COLOUR" in result.stdout
