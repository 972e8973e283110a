"""Pages of projects that share something: an organisation, a tag, a language, a stage, a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator.catalogue.types import Catalogue, Group, OrganisationGroup, Project
from aggregator.site.files import File
from aggregator.site.pages.cards import by_title, cards_of, pages_of
from aggregator.site.pages.contents import place_of
from aggregator.site.pages.contexts import Feed, GroupPage, IndexPage
from aggregator.site.pages.frame import Frame, feeds_of, frame_of
from aggregator.site.pages.views import Anchor, IndexRow, IndexSection, Outside
from aggregator.site.theme import Theme
from aggregator.words.addresses import web_address
from aggregator.words.phrases import plural, sentence, shortened

_DESCRIPTION_LENGTH = 200
_OTHER = "Other"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """What one group's pages are made from."""

    folder: str
    overline: Anchor
    heading: str
    lead: str | None = None
    projects: Sequence[Project]
    also: Sequence[Project] = ()
    also_heading: str | None = None
    outside: tuple[Outside, ...] = ()
    feeds: tuple[Feed, ...] = ()
    empty: str = "No project of this kind is listed at present."


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of group whose members are known by a name only."""

    folder: str
    groups: Sequence[Group]


def render_organisations(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the list of organisations, by kind, and the pages of each."""
    frame = frame_of(catalogue)
    yield theme.page(_organisation_index(frame))
    for group in catalogue.organisations:
        yield from _render(_organisation_shelf(group, catalogue.web), frame, theme)


def render_people(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the pages of each person that members named."""
    frame = frame_of(catalogue)
    home = Anchor("People", "")
    for folder, login, projects in _by_login(catalogue.people):
        shelf = _Shelf(
            folder=folder,
            overline=home,
            heading=login,
            lead="Named by these projects as somebody to ask.",
            projects=projects,
            outside=(Outside("Profile on GitHub", f"{catalogue.web}/{login}"),),
        )
        yield from _render(shelf, frame, theme)


def render_tags(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the list of tags and the pages of each."""
    kind = _Kind("tags", sorted(catalogue.tags, key=_largest_first))
    yield from _named_groups(kind, frame_of(catalogue), theme)


def render_languages(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the list of programming languages and the pages of each."""
    kind = _Kind("languages", sorted(catalogue.languages, key=_largest_first))
    yield from _named_groups(kind, frame_of(catalogue), theme)


def render_stages(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the list of stages, in the community's order, and the pages of each."""
    kind = _Kind("stages", catalogue.stages)
    yield from _named_groups(kind, frame_of(catalogue), theme)


def _named_groups(kind: _Kind, frame: Frame, theme: Theme) -> Iterator[File]:
    known = [group for group in kind.groups if group.slug]
    rows = tuple(
        IndexRow(_shown(kind, group), f"{kind.folder}/{group.slug}/", len(group.projects), None)
        for group in known
    )
    sections = (IndexSection("", rows),) if rows else ()
    yield theme.page(_index(frame, kind.folder, sections))
    for group in known:
        path = f"{kind.folder}/{group.slug}/"
        shelf = _Shelf(
            folder=path,
            overline=_above(kind.folder),
            heading=_shown(kind, group),
            projects=group.projects,
            feeds=feeds_of(path, group.name) if kind.folder == "tags" else (),
        )
        yield from _render(shelf, frame, theme)


def _shown(kind: _Kind, group: Group) -> str:
    return sentence(group.name) if kind.folder == "stages" else group.name


def _organisation_index(frame: Frame) -> IndexPage:
    by_kind: dict[str, list[IndexRow]] = defaultdict(list)
    for group in frame.catalogue.organisations:
        organisation = group.organisation
        row = IndexRow(
            organisation.name,
            f"organisations/{organisation.slug}/",
            len(group.projects),
            organisation.acronym,
        )
        by_kind[organisation.kind or _OTHER].append(row)
    kinds = sorted(by_kind, key=lambda kind: (kind == _OTHER, kind.casefold()))
    titles = {kind: kind[:1].upper() + kind[1:] if len(kinds) > 1 else "" for kind in kinds}
    sections = tuple(IndexSection(titles[kind], tuple(by_kind[kind])) for kind in kinds)
    return _index(frame, "organisations", sections)


def _organisation_shelf(group: OrganisationGroup, web: str) -> _Shelf:
    organisation = group.organisation
    path = f"organisations/{organisation.slug}/"
    website = web_address(organisation.url)
    links = [Outside("Website", website)] if website else []
    links += [Outside(f"{owner} on GitHub", f"{web}/{owner}") for owner in organisation.github]
    return _Shelf(
        folder=path,
        overline=_above("organisations"),
        heading=organisation.name,
        lead=". ".join(filter(None, (organisation.kind, group.left_out))) or None,
        projects=group.projects,
        also=by_title(group.uses),
        also_heading="Also used here",
        outside=tuple(links),
        feeds=feeds_of(path, organisation.name),
        empty="No project of this organisation is listed at present.",
    )


def _above(folder: str) -> Anchor:
    return Anchor(place_of(f"{folder}/").title, f"{folder}/")


def _index(frame: Frame, folder: str, sections: tuple[IndexSection, ...]) -> IndexPage:
    place = place_of(f"{folder}/")
    return IndexPage(
        site=frame.site,
        page=frame.page(place.folder),
        heading=place.title,
        lead=place.description,
        empty="Nothing is listed here yet.",
        index_sections=sections,
    )


def _render(shelf: _Shelf, frame: Frame, theme: Theme) -> Iterator[File]:
    also = cards_of(shelf.also, frame)
    for folder, part, pager in pages_of(by_title(shelf.projects), shelf.folder):
        number = f", page {pager.number} of {pager.last}" if pager.number > 1 else ""
        title = f"{shelf.heading}{number}"
        yield theme.page(
            GroupPage(
                site=frame.site,
                page=frame.page(folder, title, _description(shelf), feeds=shelf.feeds),
                overline=shelf.overline,
                heading=shelf.heading,
                lead=shelf.lead,
                outside_links=shelf.outside,
                count=len(shelf.projects),
                cards=cards_of(part, frame),
                empty=shelf.empty,
                also=also if pager.number == 1 else (),
                also_heading=shelf.also_heading,
                pager=pager,
            )
        )


def _description(shelf: _Shelf) -> str:
    names = ", ".join(project.title for project in shelf.projects[:5])
    words = f"{shelf.heading}: {plural(len(shelf.projects), 'project')}"
    return shortened(f"{words}, among them {names}." if names else f"{words}.", _DESCRIPTION_LENGTH)


def _by_login(groups: Iterable[Group]) -> Iterator[tuple[str, str, Sequence[Project]]]:
    """Merge spellings of a login that differ in case: to GitHub they are one person."""
    found: dict[str, tuple[str, dict[str, Project]]] = {}
    for group in groups:
        _, projects = found.setdefault(group.name.lower(), (group.name, {}))
        projects |= {project.key: project for project in group.projects}
    for login, (shown, projects) in found.items():
        yield f"people/{login}/", shown, list(projects.values())


def _largest_first(group: Group) -> tuple[int, str]:
    return -len(group.projects), group.name.casefold()
