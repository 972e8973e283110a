"""What only shows when the parts of a registry stand side by side.

Duplicates, references to organisations, stages and projects that nobody declared, words that
nothing uses, blocked domains. Pure: takes the parts that could be read, gives the registry that can
be used and every mistake beside it. What is wrong inside one part was found in `validation`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from aggregator.registry.community import LearningPath, Person, Step, Talk, Term
from aggregator.registry.consistency import consistent_settings
from aggregator.registry.declaration import Written, field_names
from aggregator.registry.mistakes import Mistakes, Place, near, shown
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.outline import TERMS
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.registry.tree import Items
from aggregator.registry.validation import Reading
from aggregator.words.names import EXAMPLE_CURE, IS_EXAMPLE, RepoName, slug_of
from aggregator.words.phrases import listed

W = TypeVar("W", bound=Written)

_UNLINK = "write an address of another site, or delete the line"


@dataclass(frozen=True)
class RegistryParts:
    """All parts of a registry that could be read, each list in file order.

    `written_slugs` are those of all organisations, in lower case, the unusable ones too: naming
    one of those is not the mistake of whoever does. `terms` are by the name of their section.
    """

    settings: Reading[Showcase]
    organisations: Sequence[Reading[Organisation]]
    projects: Sequence[Reading[Entry]]
    written_slugs: frozenset[str] = frozenset()
    written_repos: frozenset[RepoName] = frozenset()
    people: Sequence[Reading[Person]] = ()
    paths: Sequence[Reading[LearningPath]] = ()
    talks: Sequence[Reading[Talk]] = ()
    terms: Mapping[str, Sequence[Reading[Term]]] = field(default_factory=dict)


def crosscheck(parts: RegistryParts, mistakes: Mistakes) -> Registry:
    """Check the parts of a registry against each other, and give what can be used.

    A reference that leads nowhere is dropped and what holds it stays, so that a change
    to the lists at the top of the registry cannot empty a site.

    Args:
        parts: All that could be read.
        mistakes: Takes in what is found.
    """
    once = _Once(mistakes)
    bodies = once.values(parts.organisations, lambda body: body.slug, "organisation")
    showcase = consistent_settings(parts.settings, mistakes)
    check = _Crosscheck(showcase, bodies, parts, mistakes)
    check.settings()
    check.organisations()
    entries = once.values(parts.projects, lambda entry: entry.repo.key, "repository")
    usable = {entry.where for entry in entries if not entry.repo.is_example}
    # Those that are listed twice are checked as well: either may be the one that stays.
    mended = [check.mended(reading) for reading in parts.projects]
    projects = tuple(entry for entry in mended if entry.where in usable)
    people = once.checked(parts.people, lambda one: one.login.lower(), "person", check.person)
    paths = once.checked(parts.paths, lambda one: one.slug, "path", check.path)
    talks = once.checked(
        parts.talks, lambda one: f"{one.title.casefold()} {one.date}", "talk", check.talk
    )
    return Registry(
        showcase,
        tuple(bodies),
        projects,
        people=people,
        paths=paths,
        talks=talks,
        terms=check.terms(once, projects),
    )


@dataclass(frozen=True)
class _Once:
    """Finds what is listed twice."""

    mistakes: Mistakes

    def of(
        self, readings: Iterable[Reading[W]], key: Callable[[W], str], noun: str
    ) -> list[Reading[W]]:
        """Report every repetition; keep the first one of each, a flawless one if there is any."""
        # The place that is named is the first one, even where a later one stays: that is the one
        # which a member who adds the second has not seen.
        first: dict[str, Place] = {}
        kept: dict[str, Reading[W]] = {}
        for reading in readings:
            name, place = key(reading.value), reading.value.where
            if name in first:
                what = f"this {noun} is already listed ({shown(name)}, {first[name]})"
                self.mistakes.add(place, what, "delete one of the two")
            first.setdefault(name, place)
            if name not in kept or (reading.flawless and not kept[name].flawless):
                kept[name] = reading
        return [*kept.values()]

    def checked(
        self,
        readings: Iterable[Reading[W]],
        key: Callable[[W], str],
        noun: str,
        check: Callable[[Reading[W]], W | None],
    ) -> tuple[W, ...]:
        """Check each, the repeated ones too; keep one of each of those that can be used."""
        listed_once = {reading.value.where for reading in self.of(readings, key, noun)}
        found = filter(None, map(check, readings))
        return tuple(one for one in found if one.where in listed_once)

    def values(self, readings: Iterable[Reading[W]], key: Callable[[W], str], noun: str) -> list[W]:
        return [reading.value for reading in self.of(readings, key, noun)]


@dataclass(frozen=True)
class _Crosscheck:
    showcase: Showcase
    bodies: Sequence[Organisation]
    parts: RegistryParts
    mistakes: Mistakes

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        return tuple(sorted(body.slug for body in self.bodies))

    @cached_property
    def other_names(self) -> Mapping[str, str]:
        """Slugs by what else people call an organisation."""
        names = ((name, b.slug) for b in self.bodies for name in (b.name, b.acronym) if name)
        return {name.casefold(): slug for name, slug in names}

    def settings(self) -> None:
        """Find a contact for accessibility that is blocked."""
        contact = self.showcase.accessibility.contact
        if contact and "@" not in contact:
            place = self.parts.settings.place("accessibility", "contact")
            self._report_blocked(place, "accessibility.contact", contact, _UNLINK)

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
        if entry.repo.is_example:
            what = f"repo: {shown(str(entry.repo))} {IS_EXAMPLE}"
            self.mistakes.add(reading.place("repo"), what, EXAMPLE_CURE)
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
        of_a_story = ("story_by", "story_date", "story_picture")
        name = next((name for name in of_a_story if getattr(entry, name)), None)
        if entry.story is None and name:
            cure = "write the story under `story`, or delete the line"
            self.mistakes.add(reading.place(name), f"{name}: there is no story here", cure, "hint")
        if entry.stage is not None:
            changes["stage"] = self._stage(reading.place("stage"), entry.stage)
        return replace(entry, **changes)

    def _report_blocked_in(self, reading: Reading[Entry]) -> None:
        """Tell the member about addresses that the site will not lead to."""
        entry = reading.value
        for name in field_names(Links):
            url = getattr(entry.links, name)
            self._report_blocked(reading.place("links", name), "links", url, _UNLINK)
        for name, parts in (("talks", entry.talks), ("celebrate", entry.celebrate)):
            for part in parts:
                self._report_blocked_of(reading, part, name)
                if isinstance(part, Talk):
                    self._report_timeless(part, reading.place_of(name, part, "time"))
        blocked = self.showcase.blocklist
        for name in ("title", "summary", "story"):
            text = getattr(entry, name) or ""
            if blocked.stripped(text) != text:
                what = f"{name}: the community blocks a domain that it links to"
                cure = "take the address out; a note stands in its place"
                self.mistakes.add(reading.place(name), what, cure, "hint")

    def person(self, reading: Reading[Person]) -> Person:
        """Give a person without an organisation that there is not."""
        person = reading.value
        self._report_blocked_of(reading, person)
        if person.organisation is None:
            return person
        slug = self._slug(reading.place("organisation"), "organisation", person.organisation)
        return replace(person, organisation=slug)

    def talk(self, reading: Reading[Talk]) -> Talk:
        """Find what leads to a blocked domain in a talk of no project, and a time without a day."""
        self._report_blocked_of(reading, reading.value)
        self._report_timeless(reading.value, reading.place("time"))
        return reading.value

    def path(self, reading: Reading[LearningPath]) -> LearningPath | None:
        """Give a path without the steps that lead nowhere; None when no step is left."""
        path = reading.value
        steps = tuple(step for step in path.steps if self._leads_somewhere(reading, step))
        written = reading.node.fields.get("steps", Items(path.where, ()))
        if isinstance(written, Items) and not written.items:
            cure = "add `steps:`, and below it a dash with `say:` and `repo:` or `url:` for each"
            self.mistakes.add(path.where, "this path has no steps", cure)
        return replace(path, steps=steps) if steps else None

    def _leads_somewhere(self, reading: Reading[LearningPath], step: Step) -> bool:
        if (step.repo is None) == (step.url is None):
            many = "both a `repo` and a `url`" if step.repo else "neither a `repo` nor a `url`"
            cure = "write one of them: `repo: owner/name` of a project here, or `url:` of a page"
            self.mistakes.add(step.where, f"this step has {many}", cure)
            return False
        if step.url and step.title is None:
            what = "this step has no `title`, so its bare address is shown"
            self.mistakes.add(step.where, what, "write what it is called, as `title: ...`", "hint")
        if step.url and self.showcase.blocklist.domain_of(step.url):
            self._report_blocked_of(reading, step, "steps")
            return False
        if step.repo is None or step.repo in self.repos:
            return True
        # A project with a mistake of its own is reported there, once.
        if step.repo not in self.parts.written_repos:
            meant = near(str(step.repo), map(str, self.repos))
            cure = f"did you mean {meant}?" if meant else "list it under `projects`, or use `url`"
            what = f"steps.repo: {shown(str(step.repo))} is not listed here"
            self.mistakes.add(reading.place_of("steps", step, "repo"), what, cure)
        return False

    @cached_property
    def repos(self) -> frozenset[RepoName]:
        return frozenset(reading.value.repo for reading in self.parts.projects)

    def terms(self, once: _Once, projects: Sequence[Entry]) -> dict[str, tuple[Term, ...]]:
        """Give what is said of words, by section; hint at words that nothing uses."""
        used = {
            "tags": [tag for entry in projects for tag in entry.tags],
            "kinds": [body.kind for body in self.bodies if body.kind],
            "stages": [*self.showcase.stages],
        }
        found = {}
        for section in TERMS:
            noun = section.removesuffix("s")
            readings = once.of(self.parts.terms.get(section, ()), lambda t: slug_of(t.name), noun)
            words = {slug_of(word): word for word in used[section]}
            found[section] = tuple(
                reading.value for reading in readings if self._is_word(reading, section, words)
            )
        return found

    def _is_word(self, reading: Reading[Term], section: str, words: Mapping[str, str]) -> bool:
        term, noun = reading.value, section.removesuffix("s")
        if not slug_of(term.name):
            what = f"{shown(term.name)} has no letter or digit"
            self.mistakes.add(reading.place("name"), what, f"write the {noun} itself")
            return False
        if term.seeks and section != "stages":
            what = "only projects at a stage look for something"
            self.mistakes.add(reading.place("seeks"), what, "move `seeks` to a stage")
        if term.group and section != "tags":
            what = f"only tags have a `group`, so this one of a {noun} is not shown"
            self.mistakes.add(reading.place("group"), what, "delete the line", "hint")
        if not (term.means or term.group or term.seeks):
            what = f"nothing is said here of {shown(term.name)}"
            self.mistakes.add(reading.place("name"), what, "add `means:` and a sentence", "hint")
        if slug_of(term.name) not in words:
            self._report_unused(reading, section, words)
            return section != "stages"
        return True

    def _report_unused(
        self, reading: Reading[Term], section: str, words: Mapping[str, str]
    ) -> None:
        """Say that nothing has this word; what is said of a stage that there is not is lost."""
        written, place = reading.value.name, reading.place("name")
        meant = near(written, words.values())
        if section == "stages":
            cure = f"did you mean {meant}?" if meant else f"use one of {listed([*words.values()])}"
            self.mistakes.add(place, f"there is no stage {shown(written)}", cure)
            return
        whose = "project has this tag" if section == "tags" else "organisation is of this kind"
        cure = f"did you mean {meant}?" if meant else "use it, or delete this"
        self.mistakes.add(place, f"{shown(written)}: no {whose}", cure, "hint")

    def _report_blocked_of(self, reading: Reading[Any], part: Written, within: str = "") -> None:
        """Report each address of a part, or of one of the groups in it, that is blocked."""
        for name in ("url", "recording"):
            place = reading.place_of(within, part, name) if within else reading.place(name)
            said = f"{within}.{name}" if within else name
            self._report_blocked(place, said, getattr(part, name, None), _UNLINK)

    def _report_timeless(self, talk: Talk, place: Place) -> None:
        if talk.time is not None and talk.date is None:
            cure = "add `date:` with the day"
            self.mistakes.add(place, "a time says nothing without its day", cure, "hint")

    def _report_blocked(self, place: Place, name: str, url: str | None, cure: str) -> None:
        if domain := self.showcase.blocklist.domain_of(url):
            what = f"{name}: the community blocks {domain}, so this link is left out"
            self.mistakes.add(place, what, cure)

    def _slug(self, place: Place, name: str, written: str) -> str | None:
        for slug in (written, written.lower()):
            if slug in self.slugs:
                return self._read_as(place, name, written, slug)
        # An organisation with a mistake of its own is reported there, once, and not at each entry.
        if written.lower() in self.parts.written_slugs:
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
