"""A night without news changes nothing but the date, and that in five files.

The first night of a week brings another project of the week to the first page as well.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from aggregator.demo.sample import COMMUNITY
from aggregator.fetch.conversation import Clock
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.pipeline import build
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.words.addresses import GITHUB
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

FIRST = datetime(2026, 11, 21, 6, tzinfo=UTC)
NIGHTLY = {
    "data/catalogue.csv",
    "data/catalogue.db",
    "data/catalogue.json",
    "data/status.json",
    "status/index.html",
}
# What follows a week when it is over changes with the first night of the next one: the project of
# the week, what is new this week, the numbers over time, and with them the list of sums of all
# other files.
WEEKLY = {
    *("index.html", ".aggregator-site", "data/spotlight.json", "new/index.html"),
    *("data/history.csv", "data/history.json", "insights/index.html"),
}
# A talk that was to come is past when its day is over.
AFTER_A_TALK = {"index.html", "talks/index.html", ".aggregator-site"}


@dataclass
class Community:
    """The sample community, asked and built on any night."""

    github: Server
    workspace: Workspace
    set_clock: Callable[[datetime], None]

    def night(self, number: int) -> dict[str, bytes]:
        """Run one night from the first question to the site, and give its files."""
        now = FIRST + timedelta(days=number)
        self.set_clock(now)
        registry = load(self.workspace.registry)
        to = Endpoint(self.github.api_url, self.github.graphql_url, "any-word")
        network = Network(to, Clock(now=lambda: now), 300.0, lambda _: None)
        fetch_facts(self.workspace, registry, network, Guard(accept_losses=True))
        build(self.workspace, registry, GITHUB, Hands(1))
        return self.site

    @property
    def site(self) -> dict[str, bytes]:
        """Every file that is published."""
        output = self.workspace.output
        found = (path for path in output.rglob("*") if path.is_file())
        return {path.relative_to(output).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """Serve the sample community: every kind of fact, outcome and page."""
    place = tmp_path_factory.mktemp("quiet")
    shutil.copytree(COMMUNITY, place / "community")
    workspace = Workspace(place / "community" / "registry.yaml", place / "state", place / "output")
    times = [FIRST]
    with serve(sample_community(), clock=lambda: times[-1]) as github:
        yield Community(github, workspace, times.append)


@pytest.fixture(scope="module")
def nights(community: Community) -> list[dict[str, bytes]]:
    """A first night with everything new, then five on which nothing happens.

    Contributors are counted from the second night on, when the first one has paid for the rest.
    """
    return [community.night(number) for number in range(6)]


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Name the files that differ or are on one side only."""
    return {name for name, _ in before.items() ^ after.items()}


def test_a_night_without_news_changes_five_files(nights: list[dict[str, bytes]]) -> None:
    """The second may bring what the first left for it; then none does, whoever's turn it is."""
    assert len(nights[0]) > 300
    registry = load(COMMUNITY / "registry.yaml")
    talks = [*registry.talks, *(talk for entry in registry.projects for talk in entry.talks)]
    after_a_talk = {talk.date + timedelta(days=1) for talk in talks if talk.date}
    assert (FIRST + timedelta(days=5)).date() in after_a_talk, "no talk passes in these nights"
    for number, (before, after) in enumerate(pairwise(nights[1:]), start=2):
        day = (FIRST + timedelta(days=number)).date()
        meant = NIGHTLY | (WEEKLY if day.isoweekday() == 1 else set())
        meant |= AFTER_A_TALK if day in after_a_talk else set()
        assert changed(before, after) == meant


def test_no_page_but_one_names_the_day_of_the_last_run(nights: list[dict[str, bytes]]) -> None:
    """Whatever stands on the others stays true until something happens."""
    day = FIRST + timedelta(days=5)
    said = re.compile(rf"{day:%Y-%m-%d}(?:T|$)|{day.day} November 2026".encode(), re.MULTILINE)
    pages = {name for name, data in nights[5].items() if said.search(data)}
    assert pages == NIGHTLY


def test_the_one_small_file_says_when_it_was(nights: list[dict[str, bytes]]) -> None:
    """Scripts and monitors read it; it does not grow with the number of projects that are well."""
    told = json.loads(nights[5]["data/status.json"])
    assert told["fetched_at"] == told["freshness"]["newest"] == "2026-11-26T06:00:00Z"
    assert told["proof"]["generation"] == told["proof"]["nights"] == 6
    assert sum(day["projects"] for day in told["confirmed"]) == told["freshness"]["projects"]
    assert "generation" not in json.loads(nights[5]["data/proof.json"])
