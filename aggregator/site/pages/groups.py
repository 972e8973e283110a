"""Pages of projects that share something: an organisation, a tag, a language, a stage, a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.site.contents import kind_of_page
from aggregator.site.frame import (
    Anchor,
    Frame,
    Outside,
    PageContext,
    group_anchor,
    organisation_anchor,
)
from aggregator.site.pages.cards import Card, Pager, by_title, cards_of, pages_of
from aggregator.site.pages.home import largest
from aggregator.words.addresses import web_address
from aggregator.words.phrases import plural, sentence, shortened

_DESCRIPTION = 200  # its most characters
_OTHER = "Other"
_HAVE_FEEDS = ("tags/", "organisations/")


@dataclass(frozen=True, kw_only=True)
class GroupPage(PageContext):
    """Projects that share something: of `count`, those on this page.

    Args:
        overline: the list that the group is one of.
        group: what it is called on each of its pages, and what is to be known of it.
        outside: where else to read about it.
        also: projects of others that it uses.
    """

    template: ClassVar[str] = "group/index.html"
    overline: Anchor
    group: Anchor
    outside: tuple[Outside, ...]
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
    sections = ((sentence(kind) if len(kinds) > 1 else "", tuple(by_kind[kind])) for kind in kinds)
    yield IndexPage(page=frame.page("organisations/"), sections=tuple(sections))
    for group in groups:
        organisation, web = group.organisation, frame.site.web
        lead = ". ".join(filter(None, (organisation.kind, group.left_out)))
        links = [Outside(f"{owner} on GitHub", f"{web}/{owner}") for owner in organisation.github]
        if website := web_address(organisation.url):
            links.insert(0, Outside("Website", website))
        named = replace(organisation_anchor(organisation), note=lead)
        yield from _pages(frame, named, group.projects, tuple(links), group.uses)


def people_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the pages of each person that members named.

    Spellings of a login that differ in case are one person, as they are to GitHub.
    """
    found: dict[str, tuple[str, dict[str, Project]]] = {}
    for group in groups:
        _, projects = found.setdefault(group.name.lower(), (group.name, {}))
        projects |= {project.key: project for project in group.projects}
    for login, (shown, projects) in found.items():
        lead = "Named by these projects as somebody to ask."
        profile = Outside("Profile on GitHub", f"{frame.site.web}/{shown}")
        named = Anchor(shown, f"people/{login}/", note=lead)
        yield from _pages(frame, named, list(projects.values()), (profile,))


def tag_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of tags and the pages of each."""
    return _named(frame, "tags/", largest("tags/", groups), groups)


def language_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of programming languages and the pages of each."""
    return _named(frame, "languages/", largest("languages/", groups), groups)


def stage_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the list of stages, in the community's order, and the pages of each."""
    anchors = [group_anchor("stages/", group) for group in groups if group.slug]
    # They are written as within a sentence; tags and languages are names.
    rows = [replace(anchor, text=sentence(anchor.text)) for anchor in anchors]
    return _named(frame, "stages/", rows, groups)


def _named(
    frame: Frame, folder: str, rows: Sequence[Anchor], groups: Iterable[Group]
) -> Iterator[PageContext]:
    """Make the list and the pages of groups that are known by a name only."""
    yield IndexPage(page=frame.page(folder), sections=(("", tuple(rows)),) if rows else ())
    projects = {f"{folder}{group.slug}/": group.projects for group in groups}
    for row in rows:
        yield from _pages(frame, row, projects[row.path])


def _pages(
    frame: Frame,
    group: Anchor,
    projects: Sequence[Project],
    outside: tuple[Outside, ...] = (),
    uses: Iterable[Project] = (),
) -> Iterator[GroupPage]:
    kind = kind_of_page(group.path)
    names = ", ".join(project.title for project in projects[:5])
    among = f", among them {names}" if names else ""
    words = shortened(f"{group.text}: {plural(len(projects), 'project')}{among}.", _DESCRIPTION)
    for folder, part, pager in pages_of(by_title(projects), group.path):
        number = f", page {pager.number} of {pager.last}" if pager.number > 1 else ""
        page = frame.page(folder, f"{group.text}{number}", words)
        yield GroupPage(
            page=replace(page, feed=group if kind.folder in _HAVE_FEEDS else None),
            overline=Anchor(kind.title, kind.folder if kind.itself else ""),
            group=group,
            outside=outside,
            count=len(projects),
            cards=cards_of(part, frame),
            also=cards_of(by_title(uses), frame) if pager.number == 1 else (),
            pager=pager,
        )
