"""Asks other showcases for what they list, once a run, and keeps the last good answer of each.

    include --ask, if it is due--> bytes --read_listing--> Neighbour --.
    neighbours.json, what they last said -----when that fails----------+--> neighbours.json

What an answer brings takes the place of all that was known, so that whatever the other one drops
goes here at once. One that does not answer stays as it was, and says so; but not for ever, because
somebody may have taken it down for a reason. Who includes nobody asks nobody, and keeps nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.facts.neighbour import Neighbour
from aggregator.github.download import Downloaded, FileStamp
from aggregator.registry.community import Inclusion
from aggregator.site.data.neighbour_listing import RefusedListingError, read_listing
from aggregator.words.causes import OTHER_SILENT
from aggregator.words.errors import AbsentError, SourceError
from aggregator.words.phrases import day_of, plural

LARGEST_LISTING = 30_000_000  # bytes: of some 5,000 projects
SECONDS_EACH = 60.0
# How long what another one said is shown although it does not say it any more.
KEPT_UNANSWERED = timedelta(days=30)
KEPT_ABSENT = timedelta(days=3)  # its server answers that there is nothing: a bad night, or the end
_ETAG, _SINCE = "If-None-Match", "If-Modified-Since"

AskNeighbour = Callable[[str, FileStamp], Downloaded | None]
"""Downloads the catalogue at an address; None where it is still the one with that stamp.

Raises SourceError, whose cause may be told to visitors.
"""


@dataclass(frozen=True, slots=True)
class NeighbourRound:
    """What asking brought: what is known from now on, and a line about each other showcase."""

    neighbours: tuple[Neighbour, ...]
    told: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    neighbour: Neighbour
    told: str
    failed: bool = False


def ask_neighbours(
    included: Sequence[Inclusion],
    before: Iterable[Neighbour],
    ask: AskNeighbour,
    now: datetime,
    time_is_up: Callable[[], bool] = lambda: False,
) -> NeighbourRound:
    """Ask each other showcase that the registry includes.

    Args:
        included: Whom to ask, in order.
        before: What was known; of those that are not included any more, nothing is kept.
        ask: Asks one of them.
        now: The time of this run.
        time_is_up: Asked before each; those that are left are asked the next time.
    """
    known = {one.source: one for one in before}
    found = [
        _unasked(_known(known, one)) if time_is_up() else _asked(_known(known, one), ask, now)
        for one in included
    ]
    return NeighbourRound(
        tuple(one.neighbour for one in found),
        tuple(one.told for one in found if not one.failed),
        tuple(one.told for one in found if one.failed),
    )


def _known(known: Mapping[str, Neighbour], inclusion: Inclusion) -> Neighbour:
    return known.get(inclusion.from_) or Neighbour(source=inclusion.from_)


def _unasked(before: Neighbour) -> _Asked:
    return _Asked(before, f"{before.source} was not asked: the time of this run was up")


def _asked(before: Neighbour, ask: AskNeighbour, now: datetime) -> _Asked:
    try:
        got = ask(before.source, _stamp_of(before))
        if got is None:
            return _confirmed(before, now, "which has not changed")
        found = read_listing(got.content, before.source)
    except (SourceError, RefusedListingError) as problem:
        return _failed(before, problem, now)
    stamped = found.model_copy(
        update={
            "etag": _kept(got.stamp.headers.get(_ETAG)),
            "last_modified": _kept(got.stamp.headers.get(_SINCE)),
        }
    )
    left_out = f", {found.unread:,} left out" if found.unread else ""
    return _confirmed(stamped, now, f"which is new{left_out}")


def _confirmed(neighbour: Neighbour, now: datetime, how: str) -> _Asked:
    update = {"confirmed": now, "problem": "", "failing_since": None}
    projects = plural(len(neighbour.projects), "project")
    return _Asked(neighbour.model_copy(update=update), f"{projects} of {neighbour.source}, {how}")


def _failed(before: Neighbour, problem: SourceError | RefusedListingError, now: datetime) -> _Asked:
    """Keep what was known, as long as that is decent."""
    why = problem.cause if isinstance(problem, SourceError) else str(problem)
    limit = KEPT_ABSENT if isinstance(problem, AbsentError) else KEPT_UNANSWERED
    failing = {"problem": why, "failing_since": before.failing_since or now}
    said = f"{OTHER_SILENT.says}: {before.source}: {why}"
    if before.confirmed is None:
        return _Asked(before.model_copy(update=failing), said, failed=True)
    day = day_of(before.confirmed.date())
    if now - before.confirmed > limit:
        empty = Neighbour(source=before.source, title=before.title, confirmed=before.confirmed)
        text = f"{said}; what it said on {day} is shown no longer"
        return _Asked(empty.model_copy(update=failing), text, failed=True)
    text = f"{said}; what it said on {day} is kept"
    return _Asked(before.model_copy(update=failing), text, failed=True)


def _stamp_of(neighbour: Neighbour) -> FileStamp:
    """Give by what its server told what is known; nothing where nothing is."""
    told = {_ETAG: neighbour.etag, _SINCE: neighbour.last_modified}
    given = {name: value for name, value in told.items() if value}
    return FileStamp(neighbour.source, given if neighbour.confirmed else {})


def _kept(value: str | None) -> str:
    """Keep what a server tells its version by, unless it is longer than any that means well."""
    return value if value and len(value) <= 300 else ""
