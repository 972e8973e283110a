"""What is new: two states of a record compared, as lines of the change log. Pure.

Only what both looks really knew is compared: a fact that was not asked before is no news.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregator.facts import Change, ChangeKind, Glance, Issue, Record, Release

__all__ = ["Change", "ChangeKind", "compare", "removed"]

WEB = "https://github.com"


def compare(before: Record | None, after: Record, now: datetime) -> tuple[Change, ...]:
    """Return the news between two states of one entry, for the change log."""
    return tuple(_news(before, after, now))


def removed(record: Record, now: datetime) -> Change:
    """Return the news that an entry left the registry."""
    return _change(record, now, ChangeKind.REMOVED)


def _news(before: Record | None, after: Record, now: datetime) -> Iterator[Change]:
    known = before.facts if before else None
    found = after.facts
    if found is None:
        if known is not None:
            yield _change(after, now, ChangeKind.GONE, after=after.outcome.value)
        return
    if known is None:
        returned = before is not None and before.identity is not None
        yield _change(after, now, ChangeKind.RETURNED if returned else ChangeKind.ADDED)
        return
    yield from _glances(known.glance, found.glance, after, now)
    if known.details and found.details:
        yield from _releases(known.details.releases, found.details.releases, after, now)
    if known.counts and found.counts:
        old, new = known.counts, found.counts
        pairs = (
            (old.newest_good_first_issue, new.newest_good_first_issue),
            (old.newest_help_wanted, new.newest_help_wanted),
        )
        yield from _calls_for_help(pairs, after, now)


def _glances(known: Glance, found: Glance, record: Record, now: datetime) -> Iterator[Change]:
    if known.repository_id != found.repository_id:
        yield _change(record, now, ChangeKind.RECREATED)
    elif known.name_with_owner != found.name_with_owner:
        yield _moved(known.name_with_owner, found.name_with_owner, record, now)
    if known.archived != found.archived:
        kind = ChangeKind.ARCHIVED if found.archived else ChangeKind.UNARCHIVED
        yield _change(record, now, kind)
    if known.licence != found.licence and not found.empty:
        kind = ChangeKind.RELICENSED if known.licence else ChangeKind.LICENSED
        yield _change(record, now, kind, _licence(known), _licence(found))


def _moved(old: str, new: str, record: Record, now: datetime) -> Change:
    same_owner = old.partition("/")[0].casefold() == new.partition("/")[0].casefold()
    kind = ChangeKind.RENAMED if same_owner else ChangeKind.TRANSFERRED
    return _change(record, now, kind, old, new)


def _licence(glance: Glance) -> str | None:
    return (glance.licence.spdx_id or glance.licence.name) if glance.licence else None


def _releases(
    known: tuple[Release, ...] | None,
    found: tuple[Release, ...] | None,
    record: Record,
    now: datetime,
) -> Iterator[Change]:
    """Report releases newer than any that was known; filling in an old one is no news."""
    if known is None or not found:
        return
    tags = {release.tag for release in known}
    latest = max((r.published_at for r in known if r.published_at), default=None)
    for release in found:
        newer = latest is None or (release.published_at and release.published_at > latest)
        if release.tag not in tags and newer:
            change = _change(record, now, ChangeKind.RELEASED, after=release.name or release.tag)
            yield change.model_copy(update={"url": release.url})


def _calls_for_help(
    pairs: Iterable[tuple[Issue | None, Issue | None]], record: Record, now: datetime
) -> Iterator[Change]:
    told = set()
    for old, new in pairs:
        newer = new and (old is None or new.created_at > old.created_at)
        if new and newer and new.url not in told:
            told.add(new.url)
            change = _change(record, now, ChangeKind.HELP_WANTED, after=new.title)
            yield change.model_copy(update={"url": new.url})


def _change(
    record: Record,
    now: datetime,
    kind: ChangeKind,
    before: str | None = None,
    after: str | None = None,
) -> Change:
    name = record.identity.name_with_owner if record.identity else record.listed_as
    url = f"{WEB}/{name}" if record.facts else None
    return Change(
        date=now, kind=kind, repo=record.key, name=name, before=before, after=after, url=url
    )
