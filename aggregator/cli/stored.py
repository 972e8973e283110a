"""Commands about what is remembered: status and restore.

    places --_look_for--> the newest catalogue of this community --_bring--> the state folder

A run on a fresh machine comes by its memory here too (`restore_or_stop`).
"""

from collections.abc import Sequence
from pathlib import Path

import click

from aggregator.cli.console import say, warn
from aggregator.cli.environment import environment, new_identity, utc_now
from aggregator.cli.including import bring_others
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import (
    OUTPUT,
    Explained,
    adopt_option,
    registry_option,
    state_option,
)
from aggregator.registry.registry import Registry
from aggregator.run.guard import Guard, remember_proof
from aggregator.run.proof import read_proof
from aggregator.run.report import overview
from aggregator.run.restore import Found, Looked, find_published, restore
from aggregator.run.workspace import Workspace
from aggregator.store.store import read_snapshot
from aggregator.words.causes import NO_MEMORY
from aggregator.words.errors import StateError


@click.command("status")
@registry_option
@state_option
@click.option("--all", "every", is_flag=True, help="List the entries without problems too.")
def status_command(registry: Path, state: Path, every: bool) -> int:
    """Show what is known about each entry, since when, and what a member can do."""
    workspace = Workspace(registry, state, OUTPUT)
    snapshot = read_snapshot(workspace.database)
    warn([snapshot.unread] if snapshot.unread else [])
    say(overview(load_aloud(registry), snapshot, every=every))
    return 0


@click.command("restore")
@click.argument(
    "places",
    nargs=-1,
    metavar="URL",
    cls=Explained,
    help="Published sites, catalogue.db files or folders; else showcase.url. "
    "The newest publication among them counts.",
)
@registry_option
@state_option
@adopt_option
def restore_command(places: tuple[str, ...], registry: Path, state: Path, adopt: bool) -> int:
    """Start this machine from the last published catalogue."""
    listed = load_aloud(registry) if registry.exists() or not places else Registry()
    looked_in = places or ([listed.showcase.url] if listed.showcase.url else [])
    workspace = Workspace(registry, state, OUTPUT)
    looked = _look_for(looked_in, listed, workspace, guard_of(adopt=adopt))
    if looked.best is None:
        raise looked.obstacle
    warn(f"passed over: {problem}" for problem in looked.problems)
    _bring(looked.best, workspace, listed)
    return 0


def guard_of(accept_losses: bool = False, adopt: bool = False) -> Guard:
    """Say what this run knows about itself, and what whoever started it said is meant."""
    return Guard(accept_losses, adopt, environment().repository_id, new_identity(), now=utc_now())


def restore_or_stop(
    registry: Registry,
    workspace: Workspace,
    copies: Sequence[str],
    guard: Guard,
    first_night: bool,
) -> None:
    """Bring back what was published; without any memory only a first night may go on.

    Raises:
        StateError: there is a memory somewhere, or may be, and it cannot be had.
        SourceError: the clock of this machine is wrong.
    """
    remembers = bool(read_snapshot(workspace.database).records)
    places = [place for place in (registry.showcase.url, *copies) if place]
    looked = _look_for(places, registry, workspace, guard)
    if not looked.never_published:
        warn(f"not restored: {problem}" for problem in looked.problems)
    if looked.best:
        _bring(looked.best, workspace, registry)
    elif remembers:
        warn(["the run goes on with the memory that is here"])
    elif looked.never_published or first_night:
        say(["nothing is remembered: this is the first night"])
    else:
        why = looked.obstacle
        raise StateError(
            NO_MEMORY.says,
            f"{why.what}: {why.cause}" if why.cause else why.what,
            f"nothing was asked or published; {why.cure or 'try again later'}; a copy of the "
            "memory can be named with --copy, and a first site is published with --first-night",
        )


def _look_for(
    places: Sequence[str], registry: Registry, workspace: Workspace, guard: Guard
) -> Looked:
    """Look for this community's catalogue; somebody else's is passed over."""
    from aggregator.github.download import download

    known = read_snapshot(workspace.database)
    return find_published(
        places,
        download,
        utc_now(),
        lambda snapshot, where: guard.refuse_stranger(snapshot, registry, where, known),
    )


def _bring(found: Found, workspace: Workspace, registry: Registry) -> None:
    here = restore(found, workspace.database, utc_now())
    bring_others(found.address, workspace, registry)
    is_new = here is found.snapshot
    if found.proof:
        known = workspace.proof.is_file() and read_proof(
            workspace.proof.read_bytes(), str(workspace.proof)
        )
        if not known or known.generation < found.proof.generation:
            remember_proof(workspace.proof, found.proof)
    warn([here.unread] if is_new and here.unread else [])
    dated = f"{here.fetched_at:%d %B %Y %H:%M} UTC" if here.fetched_at else "an unknown day"
    kept = "restored" if is_new else "kept the catalogue here, which is as new:"
    say([f"{kept} {len(here.records)} entries, newest facts of {dated}"])
