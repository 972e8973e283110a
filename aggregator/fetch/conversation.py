"""Asking in batches: serially, smaller when GitHub groans, later when it says so, never for ever.

This is all the patience there is in the program, and the budget that ends it. Rules from
docs.github.com, "Best practices for using the REST API": one request at a time; obey
``retry-after``, then ``x-ratelimit-reset``, then wait a minute and double. No HTTP here: a call
that gives an ``Answer`` comes in as an argument.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from aggregator.facts.protocol import GOES_ON, SILENCE, Answer, Spent, Trouble, TroubleKind
from aggregator.words.wall import CURE, Fault, attempt

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")
Call = Callable[[Sequence[ItemT]], Answer[AnswerT]]
Names = Sequence[str]

DEFAULT_SECONDS = 600.0
_MOST_FAILURES = 10  # in a row, without one good answer: enough to halve a hundred down to one
_MOST_UNREACHABLE = 4  # a network that is down stays down
_MOST_LIMITS = 5  # in a row, before the rest is left for the next run
_LONGEST_PAUSE = 15.0
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """The three faces of time that a run needs; the command line and tests bring the first."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def ticking_from(start: datetime) -> Clock:
    """Make a clock that shows ``start`` now and goes on from there."""
    began = time.monotonic()
    return Clock(lambda: start + timedelta(seconds=time.monotonic() - began))


@dataclass(frozen=True, slots=True)
class Budget:
    """What one run may spend."""

    seconds: float = DEFAULT_SECONDS
    shrink_share: float = 0.20  # a larger share of known repositories vanishing is suspicious
    shrink_floor: int = 5  # fewer than this never are


class Stopwatch:
    """Counts down the seconds of a budget."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self.clock = clock
        self._ends = clock.monotonic() + budget.seconds

    @property
    def left(self) -> float:
        """Return the seconds left; never below zero."""
        return max(0.0, self._ends - self.clock.monotonic())

    def pause(self, seconds: float) -> bool:
        """Sleep when that fits into what is left, and say whether it did."""
        if seconds > self.left:
            return False
        self.clock.sleep(seconds)
        return True


class Conversation:
    """Everything asked in one run; once ``stopped`` is set nothing more is asked."""

    def __init__(self, stopwatch: Stopwatch, spent: Callable[[], Spent]) -> None:
        self._stopwatch = stopwatch
        self._spent = spent
        self._failures = 0
        self._limits = 0
        self.stopped: Trouble | None = None

    def ask(
        self, items: Mapping[str, ItemT], call: Call[ItemT, AnswerT], size: int
    ) -> Iterator[Answer[AnswerT]]:
        """Ask about all items, as long as it makes sense, and yield what each batch brought.

        Args:
            items: What to ask about, under the names by which answers call it.
            call: Asks about some of them at once.
            size: How many at most.
        """
        most = size
        queue = deque(_chunks(list(items), size))
        while queue and self._may_go_on():
            batch = queue.popleft()
            if len(batch) > size:  # a smaller question was needed before, so begin with that
                queue.extendleft(reversed(_chunks(batch, size)))
                continue
            answer = _asked(call, [items[name] for name in batch], batch[0])
            missing = [name for name in batch if name not in answer.said]
            if len(missing) < len(batch):  # GitHub answers, so nothing is counted against it
                self._failures = self._limits = 0
                yield answer
            if not missing:
                continue
            trouble = answer.trouble or SILENCE
            if trouble.fault and len(missing) == 1:
                yield Answer({missing[0]: replace(trouble.fault, about=missing[0])})
                continue
            again = self._again(missing, trouble)
            if again:
                size = min(size, len(again[0])) if len(again) > 1 else size
                queue.extendleft(reversed(again))
            elif not self.stopped:
                size = most  # it was this one item, not the size
                yield Answer(dict.fromkeys(missing, trouble))

    def _again(self, missing: Names, trouble: Trouble) -> list[Names]:
        """Decide what to ask again, after a pause; nothing means that the item has failed."""
        if trouble.fault:  # ours: no pause mends it, but halves tell which item brings it about
            return _halves(missing)
        if trouble.kind is TroubleKind.REFUSED:
            self.stopped = trouble
            return []
        if trouble.kind is TroubleKind.LIMITED:
            self._wait_out(trouble)
            return [missing]
        self._failures += 1
        unreachable = trouble.kind is TroubleKind.UNREACHABLE
        if self._failures >= (_MOST_UNREACHABLE if unreachable else _MOST_FAILURES):
            self.stopped = trouble
            return []
        alone = len(missing) == 1
        as_it_was = unreachable or (
            self._failures == 1 and (alone or trouble.kind is TroubleKind.BROKEN)
        )
        if alone and not as_it_was:
            return []
        if not self._stopwatch.pause(min(_LONGEST_PAUSE, 2.0 ** (self._failures - 1))):
            self.stopped = trouble
        return [missing] if as_it_was else _halves(missing)

    def _wait_out(self, trouble: Trouble) -> None:
        """Wait as long as GitHub asks, or stop when that is longer than this run may last."""
        seconds = self._wanted_wait(trouble)
        self._limits += 1
        if self._limits > _MOST_LIMITS or not self._stopwatch.pause(seconds):
            message = f"{trouble.message}; GitHub asks to wait {_plainly(seconds)}"
            self.stopped = Trouble(TroubleKind.LIMITED, message, trouble.cure, wait=seconds)

    def _wanted_wait(self, trouble: Trouble) -> float:
        if trouble.wait is not None:
            return max(1.0, trouble.wait)
        if trouble.until is not None:
            left = trouble.until - self._stopwatch.clock.now() + timedelta(seconds=1)
            return max(1.0, left.total_seconds())
        return _MINUTE * 2.0**self._limits

    def _may_go_on(self) -> bool:
        """Stop at the end of the budget; when the hour's points are gone, wait or stop."""
        if self.stopped is None and self._stopwatch.left <= 0:
            self.stopped = Trouble(
                TroubleKind.LIMITED,
                "the time budget of this run is spent",
                f"{GOES_ON[:-1]}; --time-budget gives more.",
            )
        spent = self._spent()
        ends = spent.resets_at if spent.left == 0 else None
        if self.stopped is None and ends and ends > self._stopwatch.clock.now():
            gone = Trouble(TroubleKind.LIMITED, "rate limit used up", GOES_ON, until=ends)
            self._wait_out(gone)
        return self.stopped is None


def _asked(call: Call[ItemT, AnswerT], items: Sequence[ItemT], first: str) -> Answer[AnswerT]:
    """Ask, with a wall around what this program makes of the answer."""
    answer = attempt(first, "asking GitHub", lambda: call(items))
    if not isinstance(answer, Fault):
        return answer
    return Answer(trouble=Trouble(TroubleKind.BROKEN, answer.message, CURE, fault=answer))


def _chunks(names: Names, size: int) -> list[Names]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def _halves(names: Names) -> list[Names]:
    return _chunks(names, (len(names) + 1) // 2)


def _plainly(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
