"""Run the nightly job on one's own server, for as long as the process lives.

    start --> catch_up (a night was missed?) --> keep_running --cron--> job --> ... --> stop

APScheduler decides when; `cli` says what a run is and hands in the stop signal. Two runs never
overlap, and a stop lets the run under way finish its current step. A mark in the state folder
tells whether the last run came to its end.
"""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from aggregator.registry.rules import trigger_of
from aggregator.store.locking import write_whole
from aggregator.words.errors import UsageError
from aggregator.words.phrases import minute_of, plural

# A server that slept through the hour still runs once when it wakes on the same day.
_GRACE_SECONDS = 12 * 60 * 60
# A run at the start that fails is tried again after these seconds; then the schedule decides.
PAUSES = (60.0, 300.0, 900.0, 1_800.0, 3_600.0)
# A night has passed without a run.
_OLD = timedelta(days=1)
_MARK = "run.json"
LastRun = Literal["never", "cut off", "finished"]


def parse_cron(expression: str) -> CronTrigger:
    """Read a crontab line of five fields, in UTC, such as "17 3 * * *", or raise UsageError."""
    try:
        return trigger_of(expression)
    except ValueError as problem:
        raise UsageError(
            f"{expression!r} is not a schedule",
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


def last_run(state: Path) -> LastRun:
    """Tell how the last run ended; a mark that cannot be read says that it was cut off."""
    try:
        mark = json.loads((state / _MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "never"
    except ValueError:
        return "cut off"
    return "finished" if isinstance(mark, dict) and mark.get("finished") else "cut off"


def why_now(now: datetime, fetched_at: datetime | None, last: LastRun, *, site_stands: bool) -> str:
    """Say why a server that starts should not wait for its hour to run; "" when it may."""
    if last == "cut off":
        return "the last run did not finish"
    if not site_stands:
        return "there is no site yet"
    if fetched_at is None:
        # A registry that lists nothing, or nothing that exists, has its site all the same.
        return "" if last == "finished" else "nothing was ever fetched"
    return f"the last good facts are of {minute_of(fetched_at)}" if now - fetched_at > _OLD else ""


def catch_up(
    job: Callable[[], object],
    reason_now: Callable[[], str],
    pause: Callable[[float], bool],
    announce: Callable[[str], object],
) -> None:
    """Run `job` at once when there is a reason to, and again after growing pauses while it lasts.

    `pause` waits so many seconds and is True when the process is to stop.
    """
    for seconds in (0.0, *PAUSES):
        reason = "" if pause(0.0) else reason_now()
        if not reason:
            return
        if seconds:
            announce(f"{reason}; trying again in {plural(round(seconds / 60), 'minute')}")
            if pause(seconds):
                return
        else:
            announce(f"running now: {reason}")
        job()


def keep_running(
    job: Callable[[], object],
    trigger: CronTrigger,
    stop: threading.Event,
    announce: Callable[[datetime], object],
) -> None:
    """Run `job` whenever `trigger` says so, until `stop` is set; the run under way ends first."""
    scheduler = BackgroundScheduler(timezone=trigger.timezone)
    scheduled = scheduler.add_job(
        job, trigger, max_instances=1, coalesce=True, misfire_grace_time=_GRACE_SECONDS
    )
    scheduler.start()
    announce(scheduled.next_run_time)
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
