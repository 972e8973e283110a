"""Every crew gives what the built-in `map` gives, whoever works and whatever happens to them."""

import os
from collections.abc import Iterator

import pytest

from aggregator.words.crew import Crew
from tests.crew import tasks


def test_results_come_in_the_order_of_the_items(crew: Crew) -> None:
    """The fast do not overtake the slow."""
    assert list(crew.map(tasks.squared, range(50))) == [n * n for n in range(50)]


def test_nothing_to_do_gives_nothing(crew: Crew) -> None:
    """No items, no results, and no waiting."""
    assert list(crew.map(tasks.squared, [])) == []


def test_what_a_function_raises_is_raised_in_its_place(crew: Crew) -> None:
    """Results before it are given, and the error is the one that was raised."""
    results = crew.map(tasks.failing_at_seven, range(50))
    got = [next(results) for _ in range(7)]
    assert got == list(range(7))
    with pytest.raises(ValueError, match="seven") as raised:
        next(results)
    assert str(raised.value) == "seven: 7"


def test_what_the_items_raise_is_raised_in_its_place(crew: Crew) -> None:
    """Items may be the results of something that fails half-way."""
    results = crew.map(tasks.squared, tasks.ending_badly(5))
    assert [next(results) for _ in range(5)] == [0, 1, 4, 9, 16]
    with pytest.raises(LookupError, match="no more items"):
        next(results)


def test_a_crew_works_on_after_a_failure(crew: Crew) -> None:
    """What one call raised is not the next one's."""
    with pytest.raises(ValueError, match="seven"):
        list(crew.map(tasks.failing_at_seven, range(50)))
    assert list(crew.map(tasks.squared, range(3))) == [0, 1, 4]


def test_items_may_be_the_results_of_the_same_crew(crew: Crew) -> None:
    """One step feeds the next, without either being held whole."""
    once = crew.map(tasks.squared, range(30))
    assert list(crew.map(tasks.squared, once)) == [n**4 for n in range(30)]


def test_a_worker_may_open_a_crew_of_its_own(crew: Crew) -> None:
    """Nobody waits for anybody: within a worker all is done in place."""
    assert list(crew.map(tasks.with_a_crew_of_its_own, range(4))) == [0, 0, 1, 5]


def test_a_hundred_thousand_items_are_never_held_at_once(crew: Crew) -> None:
    """Items are taken a little ahead of the results, so memory does not grow with them."""
    taken: list[int] = []
    furthest = 0
    for done, result in enumerate(crew.map(tasks.squared, tasks.counting(100_000, taken)), 1):
        furthest = max(furthest, len(taken) - done)
        assert result == (done - 1) ** 2
    assert done == 100_000
    assert furthest <= 10_000


def test_whoever_wants_no_more_leaves_the_crew_as_it_was(crew: Crew) -> None:
    """A build that stops half-way does not go on behind its own back."""
    taken: list[int] = []
    results: Iterator[int] = crew.map(tasks.squared_slowly, tasks.counting(10_000, taken))
    next(results)
    del results
    seen = len(taken)
    assert seen < 200
    assert list(crew.map(tasks.squared, range(3))) == [0, 1, 4]
    assert len(taken) == seen


def test_workers_are_other_processes(crew: Crew, request: pytest.FixtureRequest) -> None:
    """The other tests would pass if nothing ever left this process."""
    busy = set(crew.map(tasks.process_of_slowly, range(60)))
    if "none" in request.node.callspec.id:
        assert busy == {os.getpid()}
    else:
        assert len(busy) == 2
        assert os.getpid() not in busy
