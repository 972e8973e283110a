"""How long a run may take, and the clock it is measured with. No HTTP, no files."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

DEFAULT_SECONDS = 600.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The three faces of time that a run needs; tests bring their own."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


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
