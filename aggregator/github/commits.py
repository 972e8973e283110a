"""What commits tell: who wrote it. Pure.

No ``stats/`` endpoints are used: they answer 202 for as long as they please.
"""

import re
from collections import Counter
from datetime import datetime

from aggregator.facts.repository import Contributor, Contributors
from aggregator.github.values import Json, count, inside, objects
from aggregator.words.clean import clean_line

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


def read_authors(commit: object, now: datetime) -> Contributors | None:
    """Read who wrote the newest commits; all are counted only where these are all commits.

    Returns:
        None where nothing was told, or was not asked for.
    """
    newest = inside(commit, "newest")
    total = count(inside(newest, "totalCount"))
    if total is None:
        return None
    nodes = list(objects(inside(newest, "nodes")))
    # Most commits are by the same few people, each of whom is read once.
    told = Counter(_author(node) for node in nodes)
    people, tally = set(), Counter[str]()
    for (login, name), number in told.items():
        who, called = clean_line(login), clean_line(name)
        if any(one and is_program(one) for one in (who, called)):
            continue
        # By login where there is one: the same person may write the name in several ways.
        people.add(who or called)
        if who:
            tally[who] += number
    people.discard(None)
    is_whole = len(nodes) >= total
    most_active = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    return Contributors(
        count=len(people) if is_whole else None,
        top=tuple(
            Contributor(login=login, commits=number) for login, number in most_active[:MOST_SHOWN]
        ),
        basis="all commits" if is_whole else "recent commits",
        people_only=True,
        confirmed_at=now,
    )


def _author(commit: Json) -> tuple[str | None, str | None]:
    author = commit.get("author")
    login, name = inside(author, "user", "login"), inside(author, "name")
    return (
        login if isinstance(login, str) else None,
        name if isinstance(name, str) else None,
    )


def is_listed_program(person: Json) -> bool:
    """Tell whether one of GitHub's own list of contributors is a program."""
    names = (clean_line(person.get(key)) for key in ("login", "name", "email"))
    return person.get("type") == "Bot" or any(name and is_program(name) for name in names)
