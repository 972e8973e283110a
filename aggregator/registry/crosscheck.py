"""What only shows when the parts of a registry stand side by side.

Duplicates, and references to organisations and stages that nobody declared. Pure:
takes what was read, gives what can be used and the mistakes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aggregator.registry.judge import Judged
from aggregator.registry.messages import listed, near
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry, Organisation, Showcase
from aggregator.registry.rules import shown
from aggregator.words.names import slug_of

T = TypeVar("T", Entry, Organisation)
Finder = Callable[[Entry, str, int | str], Place]


@dataclass(frozen=True, slots=True)
class Checked:
    """The entries and organisations that can be used, and what is wrong with the rest."""

    organisations: tuple[Organisation, ...]
    projects: tuple[Entry, ...]
    mistakes: list[Mistake] = field(default_factory=list)


def crosscheck(
    showcase: Showcase,
    organisations: Sequence[Judged[Organisation]],
    projects: Sequence[Judged[Entry]],
    *,
    written_slugs: frozenset[str],
    place_of: Finder,
) -> Checked:
    """Check the parts of a registry against each other.

    A reference that leads nowhere is dropped and the entry stays, so that a change
    to the lists at the top of the registry cannot empty a site.

    Args:
        showcase: Settings, for the stages.
        organisations: All that could be read, in file order.
        projects: All that could be read, in file order.
        written_slugs: Slugs of all organisations, in lower case, the unusable ones too;
            naming one of those is not the entry's mistake.
        place_of: Finds the place of one value of an entry: field and index.
    """
    mistakes: list[Mistake] = []
    bodies = _one_of_each(organisations, lambda body: body.slug, "organisation", mistakes)
    _check_owners([body.value for body in bodies], mistakes)
    _check_websites([body.value for body in bodies], showcase, mistakes)
    entries = _one_of_each(projects, lambda entry: entry.repo.key, "repository", mistakes)
    check = _References(
        showcase,
        tuple(body.value for body in bodies),
        written_slugs,
        place_of,
        mistakes,
        frozenset(body.value.slug for body in bodies),
        _other_names([body.value for body in bodies]),
    )
    mended = [check.mended(judged.value) for judged in projects]
    kept = {judged.value.where for judged in entries}
    return Checked(check.bodies, tuple(e for e in mended if e.where in kept), mistakes)


def _one_of_each(
    things: Iterable[Judged[T]], key: Callable[[T], str], noun: str, mistakes: list[Mistake]
) -> list[Judged[T]]:
    """Report every repetition and keep the first one of each, a flawless one if there is any."""
    first: dict[str, T] = {}
    kept: dict[str, Judged[T]] = {}
    for thing in things:
        name = key(thing.value)
        if name in first:
            what = f"this {noun} is already listed ({shown(name)}, {first[name].where})"
            mistakes.append(Mistake(thing.value.where, what, "delete one of the two"))
        first.setdefault(name, thing.value)
        if name not in kept or (thing.flawless and not kept[name].flawless):
            kept[name] = thing
    return list(kept.values())


def _other_names(bodies: Iterable[Organisation]) -> dict[str, str]:
    """Find slugs by what else people call an organisation."""
    pairs = ((name, body.slug) for body in bodies for name in (body.name, body.acronym) if name)
    return {name.casefold(): slug for name, slug in pairs}


def _check_owners(bodies: Sequence[Organisation], mistakes: list[Mistake]) -> None:
    seen: dict[str, Organisation] = {}
    for body in bodies:
        for owner in body.github:
            first = seen.setdefault(owner.lower(), body)
            if first is not body:
                what = f"the GitHub owner {shown(owner)} already belongs to {shown(first.slug)}"
                mistakes.append(Mistake(body.where, what, "list each owner under one organisation"))


def _check_websites(
    bodies: Iterable[Organisation], showcase: Showcase, mistakes: list[Mistake]
) -> None:
    for body in bodies:
        if domain := showcase.blocklist.domain_of(body.url):
            what = f"url: the community blocks {domain}, so this link is left out"
            mistakes.append(Mistake(body.where, what, "write its address of today, or none"))


@dataclass(frozen=True, slots=True)
class _References:
    showcase: Showcase
    bodies: tuple[Organisation, ...]
    written_slugs: frozenset[str]
    place_of: Finder
    mistakes: list[Mistake]
    slugs: frozenset[str]
    other_names: Mapping[str, str]

    def mended(self, entry: Entry) -> Entry:
        """Give the entry without the references that lead nowhere."""
        self._report_blocked(entry)
        changes: dict[str, object] = {}
        if entry.organisation is not None:
            changes["organisation"] = self._slug(entry, "organisation", entry.organisation, 0)
        if entry.used_by:
            users = [self._slug(entry, "used_by", s, i) for i, s in enumerate(entry.used_by)]
            changes["used_by"] = tuple(dict.fromkeys(slug for slug in users if slug))
        if entry.stage is not None and entry.stage not in self.showcase.stages:
            changes["stage"] = self._stage(entry, entry.stage)
        return entry.model_copy(update=changes) if changes else entry

    def _report_blocked(self, entry: Entry) -> None:
        """Tell the member about addresses that the site will not lead to."""
        links: list[tuple[str, int | str, str | None]] = [("links", *link) for link in entry.links]
        links += [("talks", number, talk.url) for number, talk in enumerate(entry.talks)]
        blocked = self.showcase.blocklist
        for name, part, url in links:
            if domain := blocked.domain_of(url):
                what = f"{name}: the community blocks {domain}, so this link is left out"
                cure = "write an address of another site, or delete the line"
                self.mistakes.append(Mistake(self.place_of(entry, name, part), what, cure))
        for name in ("title", "summary", "story"):
            text = getattr(entry, name) or ""
            if blocked.stripped(text) != text:
                what = f"{name}: the community blocks a domain that it links to"
                cure = "take the address out; a note stands in its place"
                self.mistakes.append(Mistake(self.place_of(entry, name, 0), what, cure, "hint"))

    def _slug(self, entry: Entry, name: str, written: str, index: int) -> str | None:
        if written in self.slugs:
            return written
        place = self.place_of(entry, name, index)
        if written.lower() in self.slugs:
            return self._read_as(place, name, written, written.lower())
        if written.lower() in self.written_slugs:
            return None
        what = f"{name}: there is no organisation {shown(written)}"
        self.mistakes.append(Mistake(place, what, self._organisation_cure(written)))
        return None

    def _organisation_cure(self, written: str) -> str:
        if not self.slugs:
            return "add it to the list `organisations` at the top of the registry"
        meant = self.other_names.get(written.casefold()) or near(written, sorted(self.slugs))
        if meant:
            return f"did you mean `{meant}`?"
        return f"use one of {listed(sorted(self.slugs))}, or add it to the list `organisations`"

    def _stage(self, entry: Entry, stage: str) -> str | None:
        place = self.place_of(entry, "stage", 0)
        stages = self.showcase.stages
        same = next((known for known in stages if slug_of(known) == slug_of(stage)), None)
        if same:
            return self._read_as(place, "stage", stage, same)
        meant = near(stage, stages)
        cure = f"did you mean {meant}?" if meant else f"use one of {listed(stages)}"
        self.mistakes.append(Mistake(place, f"stage: there is no stage {shown(stage)}", cure))
        return None

    def _read_as(self, place: Place, name: str, written: str, meant: str) -> str:
        what = f"{name}: {shown(written)} is read as {shown(meant)}"
        self.mistakes.append(Mistake(place, what, f"write {meant}", "hint"))
        return meant
