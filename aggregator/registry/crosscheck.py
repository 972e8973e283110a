"""What only shows when the parts of a registry stand side by side.

Duplicates, and references to organisations and stages that nobody declared. Pure:
takes what was read, gives what can be used and the mistakes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aggregator.registry.messages import listed, near
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry, Organisation, Showcase
from aggregator.registry.names import slug_of
from aggregator.registry.rules import shown

T = TypeVar("T", Entry, Organisation)
Finder = Callable[[Entry, str, int], Place]


@dataclass(frozen=True, slots=True)
class Checked:
    """The entries and organisations that can be used, and what is wrong with the rest."""

    organisations: tuple[Organisation, ...]
    projects: tuple[Entry, ...]
    mistakes: list[Mistake] = field(default_factory=list)


def crosscheck(
    showcase: Showcase,
    organisations: Sequence[Organisation],
    projects: Sequence[Entry],
    *,
    lost_slugs: frozenset[str],
    place_of: Finder,
) -> Checked:
    """Check the parts of a registry against each other.

    Args:
        showcase: Settings, for the stages.
        organisations: Those that are sound in themselves, in file order.
        projects: Those that are sound in themselves, in file order.
        lost_slugs: Slugs of organisations that were written but had to be left out;
            naming one of them is not the entry's fault.
        place_of: Finds the place of one value of an entry: field and index.
    """
    mistakes: list[Mistake] = []
    bodies = _first_of_each(organisations, lambda body: body.slug, "organisation", mistakes)
    _check_owners(bodies, mistakes)
    entries = _first_of_each(projects, lambda entry: entry.repo.key, "repository", mistakes)
    slugs = {body.slug for body in bodies}
    check = _References(showcase, bodies, slugs, lost_slugs, place_of, mistakes)
    return Checked(tuple(bodies), tuple(check.mended(entry) for entry in entries), mistakes)


def _first_of_each(
    things: Iterable[T], key: Callable[[T], str], noun: str, mistakes: list[Mistake]
) -> list[T]:
    seen: dict[str, T] = {}
    for thing in things:
        first = seen.setdefault(key(thing), thing)
        if first is not thing:
            what = f"this {noun} is already listed ({shown(key(thing))}, {first.where})"
            mistakes.append(Mistake(thing.where, what, "delete one of the two"))
    return list(seen.values())


def _check_owners(bodies: Sequence[Organisation], mistakes: list[Mistake]) -> None:
    seen: dict[str, Organisation] = {}
    for body in bodies:
        for owner in body.github:
            first = seen.setdefault(owner.lower(), body)
            if first is not body:
                what = f"the GitHub owner {shown(owner)} already belongs to {shown(first.slug)}"
                mistakes.append(Mistake(body.where, what, "list each owner under one organisation"))


@dataclass(frozen=True, slots=True)
class _References:
    showcase: Showcase
    bodies: Sequence[Organisation]
    slugs: set[str]
    lost_slugs: frozenset[str]
    place_of: Finder
    mistakes: list[Mistake]

    def mended(self, entry: Entry) -> Entry:
        """Give the entry without the references that lead nowhere."""
        changes: dict[str, object] = {}
        if entry.organisation and not self._knows(entry, "organisation", entry.organisation):
            changes["organisation"] = None
        users = tuple(
            slug for i, slug in enumerate(entry.used_by) if self._knows(entry, "used_by", slug, i)
        )
        if users != entry.used_by:
            changes["used_by"] = users
        if entry.stage is not None and entry.stage not in self.showcase.stages:
            changes["stage"] = self._stage(entry, entry.stage)
        return entry.model_copy(update=changes) if changes else entry

    def _knows(self, entry: Entry, name: str, slug: str, index: int = 0) -> bool:
        if slug in self.slugs:
            return True
        if slug not in self.lost_slugs:
            what = f"{name}: there is no organisation {shown(slug)}"
            self.mistakes.append(
                Mistake(self.place_of(entry, name, index), what, self._organisation_cure(slug))
            )
        return False

    def _organisation_cure(self, slug: str) -> str:
        if not self.bodies:
            return "add it to the list `organisations` at the top of the registry"
        words = {body.slug: body.slug for body in self.bodies}
        for body in self.bodies:
            words |= {slug_of(body.name): body.slug, slug_of(body.acronym or ""): body.slug}
        meant = near(slug, [word for word in words if word])
        if meant:
            return f"did you mean `{words[meant]}`?"
        return (
            f"use one of {listed(sorted(self.slugs))}, "
            "or add it to the list `organisations` at the top of the registry"
        )

    def _stage(self, entry: Entry, stage: str) -> str | None:
        place = self.place_of(entry, "stage", 0)
        for known in self.showcase.stages:
            if slug_of(known) == slug_of(stage):
                what = f"stage: {shown(stage)} is read as {shown(known)}"
                self.mistakes.append(Mistake(place, what, f"write {known}", "hint"))
                return known
        meant = near(stage, self.showcase.stages)
        cure = f"did you mean {meant}?" if meant else f"use one of {listed(self.showcase.stages)}"
        self.mistakes.append(Mistake(place, f"stage: there is no stage {shown(stage)}", cure))
        return None
