"""Commands of every night: update, merge, run.

    run = (restore) --> update --> report --> build, between two marks in the state folder
                  `---> merge of what other machines were told --^

`operating` runs the same night again and again. What each step does is in `run`; here it gets its
clock and environment, and says what came of it. Each half imports its own: an update needs no
templates, a build no network.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from aggregator.cli.building import CrewChoice, build_anew
from aggregator.cli.console import exit_code_for, is_log, line_of, say, show_traces, warn
from aggregator.cli.environment import endpoint, environment, git_environment, utc_now
from aggregator.cli.including import ask_others
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import (
    OUTPUT,
    Explained,
    accept_losses_option,
    adopt_option,
    copy_option,
    crew_option,
    first_night_option,
    output_option,
    registry_from_option,
    registry_option,
    report_option,
    restore_option,
    scheduler_option,
    state_option,
    templates_option,
    time_budget_option,
)
from aggregator.cli.stored import guard_of, restore_or_stop
from aggregator.fetch.conversation import Clock
from aggregator.fetch.state import Progress
from aggregator.registry.registry import Registry
from aggregator.run.guard import Guard
from aggregator.run.progress import open_progress
from aggregator.run.report import Report, as_json, as_lines, as_summary, troubles
from aggregator.run.run_history import RunRecord, begin_run, keep_run
from aggregator.run.schedule import mark_run
from aggregator.run.site_folder import refuse_unsafe_output
from aggregator.run.workspace import Workspace
from aggregator.store.locking import write_whole
from aggregator.words.errors import AggregatorError
from aggregator.words.exits import DONE, INTERRUPTED, LOOK

if TYPE_CHECKING:
    from aggregator.facts.recording import Shard
    from aggregator.run.registry_from import GitAddress

_NEVER_STOPPED = threading.Event()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: the exit code of that, and the report."""

    code: int
    report: Report


@dataclass(frozen=True, slots=True)
class Night:
    """What came of a whole run: its exit code, what there is to look at, and what was made."""

    code: int
    failure: str = ""
    report: Report | None = None
    built: str = ""


def _shard(_: click.Context, __: click.Parameter, text: str | None) -> "Shard | None":
    """Read which part of the entries is meant."""
    if text is None:
        return None
    from aggregator.facts.recording import Shard

    try:
        return Shard.parse(text)
    except ValueError as problem:
        raise click.BadParameter(f"{text!r} names no part: {problem}") from problem


@click.command("update")
@registry_option
@state_option
@time_budget_option
@report_option
@accept_losses_option
@restore_option
@copy_option
@first_night_option
@adopt_option
@click.option(
    "--shard",
    metavar="K/N",
    callback=_shard,
    help="Ask about the K-th of N parts of the entries only, and write down the answers for "
    "`aggregator merge`.",
)
def update_command(
    registry: Path,
    state: Path,
    time_budget: float,
    report: Path | None,
    accept_losses: bool,
    restore_first: bool,
    copies: tuple[str, ...],
    first_night: bool,
    adopt: bool,
    shard: "Shard | None",
) -> int:
    """Ask GitHub about every entry and keep what it says (the half that needs the network)."""
    workspace = Workspace(registry, state, OUTPUT)
    guard, listed = guard_of(accept_losses, adopt), load_aloud(registry)
    if restore_first:
        restore_or_stop(listed, workspace, copies, guard, first_night)
    return ask_github(workspace, listed, guard, time_budget, report, shard=shard).code


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
    workspace = Workspace(registry, state, OUTPUT)
    guard, listed = guard_of(accept_losses, adopt), load_aloud(registry)
    if restore_first:
        restore_or_stop(listed, workspace, copies, guard, first_night)
    return _merge(workspace, listed, guard, parts, report).code


@click.command("run")
@registry_option
@registry_from_option
@state_option
@output_option
@templates_option
@time_budget_option
@report_option
@accept_losses_option
@restore_option
@copy_option
@first_night_option
@click.option(
    "--merge",
    "parts",
    multiple=True,
    type=Path,
    metavar="PART",
    help="Ask GitHub nothing, and join these files or folders as `aggregator merge` does; "
    "repeatable.",
)
@adopt_option
@crew_option
@scheduler_option
def run_command(
    registry: Path,
    registry_from: "GitAddress | None",
    state: Path,
    output: Path,
    templates: Path | None,
    time_budget: float,
    report: Path | None,
    accept_losses: bool,
    restore_first: bool,
    copies: tuple[str, ...],
    first_night: bool,
    parts: tuple[Path, ...],
    adopt: bool,
    crew: str,
    scheduler: str | None,
) -> int:
    """Ask GitHub, then make the site: the nightly job."""
    ask = partial(ask_github, seconds=time_budget, report=report)
    if parts:
        ask = partial(_merge, parts=parts, report=report)

    def night() -> Night:
        place = taken(registry, registry_from, state)
        workspace, listed = Workspace(place, state, output, templates), load_aloud(place)
        guard = guard_of(accept_losses, adopt)
        refuse_unsafe_output(output, workspace.kept, listed.showcase.keep)
        if restore_first:
            restore_or_stop(listed, workspace, copies, guard, first_night)
        return one_night(workspace, listed, guard, ask, chosen=CrewChoice(crew, scheduler))

    if not (registry_from or registry.exists() or state.exists()):
        load_aloud(registry)  # says so: no showcase is here, and none is begun by looking for it
    return recorded(state, "", night)


def taken(
    registry: Path,
    source: "GitAddress | None",
    state: Path,
    stop: threading.Event = _NEVER_STOPPED,
) -> Path:
    """Give the place of the registry, which is taken from git first where an address is given.

    Raises:
        SourceError: it cannot be had, and never was.
    """
    if source is None:
        return registry
    from aggregator.run.registry_from import take_registry

    came = take_registry(source, state, git_environment(), stop.is_set)
    if came.problem:
        warn([came.problem])
    else:
        say([f"registry of {source} as of {came.commit[:12]}"])
    return came.folder / registry


def recorded(state: Path, why: str, night: Callable[[], Night]) -> int:
    """Run a night between its marks, and keep what became of it; gives its exit code.

    A night that an error ended is kept as well, and the error goes on. It counts as one that did
    not come to its end, so that a server tries it again.
    """
    begun = utc_now()
    if cut_off := begin_run(state, begun):
        _keep(state, cut_off)
    try:
        done = night()
    except (KeyboardInterrupt, Exception) as problem:
        code = exit_code_for(problem) if isinstance(problem, Exception) else INTERRUPTED
        refused, failure = isinstance(problem, AggregatorError), line_of(problem)
        _keep(
            state,
            RunRecord.of(begun, utc_now(), code, why=why, failure=failure, refused=refused),
        )
        raise
    ended = utc_now()
    if done.code != INTERRUPTED:
        mark_run(state, begun, ended)
    record = RunRecord.of(
        *(begun, ended, done.code),
        why=why,
        failure=done.failure,
        report=done.report,
        built=done.built,
    )
    _keep(state, record)
    return done.code


def _keep(state: Path, record: RunRecord) -> None:
    """Keep what became of a run; where that cannot be, the run was none the worse for it."""
    try:
        keep_run(state, record)
    except (AggregatorError, OSError) as problem:
        warn([f"the history of runs is not written: {line_of(problem)}"])


def ask_github(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    seconds: float,
    report: Path | None = None,
    stop: threading.Event = _NEVER_STOPPED,
    shard: "Shard | None" = None,
) -> Asked:
    """Ask GitHub, say what came of it, and write the reports; `stop` ends every wait."""
    from aggregator.run.sharded import ask_for_shard
    from aggregator.run.update import Network, fetch_facts

    def wait(pause: float) -> None:
        if stop.wait(pause):
            raise KeyboardInterrupt

    surroundings = environment()
    write = (lambda line: say([line])) if is_log() else None
    with open_progress(Console(stderr=True), write) as show:

        def look(progress: Progress) -> None:
            wait(0)
            show(progress)

        network = Network(endpoint(surroundings), Clock(now=utc_now, sleep=wait), seconds, look)
        if shard:
            done, path = ask_for_shard(workspace, registry, shard, network, guard)
            say([f"shard {shard}, for `aggregator merge`: {path}"])
        else:
            done = fetch_facts(workspace, registry, network, guard)
    asked = _told(done, report)
    if not shard and not done.interrupted:
        ask_others(workspace, registry, seconds, stop.is_set)
    return asked


def _told(done: Report, report: Path | None) -> Asked:
    """Say what came of a run, and write the reports.

    A place that cannot be written to does not cost the site its build.
    """
    warn([done.unread] if done.unread else [])
    say(as_lines(done))
    show_traces(done.ending.faults)
    surroundings = environment()
    try:
        if report:
            write_whole(report, as_json(done).encode())
        if surroundings.step_summary:
            with surroundings.step_summary.open("a", encoding="utf-8") as summary:
                summary.write(as_summary(done) + "\n")
    except OSError as problem:
        warn([f"the report is not written: {problem.filename}: {problem.strerror}"])
    return Asked(done.exit_code, done)


def _merge(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    parts: Sequence[Path],
    report: Path | None,
) -> Asked:
    """Join parts, say what came of it, and delete what is joined."""
    from aggregator.run.sharded import forget_shards, merge_shards

    merged = merge_shards(workspace, registry, parts, Clock(now=utc_now), guard)
    warn(merged.passed_over)
    asked = _told(merged.report, report)
    forget_shards(merged.used)
    ask_others(workspace, registry)
    return Asked(max(asked.code, LOOK), asked.report) if merged.passed_over else asked


def one_night(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    ask: Callable[[Workspace, Registry, Guard], Asked],
    stop: threading.Event = _NEVER_STOPPED,
    chosen: CrewChoice = CrewChoice(),  # noqa: B008 - frozen
) -> Night:
    """Learn what is new, then make the site; what is stopped by hand is no finished night."""
    asked = ask(workspace, registry, guard)
    failure = "" if asked.code == DONE else troubles(asked.report)
    if asked.code == INTERRUPTED or stop.is_set():
        return Night(INTERRUPTED, "stopped by hand", asked.report)
    said = build_anew(workspace, registry, guard, chosen)
    found = filter(None, [failure, *(said.warnings if said.code else ())])
    built = said.lines[0]
    return Night(max(asked.code, said.code), "; ".join(found), asked.report, built)
