"""What a visit to one web address brought: the seam between who asks and who judges.

Plain frozen values: `github.visiting` makes them, `care.websites` judges them, and tests make them
up. Where an address leads was said by strangers, so it is bounded and no more than a text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aggregator.words.speech import later

LARGEST_START = 64 * 1024  # bytes of a page that are looked at


class VisitEnd(StrEnum):
    """How a visit ended."""

    ANSWERED = "answered"  # with a status, whichever
    NO_HOST = "no host"  # its name leads nowhere
    REFUSED = "refused"  # a machine is there, and nothing listens
    LATE = "late"
    INSECURE = "insecure"  # its certificate is not to be trusted
    BROKEN = "broken"  # what came was no answer
    CIRCLES = "circles"  # it leads on and on
    PRIVATE = "private"  # it leads to a private network, where nobody goes from here
    WAITS = "waits"  # its host has asked for patience, or the time was up


# Why an address gave no answer, as the end of a sentence.
WHY: Mapping[VisitEnd, str] = {
    VisitEnd.NO_HOST: later("its name leads nowhere"),
    VisitEnd.REFUSED: later("its server takes no connections"),
    VisitEnd.LATE: later("it did not answer in time"),
    VisitEnd.INSECURE: later("its certificate cannot be trusted"),
    VisitEnd.BROKEN: later("it gave no answer that can be read"),
    VisitEnd.CIRCLES: later("it leads on and on"),
    VisitEnd.PRIVATE: later("it leads into a private network"),
    VisitEnd.WAITS: later("its host asked for patience"),
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: its status, and where it leads."""

    status: int
    to: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of visiting an address.

    Args:
        end: How it ended.
        status: The status of the last answer; None where there was none.
        hops: The redirects on the way, in order.
        start: The beginning of the page, where it was HTML and asked for; at most LARGEST_START.
    """

    end: VisitEnd
    status: int | None = None
    hops: tuple[Hop, ...] = ()
    start: bytes = b""


VisitAddress = Callable[[str], Visit]
"""Visits one address, and never raises for what is at the other end."""
