"""Pages about the showcase itself: how to join, who runs it, and what is not there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.joining.forms import ADD, file_link, form_link
from aggregator.readme.rendering import render_markdown
from aggregator.readme.unlink import unlink
from aggregator.registry.models import Showcase
from aggregator.site.frame import Anchor, Frame, PageContext
from aggregator.site.pages.cards import PULSES, Card, Pager, Pulse, by_title, cards_of, trusted
from aggregator.site.pages.facts import FactGroup, Share, fact_groups_of, shares_of

EXPORTS = (
    Anchor("catalogue.json", "data/catalogue.json", note="Everything listed here, with its dates."),
    Anchor(
        "catalogue.schema.json",
        "data/catalogue.schema.json",
        note="What each field of it means, for programs and people.",
    ),
    Anchor("catalogue.csv", "data/catalogue.csv", note="The main columns, for a spreadsheet."),
    Anchor(
        "catalogue.db", "data/catalogue.db", note="The same facts as SQLite, with their history."
    ),
    Anchor("status.json", "data/status.json", note="When each project was last looked at."),
    Anchor("feed.xml", "feed.xml", note="What changed, for feed readers (Atom)."),
    Anchor("feed.json", "feed.json", note="What changed, for programs (JSON Feed)."),
)
_COLOURS = ("page", "surface", "sunken", "border", "text", "muted", "accent", "warm")
_SUGGESTED_TAGS = 100


@dataclass(frozen=True, kw_only=True)
class AddPage(PageContext):
    """The three ways to list a project.

    Args:
        form_url: a new issue of the registry's repository, from the form for projects.
        edit_url: the registry in GitHub's editor.
        organisations: slug and name of each.
    """

    template: ClassVar[str] = "add/index.html"
    form_url: str | None
    edit_url: str | None
    stages: tuple[str, ...]
    tags: tuple[str, ...]
    organisations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AboutPage(PageContext):
    """Who runs this, where the facts come from, and the open data."""

    template: ClassVar[str] = "about/index.html"
    about: Markup | None
    exports: tuple[Anchor, ...]


@dataclass(frozen=True, kw_only=True)
class ComponentsPage(PageContext):
    """Every building block side by side, for whoever changes the look."""

    template: ClassVar[str] = "about/components.html"
    cards: tuple[Card, ...]
    pulses: tuple[Pulse, ...]
    fact_group: FactGroup
    shares: tuple[Share, ...]
    pager: Pager
    colours: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotFoundPage(PageContext):
    """What is shown for an address that is not there."""

    template: ClassVar[str] = "404.html"


def add_page(
    frame: Frame,
    showcase: Showcase,
    tags: Iterable[Group],
    organisations: Iterable[OrganisationGroup],
) -> AddPage:
    """Make the page that shows the ways to list a project."""
    return AddPage(
        page=frame.page("add/"),
        form_url=form_link(ADD, showcase, web=frame.site.web) or None,
        edit_url=file_link(showcase, frame.site.web) or None,
        stages=showcase.stages,
        tags=tuple(group.slug for group in tags if group.slug)[:_SUGGESTED_TAGS],
        organisations=tuple((g.organisation.slug, g.organisation.name) for g in organisations),
    )


def about_page(frame: Frame, showcase: Showcase) -> AboutPage:
    """Make the page about the showcase and its open data."""
    page = frame.page("about/", description=f"What {frame.site.title} is and how it works.")
    written = showcase.about
    html = unlink(render_markdown(written), showcase.blocklist) if written else None
    return AboutPage(page=page, about=trusted(html), exports=EXPORTS)


def components_page(frame: Frame, projects: Sequence[Project]) -> ComponentsPage:
    """Make the page of all building blocks, filled with this community's own projects."""
    listed = by_title(projects)
    known = next((project for project in listed if project.facts), None)
    groups = fact_groups_of(known) if known else ()
    return ComponentsPage(
        page=frame.page("about/components/"),
        cards=cards_of(listed[:3], frame),
        pulses=tuple(PULSES.values()),
        fact_group=groups[0] if groups else FactGroup("On GitHub", (), None),
        shares=shares_of(known.facts.details if known and known.facts else None),
        pager=Pager(2, 3, "about/components/", "about/components/"),
        colours=_COLOURS,
    )


def not_found_page(frame: Frame) -> NotFoundPage:
    """Make the page that is shown for an address that is not there."""
    page = frame.lost_page("404.html", "Not found", "There is no page at this address.")
    return NotFoundPage(page=page)
