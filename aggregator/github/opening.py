"""Puts a source together: the one place where the pieces of this package meet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.facts.source import Source
from aggregator.github.cache import forget
from aggregator.github.client import Client
from aggregator.github.graphql_source import GraphqlSource
from aggregator.github.rest_source import RestSource
from aggregator.github.sightings import look
from aggregator.github.transport import EXCHANGE_SECONDS, open_requester, open_transport
from aggregator.registry.sightings import Lookup
from aggregator.words.errors import UsageError

API_URL = "https://api.github.com"
CACHE_FILE = "github.sqlite"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which GitHub to ask, and as whom; the values of the variables that GitHub Actions sets."""

    api_url: str = API_URL
    graphql_url: str | None = None  # None: derived from api_url
    token: str | None = field(default=None, repr=False)  # sent with every request, written nowhere


def _no_clock() -> datetime:
    return datetime.fromtimestamp(0, UTC)


@contextmanager
def open_source(
    endpoint: Endpoint,
    cache_dir: Path | None = None,
    clock: Callable[[], datetime] = _no_clock,
    seconds: float = EXCHANGE_SECONDS,
) -> Iterator[Source]:
    """Open a source of facts: GraphQL with a token, REST without.

    Args:
        endpoint: Which GitHub, and the token.
        cache_dir: Where REST answers are kept for conditional requests; None keeps none.
        clock: Says when facts were confirmed; needed by whoever keeps them.
        seconds: Longest time for one exchange.

    Raises:
        UsageError: An address that is not one, or GraphQL on another host than REST.
    """
    graphql = endpoint.graphql_url or _graphql_beside(endpoint.api_url)
    _require_same_host(endpoint.api_url, graphql)
    cache_file = cache_dir / CACHE_FILE if cache_dir else None
    transport = open_transport(endpoint.token, cache_file, seconds, endpoint.api_url)
    client = Client(open_requester(endpoint.api_url, transport), transport, graphql)
    kind = GraphqlSource if endpoint.token else RestSource
    try:
        yield kind(client, clock, lambda targets: forget(transport.session, targets))
    finally:
        transport.session.close()


@contextmanager
def open_sightings(endpoint: Endpoint) -> Iterator[Lookup]:
    """Open a lookup of names for the registry check."""
    with open_source(endpoint) as source:
        yield lambda repos: look(source, repos)


def _graphql_beside(api_url: str) -> str:
    """Follow docs.github.com, "Forming calls with GraphQL", for github.com and Enterprise."""
    base = api_url.rstrip("/")
    return f"{base.removesuffix('/v3')}/graphql"


def _require_same_host(api_url: str, graphql_url: str) -> None:
    api, graphql = urlsplit(api_url), urlsplit(graphql_url)
    if api.scheme not in {"http", "https"} or not api.hostname:
        raise UsageError(
            f"GITHUB_API_URL is {api_url!r}", "that is no web address", f"use {API_URL}"
        )
    if (api.scheme, api.netloc) != (graphql.scheme, graphql.netloc):
        raise UsageError(
            "GITHUB_API_URL and GITHUB_GRAPHQL_URL name different hosts",
            f"{api.netloc} and {graphql.netloc}",
            "set both as GitHub Actions does, or neither",
        )
