"""A project in a list: what fits on a card, its notice, and how long lists go over pages.

Pure; called by every module of pages that lists projects.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import chain
from typing import TypeVar
from urllib.parse import urlsplit

from aggregator.catalogue.assemble import labels
from aggregator.catalogue.purpose import does
from aggregator.catalogue.types import Activity, Project
from aggregator.site.covers import WEIGHTS, Cover, cover_for
from aggregator.site.distinctions import Distinction, marks_of
from aggregator.site.frame import (
    Anchor,
    Frame,
    PageContext,
    ToldOnce,
    organisation_anchor,
    pushed_at,
)
from aggregator.words.phrases import shortened
from aggregator.words.speech import later, say
from aggregator.words.wall import CURE

ItemT = TypeVar("ItemT")

# A full listing page then weighs at most 30 KB compressed, which a test holds.
PER_PAGE = 60
_SUMMARY_LENGTH = 190
_TAGS_ON_A_CARD = 3
# Where GitHub keeps the pictures of READMEs: raw, user-images, private-user-images.
_PICTURES = ".githubusercontent.com"


@dataclass(frozen=True, slots=True)
class Pulse:
    """How lately something happened, in words and as bars filled from the left.

    `level` counts from 0 (not known) and 1 (quiet) to 4 (this month).
    """

    level: int
    text: str


_PULSES = {
    Activity.MONTH: later("Active this month"),
    Activity.QUARTER: later("Active this quarter"),
    Activity.YEAR: later("Active this year"),
    Activity.QUIET: later("Quiet for a year or more"),
    Activity.ARCHIVED: later("Archived"),
    Activity.UNKNOWN: later("Activity not known"),
}


@dataclass(frozen=True, repr=False, kw_only=True)
class Card(ToldOnce):
    """A project in a list; `notice` stands where the summary would.

    Args:
        cover: what is drawn above it.
        picture: the address of a picture that shows the project, laid over the cover.
        marks: what is special about it, the best news first.
        language: what its summary is written in, `title_language` what its title.
    """

    title: str
    cover: Cover
    picture: str | None
    marks: tuple[Distinction, ...]
    path: str
    owner: str
    organisation: Anchor | None
    title_language: str
    summary: str | None
    language: str
    pulse: Pulse
    stage: Anchor | None
    languages: tuple[Anchor, ...]
    licence: str | None
    tags: tuple[Anchor, ...]
    notice: str | None

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return self.picture is not None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a visitor must know before reading on, said kindly; nobody is blamed.

    `hides_summary`: on cards it stands where the summary would.
    """

    title: str
    text: str
    since: datetime | None = None
    hides_summary: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one page of many stands."""

    number: int
    last: int
    previous: str | None
    next: str | None

    def title(self, whole: str) -> str:
        """Call a page by the whole that it is a part of; only the first is called like it."""
        if self.number == 1:
            return whole
        return say(
            "%(title)s, page %(number)s of %(last)s",
            title=whole,
            number=self.number,
            last=self.last,
        )


def pulse_of(activity: Activity) -> Pulse:
    """Say how lately something happened."""
    return Pulse(WEIGHTS[activity], say(_PULSES[activity]))


def card_of(project: Project, frame: Frame) -> Card:
    """Give the card of a project, made once for each frame."""
    made = frame.made.get(project.key)
    if not isinstance(made, Card):
        made = frame.made[project.key] = _made_card(project, frame)
    return made


def _made_card(project: Project, frame: Frame) -> Card:
    notice = notice_of(project)
    erased = project.standing.outcome.erases
    languages = (frame.group("languages/", name) for name in project.languages)
    return Card(
        title=project.title,
        cover=cover_for(project),
        picture=None if erased else picture_of(project, frame.site.web),
        marks=() if erased else tuple(marks_of(project, fresh=project.key in frame.fresh)),
        path=project.page,
        owner=project.repo.partition("/")[0],
        organisation=organisation_anchor(project.organisation) if project.organisation else None,
        title_language=project.title_language,
        summary=shortened(does(project), _SUMMARY_LENGTH) if project.summary else None,
        language=project.summary.language if project.summary else "",
        pulse=pulse_of(project.activity),
        stage=frame.group("stages/", project.stage),
        languages=tuple(language for language in languages if language),
        licence=project.licence_label,
        tags=tags_of(project, frame)[:_TAGS_ON_A_CARD],
        notice=notice.title if notice and notice.hides_summary else None,
    )


def picture_of(project: Project, web: str) -> str | None:
    """Give the address of a picture of the project, from its README, that a list may show.

    Only what lies at GitHub, so that looking through a list tells no third party of it; and nothing
    that moves, because nobody could stop it (https://www.w3.org/TR/WCAG22/#pause-stop-hide).
    """
    image = project.readme.lead_image if project.readme else None
    if image is None:
        return None
    split = urlsplit(image.url)
    at_home = split.netloc == urlsplit(web).netloc or (split.hostname or "").endswith(_PICTURES)
    moves = split.path.lower().endswith((".gif", ".apng", ".webp"))
    return image.url if at_home and split.scheme == "https" and not moves else None


def cards_of(projects: Iterable[Project], frame: Frame) -> tuple[Card, ...]:
    """Make the cards of several projects, in their order."""
    return tuple(card_of(project, frame) for project in projects)


def notice_of(project: Project) -> Notice | None:
    """Say what a visitor must know before reading on, if anything."""
    standing = project.standing
    if standing.cure == CURE and not standing.outcome.erases:
        return _failed()
    words = standing.words
    if words.title:
        # A bad night at GitHub must not empty every card: only what was taken down, and what was
        # never there, loses its words.
        hides = standing.outcome.erases or not standing.ever_found
        since = standing.since if standing.last_tried else None
        return Notice(say(words.title), say(words.text), since, hides_summary=hides)
    return _archived() if project.activity is Activity.ARCHIVED else None


def _failed() -> Notice:
    text = say(
        "The program that makes this site failed at this project, and whoever runs it is told. The "
        "repository itself is as its owner left it."
    )
    return Notice(say("This page is not complete"), text)


def _archived() -> Notice:
    text = say(
        "Its owner has made it read-only. It can still be read and copied; nobody is working on it "
        "there."
    )
    return Notice(say("Archived"), text)


def tags_of(project: Project, frame: Frame) -> tuple[Anchor, ...]:
    """Link to the page of each of a project's tags and topics."""
    anchors = (frame.group("tags/", name) for name in labels(project))
    return tuple(anchor for anchor in anchors if anchor)


def pictured(context: PageContext) -> PageContext:
    """Let a page load pictures from elsewhere where something on it has one, and only there."""
    values = (getattr(context, each.name) for each in fields(context))
    several = chain.from_iterable(one if isinstance(one, tuple) else (one,) for one in values)
    if not any(getattr(one, "loads_pictures", False) for one in several):
        return context
    return replace(context, page=replace(context.page, wide_images=True))


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that stands in a page unescaped, as the README worker has made it safe.

    `source` is the text, or what gives it as its `str`; only a page that is made asks for that.
    """

    source: object

    def __html__(self) -> str:
        """Give the text, as Jinja asks for it."""
        return str(self.source)


def trusted(html: object | None) -> SafeHtml | None:
    """Mark HTML that was sanitised by `readme`, last, as safe; none where there is no text."""
    return SafeHtml(html) if html else None


def by_title(projects: Iterable[Project]) -> list[Project]:
    """Sort projects as a reader looks them up."""
    return sorted(projects, key=lambda project: (project.title.casefold(), project.key))


def lately_pushed(projects: Iterable[Project]) -> list[Project]:
    """Sort the projects that are alive by their latest push, where its day can be believed."""
    asleep = {Activity.ARCHIVED, Activity.UNKNOWN}
    alive = (project for project in projects if project.activity not in asleep)
    pushed = [(when, project.key, project) for project in alive if (when := pushed_at(project))]
    return [project for *_, project in sorted(pushed, reverse=True)]


def paged(
    items: Sequence[ItemT], folder: str, most: int
) -> Iterator[tuple[str, tuple[ItemT, ...], Pager]]:
    """Deal anything out over pages of at most `most`; the first is there even without any."""
    last = max(1, -(-len(items) // most))
    folders = [folder, *(f"{folder}page/{number}/" for number in range(2, last + 1))]
    for at, here in enumerate(folders):
        before = folders[at - 1] if at else None
        after = folders[at + 1] if at + 1 < last else None
        part = tuple(items[at * most : (at + 1) * most])
        yield here, part, Pager(at + 1, last, before, after)
