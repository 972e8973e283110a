"""Pages of projects that share something: an organisation, a tag, a language, a stage, a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.site.contents import kind_of_page
from aggregator.site.frame import (
    Anchor,
    Feed,
    Frame,
    Outside,
    PageContext,
    feeds_of,
    group_anchor,
    organisation_anchor,
)
from aggregator.site.pages.cards import Card, Pager, by_title, cards_of, pages_of
from aggregator.words.addresses import web_address
from aggregator.words.phrases import plural, sentence, shortened

_DESCRIPTION_LENGTH = 200
_OTHER = "Other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is said of one group on each of its pages.

    Args:
        overline: the list that the group is one of.
        outside: where else to read about it.
        empty: what to say where it has no projects.
    """

    folder: str
    overline: Anchor
    heading: str
    lead: str | None = None
    outside: tuple[Outside, ...] = ()
    feeds: tuple[Feed, ...] = ()
    empty: str = "No project of this kind is listed at present."


@dataclass(frozen=True, kw_only=True)
class GroupPage(PageContext):
    """Projects that share something: of `count`, those on this page; `also` those it uses."""

    template: ClassVar[str] = "group/index.html"
    shelf: Shelf
    count: int
    cards: tuple[Card, ...]
    also: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class IndexPage(PageContext):
    """All groups of one kind, under headings; an empty heading stands for none."""

    template: ClassVar[str] = "group/list.html"
    sections: tuple[tuple[str, tuple[Anchor, ...]], ...]


def organisation_pages(frame: Frame, groups: Sequence[OrganisationGroup]) -> Iterator[PageContext]:
    """Make the list of organisations, by kind, and the pages of each."""
    by_kind: dict[str, list[Anchor]] = defaultdict(list)
    for group in groups:
        row = organisation_anchor(group.organisation)
        row = replace(row, count=len(group.projects), note=group.organisation.acronym)
        by_kind[group.organisation.kind or _OTHER].append(row)
    kinds = sorted(by_kind, key=lambda kind: (kind == _OTHER, kind.casefold()))
    headings = {kind: sentence(kind) if len(kinds) > 1 else "" for kind in kinds}
    yield _index(frame, "organisations/", [(headings[kind], by_kind[kind]) for kind in kinds])
    for group in groups:
        yield from _pages(_organisation(group, frame.site.web), group.projects, frame, group.uses)


def people_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the pages of each person that members named."""
    for login, shown, projects in _by_login(groups):
        shelf = Shelf(
            folder=f"people/{login}/",
            overline=Anchor("People", ""),
            heading=shown,
            lead="Named by these projects as somebody to ask.",
            outside=(Outside("Profile on GitHub", f"{frame.site.web}/{shown}"),),
        )
        yield from _pages(shelf, projects, frame)


def tag_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of tags and the pages of each."""
    return _named(frame, "tags/", sorted(groups, key=_largest_first))


def language_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of programming languages and the pages of each."""
    return _named(frame, "languages/", sorted(groups, key=_largest_first))


def stage_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of stages, in the community's order, and the pages of each."""
    return _named(frame, "stages/", groups)


def _named(frame: Frame, folder: str, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list and the pages of groups that are known by a name only."""
    known = [group for group in groups if group.slug]
    rows = [group_anchor(folder, group) for group in known]
    if folder == "stages/":  # they are written as within a sentence; the others are names
        rows = [replace(row, text=sentence(row.text)) for row in rows]
    yield _index(frame, folder, [("", rows)] if rows else [])
    for group, row in zip(known, rows, strict=True):
        shelf = Shelf(
            folder=row.path,
            overline=_above(folder),
            heading=row.text,
            feeds=feeds_of(row.path, group.name) if folder == "tags/" else (),
        )
        yield from _pages(shelf, group.projects, frame)


def _organisation(group: OrganisationGroup, web: str) -> Shelf:
    organisation = group.organisation
    folder = organisation_anchor(organisation).path
    website = web_address(organisation.url)
    links = [Outside("Website", website)] if website else []
    links += [Outside(f"{owner} on GitHub", f"{web}/{owner}") for owner in organisation.github]
    return Shelf(
        folder=folder,
        overline=_above("organisations/"),
        heading=organisation.name,
        lead=". ".join(filter(None, (organisation.kind, group.left_out))) or None,
        outside=tuple(links),
        feeds=feeds_of(folder, organisation.name),
        empty="No project of this organisation is listed at present.",
    )


def _above(folder: str) -> Anchor:
    return Anchor(kind_of_page(folder).title, folder)


def _index(
    frame: Frame, folder: str, sections: Iterable[tuple[str, Sequence[Anchor]]]
) -> IndexPage:
    shown = tuple((heading, tuple(rows)) for heading, rows in sections)
    return IndexPage(page=frame.page(folder), sections=shown)


def _pages(
    shelf: Shelf, projects: Sequence[Project], frame: Frame, uses: Iterable[Project] = ()
) -> Iterator[GroupPage]:
    also = cards_of(by_title(uses), frame)
    words = _description(shelf.heading, projects)
    for folder, part, pager in pages_of(by_title(projects), shelf.folder):
        number = f", page {pager.number} of {pager.last}" if pager.number > 1 else ""
        yield GroupPage(
            page=frame.page(folder, f"{shelf.heading}{number}", words, feeds=shelf.feeds),
            shelf=shelf,
            count=len(projects),
            cards=cards_of(part, frame),
            also=also if pager.number == 1 else (),
            pager=pager,
        )


def _description(heading: str, projects: Sequence[Project]) -> str:
    names = ", ".join(project.title for project in projects[:5])
    words = f"{heading}: {plural(len(projects), 'project')}"
    return shortened(f"{words}, among them {names}." if names else f"{words}.", _DESCRIPTION_LENGTH)


def _by_login(groups: Iterable[Group]) -> Iterator[tuple[str, str, list[Project]]]:
    """Merge spellings of a login that differ in case: to GitHub they are one person."""
    found: dict[str, tuple[str, dict[str, Project]]] = {}
    for group in groups:
        _, projects = found.setdefault(group.name.lower(), (group.name, {}))
        projects |= {project.key: project for project in group.projects}
    for login, (shown, projects) in found.items():
        yield login, shown, list(projects.values())


def _largest_first(group: Group) -> tuple[int, str]:
    return -len(group.projects), group.name.casefold()
