"""Measures what fetching costs, beside the usual ways, on the same server with the same delay.

    python benchmarks/fetch.py [--sizes 200 1000 10000] [--latency 0.05] [--only-ours]

Every request goes over real HTTP to the embedded sandbox in a process of its own, which holds each
answer back for the latency and counts requests, points and bytes itself. All is run twice: the
first time makes the answers ready, so that the second measures the latency and the client alone.
The usual ways are those found in other showcase generators: four REST calls for each repository
through PyGithub, the same in threads, and one GraphQL query for all details of everything, every
night. Above 1,000 repositories a usual way is measured on a part and multiplied; such figures are
marked with "~".
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import github
import requests

from aggregator.demo.exchange import Request, Response
from aggregator.fetch.conversation import Budget
from aggregator.fetch.run import Terms
from aggregator.github import documents
from aggregator.github.opening import Endpoint, open_source
from aggregator.run.update import update
from aggregator.store.store import open_store
from aggregator.words.addresses import GITHUB
from tests.stand_in.server import WholeStandIn, serve
from tests.stand_in.synthetic import synthetic_world

NIGHT = datetime(2026, 11, 21, 6, tzinfo=UTC)
TOKEN = "ghp_" + "x" * 36
PART = 200  # repositories on which a slow usual way is measured


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    way: str
    repositories: int
    requests: int
    points: int  # GraphQL points, or REST requests charged
    bytes: int
    seconds: float
    cpu: float  # seconds of this process; the server is another
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """The server in its process, and what it is told from here."""

    pipe: Connection
    api_url: str
    graphql_url: str

    def ask(self, *words: object) -> Any:
        """Give an order and wait for what comes of it."""
        self.pipe.send(words)
        return self.pipe.recv()


class Prepared(WholeStandIn):
    """Keeps each answer, so that giving it again takes no time but the latency."""

    _charged = threading.local()

    def genuine(self, request: Request) -> Response:
        """Answer as before, when the same was asked before."""
        kept = self.__dict__.setdefault("kept", {})
        tag = request.headers.get("if-none-match")
        key = (request.path, tuple(request.query.items()), request.body, request.token, tag)
        if key in kept:
            response, points = kept[key]
            self.counts.spent(points, graphql=request.is_graphql)
            return response
        response = super().genuine(request)
        kept[key] = response, self._charged.points
        return response

    def charged(self, response: Response, request: Request, resource: str, points: int) -> Response:
        """Remember what it cost."""
        self._charged.points = points
        return super().charged(response, request, resource, points)


def serve_away(pipe: Connection, size: int) -> None:
    """Serve a world in this process until told to stop."""
    with serve(synthetic_world(size), clock=lambda: NIGHT) as server:
        server.stand_in = Prepared(server.world, lambda: NIGHT, server.api_url, GITHUB, None)
        for resource in ("core", "graphql"):  # so that the usual ways get through at all
            server.set_limit(TOKEN, resource, 10_000_000)
        pipe.send((server.api_url, server.graphql_url))
        while words := pipe.recv():
            if words[0] == "latency":
                server.latency = words[1]
            counts = server.counts
            pipe.send((counts.requests, counts.points or counts.charged, counts.bytes_out))
            counts.reset()


@contextmanager
def running_away(size: int) -> Iterator[Away]:
    """Start the server, and end it afterwards."""
    here, there = Pipe()
    process = Process(target=serve_away, args=(there, size), daemon=True)
    process.start()
    yield Away(here, *here.recv())
    here.send(())
    process.join()


def measure(
    server: Away, way: str, names: Sequence[str], latency: float, run: Callable[[], object]
) -> Figure:
    """Run something and read from the server what it cost."""
    server.ask("latency", latency)
    began, worked = time.monotonic(), time.process_time()
    run()
    seconds, cpu = time.monotonic() - began, time.process_time() - worked
    return Figure(way, len(names), *server.ask("counts"), seconds, cpu)


def ours(server: Away, names: Sequence[str], latency: float) -> Iterator[Figure]:
    """Measure a cold night and a quiet one, after both have made the answers ready."""
    found = []
    for hold_back in (0.0, latency):
        with tempfile.TemporaryDirectory() as folder:
            for night, way in enumerate(("aggregator, cold", "aggregator, unchanged")):
                # Less than a day: the server's clock stands still, and a run that is off by more
                # is refused.
                now = NIGHT + timedelta(hours=23 * night)
                run = partial(_night, server, names, Path(folder), now)
                found.append(measure(server, way, names, hold_back, run))
    yield from found[2:]


def _night(server: Away, names: Sequence[str], folder: Path, now: datetime) -> None:
    endpoint = Endpoint(server.api_url, server.graphql_url, TOKEN)
    with (
        open_source(endpoint, folder / "cache", lambda: now) as source,
        open_store(folder / "catalogue.db") as store,
    ):
        update(names, source, store, Terms(now, Budget(seconds=3600)))


def loop(server: Away, names: Iterable[str]) -> None:
    """Ask four REST resources of each repository, one after the other."""
    client = _client(server)
    for name in names:
        _four_calls(client, name)


def threads(server: Away, names: Sequence[str]) -> None:
    """Ask the same from eight threads, each with a client of its own."""
    shares = [names[n::8] for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda share: loop(server, share), shares))


def _client(server: Away) -> github.Github:
    return github.Github(
        auth=github.Auth.Token(TOKEN),
        base_url=server.api_url,
        seconds_between_requests=0,
        retry=None,
    )


def _four_calls(client: github.Github, name: str) -> None:
    repository = client.get_repo(name)
    repository.get_readme()
    repository.get_languages()
    list(repository.get_contributors()[:10])


def one_pass(server: Away, names: Sequence[str]) -> None:
    """Ask all details and the README of everything in GraphQL, 25 at a time."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"bearer {TOKEN}"
        for start in range(0, len(names), 25):
            text = _everything(names[start : start + 25])
            session.post(server.graphql_url, json={"query": text}).raise_for_status()


def _everything(names: Sequence[str]) -> str:
    depth = documents.depth([]).text.partition("fragment Depth")
    fields = "...Glance ...Depth ...People ...Usual"
    lines = [
        f'r{n}: repository(owner: "{owner}", name: "{name}") {{ {fields} }}'
        for n, (owner, name) in enumerate(full_name.split("/") for full_name in names)
    ]
    glance = documents.glance([]).text.partition("fragment Glance")
    fragments = depth[1] + depth[2] + glance[1] + glance[2]
    return "query { " + " ".join(lines) + " rateLimit { cost } }\n" + fragments


USUAL = {
    "PyGithub loop, 4 calls": loop,
    "PyGithub, 8 threads": threads,
    "GraphQL, one pass": one_pass,
}


def usual(server: Away, names: Sequence[str], latency: float) -> Iterator[Figure]:
    """Measure the usual ways; they cost the same on a quiet night."""
    for way, run in USUAL.items():
        part = names[:PART] if len(names) > 1_000 else names
        measure(server, way, part, 0.0, partial(run, server, part))
        again = measure(server, way, part, latency, partial(run, server, part))
        yield _scaled(again, len(names))


def _scaled(found: Figure, repositories: int) -> Figure:
    share = repositories / found.repositories
    return Figure(
        found.way,
        repositories,
        round(found.requests * share),
        round(found.points * share),
        round(found.bytes * share),
        found.seconds * share,
        found.cpu * share,
        estimated=share != 1,
    )


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Draw the figures of one size, with ratios to our quiet night."""
    quiet = next(f for f in figures if f.way == "aggregator, unchanged")
    yield f"\n{quiet.repositories:,} repositories"
    heads = ("requests", "points", "MB", "seconds", "CPU", "ms each", "requests", "seconds")
    yield " " * 26 + "".join(f"{head:>10}" for head in heads)
    for f in figures:
        sign = "~" if f.estimated else " "
        each = 1_000 * f.seconds / f.repositories
        ratios = f"{f.requests / quiet.requests:>9.1f}x{f.seconds / quiet.seconds:>9.1f}x"
        yield (
            f"{f.way:25}{sign}{f.requests:>10,}{f.points:>10,}{f.bytes / 1e6:>10.1f}"
            f"{f.seconds:>10.1f}{f.cpu:>10.1f}{each:>10.2f}{ratios}"
        )


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--sizes", type=int, nargs="+", default=[200, 1_000, 10_000])
    arguments.add_argument("--latency", type=float, default=0.05)
    arguments.add_argument("--only-ours", action="store_true")
    chosen = arguments.parse_args()
    print(f"latency {chosen.latency * 1000:.0f} ms; points: GraphQL points, or REST requests")
    print("the ratios are to an unchanged night of this program")
    for size in chosen.sizes:
        names = synthetic_world(size).names
        with running_away(size) as server:
            figures = list(ours(server, names, chosen.latency))
            if not chosen.only_ours:
                figures += usual(server, names, chosen.latency)
        print("\n".join(table(figures)), flush=True)


if __name__ == "__main__":
    main()
