"""Lists of repositories that GitHub keeps: of an owner, under a topic, with somebody's stars.

Asked once, when a community begins, through REST with or without a token. What becomes of a list is
for `adopting`; nothing here is remembered.
Sources: docs.github.com, "List repositories for a user", "List organization repositories",
"Search repositories", "List repositories starred by a user", "Get a repository README".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aggregator.facts.protocol import Trouble
from aggregator.github.client import Client
from aggregator.github.repository_files import blob_content
from aggregator.github.transport import NoAnswerError
from aggregator.github.values import count, flag, inside, objects, repo_name
from aggregator.words.clean import clean_address, clean_line
from aggregator.words.errors import AbsentError, SourceError
from aggregator.words.names import RepoName, is_owner
from aggregator.words.outcomes import Outcome

_PER_PAGE = 100
_MOST_PAGES = 20  # of a search GitHub shows ten; of the others this is more than a community has


@dataclass(frozen=True, slots=True)
class OwnerProfile:
    """What GitHub says of a person or an organisation."""

    login: str
    name: str
    is_organisation: bool
    about: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class ListedRepository:
    """One repository of a list: its name as owner/name, and whether it is a copy of another."""

    name: str
    fork: bool


@dataclass(frozen=True, slots=True)
class RepositoryList:
    """The public repositories of a list; `more` when GitHub had further ones that were not read."""

    repositories: tuple[ListedRepository, ...]
    more: bool = False


class Listings:
    """Asks GitHub for lists; a list that it does not give is a `SourceError`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def owner(self, login: str) -> OwnerProfile:
        """Ask who somebody is.

        Raises:
            AbsentError: GitHub knows nobody of that name.
            SourceError: GitHub gave no answer.
        """
        said = self._one(f"/users/{quote(login, safe='')}", f"the owner {login}")
        name = clean_line(inside(said, "login")) or login
        if not is_owner(name):
            raise SourceError(f"the owner {login}", "GitHub called it something that no owner is")
        return OwnerProfile(
            name,
            clean_line(inside(said, "name")) or name,
            inside(said, "type") == "Organization",
            clean_line(inside(said, "bio")) or clean_line(inside(said, "description")),
            clean_address(inside(said, "blog")),
        )

    def owned_by(self, owner: OwnerProfile) -> RepositoryList:
        """Ask for the public repositories of an owner.

        Raises:
            SourceError: GitHub gave no answer.
        """
        kind = "orgs" if owner.is_organisation else "users"
        only = {"type": "public"} if owner.is_organisation else {}
        return self._pages(f"/{kind}/{owner.login}/repos", f"the projects of {owner.login}", only)

    def starred_by(self, login: str) -> RepositoryList:
        """Ask which repositories somebody has starred.

        Raises:
            AbsentError: GitHub knows nobody of that name.
            SourceError: GitHub gave no answer.
        """
        return self._pages(f"/users/{quote(login, safe='')}/starred", f"the stars of {login}", {})

    def with_topic(self, topic: str) -> RepositoryList:
        """Ask for repositories with a topic; of very many, those that changed last.

        Raises:
            SourceError: GitHub gave no answer.
        """
        asked = {"q": f"topic:{topic}", "sort": "updated"}
        return self._pages("/search/repositories", f"the topic {topic}", asked)

    def readme_of(self, repo: RepoName) -> str:
        """Ask for the README of a repository as text.

        Raises:
            AbsentError: There is no such repository, or it has none.
            SourceError: GitHub gave no answer.
        """
        content = blob_content(self._one(f"/repos/{repo}/readme", f"the README of {repo}"))
        if content is None:
            raise SourceError(f"the README of {repo}", "GitHub's answer holds no text")
        return content.decode("utf-8", errors="replace")

    def _one(self, path: str, what: str) -> Any:
        return self._page(path, what, {})[0]

    def _pages(self, path: str, what: str, asked: Mapping[str, str]) -> RepositoryList:
        found: list[ListedRepository] = []
        number, last, total = 1, 1, None
        while number <= min(last, _MOST_PAGES):
            page = {"per_page": _PER_PAGE, "page": number}
            said, told = self._page(path, what, {**asked, **page})
            last = max(last, told)
            total = count(inside(said, "total_count"))
            items = inside(said, "items") if isinstance(said, dict) else said
            for one in objects(items):
                name = repo_name(inside(one, "full_name"))
                if name and not flag(inside(one, "private")):
                    found.append(ListedRepository(name, flag(inside(one, "fork"))))
            number += 1
        more = last > _MOST_PAGES or (total or 0) > len(found)
        return RepositoryList(tuple(found), more)

    def _page(self, path: str, what: str, asked: Mapping[str, Any]) -> tuple[Any, int]:
        try:
            return self._client.get_page(path, **asked)
        except NoAnswerError as problem:
            failure = problem.failure
        if isinstance(failure, Trouble):
            raise SourceError(f"GitHub did not give {what}", failure.message, failure.cure)
        if failure is Outcome.GONE:
            cure = "check how it is spelt"
            raise AbsentError(f"GitHub did not give {what}", "it knows nothing so called", cure)
        raise SourceError(f"GitHub did not give {what}", f"it answered: {failure.value}")
