"""A round of visits: which addresses are due, in which order, and what is remembered of them.

    addresses --due--> not visited for a week --by host, few hosts at once--> Visit --> Websites

Remembered in `websites.json` of the state by sums of the addresses, so that what once stood in a
registry or on GitHub cannot be read there any more; only where an address leads is kept in words,
for as long as something here links to it. A round in which nobody answered at all says that this
machine has no network, and nothing of it is noted.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aggregator.care.websites import Condition, condition_of
from aggregator.facts.visit import Visit, VisitAddress, VisitEnd
from aggregator.store.locking import write_whole
from aggregator.store.schema import WEBSITES
from aggregator.words.addresses import LONGEST_ADDRESS, split_address

WEEK = timedelta(days=7)
HOSTS_AT_ONCE = 4
_SUM_LENGTH = 32
_CERTAIN = 2  # visits on different days that came to the same end
_LARGEST_MEMORY = 50_000_000
_VERSION = 1  # of the file: rows of another may mean something else, and are not read


class KnownWebsite(BaseModel):
    """What is known of one address.

    Args:
        visited: The day of the last visit.
        condition: How it was.
        since: The first day of the visits in a row that found it so.
        times: How many those are.
        target: Where it leads now, where that is another address.
        why: What the last visit met, in words.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    visited: date
    condition: Condition
    since: date
    times: int = Field(default=1, ge=1)
    target: str = Field(default="", max_length=LONGEST_ADDRESS)
    why: str = Field(default="", max_length=200)

    @property
    def certain(self) -> bool:
        """Whether more than one visit found it so."""
        return self.times >= _CERTAIN


@dataclass(frozen=True, slots=True)
class Websites:
    """What is known of all addresses, by the sums of them."""

    known: Mapping[str, KnownWebsite] = field(default_factory=dict)

    def of(self, url: str) -> KnownWebsite | None:
        """Give what is known of an address."""
        return self.known.get(sum_of_address(url))

    def dead_since(self, urls: Iterable[str]) -> dict[str, date]:
        """Give the addresses that were dead at two visits, each with the day of the first."""
        found = ((url, self.of(url)) for url in urls)
        return {
            url: one.since
            for url, one in found
            if one and one.condition is Condition.DEAD and one.certain
        }


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of visits brought.

    Args:
        websites: What is known now.
        visited: How many addresses were visited.
        waiting: How many are left for the next round, as the time was up.
        offline: Nobody answered, so nothing was noted.
    """

    websites: Websites
    visited: int = 0
    waiting: int = 0
    offline: bool = False


def sum_of_address(url: str) -> str:
    """Name an address without telling it."""
    return sha256(url.encode()).hexdigest()[:_SUM_LENGTH]


def read_websites(folder: Path) -> Websites:
    """Read what is remembered in a state folder; what makes no sense is visited again."""
    try:
        with (folder / WEBSITES).open("rb") as stream:
            told = json.loads(stream.read(_LARGEST_MEMORY))
        rows = told["websites"].items() if told["version"] == _VERSION else ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Websites()
    return Websites({key: one for key, row in rows if (one := _read(row))})


def _read(row: object) -> KnownWebsite | None:
    try:
        return KnownWebsite.model_validate(row)
    except ValidationError:
        return None


def keep_websites(folder: Path, websites: Websites) -> None:
    """Remember in a state folder; the same knowledge gives the same bytes."""
    rows = {
        key: one.model_dump(mode="json", exclude_defaults=True)
        for key, one in sorted(websites.known.items())
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": _VERSION, "websites": rows}, indent=1)
    write_whole(folder / WEBSITES, f"{text}\n".encode())


def due(urls: Iterable[str], before: Websites, today: date) -> list[str]:
    """List the addresses to visit: those never visited first, then those visited longest ago."""
    unique = dict.fromkeys(urls)
    last = {url: known.visited for url in unique if (known := before.of(url))}
    # A day that is still to come was noted by a clock that went wrong, and says nothing.
    waiting = [url for url in unique if not today - WEEK < last.get(url, date.min) <= today]
    return sorted(waiting, key=lambda url: (last.get(url, date.min), url))


def go_round(  # noqa: PLR0913 - a round in its parts, each by name
    urls: Sequence[str],
    before: Websites,
    today: date,
    visit: VisitAddress,
    *,
    time_is_up: Callable[[], bool] = lambda: False,
    anybody: str = "",
) -> Round:
    """Visit what is due, and give what is known afterwards.

    Args:
        urls: All addresses that the showcase leads to; what is known of others is forgotten.
        before: What was known.
        today: The day.
        visit: Visits one address; called from several threads, never twice at once for one host.
        time_is_up: Asked before each visit.
        anybody: An address that answers wherever there is a network; visited only when no other
            did, to tell a dead website from a dead network.
    """
    waiting = due(urls, before, today)
    visits = dict(_visits(waiting, visit, time_is_up))
    kept = {sum_of_address(url): one for url in urls if (one := before.of(url))}
    if visits and not any(map(_heard, visits.values())):
        alone = not anybody or not _heard(visit(anybody))
        if alone:
            return Round(Websites(kept), 0, len(waiting), offline=True)
    for url, visited in visits.items():
        if visited.end is not VisitEnd.WAITS:
            kept[sum_of_address(url)] = _noted(url, visited, before.of(url), today)
    return Round(Websites(kept), len(visits), len(waiting) - len(visits))


def _heard(visit: Visit) -> bool:
    return visit.end is VisitEnd.ANSWERED


def _visits(
    urls: Sequence[str], visit: VisitAddress, time_is_up: Callable[[], bool]
) -> Iterator[tuple[str, Visit]]:
    """Visit the addresses of one host after the other, and those of a few hosts at once."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        address = split_address(url)
        by_host[(address.hostname or "").lower() if address else ""].append(url)

    def one_host(of_host: list[str]) -> list[tuple[str, Visit]]:
        visits = []
        for url in of_host:
            if time_is_up():
                break
            visits.append((url, visit(url)))
        return visits

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as hosts:
        for visits in hosts.map(one_host, by_host.values()):
            yield from visits


def _noted(url: str, visit: Visit, before: KnownWebsite | None, today: date) -> KnownWebsite:
    judged = condition_of(url, visit)
    told = asdict(judged)
    if before is None or before.condition is not judged.condition:
        return KnownWebsite(visited=today, since=today, **told)
    times = before.times + (today > before.visited)
    return KnownWebsite(visited=today, since=before.since, times=times, **told)
