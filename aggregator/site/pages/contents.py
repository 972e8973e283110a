"""The table of contents of the site: every kind of page, once.

Navigation, footer, sitemap and the table in docs/outputs.md are written from `PAGES`;
a page that is not on it cannot be made (`Frame.page` refuses). A list of its own, because
the pages themselves import what stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aggregator.catalogue.types import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One kind of page.

    Args:
        folder: where it is, from the top of the site; "" is the first page.
        title: its heading, and what menus call it unless `words` says otherwise.
        description: one sentence for search engines; the page may have a better one.
        shows: what visitors find there, for the documentation.
        menu: the menu that leads there.
        address: how the documentation writes the addresses, where there is more than `folder`.
        itself: whether there is a page at `folder`, and not only below it.
        found: whether search engines are sent there.
    """

    folder: str
    title: str
    description: str
    shows: str
    menu: Literal["main", "foot"] | None = None
    words: str = ""
    address: str = ""
    itself: bool = True
    found: bool = True


PAGES = (
    Place(
        folder="",
        title="Projects",
        description="Every project.",
        shows="what this is, a search box, ways to look around, every project; from the 61st "
        "project on further pages `page/2/` and so on",
        menu="main",
        address="`index.html`, `page/`",
    ),
    Place(
        folder="search/",
        title="Search",
        description="Search the projects.",
        shows="the search; its index is in `search/index/`",
        menu="main",
    ),
    Place(
        folder="projects/",
        title="Project",
        description="What it is, who is behind it, how to start.",
        shows="one project: what it is, whether it lives, who is behind it, how to start; facts "
        "with the day each was confirmed; README, releases, related projects, listing check-up. "
        "A repository that was renamed leaves a page at its old address that leads on",
        address="`projects/OWNER/NAME/`",
        itself=False,
    ),
    Place(
        folder="organisations/",
        title="Organisations",
        description="Who makes the projects that are listed here.",
        shows="all organisations by kind; the projects of each, and those it uses",
        menu="main",
        address="`organisations/`, `organisations/SLUG/`",
    ),
    Place(
        folder="people/",
        title="People",
        description="Somebody to ask.",
        shows="the projects for which somebody can be asked",
        address="`people/LOGIN/`",
        itself=False,
    ),
    Place(
        folder="tags/",
        title="Tags",
        description="What the projects are about, in the words of members and of GitHub's topics.",
        shows="tags and GitHub topics, and the projects of each",
        menu="main",
        address="`tags/`, `tags/SLUG/`",
    ),
    Place(
        folder="languages/",
        title="Languages",
        description="What projects are written in: every language with a fair share of the code.",
        shows="every language with a fair share of a project's code",
        menu="foot",
        address="`languages/`, `languages/SLUG/`",
    ),
    Place(
        folder="stages/",
        title="Stages",
        description="How far the projects are, as their people say.",
        shows="how far projects are, in the order that the registry gives",
        menu="foot",
        address="`stages/`, `stages/SLUG/`",
    ),
    Place(
        folder="new/",
        title="New",
        description="What changed lately, newest first.",
        shows="what changed, newest first; the first night is one line",
        menu="main",
    ),
    Place(
        folder="stories/",
        title="Stories",
        description="How projects came about, by those who made them.",
        shows="members' journeys",
        menu="foot",
    ),
    Place(
        folder="talks/",
        title="Talks",
        description="Talks and papers about the projects, newest first.",
        shows="talks about projects",
        menu="foot",
    ),
    Place(
        folder="help-wanted/",
        title="Help wanted",
        description="Where somebody new can start.",
        shows="good first issues, and projects that need a new home",
        menu="main",
    ),
    Place(
        folder="add/",
        title="Add a project",
        description="List a project here in a minute.",
        shows="the three ways to list a project",
        menu="main",
    ),
    Place(
        folder="about/",
        title="About",
        description="What this is and how it works.",
        shows="who runs this, how it works, the open data",
        menu="foot",
    ),
    Place(
        folder="status/",
        title="Status",
        description="When each project was last looked at, and what went wrong.",
        shows="how the last run went for every entry, and what would help each listing",
        menu="foot",
    ),
    Place(
        folder="about/components/",
        title="Building blocks",
        description="Every part of the look.",
        shows="every building block of the pages side by side, for whoever changes the look",
        found=False,
    ),
)
_BY_FOLDER = {place.folder: place for place in PAGES}
# Where the first page goes on when the list is long.
_MORE_OF_THE_FIRST = "page/"


def place_of(folder: str) -> Place:
    """Find the kind of the page in `folder`: "tags/spc/" is one of "tags/".

    Raises:
        KeyError: there is no such kind, which is a mistake in a renderer.
    """
    if folder in _BY_FOLDER:
        return _BY_FOLDER[folder]
    first = f"{folder.partition('/')[0]}/"
    return _BY_FOLDER["" if first == _MORE_OF_THE_FIRST else first]


def menu(name: Literal["main", "foot"]) -> Iterator[tuple[str, str]]:
    """List the words and folders of a menu."""
    return ((p.words or p.title, p.folder) for p in PAGES if p.menu == name)


def addresses(catalogue: Catalogue) -> Iterator[str]:
    """List the folders of all pages that search engines are sent to."""
    yield from (place.folder for place in PAGES if place.itself and place.found)
    yield from (p.page for p in catalogue.projects if not p.standing.outcome.erases)
    yield from (f"organisations/{g.organisation.slug}/" for g in catalogue.organisations)
    yield from (f"tags/{group.slug}/" for group in catalogue.tags if group.slug)
    yield from (f"languages/{group.slug}/" for group in catalogue.languages if group.slug)
    yield from (f"stages/{group.slug}/" for group in catalogue.stages if group.slug)


def table() -> str:
    """Write the pages as a Markdown table, for the documentation."""
    rows = (f"| {p.address or f'`{p.folder}`'} | {p.shows} |" for p in PAGES)
    return "\n".join(["| address | what it shows |", "|---|---|", *rows])
