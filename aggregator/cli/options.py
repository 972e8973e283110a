"""Options that several commands share, said once."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aggregator.words.crew import CrewKind

if TYPE_CHECKING:
    from aggregator.run.registry_from import GitAddress

REGISTRY = Path("registry.yaml")
STATE = Path(".aggregator")
OUTPUT = Path("output")

registry_option = click.option(
    "--registry",
    type=Path,
    default=REGISTRY,
    show_default=True,
    help="The file in which members list their projects.",
)


def _git_address(_: click.Context, __: click.Parameter, text: str | None) -> "GitAddress | None":
    """Read where a registry is taken from."""
    if text is None:
        return None
    from aggregator.run.registry_from import GitAddress

    return GitAddress.parse(text)


registry_from_option = click.option(
    "--registry-from",
    metavar="ADDRESS[#BRANCH]",
    callback=_git_address,
    help="Take the registry, and the files beside it, from this git repository first; --registry "
    "names the file in it.",
)
state_option = click.option(
    "--state",
    type=Path,
    default=STATE,
    show_default=True,
    help="The folder that remembers what GitHub last said.",
)
output_option = click.option(
    "--output",
    type=Path,
    default=OUTPUT,
    show_default=True,
    help="The folder that the site is written to.",
)
templates_option = click.option(
    "--templates",
    type=Path,
    help="A folder of templates that come before the built-in ones.",
)
time_budget_option = click.option(
    "--time-budget",
    type=click.FloatRange(min=1),
    default=600.0,
    show_default=True,
    help="Seconds that asking GitHub may take; the rest waits.",
)
report_option = click.option(
    "--report", type=Path, help="Also write the report of the run as JSON."
)
crew_option = click.option(
    "--crew",
    type=click.Choice([kind.value for kind in CrewKind]),
    default=CrewKind.PROCESSES.value,
    show_default=True,
    help="Who makes the site: this process alone, processes of this machine, or a Dask cluster.",
)
scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Where the scheduler of the Dask cluster is, such as tcp://10.0.0.5:8786.",
)
accept_losses_option = click.option(
    "--accept-losses",
    is_flag=True,
    help="Go on although many projects vanished: it is meant.",
)
adopt_option = click.option(
    "--adopt",
    is_flag=True,
    help="Take over a memory that looks like another community's.",
)
restore_option = click.option(
    "--restore",
    "restore_first",
    is_flag=True,
    help="Start from the published catalogue when it is newer.",
)
copy_option = click.option(
    "--copy",
    "copies",
    multiple=True,
    metavar="PLACE",
    help="Another place to restore from: a folder or an address of catalogue.db; repeatable.",
)
first_night_option = click.option(
    "--first-night",
    is_flag=True,
    help="Go on without a memory: what was published may be replaced.",
)
host_option = click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve on; 0.0.0.0 lets everybody in the network in.",
)
cron_option = click.option("--cron", help="When to run, five fields; else showcase.schedule.")
timezone_option = click.option(
    "--timezone",
    default="UTC",
    show_default=True,
    help="The time zone of the schedule, by its name in the IANA list, such as Europe/London.",
)
port_option = partial(
    click.option,
    "--port",
    type=click.IntRange(0, 65535),
    show_default=True,
    help="The port to serve on; 0 takes a free one.",
)


class Explained(click.Argument):
    """An argument with a help text, which click itself knows from 8.5 on only."""

    def __init__(self, declarations: Sequence[str], **attributes: Any) -> None:
        said = attributes.pop("help")
        super().__init__(declarations, **attributes)
        self.help = said

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:  # noqa: ARG002 - the signature is click's
        """Give the row of the help page."""
        return self.human_readable_name, self.help or ""
