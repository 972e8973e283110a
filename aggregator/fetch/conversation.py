"""Asking in batches: smaller when GitHub groans, later when it says so, never for ever.

This is all the patience there is in the program, and the budget that ends it. Rules from
docs.github.com, "Best practices for using the REST API": one request at a time (``pace`` says when
more); obey ``retry-after``, then ``x-ratelimit-reset``, then wait a minute and double. No HTTP
here: a call that gives an ``Answer`` comes in as an argument.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from aggregator.facts.protocol import GOES_ON, SILENCE, Answer, Spent, Trouble, TroubleKind
from aggregator.fetch.pace import MOST_AT_ONCE, Pace
from aggregator.words.wall import CURE, Fault, attempt

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")
TimedT = TypeVar("TimedT")
Call = Callable[[Sequence[ItemT]], Answer[AnswerT]]
Pack = Mapping[str, ItemT]

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
        self._pace = Pace()
        self._threads: ThreadPoolExecutor | None = None  # made when a second question is asked
        self._open: set[Future[Any]] = set()
        self._failures = 0
        self._limits = 0
        self._waits = 0  # how often GitHub wanted to be left alone
        self.stopped: Trouble | None = None

    def close(self) -> None:
        """Drop what was not asked yet; what is under way ends by itself."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def settle(self) -> None:
        """Wait until no question is open, as one must before asking past this conversation."""
        wait(self._open)
        self._open.clear()

    def ask(
        self, packs: Iterable[Pack[ItemT]], call: Call[ItemT, AnswerT], ahead: int = 0
    ) -> Iterator[Answer[AnswerT]]:
        """Ask about all items, as long as it makes sense, and yield what each batch brought.

        Answers are yielded in the order of the questions, however many are open at once. While
        one is put away GitHub works at the next, but does not when the last one brought trouble.

        Args:
            packs: What to ask about at once, at most, under the names by which answers call it.
            call: Asks about some items at once; in another thread unless it is the first.
            ahead: How many requests will follow these in this run, as far as is known.
        """
        asking = _Asking(call, ahead, packs)
        while question := self._next(asking):
            pack, answer = question.pack, self._answer_to(question)
            missing = {name: item for name, item in pack.items() if name not in answer.said}
            if not missing and self._need_not_wait():
                self._ask_on(asking)
            if len(missing) < len(pack):  # GitHub answers, so nothing is counted against it
                self._failures = self._limits = 0
                yield answer
            if missing and not self.stopped:
                yield from self._given_up(asking, question, missing, answer.trouble or SILENCE)

    def _next(self, asking: "_Asking[ItemT, AnswerT]") -> "_Question[ItemT, AnswerT] | None":
        """Give the question whose answer comes next, asked now unless it is under way."""
        while not asking.under_way and asking.queue and self._may_go_on():
            self._ask_on(asking)
        return asking.under_way.popleft() if asking.under_way else None

    def _ask_on(self, asking: "_Asking[ItemT, AnswerT]") -> None:
        """Ask as many questions as may be open now."""
        while asking.queue:
            left, now = self._stopwatch.left, self._stopwatch.clock.monotonic()
            width = self._pace.width(asking.requests, left, now)
            if len(asking.under_way) >= width or not self._need_not_wait():
                break
            pack = asking.take()
            act = partial(_timed, asking.call, pack, self._stopwatch.clock.monotonic)
            asking.under_way.append(_Question(pack, self._asked(act, asking, width), self._waits))

    def _asked(
        self, act: Callable[[], TimedT], asking: "_Asking[Any, Any]", width: int
    ) -> Future[TimedT]:
        if width == 1:
            self.settle()  # one that a batch asks for while the next is under way
        if asking.begun or self._open:
            self._threads = self._threads or ThreadPoolExecutor(MOST_AT_ONCE, "asking")
            coming = self._threads.submit(act)
            self._open.add(coming)
            return coming
        asking.begun = True
        done: Future[TimedT] = Future()
        done.set_result(act())
        return done

    def _given_up(
        self,
        asking: "_Asking[ItemT, AnswerT]",
        question: "_Question[ItemT, AnswerT]",
        missing: Pack[ItemT],
        trouble: Trouble,
    ) -> Iterator[Answer[AnswerT]]:
        """Put what did not come back into the queue, or say that it will not come."""
        if trouble.fault and len(missing) == 1:
            (name,) = missing
            yield Answer({name: replace(trouble.fault, about=name)})
            return
        late = question.waits < self._waits  # asked before GitHub was last left alone
        again = [missing] if late else self._again(missing, trouble)
        if again:
            asking.put_back(again)
        elif not self.stopped:
            asking.size = asking.most  # it was this one item, not the size
            yield Answer(dict.fromkeys(missing, trouble))

    def _answer_to(self, question: "_Question[ItemT, AnswerT]") -> Answer[AnswerT]:
        answer, seconds = question.coming.result()
        self._open.discard(question.coming)
        self._pace.answered(self._stopwatch.clock.monotonic(), seconds)
        if answer.trouble and not answer.trouble.fault:
            self._pace.slow_down()
        return answer

    def _again(self, missing: Pack[ItemT], trouble: Trouble) -> list[Pack[ItemT]]:
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
        self._pace.slow_down()
        self._limits += 1
        self._waits += 1
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
        ends = self._exhausted_until()
        if self.stopped is None and ends:
            gone = Trouble(TroubleKind.LIMITED, "rate limit used up", GOES_ON, until=ends)
            self._wait_out(gone)
        return self.stopped is None

    def _need_not_wait(self) -> bool:
        """Tell whether something may be asked at once, without deciding anything."""
        return self.stopped is None and self._stopwatch.left > 0 and not self._exhausted_until()

    def _exhausted_until(self) -> datetime | None:
        """Return when the hour's points come back, if there are none."""
        spent = self._spent()
        ends = spent.resets_at if spent.left == 0 else None
        return ends if ends and ends > self._stopwatch.clock.now() else None


@dataclass(frozen=True, slots=True)
class _Question(Generic[ItemT, AnswerT]):
    """A question under way."""

    pack: Pack[ItemT]
    coming: Future[tuple[Answer[AnswerT], float]]  # the answer, and the seconds that it took
    waits: int  # how often GitHub had been left alone when it was asked


class _Asking(Generic[ItemT, AnswerT]):
    """What is still to be asked of one kind, and what is under way."""

    def __init__(
        self, call: Call[ItemT, AnswerT], ahead: int, packs: Iterable[Pack[ItemT]]
    ) -> None:
        self.call = call
        self.queue = deque(pack for pack in packs if pack)
        self.under_way: deque[_Question[ItemT, AnswerT]] = deque()
        self.most = self.size = max(map(len, self.queue), default=1)
        self.begun = False
        self._ahead = ahead

    @property
    def requests(self) -> int:
        """Count what is left of this run, as far as is known."""
        return len(self.under_way) + len(self.queue) + self._ahead

    def take(self) -> Pack[ItemT]:
        """Take the next pack, cut where a smaller question was needed before."""
        pack = self.queue.popleft()
        first, *others = in_packs(pack, self.size)
        self.queue.extendleft(reversed(others))
        return first

    def put_back(self, again: Sequence[Pack[ItemT]]) -> None:
        """Ask these next, and nothing larger where they are halves."""
        if len(again) > 1:
            self.size = min(self.size, len(again[0]))
        self.queue.extendleft(reversed(again))


def _timed(
    call: Call[ItemT, AnswerT], pack: Pack[ItemT], monotonic: Callable[[], float]
) -> tuple[Answer[AnswerT], float]:
    """Ask, with a wall around what this program makes of the answer."""
    began = monotonic()
    answer = attempt(next(iter(pack)), "asking GitHub", lambda: call(list(pack.values())))
    if isinstance(answer, Fault):
        trouble = Trouble(TroubleKind.BROKEN, answer.message, CURE, fault=answer)
        answer = Answer(trouble=trouble)
    return answer, monotonic() - began


def in_packs(items: Pack[ItemT], size: int) -> list[Pack[ItemT]]:
    """Cut items into packs of at most so many, in their order."""
    pairs = list(items.items())
    return [dict(pairs[start : start + size]) for start in range(0, len(pairs), size)]


def _halves(pack: Pack[ItemT]) -> list[Pack[ItemT]]:
    return in_packs(pack, (len(pack) + 1) // 2)


def _plainly(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours"
