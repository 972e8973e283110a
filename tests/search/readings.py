"""What a reader of the real repositories thinks of related projects, and figures from it.

Tests hold floors under these figures and `benchmarks/related.py` prints them; the readings
themselves are in `tests/cases/search/`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator.catalogue.types import Catalogue
from aggregator.fetch.conversation import Clock
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.run.guard import Guard
from aggregator.run.pipeline import assembled
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.store.store import read_snapshot
from tests.conftest import ROOT
from tests.stand_in.server import serve
from tests.stand_in.world import load_corpus

CASES = ROOT / "tests" / "cases" / "search"
NOW = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)
_PARTS = ("of many kinds", "standing alone", "drawn by lot", "drawn by lot and read last")
ROOM = 4  # suggestions that a page has room for

Grades = Mapping[str, int]  # project -> 2 glad, 1 fair, 0 chance
Suggestions = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Figures:
    """How well suggestions do against the readings."""

    suggested: int
    unread: tuple[str, ...]
    fair: float  # of what is suggested, at least a fair neighbour; unread counts as chance
    glad: float  # of what is suggested, what a visitor would be glad of
    found: float  # of what a visitor would be glad of and there is room for, what is suggested


def readings() -> dict[str, Mapping[str, Grades]]:
    """Read the grades in the parts of the file; on the last, no number was chosen."""
    text = (CASES / "related.txt").read_text(encoding="utf-8")
    parts = map(_read, text.split("\n=====\n"))
    return dict(zip(_PARTS, parts, strict=True))


def all_grades() -> dict[str, Grades]:
    """Read all grades as one."""
    return {project: grades for part in readings().values() for project, grades in part.items()}


def shelves() -> list[list[str]]:
    """Read which projects stand on one shelf."""
    lines = (CASES / "related_families.txt").read_text(encoding="utf-8").splitlines()
    return [line.lower().split() for line in lines if not line.startswith("#")]


def judge(suggestions: Suggestions, grades: Mapping[str, Grades]) -> Figures:
    """Compare suggestions for the projects that were read with what was thought of them."""
    given: Counter[int] = Counter()
    unread: list[str] = []
    wanted = 0
    for project, thought in grades.items():
        names = suggestions[project][:ROOM]
        given.update(thought[name] for name in names if name in thought)
        unread += [f"{project}: {name}" for name in names if name not in thought]
        wanted += min(ROOM, sum(grade == 2 for grade in thought.values()))
    total = given.total() + len(unread)
    return Figures(
        suggested=total,
        unread=tuple(unread),
        fair=(given[1] + given[2]) / max(1, total),
        glad=given[2] / max(1, total),
        found=given[2] / wanted,
    )


def at_home(suggestions: Suggestions) -> float:
    """Give the share of projects on shelves that lead to another of their shelf."""
    led = [
        bool(set(suggestions[project][:ROOM]) & (set(shelf) - {project}))
        for shelf in shelves()
        for project in shelf
    ]
    return sum(led) / len(led)


def corpus_catalogue(corpus: Path, folder: Path) -> Catalogue:
    """Fetch and prepare the real repositories as a community would, from the stand-in."""
    workspace = Workspace(corpus / "registry.yaml", folder / "state", folder / "output")
    registry = load(workspace.registry)
    with serve(load_corpus(corpus), clock=lambda: NOW) as server:
        to = Endpoint(server.api_url, server.graphql_url, "any-word")
        network = Network(to, Clock(now=lambda: NOW), 300.0, lambda _: None)
        fetch_facts(workspace, registry, network, Guard(accept_losses=True))
    snapshot = read_snapshot(workspace.database)
    return assembled(workspace, registry, snapshot, "https://github.com")[0]


def _read(text: str) -> dict[str, Grades]:
    grades: dict[str, dict[str, int]] = {}
    current: dict[str, int] = {}
    for line in text.splitlines():
        if line.startswith("  "):
            grade, name, _why = line.split(maxsplit=2)
            current[name.lower()] = int(grade)
        elif line and not line.startswith("#"):
            current = grades.setdefault(line.lower(), {})
    return grades
