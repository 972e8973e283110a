"""What can happen to repositories between two nights."""

import dataclasses

import pytest

from tests.stand_in.world import UnknownRepositoryError, World, sample_community

WEATHER = "larkmere-hospitals/ward-weather"


@pytest.fixture
def world() -> World:
    """The sample community, fresh."""
    return sample_community()


def test_rename_and_transfer(world: World) -> None:
    """A renamed repository keeps its number and is found by every name it had."""
    number = world.rename(WEATHER, "larkmere-hospitals/ward-climate").id
    world.rename("larkmere-hospitals/ward-climate", "health-data-guild/climate")
    for name in (WEATHER, "larkmere-hospitals/ward-climate", "health-data-guild/climate"):
        found = world.find(name)
        assert found is not None
        assert found.id == number
    assert world.moved(WEATHER)
    assert not world.moved("health-data-guild/climate")


def test_a_renamed_account(world: World) -> None:
    """An owner who takes another login keeps the number, and all repositories move along."""
    before = world.account("larkmere-hospitals")
    after = world.rename_account("Larkmere-Hospitals", "estuary-hospitals")
    assert (after.id, after.node_id, after.name) == (before.id, before.node_id, before.name)
    assert len(world.owned_by("estuary-hospitals")) == 4
    assert not world.knows("larkmere-hospitals")
    assert world.moved(WEATHER)


def test_only_the_case_changes(world: World) -> None:
    """A rename that only changes case leaves no old name behind."""
    world.rename(WEATHER, "Larkmere-Hospitals/Ward-Weather")
    assert not world.moved(WEATHER)
    assert "Larkmere-Hospitals/Ward-Weather" in world.names


def test_delete(world: World) -> None:
    """A deleted repository answers to none of its names, old ones included."""
    world.delete("office-for-health-measures/suppress")
    assert world.find("office-for-health-measures/suppress") is None
    assert world.find("odette-quill/suppress") is None


def test_a_name_is_used_again(world: World) -> None:
    """A name that somebody takes over leads to another repository, its former owner's moves on."""
    old = world.rename(WEATHER, "larkmere-hospitals/elsewhere")
    new = world.reuse_name(WEATHER, description="Something else")
    assert new.id != old.id
    assert world.find(WEATHER) is new
    assert world.find("larkmere-hospitals/elsewhere") is old


def test_a_taken_name_is_used_again(world: World) -> None:
    """Re-using the name of a repository that stands there removes that repository first."""
    old = world.find(WEATHER)
    new = world.reuse_name(WEATHER)
    assert old is not None
    assert world.by_id(old.id) is None
    assert world.find(WEATHER) is new


def test_push(world: World) -> None:
    """A push moves the head, the dates, the count and the README's oid."""
    before = world.find(WEATHER)
    assert before is not None
    after = world.push(WEATHER, {"README.md": b"# New\n", "Makefile": None}, "Start again")
    assert before.head is not None
    assert after.head is not None
    assert after.head.oid != before.head.oid
    assert after.head.message == "Start again"
    assert after.head.author == "nkechi-orme"
    assert after.history.count == before.history.count + 1
    assert after.pushed_at == after.updated_at == world.now
    assert after.tree.oid != before.tree.oid
    assert after.tree.find("Makefile") is None
    assert after.tree.find("README.md") != before.tree.find("README.md")


def test_two_pushes_of_one_night_differ(world: World) -> None:
    """Two pushes with the same words make two commits."""
    heads = {world.push(WEATHER, {"a.txt": b"a"}).head for _ in range(2)}
    assert len(heads) == 2


def test_change(world: World) -> None:
    """Single facts can be changed; everything else stays."""
    before, after = world.find(WEATHER), world.change(WEATHER, stars=1_000)
    assert before is not None
    same = [f.name for f in dataclasses.fields(before) if f.name != "stars"]
    assert after.stars == 1_000
    assert all(getattr(before, name) is getattr(after, name) for name in same)


def test_empty(world: World) -> None:
    """An emptied repository has no commits, files, languages or licence."""
    repository = world.empty(WEATHER)
    assert repository.empty
    assert (repository.head, repository.language, repository.licence) == (None, None, None)
    assert repository.tree.entries == ()


def test_private_and_back(world: World) -> None:
    """A repository can be made private and public again."""
    assert world.access_of(world.make_private(WEATHER)) == "private"
    assert WEATHER not in {r.full_name for r in world.owned_by("larkmere-hospitals")}
    assert world.access_of(world.make_public(WEATHER)) == "public"


def test_a_misspelt_name(world: World) -> None:
    """A test that changes a repository which is not there hears about it."""
    with pytest.raises(UnknownRepositoryError, match="nobody/nothing"):
        world.change("nobody/nothing", stars=1)
