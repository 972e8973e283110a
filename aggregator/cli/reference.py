"""The page docs/commands.md, written from the commands themselves so that it cannot drift.

Run as `python -m aggregator.cli.reference docs/commands.md`; a test compares.
"""

import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator
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

_SHARED = """## Options of many commands

Each command below names those of them that it takes.
"""
_MANY = 3


def reference() -> str:
    """Write the page: every command with its purpose, arguments and options.

    What many commands take in the same way is explained once, before the first of them.
    """
    commands = {name: command_of(name) for name in COMMANDS}
    rows = Counter(_row(one) for command in commands.values() for one in command.params)
    shared = {row: None for row, times in rows.items() if times >= _MANY}
    parts = (part for name, one in commands.items() for part in _part(name, one, shared))
    return "\n".join([_OPENING, _SHARED, _table(shared), *parts])


def _part(name: str, command: click.Command, shared: Container[str]) -> Iterator[str]:
    yield f"## {name}\n\n{command.help}\n"
    if own := [row for one in command.params if (row := _row(one)) not in shared]:
        yield _table(own)
    if others := [_shown(one) for one in command.params if _row(one) in shared]:
        yield f"{'Also' if own else 'Takes'} {', '.join(others)}, as above.\n"


def _table(rows: Iterable[str]) -> str:
    return "\n".join(["| option | what it does |", "| --- | --- |", *rows, ""])


def _shown(parameter: Any) -> str:
    return f"`{parameter.name.upper() if _is_argument(parameter) else parameter.opts[0]}`"


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _row(parameter: Any) -> str:
    needed = " **Needed.**" if parameter.required else ""
    default = parameter.to_info_dict()["default"]
    told = f" (default `{default}`)" if default else ""
    return f"| {_shown(parameter)} | {parameter.help}{needed}{told} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")
