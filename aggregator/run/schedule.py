"""Run the nightly job on one's own server, for as long as the process lives.

    start --why_now?--.
    cron line --------+--> run_until_well --job--> why_now? --no--> the schedule decides again
                                  ^-------- a pause -----yes--'

APScheduler decides when; `cli` says what a run is and hands in the stop signal. Two runs never
overlap, and a stop lets the run under way finish its current step.

What must outlive the process is two moments: when the last run began and ended (`run.json`), and of
when the last good facts are. A job store of APScheduler's would keep the next moment instead, with
a pickled call: after a change of the schedule or of the program it names what is no more, and it
does not know of a run by hand. From the two moments it follows whether a time has passed without a
run, however long nobody was there.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from aggregator.registry.declaration import RefusedError
from aggregator.registry.rules import ZONE, trigger_of
from aggregator.store.locking import write_whole
from aggregator.words.errors import UsageError
from aggregator.words.phrases import minute_of, plural

NIGHTLY = "17 3 * * *"  # where nobody says when
IN_TURN = "it is time"  # why a run runs that nothing hurries
# A run that leaves a reason for another is followed by it after these seconds; then the schedule
# decides.
PAUSES = (60.0, 300.0, 900.0, 1_800.0, 3_600.0)
# A machine that slept does not know for how long: its scheduler waits as if it had not.
_LOOK_AT_THE_CLOCK = 300
_INSTANT = timedelta(microseconds=1)
_MARK = "run.json"
LastRun = Literal["never", "cut off", "finished"]


@dataclass(frozen=True, slots=True)
class RunMark:
    """When the last run began, and when it came to its end, well or badly."""

    begun: datetime | None = None  # None: what stands there makes no sense
    finished: datetime | None = None

    @property
    def ended(self) -> LastRun:
        """Tell how the last run ended."""
        return "finished" if self.finished else "cut off"


@dataclass(frozen=True)
class Timetable(BaseTrigger):  # type: ignore[misc] # APScheduler ships no types
    """When runs are planned: a crontab line, read on the clocks of one place.

    APScheduler's own reading goes wrong where clocks are put back: it runs twice, and in some zones
    not at all on the day after. Here the line is read as if there were no zones. A time that the
    clocks show twice is the first of the two, and one that they skip is an hour later.

    Args:
        cron: the line, read in UTC.
        zone: the place, by its name in the IANA list.
        jitter: up to so many seconds later, by chance, so that many servers do not ask at once.
    """

    cron: CronTrigger = field(compare=False)
    line: str
    zone: str = "UTC"
    jitter: int = 0

    def after(self, moment: datetime) -> datetime:
        """Give the first moment after another for which a run is planned, whatever chance adds."""
        place = ZoneInfo(self.zone)
        shown: datetime = moment.astimezone(place).replace(
            tzinfo=UTC, fold=0
        )  # what clocks there show
        while True:
            # A line that never comes is refused where it is read, so there is a next time.
            shown = self.cron.get_next_fire_time(None, shown + _INSTANT)
            planned: datetime = shown.replace(tzinfo=place).astimezone(UTC)
            if planned > moment:
                return planned

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Tell APScheduler when to run next."""
        planned = self.after(previous_fire_time or now - _INSTANT)
        begins: datetime = self._apply_jitter(planned, self.jitter, now)
        return begins


def parse_cron(line: str, zone: str = "UTC", jitter: int = 0) -> Timetable:
    """Read when to run, in the words of `Timetable`, or raise UsageError.

    Args:
        line: five fields, such as "17 3 * * *".
        zone: the place whose clocks count.
        jitter: seconds.
    """
    try:
        return Timetable(trigger_of(line), line, str(ZONE.value_of(zone)), jitter)
    except RefusedError as problem:
        raise UsageError(problem.what, "", problem.cure) from problem
    except ValueError as problem:
        raise UsageError(
            f"{line!r} is not a schedule",
            str(problem),
            'write five fields, as in --cron "17 3 * * *" (every night at 03:17)',
        ) from problem


def mark_run(state: Path, begun: datetime, finished: datetime | None = None) -> None:
    """Note in the state folder that a run began, and when it came to its end, well or badly.

    Written in one step, so that a dying process leaves this mark or the one before.
    """
    state.mkdir(parents=True, exist_ok=True)
    ended = finished.isoformat() if finished else None
    mark = json.dumps({"begun": begun.isoformat(), "finished": ended})
    write_whole(state / _MARK, f"{mark}\n".encode())


def last_mark(state: Path) -> RunMark | None:
    """Read what the last run noted, None where none ever did."""
    try:
        mark = json.loads((state / _MARK).read_text(encoding="utf-8"))
        return RunMark(*(_moment(mark[name]) for name in ("begun", "finished")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return RunMark()  # damaged, so nobody knows how the run ended


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def last_run(state: Path) -> LastRun:
    """Tell how the last run ended; a mark that cannot be read says that it was cut off."""
    mark = last_mark(state)
    return mark.ended if mark else "never"


def why_now(  # noqa: PLR0913 - all that there may be a reason in
    now: datetime,
    fetched_at: datetime | None,
    last: LastRun,
    timetable: Timetable,
    *,
    site_stands: bool,
    end: str = "",
) -> str:
    """Say why a server should not wait for its hour to run; "" when it may.

    Args:
        now: the time.
        fetched_at: of when the last good facts are.
        last: how the mark says that the last run ended.
        timetable: when runs are planned.
        site_stands: whether there is a site.
        end: how that very run ended, as "was refused: ..."; "" where nobody remembers.
    """
    if last == "cut off":
        return f"the last run {end}" if end else "the last run did not finish"
    if not site_stands:
        return "there is no site yet"
    if fetched_at is None:
        # A registry that lists nothing, or nothing that exists, has its site all the same.
        return "" if last == "finished" else "nothing was ever fetched"
    if fetched_at > now:  # a clock was wrong; nothing is planned after the last day that there is
        return ""
    planned = timetable.after(fetched_at)
    if planned > now:
        return ""
    return f"nothing was learnt since {minute_of(fetched_at)}, and {minute_of(planned)} has passed"


def run_until_well(
    job: Callable[[str], object],
    why: str,
    reason_now: Callable[[], str],
    pause: Callable[[float], bool],
    announce: Callable[[str], object],
) -> None:
    """Run `job`, and again after growing pauses while there is a reason to.

    Args:
        job: one run; it is told why it runs.
        why: the reason for the first.
        reason_now: gives the reason for another, "" where there is none.
        pause: waits so many seconds and is True when the process is to stop.
        announce: says what is waited for.
    """
    for seconds in PAUSES:
        if pause(0.0):
            return
        job(why)
        why = "" if pause(0.0) else reason_now()
        if not why:
            return
        announce(f"{why}; trying again in {plural(round(seconds / 60), 'minute')}")
        if pause(seconds):
            return
    job(why)


def keep_running(
    run: Callable[[str], object],
    timetable_now: Callable[[], BaseTrigger],
    stop: threading.Event,
    announce: Callable[[datetime], object],
    at_once: tuple[datetime, str] | None = None,
) -> None:
    """Run whenever the schedule says so, until `stop` is set; the run under way ends first.

    Args:
        run: is told why it runs.
        timetable_now: reads the schedule, after each run again: a registry may change its own.
        stop: ends it.
        announce: is told when the next run is planned.
        at_once: the time now and the reason to begin with a run out of turn, if there is one.
    """
    now, why = at_once or (None, "")
    reasons = [why] if why else []
    scheduler = BackgroundScheduler(timezone=UTC)

    def due() -> None:
        run(reasons.pop() if reasons else IN_TURN)
        if not stop.is_set():
            if (then := timetable_now()) != scheduled.trigger:
                scheduled.reschedule(then)
            announce(scheduled.next_run_time)

    # However late it comes, a run that was missed is made up for, and many of them by one.
    settings = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    first = {"next_run_time": now} if now else {}
    scheduled = scheduler.add_job(due, timetable_now(), name="run", **settings, **first)
    scheduler.add_job(_nothing, "interval", seconds=_LOOK_AT_THE_CLOCK)
    scheduler.start()
    if not now:
        announce(scheduled.next_run_time)
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def _nothing() -> None:
    """Do nothing: that the scheduler wakes is all."""
