"""The command `mcp`: answers an assistant from what a showcase knows, and writes nothing.

an address, a site, a state --open_catalogue--> FreshCatalogue --tools--> standard output
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.environment import utc_now
from aggregator.cli.options import OUTPUT, STATE, registry_option
from aggregator.words.errors import UsageError

if TYPE_CHECKING:
    from aggregator.site.data.opened import OpenCatalogue

# What is read of a place on disk: a change of one of them is a change of the catalogue.
_READ = ("data/catalogue.json", "catalogue.json", "catalogue.db", "")


@click.command("mcp")
@click.option(
    "--from",
    "place",
    metavar="PLACE",
    help="The address of a published showcase or of its catalogue.json, the folder of a built "
    "site, or a state folder. Without it the folder `output`, or else `.aggregator`.",
)
@registry_option
def mcp_command(place: str | None, registry: Path) -> int:
    """Answer an assistant on the standard input and output until it goes away."""
    try:
        from aggregator.assisting.mcp_server import server_of
    except ModuleNotFoundError as problem:
        if not (problem.name or "").startswith("mcp"):
            raise
        raise UsageError(
            "assistants cannot be answered",
            str(problem),
            "pip install 'community-showcase[mcp]'",
        ) from problem
    from aggregator.assisting.fresh_catalogue import FreshCatalogue

    given = place or str(OUTPUT if (OUTPUT / _READ[0]).is_file() else STATE)
    mark = (lambda: None) if "://" in given else partial(_mark_of, Path(given), registry)
    fresh = FreshCatalogue(partial(_opened, given, registry), utc_now, mark)
    fresh.use(lambda _: None)  # a wrong place is said at once, and not to the assistant
    server_of(fresh).run()
    return 0


def _opened(place: str, registry: Path, earlier: "OpenCatalogue | None") -> "OpenCatalogue":
    from aggregator import open_catalogue

    beside = registry if registry.is_file() else None
    return open_catalogue(place, registry=beside, earlier=earlier)


def _mark_of(place: Path, registry: Path) -> tuple[tuple[int, int], ...]:
    """Tell one version of some files by their times and sizes."""
    return tuple(filter(None, map(_time_and_size, (*(place / name for name in _READ), registry))))


def _time_and_size(path: Path) -> tuple[int, int] | None:
    """Look at a file, which may be absent, and for a moment is while a new site takes its place."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size
