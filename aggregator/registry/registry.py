"""The registry as a whole, and what only shows when its parts stand side by side.

Duplicates, references to organisations and stages that nobody declared, blocked domains. Pure:
takes the parts that could be read, gives the registry that can be used and every mistake beside it.
What is wrong inside one part was found in `validation`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from aggregator.registry.community import LearningPath, Person, Term
from aggregator.registry.declaration import field_names
from aggregator.registry.mistakes import Mistake, Mistakes, Place, near, shown
from aggregator.registry.models import Entry, Links, Organisation, Showcase, Talk
from aggregator.registry.validation import Reading
from aggregator.words.names import RepoName, slug_of
from aggregator.words.phrases import listed

T = TypeVar("T", Entry, Organisation)


@dataclass(frozen=True)
class Registry:
    """Everything members wrote that can be used, and every mistake beside it.

    `talks` are those that belong to no project; `terms` are by "tags", "kinds" and "stages".
    """

    showcase: Showcase = field(default_factory=Showcase)
    organisations: tuple[Organisation, ...] = ()
    projects: tuple[Entry, ...] = ()
    people: tuple[Person, ...] = ()
    paths: tuple[LearningPath, ...] = ()
    talks: tuple[Talk, ...] = ()
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    glossary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def organisation_of(self, entry: Entry) -> Organisation | None:
        """Find the organisation an entry names, or else the one that lists its owner."""
        slug = entry.organisation or self._owners.get(entry.repo.owner.lower())
        return self._by_slug.get(slug) if slug else None

    def organisation(self, slug: str) -> Organisation | None:
        """Find an organisation by its slug."""
        return self._by_slug.get(slug)

    def entry(self, repo: RepoName) -> Entry | None:
        """Find the entry that lists a repository, whatever the case of its letters."""
        return self._by_repo.get(repo)

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """The mistakes that keep something off the site."""
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        pairs = [(o.lower(), org.slug) for org in self.organisations for o in org.github]
        return dict(reversed(pairs))  # the first organisation that lists an owner has it

    @cached_property
    def _by_slug(self) -> Mapping[str, Organisation]:
        return {organisation.slug: organisation for organisation in self.organisations}

    @cached_property
    def _by_repo(self) -> Mapping[RepoName, Entry]:
        return {entry.repo: entry for entry in self.projects}


def crosscheck(
    settings: Reading[Showcase],
    organisations: Sequence[Reading[Organisation]],
    projects: Sequence[Reading[Entry]],
    written_slugs: frozenset[str],
    mistakes: Mistakes,
) -> Registry:
    """Check the parts of a registry against each other, and give what can be used.

    A reference that leads nowhere is dropped and the entry stays, so that a change
    to the lists at the top of the registry cannot empty a site.

    Args:
        settings: The settings, for the stages and the blocked domains.
        organisations: All that could be read, in file order.
        projects: All that could be read, in file order.
        written_slugs: Slugs of all organisations, in lower case, the unusable ones too;
            naming one of those is not the entry's mistake.
        mistakes: Takes in what is found.
    """
    bodies = _one_of_each(organisations, lambda body: body.slug, "organisation", mistakes)
    showcase = _with_each_stage_once(settings, mistakes)
    check = _Crosscheck(showcase, bodies, written_slugs, mistakes)
    check.organisations()
    entries = _one_of_each(projects, lambda entry: entry.repo.key, "repository", mistakes)
    usable = {entry.where for entry in entries}
    # Those that are listed twice are checked as well: either may be the one that stays.
    mended = [check.mended(reading) for reading in projects]
    return Registry(showcase, tuple(bodies), tuple(e for e in mended if e.where in usable))


def _with_each_stage_once(settings: Reading[Showcase], mistakes: Mistakes) -> Showcase:
    """Keep the first of two stages that would share a page, and report the other."""
    first: dict[str, str] = {}
    for stage in settings.value.stages:
        known = first.setdefault(slug_of(stage), stage)
        if known is not stage:
            what = f"stages: {shown(stage)} is there already, as {shown(known)}"
            mistakes.add(settings.place("stages"), what, "keep one of the two")
    return replace(settings.value, stages=tuple(first.values()))


def _one_of_each(
    readings: Iterable[Reading[T]], key: Callable[[T], str], noun: str, mistakes: Mistakes
) -> list[T]:
    """Report every repetition and keep the first one of each, a flawless one if there is any."""
    # The place that is named is the first one, even where a later one stays: that is the one which
    # a member who adds the second has not seen.
    first: dict[str, Place] = {}
    kept: dict[str, Reading[T]] = {}
    for reading in readings:
        name, place = key(reading.value), reading.value.where
        if name in first:
            what = f"this {noun} is already listed ({shown(name)}, {first[name]})"
            mistakes.add(place, what, "delete one of the two")
        first.setdefault(name, place)
        if name not in kept or (reading.flawless and not kept[name].flawless):
            kept[name] = reading
    return [reading.value for reading in kept.values()]


@dataclass(frozen=True)
class _Crosscheck:
    showcase: Showcase
    bodies: Sequence[Organisation]
    written_slugs: frozenset[str]
    mistakes: Mistakes

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        return tuple(sorted(body.slug for body in self.bodies))

    @cached_property
    def other_names(self) -> Mapping[str, str]:
        """Slugs by what else people call an organisation."""
        names = ((name, b.slug) for b in self.bodies for name in (b.name, b.acronym) if name)
        return {name.casefold(): slug for name, slug in names}

    def organisations(self) -> None:
        """Find owners that two organisations claim, and websites that are blocked."""
        seen: dict[str, Organisation] = {}
        for body in self.bodies:
            for owner in body.github:
                first = seen.setdefault(owner.lower(), body)
                if first is not body:
                    what = f"the GitHub owner {shown(owner)} already belongs to {shown(first.slug)}"
                    self.mistakes.add(body.where, what, "list each owner under one organisation")
            self._report_blocked(body.where, "url", body.url, "write its address of today, or none")

    def mended(self, reading: Reading[Entry]) -> Entry:
        """Give the entry without the references that lead nowhere."""
        entry = reading.value
        self._report_blocked_in(reading)
        changes: dict[str, Any] = {}
        if entry.organisation is not None:
            place = reading.place("organisation")
            changes["organisation"] = self._slug(place, "organisation", entry.organisation)
        if entry.used_by:
            users = [
                self._slug(reading.place("used_by", index), "used_by", slug)
                for index, slug in enumerate(entry.used_by)
            ]
            changes["used_by"] = tuple(dict.fromkeys(slug for slug in users if slug))
        if entry.stage is not None:
            changes["stage"] = self._stage(reading.place("stage"), entry.stage)
        return replace(entry, **changes)

    def _report_blocked_in(self, reading: Reading[Entry]) -> None:
        """Tell the member about addresses that the site will not lead to."""
        entry, cure = reading.value, "write an address of another site, or delete the line"
        for name in field_names(Links):
            url = getattr(entry.links, name)
            self._report_blocked(reading.place("links", name), "links", url, cure)
        for index, talk in enumerate(entry.talks):
            self._report_blocked(reading.place("talks", index), "talks", talk.url, cure)
        blocked = self.showcase.blocklist
        for name in ("title", "summary", "story"):
            text = getattr(entry, name) or ""
            if blocked.stripped(text) != text:
                what = f"{name}: the community blocks a domain that it links to"
                cure = "take the address out; a note stands in its place"
                self.mistakes.add(reading.place(name), what, cure, "hint")

    def _report_blocked(self, place: Place, name: str, url: str | None, cure: str) -> None:
        if domain := self.showcase.blocklist.domain_of(url):
            what = f"{name}: the community blocks {domain}, so this link is left out"
            self.mistakes.add(place, what, cure)

    def _slug(self, place: Place, name: str, written: str) -> str | None:
        for slug in (written, written.lower()):
            if slug in self.slugs:
                return self._read_as(place, name, written, slug)
        # An organisation with a mistake of its own is reported there, once, and not at each entry.
        if written.lower() in self.written_slugs:
            return None
        meant = self.other_names.get(written.casefold()) or near(written, self.slugs)
        cure = f"use one of {listed(self.slugs)}, or add it to the list `organisations`"
        if not self.slugs:
            cure = "add it to the list `organisations` at the top of the registry"
        elif meant:
            cure = f"did you mean `{meant}`?"
        self.mistakes.add(place, f"{name}: there is no organisation {shown(written)}", cure)
        return None

    def _stage(self, place: Place, written: str) -> str | None:
        stages = self.showcase.stages
        for stage in stages:
            if slug_of(stage) == slug_of(written):
                return self._read_as(place, "stage", written, stage)
        meant = near(written, stages)
        cure = f"did you mean {meant}?" if meant else f"use one of {listed(stages)}"
        self.mistakes.add(place, f"stage: there is no stage {shown(written)}", cure)
        return None

    def _read_as(self, place: Place, name: str, written: str, meant: str) -> str:
        if written != meant:
            what = f"{name}: {shown(written)} is read as {shown(meant)}"
            self.mistakes.add(place, what, f"write {meant}", "hint")
        return meant
