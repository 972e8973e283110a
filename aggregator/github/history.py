"""What a list of commits tells: weeks of activity, and who wrote it. Pure.

Commit dates come from the machines of strangers; those in the future count for the current week.
No ``stats/`` endpoints are used: they answer 202 for as long as they please.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.facts.repository import CommitWeeks, Contributor, Contributors, is_program

WEEKS = 52
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Commit:
    """As much of a commit as is looked at."""

    committed_at: datetime
    author: str | None
    login: str | None
    avatar_url: str | None


def year_before(now: datetime) -> datetime:
    """Return the Monday, at midnight UTC, with which the 52 weeks up to ``now`` begin."""
    monday = now - timedelta(days=now.weekday())
    start = monday - timedelta(weeks=WEEKS - 1)
    return start.replace(hour=0, minute=0, second=0, microsecond=0)


def commit_weeks(
    commits: Sequence[Commit], total: int | None, year_total: int | None, now: datetime
) -> CommitWeeks | None:
    """Count commits week by week, as far back as the list is known to be complete.

    Args:
        commits: The newest commits of the default branch.
        total: How many there are in all.
        year_total: How many there are since ``year_before(now)``.
        now: The time of asking.
    """
    if total is None:
        return None
    start = year_before(now)
    complete = len(commits) >= total or (year_total is not None and len(commits) >= year_total)
    if not complete:
        oldest = min((c.committed_at for c in commits), default=now)
        start = max(start, _week_after(oldest))
    counts = [0] * max(1, _week_of(now, start) + 1)
    for commit in commits:
        week = _week_of(min(commit.committed_at, now), start)
        if week >= 0:
            counts[week] += 1
    return CommitWeeks(first_week=start.date(), counts=tuple(counts), total=year_total)


def _week_of(moment: datetime, start: datetime) -> int:
    return (moment - start) // timedelta(weeks=1)


def _week_after(moment: datetime) -> datetime:
    monday = moment - timedelta(days=moment.weekday()) + timedelta(weeks=1)
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def contributors(
    commits: Sequence[Commit], total: int | None, now: datetime
) -> Contributors | None:
    """Count the people behind the commits; a count is claimed only when all commits were seen."""
    if total is None:
        return None
    complete = len(commits) >= total
    made = [commit for commit in commits if not _by_program(commit)]
    people = {commit.login or commit.author for commit in made} - {None}
    return Contributors(
        count=len(people) if complete else None,
        top=_most_active(made),
        basis="all commits" if complete else "recent commits",
        people_only=True,
        confirmed_at=now,
    )


def _by_program(commit: Commit) -> bool:
    return any(name and is_program(name) for name in (commit.login, commit.author))


def _most_active(commits: Sequence[Commit]) -> tuple[Contributor, ...]:
    tally = Counter(commit.login for commit in commits if commit.login)
    avatars = {commit.login: commit.avatar_url for commit in commits}
    ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return tuple(
        Contributor(login=login, avatar_url=avatars[login], commits=number)
        for login, number in ordered[:MOST_SHOWN]
    )
