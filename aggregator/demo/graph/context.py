"""What a resolver may know besides its object, and how it says no.

Used by every resolver; made once for each request by `execute`.
"""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from aggregator.demo.history import moment, stamp
from aggregator.demo.limits import Allowance
from aggregator.demo.model import Repository
from aggregator.demo.world import World

SAML_MESSAGE = (
    "Resource protected by organization SAML enforcement. "
    "You must grant your Personal Access token access to this organization."
)
BLOCKED_MESSAGE = "Repository access blocked"


@dataclass(frozen=True, slots=True)
class Context:
    """The world, the caller's allowance after this query, and what this query costs."""

    world: World
    allowance: Allowance
    cost: int
    node_count: int
    web_url: str
    restricted: frozenset[str] = frozenset({"stargazers"})

    def link(self, *parts: str) -> str:
        """Give an address on the web site, such as that of a repository."""
        return "/".join((self.web_url, *parts))


def refusal(kind: str, message: str, **extensions: Any) -> GraphQLError:
    """Make an error that GitHub would report with a `type`, beside the other data."""
    return GraphQLError(message, extensions={"type": kind, **extensions})


def visible(repository: Repository | None, missing: str) -> Repository:
    """Give the repository when the caller may see it.

    Raises:
        GraphQLError: `NOT_FOUND` for one that is gone or private (GitHub does not tell which),
            `FORBIDDEN` for one behind single sign-on or blocked.
    """
    if repository is None or repository.access == "private":
        raise refusal("NOT_FOUND", missing)
    if repository.access == "saml":
        raise refusal("FORBIDDEN", SAML_MESSAGE, saml_failure=True)
    if repository.access == "blocked":
        raise refusal("FORBIDDEN", BLOCKED_MESSAGE)
    return repository


def utc(text: str | None) -> str | None:
    """Write a time in UTC as GitHub does, None for none."""
    return stamp(moment(text)) if text else None
