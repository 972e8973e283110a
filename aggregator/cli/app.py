"""The edge of the program: words in, exit code out.

Only here do errors become lines on the screen. A command returns its exit code:
0 done, 1 somebody must look, 2 the registry or the command line is wrong.
"""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from aggregator import __version__
from aggregator.cli import members, site, tryout
from aggregator.errors import AggregatorError

_INTERRUPTED = 130  # what a shell reports for Ctrl-C: 128 + SIGINT

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
        typer.echo(f"aggregator {__version__}")
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
    sys.exit(_exit_code(given))


def _exit_code(words: list[str]) -> int:
    # Not taken from the parsed options: a command line that cannot be parsed may ask for it too.
    debug = "--debug" in words
    command = typer.main.get_command(app)
    try:
        return command.main(words, prog_name="aggregator", standalone_mode=False) or 0
    except (KeyboardInterrupt, typer.Abort):
        _say("stopped: everything fetched so far is kept")
        return _INTERRUPTED
    except (AggregatorError, typer.TyperException, OSError) as problem:
        if debug:
            raise
        _say(_line(problem))
        return problem.exit_code if not isinstance(problem, OSError) else 1


def _line(problem: AggregatorError | typer.TyperException | OSError) -> str:
    """Say an error in one line; the help that a bare `aggregator` shows stays as it is."""
    if isinstance(problem, typer.TyperException):
        message = problem.format_message()
        return message if "\n" in message else f"{message} See: aggregator --help"
    if isinstance(problem, OSError):
        return f"{problem.filename or 'the system'}: {problem.strerror or problem}"
    return " ".join(str(problem).split())


def _say(line: str) -> None:
    if line.startswith("Usage:"):
        typer.echo(line)
    else:
        typer.echo(f"aggregator: {line}", err=True)
