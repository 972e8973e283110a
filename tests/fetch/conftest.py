"""A showcase on its own small GitHub, night after night, with a clock that tests may push."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Budget, Clock
from aggregator.fetch.run import Terms
from aggregator.fetch.state import Progress
from aggregator.github.opening import Endpoint, open_source
from aggregator.run.report import Report
from aggregator.run.update import update
from aggregator.store.store import open_store, read_snapshot
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import World

FIRST_NIGHT = datetime(2026, 11, 21, 6, tzinfo=UTC)
TOKEN = "ghp_" + "x" * 36


@dataclass
class PushedClock:
    """Sleeping takes no time here, but counts as if it had."""

    base: datetime = FIRST_NIGHT
    slept: float = 0.0

    def now(self) -> datetime:
        """Return the time of this make-believe."""
        return self.base + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        """Return real seconds plus those that were slept."""
        return time.monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        """Pretend to sleep."""
        self.slept += seconds

    @property
    def faces(self) -> Clock:
        """Return the clock as the fetcher takes it."""
        return Clock(self.now, self.monotonic, self.sleep)


@dataclass
class Nights:
    """One showcase and its server; each ``run`` is a night."""

    server: Server
    state: Path
    clock: PushedClock
    token: str | None = TOKEN
    exchange_seconds: float = 10.0
    names: list[str] = field(default_factory=list)
    hidden: frozenset[str] = frozenset()
    seen: list[Progress] = field(default_factory=list)

    @property
    def world(self) -> World:
        """Return the world that the server shows."""
        return self.server.world

    @property
    def database(self) -> Path:
        """Return where the catalogue is."""
        return self.state / "catalogue.db"

    def run(
        self, budget: Budget | None = None, watch: Callable[[Progress], None] | None = None
    ) -> Report:
        """Run one night's update; the next one is a day later."""
        now = self.clock.now()
        self.server.counts.reset()
        endpoint = Endpoint(self.server.api_url, self.server.graphql_url, self.token)
        watcher = watch or self.seen.append
        terms = Terms(now, budget or Budget(), self.clock.faces, watcher, self.hidden)
        with (
            open_source(
                endpoint, self.state / "cache", lambda: now, self.exchange_seconds
            ) as source,
            open_store(self.database) as store,
        ):
            report = update(self.names, source, store, terms)
        self.clock.base += timedelta(days=1)
        return report

    def snapshot(self) -> Snapshot:
        """Read what is known now."""
        return read_snapshot(self.database)

    def record(self, name: str) -> Record:
        """Read what is known about one entry."""
        found = self.snapshot().record(name)
        assert found is not None, name
        return found

    def every_byte(self) -> bytes:
        """Return all bytes of the state folder."""
        return b"".join(p.read_bytes() for p in sorted(self.state.rglob("*")) if p.is_file())


@pytest.fixture
def clock() -> PushedClock:
    """A clock whose sleeps cost nothing."""
    return PushedClock()


@pytest.fixture
def open_nights(tmp_path: Path, clock: PushedClock) -> Iterator[Callable[..., Nights]]:
    """Open a showcase of so many made-up repositories."""
    with ExitStack() as stack:

        def open_(count: int = 12, token: str | None = TOKEN, **more: float) -> Nights:
            world = synthetic_world(count)
            server = stack.enter_context(serve(world, clock=clock.now))
            return Nights(server, tmp_path / "state", clock, token, names=list(world.names), **more)

        yield open_


@pytest.fixture
def nights(open_nights: Callable[..., Nights]) -> Nights:
    """A showcase of twelve repositories, with a token."""
    return open_nights()
