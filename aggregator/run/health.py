"""Whether the nightly job is well, in words: what a monitor asks, and what people are told.

    runs + schedule + clock --health_of--> Health --> `aggregator runs --check`, /healthz
    runs --notice_of--> RunNotice, with an id that stays --> the log, and `noticing`

Values in, values out. While one trouble lasts, each run gives the same notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from aggregator.run.run_history import RunRecord
from aggregator.run.schedule import Timetable
from aggregator.words.phrases import minute_of, plural

# So long may a run take, with its pauses, before somebody is called.
PATIENCE = timedelta(hours=2)
# A clock that is put right by less than this has done no harm.
CLOCKS_DIFFER = timedelta(minutes=5)
_BAD = frozenset({"badly", "cut off"})


@dataclass(frozen=True, slots=True)
class Health:
    """Whether all is well, and the reason in one line."""

    well: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNotice:
    """Something that the people behind a showcase should hear of.

    Args:
        trouble: the same for the same trouble, however many runs it lasts, and for no other.
        showcase: its name.
        what: what it is, in a few words.
        text: what happened, since when, and what helps.
        good: whether it is the end of the trouble.
        is_older: whether it may have begun before the runs that are remembered, so that its name
            moves on with them.
    """

    trouble: str
    showcase: str
    what: str
    text: str
    good: bool = False
    is_older: bool = False

    @property
    def failure_id(self) -> str:
        """Name the trouble."""
        return f"run-failed-{self.trouble}"

    @property
    def id(self) -> str:
        """Name the trouble or its end."""
        return f"run-recovered-{self.trouble}" if self.good else self.failure_id

    @property
    def title(self) -> str:
        """Say whose it is, and what."""
        return f"{self.showcase}: {self.what}"


def health_of(runs: Sequence[RunRecord], timetable: Timetable, now: datetime) -> Health:
    """Judge the job by its runs.

    Args:
        runs: those that are remembered, oldest first.
        timetable: when runs are planned.
        now: the time.
    """
    ended = [run for run in runs if run.ended != "stopped"]
    if not ended:
        return Health(False, "no run has ended yet")
    last, facts = ended[-1], [run.begun for run in runs if run.confirmed]
    known = f"facts of {minute_of(facts[-1])}" if facts else "no facts yet"
    when = f"the run of {minute_of(last.begun)}"
    if last.begun > now + CLOCKS_DIFFER:
        wrong = f"it is {minute_of(now)}: the clock of this machine is wrong, or was then"
        return Health(False, f"{when} is yet to come, as {wrong}; {known}")
    planned = timetable.after(last.begun)
    if now > planned + PATIENCE:
        return Health(False, f"no run since {minute_of(planned)}, when one was planned; {known}")
    return Health(last.ended == "well", f"{when} {last.end}; {known}")


def notice_of(runs: Sequence[RunRecord], title: str, now: datetime) -> RunNotice | None:
    """Say what people should hear after the last of these runs, if anything.

    Args:
        runs: those that are remembered, oldest first.
        title: of the showcase.
        now: the time; a run that is yet to come was noted by a clock that was wrong.
    """
    known = (run for run in reversed(runs) if run.begun <= now + CLOCKS_DIFFER)
    ended = [run for run in known if run.ended != "stopped"]
    failed = tuple(takewhile(_is_bad, ended))
    if failed:
        first, last = failed[-1], failed[0]
        return RunNotice(
            trouble=_moment(first),
            is_older=len(failed) == len(ended),
            showcase=title,
            what="the nightly run fails",
            text=(
                f"The run of {minute_of(last.begun)} {_end_of(last)}. "
                f"{plural(len(failed), 'run')} failed in a row, the first of "
                f"{minute_of(first.begun)}. The site stays as it was published last. "
                "`aggregator runs` lists the runs; docs/messages.md says what messages mean."
            ),
        )
    before = tuple(takewhile(_is_bad, ended[1:]))
    if not before:
        return None
    return RunNotice(
        trouble=_moment(before[-1]),
        is_older=len(before) == len(ended) - 1,
        showcase=title,
        what="the nightly run is well again",
        text=(
            f"The run of {minute_of(ended[0].begun)} ended well, after "
            f"{plural(len(before), 'run')} that failed since {minute_of(before[-1].begun)}."
        ),
        good=True,
    )


def _is_bad(run: RunRecord) -> bool:
    return run.ended in _BAD


def _moment(first: RunRecord) -> str:
    return f"{first.begun:%Y%m%dT%H%M%SZ}"


def _end_of(run: RunRecord) -> str:
    is_cut = run.ended == "cut off"
    return f"{run.end}: the process or the machine was stopped" if is_cut else run.end
