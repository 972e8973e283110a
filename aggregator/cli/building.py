"""The command that makes the site, and how a build is told.

    everything that a build reads --as at the last build--> what that said, again
                                  `--otherwise--> build --> what it says, kept for the next time

A build that has nothing to do imports nothing of what builds.
"""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.console import say, show_traces, warn
from aggregator.cli.environment import environment, new_identity, utc_now, workers
from aggregator.cli.options import (
    accept_losses_option,
    adopt_option,
    crew_option,
    output_option,
    registry_option,
    scheduler_option,
    state_option,
    templates_option,
)
from aggregator.run.manifest import UNKNOWN, FileOrigin, Manifest
from aggregator.run.stamp import Said, Stamp, fingerprint, remember, said_of_the_same, stamp_of
from aggregator.run.workspace import Workspace
from aggregator.words.causes import FAULT
from aggregator.words.crew import CrewKind
from aggregator.words.errors import UsageError
from aggregator.words.exits import DONE, LOOK
from aggregator.words.phrases import plural

_VALUES_BEFORE_A_LOOK = 50_000
_LONGEST_LINE = 2_000

if TYPE_CHECKING:
    from aggregator.facts.snapshot import Freshness
    from aggregator.registry.registry import Registry
    from aggregator.run.guard import Guard
    from aggregator.run.pipeline import Built


@dataclass(frozen=True, slots=True)
class CrewChoice:
    """Who makes the site, as the options say it."""

    kind: str = CrewKind.PROCESSES
    scheduler: str | None = None


@click.command("build")
@registry_option
@state_option
@output_option
@templates_option
@accept_losses_option
@adopt_option
@crew_option
@scheduler_option
@click.option(
    "--explain",
    metavar="PATH",
    help="Then say from what this file of the site is made, and why it was made last.",
)
def build_command(
    registry: Path,
    state: Path,
    output: Path,
    templates: Path | None,
    accept_losses: bool,
    adopt: bool,
    crew: str,
    scheduler: str | None,
    explain: str | None,
) -> int:
    """Make the site from the last good facts (the half that needs no network)."""
    workspace = Workspace(registry, state, output, templates)
    said = _built(workspace, accept_losses, adopt, CrewChoice(crew, scheduler))
    if explain is not None:
        say(_origin_of(explain, workspace))
    return said.code


def _built(workspace: Workspace, accept_losses: bool, adopt: bool, chosen: CrewChoice) -> Said:
    """Build, unless the site that would be made stands there."""
    surroundings = environment()
    names = (workspace.registry, workspace.templates, surroundings.web, surroundings.site_url)
    about = (surroundings.repository, surroundings.repository_id, accept_losses, adopt)
    stamp = stamp_of(workspace, [str(each) for each in (*names, *about)])
    if said := said_of_the_same(workspace, stamp, utc_now()):
        warn(said.warnings)
        say(said.lines)
        return said
    from aggregator.cli.loading import load_aloud
    from aggregator.registry.beside import files_beside
    from aggregator.registry.glossary import USUAL_NAME
    from aggregator.registry.judgements import USUAL_NAME as JUDGEMENTS
    from aggregator.run.guard import Guard

    listed = load_aloud(workspace.registry)
    beside = (listed.showcase.glossary, USUAL_NAME, JUDGEMENTS)  # also what is not there yet
    stamp = stamp.with_more(workspace.registry.parent / name for name in beside if name)
    stamp = stamp.with_more(files_beside(workspace.registry, listed.showcase))
    guard = Guard(accept_losses, adopt, surroundings.repository_id, new_identity(), utc_now())
    return build_anew(workspace, listed, guard, chosen, stamp)


def build_anew(
    workspace: Workspace,
    registry: "Registry",
    guard: "Guard",
    chosen: CrewChoice,
    stamp: Stamp | None = None,
) -> Said:
    """Build, and say what came of it; with a stamp, remember that for the next time."""
    from aggregator.cli.loading import left_out
    from aggregator.run.crews import Hands, open_crew
    from aggregator.run.pipeline import build

    # A build makes millions of values and hardly a circle: looking for some took a twentieth.
    gc.set_threshold(_VALUES_BEFORE_A_LOOK)
    with open_crew(chosen.kind, workers(), chosen.scheduler) as crew:
        built = build(workspace, registry, environment().web, Hands(workers(), crew), guard)
    catalogue = built.catalogue
    made = f"{plural(len(catalogue.projects), 'project')}, {built.files} files"
    line = f"{made} in {workspace.output} ({_dated(catalogue.freshness)})"
    say([line])
    code = announce_built(built)
    warnings = (*left_out(registry.errors), *_warnings(built))
    said = Said((line,), warnings, code)
    # What failed in this program, or on this disk, may go well the next time.
    if stamp and not built.faults and not built.unkept:
        remember(workspace, stamp, said, catalogue.fetched_at)
    return said


def announce_built(built: "Built") -> int:
    """Say what could not be done as asked; the site stands, but somebody must look.

    Returns:
        The exit code of the build.
    """
    warn(_warnings(built))
    _add_to_summary(built)
    show_traces(built.faults)
    return LOOK if built.notice or built.faults or built.unkept else DONE


def _add_to_summary(built: "Built") -> None:
    """Say on the job's page of a workflow, where there is one, that the search finds less well."""
    from aggregator.joining.renderings import escaped

    summary = environment().step_summary
    if not (built.fell and summary):
        return
    try:
        with summary.open("a", encoding="utf-8") as page:
            page.write(f"- {escaped(built.fell, _LONGEST_LINE)}\n")
    except OSError as problem:
        warn([f"the summary is not written: {problem.filename}: {problem.strerror}"])


def _warnings(built: "Built") -> Iterator[str]:
    yield from filter(None, (built.unread, built.notice, built.unkept, built.fell, *built.advice))
    yield from (FAULT.saying(where=fault) for fault in built.faults)


def _dated(freshness: "Freshness") -> str:
    """Say when the facts were confirmed, and of how many projects where that differs."""
    if freshness.newest is None or freshness.oldest is None:
        return "no facts yet"
    if freshness.current == freshness.total:
        return f"facts of {freshness.newest:%d %B %Y %H:%M} UTC"
    return (
        f"facts of {freshness.current:,} of {freshness.total:,} projects confirmed since "
        f"{freshness.newest:%d %B %Y}, the oldest on {freshness.oldest:%d %B %Y}"
    )


def _origin_of(path: str, workspace: Workspace) -> Iterator[str]:
    """Say from what a file of the site is made, and why it was or was not made again."""
    memory = Manifest(workspace.manifest, fingerprint(), workspace.output)
    name, builds = _name_in(workspace.output, path), memory.builds
    origin = memory.origin(name)
    if origin is None and (origin := memory.origin(f"{name}/index.html")):
        name = f"{name}/index.html"
    if origin is None:
        near = ", ".join(get_close_matches(name, memory.known(), 3)) or "index.html"
        raise UsageError(f"no build made a file {name} of the site", "", f"try one such as {near}")
    if origin.maker == "bytes":
        yield f"{name} is written as other parts of the program give it"
    else:
        yield f"{name} is made by {origin.maker} from"
        yield from _parts_of(origin)
    if origin.build == builds:
        yield f"made by the last build that changed the site; why: {origin.why}"
    else:
        since = plural(builds - origin.build, "later build")
        yield f"not made again by {since} that changed the site: none of that is another"
        yield f"made last before them; why: {origin.why}"
    if origin.why == UNKNOWN:
        yield "(it was the first build here, its memory was lost, or the program was another)"


def _name_in(output: Path, path: str) -> str:
    """Give the path in the site of what people name by page, address or place on the disk."""
    for above in (f"{output.resolve()}/", f"{output}/", "./", "/"):
        path = path.removeprefix(above)
    return f"{path}index.html" if not path or path.endswith("/") else path


def _parts_of(origin: FileOrigin) -> Iterator[str]:
    for kind, parts in groupby(origin.parts, lambda part: part.partition(".")[0]):
        fields = ", ".join(part.partition(".")[2] for part in parts)
        yield f"  {kind}: {fields}" if fields else f"  {kind}"
