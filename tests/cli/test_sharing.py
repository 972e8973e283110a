"""Eight machines share a night: commands as a workflow runs them, with what fails and what dies."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from aggregator.facts.recording import Shard
from aggregator.store.store import read_snapshot
from tests.cli.test_nights import set_clock
from tests.program import asking, clean_environment, run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world

OF = 8
NOW = datetime.now(UTC).replace(
    microsecond=0
)  # some tests start processes with a clock of their own


@dataclass
class Machines:
    """Folders of machines, and the registry that all of them have."""

    server: Server
    folder: Path

    def run(
        self, *words: object, token: str = "any-word", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command where the registry is."""
        environment = clean_environment() | asking(self.server) | {"GITHUB_TOKEN": token} | more
        return run_program([str(word) for word in words], self.folder, environment)

    def start(self, *words: object) -> subprocess.Popen[bytes]:
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "aggregator", *map(str, words)],
            cwd=self.folder,
            env=clean_environment() | asking(self.server),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def own(self, number: int) -> int:
        """Count the entries of one part."""
        names = (name.casefold() for name in self.server.world.names)
        return sum(Shard(number=number, of=OF).holds(name) for name in names)

    def site(self, state: str) -> bytes:
        """Build a site from a state, and give its data."""
        built = self.run("build", "--state", state, "--output", f"{state}-site")
        assert built.returncode == 0, built.stderr
        return (self.folder / f"{state}-site" / "data" / "catalogue.json").read_bytes()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """A community of thirty repositories on a stand-in for GitHub."""
    with serve(synthetic_world(30), clock=lambda: NOW) as server:
        listed = "".join(f"  - {name}\n" for name in server.world.names)
        settings = "showcase:\n  title: Shared\n  identity: shared\n"
        (tmp_path / "registry.yaml").write_text(f"{settings}projects:\n{listed}")
        yield Machines(server, tmp_path)


def test_eight_machines_publish_what_one_would(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The published data of a shared night is that of one machine, byte for byte."""
    set_clock(monkeypatch, lambda: NOW)
    for number in random.Random(8).sample(range(1, OF + 1), OF):
        state = f"machine-{number}"
        told = machines.run("update", "--shard", f"{number}/{OF}", "--state", state)
        assert told.returncode == 0, told.stderr
        assert f"{machines.own(number)} of {machines.own(number)} repos" in told.stdout
    places = [f"machine-{number}" for number in (3, 1, 2, 8, 7, 6, 5, 4)]
    merged = machines.run("merge", *places, "--state", "whole", "--report", "report.json")
    assert merged.returncode == 0, merged.stderr
    assert "30 of 30 repositories confirmed" in merged.stdout
    assert "opens with 30 projects" in merged.stdout
    report = json.loads((machines.folder / "report.json").read_text())
    assert (report["confirmed"], report["opens_with"]) == (30, 30)
    assert machines.run("update", "--state", "alone").returncode == 0
    assert machines.site("whole") == machines.site("alone")
    assert not list(machines.folder.rglob("shard-*.jsonl"))


def test_nights_as_the_workflow_shares_them(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every machine is fresh each night, begins from the copy of the memory, and one publishes."""
    names, memory = machines.server.world.names, machines.folder / "memory"
    memory.mkdir()
    for night in range(2):
        set_clock(monkeypatch, partial(NOW.__add__, timedelta(days=night)))
        for number in range(1, OF + 1):
            shutil.rmtree(machines.folder / "asked", ignore_errors=True)
            asked = ("--shard", f"{number}/{OF}", "--state", "asked")
            told = machines.run("update", "--restore", "--copy", "memory", *asked)
            assert told.returncode == 0, told.stderr
            (machines.folder / "parts").mkdir(exist_ok=True)
            (part,) = (machines.folder / "asked").glob("shard-*.jsonl")
            part.rename(machines.folder / "parts" / part.name)
        shutil.rmtree(machines.folder / ".aggregator", ignore_errors=True)
        shutil.rmtree(machines.folder / "output", ignore_errors=True)
        joined = machines.run("run", "--restore", "--copy", "memory", "--merge", "parts")
        assert joined.returncode == 0, joined.stderr
        assert f"{30 - night} of 30 repositories confirmed" in joined.stdout
        for name in ("catalogue.db", "proof.json", "status.json"):
            shutil.copy(machines.folder / "output" / "data" / name, memory)
        machines.server.world.push(names[0], {"README.md": b"# Written anew\n"})
        machines.server.world.make_private(names[1])
    lasting, nightly = (
        json.loads((memory / name).read_text()) for name in ("proof.json", "status.json")
    )
    assert lasting["with_facts"] == 29
    assert (nightly["proof"]["generation"], nightly["proof"]["history"]) == (2, 2)
    assert json.loads((machines.folder / ".aggregator" / "run.json").read_text())["finished"]


def test_a_night_without_any_part_publishes_what_was_known(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When every part failed the last good facts are published, and somebody must look."""
    set_clock(monkeypatch, lambda: NOW)
    assert machines.run("run").returncode == 0
    joined = machines.run("run", "--merge", "parts")
    assert joined.returncode == 1
    assert "parts is not there" in joined.stderr
    assert "no shard brought anything" in joined.stdout
    assert "30 not asked" in joined.stdout
    site = json.loads((machines.folder / "output" / "data" / "proof.json").read_text())
    assert site["with_facts"] == 30


def test_a_part_whose_token_is_refused_costs_only_itself(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part ends with a code of its own, and the merge with that of the night."""
    set_clock(monkeypatch, lambda: NOW)
    machines.server.revoke("revoked")
    for number in range(1, OF + 1):
        token = "revoked" if number == 4 else "any-word"
        told = machines.run("update", "--shard", f"{number}/{OF}", token=token)
        assert told.returncode == (number == 4), told.stdout
    merged = machines.run("merge", ".aggregator")
    assert merged.returncode == 1
    assert f"{30 - machines.own(4)} of 30 repositories confirmed" in merged.stdout
    assert "shard 4/8: " in merged.stdout
    assert machines.run("build").returncode == 0


def test_a_part_killed_half_way_brings_what_it_had(machines: Machines) -> None:
    """SIGKILL in the middle of a part: its answers so far count, and the night says who died."""
    for number in (1, 3):
        assert machines.run("update", "--shard", f"{number}/3").returncode == 0
    machines.server.latency = 0.4
    process = machines.start("update", "--shard", "2/3")
    path = machines.folder / ".aggregator" / "shard-2-of-3.jsonl"
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_bytes().count(b"\n") >= 2):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert b'"end"' not in path.read_bytes()
    merged = machines.run("merge", ".aggregator")
    assert "shard 2/3 ended before its time" in merged.stdout
    snapshot = read_snapshot(machines.folder / ".aggregator" / "catalogue.db")
    assert sum(record.facts is not None for record in snapshot.records.values()) == 30


def test_a_killed_merge_changes_nothing_or_all(machines: Machines) -> None:
    """SIGKILL at any moment leaves the old catalogue or the new one."""
    for number in (1, 2):
        assert machines.run("update", "--shard", f"{number}/2", "--state", "parts").returncode == 0
    chance, seen = random.Random(9), set()
    for _ in range(6):
        process = machines.start("merge", "parts", "--state", "whole")
        time.sleep(chance.uniform(0.6, 2.0))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        found = read_snapshot(machines.folder / "whole" / "catalogue.db")
        seen.add(len(found.records))
        assert len(found.records) in {0, 30}
        assert len(found.readmes) in {0, 30}
        if found.records:
            break
    else:
        assert machines.run("merge", "parts", "--state", "whole").returncode == 0
    assert len(read_snapshot(machines.folder / "whole" / "catalogue.db").records) == 30


@pytest.mark.parametrize("wrong", ["9/8", "eight", "1/0"])
def test_a_part_that_cannot_be_is_said_in_one_line(machines: Machines, wrong: str) -> None:
    """A command line that names no part is refused before anything is asked."""
    told = machines.run("update", "--shard", wrong)
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert wrong in told.stderr
    assert not machines.server.counts.requests
