"""What is new: two states of a record compared, as lines of the change log, and what they mean.

Only what both looks really knew is compared: a fact that was not asked before is no news. The
first night of a showcase is one event, however many projects it opens with. Pure; `run.update`
compares, pages and feeds read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from aggregator.facts.record import Record
from aggregator.facts.repository import Counts, Details, Glance
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.words.speech import say, say_many

# What tells one release or issue from another, in its address at any GitHub.
_THING = {
    ChangeKind.RELEASED: re.compile(r"/releases/tag/(.+)"),
    ChangeKind.HELP_WANTED: re.compile(r"/issues/(\d+)"),
}
_NEEDS_A_THING = frozenset({*_THING, ChangeKind.LICENSED, ChangeKind.RELICENSED})
_NAMED = _NEEDS_A_THING | {*(ChangeKind.RENAMED, ChangeKind.TRANSFERRED, ChangeKind.CELEBRATED)}

_News = Callable[..., Change]  # `_change` of one record at one moment


def compare(before: Record | None, after: Record, now: datetime) -> tuple[Change, ...]:
    """Return the news between two states of one entry, for the change log."""
    news = partial(_change, after, now)
    known, found = before.facts if before else None, after.facts
    if found is None:
        return (news(ChangeKind.GONE, after=after.outcome.value),) if known else ()
    if known is None:
        returned = before is not None and before.identity is not None
        return (news(ChangeKind.RETURNED if returned else ChangeKind.ADDED),)
    return (
        *_glances(known.glance, found.glance, news),
        *_releases(known.details, found.details, news, now),
        *_calls_for_help(known.counts, found.counts, news),
    )


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


def opening_words(count: int, what: str = "") -> str:
    """Say that a part of a showcase opens, or the whole of it."""
    return say_many(
        count,
        "%(what)s opens with %(count)s project",
        "%(what)s opens with %(count)s projects",
        what=what or say("The showcase"),
    )


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


def _glances(known: Glance, found: Glance, news: _News) -> Iterator[Change]:
    old, new = known.name_with_owner, found.name_with_owner
    if known.repository_id != found.repository_id:
        yield news(ChangeKind.RECREATED)
    elif old != new:
        stayed = old.partition("/")[0].casefold() == new.partition("/")[0].casefold()
        yield news(ChangeKind.RENAMED if stayed else ChangeKind.TRANSFERRED, old, new)
    if known.archived != found.archived:
        yield news(ChangeKind.ARCHIVED if found.archived else ChangeKind.UNARCHIVED)
    if known.licence != found.licence and not found.empty:
        kind = ChangeKind.RELICENSED if known.licence else ChangeKind.LICENSED
        yield news(kind, _licence(known), _licence(found))


def _licence(glance: Glance) -> str | None:
    return (glance.licence.spdx_id or glance.licence.name) if glance.licence else None


def _releases(
    known: Details | None, found: Details | None, news: _News, now: datetime
) -> Iterator[Change]:
    """Report releases newer than any that was known; filling in an old one is no news."""
    if not known or known.releases is None or not found:
        return
    tags = {release.tag for release in known.releases}
    latest = max((r.published_at for r in known.releases if r.published_at), default=None)
    for release in found.releases or ():
        newer = latest is None or (release.published_at and release.published_at > latest)
        if release.tag not in tags and newer:
            change = news(ChangeKind.RELEASED, after=release.name or release.tag)
            # The day of the release is true on whichever night it is noticed.
            dated = min(release.published_at or now, now)
            yield change.model_copy(update={"url": release.url, "date": dated})


def _calls_for_help(known: Counts | None, found: Counts | None, news: _News) -> Iterator[Change]:
    if not known or not found:
        return
    told = set()
    for old, new in (
        (known.newest_good_first_issue, found.newest_good_first_issue),
        (known.newest_help_wanted, found.newest_help_wanted),
    ):
        newer = new and (old is None or new.created_at > old.created_at)
        if new and newer and new.url not in told:
            told.add(new.url)
            change = news(ChangeKind.HELP_WANTED, after=new.title)
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
