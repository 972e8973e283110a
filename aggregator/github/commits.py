"""What commits tell: weeks of activity, and who wrote it. Pure.

Commit dates come from the machines of strangers; those in the future count for the current week.
No ``stats/`` endpoints are used: they answer 202 for as long as they please.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.facts.repository import CommitWeeks, Contributor, Contributors
from aggregator.github.values import Json, count, inside, objects, when
from aggregator.words.clean import clean_address, clean_line

WEEKS = 52
MOST_SHOWN = 10  # people named of each repository; the others are counted

# Accounts of programs that do not carry "[bot]" in their names.
_SERVICES = frozenset(
    """
    actions-user allcontributors all-contributors azure-pipelines circleci claude codecov
    codecov-io codecov-commenter compathelper conda-forge-admin conda-forge-curator copilot
    cursoragent dependabot dependabot-preview deepsource-autofix deepsourcebot
    fossabot github-actions github-action github-classroom gitlocalize-app greenkeeper github
    greenkeeperio-bot houndci-bot imgbot imgbotapp invalid-email-address jl-compathelper
    juliaregistrator juliatagbot lgtm-com lgtm-migrator mergify
    pep8speaks pre-commit-ci pyup-bot read-the-docs renovate renovate-bot restyled-io
    sourcery-ai snyk-bot step-security-bot sweep-ai transifex-integration travis-ci
    web-flow weblate whitesource-bolt whitesource-bolt-for-github zenodo-bot
    """.split()  # noqa: SIM905 - one word a line would fill the screen
)
_PROGRAM = re.compile(r"\[bot\]|(?:^|[-_ ])bot$", re.IGNORECASE)


def is_program(name: str) -> bool:
    """Tell whether a login or an author's name is a program's: a bot or a service, nobody.

    GitHub marks its apps with "[bot]" (docs.github.com, "About apps"); older services work under
    plain accounts, whose names are known.
    """
    plain = "-".join(name.casefold().replace("[bot]", "").split())
    return plain in _SERVICES or _PROGRAM.search(name.strip()) is not None


@dataclass(frozen=True, slots=True)
class SeenCommit:
    """As much of a commit as is looked at."""

    committed_at: datetime
    author: str | None
    login: str | None
    avatar_url: str | None


@dataclass(frozen=True, slots=True)
class SeenHistory:
    """The newest commits of the default branch, and how many there are."""

    commits: Sequence[SeenCommit]
    total: int | None  # None: nothing was told
    year_total: int | None  # since ``year_before`` the time of asking

    @property
    def is_whole(self) -> bool:
        """Whether the commits are all that there are."""
        return self.total is not None and len(self.commits) >= self.total


def read_history(commit: object) -> SeenHistory:
    """Read what GraphQL says of the newest commit's past, leaving out commits without a date."""
    found = []
    for node in objects(inside(commit, "recent", "nodes")):
        moment, user = when(node.get("committedDate")), inside(node, "author", "user")
        if moment is not None:
            author = clean_line(inside(node, "author", "name"))
            login = clean_line(inside(user, "login"))
            avatar = clean_address(inside(user, "avatarUrl"))
            found.append(SeenCommit(moment, author, login, avatar))
    total, year = (count(inside(commit, alias, "totalCount")) for alias in ("recent", "year"))
    return SeenHistory(found, total, year)


def year_before(now: datetime) -> datetime:
    """Return the Monday, at midnight UTC, with which the 52 weeks up to ``now`` begin."""
    return _monday(now) - timedelta(weeks=WEEKS - 1)


def commit_weeks(history: SeenHistory, now: datetime) -> CommitWeeks | None:
    """Count commits week by week, as far back as the list is known to be complete."""
    if history.total is None:
        return None
    start, commits = year_before(now), history.commits
    if not history.is_whole and (history.year_total is None or len(commits) < history.year_total):
        # The week of the oldest one seen may hold more of them.
        oldest = min((c.committed_at for c in commits), default=now)
        start = max(start, _monday(oldest) + timedelta(weeks=1))
    counts = [0] * max(1, _week_of(now, start) + 1)
    for commit in commits:
        week = _week_of(min(commit.committed_at, now), start)
        if week >= 0:
            counts[week] += 1
    return CommitWeeks(first_week=start.date(), counts=tuple(counts), total=history.year_total)


def _week_of(moment: datetime, start: datetime) -> int:
    return (moment - start) // timedelta(weeks=1)


def _monday(moment: datetime) -> datetime:
    monday = moment - timedelta(days=moment.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def contributors(history: SeenHistory, now: datetime) -> Contributors | None:
    """Count the people behind the commits; a count is claimed only when all commits were seen."""
    if history.total is None:
        return None
    made = [c for c in history.commits if not any(n and is_program(n) for n in (c.login, c.author))]
    # By login where there is one: the same person may write the name in several ways.
    people = {commit.login or commit.author for commit in made} - {None}
    return Contributors(
        count=len(people) if history.is_whole else None,
        top=_most_active(made),
        basis="all commits" if history.is_whole else "recent commits",
        people_only=True,
        confirmed_at=now,
    )


def _most_active(commits: Sequence[SeenCommit]) -> tuple[Contributor, ...]:
    tally = Counter(commit.login for commit in commits if commit.login)
    avatars = {commit.login: commit.avatar_url for commit in commits}
    ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return tuple(
        Contributor(login=login, avatar_url=avatars[login], commits=number)
        for login, number in ordered[:MOST_SHOWN]
    )


def is_listed_program(person: Json) -> bool:
    """Tell whether one of GitHub's own list of contributors is a program."""
    names = (clean_line(person.get(key)) for key in ("login", "name", "email"))
    return person.get("type") == "Bot" or any(name and is_program(name) for name in names)
