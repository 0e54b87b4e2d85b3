import re
from pathlib import Path

import pytest

from wikifeed_server.builder.pool import BuildLimits
from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import ImportSettings, ServeSettings, all_knobs
from wikifeed_server.runtime.loading import load_configuration
from wikifeed_server.runtime.showing import as_json, as_table, as_template
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.transport.options import ServerOptions


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def origins(configuration):
    return {each.knob.key: each.origin for each in configuration.in_force}


def test_without_anything_the_defaults_are_in_force(folder):
    configuration = load_configuration({}, {}, folder)
    assert configuration.settings.store.folder == Path("wikifeed-data")
    assert configuration.settings.serve.listen == ("127.0.0.1:50051",)
    assert set(origins(configuration).values()) == {"default"}


def test_a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(folder):
    (folder / "wikifeed.toml").write_text(
        '[import]\nworkers = 2\n\n[serve]\nlisten = ["h:1", "h:2"]\ndrain_seconds = 1.5\n'
    )
    environment = {"WIKIFEED_IMPORT_WORKERS": "3", "WIKIFEED_LISTEN": "h:3,h:4"}
    configuration = load_configuration({"import.workers": ["4"]}, environment, folder)
    assert configuration.settings.import_.workers == 4
    assert configuration.settings.serve.listen == ("h:3", "h:4")
    assert configuration.settings.serve.drain_seconds == 1.5
    assert origins(configuration)["import.workers"] == "flag --import-workers"
    assert origins(configuration)["serve.listen"] == "environment WIKIFEED_LISTEN"
    assert origins(configuration)["serve.drain_seconds"] == "wikifeed.toml line 6"
    assert origins(configuration)["log.level"] == "default"


def test_a_file_may_be_named_by_flag_or_environment(folder):
    (folder / "wikifeed.toml").write_text("[import]\nworkers = 1\n")
    (folder / "two.toml").write_text("[import]\nworkers = 2\n")
    (folder / "three.toml").write_text("[import]\nworkers = 3\n")
    environment = {"WIKIFEED_CONFIG": str(folder / "two.toml")}
    assert load_configuration({}, environment, folder).settings.import_.workers == 2
    named = load_configuration({}, environment, folder, folder / "three.toml")
    assert named.settings.import_.workers == 3


def test_a_folder_in_a_file_is_relative_to_the_file(folder):
    (folder / "etc").mkdir()
    (folder / "etc" / "wikifeed.toml").write_text('[store]\nfolder = "data"\n')
    configuration = load_configuration({}, {}, folder, Path("etc/wikifeed.toml"))
    assert configuration.settings.store.folder == Path("etc/data")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[serve]\nlisten = 5\n", "serve.listen is '5' (wikifeed.toml line 2): each must be HOST:PORT"),
        (
            "[import]\n\nworkers = true\n",
            "import.workers is True (wikifeed.toml line 3): it must be a whole number from",
        ),
        ("[import]\nworkers = [1]\n", "import.workers is [1] (wikifeed.toml line 2)"),
        ("import.workers = -1\n", "import.workers is '-1' (wikifeed.toml line 1)"),
        ('[log]\nlevel = "loud"\n', "it must be one of debug, info, warning, error"),
        ('[import]\npage_memory_bytes = "many"\n', "such as 64KiB or 100MB"),
        (
            "[import]\nworker = 2\n",
            "wikifeed.toml line 2: there is no setting import.worker; did you mean import.workers?",
        ),
        ("[serve]\nlevel = 2\n", "there is no setting serve.level; did you mean log.level?"),
        ("[serves]\nlistenn = 2\n", "did you mean serve.listen?"),
        ("colour = 1\n", "there is no setting colour; `wikifeed config` lists all there are"),
        ("[serve\n", "wikifeed.toml is not valid TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place_and_what_may_be(folder, text, says):
    (folder / "wikifeed.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(says)):
        load_configuration({}, {}, folder)


def test_a_wrong_flag_and_a_wrong_variable_are_named(folder):
    with pytest.raises(
        ConfigError, match=r"import.workers is 'x' \(flag --import-workers\): it must be a whole number"
    ):
        load_configuration({"import.workers": ["x"]}, {}, folder)
    with pytest.raises(ConfigError, match=r"\(environment WIKIFEED_STORE\): it must be the path of a folder"):
        load_configuration({}, {"WIKIFEED_STORE": ""}, folder)


def test_a_file_that_was_named_must_be_there(folder):
    with pytest.raises(ConfigError, match=r"nowhere.toml can't be read: No such file"):
        load_configuration({}, {"WIKIFEED_CONFIG": "nowhere.toml"}, folder)


def test_names_of_settings_are_unique():
    knobs = all_knobs()
    for names in ([k.key for k in knobs], [k.environment for k in knobs], [k.flag for k in knobs]):
        assert len(set(names)) == len(knobs)


def test_defaults_are_valid_and_what_the_rooms_use_themselves():
    for knob in all_knobs():
        for value in knob.default if knob.many else (knob.default,):
            assert knob.kind.parse(str(knob.kind.written(value))) == value
    build, settings = BuildLimits(), ImportSettings()
    assert (build.page_seconds, build.page_memory_bytes) == (settings.page_seconds, settings.page_memory_bytes)
    assert (build.look_ahead_bytes, build.resident_bytes) == (settings.look_ahead_bytes, settings.worker_memory_bytes)
    source = SourceLimits()
    assert (source.text_bytes, source.line_bytes) == (settings.text_bytes, settings.line_bytes)
    assert source.unpacked_ratio == settings.unpacked_ratio
    assert ServerOptions().keepalive_seconds == ServeSettings().keepalive_seconds


def test_the_template_sets_what_is_set_and_explains_the_rest(folder):
    configuration = load_configuration({"import.workers": ["4"], "store.folder": ["x y"]}, {}, folder)
    (folder / "wikifeed.toml").write_text(as_template(configuration))
    again = load_configuration({}, {}, folder)
    assert again.settings == configuration.settings
    assert "# page_seconds = 20.0" in as_template(configuration)


def test_the_table_and_the_json_tell_value_and_source(folder):
    configuration = load_configuration({}, {"WIKIFEED_SERVER": "far:1"}, folder)
    assert re.search(r'^client.server +"far:1" +environment WIKIFEED_SERVER$', as_table(configuration), re.MULTILINE)
    assert b'"source": "environment WIKIFEED_SERVER"' in as_json(configuration)


def test_the_page_on_operation_lists_every_setting_with_its_default(repository):
    page = (repository / "docs" / "operation.md").read_text()
    for knob in all_knobs():
        default = ", ".join(knob.written(knob.default)) if knob.many else knob.written(knob.default)
        assert f"| `{knob.key}` | `{knob.flag}` | `{knob.environment}` | {default} | {knob.what} |" in page
