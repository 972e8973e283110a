"""Every command by its name, and the options that stand before it.

    words --> group --name--> the module of that command --> its function --> exit code

A command's module is imported when somebody asks for that command: `--help` knows the table
below and nothing else, and `check` does not wait for what only a build needs. Errors become lines
and exit codes in `console.guarded`.
"""

import gc
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from aggregator import __version__
from aggregator.cli.console import guarded, log_through_the_door
from aggregator.words.exits import DONE, WRONG

# What each command says of itself, in its own first sentence: here as well, so that `--help` needs
# no module of a command. A test compares the two.
COMMANDS: Mapping[str, str] = {
    "demo": "Show the whole flow with a made-up community: no network, no token, no account.",
    "serve": (
        "Build, serve on this machine, and build again whenever the registry or a template changes."
    ),
    "search": "Search the projects exactly as the site does.",
    "mcp": "Answer an assistant on the standard input and output until it goes away.",
    "sandbox": "Stand in for GitHub on this machine until Ctrl-C.",
    "run": "Ask GitHub, then make the site: the nightly job.",
    "update": (
        "Ask GitHub about every entry and keep what it says (the half that needs the network)."
    ),
    "merge": "Join what the parts of a shared night were told into one catalogue.",
    "build": "Make the site from the last good facts (the half that needs no network).",
    "status": "Show what is known about each entry, since when, and what a member can do.",
    "schedule": (
        "Run every night on this machine until stopped, and at once when a night was missed."
    ),
    "runs": "Show what became of the last runs on this machine.",
    "restore": "Start this machine from the last published catalogue.",
    "announce": (
        "Tell the news of the site in chats, on social networks and by mail, each piece once."
    ),
    "doctor": (
        "Look at everything that a showcase needs, and say what to do where something is wrong."
    ),
    "links": "Look whether the websites that the showcase leads to still answer, once a week each.",
    "care": "Say what could be mended in the showcase, with lines that are ready.",
    "add": "List repositories in the registry, each in its place.",
    "check": "Find every mistake in the registry and say how to mend it.",
    "init": "Make a community's folder: its registry, forms, workflows and texts.",
    "upgrade": ("Tell what changed for a community since its files were written, and renew them."),
    "schema": "Show the JSON Schema of the registry, or write everything generated from it.",
    "from-issue": (
        "Turn a filled-in issue form into a change of the registry, or an answer in plain words."
    ),
    "preview": "Add to the findings of a check what the built pages of its projects show.",
    "comment": "Write the comment for a pull request from the findings of a check.",
}
# In which module a command is, as `name_command`.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "local": ("demo", "serve", "sandbox"),
    "search": ("search",),
    "for_assistants": ("mcp",),
    "building": ("build",),
    "nights": ("run", "update", "merge"),
    "operating": ("schedule", "runs"),
    "stored": ("status", "restore"),
    "announce": ("announce",),
    "examining": ("doctor",),
    "caring": ("links", "care"),
    "adding": ("add",),
    "adopting": ("init", "upgrade"),
    "members": ("check", "schema", "from-issue", "preview", "comment"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


class _Commands(click.Group):
    """Lists every command, and imports only the one that is to run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002 - the signature is click's
        """Give a command as far as a list of all commands tells of it."""
        return click.Command(cmd_name, help=COMMANDS[cmd_name])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str, click.Command, list[str]]:
        name, *rest = args
        if name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return name, command_of(name), rest


def command_of(name: str) -> click.Command:
    """Import a command, ready to run or to be described."""
    # What is imported stays to the end: looking through it for what could be thrown away, again and
    # again and once more at the end, took a tenth of the time of `check`.
    gc.disable()
    try:
        module = import_module(f"aggregator.cli.{_MODULE_OF[name]}")
        if not gc.get_freeze_count():
            gc.freeze()
    finally:
        gc.enable()
    found: click.Command = getattr(module, f"{name.replace('-', '_')}_command")
    return found


@click.group(cls=_Commands)
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
@click.version_option(__version__, message="%(prog)s %(version)s", help="Say which.")
def _aggregator(debug: bool) -> None:
    """Build a showcase of a community's GitHub projects from registry.yaml."""
    # What stands before the command: `main` reads --debug for itself.


def main(words: Sequence[str] | None = None) -> None:
    """Run the command that `words` (or the command line) asks for, and exit with its code."""
    given = list(sys.argv[1:] if words is None else words)
    # Not taken from the parsed options: a command line that cannot be parsed may ask for it too.
    debug = "--debug" in given
    log_through_the_door(debug)

    def run() -> int:
        asked = given or ["--help"]
        code = _aggregator.main(asked, prog_name="aggregator", standalone_mode=False)
        return (code or DONE) if given else WRONG

    sys.exit(guarded(run, debug))
