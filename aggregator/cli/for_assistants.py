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
    found = [path.stat() for path in (*(place / name for name in _READ), registry) if path.exists()]
    return tuple((one.st_mtime_ns, one.st_size) for one in found)
