"""Puts a source together, and looks at a few names for whoever only wants to check them.

The one place where the pieces of this package meet. What the answers of ``look`` mean for a
member is said in ``aggregator.registry.sightings``.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aggregator.facts.protocol import DeepLook, Depth, Source, Target
from aggregator.facts.repository import Glance
from aggregator.github.client import Client
from aggregator.github.graphql_source import GraphqlSource
from aggregator.github.listings import Listings
from aggregator.github.rest_source import RestSource
from aggregator.github.session import Wire, open_session
from aggregator.github.transport import EXCHANGE_SECONDS, Transport
from aggregator.registry.sightings import Lookup, Sighting
from aggregator.words.addresses import GITHUB_API, can_be_asked, split_address
from aggregator.words.errors import SourceError, UsageError
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

CACHE_FILE = "github.sqlite"
_UNSEEN = frozenset({Outcome.GONE, Outcome.PRIVATE, Outcome.BLOCKED})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which GitHub to ask, and as whom; the values of the variables that GitHub Actions sets."""

    api_url: str = GITHUB_API
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
    # GitHub answers GraphQL to nobody without a token.
    kind = GraphqlSource if endpoint.token else RestSource
    with _open_client(endpoint, cache_dir, seconds) as client:
        yield kind(client, clock)


@contextmanager
def open_listings(endpoint: Endpoint) -> Iterator[Listings]:
    """Open what asks GitHub for lists of repositories, for whoever begins a registry."""
    with _open_client(endpoint) as client:
        yield Listings(client)


@contextmanager
def _open_client(
    endpoint: Endpoint, cache_dir: Path | None = None, seconds: float = EXCHANGE_SECONDS
) -> Iterator[Client]:
    # docs.github.com, "Forming calls with GraphQL", for github.com and for Enterprise (/api/v3).
    graphql = endpoint.graphql_url or f"{endpoint.api_url.rstrip('/').removesuffix('/v3')}/graphql"
    _require_same_host(endpoint.api_url, graphql)
    wire = Wire(endpoint.token, endpoint.api_url)
    session = open_session(wire, cache_dir / CACHE_FILE if cache_dir else None)
    with session:
        yield Client(Transport(session, wire, endpoint.api_url, seconds), graphql)


def _require_same_host(api_url: str, graphql_url: str) -> None:
    servers = []
    for variable, url, usual in (
        ("GITHUB_API_URL", api_url, GITHUB_API),
        ("GITHUB_GRAPHQL_URL", graphql_url, f"{GITHUB_API}/graphql"),
    ):
        address = split_address(url)
        if address is None or not can_be_asked(url):
            raise UsageError(f"{variable} is {url!r}", "that is no web address", f"use {usual}")
        servers.append((address.scheme, address.netloc))
    if servers[0] != servers[1]:
        raise UsageError(
            "GITHUB_API_URL and GITHUB_GRAPHQL_URL name different hosts",
            " and ".join(netloc for _, netloc in servers),
            "set both as GitHub Actions does, or neither",
        )


@contextmanager
def open_sightings(endpoint: Endpoint) -> Iterator[Lookup]:
    """Open a lookup of names for the registry check."""
    with open_source(endpoint) as source:
        yield lambda repos: look(source, repos)


def look(source: Source, repos: Sequence[RepoName]) -> dict[RepoName, Sighting]:
    """Look at each name once; one that was not answered is left out, never "fine".

    One request for what every run asks, and one more for the READMEs when the names fit into it.

    Raises:
        SourceError: GitHub answered nothing at all.
    """
    seen: dict[RepoName, Sighting] = {}
    size = source.sizes.glance
    for start in range(0, len(repos), size):
        batch = repos[start : start + size]
        answer = source.glance([Target(str(repo)) for repo in batch])
        glances = [glance for glance in answer.found.values() if not glance.empty]
        # Details only when one request is enough for them; by the name that GitHub uses.
        fits = glances and len(glances) <= source.sizes.depth
        looks = [DeepLook(glance) for glance in glances]
        depths = source.depth(looks).found if fits else {}
        for repo in batch:
            said = answer.said.get(str(repo))
            if isinstance(said, Glance):
                seen[repo] = _sighting(said, depths.get(said.name_with_owner))
            elif said in _UNSEEN:
                seen[repo] = Sighting(exists=False, public=False)
        trouble = answer.trouble
        if trouble and not seen:
            raise SourceError("GitHub gave no answer", trouble.message, trouble.cure)
        if trouble:
            break
    return seen


def _sighting(glance: Glance, depth: Depth | None) -> Sighting:
    details = depth.facts.details if depth else None
    licence = glance.licence
    try:
        name = RepoName.parse(glance.name_with_owner)
    except ValueError:  # GitHub may call it what no entry can be listed as
        name = None
    return Sighting(
        name=name,
        archived=glance.archived,
        fork=glance.fork,
        empty=glance.empty,
        has_readme=details.readme is not None if details and details.readme_asked else None,
        licence=(licence.spdx_id or licence.name) if licence else None,
        description=glance.description,
    )
