"""Pages of projects that share something: an organisation, a tag, a language, a stage, a kind.

Each begins with the sentence that describes it, where members wrote one; the lists of them stand
under headings. Called by `renderers`, and by the pages of people and of kinds.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar

from aggregator.catalogue.counting import numbers_of
from aggregator.catalogue.languages import FORMATS
from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.registry.community import Term
from aggregator.site.contents import PageKind, kind_of_page
from aggregator.site.frame import (
    Anchor,
    Frame,
    Outside,
    PageContext,
    group_anchor,
    organisation_anchor,
)
from aggregator.site.pages.cards import PER_PAGE, Card, Pager, by_title, cards_of, paged
from aggregator.site.pages.figures import NumberLine, anchor_cell, number_lines
from aggregator.words.addresses import web_address
from aggregator.words.names import slugify
from aggregator.words.phrases import sentence, shortened
from aggregator.words.speech import later, say, say_many

PER_INDEX = 300  # rows of four elements each
_DESCRIPTION = 200  # its most characters
_OTHER = later("Other")
_OTHER_TAGS = later("Other tags")
_FORMATS = later("Formats")
_HAVE_FEEDS = ("tags/", "organisations/", "kinds/", "languages/", "stages/")


@dataclass(frozen=True, kw_only=True)
class GroupPage(PageContext):
    """Projects that share something: of `count`, those on this page.

    Args:
        overline: the list that the group is one of.
        group: what it is called on each of its pages, and the sentence that describes it.
        outside: where else to read about it.
        numbers: what was counted of it; on its first page.
        also: projects of others that it uses.
    """

    template: ClassVar[str] = "group/index.html"
    overline: Anchor
    group: Anchor
    outside: tuple[Outside, ...]
    numbers: tuple[NumberLine, ...]
    count: int
    cards: tuple[Card, ...]
    also: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class GroupSection:
    """Some groups under a heading, which has an address on the page; both are "" for none.

    `path` is the page that is about the heading itself, where there is one.
    """

    title: str
    slug: str
    anchors: tuple[Anchor, ...]
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class IndexPage(PageContext):
    """All groups of one kind, under headings; `compared` is where they stand side by side."""

    template: ClassVar[str] = "group/list.html"
    sections: tuple[GroupSection, ...]
    compared: Anchor | None
    pager: Pager


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands on the page of a group beside its projects.

    Args:
        outside: where else to read about it.
        uses: projects of others that it uses.
        numbers: what was counted of it.
    """

    outside: tuple[Outside, ...] = ()
    uses: tuple[Project, ...] = ()
    numbers: tuple[NumberLine, ...] = ()


_NOTHING = Beside()


def organisation_pages(frame: Frame, groups: Sequence[OrganisationGroup]) -> Iterator[PageContext]:
    """Make the list of organisations, by kind, and the pages of each."""
    by_kind: dict[str, list[Anchor]] = defaultdict(list)
    spellings: dict[str, str] = {}
    for group in groups:
        body = group.organisation
        row = replace(organisation_anchor(body), count=len(group.projects))
        row = replace(row, note=". ".join(filter(None, (body.acronym, body.about))) or None)
        spelt = spellings.setdefault(slugify(body.kind), body.kind) if body.kind else _OTHER
        by_kind[spelt].append(row)
    kinds = sorted(by_kind, key=lambda kind: (kind == _OTHER, kind.casefold()))
    titles = {kind: sentence(kind) if len(kinds) > 1 else "" for kind in kinds}
    if titles.get(_OTHER):
        titles[_OTHER] = say(_OTHER)
    rows = [(titles[kind], row) for kind in kinds for row in by_kind[kind]]
    yield from _index_pages(frame, "organisations/", rows)
    for group in groups:
        organisation, web = group.organisation, frame.site.web
        lead = " ".join(filter(None, (organisation.about, group.left_out)))
        links = [
            Outside(say("%(owner)s on GitHub", owner=owner), f"{web}/{owner}")
            for owner in organisation.github
        ]
        if website := web_address(organisation.url):
            links.insert(0, Outside(say("Website"), website))
        named = replace(organisation_anchor(organisation), note=lead or None)
        numbers = number_lines(frame, numbers_of(group.projects))
        if organisation.kind:
            kind = frame.group("kinds/", organisation.kind)
            line = NumberLine(say("Kind"), (anchor_cell(kind, sentence(organisation.kind)),))
            numbers = (line, *numbers)
        beside = Beside(tuple(links), group.uses, numbers)
        yield from group_pages(frame, named, group.projects, beside)


def named_pages(
    frame: Frame, named: Mapping[str, Sequence[Group]], terms: Mapping[str, Term]
) -> Iterator[PageContext]:
    """Make the lists of tags, languages and stages, and the pages of each of them.

    `terms` are those of tags, by slug: they say under which heading a tag stands.
    """
    for folder, groups in named.items():
        rows = [replace(row, note=frame.meaning(row.path)) for row in largest_groups(folder, named)]
        if folder == "stages/":  # in the community's order; written as within a sentence
            given = {row.path: row for row in rows}
            rows = [given[group_anchor(folder, group).path] for group in groups]
            rows = [replace(row, text=sentence(row.text)) for row in rows]
        headed = [("", row) for row in rows]
        if folder == "tags/":
            headed = _by_heading(rows, terms)
        elif folder == "languages/":
            headed = _formats_last(rows)
        yield from _index_pages(frame, folder, headed)
        projects = {group_anchor(folder, group).path: group.projects for group in groups}
        for row in rows:
            yield from group_pages(frame, row, projects[row.path])


def _by_heading(rows: Sequence[Anchor], terms: Mapping[str, Term]) -> list[tuple[str, Anchor]]:
    """Set tags under the headings that members gave, in their order; the others come last."""
    spellings: dict[str, str] = {}
    by_path = {
        f"tags/{slug}/": spellings.setdefault(slugify(term.group), term.group)
        for slug, term in terms.items()
        if term.group
    }
    places = {heading: at for at, heading in enumerate(spellings.values())}
    others = say(_OTHER_TAGS) if places else ""
    headed = [(by_path.get(row.path) or others, row) for row in rows]
    return sorted(headed, key=lambda each: places.get(each[0], len(places)))


def _formats_last(rows: Sequence[Anchor]) -> list[tuple[str, Anchor]]:
    """Set languages before formats, which have a heading of their own."""
    formats = {f"languages/{slugify(name)}/" for name in FORMATS}
    headed = [(say(_FORMATS) if row.path in formats else "", row) for row in rows]
    return sorted(headed, key=lambda each: each[0] != "")


def _index_pages(
    frame: Frame, folder: str, rows: Sequence[tuple[str, Anchor]]
) -> Iterator[IndexPage]:
    """Make the list of all groups of a kind; each comes with its heading, those of one together."""
    compared = None
    if folder == "organisations/" and "compare/" not in frame.empty:
        compared = Anchor(kind_of_page("compare/").title, "compare/")
    for here, part, pager in paged(rows, folder, PER_INDEX):
        found = groupby(part, key=lambda row: row[0])
        yield IndexPage(
            page=frame.page(here, pager.title(kind_of_page(folder).title)),
            sections=tuple(
                _section(frame, title, [row for _, row in rows_of]) for title, rows_of in found
            ),
            compared=compared,
            pager=pager,
        )


def _section(frame: Frame, title: str, anchors: Sequence[Anchor]) -> GroupSection:
    """Set links under their heading; that of a kind of organisations leads to its page."""
    kind = frame.group("kinds/", title)
    slug = f"group-{slugify(title)}" if title else ""
    return GroupSection(title, slug, tuple(anchors), kind.path if kind else "")


def group_pages(
    frame: Frame,
    group: Anchor,
    projects: Sequence[Project],
    beside: Beside = _NOTHING,
) -> Iterator[GroupPage]:
    """Make the pages of some projects that share something, with what stands beside them.

    The note of `group` is the sentence that describes what they share.
    """
    kind = kind_of_page(group.path)
    names = ", ".join(project.title for project in projects[:5])
    told = say_many(
        len(projects),
        "%(group)s: %(count)s project, among them %(names)s.",
        "%(group)s: %(count)s projects, among them %(names)s.",
        group=group.text,
        names=names,
    )
    none = say_many(
        0, "%(group)s: %(count)s project.", "%(group)s: %(count)s projects.", group=group.text
    )
    words = shortened(told if projects else none, _DESCRIPTION)
    # Its own come first, then those of others, as one long list over all pages.
    own = [(True, card) for card in cards_of(by_title(projects), frame)]
    others = [(False, card) for card in cards_of(by_title(beside.uses), frame)]
    for folder, part, pager in paged([*own, *others], group.path, PER_PAGE):
        page = frame.page(folder, pager.title(group.text), words)
        yield GroupPage(
            page=replace(page, feed=group if kind.folder in _HAVE_FEEDS else None),
            overline=_overline(kind),
            group=group,
            outside=beside.outside,
            numbers=beside.numbers if pager.number == 1 else (),
            count=len(projects),
            cards=tuple(card for is_own, card in part if is_own),
            also=tuple(card for is_own, card in part if not is_own),
            pager=pager,
        )


def _overline(kind: PageKind) -> Anchor:
    """Lead from a group to the list that it is one of; of kinds, that is their comparison."""
    if kind.folder == "kinds/":
        compared = kind_of_page("compare/")
        return Anchor(compared.title, compared.folder)
    return Anchor(kind.title, kind.folder if kind.itself else "")


def largest_groups(folder: str, named: Mapping[str, Sequence[Group]]) -> tuple[Anchor, ...]:
    """Link to the groups of a folder, those with the most projects first."""
    by_name = sorted(named[folder], key=lambda group: group.name.casefold())
    return tuple(sorted((group_anchor(folder, group) for group in by_name), key=count_first))


def offered_groups(folder: str, named: Mapping[str, Sequence[Group]]) -> tuple[Anchor, ...]:
    """Link to the largest groups where some are offered: a format is none of the languages."""
    formats = {f"languages/{slugify(name)}/" for name in FORMATS}
    return tuple(one for one in largest_groups(folder, named) if one.path not in formats)


def count_first(anchor: Anchor) -> int:
    """Sort links by how many projects are there, most first."""
    return -(anchor.count or 0)
