"""The first page: what is worth a look now, and ways to look around.

No project stands twice on the first page: each part takes from those that are left, in the order
of the page. What depends on the day goes by the last run, and changes with its week, with its
month, or when something happens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import ClassVar, NamedTuple

from aggregator.catalogue.types import Catalogue, Group, Project
from aggregator.facts.snapshot import ChangeKind
from aggregator.registry.community import Person
from aggregator.site.distinctions import spotlight_of
from aggregator.site.events import ENOUGH_TO_SHOW_APART, Event
from aggregator.site.frame import Anchor, Frame, PageContext, group_anchor
from aggregator.site.pages.cards import (
    Card,
    by_title,
    card_of,
    cards_of,
    lately_pushed,
)
from aggregator.site.pages.groups import offered_groups
from aggregator.site.pages.lists import BrowseColumn
from aggregator.site.pages.telling import (
    Illustration,
    ListedPath,
    beginning_of,
    illustration_of,
    listed_paths,
    story_path,
)
from aggregator.site.talks import ListedTalk, coming_talks, listed_talks
from aggregator.words.phrases import month_of, sentence
from aggregator.words.speech import later, say

_SUGGESTED = 5
_STORIES, _SHIPPED, _TALKS, _PATHS, _RECENT = 2, 4, 2, 3, 3
_BARS, _CHIPS = 5, 5
_LONG_TELLING, _SHORT_TELLING = 240, 120  # characters of a story
# Ways to part the projects, how each is called by `browse_columns`, from how many parts on, what
# the way to all is called, and the projects that are in none of them.
_CHARTS = (
    ("stages/", later("By stage"), 3, later("All stages"), later("No stage given")),
    ("tags/", later("By tag"), 4, later("All tags"), later("No tag given")),
    ("languages/", later("By language"), 3, later("All languages"), later("Language not known")),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups of projects as bars: each with how long its bar is, in hundredths of the longest.

    `without` is the bar of the projects that are in none of the groups; none where there are none.
    """

    title: str
    bars: tuple[tuple[Anchor, int], ...]
    without: tuple[Anchor, int] | None
    more: Anchor | None


@dataclass(frozen=True, slots=True)
class StoryTeaser:
    """How a story begins, with its language and the project that it is of."""

    illustration: Illustration
    title: str
    title_language: str
    path: str
    words: str
    language: str
    told_by: str | None
    told_on: date | None

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return self.illustration.loads_pictures


@dataclass(frozen=True, kw_only=True)
class Spotlight:
    """The project of the week: its card, how its story begins, whom to ask.

    `picture` is the one that goes with its story, and is shown in place of the card's.
    """

    card: Card
    picture: Illustration | None
    story: StoryTeaser | None
    people: tuple[Anchor, ...]

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return self.picture is None and self.card.loads_pictures


@dataclass(frozen=True, slots=True)
class Shipment:
    """One good thing that a project brought in the month of the last run."""

    day: date
    title: str
    path: str
    words: str


@dataclass(frozen=True, kw_only=True)
class HomePage(PageContext):
    """The first page: what this is, what is worth a look now, ways to look around.

    Args:
        shipped_in: the month of what was shipped, in words; "" where nothing was.
        cards: projects of which nothing else stands here, `cards_title` says which.
        has_projects: whether there is anything to look at.
    """

    template: ClassVar[str] = "home/index.html"
    chart: Chart | None
    suggestions: tuple[Anchor, ...]
    spotlight: Spotlight | None
    stories: tuple[StoryTeaser, ...]
    shipped_in: str
    shipped: tuple[Shipment, ...]
    talks: tuple[ListedTalk, ...]
    paths: tuple[ListedPath, ...]
    cards_title: str
    cards: tuple[Card, ...]
    browse: tuple[BrowseColumn, ...]
    has_projects: bool


def home_page(
    frame: Frame,
    catalogue: Catalogue,
    events: Sequence[Event],
    named: Mapping[str, Sequence[Group]],
    browse: tuple[BrowseColumn, ...],
) -> HomePage:
    """Make the first page: each part takes from the projects that no part before it has."""
    shown = [p for p in catalogue.projects if not p.standing.outcome.erases]
    left = _Left(shown)
    star = left.take_one(spotlight_of(shown, frame.ran))
    stories = left.take(_by_story(shown), _STORIES)
    shipments = _shipments(left, shown, events, frame)
    talks = _coming_talks(left, catalogue, frame)
    few = len(shown) <= ENOUGH_TO_SHOW_APART
    cards = (
        left.take(by_title(shown), len(shown)) if few else left.take(lately_pushed(shown), _RECENT)
    )
    chart = _chart(named, catalogue.projects)
    name, tagline = frame.site.title, frame.site.tagline
    return HomePage(
        page=frame.page("", name, tagline or say("The projects of %(name)s.", name=name)),
        chart=chart,
        suggestions=offered_groups("tags/", named)[:_SUGGESTED],
        spotlight=_spotlight(star, catalogue.described, frame) if star else None,
        stories=tuple(_teaser(project, frame) for project in stories),
        shipped_in=month_of(frame.ran) if frame.ran and shipments else "",
        shipped=shipments,
        talks=talks,
        paths=listed_paths(catalogue.paths)[:_PATHS],
        cards_title=say("More projects") if few else say("Recently active"),
        cards=cards_of(cards, frame),
        browse=tuple(
            replace(column, chips=column.chips[:_CHIPS])
            for column in browse
            if not chart or column.title != chart.title
        ),
        has_projects=bool(catalogue.projects),
    )


class _Left:
    """The projects that nothing on the page is about yet."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self._keys = {project.key for project in projects}

    def __contains__(self, project: Project) -> bool:
        return project.key in self._keys

    def take(self, wanted: Iterable[Project], most: int) -> list[Project]:
        """Take the first of those that are left, and leave them to nobody else."""
        found = [project for project in wanted if project in self][:most]
        self._keys -= {project.key for project in found}
        return found

    def take_one(self, wanted: Project | None) -> Project | None:
        return next(iter(self.take([wanted] if wanted else [], 1)), None)


def _spotlight(project: Project, described: Mapping[str, Person], frame: Frame) -> Spotlight:
    people = []
    for login in project.people:
        person = described.get(login.lower())
        people.append(Anchor((person and person.name) or login, f"people/{login.lower()}/"))
    story = _teaser(project, frame, _LONG_TELLING) if project.story_html else None
    picture = story.illustration if story and story.illustration.file else None
    card = card_of(project, frame)
    return Spotlight(card=card, picture=picture, story=story, people=tuple(people))


def _by_story(projects: Iterable[Project]) -> list[Project]:
    """Choose the projects with a story, the latest first."""
    told = [project for project in by_title(projects) if project.story_html]
    return sorted(told, key=lambda project: project.story_date or date.min, reverse=True)


def _teaser(project: Project, frame: Frame, length: int = _SHORT_TELLING) -> StoryTeaser:
    """Give how a story begins, and who tells it."""
    return StoryTeaser(
        illustration=illustration_of(project, frame.site.web),
        title=project.title,
        title_language=project.title_language,
        path=story_path(project.page),
        words=beginning_of(project.story_html or "", length),
        language=project.story_language,
        told_by=project.story_by,
        told_on=project.story_date,
    )


def _shipments(
    left: _Left, projects: Iterable[Project], events: Iterable[Event], frame: Frame
) -> tuple[Shipment, ...]:
    """List what was released, came and was celebrated in the month of the last run, one each."""
    if frame.ran is None:
        return ()
    month = frame.ran.date().replace(day=1)
    best: dict[str, tuple[_News, Project]] = {}
    for news, project in chain(_celebrated(projects), _happened(events), _listed(projects)):
        so_far = best.get(project.key)
        in_time = month <= news.day <= frame.ran.date()
        if in_time and (not so_far or news.worth > so_far[0].worth):
            best[project.key] = news, project
    newest = sorted(best.values(), key=lambda one: (-one[0].day.toordinal(), one[1].key))
    taken = {project.key for project in left.take((p for _, p in newest), _SHIPPED)}
    return tuple(
        Shipment(news.day, project.title, project.page, news.words)
        for news, project in newest
        if project.key in taken
    )


class _News(NamedTuple):
    """One good thing, and how it compares with others of the same project."""

    worth: int
    day: date
    words: str


def _celebrated(projects: Iterable[Project]) -> Iterator[tuple[_News, Project]]:
    for project in projects:
        for one in project.celebrations:
            if one.date:
                yield _News(3, one.date, one.text), project


def _happened(events: Iterable[Event]) -> Iterator[tuple[_News, Project]]:
    for event in events:
        project, change = event.project, event.change
        if project is None or event.opening:
            continue
        day = change.date.date()
        if change.kind is ChangeKind.RELEASED:
            details = project.facts.details if project.facts else None
            first = details is not None and details.releases_count == 1
            yield _News(2, day, _released(change.after, first=first)), project
        elif change.kind is ChangeKind.ADDED:
            yield _News(1, day, _new_here()), project


def _listed(projects: Iterable[Project]) -> Iterator[tuple[_News, Project]]:
    return ((_News(1, p.added, _new_here()), p) for p in projects if p.added)


def _new_here() -> str:
    return say("New in the showcase")


def _released(version: str | None, *, first: bool) -> str:
    if first and version:
        return say("Its first release: %(version)s", version=version)
    if first:
        return say("Its first release")
    return say("Released %(version)s", version=version) if version else say("A new release")


def _coming_talks(left: _Left, catalogue: Catalogue, frame: Frame) -> tuple[ListedTalk, ...]:
    """List the next talks; what one is about is left out where its project stands on the page."""
    by_page = {project.page: project for project in catalogue.projects}
    talks = listed_talks(catalogue.projects, catalogue.talks, catalogue.showcase.timezone)
    return tuple(
        one
        if one.project and left.take_one(by_page[one.project.path])
        else replace(one, project=None)
        for one in coming_talks(talks, frame.ran)[:_TALKS]
    )


def _chart(named: Mapping[str, Sequence[Group]], projects: Sequence[Project]) -> Chart | None:
    """Draw the first way to part the projects that parts them into enough."""
    for folder, title, least, all_of_them, none_of_them in _CHARTS:
        anchors = offered_groups(folder, named)
        if len(anchors) < least:
            continue
        if folder == "stages/":  # which stand in the community's order
            anchors = tuple(group_anchor(folder, group) for group in named[folder])
        shown = [replace(one, text=sentence(one.text)) for one in anchors[:_BARS]]
        parted = {project.key for group in named[folder] for project in group.projects}
        rest = sum(project.key not in parted for project in projects)
        longest = max(rest, *(one.count or 1 for one in shown))
        more = Anchor(say(all_of_them), folder)
        bars = [(one, round(100 * (one.count or 0) / longest)) for one in shown]
        without = Anchor(say(none_of_them), "", rest), round(100 * rest / longest)
        return Chart(
            say(title),
            tuple(bars),
            without if rest else None,
            more if len(anchors) > _BARS else None,
        )
    return None
