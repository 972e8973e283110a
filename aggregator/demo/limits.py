"""GitHub's rate limits: who has how much left, and when the hour ends.

Rules from docs.github.com, "Rate limits for the REST API" and "Rate limits and query limits for
the GraphQL API". Time comes from the clock that the server was given.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Clock = Callable[[], datetime]
ANONYMOUS_PER_HOUR = 60
TOKEN_PER_HOUR = 5_000
ACTIONS_PER_HOUR = 1_000
ACTIONS_PREFIX = "ghs_"
SEARCH_PER_MINUTE = {True: 30, False: 10}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one caller may still do with one resource."""

    resource: str
    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Count what is left."""
        return max(0, self.limit - self.used)

    def headers(self) -> list[tuple[str, str]]:
        """Write the allowance as GitHub's response headers."""
        return [
            ("x-ratelimit-limit", str(self.limit)),
            ("x-ratelimit-remaining", str(self.remaining)),
            ("x-ratelimit-reset", str(self.reset)),
            ("x-ratelimit-used", str(self.used)),
            ("x-ratelimit-resource", self.resource),
        ]

    def body(self) -> dict[str, int]:
        """Write the allowance as `/rate_limit` does."""
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.remaining,
            "reset": self.reset,
        }


class Limits:
    """The ledger: one window of an hour (a minute for search) per caller and resource."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str | None, str], tuple[datetime, int]] = {}
        self._own_limits: dict[tuple[str | None, str], int] = {}

    def set_limit(self, token: str | None, resource: str, limit: int) -> None:
        """Give one caller another limit, so that a test need not spend 5,000 requests."""
        self._own_limits[token, resource] = limit

    def look(self, token: str | None, resource: str) -> Allowance:
        """Say what is left without spending anything."""
        return self.spend(token, resource, 0)

    def spend(self, token: str | None, resource: str, points: int) -> Allowance:
        """Take points from a caller's window and say what is left."""
        now = self._clock()
        length = timedelta(minutes=1 if resource == "search" else 60)
        with self._lock:
            ends, used = self._windows.get((token, resource), (now + length, 0))
            if now >= ends:
                ends, used = now + length, 0
            limit = self._limit(token, resource)
            used = min(limit, used + points)
            if points:
                self._windows[token, resource] = ends, used
        return Allowance(resource, limit, used, int(ends.timestamp()))

    def _limit(self, token: str | None, resource: str) -> int:
        own = self._own_limits.get((token, resource))
        if own is not None:
            return own
        if resource == "search":
            return SEARCH_PER_MINUTE[token is not None]
        if token is None:
            return 0 if resource == "graphql" else ANONYMOUS_PER_HOUR
        return ACTIONS_PER_HOUR if token.startswith(ACTIONS_PREFIX) else TOKEN_PER_HOUR
