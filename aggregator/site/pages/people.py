"""People: those whom projects name as somebody to ask, and more of those who asked for it.

A name, a sentence and a place in the list of people are shown only of those who are described in
the registry; of all others only what projects say: their login.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.registry.community import Person
from aggregator.site.contents import kind_of_page
from aggregator.site.frame import Anchor, Frame, Outside, PageContext, organisation_anchor
from aggregator.site.pages.cards import PER_PAGE, Card, Pager, by_title, cards_of, paged
from aggregator.site.pages.telling import ToldStory, told_stories
from aggregator.site.talks import ListedTalk
from aggregator.words.addresses import web_address
from aggregator.words.phrases import plural, shortened
from aggregator.words.speech import say, say_many

PER_INDEX = 100
_FOLDER = "people/"
_DESCRIPTION = 200


@dataclass(frozen=True, kw_only=True)
class PersonPage(PageContext):
    """Somebody: what they made, said and wrote.

    Args:
        name: what they want to be called; None of those who did not ask to be described.
        about: what they do, in their words.
        organisation: whom they work for.
        count: how many projects name them as somebody to ask.
    """

    template: ClassVar[str] = "people/person.html"
    login: str
    name: str | None
    about: str | None
    organisation: Anchor | None
    outside: tuple[Outside, ...]
    count: int
    cards: tuple[Card, ...]
    stories: tuple[ToldStory, ...]
    talks: tuple[ListedTalk, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody in the list of people: `did` says how much of what."""

    anchor: Anchor
    about: str | None
    organisation: Anchor | None
    did: str


@dataclass(frozen=True, kw_only=True)
class PeoplePage(PageContext):
    """Those who asked to be shown here."""

    template: ClassVar[str] = "people/index.html"
    people: tuple[ListedPerson, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class _Found:
    """One person with everything that names them."""

    login: str
    person: Person | None
    projects: tuple[Project, ...]
    stories: tuple[ToldStory, ...]
    talks: tuple[ListedTalk, ...]

    @property
    def anchor(self) -> Anchor:
        return person_anchor(self.login, self.person)


def person_anchor(login: str, person: Person | None) -> Anchor:
    """Link to the page of somebody, by name where they asked to be described."""
    return Anchor((person and person.name) or login, f"{_FOLDER}{login.lower()}/")


def people_pages(
    frame: Frame,
    groups: Iterable[Group],
    described: Mapping[str, Person],
    organisations: Iterable[OrganisationGroup],
    told: tuple[Sequence[Project], Sequence[ListedTalk]],
) -> Iterator[PageContext]:
    """Make the list of people who are described, and the pages of each person that is named.

    Args:
        frame: of the site.
        groups: projects by the logins of those to ask about them.
        described: who asked for more, by login in small letters.
        organisations: for whom they may work.
        told: all projects, whose stories they may have told, and all talks.
    """
    found = _found(groups, described, told_stories(frame, told[0]), told[1])
    bodies = {g.organisation.slug: organisation_anchor(g.organisation) for g in organisations}
    listed = [_listed(one, bodies) for one in found if one.person]
    for folder, part, pager in paged(listed, _FOLDER, PER_INDEX) if listed else ():
        yield PeoplePage(
            page=frame.page(folder, pager.title(kind_of_page(_FOLDER).title)),
            people=part,
            pager=pager,
        )
    for one in found:
        yield from _person_pages(frame, one, bodies)


def _found(
    groups: Iterable[Group],
    described: Mapping[str, Person],
    stories: Sequence[ToldStory],
    talks: Sequence[ListedTalk],
) -> list[_Found]:
    """Join spellings of a login that differ in case: they are one person, as they are to GitHub."""
    logins = {low: person.login for low, person in described.items()}
    projects: dict[str, dict[str, Project]] = {low: {} for low in described}
    for group in groups:
        low = group.name.lower()
        logins.setdefault(low, group.name)
        projects.setdefault(low, {}).update({one.key: one for one in group.projects})
    everybody = []
    for low in sorted(logins):
        person = described.get(low)
        names = {name.casefold() for name in (person.name, person.login) if name} if person else ()
        everybody.append(
            _Found(
                login=logins[low],
                person=person,
                projects=tuple(by_title(projects[low].values())),
                stories=tuple(s for s in stories if s.by and s.by.casefold() in names),
                talks=_newest_first(
                    t for t in talks if {s.casefold() for s in t.talk.speakers} & {*names}
                ),
            )
        )
    return everybody


def _newest_first(talks: Iterable[ListedTalk]) -> tuple[ListedTalk, ...]:
    return tuple(sorted(talks, key=lambda one: one.talk.date or date.min, reverse=True))


def _listed(one: _Found, bodies: Mapping[str, Anchor]) -> ListedPerson:
    did = (
        (one.projects, plural(len(one.projects), "project")),
        (one.stories, plural(len(one.stories), "story", "stories")),
        (one.talks, plural(len(one.talks), "talk")),
    )
    person = one.person
    return ListedPerson(
        anchor=one.anchor,
        about=person.about if person else None,
        organisation=_body(person, bodies),
        did=", ".join(words for things, words in did if things),
    )


def _person_pages(frame: Frame, one: _Found, bodies: Mapping[str, Anchor]) -> Iterator[PersonPage]:
    person = one.person
    own = Outside(say("Website"), web_address(person.url)) if person and person.url else None
    profile = Outside(say("Profile on GitHub"), f"{frame.site.web}/{one.login}")
    words = person.about if person else None
    words = words or say_many(
        len(one.projects),
        "%(name)s: somebody to ask about %(count)s project.",
        "%(name)s: somebody to ask about %(count)s projects.",
        name=one.anchor.text,
    )
    cards = cards_of(one.projects, frame)
    for folder, part, pager in paged(cards, one.anchor.path, PER_PAGE):
        first = pager.number == 1
        yield PersonPage(
            page=frame.page(folder, pager.title(one.anchor.text), shortened(words, _DESCRIPTION)),
            login=one.login,
            name=person.name if person else None,
            about=person.about if person else None,
            organisation=_body(person, bodies),
            outside=tuple(filter(None, (own, profile))),
            count=len(one.projects),
            cards=part,
            stories=one.stories if first else (),
            talks=one.talks if first else (),
            pager=pager,
        )


def _body(person: Person | None, bodies: Mapping[str, Anchor]) -> Anchor | None:
    return bodies.get(person.organisation) if person and person.organisation else None
