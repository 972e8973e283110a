"""Commands that make the site: update, build, run, schedule, status, restore."""

import signal
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import (
    endpoint,
    environment,
    errors_console,
    load_aloud,
    say,
    show_traces,
    tell_faults,
    utc_now,
    warn,
    workers,
)
from aggregator.cli.edge import INTERRUPTED, guarded
from aggregator.cli.environment import Environment
from aggregator.cli.options import (
    OUTPUT,
    REGISTRY,
    STATE,
    TIME_BUDGET,
    AcceptOption,
    OutputOption,
    RegistryOption,
    ReportOption,
    StateOption,
    TemplatesOption,
    TimeBudgetOption,
)
from aggregator.errors import SourceError, StateError, UsageError
from aggregator.fetch import Clock, Progress
from aggregator.github import download
from aggregator.overview import overview
from aggregator.pipeline import Built, Network, Workspace, build, fetch_facts
from aggregator.progress import Watcher, open_progress
from aggregator.publish import refuse_unsafe_output
from aggregator.registry import Registry, load
from aggregator.report import Report, as_json, as_lines, as_summary
from aggregator.restore import restore
from aggregator.schedule import keep_running, parse_cron
from aggregator.store import read_snapshot

_NIGHTLY = "17 3 * * *"
_NEVER_STOPPED = threading.Event()


def update_command(
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    time_budget: TimeBudgetOption = TIME_BUDGET,
    report: ReportOption = None,
    accept_losses: AcceptOption = False,
) -> int:
    """Ask GitHub about every entry and keep what it says (the half that needs the network)."""
    workspace = Workspace(registry, state, OUTPUT)
    return _update(workspace, load_aloud(registry), time_budget, report, accept_losses)


def build_command(
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    output: OutputOption = OUTPUT,
    templates: TemplatesOption = None,
    accept_losses: AcceptOption = False,
) -> int:
    """Make the site from the last good facts (the half that needs no network)."""
    workspace = Workspace(registry, state, output, templates)
    return _build(workspace, load_aloud(registry), accept_losses)


def run_command(
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    output: OutputOption = OUTPUT,
    templates: TemplatesOption = None,
    time_budget: TimeBudgetOption = TIME_BUDGET,
    report: ReportOption = None,
    accept_losses: AcceptOption = False,
    restore_first: Annotated[
        bool,
        typer.Option("--restore", help="Start from the published catalogue when it is newer."),
    ] = False,
) -> int:
    """Ask GitHub, then make the site: the nightly job."""
    workspace = Workspace(registry, state, output, templates)
    listed = load_aloud(registry)
    refuse_unsafe_output(output, workspace.kept)
    if restore_first:
        _restore_or_go_on(listed, workspace)
    updated = _update(workspace, listed, time_budget, report, accept_losses)
    if updated == INTERRUPTED:
        return updated
    return max(updated, _build(workspace, listed, accept_losses))


def schedule_command(
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    output: OutputOption = OUTPUT,
    templates: TemplatesOption = None,
    time_budget: TimeBudgetOption = TIME_BUDGET,
    cron: Annotated[
        str | None,
        typer.Option("--cron", help="When to run, five fields in UTC; else showcase.schedule."),
    ] = None,
) -> int:
    """Run every night on this machine until stopped."""
    workspace = Workspace(registry, state, output, templates)
    trigger = parse_cron(cron or load(registry).showcase.schedule or _NIGHTLY)
    stop = _stop_on_signals()
    job = _nightly(workspace, time_budget, stop)
    if read_snapshot(workspace.database).fetched_at is None:
        job()
    keep_running(job, trigger, stop, lambda at: say([f"next run: {at:%Y-%m-%d %H:%M} UTC"]))
    say(["stopped"])
    return 0


def status_command(
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    every: Annotated[
        bool, typer.Option("--all", help="List the entries without problems too.")
    ] = False,
) -> int:
    """Show what is known about each entry, since when, and what a member can do."""
    workspace = Workspace(registry, state, OUTPUT)
    say(overview(load_aloud(registry), read_snapshot(workspace.database), every=every))
    return 0


def restore_command(
    url: Annotated[
        str | None,
        typer.Argument(help="A published site or its catalogue.db; else showcase.url."),
    ] = None,
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
) -> int:
    """Start this machine from the last published catalogue."""
    address = url or load(registry).showcase.url
    if not address:
        raise UsageError(
            "there is nowhere to restore from",
            "neither an address nor showcase.url is given",
            "say aggregator restore https://... or set showcase.url",
        )
    _restore(address, Workspace(registry, state, OUTPUT))
    return 0


def _update(
    workspace: Workspace,
    registry: Registry,
    seconds: float,
    report: Path | None,
    accept_losses: bool,
    stop: threading.Event = _NEVER_STOPPED,
) -> int:
    surroundings = environment()
    with open_progress(errors_console()) as watcher:
        network = Network(endpoint(surroundings), _clock(stop), seconds, _stoppable(watcher, stop))
        done = fetch_facts(workspace, registry, network, accept_losses)
    say(as_lines(done))
    show_traces(done.ending.faults)
    _write_reports(done, report, surroundings)
    return done.exit_code


def _clock(stop: threading.Event) -> Clock:
    """Give a clock whose waits end when the process is asked to stop."""
    return Clock(now=utc_now, sleep=lambda seconds: _wait(stop, seconds))


def _wait(stop: threading.Event, seconds: float) -> None:
    if stop.wait(seconds):
        raise KeyboardInterrupt


def _stoppable(watch: Watcher, stop: threading.Event) -> Watcher:
    def look(progress: Progress) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        watch(progress)

    return look


def _write_reports(done: Report, report: Path | None, surroundings: Environment) -> None:
    """Write the reports; a place that cannot be written to must not cost the site its build."""
    try:
        if report:
            report.write_text(as_json(done), encoding="utf-8")
        if surroundings.step_summary:
            with surroundings.step_summary.open("a", encoding="utf-8") as summary:
                summary.write(as_summary(done) + "\n")
    except OSError as problem:
        warn([f"the report is not written: {problem.filename}: {problem.strerror}"])


def _build(workspace: Workspace, registry: Registry, accept_losses: bool) -> int:
    built = build(workspace, registry, environment().web, workers(), accept_losses)
    dated = built.catalogue.fetched_at
    known = f"facts of {dated:%d %B %Y %H:%M} UTC" if dated else "no facts yet"
    projects = len(built.catalogue.projects)
    noun = "project" if projects == 1 else "projects"
    say([f"{projects} {noun}, {built.files} files in {workspace.output} ({known})"])
    return _noticed(built)


def _noticed(built: Built) -> int:
    """Say what could not be done as asked; the site stands, but somebody must look."""
    warn([built.notice] if built.notice else [])
    tell_faults(built.faults)
    return 1 if built.notice or built.faults else 0


def _restore_or_go_on(registry: Registry, workspace: Workspace) -> None:
    if not registry.showcase.url:
        warn(["nothing to restore from: showcase.url is not set"])
        return
    try:
        _restore(registry.showcase.url, workspace)
    except (SourceError, StateError) as problem:
        warn([f"not restored: {problem}", "the run goes on without it"])


def _restore(url: str, workspace: Workspace) -> None:
    found = restore(url, workspace.database, download, utc_now())
    dated = f"{found.fetched_at:%d %B %Y %H:%M} UTC" if found.fetched_at else "an unknown day"
    kept = "restored" if found.replaced else "kept the catalogue here, which is as new:"
    say([f"{kept} {found.entries} entries with facts of {dated}"])


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _nightly(workspace: Workspace, seconds: float, stop: threading.Event) -> Callable[[], None]:
    """Make the job of one night; what goes wrong is said, and the next night comes anyway."""

    def job() -> None:
        guarded(lambda: _one_night(workspace, seconds, stop, utc_now()))

    return job


def _one_night(workspace: Workspace, seconds: float, stop: threading.Event, now: datetime) -> int:
    say([f"run of {now:%Y-%m-%d %H:%M} UTC"])
    listed = load_aloud(workspace.registry)
    updated = _update(workspace, listed, seconds, None, accept_losses=False, stop=stop)
    return updated if stop.is_set() else max(updated, _build(workspace, listed, False))


COMMANDS: Mapping[str, Callable[..., int]] = {
    "run": run_command,
    "update": update_command,
    "build": build_command,
    "status": status_command,
    "schedule": schedule_command,
    "restore": restore_command,
}
