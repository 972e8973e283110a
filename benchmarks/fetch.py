"""Measures what fetching costs, beside the usual ways, on the same server with the same delay.

    python benchmarks/fetch.py [--sizes 200 1000 10000] [--latency 0.05] [--only-ours]

Every request goes over real HTTP to the embedded sandbox, which holds each answer back for the
latency and counts requests, points and bytes itself. The usual ways are those found in other
showcase generators: four REST calls for each repository through PyGithub, the same in threads, and
one GraphQL query for all details of everything, every night. Above 1,000 repositories a usual way
is measured on a part and multiplied; such figures are marked with "~".
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import github
import requests

from aggregator.fetch.conversation import Budget
from aggregator.fetch.run import Terms
from aggregator.github import documents
from aggregator.github.opening import Endpoint, open_source
from aggregator.run.update import update
from aggregator.store.store import open_store
from tests.stand_in.server import Server, serve
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
    estimated: bool = False


def measure(server: Server, way: str, names: Sequence[str], run: Callable[[], object]) -> Figure:
    """Run something and read from the server what it cost."""
    server.counts.reset()
    began = time.monotonic()
    run()
    seconds = time.monotonic() - began
    counts = server.counts
    points = counts.points or counts.charged
    return Figure(way, len(names), counts.requests, points, counts.bytes_out, seconds)


def ours(server: Server, names: Sequence[str], folder: Path) -> Iterator[Figure]:
    """Measure a cold night and a quiet one."""
    for night, way in enumerate(("aggregator, cold", "aggregator, unchanged")):
        # Less than a day: the server's clock stands still, and one that is off by more is refused.
        now = NIGHT + timedelta(hours=23 * night)
        yield measure(server, way, names, lambda now=now: _night(server, names, folder, now))


def _night(server: Server, names: Sequence[str], folder: Path, now: datetime) -> None:
    endpoint = Endpoint(server.api_url, server.graphql_url, TOKEN)
    with (
        open_source(endpoint, folder / "cache", lambda: now) as source,
        open_store(folder / "catalogue.db") as store,
    ):
        update(names, source, store, Terms(now, Budget(seconds=3600)))


def loop(server: Server, names: Iterable[str]) -> None:
    """Ask four REST resources of each repository, one after the other."""
    client = _client(server)
    for name in names:
        _four_calls(client, name)


def threads(server: Server, names: Sequence[str]) -> None:
    """Ask the same from eight threads, each with a client of its own."""
    shares = [names[n::8] for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda share: loop(server, share), shares))


def _client(server: Server) -> github.Github:
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


def one_pass(server: Server, names: Sequence[str]) -> None:
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


def usual(server: Server, names: Sequence[str]) -> Iterator[Figure]:
    """Measure the usual ways; they cost the same on a quiet night."""
    for way, run in USUAL.items():
        server.set_limit(TOKEN, "core", 1_000_000)  # so that it gets through at all
        part = names[:PART] if len(names) > 1_000 else names
        found = measure(server, way, part, lambda run=run, part=part: run(server, part))
        yield _scaled(found, len(names))


def _scaled(found: Figure, repositories: int) -> Figure:
    share = repositories / found.repositories
    return Figure(
        found.way,
        repositories,
        round(found.requests * share),
        round(found.points * share),
        round(found.bytes * share),
        found.seconds * share,
        estimated=share != 1,
    )


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Draw the figures of one size, with ratios to our quiet night."""
    quiet = next(f for f in figures if f.way == "aggregator, unchanged")
    yield f"\n{quiet.repositories:,} repositories"
    heads = f"{'requests':>10}{'points':>9}{'MB':>8}{'seconds':>9}{'requests':>10}{'seconds':>9}"
    yield " " * 26 + heads
    for f in figures:
        sign = "~" if f.estimated else " "
        ratios = f"{f.requests / quiet.requests:>9.1f}x{f.seconds / quiet.seconds:>8.1f}x"
        yield (
            f"{f.way:25}{sign}{f.requests:>10,}{f.points:>9,}{f.bytes / 1e6:>8.1f}"
            f"{f.seconds:>9.1f}{ratios}"
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
        world = synthetic_world(size)
        with (
            tempfile.TemporaryDirectory() as folder,
            serve(world, clock=lambda: NIGHT, latency=chosen.latency) as server,
        ):
            figures = list(ours(server, world.names, Path(folder)))
            if not chosen.only_ours:
                figures += usual(server, world.names)
        print("\n".join(table(figures)), flush=True)


if __name__ == "__main__":
    main()
