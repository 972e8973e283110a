"""A second made-up community, open climate tools, on a stand-in for GitHub."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from aggregator.demo.sample import sample_community
from aggregator.demo.world import World
from tests.program import NOBODY, asking, clean_environment, run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.world import World as ChangingWorld

CLIMATE = Path(__file__).resolve().parent.parent / "cases" / "climate"
PIN = "example/aggregator@0123456789abcdef0123456789abcdef01234567"
Run = Callable[..., CompletedProcess[str]]


def climate_world() -> World:
    """Give the repositories of open climate tools."""
    return ChangingWorld.of(sample_community(folder=CLIMATE))


@pytest.fixture(scope="module")
def climate() -> Iterator[Server]:
    """A stand-in for GitHub with open climate tools."""
    with serve(climate_world()) as server:
        yield server


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in an empty folder; nobody answers for GitHub."""

    def command(*words: object) -> CompletedProcess[str]:
        return run_program([str(word) for word in words], tmp_path, clean_environment() | NOBODY)

    return command


@pytest.fixture
def ask(tmp_path: Path, climate: Server) -> Run:
    """Run a command in an empty folder; open climate tools answers for GitHub."""

    def command(*words: object) -> CompletedProcess[str]:
        surroundings = clean_environment() | asking(climate)
        return run_program([str(word) for word in words], tmp_path, surroundings)

    return command
