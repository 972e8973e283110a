"""Contributors are people: programs that commit are in no count and no list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.demo.git import History
from aggregator.facts.repository import READER, Contributor, Contributors, Details
from aggregator.fetch.decider import is_due
from aggregator.github.commits import is_program
from aggregator.store.store import open_store
from tests.fetch.conftest import Nights

PROGRAMS = (
    "dependabot[bot]", "github-actions[bot]", "renovate[bot]", "pre-commit-ci[bot]", "web-flow",
    "actions-user", "codecov-io", "allcontributors", "release-bot", "GitHub Actions",
    "JuliaRegistrator", "conda-forge-admin", "invalid-email-address", "deepsourcebot",
    "Dependabot[Bot]", "41898282+github-actions[bot]@users.noreply.github.com",
)  # fmt: skip
PEOPLE = ("jo", "abbott", "talbot", "botany-lab", "Robot Ann", "dependable", "action-jackson")


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_known_by_their_names(name: str) -> None:
    """Whatever GitHub calls a bot or a service, nobody is counted for it."""
    assert is_program(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_is_taken_for_a_program(name: str) -> None:
    """A person whose name sounds like one stays a person."""
    assert not is_program(name)


def shared_with_programs(nights: Nights, commits: int) -> str:
    """Let two people and three programs commit to the first repository."""
    name = nights.names[0]
    authors = (("dependabot[bot]", 5), ("ada-fen", 3), ("github-actions", 2), ("bo-ray", 2),
               ("web-flow", 1))  # fmt: skip
    known = nights.world.find(name)
    assert known
    history = replace(known.history, described=commits, authors=authors)
    nights.world.change(name, history=history)
    return name


@pytest.mark.parametrize("commits", [60, 400])
def test_people_are_counted_without_programs(nights: Nights, commits: int) -> None:
    """From a short history and from GitHub's list alike, two people are two."""
    name = shared_with_programs(nights, commits)
    nights.run()
    found = nights.record(name).facts
    assert found
    assert found.contributors
    assert found.contributors.count == 2
    assert {one.login for one in found.contributors.top} == {"ada-fen", "bo-ray"}


def test_a_list_of_many_pages_is_read_without_programs(nights: Nights) -> None:
    """Of hundreds of contributors the programs are left out too, wherever they stand."""
    name = nights.names[0]
    crowd = (*((f"person-{n}", 1) for n in range(130)), ("renovate[bot]", 1))
    known = nights.world.find(name)
    assert known
    history = History(seed="crowd", first_at=known.history.first_at, last_at=known.history.last_at,
                      described=4_000, authors=crowd)  # fmt: skip
    nights.world.change(name, history=history)
    nights.run()
    found = nights.record(name).facts
    assert found
    assert found.contributors
    assert found.contributors.count == len(set(history.by_author) - {"renovate[bot]"})


def test_what_an_older_version_counted_is_counted_again(nights: Nights) -> None:
    """A stored count that took programs for people is mended at the next run."""
    name = shared_with_programs(nights, 400)
    nights.run()
    stale = Contributors(
        count=5,
        top=(Contributor(login="dependabot[bot]"),),
        confirmed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    record = nights.record(name)
    assert record.facts
    facts = record.facts.model_copy(update={"contributors": stale})
    with open_store(nights.database) as store:
        store.write([record.model_copy(update={"facts": facts})])
    nights.run()
    mended = nights.record(name).facts
    assert mended
    assert mended.contributors
    assert mended.contributors.count == 2


def test_details_of_an_older_reader_are_asked_again_once(
    open_nights: Callable[..., Nights],
) -> None:
    """What this version reads in files is there after one run, though nothing was pushed."""
    nights = open_nights(3)
    nights.run()
    name = nights.names[0]
    record = nights.record(name)
    assert record.facts
    assert record.facts.details
    assert record.facts.details.reader == READER
    older: Details = record.facts.details.model_copy(update={"reader": READER - 1})
    assert is_due(older, record.facts.glance)
    assert not is_due(record.facts.details, record.facts.glance)
    facts = record.facts.model_copy(update={"details": older})
    with open_store(nights.database) as store:
        store.write([record.model_copy(update={"facts": facts})])
    nights.run()
    again = nights.record(name).facts
    assert again
    assert again.details
    assert again.details.reader == READER
