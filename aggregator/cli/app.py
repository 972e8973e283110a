"""Every command under its name, and the options that stand before it.

A command returns its exit code; `edge` turns errors into lines and codes.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from aggregator import __version__
from aggregator.cli import members, site, tryout
from aggregator.cli.console import log_through_the_door, say
from aggregator.cli.edge import guarded

app = typer.Typer(
    help="Build a showcase of a community's GitHub projects from registry.yaml.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
for _commands in (tryout.COMMANDS, site.COMMANDS, members.COMMANDS):
    for _name, _function in _commands.items():
        app.command(_name)(_function)


def _show_version(wanted: bool) -> None:
    if wanted:
        say([f"aggregator {__version__}"])
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Accept what stands before the command; `main` reads --debug for itself."""


def main(words: Sequence[str] | None = None) -> None:
    """Run the command that `words` (or the command line) asks for, and exit with its code."""
    given = list(sys.argv[1:] if words is None else words)
    command = typer.main.get_command(app)
    # Not taken from the parsed options: a command line that cannot be parsed may ask for it too.
    debug = "--debug" in given
    log_through_the_door(debug)
    sys.exit(
        guarded(
            lambda: command.main(given, prog_name="aggregator", standalone_mode=False) or 0, debug
        )
    )
