"""Pages of what changed, and of where somebody new can help."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from aggregator.catalogue.types import Group, Project
from aggregator.site.events import Event, change_words
from aggregator.site.frame import Anchor, Frame, Outside, PageContext, group_anchor
from aggregator.site.pages.cards import (
    PER_PAGE,
    Card,
    Pager,
    card_of,
    cards_of,
    paged,
)
from aggregator.site.pages.facts import (
    Confirmation,
    confirmation_of,
    help_wanted_url,
    issues_of,
)
from aggregator.words.phrases import month_of, plural

# The log itself goes back to the first night; it is in data/catalogue.db.
_MOST_CHANGES = 200
_MOST_HOMELESS = 24


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news: what happened, to which project where it is about one."""

    happened_on: datetime
    words: str
    name: str
    path: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NewPage(PageContext):
    """What changed, newest first, by the name of its month."""

    template: ClassVar[str] = "new/index.html"
    months: tuple[tuple[str, tuple[NewsItem, ...]], ...]
    newest: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """What somebody new can do for a project: issues to begin with, and how many there are."""

    title: str
    path: str
    summary: str | None
    languages: tuple[str, ...]
    issues: tuple[Outside, ...]
    good_first: int
    wanted: int
    wanted_url: str
    confirmation: Confirmation


@dataclass(frozen=True, kw_only=True)
class HelpWantedPage(PageContext):
    """Where somebody new can start, and which projects look for new people.

    `homeless` are the first of those; `more_homeless` leads to all where there are more.
    """

    template: ClassVar[str] = "help-wanted/index.html"
    helps: tuple[Help, ...]
    homeless: tuple[Card, ...]
    homeless_stage: str | None
    more_homeless: Anchor | None
    pager: Pager


def new_page(frame: Frame, events: Sequence[Event], arrivals: Iterable[Project]) -> NewPage:
    """Make the page of what changed, and of the projects that were listed last."""
    items = map(_item, events[:_MOST_CHANGES])
    months = groupby(items, key=lambda item: month_of(item.happened_on))
    return NewPage(
        page=frame.page("new/"),
        months=tuple((title, tuple(group)) for title, group in months),
        newest=cards_of(arrivals, frame),
    )


def help_wanted_pages(
    frame: Frame, projects: Iterable[Project], stages: Iterable[Group]
) -> Iterator[HelpWantedPage]:
    """Make the pages for somebody who wants to join in; the first shows who needs a home, too."""
    helps = [help_ for project in projects if (help_ := _help(project, frame))]
    helps.sort(key=lambda help_: (-help_.good_first, -help_.wanted, help_.title.casefold()))
    homeless = next((stage for stage in stages if "home" in stage.name.casefold()), None)
    shown = homeless.projects[:_MOST_HOMELESS] if homeless else ()
    more = homeless and len(shown) < len(homeless.projects)
    for folder, part, pager in paged(helps, "help-wanted/", PER_PAGE):
        first = pager.number == 1
        yield HelpWantedPage(
            page=frame.page(folder, pager.title("Help wanted")),
            helps=part,
            homeless=cards_of(shown, frame) if first else (),
            homeless_stage=homeless.name if homeless else None,
            more_homeless=group_anchor("stages/", homeless) if homeless and more else None,
            pager=pager,
        )


def _item(event: Event) -> NewsItem:
    """Put an event into words, with a link to its project while it is listed."""
    if event.opening:
        words = f"opens with {plural(len(event.opening), 'project')}"
        return NewsItem(event.change.date, words, "The showcase")
    path = event.project.page if event.project else ""
    return NewsItem(event.change.date, change_words(event.change), event.name, path, event.url)


def _help(project: Project, frame: Frame) -> Help | None:
    facts = project.facts
    counts = facts.counts if facts else None
    if not facts or not counts or facts.glance.archived:
        return None
    good_first, wanted = counts.good_first_issues or 0, counts.help_wanted or 0
    if not (good_first or wanted):
        return None
    card = card_of(project, frame)
    return Help(
        title=card.title,
        path=card.path,
        summary=card.summary,
        languages=tuple(anchor.text for anchor in card.languages),
        issues=issues_of(counts, project.url),
        good_first=good_first,
        wanted=wanted,
        wanted_url=help_wanted_url(counts, project.url),
        confirmation=confirmation_of(counts.confirmed_at, frame.ran, in_turn=True),
    )
