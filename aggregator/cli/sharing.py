"""The command that ends a night which several machines shared: merge.

    update --shard 1/8, ..., update --shard 8/8 --> merge --> build

Each machine asks about its part within the limits of its own token, and one joins what they were
told. What a part is and how parts are joined is in `run.sharded`.
"""

from pathlib import Path

import click

from aggregator.cli.console import warn
from aggregator.cli.environment import utc_now
from aggregator.cli.loading import load_aloud
from aggregator.cli.nights import tell
from aggregator.cli.options import (
    OUTPUT,
    Explained,
    accept_losses_option,
    adopt_option,
    copy_option,
    first_night_option,
    registry_option,
    report_option,
    restore_option,
    state_option,
)
from aggregator.cli.stored import guard_of, restore_or_stop
from aggregator.run.workspace import Workspace
from aggregator.words.exits import LOOK


@click.command("merge")
@click.argument(
    "parts",
    nargs=-1,
    required=True,
    metavar="PART",
    type=Path,
    cls=Explained,
    help="What `aggregator update --shard` wrote: the files, or folders that hold them.",
)
@registry_option
@state_option
@report_option
@accept_losses_option
@restore_option
@copy_option
@first_night_option
@adopt_option
def merge_command(
    parts: tuple[Path, ...],
    registry: Path,
    state: Path,
    report: Path | None,
    accept_losses: bool,
    restore_first: bool,
    copies: tuple[str, ...],
    first_night: bool,
    adopt: bool,
) -> int:
    """Join what the parts of a shared night were told into one catalogue."""
    from aggregator.fetch.conversation import Clock
    from aggregator.run.sharded import forget_parts, merge_parts

    workspace = Workspace(registry, state, OUTPUT)
    guard, listed = guard_of(accept_losses, adopt), load_aloud(registry)
    if restore_first:
        restore_or_stop(listed, workspace, copies, guard, first_night)
    merged = merge_parts(workspace, listed, parts, Clock(now=utc_now), guard)
    warn(merged.passed_over)
    code = tell(merged.report, report)
    forget_parts(merged.used)
    return max(code, LOOK) if merged.passed_over else code
