"""Crews of each kind, and a Dask cluster of separate processes as somebody would start it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from aggregator.run.crews import IN_PLACE, open_crew
from aggregator.run.processes import ProcessCrew
from aggregator.words.crew import Crew
from tests.program import ROOT, clean_environment

_SECONDS_TO_START = 60


@dataclass(frozen=True)
class Cluster:
    """A running scheduler and its workers, each a process of its own."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]
    scheduler: subprocess.Popen[bytes]


def bytes_in(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def without_dask() -> bool:
    return find_spec("distributed") is None


needs_dask = pytest.mark.skipif(
    without_dask(), reason="the extra `distributed` is not installed (`make test` installs it)"
)


def dask(*words: str, path: Path = ROOT, **settings: str) -> subprocess.Popen[bytes]:
    """Start a part of a cluster as its command line does; `path` is where it finds the program."""
    command = [sys.executable, "-m", "dask", *words]
    environment = clean_environment() | {"PYTHONPATH": str(path)} | settings
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=path, env=environment, stdout=quiet, stderr=quiet)


@contextmanager
def cluster_in(
    folder: Path, workers: int = 2, nursed: bool = False, path: Path = ROOT
) -> Iterator[Cluster]:
    """Run a cluster; everything in it is ended with the block.

    Args:
        folder: where its files go.
        workers: how many there are.
        nursed: whether workers are started again when they die.
        path: where the workers find the program.
    """
    file = folder / "scheduler.json"
    at_file = ("--scheduler-file", str(file))
    how = ("--nthreads", "1", "--no-dashboard", "--nanny" if nursed else "--no-nanny")
    with ExitStack() as running:

        def started(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
            running.callback(_end, process)
            return process

        # Dask itself tries three times more, and each time a nurse takes seconds.
        local = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"} if nursed else {}
        scheduler = started(dask("scheduler", *local, *at_file, **once))
        own = [
            started(dask("worker", *at_file, *how, "--local-directory", str(folder), path=path))
            for _ in range(workers)
        ]
        until = time.monotonic() + _SECONDS_TO_START
        while not (file.exists() and file.read_text(encoding="utf-8").endswith("}")):
            assert time.monotonic() < until, "no scheduler came up"
            time.sleep(0.05)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        _wait_for(workers, address)
        yield Cluster(address, tuple(own), scheduler)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started; a nurse ends its workers when it is asked to end."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(count: int, address: str) -> None:
    with import_module("distributed").Client(address, set_as_default=False) as client:
        if count:
            client.wait_for_workers(count, timeout=_SECONDS_TO_START)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster in which nothing is killed."""
    with cluster_in(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def brittle_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of one test, of which it may kill what it likes."""
    with cluster_in(tmp_path) as running:
        yield running


Opened = Callable[[], AbstractContextManager[Crew]]


@pytest.fixture(
    params=["none", "processes", pytest.param("dask", marks=needs_dask)],
)
def crew(request: pytest.FixtureRequest) -> Iterator[Crew]:
    """A crew of each kind; the one of processes starts them for the first item."""
    if request.param == "none":
        yield IN_PLACE
    elif request.param == "processes":
        with ProcessCrew(2, worth_a_start=0) as crew:
            yield crew
    else:
        address = request.getfixturevalue("cluster").address
        with open_crew("dask", scheduler=address) as crew:
            yield crew
