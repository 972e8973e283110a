"""What commands share: the screen, the clock, the environment, and the registry read aloud."""

import os
import secrets
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console

from aggregator.cli.environment import Environment, read_environment
from aggregator.errors import RegistryError
from aggregator.github import Endpoint
from aggregator.registry import Mistake, Registry, RepoName, load

_SHOWN_MISTAKES = 20


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
    """Write lines of a result."""
    for line in lines:
        typer.echo(line)


def warn(lines: Iterable[str]) -> None:
    """Write lines that are not part of a result."""
    for line in lines:
        typer.echo(line, err=True)


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
