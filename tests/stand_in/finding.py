"""A small search over the world, with the qualifiers that a showcase would use.

Serves `/search/issues`, `/search/repositories` and the GraphQL `search` field. Qualifiers are
described at docs.github.com, "Searching issues and pull requests" and "Searching for repositories".
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.demo.world import Repository, WorldIssue
from tests.stand_in.world import World


@dataclass(frozen=True, slots=True)
class Question:
    """A search text taken apart: plain words, and values by qualifier, all in lower case."""

    words: tuple[str, ...]
    qualifiers: dict[str, tuple[str, ...]]

    def allows(self, qualifier: str, *values: str | None) -> bool:
        """Say whether the qualifier is absent or one of its values is among `values`."""
        wanted = self.qualifiers.get(qualifier)
        have = {value.lower() for value in values if value}
        return wanted is None or bool(have & set(wanted))


def read_question(text: str) -> Question:
    """Take a search text apart; an unclosed quotation mark is taken as part of a word."""
    try:
        parts = shlex.split(text.lower())
    except ValueError:
        parts = text.lower().split()
    words, qualifiers = [], dict[str, tuple[str, ...]]()
    for part in parts:
        name, colon, value = part.partition(":")
        if colon and value:
            qualifiers[name] = (*qualifiers.get(name, ()), value)
        else:
            words.append(part)
    return Question(tuple(words), qualifiers)


def _seen(world: World, question: Question) -> Iterator[Repository]:
    owners = question.qualifiers.get("org", ()) + question.qualifiers.get("user", ())
    for repository in world.public:
        if not owners or repository.owner.lower() in owners:
            yield repository


def find_issues(world: World, text: str) -> list[tuple[Repository, WorldIssue]]:
    """Find issues and pull requests, newest first."""
    question = read_question(text)
    found = [
        (repository, issue)
        for repository in _seen(world, question)
        if question.allows("repo", repository.full_name)
        for issue in repository.issues
        if _issue_fits(issue, question)
    ]
    return sorted(found, key=lambda pair: pair[1].created_at, reverse=True)


def _issue_fits(issue: WorldIssue, question: Question) -> bool:
    kind = "pr" if issue.pull else "issue"
    said = set(question.qualifiers.get("is", ()))
    about_kind, about_state = said & {"pr", "issue"}, said & {"open", "closed"}
    return (
        (not about_kind or kind in about_kind)
        and (not about_state or issue.state in about_state)
        and question.allows("type", kind)
        and question.allows("state", issue.state)
        and question.allows("label", *issue.labels)
        and all(word in issue.title.lower() for word in question.words)
    )


def find_repositories(world: World, text: str) -> list[Repository]:
    """Find repositories, most stars first."""
    question = read_question(text)
    found = [r for r in _seen(world, question) if _repository_fits(r, question)]
    return sorted(found, key=lambda r: (-r.stars, r.full_name))


def _repository_fits(repository: Repository, question: Question) -> bool:
    text = f"{repository.full_name} {repository.description or ''}".lower()
    return (
        question.allows("repo", repository.full_name)
        and question.allows("topic", *repository.topics)
        and question.allows("language", repository.language)
        and question.allows("license", repository.licence)
        and question.allows("archived", str(repository.archived_at is not None).lower())
        and all(word in text for word in question.words)
    )
