"""Measures what a build costs, cold and after a change, beside others on the same READMEs.

    python benchmarks/build.py [--projects 1000] [--shared SHARED]
        [--hugo HUGO] [--eleventy ELEVENTY] [--pelican PELICAN] [--mkdocs MKDOCS] [--only-ours]

CPU is of the process and all its children, the clock is the wall's, memory is that of the largest
process. The others are in `site_rivals`: they make a page for each README, lists, tags and
languages, without search, related projects or sanitising. Hugo's cold build in the same run is the
measure: each ratio is of CPU against it. Files that were touched are those whose bytes were written
anew; files that differ are those whose bytes changed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.costs import Changed, Cost, changed, cost_of, tree_of
from benchmarks.grown_state import Grown, a_day_later, grow, keep, rewritten
from benchmarks.site_rivals import RIVALS, Figure, figures
from tests.conftest import SHARED

_HEAD = (
    f"{'':34}{'CPU s':>8}{'wall s':>8}{'MB':>7}{'KB each':>9}{'files':>8}{'MB site':>9}"
    f"{'touched':>9}{'differ':>8}{'x Hugo':>8}"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One build of ours: what happened before, what it took and what it did."""

    name: str
    cost: Cost
    did: Changed


def main(words: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--only-ours", action="store_true")
    for rival in RIVALS:
        parser.add_argument(f"--{rival.name.lower()}", default="", help="the path of its program")
    given = parser.parse_args(words)
    corpus = given.shared / "corpus"
    if not (corpus / "repositories.jsonl").is_file():
        print(f"left out: there are no real repositories at {corpus}")
        return 0
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        grown = grow(corpus, given.projects, Path(folder))
        print(f"{given.projects} projects on {os.cpu_count()} cores\n{_HEAD}")
        programs = {r.name: path for r in RIVALS if (path := getattr(given, r.name.lower()))}
        hugo = None if given.only_ours else _rivals(grown, programs, Path(folder) / "rivals")
        for step in steps(grown):
            counts = (f"{step.did.touched:,}", f"{step.did.differ:,}")
            _row(Figure(step.name, step.cost, step.did.files, step.did.size), grown, hugo, counts)
    return 0


def _rivals(grown: Grown, programs: dict[str, str], folder: Path) -> float | None:
    """Print what others cost; give the CPU seconds of a cold build of Hugo, if it is here."""
    hugo = None
    for made in figures(grown, programs, folder):
        hugo = hugo or (made.cost.cpu if made.name.startswith("Hugo") else None)
        _row(made, grown, hugo)
    return hugo


def steps(grown: Grown) -> Iterator[Step]:
    """Build a grown state as it changes: cold, and on what stood before."""
    before: tuple[tuple[str, Callable[[], object]], ...] = (
        ("cold", lambda: None),
        ("nothing changed", lambda: None),
        ("one README changed", lambda: keep(grown, rewritten(grown, len(grown.records)))),
        ("1 % of READMEs changed", lambda: keep(grown, rewritten(grown, 100))),
        ("a quiet night later", lambda: keep(grown, a_day_later(grown))),
    )
    output = grown.workspace.output
    stood = tree_of(output)
    for name, happen in before:
        happen()
        cost = cost_of(_command(grown))
        stands = tree_of(output)
        yield Step(name, cost, changed(stood, stands))
        stood = stands


def _command(grown: Grown) -> list[str]:
    place = grown.workspace
    options = {"--registry": place.registry, "--state": place.state, "--output": place.output}
    words = [str(word) for option in options.items() for word in option]
    return [sys.executable, "-m", "aggregator", "build", "--accept-losses", *words]


def _row(made: Figure, grown: Grown, hugo: float | None, counts: Sequence[str] = ("", "")) -> None:
    """Print a line; `counts` are the files that were touched, and those that differ."""
    cost, each = made.cost, made.cost.memory * 1024 / len(grown.records)
    times = f"{cost.cpu / hugo:.2f}" if hugo else ""
    print(
        f"{made.name:34}{cost.cpu:>8.1f}{cost.wall:>8.1f}{cost.memory:>7.0f}{each:>9.0f}"
        f"{made.files:>8,}{made.size / 2**20:>9.1f}{counts[0]:>9}{counts[1]:>8}{times:>8}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
