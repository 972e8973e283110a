"""The table of contents of the site: every kind of page, once.

Navigation, footer, headings, sitemap and the table in docs/outputs.md are written from `PAGES`;
a page that is not on it cannot be made (`Frame.page` refuses). What stands on a page is never
decided here: that is what the modules in `pages` are for.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PageKind:
    """One kind of page.

    Args:
        folder: where it is, from the top of the site; "" is the first page.
        title: its heading, and what menus call it.
        description: one sentence for search engines and readers; the page may have a better one.
        menu: the menu that leads there.
        short: what the one row of a phone's menu calls it; "" where only the menu at the foot,
            which has everything, leads there from a phone.
        below: what stands below the folder, as the documentation writes it.
        itself: whether there is a page at `folder`, and not only below it.
        found: whether search engines are sent there.
        brief: what menus call it where the title is long.
    """

    folder: str
    title: str
    description: str
    menu: Literal["main", "foot"] | None = None
    short: str = ""
    below: str = ""
    itself: bool = True
    found: bool = True
    brief: str = ""

    @property
    def menu_title(self) -> str:
        """What menus call it."""
        return self.brief or self.title


# How the last run went: the one small file from which scripts learn times that every night moves.
LAST_RUN = "status.json"

PAGES = (
    PageKind("", "Home", "What is worth a look now, and ways to look around."),
    PageKind(
        "projects/",
        "Projects",
        "Every project, A to Z; below, of each: what it is, who is behind it, how to start.",
        "main",
        "Projects",
        below="OWNER/NAME/[card/][readme/]",
    ),
    PageKind("search/", "Search", "Search the projects.", "main", "Search"),
    PageKind("page/", "Projects", "The list of projects goes on.", below="N/", itself=False),
    PageKind("all/", "All projects, A to Z", "Every project in a line.", "foot", below="page/N/"),
    PageKind(
        "organisations/",
        "Organisations",
        "Who makes the projects that are listed here.",
        "main",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "kinds/",
        "Kind of organisation",
        "What organisations of one kind make.",
        below="SLUG/[page/N/]",
        itself=False,
    ),
    PageKind(
        "compare/",
        "Kinds side by side",
        "How different kinds of organisations do it: languages, licences, stages and more.",
        "foot",
        brief="Compare",
    ),
    PageKind(
        "insights/",
        "Insights",
        "How the showcase grows, and what its projects are made of.",
        "foot",
    ),
    PageKind(
        "people/",
        "People",
        "Who makes these projects, and whom you can ask: those who wanted to be listed.",
        "foot",
        below="LOGIN/[page/N/]",
    ),
    PageKind(
        "tags/",
        "Tags",
        "What the projects are about, in the words of members and of GitHub's topics.",
        "main",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "languages/",
        "Languages",
        "What projects are written in: every language with a fair share of the code.",
        "foot",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "stages/",
        "Stages",
        "How far the projects are, as their people say.",
        "foot",
        below="SLUG/",
    ),
    PageKind("new/", "New", "What changed lately, newest first.", "main", "New"),
    PageKind(
        "stories/",
        "Stories",
        "How projects came about, by those who made them.",
        "foot",
        below="[OWNER/NAME/][page/N/]",
    ),
    PageKind(
        "talks/",
        "Talks",
        "Talks and show-and-tells: those to come, and those that were.",
        "foot",
        below="page/N/",
    ),
    PageKind(
        "paths/",
        "Learning paths",
        "Ways through projects, talks and tutorials, step by step.",
        "foot",
        below="SLUG/",
    ),
    PageKind(
        "help-wanted/",
        "Help wanted",
        "Where somebody new can start.",
        "main",
        below="[languages/SLUG/][organisations/SLUG/][page/N/]",
    ),
    PageKind(
        "subscribe/",
        "Subscribe",
        "How to hear of what is new here, without coming to look.",
        "foot",
    ),
    PageKind("add/", "Add a project", "List a project here in a minute.", "main", "Add"),
    PageKind("about/", "About", "What this is and how it works.", "foot"),
    PageKind(
        "status/",
        "Status",
        "When each project was last looked at, and what went wrong.",
        "foot",
        below="page/N/",
    ),
    PageKind(
        "accessibility/",
        "Accessibility",
        "Who can use these pages, how that was checked, and what does not work yet.",
        "foot",
    ),
    PageKind("privacy/", "Privacy", "What others learn about you: next to nothing.", "foot"),
    PageKind("about/components/", "Building blocks", "Every part of the look.", found=False),
)
_BY_FOLDER = {kind.folder: kind for kind in PAGES}


def kind_of_page(folder: str) -> PageKind:
    """Find the kind of the page in `folder`: "tags/spc/" is one of "tags/".

    Raises:
        KeyError: there is no such kind, which is a mistake in a renderer.
    """
    if folder in _BY_FOLDER:
        return _BY_FOLDER[folder]
    return _BY_FOLDER[f"{folder.partition('/')[0]}/"]
