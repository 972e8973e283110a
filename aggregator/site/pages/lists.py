"""Pages that list something other than projects: news, stories, talks, ways to help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from aggregator.catalogue.changes import opening_of
from aggregator.catalogue.types import Catalogue, Project
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.site.files import File
from aggregator.site.pages.cards import card_of, cards_of
from aggregator.site.pages.contexts import HelpWantedPage, NewPage, StoriesPage, TalksPage
from aggregator.site.pages.facts import help_wanted_url, issues_of
from aggregator.site.pages.frame import Frame, frame_of
from aggregator.site.pages.home import newest
from aggregator.site.pages.project import talk_view, trusted
from aggregator.site.pages.views import Anchor, ChangeLine, ChangeMonth, Help, Story
from aggregator.site.theme import Theme
from aggregator.words.addresses import web_address
from aggregator.words.phrases import month_of, plural

_MOST_CHANGES = 200
_HAS_AN_ADDRESS = frozenset({ChangeKind.RELEASED, ChangeKind.HELP_WANTED})
_WORDS = {
    ChangeKind.ADDED: "joined the showcase",
    ChangeKind.REMOVED: "left the showcase",
    ChangeKind.RELEASED: "released {after}",
    ChangeKind.RENAMED: "was renamed from {before}",
    ChangeKind.TRANSFERRED: "moved from {before} to {after}",
    ChangeKind.RECREATED: "was created anew",
    ChangeKind.ARCHIVED: "was archived by its owner",
    ChangeKind.UNARCHIVED: "came back from the archive",
    ChangeKind.LICENSED: "now has a licence: {after}",
    ChangeKind.RELICENSED: "changed its licence from {before} to {after}",
    # Deleted, made private or blocked: true of all three.
    ChangeKind.GONE: "is no longer public on GitHub",
    ChangeKind.RETURNED: "is back on GitHub",
    ChangeKind.HELP_WANTED: "asks for help",
}


def render_new(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page of what changed."""
    frame = frame_of(catalogue)
    news = (event_line(event, frame) for event in events_of(catalogue))
    lines = list(islice(news, _MOST_CHANGES))
    months = groupby(lines, key=lambda line: month_of(line.happened_on))
    yield theme.page(
        NewPage(
            site=frame.site,
            page=frame.page("new/"),
            change_months=tuple(ChangeMonth(title, tuple(group)) for title, group in months),
            newest=cards_of(newest(catalogue), frame),
        )
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news as visitors see it: a change, or the opening with its projects."""

    change: Change
    opening: tuple[Change, ...] = ()


def events_of(catalogue: Catalogue, keys: frozenset[str] | None = None) -> Iterator[Event]:
    """List the news, newest first; the first night is one event.

    Args:
        catalogue: everything.
        keys: the projects to tell of; None for all.
    """
    first_seen = {p.key: p.first_seen for p in catalogue.projects if p.first_seen}
    opening = opening_of(catalogue.changes, first_seen)
    about = tuple(c for c in opening if keys is None or c.repo in keys)
    together = set(map(id, opening))
    events = [
        Event(change)
        for change in catalogue.changes
        if id(change) not in together and (keys is None or change.repo in keys)
    ]
    if about:
        # The day of the very first, also when a later night found some of them.
        first = min(about, key=lambda change: (change.date, change.repo))
        events.append(Event(first, about))
    yield from sorted(events, key=lambda event: event.change.date, reverse=True)


def event_line(event: Event, frame: Frame) -> ChangeLine:
    """Put an event into words."""
    if not event.opening:
        return change_line(event.change, frame)
    return ChangeLine(
        happened_on=event.change.date,
        kind="opened",
        words=f"opens with {plural(len(event.opening), 'project')}",
        project=None,
        name="The showcase",
        url="",
    )


def change_line(change: Change, frame: Frame) -> ChangeLine:
    """Put a change into words, with a link to its project while it is listed."""
    project = frame.catalogue.by_key.get(change.repo)
    name = project.title if project else change.name
    return ChangeLine(
        happened_on=change.date,
        kind=change.kind.value,
        words=change_words(change),
        project=Anchor(name, project.page) if project else None,
        name=name,
        url=change_url(change, frame),
    )


def change_url(change: Change, frame: Frame) -> str:
    """Lead to what a change is about at GitHub, as long as it is public.

    An address in the change log is that of a release or an issue; older logs name the
    repository as well, at a GitHub that need not be this one.
    """
    if change.kind in _HAS_AN_ADDRESS:
        return web_address(change.url)
    project = frame.catalogue.by_key.get(change.repo)
    return project.url if project and project.facts else ""


def change_words(change: Change) -> str:
    """Say what happened, as the end of a sentence that begins with the project's name."""
    if change.kind is ChangeKind.RELICENSED and change.before and not change.after:
        return "no longer has a licence that GitHub recognises"
    before, after = change.before or "another", change.after or "another"
    if change.kind is ChangeKind.RELEASED:
        after = change.after or "a new version"
    return _WORDS[change.kind].format(before=before, after=after)


def render_stories(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page of members' stories."""
    frame = frame_of(catalogue)
    stories = tuple(
        Story(card_of(project, frame), html)
        for project in catalogue.projects
        if (html := trusted(project.story_html))
    )
    page = frame.page("stories/")
    yield theme.page(StoriesPage(site=frame.site, page=page, stories=stories))


def render_talks(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page of talks, newest first, those without a date last."""
    frame = frame_of(catalogue)
    talks = [
        talk_view(talk, Anchor(project.title, project.page))
        for project in catalogue.projects
        for talk in project.talks
    ]
    talks.sort(key=lambda talk: talk.held_on or date.min, reverse=True)
    page = frame.page("talks/")
    yield theme.page(TalksPage(site=frame.site, page=page, talks=tuple(talks)))


def render_help_wanted(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page for somebody who wants to join in."""
    frame = frame_of(catalogue)
    helps = [help_ for project in catalogue.projects if (help_ := _help(project, frame))]
    helps.sort(key=lambda help_: (-help_.good_first, -help_.wanted, help_.card.title.casefold()))
    homeless = next((g for g in catalogue.stages if "home" in g.name.casefold()), None)
    yield theme.page(
        HelpWantedPage(
            site=frame.site,
            page=frame.page("help-wanted/"),
            helps=tuple(helps),
            homeless=cards_of(homeless.projects, frame) if homeless else (),
            homeless_stage=homeless.name if homeless else None,
        )
    )


def _help(project: Project, frame: Frame) -> Help | None:
    facts = project.facts
    counts = facts.counts if facts else None
    if not facts or not counts or facts.glance.archived:
        return None
    good_first, wanted = counts.good_first_issues or 0, counts.help_wanted or 0
    if not (good_first or wanted):
        return None
    return Help(
        card=card_of(project, frame),
        issues=issues_of(counts, project.url),
        good_first=good_first,
        wanted=wanted,
        wanted_url=help_wanted_url(counts, project.url),
        confirmed_at=counts.confirmed_at,
    )
