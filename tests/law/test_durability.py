"""A build that dies, or whose disk is full, leaves one whole site; two at once do not mix."""

import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.law.community import living_showcase
from tests.law.interrupted import (
    NO_SPACE,
    REFUSED,
    Alternating,
    Builders,
    Ended,
    alternating,
    building,
)

# benchmarks/durability.py tries 200 moments, and each touch of the disk.
MOMENTS = 8
TOUCHES = 6
SEAMS = 8  # the last of them, where one site takes the place of the other
ROUNDS = 3

pytestmark = [
    pytest.mark.usefixtures("lent_workers"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and killed"),
]


@pytest.fixture(scope="module")
def builders() -> Iterator[Builders]:
    """The process that builds."""
    with building() as builders:
        yield builders


@pytest.fixture
def sites(tmp_path: Path, builders: Builders) -> Iterator[Alternating]:
    """Two states; the second of their sites stands."""
    with living_showcase(tmp_path) as showcase:
        sites = alternating(showcase, builders)
        assert sites.trees[0] != sites.trees[1]
        assert sites.standing() == 1
        yield sites


def spread(count: int, most: int) -> list[int]:
    """Choose so many numbers below `most`, the first and the last among them."""
    return sorted({round(n * (most - 1) / (count - 1)) for n in range(count)})


def test_killed_at_random_moments(sites: Alternating, builders: Builders) -> None:
    """SIGKILL at any moment leaves the old site or the new one, and the next build goes on."""
    chance, stood = random.Random(13), Counter[int | None]()
    for number in range(MOMENTS):
        ended = builders.build_in_turns(sites.places, chance.uniform(0.01, 1.2))
        assert ended.code == -signal.SIGKILL, ended.said
        stood[sites.standing()] += 1
        assert builders.build(sites.places[number % 2]).code == 0
        assert sites.standing() == number % 2
        assert sites.leavings() == []
    assert stood[None] == 0


def test_killed_before_it_touches_the_disk(sites: Alternating, builders: Builders) -> None:
    """Killed before any of the things it does to the disk, a build leaves one whole site."""
    whole = touches_of(sites, builders)
    for at in sorted({*spread(TOUCHES, whole.touches), *whole.seams[-SEAMS:]}):
        ended = builders.build(sites.places[0], kill_at=at)
        assert ended.code == -signal.SIGKILL, at
        assert sites.standing() is not None, at
        assert builders.build(sites.places[0]).code == 0
        assert sites.standing() == 0, at
        assert builders.build(sites.places[1]).code == 0
        assert sites.standing() == 1, at
        assert sites.leavings() == []


def test_a_full_disk_leaves_the_old_site(sites: Alternating, builders: Builders) -> None:
    """From whichever write on there is no space: the old site stands, and says what is wrong."""
    whole = touches_of(sites, builders)
    for at in sorted({*spread(TOUCHES, whole.touches), *whole.seams[-SEAMS:]}):
        judge_full(sites, builders, builders.build(sites.places[0], full_at=at), f"full at {at}")


@pytest.mark.parametrize("limit", [0, 400, 20_000])
def test_a_file_that_cannot_be_written_whole_is_not_published(
    sites: Alternating, builders: Builders, limit: int
) -> None:
    """Where writing stops in the middle of a file, the old site stands."""
    judge_full(sites, builders, builders.build(sites.places[0], file_limit=limit), f"{limit} bytes")


def test_two_builds_at_once_do_not_mix(sites: Alternating, builders: Builders) -> None:
    """Two builds of different facts into one folder end with the site of one of them."""
    for number in range(ROUNDS):
        ends = builders.build_beside(*sites.places)
        assert [end.code for end in ends] == [0, 0], ends
        assert sites.standing() is not None
        assert builders.build(sites.places[number % 2]).code == 0
        assert sites.standing() == number % 2
        assert sites.leavings() == []


def touches_of(sites: Alternating, builders: Builders) -> Ended:
    """Count what a build of the first state on the second does to the disk."""
    ended = builders.build(sites.places[0])
    assert ended.code == 0, ended.said
    assert builders.build(sites.places[1]).code == 0
    assert ended.touches > TOUCHES
    return ended


def judge_full(sites: Alternating, builders: Builders, ended: Ended, when: str) -> None:
    """Hold what a build left whose disk was full against what it may leave."""
    assert ended.code in {0, REFUSED, NO_SPACE}, f"{when}: {ended.said}"
    # What is refused by name is the publication; what is noted after it may fail as well.
    may_stand = {0: {0}, REFUSED: {1}, NO_SPACE: {0, 1}}[ended.code]
    assert sites.standing() in may_stand, f"{when}: {ended.said}"
    for number in (0, 1):
        assert builders.build(sites.places[number]).code == 0
        assert sites.standing() == number, when
    assert sites.leavings() == []
