"""A catalogue that stays open for as long as somebody asks, and is looked at anew now and then.

    asked --changed, or an hour old?--> opened anew, or the last good one with a notice

Where it comes from, and what time it is, others say. Used from several threads at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from aggregator.site.data.opened import OpenCatalogue
from aggregator.words.errors import AggregatorError

_Made = TypeVar("_Made")

LOOKED_AT_EVERY = timedelta(hours=1)  # a showcase is published once a night


@dataclass(frozen=True, slots=True)
class Kept:
    """A catalogue, and why it is not the newest; "" where it may be."""

    catalogue: OpenCatalogue
    notice: str = ""


class FreshCatalogue:
    """Opens a catalogue when it is first asked for, and again when it changed or may have.

    Args:
        opening: Opens it; is given the one before, and may give that back.
        clock: Says what time it is.
        mark: Tells cheaply whether it changed, such as by the time of a file; where nothing does,
            it always gives the same.
    """

    def __init__(
        self,
        opening: Callable[[OpenCatalogue | None], OpenCatalogue],
        clock: Callable[[], datetime],
        mark: Callable[[], object] = lambda: None,
    ) -> None:
        self._opening = opening
        self._clock = clock
        self._mark = mark
        self._lock = Lock()
        self._kept: Kept | None = None
        self._seen: object = None
        self._asked: datetime | None = None

    def use(self, using: Callable[[Kept], _Made]) -> _Made:
        """Do something with the catalogue as it is, or was when it could last be opened.

        One at a time: a search reads files of the index, which are not for two at once.

        Raises:
            AggregatorError: It never could be opened.
        """
        with self._lock:
            return using(self._current())

    def _current(self) -> Kept:
        now, mark = self._clock(), self._mark()
        is_due = self._asked is None or now - self._asked >= LOOKED_AT_EVERY
        if self._kept is None or is_due or mark != self._seen:
            self._kept = self._anew(self._kept)
            self._seen, self._asked = mark, now
        return self._kept

    def _anew(self, before: Kept | None) -> Kept:
        if before is None:
            return Kept(self._opening(None))
        try:
            return Kept(self._opening(before.catalogue))
        except AggregatorError as error:
            return Kept(before.catalogue, f"This may be old; the newest could not be had: {error}")
