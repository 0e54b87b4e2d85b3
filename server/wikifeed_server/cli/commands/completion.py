"""`wikifeed completion`: scripts that teach a shell to complete our commands and options."""

import click
from click.shell_completion import get_completion_class

from wikifeed_server.cli.main import COMMANDS, wikifeed

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help=COMMANDS["completion"])
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
      source <(wikifeed completion bash)                                       # bash, in ~/.bashrc
      source <(wikifeed completion zsh)                                        # zsh, in ~/.zshrc
      wikifeed completion fish > ~/.config/fish/completions/wikifeed.fish      # fish
    """
    complete = get_completion_class(shell)
    if complete is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(complete(wikifeed, {}, "wikifeed", "_WIKIFEED_COMPLETE").source())
