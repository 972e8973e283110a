"""A run killed at any moment loses nothing that was fetched."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from aggregator.store.store import open_store, read_snapshot
from aggregator.words.outcomes import Outcome
from tests.stand_in.server import serve
from tests.stand_in.synthetic import synthetic_world
from tests.store.conftest import NOW

ROUNDS = 6
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from aggregator.fetch.run import Terms
from aggregator.github.opening import Endpoint, open_source
from aggregator.store.store import open_store
from aggregator.run.update import update

api, state, *names = sys.argv[1:]
now = datetime(2026, 11, 21, 6, tzinfo=UTC)
with (
    open_source(Endpoint(api, None, None), Path(state) / "cache", lambda: now) as source,
    open_store(Path(state) / "catalogue.db", wait=60) as store,
):
    update(names, source, store, Terms(now, progress=lambda p: print(p.stage, flush=True)))
print("finished", flush=True)
"""


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """SIGKILL at any moment leaves a readable catalogue that holds every batch stored before."""
    chance = random.Random(20261121)
    world = synthetic_world(40)
    database = tmp_path / "catalogue.db"
    finished = False
    counted = 0
    with serve(world, clock=lambda: NOW, latency=0.004) as server:
        server.set_limit(None, "core", 100_000)
        for _ in range(ROUNDS):
            finished = _run_and_kill(server.api_url, tmp_path, world.names, chance.uniform(0, 0.35))
            snapshot = read_snapshot(database)
            fetched = sum(r.facts is not None for r in snapshot.records.values())
            assert fetched >= counted
            assert all(r.outcome is not Outcome.GONE for r in snapshot.records.values())
            counted = fetched
        assert counted > 0
        assert _run_and_kill(server.api_url, tmp_path, world.names, 60) or finished
    assert len(read_snapshot(database).readmes) == 40


def _run_and_kill(api: str, state: Path, names: tuple[str, ...], after: float) -> bool:
    """Start a run, kill it some time after its first batch, and say whether it had finished."""
    command = [sys.executable, "-c", PROGRAM, api, str(state), *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ends = time.monotonic() + after
        while process.poll() is None and time.monotonic() < ends:
            time.sleep(0.01)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        return process.wait() == 0


def test_two_runs_at_once(tmp_path: Path) -> None:
    """Two runs at once do not mix: the second waits for the first."""
    world = synthetic_world(8)
    with serve(world, clock=lambda: NOW) as server:
        server.set_limit(None, "core", 100_000)
        command = [sys.executable, "-c", PROGRAM, server.api_url, str(tmp_path), *world.names]
        runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
        assert [run.wait(60) for run in runs] == [0, 0]
    with open_store(tmp_path / "catalogue.db") as store:
        assert len(store.read().readmes) == 8
