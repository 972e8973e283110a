"""Asking in batches: serially, smaller when GitHub groans, later when it says so, never for ever.

This is all the patience there is in the program. Rules from docs.github.com, "Best practices for
using the REST API": one request at a time; obey ``retry-after``, then ``x-ratelimit-reset``, then
wait a minute and double. No HTTP here: a call that gives an ``Answer`` comes in as an argument.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic, TypeVar

from aggregator.facts.protocol import Answer, Spent, Trouble, TroubleKind
from aggregator.fetch.budget import Stopwatch
from aggregator.words.wall import CURE, Fault, attempt

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")

MOST_FAILURES = 10  # in a row, without one good answer: enough to halve a hundred down to one
MOST_UNREACHABLE = 4
MOST_LIMITS = 5
LONGEST_PAUSE = 15.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Asked(Generic[ItemT, AnswerT]):
    """One batch that came back, with the items that GitHub gave no answer for."""

    batch: Sequence[ItemT]
    answer: Answer[AnswerT]
    failed: Sequence[ItemT] = ()


@dataclass(frozen=True, slots=True)
class Question(Generic[ItemT, AnswerT]):
    """What to ask of every item: the call, how many at once, and how answers name them."""

    call: Callable[[Sequence[ItemT]], Answer[AnswerT]]
    name: Callable[[ItemT], str]
    size: int


class Conversation:
    """Everything asked in one run; once ``stopped`` is set nothing more is asked."""

    def __init__(self, stopwatch: Stopwatch, spent: Callable[[], Spent]) -> None:
        self._stopwatch = stopwatch
        self._spent = spent
        self._failures = 0
        self._limits = 0
        self.stopped: Trouble | None = None

    def ask(
        self, items: Sequence[ItemT], question: Question[ItemT, AnswerT]
    ) -> Iterator[Asked[ItemT, AnswerT]]:
        """Ask about all items, as long as it makes sense, and yield what each batch brought."""
        size = question.size
        queue = deque(_chunks(items, size))
        while queue and self._may_go_on():
            batch = queue.popleft()
            if len(batch) > size:  # a smaller question was needed before, so begin with that
                queue.extendleft(reversed(_chunks(batch, size)))
                continue
            answer = _asked(question, batch)
            missing = [item for item in batch if not _answered(answer, question.name(item))]
            if len(missing) < len(batch):
                self._failures = self._limits = 0
                yield Asked(batch, answer)
            if not missing:
                continue
            trouble = answer.trouble or Trouble(TroubleKind.OVERLOADED, "GitHub gave no answer")
            if trouble.fault and len(missing) == 1:
                name = question.name(missing[0])
                yield Asked(missing, Answer(faults={name: replace(trouble.fault, about=name)}))
                continue
            again = self._again(missing, trouble)
            if again:
                size = min(size, len(again[0])) if len(again) > 1 else size
                queue.extendleft(reversed(again))
            elif not self.stopped:
                size = question.size  # it was this one item, not the size
                yield Asked(missing, Answer(trouble=trouble), failed=missing)

    def _again(self, missing: Sequence[ItemT], trouble: Trouble) -> list[Sequence[ItemT]]:
        """Decide what to ask again, after a pause; nothing means that the item has failed."""
        if trouble.fault:  # ours: no pause mends it, but halves tell which item brings it about
            return _chunks(missing, (len(missing) + 1) // 2)
        if trouble.kind is TroubleKind.REFUSED:
            self.stopped = trouble
            return []
        if trouble.kind is TroubleKind.LIMITED:
            self._wait_out(trouble)
            return [missing]
        self._failures += 1
        most = MOST_UNREACHABLE if trouble.kind is TroubleKind.UNREACHABLE else MOST_FAILURES
        if self._failures >= most:
            self.stopped = trouble
            return []
        if trouble.kind is TroubleKind.UNREACHABLE:
            self._pause(trouble)
            return [missing]
        return self._smaller(missing, trouble)

    def _smaller(self, missing: Sequence[ItemT], trouble: Trouble) -> list[Sequence[ItemT]]:
        may_pass = trouble.kind is TroubleKind.BROKEN or len(missing) == 1
        once_more = may_pass and self._failures == 1
        if len(missing) == 1 and not once_more:
            return []
        self._pause(trouble)
        return [missing] if once_more else _chunks(missing, (len(missing) + 1) // 2)

    def _pause(self, trouble: Trouble) -> None:
        seconds = min(LONGEST_PAUSE, 2.0 ** (self._failures - 1))
        if not self._stopwatch.pause(seconds):
            self.stopped = trouble

    def _wait_out(self, trouble: Trouble) -> None:
        """Wait as long as GitHub asks, or stop when that is longer than this run may last."""
        seconds = self._wanted_wait(trouble)
        self._limits += 1
        if self._limits > MOST_LIMITS or not self._stopwatch.pause(seconds):
            self.stopped = Trouble(
                TroubleKind.LIMITED,
                f"{trouble.message}; GitHub asks to wait {_plainly(seconds)}",
                trouble.cure,
                wait=seconds,
            )

    def _wanted_wait(self, trouble: Trouble) -> float:
        if trouble.wait is not None:
            return max(1.0, trouble.wait)
        if trouble.until is not None:
            left = trouble.until - self._stopwatch.clock.now() + timedelta(seconds=1)
            return max(1.0, left.total_seconds())
        return MINUTE * 2.0**self._limits

    def _may_go_on(self) -> bool:
        """Stop at the end of the budget; when the hour's points are gone, wait or stop."""
        if self.stopped is None and self._stopwatch.left <= 0:
            self.stopped = Trouble(
                TroubleKind.LIMITED,
                "the time budget of this run is spent",
                "The next run goes on where this one stopped; --time-budget gives more.",
            )
        spent = self._spent()
        if self.stopped is None and spent.left == 0 and spent.resets_at is not None:
            cure = "The next run goes on where this one stopped."
            over = Trouble(TroubleKind.LIMITED, "rate limit used up", cure, until=spent.resets_at)
            if spent.resets_at > self._stopwatch.clock.now():
                self._wait_out(over)
        return self.stopped is None


def _asked(question: Question[ItemT, AnswerT], batch: Sequence[ItemT]) -> Answer[AnswerT]:
    """Ask, with a wall around what this program makes of the answer."""
    answer = attempt(question.name(batch[0]), "asking GitHub", lambda: question.call(batch))
    if not isinstance(answer, Fault):
        return answer
    return Answer(trouble=Trouble(TroubleKind.BROKEN, answer.message, CURE, fault=answer))


def _answered(answer: Answer[AnswerT], name: str) -> bool:
    return name in answer.found or name in answer.absent or name in answer.faults


def _chunks(items: Sequence[ItemT], size: int) -> list[Sequence[ItemT]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _plainly(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
