"""What the sandbox counted: requests, points and bytes, for tests and benchmarks."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from aggregator.demo.exchange import Request, Response


@dataclass(frozen=True, slots=True)
class Seen:
    """One answered request."""

    method: str
    path: str
    status: int
    batch: int


@dataclass
class Counts:
    """Running totals; `requests` counts everything that came in, charged or not."""

    requests: int = 0
    graphql: int = 0
    rest: int = 0
    points: int = 0
    charged: int = 0
    not_modified: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    log: list[Seen] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def answered(self, request: Request, response: Response, batch: int) -> None:
        """Count one request with its response."""
        with self._lock:
            self.requests += 1
            self.graphql += request.is_graphql
            self.rest += not request.is_graphql
            self.not_modified += response.status == 304
            self.bytes_in += len(request.body)
            self.bytes_out += len(response.body)
            self.statuses[response.status] += 1
            self.log.append(Seen(request.method, request.path, response.status, batch))

    def spent(self, points: int, *, graphql: bool) -> None:
        """Count what was charged."""
        with self._lock:
            if graphql:
                self.points += points
            else:
                self.charged += points

    def reset(self) -> None:
        """Start again from nothing."""
        with self._lock:
            self.requests = self.graphql = self.rest = self.points = self.charged = 0
            self.not_modified = self.bytes_in = self.bytes_out = 0
            self.statuses.clear()
            self.log.clear()
