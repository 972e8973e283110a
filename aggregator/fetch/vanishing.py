"""Repositories that vanished: confirmed once more, and believed only when they are few."""

from collections.abc import Iterator

from aggregator.facts.protocol import Target, Trouble
from aggregator.facts.record import Observation
from aggregator.fetch import judge
from aggregator.fetch.budget import Budget
from aggregator.fetch.state import Batch, State
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault, attempt

MOST_CONFIRMATIONS = 20


def judge_vanished(state: State) -> Iterator[Batch]:
    """Store what became of the vanished; in a suspicious run they are kept instead.

    An empty repository list, a token of the wrong account or a fault at GitHub look exactly like
    everybody deleting everything, so a run in which many vanish erases nothing.
    """
    news = [seen for seen in state.vanished if _is_news(state, seen)]
    state.ending.vanished = len(news)
    state.ending.suspicious = suspicion(len(news), _known_and_asked(state, news), state.budget)
    if state.ending.suspicious:
        why = state.ending.suspicious
        yield state.apply([judge.held(s, why) if s in news else s for s in state.vanished])
        return
    confirmed = [obs for seen in state.vanished if (obs := _confirmed(state, seen, news))]
    yield state.apply(confirmed)


def suspicion(vanished: int, known: int, budget: Budget) -> str | None:
    """Say why a run must not be believed, or None when it may be."""
    if vanished < budget.shrink_floor or vanished <= budget.shrink_share * known:
        return None
    return (
        f"{vanished} of {known} known repositories vanished in one run, more than "
        f"{budget.shrink_share:.0%}: nothing was removed"
    )


def _is_news(state: State, seen: Observation) -> bool:
    record = state.record(seen.listed_as)
    return record is not None and record.facts is not None


def _known_and_asked(state: State, vanished: list[Observation]) -> int:
    """Count the repositories with facts that this run asked about."""
    reached = (state.records[key] for key in state.reached if key in state.records)
    return sum(record.facts is not None for record in reached) + len(vanished)


def _confirmed(state: State, seen: Observation, news: list[Observation]) -> Observation | None:
    """Ask once more over REST, which tells 404 from 451 and from a closed door."""
    worth_it = seen in news[:MOST_CONFIRMATIONS] and seen.outcome is Outcome.GONE
    if not worth_it or not state.source.sizes.rotates or state.talk.stopped:
        return seen
    target = Target(seen.listed_as)
    answer = attempt(
        seen.listed_as, "asking GitHub again", lambda: state.source.confirm_absence(target)
    )
    if isinstance(answer, Fault):
        return state.faulted(seen.listed_as, answer)
    if fault := answer.faults.get(seen.listed_as):
        return state.faulted(seen.listed_as, fault)
    if why := answer.absent.get(seen.listed_as):
        return judge.absent(seen.listed_as, why, state.identity(seen.listed_as), state.now)
    if glance := answer.found.get(seen.listed_as):
        return state.seen(seen.listed_as, glance)
    return _doubtful(state, seen, answer.trouble)


def _doubtful(state: State, seen: Observation, trouble: Trouble | None) -> Observation | None:
    failed = state.failed([Target(seen.listed_as)], trouble)
    return failed[0] if failed else None
