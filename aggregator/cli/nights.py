"""Commands of every night: update, merge, run, schedule.

    run = (restore) --> update --> report --> build, between two marks in the state folder
                  `---> merge of what other machines were told --^

What each step does is in `run`; here it gets its clock and environment, and says what came of it.
Each half imports its own: an update needs no templates, a build no network.
"""

import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from aggregator.cli.building import CrewChoice, build_anew
from aggregator.cli.console import guarded, say, show_traces, warn
from aggregator.cli.environment import endpoint, environment, utc_now
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
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run.guard import Guard
from aggregator.run.progress import open_progress
from aggregator.run.report import Report, as_json, as_lines, as_summary
from aggregator.run.schedule import (
    catch_up,
    keep_running,
    last_run,
    mark_run,
    parse_cron,
    why_now,
)
from aggregator.run.site_folder import refuse_unsafe_output
from aggregator.run.workspace import Workspace
from aggregator.store.locking import write_whole
from aggregator.store.store import read_snapshot
from aggregator.words.exits import INTERRUPTED, LOOK

if TYPE_CHECKING:
    from aggregator.facts.recording import Shard

_NIGHTLY = "17 3 * * *"
_NEVER_STOPPED = threading.Event()


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
    return _update(workspace, listed, guard, time_budget, report, shard=shard)


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
    return _merge(workspace, listed, guard, parts, report)


@click.command("run")
@registry_option
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
    help="Ask nobody, and join these files or folders as `aggregator merge` does; repeatable.",
)
@adopt_option
@crew_option
@scheduler_option
def run_command(
    registry: Path,
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
    workspace = Workspace(registry, state, output, templates)
    listed = load_aloud(registry)
    guard = guard_of(accept_losses, adopt)
    refuse_unsafe_output(output, workspace.kept, listed.showcase.keep)
    if restore_first:
        restore_or_stop(listed, workspace, copies, guard, first_night)
    ask = partial(_update, seconds=time_budget, report=report)
    if parts:
        ask = partial(_merge, parts=parts, report=report)
    return _night(workspace, listed, guard, ask, chosen=CrewChoice(crew, scheduler))


@click.command("schedule")
@registry_option
@state_option
@output_option
@templates_option
@time_budget_option
@click.option("--cron", help="When to run, five fields in UTC; else showcase.schedule.")
def schedule_command(
    registry: Path,
    state: Path,
    output: Path,
    templates: Path | None,
    time_budget: float,
    cron: str | None,
) -> int:
    """Run every night on this machine until stopped, and at once when a night was missed."""
    workspace = Workspace(registry, state, output, templates)
    trigger = parse_cron(cron or load(registry).showcase.schedule or _NIGHTLY)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def one_night() -> int:
        now = utc_now()
        say([f"run of {now:%Y-%m-%d %H:%M} UTC"])
        mark_run(state, now)  # a registry that cannot be read is a night missed, too
        listed = load_aloud(registry)
        refuse_unsafe_output(output, workspace.kept, listed.showcase.keep)
        ask = partial(_update, seconds=time_budget, stop=stop)
        return _night(workspace, listed, guard_of(), ask, stop=stop)

    def job() -> None:  # what goes wrong is said, and the next night comes anyway
        guarded(one_night)

    def reason_now() -> str:
        stands = (output / "index.html").is_file()
        fetched_at = read_snapshot(workspace.database).fetched_at
        return why_now(utc_now(), fetched_at, last_run(state), site_stands=stands)

    catch_up(job, reason_now, stop.wait, lambda line: say([line]))
    keep_running(job, trigger, stop, lambda at: say([f"next run: {at:%Y-%m-%d %H:%M} UTC"]))
    say(["stopped"])
    return 0


def _update(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    seconds: float,
    report: Path | None = None,
    stop: threading.Event = _NEVER_STOPPED,
    shard: "Shard | None" = None,
) -> int:
    """Ask GitHub, say what came of it, and write the reports; `stop` ends every wait."""
    from aggregator.run.sharded import ask_for_shard
    from aggregator.run.update import Network, fetch_facts

    def wait(pause: float) -> None:
        if stop.wait(pause):
            raise KeyboardInterrupt

    surroundings = environment()
    with open_progress(Console(stderr=True)) as show:

        def look(progress: Progress) -> None:
            wait(0)
            show(progress)

        network = Network(endpoint(surroundings), Clock(now=utc_now, sleep=wait), seconds, look)
        if shard:
            done, path = ask_for_shard(workspace, registry, shard, network, guard)
            say([f"shard {shard}, for `aggregator merge`: {path}"])
        else:
            done = fetch_facts(workspace, registry, network, guard)
    return _tell(done, report)


def _tell(done: Report, report: Path | None) -> int:
    """Say what came of a run, and write the reports.

    Returns:
        The exit code of the run; a place that cannot be written to does not cost the site its
        build.
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
    return done.exit_code


def _merge(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    parts: Sequence[Path],
    report: Path | None,
) -> int:
    """Join parts, say what came of it, and delete what is joined."""
    from aggregator.run.sharded import forget_shards, merge_shards

    merged = merge_shards(workspace, registry, parts, Clock(now=utc_now), guard)
    warn(merged.passed_over)
    code = _tell(merged.report, report)
    forget_shards(merged.used)
    return max(code, LOOK) if merged.passed_over else code


def _night(
    workspace: Workspace,
    registry: Registry,
    guard: Guard,
    ask: Callable[[Workspace, Registry, Guard], int],
    stop: threading.Event = _NEVER_STOPPED,
    chosen: CrewChoice = CrewChoice(),  # noqa: B008 - frozen
) -> int:
    """Learn what is new, then make the site; what is stopped by hand is no finished night."""
    begun = utc_now()
    mark_run(workspace.state, begun)
    updated = ask(workspace, registry, guard)
    if updated == INTERRUPTED or stop.is_set():
        return updated
    code = max(updated, build_anew(workspace, registry, guard, chosen).code)
    mark_run(workspace.state, begun, utc_now())
    return code
