"""What is worth asking this time: changed details, a rotation, missing READMEs. Pure."""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from aggregator.facts.protocol import Sizes, Target, Wanted
from aggregator.facts.record import Record
from aggregator.facts.repository import READER, Contributors, Details, Glance
from aggregator.words.outcomes import Outcome

ROTATION_DAYS = 7
MUST = timedelta(days=6)  # so that a nightly run leaves nothing older than a week
MAY = timedelta(hours=20)  # so that hourly runs do not rotate twenty-four times a day


def in_order(entries: Sequence[str], known: Mapping[str, Record]) -> list[str]:
    """Put entries never asked first, in the order given, then those asked longest ago."""

    def turn(name: str) -> float:
        record = known.get(name.casefold())
        tried = record.last_tried if record else None
        return tried.timestamp() if tried else -math.inf

    return sorted(entries, key=turn)


def is_due(details: Details | None, glance: Glance) -> bool:
    """Tell whether the details must be asked: they may be news, or were read in an older way."""
    if is_news(details, glance):
        return True
    return not glance.empty and details is not None and details.reader < READER


def is_news(details: Details | None, glance: Glance) -> bool:
    """Tell whether the details may have changed since they were asked.

    GitHub moves ``updatedAt`` for a new star as well as for new topics, so it counts only when
    stars and forks stayed; otherwise the rotation brings the topics within a week.
    """
    if glance.empty:
        return False
    if details is None:
        return True
    basis = details.basis
    if None not in {basis.head_oid, glance.head_oid} and basis.head_oid != glance.head_oid:
        return True
    if basis.pushed_at != glance.pushed_at:
        return True
    quiet = (basis.stars, basis.forks) == (glance.stars, glance.forks)
    return quiet and basis.updated_at != glance.updated_at


def rotation(records: Iterable[Record], now: datetime) -> list[Record]:
    """Choose the unchanged repositories whose counts and releases are asked again tonight."""
    standing = [r for r in records if r.facts and r.facts.details and r.outcome.answered]
    ordered = sorted(standing, key=lambda r: (_age(r, now), r.key), reverse=True)
    share = math.ceil(len(standing) / ROTATION_DAYS)
    return [
        record
        for place, record in enumerate(ordered)
        if _age(record, now) >= MUST or (place < share and _age(record, now) >= MAY)
    ]


def _age(record: Record, now: datetime) -> timedelta:
    details = record.facts.details if record.facts else None
    return now - details.confirmed_at if details else timedelta.max


def missing_readmes(records: Iterable[Record], stored: Container[str]) -> list[Wanted]:
    """List README blobs whose bytes are not in the store, each once."""
    wanted: dict[str, Wanted] = {}
    for record in records:
        details = record.facts.details if record.facts else None
        if details is None or details.readme is None or details.readme.oid in stored:
            continue
        target = target_of(record)
        wanted.setdefault(details.readme.oid, Wanted(target, details.readme))
    return list(wanted.values())


def packed(wanted: Sequence[Wanted], sizes: Sizes) -> list[list[Wanted]]:
    """Pack READMEs into requests that are bounded in number and in bytes."""
    packs: list[list[Wanted]] = []
    room = 0
    for item in wanted:
        size = item.blob.size or 0
        if not packs or len(packs[-1]) >= sizes.readmes or size > room:
            packs.append([])
            room = sizes.readme_bytes
        packs[-1].append(item)
        room -= size
    return packs


def target_of(record: Record) -> Target:
    """Return how to ask about a record under the name it answers to today."""
    identity = record.identity
    if identity is None:
        return Target(record.listed_as)
    return Target(identity.name_with_owner, identity.repository_id, identity.node_id)


def needs_contributors(records: Iterable[Record]) -> list[Record]:
    """List records without a full count of the people who contributed, by name."""
    lacking = [
        r
        for r in records
        if r.facts
        and r.outcome.answered
        and r.outcome is not Outcome.EMPTY
        and not _all_people(r.facts.contributors)
    ]
    return sorted(lacking, key=lambda r: r.key)


def _all_people(found: Contributors | None) -> bool:
    return found is not None and found.count is not None and found.people_only


def contributor_allowance(listed: int) -> int:
    """Return how many repositories may have their contributors counted over REST in one run.

    Small showcases have requests to spare; large ones stay inside N/100 + N/175 a night.
    """
    return max(1, 20 - listed // 50)
