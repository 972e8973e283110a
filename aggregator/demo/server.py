"""Start and stop a sandbox: what tests, benchmarks and the command line use."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from graphql import GraphQLSchema

from aggregator.demo.app import App
from aggregator.demo.counts import Counts
from aggregator.demo.faults import Faults
from aggregator.demo.graph.execute import own_schema
from aggregator.demo.limits import Clock
from aggregator.demo.wire import Listener
from aggregator.demo.world import World
from aggregator.words.errors import UsageError

POLL_SECONDS = 0.01


class Server:
    """A running sandbox. Change `world`, script `faults`, read `counts` while it runs."""

    def __init__(self, listener: Listener, app: App) -> None:
        self.listener = listener
        self.app = app
        self.api_url = app.api_url
        self.graphql_url = f"{app.api_url}/graphql"

    @property
    def world(self) -> World:
        """Give the world, to change it."""
        return self.app.world

    @property
    def faults(self) -> Faults:
        """Give the script of faults."""
        return self.app.faults

    @property
    def counts(self) -> Counts:
        """Give what was counted."""
        return self.app.counts

    @property
    def port(self) -> int:
        """Give the port on which it listens."""
        return int(self.listener.server_address[1])

    @property
    def latency(self) -> float:
        """Give the seconds that each answer is held back."""
        return self.listener.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.listener.latency = seconds

    def revoke(self, token: str) -> None:
        """Refuse a token with 401 from now on."""
        self.app.revoked.add(token)

    def set_scopes(self, token: str, scopes: str) -> None:
        """Say which scopes a classic token has; an empty text for none."""
        self.app.scopes[token] = scopes

    def set_limit(self, token: str | None, resource: str, limit: int) -> None:
        """Give a caller another hourly limit for `core` or `graphql`."""
        self.app.limits.set_limit(token, resource, limit)

    def restrict(self, *fields: str) -> None:
        """Refuse connections such as `watchers` with FORBIDDEN, as `stargazers` always is."""
        self.app.restricted.update(fields)


def system_clock() -> datetime:
    """Read the machine's clock; the default of `serve`, and the only such reading here."""
    return datetime.now(UTC)


def _open(world: World, port: int, clock: Clock, schema: GraphQLSchema | None) -> Server:
    try:
        listener = Listener(port)
    except (OSError, OverflowError) as error:
        cure = "choose another with --port, or leave it out for a free one"
        raise UsageError(f"port {port} cannot be used", str(error), cure) from error
    url = f"http://127.0.0.1:{listener.server_address[1]}"
    listener.app = App(world, clock, url, schema=schema or own_schema())
    return Server(listener, listener.app)


@contextmanager
def serve(
    world: World,
    port: int = 0,
    clock: Clock = system_clock,
    schema: GraphQLSchema | None = None,
    latency: float = 0.0,
) -> Iterator[Server]:
    """Serve a world on 127.0.0.1 while the context lasts.

    Args:
        world: what to serve.
        port: 0 takes a free one.
        clock: says what time it is, for `Date` and for the ends of rate limits.
        schema: GitHub's published schema after `graph.execute.bind`, instead of the own part.
        latency: seconds to hold back each answer.

    Raises:
        UsageError: the port is taken or none.
    """
    server = _open(world, port, clock, schema)
    server.latency = latency
    thread = threading.Thread(
        target=server.listener.serve_forever, args=(POLL_SECONDS,), name="sandbox", daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.listener.stopping.set()
        server.listener.shutdown()
        server.listener.server_close()
        thread.join()


def run_forever(
    world: World,
    announce: Callable[[Server], None],
    port: int = 0,
    clock: Clock = system_clock,
) -> None:
    """Serve a world until the process is interrupted.

    Args:
        world: what to serve.
        announce: called once when the server listens, to tell the addresses.
        port: 0 takes a free one.
        clock: as for `serve`.

    Raises:
        UsageError: the port is taken or none.
    """
    with serve(world, port, clock) as server:
        announce(server)
        server.listener.stopping.wait()
