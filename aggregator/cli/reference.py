"""The page docs/commands.md, written from the commands themselves so that it cannot drift.

Run as `python -m aggregator.cli.reference docs/commands.md`; a test compares.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from aggregator.cli.app import COMMANDS, command_of

_OPENING = """# The command line

`aggregator COMMAND`, or `python -m aggregator COMMAND`. This page is written from the
commands themselves (`make generated`).

Exit codes, notices and errors are explained on [one page](messages.md). An error is one line that
says what, why and what to do; `aggregator --debug COMMAND` shows where in the program it arose.

Variables, with the names that GitHub Actions uses: `GITHUB_TOKEN` (or `GH_TOKEN`),
`GITHUB_API_URL`, `GITHUB_GRAPHQL_URL`, `GITHUB_SERVER_URL`, `GITHUB_STEP_SUMMARY`. Where the
registry does not say it, `GITHUB_REPOSITORY` is the repository that holds it and
`SHOWCASE_URL` is where the site is published; `GITHUB_REPOSITORY_ID` tells it from its copies.
Variables that begin with `ANNOUNCE_` open the places where
[news is told](announcing.md#what-is-secret).
"""


def reference() -> str:
    """Write the page: every command with its purpose, arguments and options."""
    parts = (part for name in COMMANDS for part in _part(name, command_of(name)))
    return "\n".join([_OPENING, *parts])


def _part(name: str, command: click.Command) -> Iterator[str]:
    yield f"## {name}\n\n{command.help}\n"
    if command.params:
        rows = "\n".join(_row(parameter) for parameter in command.params)
        yield f"| option | what it does |\n| --- | --- |\n{rows}\n"


def _row(parameter: Any) -> str:
    shown = parameter.name.upper() if parameter.param_type_name == "argument" else parameter.opts[0]
    needed = " **Needed.**" if parameter.required else ""
    default = parameter.to_info_dict()["default"]
    told = f" (default `{default}`)" if default else ""
    return f"| `{shown}` | {parameter.help}{needed}{told} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
