"""Run the nightly job on one's own server, for as long as the process lives.

APScheduler decides when; `cli` says what a run is and hands in the stop signal.
Two runs never overlap, and a stop lets the run under way finish its current step.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from aggregator.errors import UsageError
from aggregator.registry.rules import trigger_of

# A server that slept through the hour still runs once when it wakes on the same day.
_GRACE_SECONDS = 12 * 60 * 60


def parse_cron(expression: str, timezone: str = "UTC") -> CronTrigger:
    """Read a crontab line of five fields, such as "17 3 * * *".

    Raises:
        UsageError: the line or the time zone is not one, or the day never comes.
    """
    try:
        return trigger_of(expression, timezone)
    except ValueError as problem:
        raise _not_a_schedule(expression, timezone, str(problem)) from problem


def _not_a_schedule(expression: str, timezone: str, cause: str) -> UsageError:
    return UsageError(
        f"{expression!r} in {timezone!r} is not a schedule",
        cause,
        'write five fields, as in --cron "17 3 * * *" (every night at 03:17)',
    )


def keep_running(
    job: Callable[[], object],
    trigger: CronTrigger,
    stop: threading.Event,
    announce: Callable[[datetime], object],
) -> None:
    """Run `job` whenever `trigger` says so, until `stop` is set.

    Args:
        job: one whole run; it handles its own failures.
        trigger: when to run.
        stop: set by SIGTERM or Ctrl-C; the run under way ends first.
        announce: told the time of the first run.
    """
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
