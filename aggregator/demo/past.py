"""A repository as it was on an earlier day, so that a demo can show what changed since.

Pure: takes a repository and a time, gives another repository. Used by `sample`. What was not
recorded day by day, such as stars, is taken to have grown evenly since the first day.
"""

from dataclasses import replace

from aggregator.demo.history import moment
from aggregator.demo.model import Issue, Repository


def as_of(repository: Repository, date: str, present: str) -> Repository:
    """Give the repository as it was at `date`, when `present` is the time that it describes.

    The repository must have been there already.
    """
    history = repository.history.as_of(date)
    pushed = history.head.date if history.head else repository.created_at
    share = _share(repository.created_at, date, present)
    archived = repository.archived_at
    return replace(
        repository,
        history=history,
        pushed_at=pushed,
        updated_at=max(pushed, min(repository.updated_at, date)),
        stars=round(repository.stars * share),
        forks=round(repository.forks * share),
        releases=tuple(r for r in repository.releases if r.published_at <= date),
        tags=tuple(t for t in repository.tags if t.date <= date),
        issues=tuple(_issue(i, date) for i in repository.issues if i.created_at <= date),
        archived_at=archived if archived and archived <= date else None,
    )


def _share(start: str, date: str, present: str) -> float:
    whole = (moment(present) - moment(start)).total_seconds()
    return (moment(date) - moment(start)).total_seconds() / whole if whole > 0 else 1.0


def _issue(issue: Issue, date: str) -> Issue:
    open_still = issue.closed_at is not None and issue.closed_at > date
    return replace(
        issue,
        closed_at=None if open_still else issue.closed_at,
        updated_at=min(issue.updated_at, date),
    )
