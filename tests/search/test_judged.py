"""The search is scored by what members judged, in public, and a fall is said."""

import importlib.util
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from aggregator.catalogue.judged_searches import (
    ScoredSearch,
    discounted_gain,
    is_seen_at_once,
    quality_of,
)
from aggregator.demo.sample import REGISTRY
from aggregator.registry.judgements import JudgedQuery
from aggregator.registry.loader import load
from aggregator.registry.settings import Showcase
from aggregator.run.judging import score_searches, what_fell
from aggregator.run.pipeline import Built
from aggregator.run.proof import Proof, Searched, read_proof
from aggregator.words.names import RepoName
from tests.conftest import ROOT, SHARED
from tests.law.community import LivingShowcase, living_showcase
from tests.outputs import factory
from tests.search.conftest import Files

DAY = datetime(2026, 11, 1, tzinfo=UTC).date()


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    """The scorer that other people wrote for the same figures."""
    place = SHARED / "search" / "evaluate.py"
    if not place.exists():
        pytest.skip(f"{place} is not here")
    spec = importlib.util.spec_from_file_location("evaluate", place)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_our_figures_are_those_of_the_scorer_of_others(scorer: ModuleType) -> None:
    """A figure on the about page means what it means elsewhere."""
    chance = random.Random(3)
    names = [f"o/{letter}" for letter in "abcdefghijklmnopqrst"]
    for _ in range(300):
        grades = {name: chance.randint(1, 3) for name in chance.sample(names, chance.randint(1, 9))}
        found = chance.sample(names, chance.randint(0, 15))
        theirs = scorer.score({"judgments": grades}, found)
        assert discounted_gain(found, grades) == pytest.approx(theirs["nDCG@10"], abs=1e-4)
        seen = is_seen_at_once(found, grades)
        assert seen == theirs.get("S@3", seen)
        assert (seen is None) == ("S@3" not in theirs)


def test_where_nothing_should_be_found_nothing_is_right() -> None:
    """A search without an answer scores by silence."""
    assert (discounted_gain([], {}), discounted_gain(["o/a"], {})) == (1, 0)
    assert is_seen_at_once([], {}) is None


def test_a_search_is_scored_by_what_visitors_are_shown(files: Files) -> None:
    """Names count as the registry writes them and as they are today, strangers for nothing."""
    (key,) = (key for key in keys_in(files) if key.endswith("/plotthebeans"))
    beans = replace(factory.community().projects[0], listed_as="Old/Name", repo=key)
    judged = [
        JudgedQuery("plotthebeans", {RepoName("old", "name"): 3, RepoName("not", "listed"): 3}),
        JudgedQuery("plotthebeans", {RepoName("not", "listed"): 3}),
        JudgedQuery("blockchain", {}, "nothing"),
    ]
    first, empty = score_searches(judged, files, [beans])
    assert (first.wanted, first.score, first.seen) == (1, 1.0, True)
    assert (empty.kind, empty.wanted, empty.score, empty.seen) == ("nothing", 0, 1.0, None)


def keys_in(files: Files) -> Iterator[str]:
    """Name every project of an index."""
    for name, data in files.items():
        if name.startswith("c"):
            yield from (card["k"] for card in json.loads(data)["c"])


def scored(score: float, *, wanted: int = 1, seen: bool | None = True) -> ScoredSearch:
    return ScoredSearch("q", "task" if wanted else "nothing", "m", wanted, score, seen)


def test_scores_sum_up_by_kind() -> None:
    """The figure is of searches that something answers; the others stand by themselves."""
    quality = quality_of(
        [scored(1.0), scored(0.5, seen=False), scored(0.0, wanted=0, seen=None)], DAY
    )
    assert quality
    assert (quality.figure, quality.answered, quality.seen, quality.asked) == (0.75, 2, 1, 2)
    assert [(k.kind, k.searches, k.figure) for k in quality.kinds] == [
        ("nothing", 1, 0.0),
        ("task", 2, 0.75),
    ]
    assert quality_of([scored(1.0, wanted=0, seen=None)], DAY) is None
    assert quality_of([], DAY) is None


def proof(**scores: float) -> Proof:
    return Proof(searched=Searched(measured=DAY, scores=scores))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (proof(a=0.8, b=0.8), proof(a=0.8, b=0.7), True),
        (proof(a=0.8, b=0.8), proof(a=0.8, b=0.75), False),
        (proof(a=0.8), proof(a=0.8, hard=0.0), False),
        (proof(a=0.8, b=0.1), proof(a=0.7), True),
        (proof(a=0.8), proof(b=0.1), False),
        (proof(a=0.0), proof(a=0.0), False),
        (None, proof(a=0.1), False),
        (Proof(), proof(a=0.1), False),
        (proof(a=0.8), Proof(), False),
    ],
)
def test_a_fall_is_one_of_what_was_judged_alike(
    before: Proof | None, now: Proof, said: bool
) -> None:
    """A harder search is no fall; less for the same is, by more than the setting lets pass."""
    assert bool(what_fell(before, now, 5)) == said


def test_the_limit_is_declared_once() -> None:
    """What the registry does not say is what the docs say."""
    assert Showcase().search_fall_percent == 5


def test_a_proof_from_before_and_one_from_after_are_read() -> None:
    """Neither a site without judged searches nor one that says more of them stops a build."""
    assert read_proof(b'{"version": 1, "generation": 4}', "x").searched is None
    later = b'{"searched": {"measured": "2026-11-01", "scores": {"a": 1}, "more": 1}}'
    read = read_proof(later, "x").searched
    assert read
    assert (read.measured, read.scores) == (DAY, {"a": 1.0})


@pytest.fixture
def showcase(tmp_path: Path, lent_workers: None) -> Iterator[LivingShowcase]:
    """A showcase after its first site, of which nobody judges anything any more."""
    with living_showcase(tmp_path) as showcase:
        showcase.judged = {}
        showcase.build()
        yield showcase


def about(showcase: LivingShowcase) -> str:
    return (showcase.workspace.output / "about" / "index.html").read_text(encoding="utf-8")


def said_by(showcase: LivingShowcase) -> dict[str, object]:
    told: dict[str, object] = json.loads(
        (showcase.workspace.output / "data" / "search-quality.json").read_bytes()
    )
    return told


def test_a_build_scores_the_search_in_public(showcase: LivingShowcase) -> None:
    """The page and the file say what it came to; who judged nothing is told nothing."""
    assert "nDCG" not in about(showcase)
    assert not (showcase.workspace.output / "data" / "search-quality.json").exists()
    listed = showcase.entry(0)["repo"]
    showcase.judged = {listed.partition("/")[2]: listed, "zzyzx": listed}
    built = showcase.build()
    told = said_by(showcase)
    assert [each.score for each in built.catalogue.judged] == [1.0, 0.0]
    assert (told["figure"], told["answered"], told["seen"], told["asked"]) == (0.5, 2, 1, 2)
    measured = showcase.clock.now().date()
    assert told["measured"] == measured.isoformat()
    assert f"{told['figure']:.2f} of 1" in about(showcase)
    before = about(showcase)
    showcase.night()
    showcase.build()
    assert said_by(showcase) == told, "a night without news moves no figure and no day"
    assert about(showcase) == before
    clean = showcase.clean()
    assert (clean / "data" / "search-quality.json").read_bytes() == (
        showcase.workspace.output / "data" / "search-quality.json"
    ).read_bytes()


def test_a_fall_is_said_once(showcase: LivingShowcase) -> None:
    """The build in which it happens says it; the next one begins from there."""
    listed = showcase.entry(0)["repo"]
    name = listed.partition("/")[2]
    showcase.judged = {"unheard of": listed, name: listed}
    showcase.entry(0)["does"] = ["unheard of"]
    assert fell(showcase) == ""
    del showcase.entry(0)["does"]
    said = fell(showcase)
    assert "finds less well" in said
    assert "2 searches" in said
    assert fell(showcase) == ""


def fell(showcase: LivingShowcase) -> str:
    showcase.night()
    built: Built = showcase.build()
    return built.fell


def test_the_samples_are_judged() -> None:
    """Every project that the two registries of this project judge is listed in them."""
    for path in (REGISTRY, ROOT / "registry.yaml"):
        registry = load(path)
        assert len(registry.judgements) > 9
        assert [m for m in registry.mistakes if m.where.file.endswith(".jsonl")] == []
