"""Trouble on demand: what a test or a rehearsal wants GitHub to do wrong, and when.

A `Fault` says which requests it hits and how often; its action (see `actions`) says what happens.
`Faults` holds the script of one server. No HTTP interface: tests call it in Python.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from aggregator.demo.exchange import Request, Response

Genuine = Callable[[], Response]
Action = Callable[[Request, Genuine], Response]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a response travels: whole, or badly on purpose.

    `hang` waits `seconds` before anything is sent, `drip` sends one byte each `seconds`,
    `truncate` closes after `share` of the body, `reset` closes without a word.
    """

    kind: Literal["hang", "drip", "truncate", "reset"]
    seconds: float = 0.0
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class SpoiltResponse(Response):
    """A response that travels badly."""

    delivery: Delivery = Delivery("reset")


@dataclass
class Fault:
    """One line of the script.

    Attributes:
        action: what to answer; it may ask for the genuine answer and spoil it.
        path: a pattern such as `/repos/*/readme` or `/graphql`.
        contains: a text that must occur in the query string or in the body.
        method: GET or POST.
        above: only requests for more than this many repositories.
        after: let this many matching requests through first.
        times: hit this many requests, then stop; None never stops.
        hits: how many were hit so far.
    """

    action: Action
    path: str = "*"
    contains: str = ""
    method: str = "*"
    above: int = 0
    after: int = 0
    times: int | None = None
    hits: int = 0
    _passed: int = field(default=0, repr=False)

    def wants(self, request: Request, batch: int) -> bool:
        """Say whether this request is meant, counting those that are let through."""
        if self.times is not None and self.hits >= self.times:
            return False
        if not self._fits(request, batch):
            return False
        self._passed += 1
        return self._passed > self.after

    def _fits(self, request: Request, batch: int) -> bool:
        text = "&".join(f"{k}={v}" for k, v in request.query.items())
        return (
            fnmatchcase(request.path, self.path)
            and fnmatchcase(request.method, self.method)
            and (batch > self.above if self.above else True)
            and (self.contains in text or self.contains.encode() in request.body)
        )


class Faults:
    """The script of a server: the first fault that wants a request gets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._script: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Add a line to the script and give it back, so that a test can look at its `hits`."""
        with self._lock:
            self._script.append(fault)
        return fault

    def once(self, action: Action, path: str = "*", contains: str = "") -> Fault:
        """Add a fault that hits the next matching request only."""
        return self.add(Fault(action, path, contains, times=1))

    def always(self, action: Action, path: str = "*", contains: str = "") -> Fault:
        """Add a fault that hits every matching request from now on."""
        return self.add(Fault(action, path, contains))

    def clear(self) -> None:
        """Forget the script."""
        with self._lock:
            self._script.clear()

    def apply(self, request: Request, batch: int, genuine: Genuine) -> Response:
        """Answer a request, wrongly when the script says so."""
        with self._lock:
            fault = next((f for f in self._script if f.wants(request, batch)), None)
            if fault:
                fault.hits += 1
        return fault.action(request, genuine) if fault else genuine()
