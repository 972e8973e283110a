"""How long a run may take, and the clock it is measured with. No HTTP, no files."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_SECONDS = 600.0


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
