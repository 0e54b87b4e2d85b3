import re
import shlex
import subprocess
import sys

import click
import pytest

from wikifeed_server import __version__
from wikifeed_server.cli import main
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.main import wikifeed as group
from wikifeed_server.runtime.config import all_knobs


def command_named(name):
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def pasted_lines(name):
    """The lines of a command's help that are there to be pasted."""
    with click.Context(command_named(name), info_name=name) as context:
        text = command_named(name).get_help(context)
    return [line.strip() for line in text.splitlines() if line.startswith("    ") and "wikifeed " in line]


def test_without_a_command_the_overview_is_printed(wikifeed):
    result = wikifeed()
    assert result.returncode == 0
    for name, about in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(about)}$", result.stdout, re.MULTILINE)


def test_the_overview_loads_neither_grpc_nor_the_store(wikifeed):
    code = (
        "import sys; from wikifeed_server.cli.main import run; run(['--help']);"
        "print([m for m in ('grpc', 'google.protobuf', 'sqlite3', 'rich', 'asyncio') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(wikifeed):
    assert wikifeed("--version").stdout == f"wikifeed {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_lines_to_paste(name):
    lines = pasted_lines(name)
    assert lines
    for line in lines:
        for part in re.split(r"[|>&]|<\(", line):
            words = shlex.split(part.split("#")[0].rstrip(") "))
            if words and words[0] == "wikifeed":
                context = command_named(words[1]).make_context(words[1], words[2:], resilient_parsing=False)
                context.close()


def test_every_setting_is_a_flag_of_some_command():
    flags = {flag for name in COMMANDS for parameter in command_named(name).params for flag in parameter.opts}
    assert {knob.flag for knob in all_knobs()} <= flags


def test_a_command_that_does_not_exist_is_a_usage_error_with_a_near_match(wikifeed):
    result = wikifeed("exprot")
    assert result.returncode == 2
    assert "export" in result.stderr
    assert result.stdout == ""


def test_a_wrong_flag_is_a_usage_error(wikifeed):
    result = wikifeed("serve", "--drain-seconds", "soon")
    assert result.returncode == 2
    assert result.stderr.startswith("wikifeed: serve.drain_seconds is 'soon' (flag --drain-seconds)")


def test_config_prints_values_with_their_sources(wikifeed, tmp_path):
    (tmp_path / "wikifeed.toml").write_text("[import]\nworkers = 2\n")
    result = wikifeed("config", "--server", "far:1", WIKIFEED_STORE="/data")
    assert re.search(r'^store.folder +"/data" +environment WIKIFEED_STORE$', result.stdout, re.MULTILINE)
    assert re.search(r"^import.workers +2 +wikifeed.toml line 2$", result.stdout, re.MULTILINE)
    assert re.search(r'^client.server +"far:1" +flag --server$', result.stdout, re.MULTILINE)


def test_the_template_of_the_configuration_can_be_read_back(wikifeed, tmp_path):
    (tmp_path / "wikifeed.toml").write_text(wikifeed("config", "--toml", "--import-workers", "3").stdout)
    assert "import.workers" in wikifeed("config").stdout
    result = wikifeed("config", "--json")
    assert '"source": "wikifeed.toml line' in result.stdout
    assert result.returncode == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(wikifeed, shell):
    result = wikifeed("completion", shell)
    assert result.returncode == 0
    assert "_WIKIFEED_COMPLETE" in result.stdout


def test_completion_completes_commands_options_and_words(wikifeed):
    def complete(line):
        words = line.split(" ")
        variables = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_WIKIFEED_COMPLETE": "bash_complete"}
        return wikifeed(**variables).stdout

    assert "plain,export" in complete("wikifeed ex")
    assert "plain,--drain-seconds" in complete("wikifeed serve --dr")
    assert "plain,json" in complete("wikifeed serve --log-format js")


def test_an_unforeseen_error_is_two_lines_and_no_traceback_unless_asked_for(monkeypatch, capsys):
    def fail(context):
        raise ZeroDivisionError("something\nodd")

    monkeypatch.setattr(main.wikifeed, "invoke", fail)
    monkeypatch.delenv("WIKIFEED_DEBUG", raising=False)
    assert main.run(["config"]) == 1
    assert capsys.readouterr().err.startswith("wikifeed: unforeseen ZeroDivisionError: something")
    monkeypatch.setenv("WIKIFEED_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main.run(["config"])
