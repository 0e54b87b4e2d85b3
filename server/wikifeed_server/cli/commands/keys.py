"""`wikifeed keys`: the API keys of a store's accounts."""

from typing import Any

import click

from wikifeed_server.accounts import ApiKey
from wikifeed_server.cli.credentials import CREDENTIALS_VARIABLE
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import json_option, settings_options
from wikifeed_server.cli.output import in_utc, remark, write_lines, write_object, write_table
from wikifeed_server.cli.stored_accounts import Until, store_words, with_accounts


@click.group("keys", short_help=COMMANDS["keys"])
def command() -> None:
    """Make, list and revoke API keys, which programs show instead of a password.

    \b
      wikifeed keys create ada --label laptop --expires 90d
      wikifeed keys list ada
      wikifeed keys revoke ada 3fa94be1c09d2718
    """


@command.command("create")
@click.argument("username")
@click.option("--label", default="", metavar="TEXT", help="What the key is for, to know it by.")
@click.option(
    "--expires", type=Until(), default=0, metavar="TIME", help="When it ceases to be good: 90d, 2030-12-31.  [never]"
)
@json_option
@settings_options("store.folder")
@click.pass_context
def create(context: click.Context, username: str, label: str, expires: int, as_json: bool) -> None:
    """Make a key of an account and print it. It can't be shown again.

    \b
      wikifeed keys create ada --label laptop > ada.key
      wikifeed projects --credentials-file ada.key
    """
    key, secret = with_accounts(context, lambda accounts: accounts.create_key(username, label, expires))
    if as_json:
        write_object({**_as_json(key), "secret": secret})
        return
    click.echo(secret)
    until = f"until {in_utc(key.expires)}" if key.expires else "until it is revoked"
    remark(f"This is the key {key.identifier} of {key.username}, good {until}. It is not shown again. To use it:")
    remark(f"  {CREDENTIALS_VARIABLE}=wf_... wikifeed projects")
    remark("  curl -H 'Authorization: Bearer wf_...' http://127.0.0.1:8080/v2/projects")


@command.command("list")
@click.argument("username")
@json_option
@settings_options("store.folder")
@click.pass_context
def list_(context: click.Context, username: str, as_json: bool) -> None:
    """List the keys of an account, the oldest first.

    \b
      wikifeed keys list ada
    """
    found = with_accounts(context, lambda accounts: accounts.list_keys(username))
    if as_json:
        write_lines(map(_as_json, found))
    elif found:
        head = ("key", "created", "last used", "expires", "label")
        write_table(head, [_row(each) for each in found])
    else:
        remark(f"{username} has no key; make one with: wikifeed keys create {username}{store_words(context)}")


@command.command("revoke")
@click.argument("username")
@click.argument("identifier")
@settings_options("store.folder")
@click.pass_context
def revoke(context: click.Context, username: str, identifier: str) -> None:
    """Revoke a key, named as `keys list` does. Streams opened with it end within seconds.

    \b
      wikifeed keys revoke ada 3fa94be1c09d2718
    """
    with_accounts(context, lambda accounts: accounts.revoke_key(username, identifier))
    remark(f"the key {identifier} of {username} is revoked")


def _row(key: ApiKey) -> tuple[str, ...]:
    used = in_utc(key.last_used)[:10] if key.last_used else "never"
    return (key.identifier, in_utc(key.created), used, in_utc(key.expires) if key.expires else "never", key.label)


def _as_json(key: ApiKey) -> dict[str, Any]:
    return {
        "identifier": key.identifier,
        "username": key.username,
        "label": key.label,
        "date_created": in_utc(key.created),
        "date_expires": in_utc(key.expires) if key.expires else None,
        "date_last_used": in_utc(key.last_used)[:10] if key.last_used else None,
    }
