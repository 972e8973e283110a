"""An embedded stand-in for api.github.com over real HTTP, with a made-up sample community.

For the demo, for tests and for benchmarks: no network, no token and no account are needed. It
never talks to GitHub and never runs as part of a real fetch.

    with serve(sample_community()) as server:
        ...  # server.api_url, server.graphql_url, server.world, server.faults, server.counts
"""

from aggregator.sandbox.corpus import UnreadableDataError, load_corpus
from aggregator.sandbox.faults import Fault
from aggregator.sandbox.sample import COMMUNITY, NIGHTS, REGISTRY, sample_community
from aggregator.sandbox.server import Server, run_forever, serve
from aggregator.sandbox.synthetic import synthetic_world
from aggregator.sandbox.world import World

__all__ = [
    "COMMUNITY",
    "NIGHTS",
    "REGISTRY",
    "Fault",
    "Server",
    "UnreadableDataError",
    "World",
    "load_corpus",
    "run_forever",
    "sample_community",
    "serve",
    "synthetic_world",
]
