"""What is new: two states of a record compared, as lines of the change log, and what they mean.

Only what both looks really knew is compared: a fact that was not asked before is no news. The
first night of a showcase is one event, however many projects it opens with. Pure; `run.update`
compares, pages and feeds read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from aggregator.facts.record import Record
from aggregator.facts.repository import Glance, Issue, Release
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.words.phrases import plural

# What tells one release or issue from another, in its address at any GitHub.
_THING = {
    ChangeKind.RELEASED: re.compile(r"/releases/tag/(.+)"),
    ChangeKind.HELP_WANTED: re.compile(r"/issues/(\d+)"),
}
_NAMED = frozenset(
    {
        ChangeKind.RELEASED,
        ChangeKind.HELP_WANTED,
        ChangeKind.RENAMED,
        ChangeKind.TRANSFERRED,
        ChangeKind.LICENSED,
        ChangeKind.RELICENSED,
    }
)
_NEEDS_A_THING = frozenset({*_THING, ChangeKind.LICENSED, ChangeKind.RELICENSED})


def compare(before: Record | None, after: Record, now: datetime) -> tuple[Change, ...]:
    """Return the news between two states of one entry, for the change log."""
    return tuple(_news(before, after, now))


def removed(record: Record, now: datetime) -> Change:
    """Return the news that an entry left the registry."""
    return _change(record, now, ChangeKind.REMOVED)


def opening_of(changes: Iterable[Change], first_seen: Mapping[str, datetime]) -> tuple[Change, ...]:
    """Choose the news that is one event: the projects with which the showcase opened.

    These are all that joined on the first day, and those that were listed on that day while
    GitHub was asked about them later, when one night's budget was too small for all.

    Args:
        changes: the change log, in any order.
        first_seen: when a run first met each entry, by key.
    """
    joined = [change for change in changes if change.kind is ChangeKind.ADDED]
    if not joined:
        return ()
    first = min(change.date for change in joined).date()
    return tuple(
        change
        for change in joined
        if first in (change.date.date(), first_seen.get(change.repo, change.date).date())
    )


def opening_words(count: int, what: str = "The showcase") -> str:
    """Say that a showcase, or a part of it, opens."""
    return f"{what} opens with {plural(count, 'project')}"


def thing_of(change: Change) -> str | None:
    """Name what a change is about, the same on every night: a tag, an issue, a new name.

    Returns:
        The name; "" where the kind says it all; None when it was erased together with the
        words of a repository that is no longer public.
    """
    pattern = _THING.get(change.kind)
    found = pattern.search(change.url or "") if pattern else None
    if found:
        return found.group(1)
    if change.after is None and change.before is None and change.kind in _NEEDS_A_THING:
        return None
    return change.after or change.before or "" if change.kind in _NAMED else ""


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
            # The day of the release is true on whichever night it is noticed.
            dated = min(release.published_at or now, now)
            yield change.model_copy(update={"url": release.url, "date": dated})


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
    # No address: where the repository is to be read depends on the GitHub of whoever builds.
    name = record.identity.name_with_owner if record.identity else record.listed_as
    return Change(date=now, kind=kind, repo=record.key, name=name, before=before, after=after)
