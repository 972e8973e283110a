"""Commands on one's own server: schedule, runs.

    schedule --cron line--> the registry from git --> a night (`nights`) --> the history of runs
                                                                               |
             monitors <--/healthz, `runs --check`-- health --notice--> people -'

What goes wrong in a night is said, kept and told; the next night comes anyway.
"""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.console import LogFormat, as_log, guarded, line_of, say, say_json, warn
from aggregator.cli.environment import utc_now, variables_of
from aggregator.cli.loading import load_aloud
from aggregator.cli.nights import Night, ask_github, one_night, recorded, taken
from aggregator.cli.options import (
    OUTPUT,
    cron_option,
    host_option,
    output_option,
    port_option,
    registry_from_option,
    registry_option,
    state_option,
    templates_option,
    time_budget_option,
    timezone_option,
)
from aggregator.cli.stored import guard_of
from aggregator.registry.community import Announcing
from aggregator.registry.loader import load
from aggregator.registry.settings import Showcase
from aggregator.run.health import Health, RunNotice, health_of, notice_of
from aggregator.run.run_history import last_record, lines_of, runs_of
from aggregator.run.schedule import (
    NIGHTLY,
    Timetable,
    keep_running,
    last_run,
    parse_cron,
    run_until_well,
    why_now,
)
from aggregator.run.site_folder import refuse_unsafe_output
from aggregator.run.workspace import Workspace
from aggregator.store.store import read_snapshot
from aggregator.words.errors import AggregatorError
from aggregator.words.exits import DONE, LOOK
from aggregator.words.phrases import minute_of

if TYPE_CHECKING:
    from aggregator.run.registry_from import GitAddress

_MOST_JITTER = 3_600
_LISTED = 20


@dataclass(slots=True)
class _Plan:
    """What this server does, and when; and the settings as they could be read last."""

    workspace: Workspace
    seconds: float  # that asking GitHub may take
    cron: str | None
    zone: str
    jitter: int = 0
    source: "GitAddress | None" = None
    registry: Path = Path()  # its name in that
    stop: threading.Event = field(default_factory=threading.Event)
    showcase: Showcase | None = None

    def timetable(self) -> Timetable:
        """Read when to run; a registry that cannot be read now has no say in it.

        Raises:
            UsageError: the option, or the zone, makes no sense.
        """
        cron = self.cron
        if cron is None:
            with suppress(AggregatorError):  # the run that reads it says what is wrong
                cron = load(self.workspace.registry).showcase.schedule
        return parse_cron(cron or NIGHTLY, self.zone, self.jitter)

    def reason_now(self) -> str:
        """Say why to run out of turn, if there is a reason."""
        workspace = self.workspace
        facts = read_snapshot(workspace.database).fetched_at
        stands = (workspace.output / "index.html").is_file()
        last, run = last_run(workspace.state), last_record(workspace.state)
        end = run.end if run else ""
        return why_now(utc_now(), facts, last, self.timetable(), site_stands=stands, end=end)

    def health(self) -> Health:
        """Say whether the job is well."""
        return health_of(runs_of(self.workspace.state), self.timetable(), utc_now())

    def due(self, why: str) -> None:
        """Run until all is well or the schedule comes next."""

        def runs() -> int:
            run_until_well(self.run, why, self.reason_now, self.stop.wait, lambda line: say([line]))
            return DONE

        guarded(runs)

    def run(self, why: str) -> None:
        """Run one night, and tell people what they should hear of it."""
        say([f"run of {minute_of(utc_now())}: {why}"])
        # A registry that cannot be read is a night missed, too.
        guarded(lambda: recorded(self.workspace.state, why, self._night))
        guarded(self._tell)

    def _night(self) -> Night:
        workspace, stop = self.workspace, self.stop
        taken(self.registry, self.source, workspace.state, stop)
        listed = load_aloud(workspace.registry)
        refuse_unsafe_output(workspace.output, workspace.kept, listed.showcase.keep)
        ask = partial(ask_github, seconds=self.seconds, stop=stop)
        return one_night(workspace, listed, guard_of(), ask, stop=stop)

    def _tell(self) -> int:
        with suppress(AggregatorError):  # the run that read it said what is wrong
            self.showcase = load(self.workspace.registry).showcase
        known, state = self.showcase, self.workspace.state
        notice = notice_of(runs_of(state), known.title if known else "This showcase", utc_now())
        if notice is None or self.stop.is_set():
            return DONE
        (say if notice.good else warn)([f"{notice.title}. {notice.text} ({notice.id})"])
        if known and known.announce.failures:
            _tell_places(notice, known.announce, state)
        return DONE


def _tell_places(notice: RunNotice, settings: Announcing, state: Path) -> None:
    """Tell it where the registry wants it heard; a place that cannot be told stops no other."""
    from aggregator.announcing.delivery import deliver
    from aggregator.announcing.outlets import PREFIX
    from aggregator.run.noticing import NoticeRound, tell

    this = NoticeRound(
        settings=settings, variables=variables_of(PREFIX), now=utc_now(), send=deliver
    )
    try:
        for report in tell(notice, this, state):
            (warn if report.failed else say)(report.lines)
    except OSError as problem:
        warn([f"who heard of this is not noted, and is told again: {line_of(problem)}"])


@click.command("schedule")
@registry_option
@registry_from_option
@state_option
@output_option
@templates_option
@time_budget_option
@cron_option
@timezone_option
@click.option(
    "--jitter",
    type=click.IntRange(0, _MOST_JITTER),
    default=0,
    show_default=True,
    help="Begin up to so many seconds later, by chance.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How lines go to the standard error, each with its time.",
)
@click.option("--serve", is_flag=True, help="Serve the site too, with /healthz for monitors.")
@host_option
@port_option(default=8000)
def schedule_command(
    registry: Path,
    registry_from: "GitAddress | None",
    state: Path,
    output: Path,
    templates: Path | None,
    time_budget: float,
    cron: str | None,
    timezone: str,
    jitter: int,
    log_format: LogFormat,
    serve: bool,
    host: str,
    port: int,
) -> int:
    """Run every night on this machine until stopped, and at once when a night was missed."""
    place = _place(registry, registry_from, state)
    plan = _Plan(
        workspace=Workspace(place, state, output, templates),
        seconds=time_budget,
        cron=cron,
        zone=timezone,
        jitter=jitter,
        source=registry_from,
        registry=registry,
    )
    plan.timetable()  # what the command line got wrong is told before what the registry does
    if registry_from is None:
        load(registry)  # a mistake of today is told today, and not at night
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: plan.stop.set())
    with as_log(log_format, utc_now), _serving(plan, host, port) if serve else nullcontext():
        reason = plan.reason_now()
        at_once = (utc_now(), reason) if reason else None
        keep_running(plan.due, plan.timetable, plan.stop, _say_next, at_once)
        say(["stopped"])
    return DONE


def _place(registry: Path, source: "GitAddress | None", state: Path) -> Path:
    """Say where the registry will stand."""
    if source is None:
        return registry
    from aggregator.run.registry_from import place_in

    return place_in(state) / registry


def _say_next(planned: datetime) -> None:
    say([f"next run: {minute_of(planned)}"])


@contextmanager
def _serving(plan: _Plan, host: str, port: int) -> Iterator[None]:
    """Serve the site while a block runs."""
    from aggregator.run.serve import serving

    with serving(plan.workspace.output, port, host=host, health=plan.health) as address:
        say([f"serving {address}, and {address}healthz for monitors"])
        yield


def job_health(workspace: Workspace) -> Callable[[], Health]:
    """Give what says how the nightly job of a workspace is, by the schedule of its registry."""
    return _Plan(workspace, seconds=0.0, cron=None, zone="UTC").health


@click.command("runs")
@registry_option
@registry_from_option
@state_option
@cron_option
@timezone_option
@click.option("--json", "as_json", is_flag=True, help="Write all that is remembered, as JSON.")
@click.option(
    "--check",
    is_flag=True,
    help="Say in one line whether the nightly job is well, and end with 1 when it is not.",
)
def runs_command(
    registry: Path,
    registry_from: "GitAddress | None",
    state: Path,
    cron: str | None,
    timezone: str,
    as_json: bool,
    check: bool,
) -> int:
    """Show what became of the last runs on this machine."""
    runs = runs_of(state)
    workspace = Workspace(_place(registry, registry_from, state), state, OUTPUT)
    plan = _Plan(workspace, 0.0, cron, timezone)
    health = plan.health()
    if as_json:
        told = [{**run.model_dump(mode="json"), "ended": run.ended} for run in runs]
        say_json(json.dumps({"well": health.well, "reason": health.reason, "runs": told}, indent=2))
    elif check:
        say([health.reason])
    else:
        say(lines_of(runs[-_LISTED:]))
        say([health.reason])
    return LOOK if check and not health.well else DONE
