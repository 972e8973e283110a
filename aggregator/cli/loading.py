"""The registry as commands read it: aloud, and with what the surroundings know of its place."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from aggregator.cli.console import warn
from aggregator.cli.environment import Environment, environment
from aggregator.registry.loader import load
from aggregator.registry.mistakes import Mistake
from aggregator.registry.registry import Registry
from aggregator.words.causes import MISTAKES
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName
from aggregator.words.phrases import plural

_SHOWN_MISTAKES = 20


def load_aloud(path: Path) -> Registry:
    """Load the registry, and say of each field or entry that is left out why; the rest goes on.

    Where the registry does not say where the site and its repository are, the surroundings do:
    feeds, links for adding and the memory between nights need to know.

    Raises:
        RegistryError: nothing in it can be used, so that a build would empty the site.
    """
    registry = located(load(path), environment())
    if registry.mistakes and not registry.projects:
        first = next(iter(registry.errors), registry.mistakes[0])
        what = f"{path} lists no project that can be used"
        raise RegistryError(what, str(first), "see aggregator check")
    warn(left_out(registry.errors))
    return registry


def located(registry: Registry, surroundings: Environment) -> Registry:
    """Fill in the addresses of the site and of the repository from the surroundings."""
    showcase = registry.showcase
    url = showcase.url or surroundings.site_url
    name = surroundings.repository
    located = replace(
        showcase,
        url=f"{url.rstrip('/')}/" if url else None,
        repository=showcase.repository or (RepoName.parse(name) if name else None),
    )
    return replace(registry, showcase=located)


def left_out(errors: tuple[Mistake, ...]) -> Iterable[str]:
    """Say of each mistake where it is and what helps; of many, the first."""
    yield from (str(mistake) for mistake in errors[:_SHOWN_MISTAKES])
    if len(errors) > _SHOWN_MISTAKES:
        yield f"... and {len(errors) - _SHOWN_MISTAKES} more: see aggregator check"
    if errors:
        yield MISTAKES.saying(mistakes=plural(len(errors), "mistake"))
