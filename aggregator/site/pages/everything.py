"""The two lists of all projects: as cards, and as plain rows under their letters."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar

from aggregator.catalogue.types import Project
from aggregator.site.contents import kind_of_page
from aggregator.site.frame import Anchor, Frame, PageContext
from aggregator.site.pages.cards import PER_PAGE, Card, Pager, by_title, cards_of, paged
from aggregator.words.speech import say

_ROWS_A_PAGE = 500  # three elements each
_DIGITS, _SIGNS = "0\u20139", "#"


@dataclass(frozen=True, kw_only=True)
class ProjectsPage(PageContext):
    """All projects as cards, A to Z."""

    template: ClassVar[str] = "home/projects.html"
    cards: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the list: `path` leads to the page where it begins, None where that is here."""

    text: str
    anchor: str
    path: str | None


@dataclass(frozen=True, kw_only=True)
class AllPage(PageContext):
    """All projects as plain rows under their letters; of each row, its note is whose it is."""

    template: ClassVar[str] = "home/all.html"
    bar: tuple[Letter, ...]
    sections: tuple[tuple[Letter, tuple[Anchor, ...]], ...]
    pager: Pager


def projects_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[ProjectsPage]:
    """Make the pages of all cards; the second and later ones stay where they always were."""
    for folder, part, pager in paged(by_title(projects), "", PER_PAGE):
        first = pager.number == 1
        title = pager.title(kind_of_page("projects/").title)
        words = say("%(title)s, A to Z.", title=title)
        turned = replace(pager, previous="projects/") if pager.number == 2 else pager
        yield ProjectsPage(
            page=frame.page("projects/" if first else folder, title, words),
            cards=cards_of(part, frame),
            pager=turned,
        )


def all_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[AllPage]:
    """Make the compact list of all projects, with a bar of its letters on every page."""
    rows = sorted((_letter_of(p.title), n, p) for n, p in enumerate(by_title(projects)))
    pages = list(paged(rows, "all/", _ROWS_A_PAGE))
    begins: dict[str, str] = {}
    for folder, part, _ in pages:
        for letter, *_ in part:
            begins.setdefault(letter, folder)
    for folder, part, pager in pages:
        here = {
            letter: Letter(letter, _anchor_of(letter), first if first != folder else None)
            for letter, first in begins.items()
        }
        yield AllPage(
            page=frame.page(folder, pager.title(kind_of_page("all/").title)),
            bar=tuple(here.values()),
            sections=tuple(
                (here[letter], tuple(_row(project) for *_, project in group))
                for letter, group in groupby(part, key=lambda row: row[0])
            ),
            pager=pager,
        )


def _row(project: Project) -> Anchor:
    owner = project.repo.partition("/")[0]
    body = project.organisation
    return Anchor(project.title, project.page, note=body.name if body else owner)


def _letter_of(title: str) -> str:
    """Say under which letter a title is looked up: accents do not count, digits go together."""
    plain = unicodedata.normalize("NFKD", title)
    first = next((letter for letter in plain if letter.isalnum()), "")
    if first.isdecimal():
        return _DIGITS
    return first.upper()[:1] if first else _SIGNS


def _anchor_of(letter: str) -> str:
    return f"letter-{'-'.join(f'{ord(each):x}' for each in letter)}"
