"""Whose catalogue is this? Keeps one community from importing the memory of another. Pure.

A repository made from a template brings along the registry, and with it the address of somebody
else's site. What is found there must be neither taken over nor, on the first night, announced as
a list of projects that left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.facts.snapshot import Snapshot
from aggregator.registry.registry import Registry
from aggregator.words.errors import StateError

CURE = (
    "set showcase.url, --state or --copy to what is this community's own; "
    "when it is meant, such as after moving, say --adopt"
)


@dataclass(frozen=True, slots=True)
class Community:
    """What tells a community from others, as far as it is known.

    Args:
        identity: `showcase.identity`, or what the catalogue took on at its first run.
        repository_id: GitHub's number of the repository that the showcase is built from; it
            survives a rename and a transfer, and a copy has another.
    """

    identity: str | None = None
    repository_id: int | None = None


def owner_of(snapshot: Snapshot) -> Community:
    """Say whose a catalogue is, by what it says about itself."""
    return Community(snapshot.community, snapshot.repository_id)


def listed_keys(registry: Registry) -> frozenset[str]:
    """List the names of a registry as a catalogue files them."""
    return frozenset(str(entry.repo).casefold() for entry in registry.projects)


def known_keys(snapshot: Snapshot) -> frozenset[str]:
    """List all names that a catalogue knows its entries by, old and new."""
    current = (r.identity.name_with_owner for r in snapshot.records.values() if r.identity)
    return frozenset(snapshot.records) | {name.casefold() for name in current}


def strangeness(
    ours: Community, theirs: Community, listed: Iterable[str], known: Iterable[str]
) -> str | None:
    """Say why a memory is somebody else's, or None when it may be ours.

    Args:
        ours: this community.
        theirs: whose the memory says it is.
        listed: names in our registry, as a catalogue files them.
        known: names in the memory.
    """
    numbers = (ours.repository_id, theirs.repository_id)
    if None not in numbers and numbers[0] != numbers[1]:
        return (
            f"it belongs to repository {numbers[1]} on GitHub, and this is repository {numbers[0]}"
        )
    names = (ours.identity, theirs.identity)
    if None not in names and names[0] != names[1]:
        return f"it says that it is {names[1]!r}, and this community is {names[0]!r}"
    if None not in names or None not in numbers:
        return None
    here, there = frozenset(listed), frozenset(known)
    if here and there and here.isdisjoint(there):
        return f"none of its {len(there)} projects is in the registry"
    return None


def refuse_stranger(snapshot: Snapshot, registry: Registry, ours: Community, where: str) -> None:
    """Raise StateError when a catalogue is another community's.

    Args:
        snapshot: what the catalogue holds.
        registry: what members of this community wrote.
        ours: this community.
        where: the catalogue's place, for the message.
    """
    why = strangeness(ours, owner_of(snapshot), listed_keys(registry), known_keys(snapshot))
    if why:
        raise StateError(f"{where} is the catalogue of another community", why, CURE)
