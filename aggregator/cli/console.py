"""What commands share: the screen, the clock, the environment, and the registry read aloud."""

import logging
import os
import re
import secrets
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console

from aggregator.cli.environment import Environment, read_environment
from aggregator.facts import exits
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.registry.mistakes import UNREADABLE, Mistake
from aggregator.registry.registry import Registry
from aggregator.run.pipeline import Built
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName
from aggregator.words.wall import Fault

_SHOWN_MISTAKES = 20
_log = logging.getLogger(__name__)
_COMMAND = re.compile(r"^(\W*?)::")
_COMMAND_INSIDE = re.compile(r"##(\[)")
_OTHER_ENDS = re.compile("[\t\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Line ends between the values of JSON are its own.
_UNSAFE_IN_JSON = re.compile(f"(?![\n\t]){UNREADABLE.pattern}|[\ud800-\udfff]")


def environment() -> Environment:
    """Read the environment of this process."""
    return read_environment(
        os.environ, terminal_in=sys.stdin.isatty(), terminal_out=sys.stdout.isatty()
    )


def endpoint(surroundings: Environment) -> Endpoint:
    """Say which GitHub to ask, and as whom."""
    return Endpoint(surroundings.api_url, surroundings.graphql_url, surroundings.token)


def utc_now() -> datetime:
    """Read the clock, to the second: finer than that says nothing to a reader."""
    return datetime.now(UTC).replace(microsecond=0)


def new_identity() -> str:
    """Make up what tells a showcase from all others; the only randomness there is."""
    return secrets.token_hex(8)


def workers() -> int:
    """Say how many READMEs may be rendered at once on this machine."""
    return os.cpu_count() or 1


def errors_console() -> Console:
    """Open the console for what is said beside a result, such as progress."""
    return Console(stderr=True)


def say(lines: Iterable[str]) -> None:
    """Write lines of a result, made harmless."""
    for line in lines:
        typer.echo(harmless(line))


def warn(lines: Iterable[str]) -> None:
    """Write lines that are not part of a result, made harmless."""
    for line in lines:
        typer.echo(harmless(line), err=True)


def hand_over(text: str, *, err: bool = False) -> None:
    """Write a text that is made safe where it is made: annotations, colours, Markdown, a schema."""
    typer.echo(text, nl=False, err=err)


def say_json(text: str) -> None:
    """Write JSON so that nothing in its texts acts on a terminal or a workflow; it means the same.

    Every sign that would be replaced in a line is written as JSON's own escape instead.
    """
    typer.echo(_COMMAND_INSIDE.sub(r"#\\u0023\1", _UNSAFE_IN_JSON.sub(_escaped, text)))


def harmless(text: str) -> str:
    """Take from a text whatever a terminal, a log or GitHub Actions would act upon.

    Control signs and those that turn the direction of text become one visible sign. A workflow
    command is one only at the start of a line (`::name`) or, in its old form, anywhere (`##[name`):
    github.com/actions/runner, src/Runner.Common/ActionCommand.cs.
    """
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").split("\n")
    return "\n".join(_harmless_line(line) for line in lines)


def _harmless_line(line: str) -> str:
    shown = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", _OTHER_ENDS.sub(" ", line))
    return _COMMAND_INSIDE.sub(r"# #\1", _COMMAND.sub(r"\1: :", shown))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


class Logged(logging.Handler):
    """What a library or a module of ours logs goes through the same door."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        warn(record.getMessage().splitlines())


def log_through_the_door(debug: bool) -> None:
    """Let what is logged go out with everything else; our own finer words only with --debug."""
    logging.basicConfig(level=logging.WARNING, handlers=[Logged()], force=True)
    _log.setLevel(logging.DEBUG if debug else logging.WARNING)


def tell_faults(faults: Sequence[Fault]) -> None:
    """Say where this program failed, and with --debug what Python shows of it."""
    warn(f"a fault of this program at {fault}" for fault in faults)
    show_traces(faults)


def announce_built(built: Built) -> int:
    """Say what could not be done as asked; the site stands, but somebody must look.

    Returns:
        The exit code of the build.
    """
    warn(filter(None, (built.unread, built.notice)))
    tell_faults(built.faults)
    return exits.of_build(doubtful=bool(built.notice or built.faults))


def show_traces(faults: Sequence[Fault]) -> None:
    """Show what Python knows of faults that were told already, with --debug only."""
    for fault in faults:
        _log.debug("%s", fault.trace)


def load_aloud(path: Path) -> Registry:
    """Load the registry, and say of each field or entry that is left out why; the rest goes on.

    Where the registry does not say where the site and its repository are, the surroundings do:
    feeds, links for adding and the memory between nights need to know.

    Raises:
        RegistryError: nothing in it can be used, so that a build would empty the site.
    """
    registry = located(load(path), environment())
    if registry.mistakes and not registry.projects:
        raise RegistryError(*_unusable(path, registry.mistakes))
    warn(_left_out(registry.errors))
    return registry


def located(registry: Registry, surroundings: Environment) -> Registry:
    """Fill in the addresses of the site and of the repository from the surroundings."""
    showcase = registry.showcase
    url = showcase.url or surroundings.site_url
    name = surroundings.repository
    update = {
        "url": f"{url.rstrip('/')}/" if url else None,
        "repository": showcase.repository or (RepoName.parse(name) if name else None),
    }
    return replace(registry, showcase=showcase.model_copy(update=update))


def _unusable(path: Path, mistakes: tuple[Mistake, ...]) -> tuple[str, str, str]:
    first = next((m for m in mistakes if m.severity == "error"), mistakes[0])
    return f"{path} lists no project that can be used", str(first), "see aggregator check"


def _left_out(errors: tuple[Mistake, ...]) -> Iterable[str]:
    yield from (str(mistake) for mistake in errors[:_SHOWN_MISTAKES])
    if len(errors) > _SHOWN_MISTAKES:
        yield f"... and {len(errors) - _SHOWN_MISTAKES} more: see aggregator check"
    if errors:
        noun = "mistake" if len(errors) == 1 else "mistakes"
        yield f"{len(errors)} {noun} in the registry; everything else goes on."
