"""How work travels: cut into chunks, sent some way ahead, and brought back in order.

    items --a few at a time--> pickled chunk --send--> work() elsewhere --Done--> results in order

Shared by the crews whose workers are other processes. How large a chunk is hangs on how long the
last ones took, and nothing else does: results are the same for any cut.
"""

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any, TypeVar

from aggregator.words.errors import OperatorError

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")

# Long beside the half millisecond that sending costs, short beside a build: at its end no worker
# has more than this to do while the others are idle.
_SECONDS = 0.1
_MOST_ITEMS = 1_000
_MOST_BYTES = (
    2 * 1024**2
)  # what waits to be sent or taken stays small, however many items there are
_WEIGHT = 0.3  # of the last chunk in the running average


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a chunk: the results up to the first item that failed, and its error."""

    made: list[Any]
    error: BaseException | None
    seconds: float


# Waits for what comes of one chunk.
Awaited = Callable[[], Done]


def work(chunk: bytes) -> Done:
    """Do a chunk of work; runs in a worker."""
    started = perf_counter()
    function, items = opened(chunk)
    made: list[Any] = []
    for item in items:
        try:
            made.append(function(item))
        except Exception as error:  # noqa: BLE001 - raised where the result would have come
            return Done(made, _portable(error), perf_counter() - started)
    return Done(made, None, perf_counter() - started)


def opened(chunk: bytes) -> tuple[Callable[[Any], Any], list[Any]]:
    """Give the function and the items of a chunk."""
    function, items = pickle.loads(chunk)  # noqa: S301 - `packed` wrote it, in a process of ours
    return function, items


def one_by_one(chunk: bytes, attempt: Callable[[bytes], Done | None]) -> Done:
    """Do a chunk of which a worker died, item by item, so that the one that kills is known.

    Args:
        chunk: what workers died of, or beside.
        attempt: does a chunk with nothing beside it; None when the worker died again.

    Returns:
        What came of it; an item that does not let its worker live is an OperatorError.
    """
    function, items = opened(chunk)
    made: list[Any] = []
    seconds = 0.0
    for item in items:
        done = attempt(packed(function, [item]))
        if done is None:
            fatal = OperatorError(
                f"a worker died each time at {str(item)[:100]}",
                "the system ended it, mostly because memory ran out, or a library crashed",
                "give workers more memory, or see with --crew none what happens",
            )
            return Done(made, fatal, seconds)
        seconds += done.seconds
        made += done.made
        if done.error is not None:
            return Done(made, done.error, seconds)
    return Done(made, None, seconds)


def packed(function: Callable[[GivenT], MadeT], items: list[GivenT]) -> bytes:
    """Make a chunk; what its items share, such as a theme, is in it once."""
    return pickle.dumps((function, items), pickle.HIGHEST_PROTOCOL)


def spread(
    function: Callable[[GivenT], MadeT],
    items: Iterable[GivenT],
    send: Callable[[bytes], Awaited],
    ahead: Callable[[], int],
    pack: Callable[[Callable[[Any], Any], list[Any]], bytes] = packed,
) -> Iterator[MadeT]:
    """Do `function` with each item by sending chunks, and give the results in order.

    Args:
        function: what is done.
        items: with what; they are taken only as far ahead as chunks are sent.
        send: begins the work on a chunk and gives what waits for it.
        ahead: how many chunks may be under way at once.
        pack: makes a chunk.

    Raises:
        Exception: what the function or the items raised, after the results that came before it.
    """
    size = _Size()
    source, ended = iter(items), False
    broken: Exception | None = None
    under_way: deque[Awaited] = deque()
    while True:
        while not ended and len(under_way) < ahead():
            taken, broken = _take(source, size.items)
            ended = len(taken) < size.items
            if taken:
                under_way.append(send(size.weighed(pack(function, taken), len(taken))))
        if not under_way:
            break
        done = under_way.popleft()()
        size.learn(done)
        yield from done.made
        if done.error is not None:
            raise done.error
    if broken is not None:
        raise broken


def _take(source: Iterator[GivenT], count: int) -> tuple[list[GivenT], Exception | None]:
    """Take some items; when making one fails, those before it, and why."""
    taken: list[GivenT] = []
    try:
        taken.extend(islice(source, count))
    except Exception as error:  # noqa: BLE001 - raised once the results before it are out
        return taken, error
    return taken, None


def _portable(error: Exception) -> BaseException:
    """Make an error fit to travel, with what Python shows of the place where it was raised."""
    error.add_note("In a worker:\n" + "".join(traceback.format_exception(error)).rstrip())
    try:
        same = type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - a class from anywhere; pickling it may fail in any way
        same = False
    if same:
        return error
    plain = RuntimeError(f"{type(error).__name__}: {error}")
    for note in error.__notes__:
        plain.add_note(note)
    return plain


class _Size:
    """How many items make a chunk, as the chunks before it tell."""

    def __init__(self) -> None:
        self.items = 1
        self._seconds: float | None = None  # an item takes, on average
        self._bytes = 0.0  # an item weighs, on average

    def weighed(self, chunk: bytes, items: int) -> bytes:
        """Learn what items weigh; the chunk is handed on."""
        each = len(chunk) / items
        self._bytes = each if not self._bytes else self._mixed(self._bytes, each)
        return chunk

    def learn(self, done: Done) -> None:
        """Learn how long items take."""
        if not done.made:
            return
        each = done.seconds / len(done.made)
        self._seconds = each if self._seconds is None else self._mixed(self._seconds, each)
        by_time = _SECONDS / max(self._seconds, _SECONDS / _MOST_ITEMS)
        by_weight = _MOST_BYTES / max(self._bytes, 1)
        # It at most doubles, so that a few light items do not let a heavy chunk follow.
        self.items = max(1, min(int(by_time), int(by_weight), 2 * self.items))

    @staticmethod
    def _mixed(before: float, last: float) -> float:
        return before + _WEIGHT * (last - before)
