"""How a run ended: who gave no answer, since when, and with which exit code. Pure.

The only place that decides an exit code; `report` asks for a run, `cli` for an error. The table
in docs/running.md is compared with `MEANINGS` by a test.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.facts.protocol import Trouble, TroubleKind
from aggregator.words.errors import AggregatorError
from aggregator.words.outcomes import Outcome

DONE = 0
LOOK = 1
WRONG = 2
INTERRUPTED = 130  # what a shell reports for Ctrl-C: 128 + SIGINT

MEANINGS: Mapping[int, str] = {
    DONE: "done; what a planned limit left over waits for the next run",
    LOOK: "somebody must look: what could be published was, or nothing was touched",
    WRONG: "the registry or the command line is wrong; nothing was touched",
    INTERRUPTED: "stopped by hand; everything fetched so far is kept",
}

# Fewer entries than this without an answer are those entries' own trouble, not a bad night.
_MANY = 5
_SHARE = 0.2
_SILENT: Mapping[Outcome, str] = {
    Outcome.SKIPPED: "not asked",
    Outcome.UNREACHABLE: "not answered",
    Outcome.FORBIDDEN: "forbidden",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """Entries about which the last run learnt nothing, of one kind."""

    outcome: Outcome
    count: int
    since: datetime | None  # since when the one that waits longest has waited

    @property
    def words(self) -> str:
        """Say what kind it is: not asked, not answered, forbidden."""
        return _SILENT[self.outcome]


def silences(standings: Iterable[tuple[Outcome, datetime | None]]) -> tuple[Silence, ...]:
    """Count the entries that gave no answer, by kind.

    Args:
        standings: of every entry how its last look ended, and since when it stands so.
    """
    waiting: dict[Outcome, list[datetime | None]] = defaultdict(list)
    for outcome, since in standings:
        if outcome in _SILENT:
            waiting[outcome].append(since)
    return tuple(
        Silence(outcome, len(found), min((s for s in found if s), default=None))
        for outcome in _SILENT
        if (found := waiting[outcome])
    )


def of_run(
    looks: Mapping[str, Outcome],
    stopped: Trouble | None,
    *,
    waiting: int = 0,
    doubtful: bool = False,
    interrupted: bool = False,
) -> int:
    """Decide the exit code of a run.

    A planned end (the time is up, the hour's requests are used) is no failure as long as
    something was answered. Anything else that leaves entries without an answer is.

    Args:
        looks: how the look at each entry ended.
        stopped: why the run asked no further, if it did not.
        waiting: details and READMEs that were to be asked for and were not.
        doubtful: many vanished at once, or this program itself failed at a repository.
        interrupted: somebody stopped it.
    """
    if interrupted:
        return INTERRUPTED
    outcomes = tuple(looks.values())
    unanswered = _failed(outcomes, stopped, waiting) or _nothing(outcomes) or _many(outcomes)
    return LOOK if doubtful or unanswered else DONE


def of_build(*, doubtful: bool) -> int:
    """Decide the exit code of a build that made a site.

    Args:
        doubtful: something could not be shown or done as asked, and the site says so.
    """
    return LOOK if doubtful else DONE


def of_error(problem: AggregatorError | OSError) -> int:
    """Decide the exit code of a command that ended with an error."""
    return LOOK if isinstance(problem, OSError) else problem.exit_code


def _failed(outcomes: tuple[Outcome, ...], stopped: Trouble | None, waiting: int) -> bool:
    """Tell whether an error, rather than a planned limit, left something without an answer."""
    if stopped is None or stopped.kind is TroubleKind.LIMITED:
        return False
    left = waiting > 0 or any(o.inconclusive for o in outcomes)
    return stopped.kind is TroubleKind.REFUSED or left


def _nothing(outcomes: tuple[Outcome, ...]) -> bool:
    """Tell whether no entry answered, and not because each was judged to be gone."""
    if not outcomes or any(outcome.answered for outcome in outcomes):
        return False
    return any(o.inconclusive or o is Outcome.FORBIDDEN for o in outcomes)


def _many(outcomes: tuple[Outcome, ...]) -> bool:
    without = sum(outcome is Outcome.UNREACHABLE for outcome in outcomes)
    return without >= _MANY and without > _SHARE * len(outcomes)
