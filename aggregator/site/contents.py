"""The table of contents of the site: every kind of page, once.

Navigation, footer, headings, sitemap and the table in docs/outputs.md are written from `PAGES`;
a page that is not on it cannot be made (`Frame.page` refuses). What stands on a page is never
decided here: that is what the modules in `pages` are for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aggregator.words.speech import later, say

# The groups of the menu at the foot, in its order, and what they are called.
Shelf = Literal["browse", "follow", "data", "about"]
SHELVES: Mapping[Shelf, str] = {
    "browse": later("Browse"),
    "follow": later("Follow"),
    "data": later("Data"),
    "about": later("About this showcase"),
}


@dataclass(frozen=True, slots=True)
class PageKind:
    """One kind of page.

    Args:
        folder: where it is, from the top of the site; "" is the first page.
        called: its heading, and what menus call it.
        says: one sentence for search engines and readers; the page may have a better one.
        menu: the menu that leads there.
        in_a_row: what the one row of a phone's menu calls it; "" where only the menu at the foot,
            which has everything, leads there from a phone.
        below: what stands below the folder, as the documentation writes it.
        itself: whether there is a page at `folder`, and not only below it.
        found: whether search engines are sent there.
        brief: what menus call it where the title is long.
        shelf: the group of the menu at the foot in which it stands, where a menu leads there.

    Its words are marked here and said by the properties.
    """

    folder: str
    called: str
    says: str
    menu: Literal["main", "foot"] | None = None
    in_a_row: str = ""
    below: str = ""
    itself: bool = True
    found: bool = True
    brief: str = ""
    shelf: Shelf = "browse"

    @property
    def title(self) -> str:
        """Its heading, and what menus call it."""
        return say(self.called)

    @property
    def description(self) -> str:
        """What it is, in one sentence."""
        return say(self.says)

    @property
    def menu_title(self) -> str:
        """What menus call it."""
        return say(self.brief or self.called)

    @property
    def short(self) -> str:
        """What the one row of a phone's menu calls it; "" where that does not lead there."""
        return say(self.in_a_row) if self.in_a_row else ""


# How the last run went: the one small file from which scripts learn times that every night moves.
LAST_RUN = "status.json"

PAGES = (
    PageKind("", later("Home"), later("What is worth a look now, and ways to look around.")),
    PageKind(
        "projects/",
        later("Projects"),
        later("Every project, A to Z; below, of each: what it is, who is behind it, how to start."),
        "main",
        later("Projects"),
        below="OWNER/NAME/[card/][readme/]",
    ),
    PageKind("search/", later("Search"), later("Search the projects."), "main", later("Search")),
    PageKind(
        "page/", later("Projects"), later("The list of projects goes on."), below="N/", itself=False
    ),
    PageKind(
        "all/",
        later("All projects, A to Z"),
        later("Every project in a line."),
        "foot",
        below="page/N/",
    ),
    PageKind(
        "organisations/",
        later("Organisations"),
        later("Who makes the projects that are listed here."),
        "main",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "kinds/",
        later("Kind of organisation"),
        later("What organisations of one kind make."),
        below="SLUG/[page/N/]",
        itself=False,
    ),
    PageKind(
        "compare/",
        later("Kinds side by side"),
        later("How different kinds of organisations do it: languages, licences, stages and more."),
        "foot",
        brief=later("Compare"),
        shelf="data",
    ),
    PageKind(
        "insights/",
        later("Insights"),
        later("How the showcase grows, and what its projects are made of."),
        "foot",
        shelf="data",
    ),
    PageKind(
        "people/",
        later("People"),
        later("Who makes these projects, and whom you can ask: those who wanted to be listed."),
        "foot",
        below="LOGIN/[page/N/]",
    ),
    PageKind(
        "tags/",
        later("Tags"),
        later("What the projects are about, in the words of members and of GitHub's topics."),
        "main",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "languages/",
        later("Languages"),
        later("What projects are written in: every language with a fair share of the code."),
        "foot",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "stages/",
        later("Stages"),
        later("How far the projects are, as their people say."),
        "foot",
        below="SLUG/",
    ),
    PageKind(
        "new/",
        later("New"),
        later("What changed lately, newest first."),
        "main",
        later("New"),
        shelf="follow",
    ),
    PageKind(
        "stories/",
        later("Stories"),
        later("How projects came about, by those who made them."),
        "foot",
        below="[OWNER/NAME/][page/N/]",
        shelf="follow",
    ),
    PageKind(
        "talks/",
        later("Talks"),
        later("Talks and show-and-tells: those to come, and those that were."),
        "foot",
        below="page/N/",
        shelf="follow",
    ),
    PageKind(
        "paths/",
        later("Learning paths"),
        later("Ways through projects, talks and tutorials, step by step."),
        "foot",
        below="SLUG/",
    ),
    PageKind(
        "elsewhere/",
        later("Elsewhere"),
        later("Projects that other showcases list: shown here too, and counted there alone."),
        "foot",
        below="[SLUG/][page/N/]",
    ),
    PageKind(
        "help-wanted/",
        later("Help wanted"),
        later("Where somebody new can start."),
        "main",
        below="[languages/SLUG/][organisations/SLUG/][page/N/]",
    ),
    PageKind(
        "subscribe/",
        later("Subscribe"),
        later("How to hear of what is new here, without coming to look."),
        "foot",
        shelf="follow",
    ),
    PageKind(
        "add/",
        later("Add a project"),
        later("List a project here in a minute."),
        "main",
        later("Add"),
        shelf="about",
    ),
    PageKind(
        "about/",
        later("About"),
        later("What this is and how it works."),
        "foot",
        shelf="about",
    ),
    PageKind(
        "status/",
        later("Status"),
        later("When each project was last looked at, and what went wrong."),
        "foot",
        below="page/N/",
        shelf="data",
    ),
    PageKind(
        "accessibility/",
        later("Accessibility"),
        later("Who can use these pages, how that was checked, and what does not work yet."),
        "foot",
        shelf="about",
    ),
    PageKind(
        "privacy/",
        later("Privacy"),
        later("What others learn about you: next to nothing."),
        "foot",
        shelf="about",
    ),
    PageKind(
        "pages/",
        later("Pages"),
        later("What the community says in its own words."),
        below="SLUG/",
        itself=False,
        shelf="about",
    ),
    PageKind(
        "about/components/", later("Building blocks"), later("Every part of the look."), found=False
    ),
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
