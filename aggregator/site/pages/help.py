"""Where somebody new can start: issues for newcomers, and projects that look for a new home.

Filters are pages of their own, by language and by organisation, so that they need no script.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from aggregator.catalogue.types import Group, Project
from aggregator.registry.community import Term
from aggregator.site.contents import kind_of_page
from aggregator.site.events import CALLS_FOR_HELP
from aggregator.site.frame import Anchor, Frame, Outside, PageContext, group_anchor
from aggregator.site.pages.cards import PER_PAGE, Card, Pager, card_of, cards_of, paged
from aggregator.site.pages.facts import (
    Confirmation,
    confirmation_of,
    help_wanted_url,
    issues_of,
)
from aggregator.words.speech import say

_FOLDER = "help-wanted/"
_MOST_HOMELESS = 24
# A filter that leaves nearly everything, or is one of dozens, helps nobody.
_MOST_FILTERS = 8


@dataclass(frozen=True, slots=True)
class Help:
    """What somebody new can do for a project: issues to begin with, and how many there are.

    `opened` is when the first issue that is named was, `language` that of the summary.
    """

    title: str
    title_language: str
    path: str
    summary: str | None
    language: str
    organisation: Anchor | None
    languages: tuple[Anchor, ...]
    issues: tuple[Outside, ...]
    opened: datetime | None
    good_first: int
    wanted: int
    wanted_url: str
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class HelpFilter:
    """Ways to see fewer: a heading and the pages below it, each with how many are there."""

    title: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, kw_only=True)
class HelpWantedPage(PageContext):
    """Where somebody new can start, and which projects look for new people.

    Args:
        chosen: what all projects on it have in common; "" for all of them.
        homeless: the first projects that look for a new home.
        homeless_stage: what the community calls that.
        more_homeless: the way to all of those, where there are more.
    """

    template: ClassVar[str] = "help-wanted/index.html"
    chosen: str
    filters: tuple[HelpFilter, ...]
    helps: tuple[Help, ...]
    homeless: tuple[Card, ...]
    homeless_stage: str | None
    more_homeless: Anchor | None
    pager: Pager


def help_wanted_pages(
    frame: Frame,
    projects: Iterable[Project],
    stages: Iterable[Group],
    terms: Mapping[str, Term],
) -> Iterator[HelpWantedPage]:
    """Make the pages for somebody who wants to join in; the first shows who needs a home, too.

    Args:
        frame: of the site.
        projects: all of them.
        stages: those that have projects.
        terms: what stages mean, by slug; one of them may say that its projects seek a home.
    """
    helps = [help_ for project in projects if (help_ := _help(project, frame))]
    helps.sort(key=lambda help_: (-help_.good_first, -help_.wanted, help_.title.casefold()))
    filters = _filters(helps)
    seeking = {slug for slug, term in terms.items() if term.seeks == "home"}
    homeless = next((stage for stage in stages if stage.slug in seeking), None)
    yield from _pages(frame, _FOLDER, "", helps, filters, homeless)
    for one in filters:
        for anchor in one.anchors:
            some = [h for h in helps if anchor.text in _names(h)]
            yield from _pages(frame, anchor.path, anchor.text, some, filters, None)


def _pages(  # noqa: PLR0913, PLR0917 - what one page shows
    frame: Frame,
    folder: str,
    chosen: str,
    helps: Sequence[Help],
    filters: tuple[HelpFilter, ...],
    homeless: Group | None,
) -> Iterator[HelpWantedPage]:
    shown = homeless.projects[:_MOST_HOMELESS] if homeless else ()
    more = homeless and len(shown) < len(homeless.projects)
    title = say("Help wanted: %(chosen)s", chosen=chosen) if chosen else kind_of_page(_FOLDER).title
    feed = Anchor(CALLS_FOR_HELP.title, CALLS_FOR_HELP.folder)
    for here, part, pager in paged(helps, folder, PER_PAGE):
        first = pager.number == 1
        yield HelpWantedPage(
            page=replace(frame.page(here, pager.title(title)), feed=feed),
            chosen=chosen,
            filters=filters,
            helps=part,
            homeless=cards_of(shown, frame) if first else (),
            homeless_stage=group_anchor("stages/", homeless).text if homeless else None,
            more_homeless=group_anchor("stages/", homeless) if homeless and more else None,
            pager=pager,
        )


def _filters(helps: Sequence[Help]) -> tuple[HelpFilter, ...]:
    """Offer the commonest languages and organisations, where they tell projects apart."""
    ways = (
        (say("Language"), [anchor for one in helps for anchor in one.languages]),
        (say("Organisation"), [one.organisation for one in helps if one.organisation]),
    )
    found = []
    for title, anchors in ways:
        counted = Counter((anchor.text, anchor.path) for anchor in anchors)
        common = sorted(counted.items(), key=lambda item: (-item[1], item[0][0].casefold()))
        offered = tuple(
            Anchor(text, f"{_FOLDER}{path}", count)
            for (text, path), count in common[:_MOST_FILTERS]
            if count < len(helps)
        )
        if len(offered) > 1:
            found.append(HelpFilter(title, offered))
    return tuple(found)


def _names(one: Help) -> tuple[str, ...]:
    body = (one.organisation.text,) if one.organisation else ()
    return (*(anchor.text for anchor in one.languages), *body)


def _help(project: Project, frame: Frame) -> Help | None:
    facts = project.facts
    counts = facts.counts if facts else None
    if not facts or not counts or facts.glance.archived:
        return None
    good_first, wanted = counts.good_first_issues or 0, counts.help_wanted or 0
    if not (good_first or wanted):
        return None
    card, newest = card_of(project, frame), counts.newest_good_first_issue
    return Help(
        title=card.title,
        title_language=card.title_language,
        path=card.path,
        summary=card.summary,
        language=card.language,
        organisation=card.organisation,
        languages=card.languages,
        issues=issues_of(counts, project.url, frame.site.tongues),
        opened=newest.created_at if newest and good_first else None,
        good_first=good_first,
        wanted=wanted,
        wanted_url=help_wanted_url(counts, project.url),
        confirmation=confirmation_of(counts.confirmed_at, frame.ran, in_turn=True),
    )
