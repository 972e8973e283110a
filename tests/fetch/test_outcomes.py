"""What becomes of a repository between two nights, and what of its facts."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.demo.exchange import Request, Response
from aggregator.demo.world import WorldRelease
from aggregator.facts.snapshot import ChangeKind
from aggregator.fetch.conversation import Budget
from aggregator.run.report import Report
from aggregator.words.outcomes import Outcome
from tests.fetch.conftest import FIRST_NIGHT, Nights

README = b"# Only here\n\nA sentence that stands nowhere else in this showcase.\n"
DESCRIPTION = "Words that stand nowhere else either"


@pytest.fixture(params=["token", "no token"])
def night(request: pytest.FixtureRequest, open_nights: Callable[..., Nights]) -> Nights:
    """A showcase of eight repositories after its first night, with and without a token."""
    nights = open_nights(8, token="ghp_" + "a" * 36 if request.param == "token" else None)
    nights.server.set_limit(None, "core", 1000)
    name = nights.names[0]
    nights.world.change(name, description=DESCRIPTION)
    nights.world.push(name, {"README.md": README})
    nights.run()
    return nights


def _kinds(report: Report) -> set[ChangeKind]:
    return {change.kind for change in report.changes}


def test_first_night(night: Nights) -> None:
    """After the first night every entry has facts, a README and the date of its confirmation."""
    for record in night.snapshot().records.values():
        assert record.facts is not None
        assert record.facts.glance.confirmed_at == FIRST_NIGHT
        assert record.facts.details is not None
        assert record.facts.details.readme is not None
        assert record.outcome is Outcome.ACTIVE
    assert night.snapshot().readme(night.record(night.names[0])) == README


def test_quiet_night(night: Nights) -> None:
    """An unchanged repository is called unchanged, is confirmed anew and keeps its standing."""
    report = night.run()
    record = night.record(night.names[3])
    assert set(report.looks.values()) == {Outcome.UNCHANGED}
    assert record.since == FIRST_NIGHT
    assert record.last_succeeded == FIRST_NIGHT + timedelta(days=1)
    assert not report.changes


def test_push(night: Nights) -> None:
    """A push brings the new README, and the old one's bytes leave the catalogue."""
    night.world.push(night.names[0], {"README.md": b"# New\n"}, at="2026-11-22T01:00:00Z")
    report = night.run()
    snapshot = night.snapshot()
    assert report.looks[night.names[0]] is Outcome.ACTIVE
    assert snapshot.readme(night.record(night.names[0])) == b"# New\n"
    assert README not in snapshot.readmes.values()


def test_rename(night: Nights) -> None:
    """A rename is followed, said, and the member is told what to write."""
    old = night.names[0]
    new = f"{old.split('/')[0]}/better-name"
    night.world.rename(old, new)
    report = night.run()
    record = night.record(old)
    assert record.outcome is Outcome.RENAMED
    assert record.moved_to == new
    assert record.facts is not None
    assert record.cure == f"Change {old} to {new} in the registry."
    assert ChangeKind.RENAMED in _kinds(report)


def test_transfer(night: Nights) -> None:
    """A repository that moved to another owner is followed and called transferred."""
    night.world.rename(night.names[0], "another-owner/same-thing")
    report = night.run()
    assert night.record(night.names[0]).outcome is Outcome.TRANSFERRED
    assert ChangeKind.TRANSFERRED in _kinds(report)


def test_name_taken_by_another_repository(night: Nights) -> None:
    """A name that another repository took is not followed; the original is, by its number."""
    old = night.names[0]
    known = night.record(old).identity
    assert known is not None
    night.world.rename(old, "another-owner/original")
    night.world.reuse_name(old, description="not the same thing")
    report = night.run()
    record = night.record(old)
    assert report.looks[old] is Outcome.NAME_REUSED
    assert record.facts is not None
    assert record.facts.glance.repository_id == known.repository_id
    assert record.moved_to == "another-owner/original"
    assert record.cure == f"Change {old} to another-owner/original in the registry."


def test_name_taken_after_the_original_is_gone(night: Nights) -> None:
    """When the original is gone and another account has its name, nothing of either is shown."""
    old = night.names[0]
    night.world.rename(old, "another-owner/original")
    night.run()
    night.world.delete("another-owner/original")
    night.world.reuse_name(old, description="not the same thing")
    night.run()
    record = night.record(old)
    assert record.outcome is Outcome.NAME_REUSED
    assert record.facts is None
    assert README not in night.every_byte()


def test_made_again_by_the_same_account(night: Nights) -> None:
    """A repository deleted and made again by the same account is taken for the same project."""
    night.world.reuse_name(night.names[0], description="made again")
    report = night.run()
    record = night.record(night.names[0])
    assert ChangeKind.RECREATED in _kinds(report)
    assert record.facts is not None
    assert record.facts.glance.description == "made again"


def test_empty(night: Nights) -> None:
    """A repository without commits is called empty, night after night, and stays listed."""
    night.world.reuse_name("synthetic-owner-0/nothing-yet")
    night.names.append("synthetic-owner-0/nothing-yet")
    for _ in range(2):
        night.run()
    record = night.record("synthetic-owner-0/nothing-yet")
    assert record.outcome is Outcome.EMPTY
    assert record.cure == "Push a first commit, with a README."
    assert record.facts is not None


@pytest.mark.parametrize("deed", ["delete", "make_private", "block"])
def test_no_longer_public(night: Nights, deed: str) -> None:
    """What is no longer public leaves every file of the state, to the last byte."""
    name = night.names[0]
    assert DESCRIPTION.encode() in night.every_byte()
    getattr(night.world, deed)(name)
    report = night.run()
    record = night.record(name)
    assert record.facts is None
    assert record.identity is not None
    assert record.message
    assert record.cure
    assert ChangeKind.GONE in _kinds(report)
    assert report.exit_code == 0
    for secret in (README, DESCRIPTION.encode()):
        assert secret not in night.every_byte()
    expected = Outcome.BLOCKED if deed == "block" else Outcome.GONE
    assert record.outcome is expected


def test_private_to_the_eyes_of_our_token(open_nights: Callable[..., Nights]) -> None:
    """What only our token can see is never kept: not a new entry, not a known one."""
    nights = open_nights(2)
    for name in nights.names:
        nights.world.change(name, description=DESCRIPTION)

    def reveal(_: Request, genuine: Callable[[], Response]) -> Response:
        found = genuine()
        return replace(found, body=found.body.replace(b'"isPrivate":false', b'"isPrivate":true'))

    new, nights.names = nights.names[0], nights.names[1:]
    nights.run()
    nights.names.append(new)
    nights.server.faults.always(reveal)
    nights.run()
    for name in nights.names:
        assert nights.record(name).outcome is Outcome.PRIVATE
        assert nights.record(name).facts is None
    assert DESCRIPTION.encode() not in nights.every_byte()


def test_comes_back(night: Nights) -> None:
    """A repository that is public again has its page and its README again."""
    night.world.make_private(night.names[0])
    night.run()
    night.world.make_public(night.names[0])
    report = night.run()
    assert ChangeKind.RETURNED in _kinds(report)
    assert night.snapshot().readme(night.record(night.names[0])) == README


def test_saml(night: Nights) -> None:
    """A door closed to our token is said so, and the last good facts stay."""
    night.world.forbid_by_saml(night.names[0])
    night.run()
    record = night.record(night.names[0])
    if night.token:
        assert record.outcome is Outcome.FORBIDDEN
    assert record.facts is not None
    assert record.facts.glance.description == DESCRIPTION


def test_suspicious_run(night: Nights) -> None:
    """When many vanish at once nothing is removed, a notice is set and the exit code says so."""
    before = night.snapshot()
    for name in night.names[:5]:
        night.world.delete(name)
    report = night.run()
    after = night.snapshot()
    assert report.exit_code == 1
    assert "5 of 8 known repositories vanished" in (after.notice or "")
    assert after.readmes == before.readmes
    assert all(record.facts for record in after.records.values())
    assert night.record(night.names[0]).outcome is Outcome.UNREACHABLE


def test_suspicion_can_be_overruled(night: Nights) -> None:
    """When it is true that many left, whoever runs the showcase can say so."""
    for name in night.names[:5]:
        night.world.delete(name)
    night.run()
    report = night.run(Budget(shrink_share=1.0))
    assert report.exit_code == 0
    assert night.record(night.names[0]).outcome is Outcome.GONE
    assert night.snapshot().notice is None


def test_never_existed(night: Nights) -> None:
    """A name that GitHub does not know is told to the member with what to check."""
    night.names.append("nobody/nothing")
    report = night.run()
    record = night.record("nobody/nothing")
    assert record.outcome is Outcome.GONE
    assert record.message == "GitHub knows no public repository called nobody/nothing."
    assert report.exit_code == 0


def test_removed_from_registry_and_put_back(night: Nights) -> None:
    """An entry taken out by mistake and put back costs nothing."""
    name = night.names.pop(0)
    report = night.run()
    assert [c.kind for c in report.changes] == [ChangeKind.REMOVED]
    assert night.snapshot().record(name) is None
    night.names.append(name)
    report = night.run()
    assert night.record(name).first_seen == FIRST_NIGHT
    assert night.snapshot().readme(night.record(name)) == README


def test_disabled(night: Nights) -> None:
    """A repository that GitHub disabled is called blocked, not empty, and nothing of it is kept."""
    name = night.names[0]
    night.world.empty(name)
    night.world.change(name, disabled=True)
    report = night.run()
    assert report.looks[name] is Outcome.BLOCKED
    record = night.record(name)
    assert record.facts is None
    assert record.message == "GitHub has blocked access to it."
    for secret in (README, DESCRIPTION.encode()):
        assert secret not in night.every_byte()


def test_disabled_from_its_first_night(night: Nights) -> None:
    """A repository that is disabled when it is first asked about is called blocked."""
    night.world.reuse_name("somebody/taken-down", disabled=True, description=DESCRIPTION + "!")
    night.names.append("somebody/taken-down")
    night.run()
    assert night.record("somebody/taken-down").outcome is Outcome.BLOCKED
    assert (DESCRIPTION + "!").encode() not in night.every_byte()


def test_a_hidden_readme_is_not_waited_for(night: Nights) -> None:
    """Where a fork still shows the old words of a hidden README, the details are news only once."""
    original, fork = night.names[:2]
    night.world.push(fork, {"README.md": README}, at="2026-11-21T12:00:00Z")
    night.run()
    night.hidden = frozenset({original.casefold()})
    secret = {"README.md": b"# Other words, never to be shown\n"}
    night.world.push(original, secret, at="2026-11-22T12:00:00Z")
    night.run()
    assert night.record(original).outcome is Outcome.ACTIVE
    night.run()
    assert night.record(original).outcome is Outcome.UNCHANGED


def test_emptied(night: Nights) -> None:
    """A repository whose owner took out all commits is called empty once GitHub said so twice."""
    night.world.empty(night.names[0])
    night.world.change(night.names[0], pushed_at="2026-11-21T23:00:00Z")
    night.run()
    assert night.record(night.names[0]).outcome is Outcome.EMPTY


def test_empty_by_a_fault_at_github(nights: Nights) -> None:
    """When GitHub calls a repository empty and still lists its commits, what is known stays."""
    name = nights.names[0]
    nights.world.push(name, {"README.md": README})
    nights.run()
    known = nights.record(name).facts

    def forgetful(_: Request, genuine: Callable[[], Response]) -> Response:
        body = json.loads(genuine().body)
        for node in body["data"].values():
            if isinstance(node, dict) and node.get("nameWithOwner") == name:
                node |= {"isEmpty": True, "defaultBranchRef": None}
        return replace(genuine(), body=json.dumps(body).encode())

    nights.server.faults.once(forgetful, path="/graphql")
    report = nights.run()
    assert report.looks[name] is Outcome.UNREACHABLE
    record = nights.record(name)
    assert record.facts == known
    assert nights.snapshot().readme(record) == README
    assert "elsewhere that it has some" in (record.message or "")
    nights.run()
    assert nights.record(name).outcome is Outcome.UNCHANGED


def test_read_in_an_older_way(nights: Nights) -> None:
    """Details that an older version read are asked once more, and that is no news."""
    name = nights.names[0]
    released = WorldRelease("v1", "2026-11-01T00:00:00Z", name=":tada: First")
    nights.world.change(name, releases=(released,))
    nights.run()
    with closing(sqlite3.connect(nights.database)) as db, db:
        (facts,) = db.execute("SELECT facts FROM entries WHERE key = ?", (name,)).fetchone()
        old = json.loads(facts)
        del old["details"]["reader"]
        old["details"]["releases"][0]["name"] = ":tada: First"
        db.execute("UPDATE entries SET facts = ? WHERE key = ?", (json.dumps(old), name))
    report = nights.run()
    facts = nights.record(name).facts
    assert facts is not None
    assert facts.details is not None
    assert facts.details.releases is not None
    assert facts.details.releases[0].name == "\U0001f389 First"
    assert report.looks[name] is Outcome.UNCHANGED
    assert not report.changes
