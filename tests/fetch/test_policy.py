"""The policy alone, at a scale and over a time that no server is needed for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.facts.protocol import Answer, DeepLook, Depth, Sizes, Spent, Target, Wanted
from aggregator.facts.record import ReadmeText
from aggregator.facts.repository import (
    READER,
    Basis,
    Contributors,
    Counts,
    Details,
    Glance,
    RepoFacts,
)
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.run import Terms, fetch
from aggregator.github.graphql_source import SIZES
from tests.fetch.conftest import FIRST_NIGHT


@dataclass
class Tireless:
    """A source that answers everything at once and keeps a bill."""

    now: datetime
    bill: Spent = field(default_factory=Spent)
    sizes: Sizes = SIZES

    @property
    def spent(self) -> Spent:
        """Return the bill."""
        return self.bill

    def _charge(self) -> None:
        self.bill = replace(self.bill, requests=self.bill.requests + 1)

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Answer for every name."""
        self._charge()
        return Answer({t.name: self._glance(t.name) for t in targets})

    def _glance(self, name: str) -> Glance:
        number = int(name.rpartition("-")[2])
        return Glance(repository_id=number, name_with_owner=name, confirmed_at=self.now)

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Never needed here."""
        raise AssertionError(targets)

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Answer for every repository."""
        self._charge()
        details = Details(reader=READER, basis=Basis(), readme_asked=True, confirmed_at=self.now)
        people = Contributors(people_only=True, count=1, confirmed_at=self.now)
        counts = Counts(open_issues=0, confirmed_at=self.now)
        told = {"details": details, "counts": counts, "contributors": people}
        glances = [look.glance for look in looks]
        return Answer({g.name_with_owner: Depth(RepoFacts(glance=g, **told)) for g in glances})

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Never needed here."""
        raise AssertionError(wanted)

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Never needed here."""
        raise AssertionError(glance)

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Never needed here."""
        raise AssertionError(target)

    def forget(self, targets: Sequence[Target]) -> None:
        """Hold no copies."""


def _night(names: list[str], known: Snapshot, now: datetime) -> tuple[Snapshot, int]:
    source = Tireless(now)
    records = dict(known.records)
    for batch in fetch(names, source, known, Terms(now)):
        records |= {record.key: record for record in batch.records}
    return Snapshot(records=records), source.spent.requests


def test_ten_thousand_quiet_nights_cost_at_most_170_requests() -> None:
    """Ten thousand unchanged repositories cost at most 170 requests on each later night."""
    names = [f"owner-{n // 50}/tool-{n}" for n in range(10_000)]
    known, cold = _night(names, Snapshot(), FIRST_NIGHT)
    assert cold == 100 + 400
    for night in range(1, 4):
        known, requests = _night(names, known, FIRST_NIGHT + timedelta(days=night))
        assert requests <= 170


def test_hourly_runs_do_not_rotate() -> None:
    """A run an hour after another asks for scalars only."""
    names = [f"owner/tool-{n}" for n in range(300)]
    known, _ = _night(names, Snapshot(), FIRST_NIGHT)
    _, requests = _night(names, known, FIRST_NIGHT + timedelta(hours=1))
    assert requests == 3


def test_no_repository_waits_longer_than_a_week_even_after_a_lost_night() -> None:
    """When nights are lost the rotation catches up at once."""
    names = [f"owner/tool-{n}" for n in range(70)]
    known, _ = _night(names, Snapshot(), FIRST_NIGHT)
    known, _ = _night(names, known, FIRST_NIGHT + timedelta(days=6, hours=1))
    oldest = min(
        r.facts.counts.confirmed_at for r in known.records.values() if r.facts and r.facts.counts
    )
    assert oldest == FIRST_NIGHT + timedelta(days=6, hours=1)
