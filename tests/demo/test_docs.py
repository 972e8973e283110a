"""The page about the sandbox says what there is."""

import inspect
import re
from pathlib import Path

import pytest

from aggregator.demo import world as still
from aggregator.demo.rest_answers import RestAnswers
from aggregator.demo.sample import COMMUNITY, PLAIN
from aggregator.demo.sample import sample_community as still_sample
from tests.stand_in import actions
from tests.stand_in.faults import Fault
from tests.stand_in.world import World

PAGE = Path(__file__).parent.parent.parent / "docs" / "sandbox.md"
ACTIONS = [
    name
    for name, made in inspect.getmembers(actions, inspect.isfunction)
    if made.__module__ == actions.__name__ and not name.startswith("_")
]
LOOKS = {
    "of",
    "find",
    "moved",
    "by_id",
    "by_node_id",
    "access_of",
    "block_of",
    "account",
    "knows",
    "owned_by",
}
CHANGES = [
    name
    for name, _ in inspect.getmembers(World, inspect.isfunction)
    if not name.startswith("_") and name not in LOOKS
]
PATHS = [
    path.strip("/").partition("/(")[0]
    for path in RestAnswers(still.World(), "", "").endpoints()
    if path
]


@pytest.mark.parametrize("word", [*ACTIONS, *CHANGES, *PLAIN, *sorted(set(PATHS))])
def test_everything_is_named(word: str) -> None:
    """Each action, change of the world, field of the sample and path stands on the page."""
    spans = re.findall(
        r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE.read_text("utf-8"), flags=re.DOTALL)
    )
    assert any(re.search(rf"\b{re.escape(word)}\b", span) for span in spans), word


def test_the_page_counts_as_the_sandbox_does() -> None:
    """What is said of the sample is what `aggregator sandbox` prints, and one is gone."""
    world = still_sample()
    folders = len([*COMMUNITY.glob("repositories/*/*/repository.yaml")])
    assert f"{len(world)} repositories of seven organisations" in PAGE.read_text("utf-8")
    assert folders == len(world) + 1


def test_what_a_fault_matches_is_named() -> None:
    """Each way to match a request stands on the page."""
    page = PAGE.read_text("utf-8")
    fields = [name for name in Fault.__dataclass_fields__ if name not in ("hits", "_passed")]
    assert [name for name in fields if name not in page] == []
