"""`wikifeed users`, `keys` and `plans` on a store, and commands that show a server who asks."""

import json
import os
import pty
import re
import subprocess

import pytest

PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(wikifeed, tmp_path):
    """Runs a command on the accounts of a store of the test's own."""

    def run(*arguments):
        return wikifeed(*arguments, "--store", tmp_path / "data")

    return run


@pytest.fixture
def told(command, environment, tmp_path):
    """Runs a command that is given something on standard input."""

    def run(text, *arguments):
        words = [*command, *map(str, arguments), "--store", str(tmp_path / "data")]
        return subprocess.run(
            words, input=text, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    return run


@pytest.fixture(scope="session")
def guarded(serve, store):
    """A server on the bundled pages that needs accounts."""
    with serve(store, "127.0.0.1:0", "--accounts", "yes", "--http", "none") as server:
        yield server


@pytest.fixture
def name(request):
    """The name of an account of the test's own."""
    return re.sub(r"\W", "", request.node.name)[:60]


@pytest.fixture
def key(wikifeed, store, name):
    """A key of that account."""
    assert wikifeed("users", "add", name, "--no-password", "--plan", "unlimited", "--store", store).returncode == 0
    return wikifeed("keys", "create", name, "--store", store).stdout.strip()


@pytest.fixture(scope="session")
def with_ada(command, environment, tmp_path_factory):
    """A store with an account."""
    folder = tmp_path_factory.mktemp("accounts")
    words = [*command, "users", "add", "ada", "--no-password", "--store", str(folder)]
    subprocess.run(words, check=True, capture_output=True, env=environment)
    return folder


def test_an_account_is_made_with_a_password_and_what_to_do_next_is_told(told, tmp_path):
    result = told(f"{PASSWORD}\n", "users", "add", "ada", "--password-stdin")
    assert result.returncode == 0, result.stderr
    assert f"wikifeed keys create ada --label laptop --store {tmp_path / 'data'}" in result.stderr
    assert "/v1/login" in result.stderr
    assert PASSWORD not in result.stderr + result.stdout


def test_on_a_terminal_the_password_is_asked_for_until_it_comes_twice_and_is_not_shown(
    command, environment, tmp_path, accounts
):
    terminal, inside = pty.openpty()
    words = [*command, "users", "add", "ada", "--store", str(tmp_path / "data")]
    process = subprocess.Popen(words, stdin=inside, stdout=inside, stderr=inside, env=environment)
    os.close(inside)
    shown = ""
    for again in ("another horse battery", PASSWORD):
        shown += answered(terminal, "Password: ", PASSWORD)
        shown += answered(terminal, "Repeat for confirmation: ", again)
    assert process.wait(60) == 0
    shown += os.read(terminal, 1 << 16).decode()
    os.close(terminal)
    assert "wikifeed keys create ada" in shown
    assert PASSWORD not in shown
    assert re.search("^ada +free +password ", accounts("users", "list").stdout, re.MULTILINE)


def answered(terminal, prompt, answer):
    """What a terminal shows up to a prompt, which is answered."""
    shown = ""
    while not shown.endswith(prompt):
        shown += os.read(terminal, 1 << 16).decode()
    os.write(terminal, f"{answer}\n".encode())
    return shown


def test_without_a_terminal_the_way_to_give_a_password_is_told(accounts):
    result = accounts("users", "add", "ada")
    assert result.returncode == 2
    assert "--password-stdin" in result.stderr
    assert accounts("users", "list").stdout == ""


def test_users_are_listed_and_shown_for_people_and_programs(accounts):
    made = json.loads(accounts("users", "add", "robot", "--no-password", "--json").stdout)
    assert (made["username"], made["plan"], made["has_password"], made["disabled"]) == ("robot", "free", False, False)
    assert re.search(r"^robot +free +keys only +20", accounts("users", "list").stdout, re.MULTILINE)
    assert json.loads(accounts("users", "list", "--json").stdout) == made
    assert re.search(r"^on_demand +0 this month of 10,000$", accounts("users", "show", "robot").stdout, re.MULTILINE)
    shown = json.loads(accounts("users", "show", "robot", "--json").stdout)
    assert (shown["plan"]["identifier"], shown["used_this_month"]["on_demand"], shown["keys"]) == ("free", 0, 0)


def test_a_user_is_changed_disabled_enabled_and_deleted(accounts, told):
    accounts("users", "add", "ada", "--no-password")
    assert accounts("users", "set-plan", "ada", "unlimited").returncode == 0
    assert told(f"{PASSWORD}\n", "users", "set-password", "ada", "--password-stdin").returncode == 0
    assert re.search(r"^ada +unlimited +password ", accounts("users", "list").stdout, re.MULTILINE)
    accounts("users", "disable", "ada")
    assert " disabled " in accounts("users", "list").stdout
    accounts("users", "enable", "ada")
    assert " password " in accounts("users", "list").stdout
    assert accounts("users", "delete", "ada").returncode == 130  # nobody said yes
    assert "ada" in accounts("users", "list").stdout
    assert accounts("users", "delete", "ada", "--yes").returncode == 0
    assert "users add" in accounts("users", "list").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("users", "add", "Ada", "--no-password"), 1, "(names differ by more than case)|another name"),
        (("users", "add", "a b", "--no-password"), 2, "username"),
        (("users", "add", "grace", "--no-password", "--plan", "none"), 3, "those there are: free, unlimited"),
        (("users", "add", "grace", "--no-password", "--password-stdin"), 2, "one of them"),
        (("users", "show", "grace"), 3, "no account 'grace'"),
        (("users", "set-plan", "ada", "none"), 3, "no plan 'none'"),
        (("users", "set-password", "grace", "--password-stdin"), 3, "no account 'grace'"),
        (("users", "set-password", "ada", "--password-stdin"), 2, "at least 12 characters"),
        (("keys", "create", "grace"), 3, "no account 'grace'"),
        (("keys", "create", "ada", "--expires", "2001-01-01"), 2, "expires"),
        (("keys", "create", "ada", "--expires", "soon"), 2, "90d"),
        (("keys", "revoke", "ada", "0000000000000000"), 3, "no key"),
        (("plans", "delete", "free"), 1, "give them another first"),
        (("plans", "delete", "none"), 3, "no plan 'none'"),
        (("plans", "set", "team", "--on-demand", "-1"), 2, "none"),
        (("plans", "set", "team", "--project", "enwiki", "--all-projects"), 2, "one of them"),
        (("plans", "set", "team", "--project", "no project!"), 2, "projects"),
    ],
)
def test_what_can_not_be_is_said_with_the_code_for_it(wikifeed, with_ada, arguments, code, says):
    result = wikifeed(*arguments, "--store", with_ada)
    assert result.returncode == code, result.stderr
    assert re.search(says, result.stderr)
    assert result.stdout == ""


def test_a_key_is_printed_once_listed_and_revoked(accounts):
    accounts("users", "add", "ada", "--no-password")
    result = accounts("keys", "create", "ada", "--label", "laptop", "--expires", "90d")
    secret = result.stdout.strip()
    assert secret not in result.stderr
    row = re.search(r"^(\w{16}) .* never +20\S+Z +laptop$", accounts("keys", "list", "ada").stdout, re.MULTILINE)
    made = json.loads(accounts("keys", "create", "ada", "--json").stdout)
    listed = [json.loads(line) for line in accounts("keys", "list", "ada", "--json").stdout.splitlines()]
    assert [each["identifier"] for each in listed] == [row[1], made["identifier"]]
    assert listed[1] == {name: value for name, value in made.items() if name != "secret"}
    for each in listed:
        assert accounts("keys", "revoke", "ada", each["identifier"]).returncode == 0
    assert "keys create ada" in accounts("keys", "list", "ada").stderr


def test_a_plan_is_made_and_changed_by_what_is_said_alone(accounts):
    limits = ("--on-demand", "100", "--snapshots", "0", "--streams-at-once", "2", "--description", "For the team")
    accounts("plans", "set", "team", *limits, "--project", "enwiki", "--project", "dewiki", "--no-creates-snapshots")
    accounts("plans", "set", "team", "--on-demand", "none", "--streams", "7", "--snapshot-cadence", "monthly")
    plans = [json.loads(line) for line in accounts("plans", "list", "--json").stdout.splitlines()]
    assert plans[1] == {
        "identifier": "team",
        "description": "For the team",
        "monthly": {"snapshot_download": 0, "stream": 7},
        "realtime": True,
        "streams_at_once": 2,
        "projects": ["enwiki", "dewiki"],
        "snapshot_cadence": "monthly",
        "creates_snapshots": False,
    }
    changed = accounts("plans", "set", "team", "--all-projects", "--no-realtime", "--streams-at-once", "none").stdout
    assert re.search(r"^team +0 snapshot_download, 7 stream +no +monthly +all +For the team$", changed, re.MULTILINE)
    assert accounts("plans", "delete", "team").returncode == 0
    assert "team" not in accounts("plans", "list").stdout


def test_commands_show_the_server_a_key_from_a_file_or_the_environment(wikifeed, guarded, key, tmp_path):
    (tmp_path / "own.key").write_text(f"{key}\n")
    for shown in (("--credentials-file", tmp_path / "own.key"), ()):
        words = ("projects", "--server", guarded.address, *shown)
        result = wikifeed(*words) if shown else wikifeed(*words, WIKIFEED_CREDENTIALS=key)
        assert result.returncode == 0, result.stderr
        assert "enwiki" in result.stdout
    lines = wikifeed("tail", "--oldest", "--until-now", "--server", guarded.address, WIKIFEED_CREDENTIALS=key).stdout
    assert len(lines.splitlines()) == 30


def test_who_shows_none_is_told_how_to_get_one(wikifeed, guarded):
    for command in (("projects",), ("get", "enwiki", "Anarchism"), ("tail", "--oldest", "--until-now")):
        result = wikifeed(*command, "--server", guarded.address)
        assert result.returncode == 1
        assert "(CREDENTIALS_INVALID)" in result.stderr
        assert "WIKIFEED_CREDENTIALS" in result.stderr
        assert "wikifeed keys create" in result.stderr


def test_a_revoked_key_lets_nobody_in_to_a_running_server(wikifeed, guarded, store, name, key):
    words = ("projects", "--server", guarded.address)
    assert wikifeed(*words, WIKIFEED_CREDENTIALS=key).returncode == 0
    (kept,) = map(json.loads, wikifeed("keys", "list", name, "--json", "--store", store).stdout.splitlines())
    wikifeed("keys", "revoke", name, kept["identifier"], "--store", store)
    while (result := wikifeed(*words, WIKIFEED_CREDENTIALS=key)).returncode == 0:
        pass
    assert "CREDENTIALS_INVALID" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), ("", "is empty"), ("two words", "nothing else"), (b"\xff\xfe", "no text")],
)
def test_a_file_that_holds_no_credentials_is_refused_without_asking_the_server(wikifeed, tmp_path, content, says):
    file = tmp_path / "own.key"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = wikifeed("projects", "--credentials-file", file, "--server", "localhost:1")
    assert result.returncode == 2
    assert says in result.stderr
    assert "two words" not in result.stderr


def test_credentials_are_not_among_the_settings_that_are_printed(wikifeed):
    result = wikifeed("config", "--json", WIKIFEED_CREDENTIALS="wf_secret")
    assert "wf_secret" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("server", "options", "warns"),
    [
        ("wiki.invalid:1", (), True),
        ("wiki.invalid:1", ("--tls", "yes"), False),
        ("localhost:1", (), False),
        ("127.0.0.1:1", (), False),
        ("[::1]:1", (), False),
    ],
)
def test_a_key_that_goes_unhidden_to_another_machine_is_warned_of(wikifeed, server, options, warns):
    result = wikifeed("get", "enwiki", "Moon", "--server", server, *options, "--timeout", "2", WIKIFEED_CREDENTIALS="k")
    assert ("for all on the way to read" in result.stderr) == warns
