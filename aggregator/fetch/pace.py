"""How many questions may be open at once: one while the night fits its budget, else up to three.

GitHub asks for one request at a time, and counts what is asked in a minute (docs.github.com, "Best
practices for using the REST API" and "Rate limits for the REST API", on secondary limits): no more
than 100 at once, 900 points for REST and 2,000 for GraphQL, of which a question costs one, and 60
seconds of GraphQL's work, for which the time that answers take is a rough measure. So several at
once make a late night shorter only until GitHub has worked for us a minute within a minute. Pure.
"""

import math
from collections import deque

MOST_AT_ONCE = 3
_MINUTE = 60.0  # seconds, and so many of them may be GitHub's work
_MOST_A_MINUTE = 900  # points; the lower of the two limits
_LATELY = 10  # answers that tell how long the next one takes


class Pace:
    """Measures answers, and says whether another question may be asked before the last came."""

    def __init__(self) -> None:
        self._alone = False
        self._lately: deque[float] = deque(maxlen=_LATELY)
        self._minute: deque[tuple[float, float]] = deque()  # when each answer came, its seconds

    @property
    def seconds(self) -> float:
        """Return how long an answer takes, by those that came last; 0 before the first."""
        return sum(self._lately) / len(self._lately) if self._lately else 0.0

    def answered(self, now: float, seconds: float) -> None:
        """Note that an answer came, and how long it took."""
        self._lately.append(seconds)
        self._minute.append((now, seconds))

    def slow_down(self) -> None:
        """Ask one at a time for the rest of the run: GitHub showed that it has had enough."""
        self._alone = True

    def width(self, requests: int, left: float, now: float) -> int:
        """Say how many questions may be open at once.

        Args:
            requests: How many are still to be asked in this run, as far as is known.
            left: Seconds of the budget that are left.
            now: The same clock as in ``answered``.
        """
        if self._alone or not self._lately or self.seconds * requests <= left:
            return 1
        needed = math.ceil(self.seconds * requests / left) if left else MOST_AT_ONCE
        return max(1, min(MOST_AT_ONCE, needed, self._allowed(now)))

    def _allowed(self, now: float) -> int:
        """Count the questions that would leave GitHub's work of this minute within its limits."""
        while self._minute and self._minute[0][0] <= now - _MINUTE:
            self._minute.popleft()
        if len(self._minute) + MOST_AT_ONCE > _MOST_A_MINUTE:
            return 1
        room = _MINUTE - sum(seconds for _, seconds in self._minute)
        return int(room // self.seconds) if self.seconds else MOST_AT_ONCE
