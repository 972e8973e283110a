"""What commits tell: weeks of activity, and who wrote it. Pure.

Commit dates come from the machines of strangers; those in the future count for the current week.
No ``stats/`` endpoints are used: they answer 202 for as long as they please.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

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


class _Commit(NamedTuple):
    """As much of a commit as is looked at."""

    made_at: datetime
    author: str | None
    login: str | None
    avatar_url: str | None


def read_history(commit: object, now: datetime) -> tuple[CommitWeeks | None, Contributors | None]:
    """Read what GraphQL says of the newest commit's past: when it was worked on, and by whom.

    Returns:
        Both are None when nothing was told. A commit without a date is left out.
    """
    total, year = (count(inside(commit, alias, "totalCount")) for alias in ("recent", "year"))
    if total is None:
        return None, None
    commits = []
    for node in objects(inside(commit, "recent", "nodes")):
        if (moment := when(node.get("committedDate"))) is not None:
            author, user = (
                clean_line(inside(node, "author", "name")),
                inside(node, "author", "user"),
            )
            login, avatar = inside(user, "login"), inside(user, "avatarUrl")
            commits.append(_Commit(moment, author, clean_line(login), clean_address(avatar)))
    is_whole = len(commits) >= total
    all_seen = is_whole or (year is not None and len(commits) >= year)
    counts, start = _by_week(commits, now, all_seen=all_seen)
    weeks = CommitWeeks(first_week=start.date(), counts=tuple(counts), total=year)
    return weeks, _contributors(commits, now, is_whole=is_whole)


def year_before(now: datetime) -> datetime:
    """Return the Monday, at midnight UTC, with which the 52 weeks up to ``now`` begin."""
    return _monday(now) - timedelta(weeks=WEEKS - 1)


def _monday(moment: datetime) -> datetime:
    monday = moment - timedelta(days=moment.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def _by_week(
    commits: Sequence[_Commit], now: datetime, *, all_seen: bool
) -> tuple[list[int], datetime]:
    """Count commits week by week, from the Monday on since which the list is known to be whole."""
    start, week = year_before(now), timedelta(weeks=1)
    if not all_seen:
        # The week of the oldest one seen may hold more of them.
        start = max(start, _monday(min((c.made_at for c in commits), default=now)) + week)
    counts = [0] * max(1, (now - start) // week + 1)
    for commit in commits:
        place = (min(commit.made_at, now) - start) // week
        if place >= 0:
            counts[place] += 1
    return counts, start


def _contributors(commits: Sequence[_Commit], now: datetime, *, is_whole: bool) -> Contributors:
    """Count the people behind the commits; a count is claimed only when all commits were seen."""
    made = [c for c in commits if not any(n and is_program(n) for n in (c.login, c.author))]
    # By login where there is one: the same person may write the name in several ways.
    people = {commit.login or commit.author for commit in made} - {None}
    tally = Counter(commit.login for commit in made if commit.login)
    avatars = {commit.login: commit.avatar_url for commit in made}
    most_active = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return Contributors(
        count=len(people) if is_whole else None,
        top=tuple(
            Contributor(login=login, avatar_url=avatars[login], commits=number)
            for login, number in most_active[:MOST_SHOWN]
        ),
        basis="all commits" if is_whole else "recent commits",
        people_only=True,
        confirmed_at=now,
    )


def is_listed_program(person: Json) -> bool:
    """Tell whether one of GitHub's own list of contributors is a program."""
    names = (clean_line(person.get(key)) for key in ("login", "name", "email"))
    return person.get("type") == "Bot" or any(name and is_program(name) for name in names)
