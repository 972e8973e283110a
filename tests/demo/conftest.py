"""A sandbox with a clock that tests move, and a small client that speaks plain HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.stand_in.server import Server, serve
from tests.stand_in.world import World, sample_community


@dataclass
class Hands:
    """A clock that stands still until somebody moves it."""

    now: datetime = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def forward(self, **lengths: float) -> None:
        """Move on."""
        self.now += timedelta(**lengths)


@dataclass
class Client:
    """Asks a server, as anybody with or without a token would."""

    server: Server
    token: str | None = "token-of-a-person"
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **headers: str) -> requests.Response:
        """Ask for a path or an address, with headers, following nothing."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"token {self.token}"
        url = path if path.startswith("http") else self.server.api_url + path
        return self.session.get(url, headers=sent, allow_redirects=False, timeout=10)

    def ask(self, query: str, **variables: Any) -> requests.Response:
        """Send a GraphQL query."""
        headers = {"Authorization": f"bearer {self.token}"} if self.token else {}
        body = {"query": query, "variables": variables}
        return self.session.post(self.server.graphql_url, json=body, headers=headers, timeout=10)

    def data(self, query: str, **variables: Any) -> Any:
        """Send a GraphQL query that must succeed and give its data."""
        answer = self.ask(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@pytest.fixture
def clock() -> Hands:
    """A clock at the world's date."""
    return Hands()


@pytest.fixture
def server(clock: Hands) -> Iterator[Server]:
    """A running sandbox with the sample community."""
    with serve(sample_community(), clock=clock) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """Somebody with a token."""
    with requests.Session() as session:
        yield Client(server, session=session)


@pytest.fixture
def stranger(server: Server) -> Iterator[Client]:
    """Somebody without a token."""
    with requests.Session() as session:
        yield Client(server, token=None, session=session)


@pytest.fixture
def open_client() -> Iterator[Callable[[World], Client]]:
    """Serve any world and get a client for it."""
    running = []

    def start(world: World) -> Client:
        context = serve(world, clock=Hands())
        running.append(context)
        return Client(context.__enter__())

    yield start
    for context in running:
        context.__exit__(None, None, None)
