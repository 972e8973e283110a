"""A repository that the registry lists under another name goes on with its past."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.facts.snapshot import ChangeKind
from aggregator.run.report import Report
from aggregator.words.outcomes import Outcome
from tests.fetch.conftest import FIRST_NIGHT, TOKEN, Nights
from tests.stand_in import actions
from tests.store.conftest import export_catalogue, restored_from

README = b"# Once only\n\nWords of the one repository that moves house.\n"


@pytest.fixture(params=["token", "no token"])
def night(request: pytest.FixtureRequest, open_nights: Callable[..., Nights]) -> Nights:
    """A showcase of five repositories after two nights; the first has news and numbers."""
    nights = open_nights(5, token=TOKEN if request.param == "token" else None)
    nights.server.set_limit(None, "core", 5000)
    nights.world.push(nights.names[0], {"README.md": README})
    nights.run()
    nights.world.change(nights.names[0], archived_at="2026-11-22T01:00:00Z")
    nights.run()
    return nights


def moved(nights: Nights, name: str = "better-name", owner: str | None = None) -> tuple[str, str]:
    """Rename the first repository on GitHub, and give its old name and its new one."""
    old = nights.names[0]
    new = f"{owner or old.split('/')[0]}/{name}"
    nights.world.rename(old, new)
    return old, new


def kinds(report: Report) -> list[ChangeKind]:
    return [change.kind for change in report.changes]


def assert_goes_on(nights: Nights, name: str, *before: str) -> None:
    """Assert that an entry has the past that began under the names before."""
    snapshot, record = nights.snapshot(), nights.record(name)
    assert record.first_seen == FIRST_NIGHT
    assert record.facts is not None
    assert snapshot.readme(record) == README
    assert set(record.former_names) == set(before)
    news = [change.kind for change in snapshot.changes if change.repo == name.casefold()]
    assert news[-2:] == [ChangeKind.ARCHIVED, ChangeKind.ADDED]
    assert {ChangeKind.REMOVED, ChangeKind.GONE} & set(news) == set()
    assert news.count(ChangeKind.ADDED) == 1
    assert any(mark.repo == name.casefold() for mark in snapshot.marks)
    for old in before:
        assert snapshot.record(old) is None
        assert not any(change.repo == old.casefold() for change in snapshot.changes)
        assert not any(mark.repo == old.casefold() for mark in snapshot.marks)


@pytest.mark.parametrize("owner", [None, "another-owner"])
def test_following_the_advice_keeps_the_past(night: Nights, owner: str | None) -> None:
    """Whoever changes the entry as the showcase asks neither leaves nor joins."""
    old, new = moved(night, owner=owner)
    night.run()
    night.names[0] = new
    report = night.run()
    assert kinds(report) == []
    assert_goes_on(night, new, old)
    assert night.record(new).outcome is Outcome.UNCHANGED
    assert night.record(new).moved_to is None


def test_a_rename_between_two_runs_is_recognised(night: Nights) -> None:
    """When repository and entry were renamed while no run looked, the number tells."""
    old, new = moved(night)
    night.names[0] = new
    report = night.run()
    assert kinds(report) == [ChangeKind.RENAMED]
    assert report.changes[0].before == old
    assert_goes_on(night, new, old)


def test_a_chain_of_renames_keeps_every_name(night: Nights) -> None:
    """Each name a project ever had goes on leading to it, whenever the entry followed."""
    first, second = moved(night, "second")
    night.run()
    night.names[0] = second
    night.run()
    night.world.rename(second, "third-owner/third")
    night.run()
    night.world.rename("third-owner/third", "third-owner/fourth")
    night.run()
    night.names[0] = "third-owner/fourth"
    night.run()
    assert_goes_on(night, "third-owner/fourth", first, second, "third-owner/third")


def test_an_entry_that_is_renamed_back_has_one_past(night: Nights) -> None:
    """There and back again leaves the one name of before and the one of between."""
    old, new = moved(night)
    night.run()
    night.names[0] = new
    night.run()
    night.world.rename(new, old)
    night.names[0] = old
    night.run()
    assert_goes_on(night, old, new)


def test_an_entry_written_back_while_github_kept_the_new_name(night: Nights) -> None:
    """An entry that is changed back without need still is the same project."""
    old, new = moved(night)
    night.run()
    night.names[0] = new
    night.run()
    night.names[0] = old
    report = night.run()
    assert kinds(report) == []
    assert night.record(old).moved_to == new
    assert night.record(old).first_seen == FIRST_NIGHT
    assert night.snapshot().record(new) is None


def test_an_old_name_in_other_hands_is_another_project(night: Nights) -> None:
    """Whoever takes the old name and lists it begins anew, and nothing is mixed."""
    old, new = moved(night, owner="another-owner")
    night.run()
    night.names[0] = new
    night.run()
    night.world.reuse_name(old, description="not the same thing")
    night.names.append(old)
    report = night.run()
    assert kinds(report) == [ChangeKind.ADDED]
    assert report.changes[0].repo == old.casefold()
    assert night.record(old).first_seen > FIRST_NIGHT
    assert night.record(old).former_names == ()
    assert night.record(new).first_seen == FIRST_NIGHT
    numbers = [night.record(name).identity for name in (old, new)]
    assert numbers[0] != numbers[1]


def test_a_new_name_that_is_another_repository_inherits_nothing(night: Nights) -> None:
    """An entry replaced by one of a different repository leaves, and the other joins."""
    old = night.names[0]
    other = f"{old.split('/')[0]}/something-else"
    night.world.reuse_name(other, description="a different thing")
    night.names[0] = other
    report = night.run()
    assert sorted(kinds(report)) == [ChangeKind.ADDED, ChangeKind.REMOVED]
    assert night.record(other).first_seen > FIRST_NIGHT
    assert night.record(other).former_names == ()


def test_a_known_rename_costs_nothing_while_github_is_silent(night: Nights) -> None:
    """The last good facts stand under the new name even before GitHub answered to it."""
    old, new = moved(night)
    night.run()
    night.names[0] = new
    night.server.faults.always(actions.status(502))
    report = night.run()
    assert kinds(report) == []
    assert_goes_on(night, new, old)
    assert night.record(new).outcome is Outcome.UNREACHABLE
    night.server.faults.clear()
    assert kinds(night.run()) == []
    assert_goes_on(night, new, old)


def test_nobody_has_left_before_github_said_who_is_new(night: Nights, tmp_path: Path) -> None:
    """While a new entry is unanswered that may be the old project, no parting is told."""
    old, new = moved(night)
    night.names[0] = new
    night.server.faults.always(actions.status(502))
    assert kinds(night.run()) == []
    _to_a_fresh_machine(night, tmp_path)
    night.server.faults.clear()
    assert kinds(night.run()) == [ChangeKind.RENAMED]
    assert_goes_on(night, new, old)


def test_an_entry_that_left_has_left(night: Nights) -> None:
    """An entry taken out is told of in the same night, whatever else is not answered."""
    old = night.names.pop(0)
    night.names.append("stranger/thing")
    night.server.faults.always(actions.status(502))
    report = night.run()
    assert kinds(report) == [ChangeKind.REMOVED]
    assert night.snapshot().record(old) is None


def test_two_entries_of_one_repository_become_one(night: Nights) -> None:
    """A second entry of the same repository does not join, and the first may go in silence."""
    old, new = moved(night)
    night.run()
    night.names.append(new)
    assert kinds(night.run()) == []
    night.names.remove(old)
    assert kinds(night.run()) == []
    assert_goes_on(night, new, old)


def test_a_fresh_machine_knows_the_names_of_before(night: Nights, tmp_path: Path) -> None:
    """What the published catalogue holds is enough to go on with after a rename."""
    old, new = moved(night)
    night.run()
    night.names[0] = new
    night.run()
    _to_a_fresh_machine(night, tmp_path)
    night.world.rename(new, "third-owner/third")
    night.names[0] = "third-owner/third"
    assert kinds(night.run()) == [ChangeKind.TRANSFERRED]
    assert_goes_on(night, "third-owner/third", old, new)


def _to_a_fresh_machine(nights: Nights, tmp_path: Path) -> None:
    published = tmp_path / "site.db"
    export_catalogue(nights.database, published)
    nights.state = tmp_path / "elsewhere"
    now = nights.clock.now() + timedelta(hours=1)
    restored_from(published.read_bytes(), nights.database, now)


def test_private_is_gone_under_every_name(night: Nights) -> None:
    """A renamed repository that is made private leaves no byte under any of its names."""
    _, new = moved(night)
    night.run()
    night.names[0] = new
    night.world.make_private(new)
    report = night.run()
    assert ChangeKind.GONE in kinds(report)
    assert night.record(new).facts is None
    assert README not in night.every_byte()


def test_an_entry_in_other_letters_is_the_same_entry(night: Nights) -> None:
    """Capitals in the registry or on GitHub change nothing but the spelling."""
    old = night.names[0]
    night.world.rename(old, old.upper())
    night.names[0] = old.title()
    report = night.run()
    assert set(kinds(report)) <= {ChangeKind.RENAMED}
    assert night.record(old).first_seen == FIRST_NIGHT
    assert night.record(old).former_names == (old,)


def test_mending_dates_forgets_nobody_who_left(night: Nights) -> None:
    """An entry that left while a clock ran ahead comes back with its past afterwards."""
    left = night.names.pop(0)
    night.clock.base += timedelta(days=1000)
    night.run()
    night.clock.base -= timedelta(days=1001)
    night.run()
    night.names.insert(0, left)
    report = night.run()
    assert kinds(report) == []
    assert night.record(left).first_seen == FIRST_NIGHT
    assert night.snapshot().readme(night.record(left)) == README
