"""Pages about the showcase itself: how to join, who runs it, and what is not there."""

from collections.abc import Iterator

from aggregator.catalogue.types import Catalogue
from aggregator.joining.forms import ADD, file_link, form_link
from aggregator.readme.rendering import render_markdown
from aggregator.readme.unlink import unlink
from aggregator.site.files import File
from aggregator.site.pages.cards import PULSES, by_title, cards_of
from aggregator.site.pages.contexts import AboutPage, AddPage, ComponentsPage, NotFoundPage
from aggregator.site.pages.facts import fact_groups_of, shares_of
from aggregator.site.pages.frame import frame_of
from aggregator.site.pages.project import trusted
from aggregator.site.pages.views import Export, FactGroup, Pager
from aggregator.site.theme import Theme

EXPORTS = (
    Export("catalogue.json", "data/catalogue.json", "Everything listed here, with its dates."),
    Export(
        "catalogue.schema.json",
        "data/catalogue.schema.json",
        "What each field of it means, for programs and people.",
    ),
    Export("catalogue.csv", "data/catalogue.csv", "The main columns, for a spreadsheet."),
    Export("catalogue.db", "data/catalogue.db", "The same facts as SQLite, with their history."),
    Export("status.json", "data/status.json", "When each project was last looked at."),
    Export("feed.xml", "feed.xml", "What changed, for feed readers (Atom)."),
    Export("feed.json", "feed.json", "What changed, for programs (JSON Feed)."),
)
_COLOURS = ("page", "surface", "sunken", "border", "text", "muted", "accent", "warm")
_SUGGESTED_TAGS = 100


def render_add(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page that shows the ways to list a project."""
    frame = frame_of(catalogue)
    yield theme.page(
        AddPage(
            site=frame.site,
            page=frame.page("add/"),
            repository_url=frame.site.repository_url,
            form_url=form_link(ADD, catalogue.showcase, web=catalogue.web) or None,
            edit_url=file_link(catalogue.showcase, catalogue.web) or None,
            schema_url=None,
            stages=catalogue.showcase.stages,
            tags=tuple(group.slug for group in catalogue.tags if group.slug)[:_SUGGESTED_TAGS],
            organisations=tuple(
                (group.organisation.slug, group.organisation.name)
                for group in catalogue.organisations
            ),
        )
    )


def render_about(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page about the showcase and its open data."""
    frame = frame_of(catalogue)
    page = frame.page("about/", description=f"What {frame.site.title} is and how it works.")
    written = catalogue.showcase.about
    blocked = catalogue.showcase.blocklist
    about = trusted(unlink(render_markdown(written), blocked)) if written else None
    yield theme.page(AboutPage(site=frame.site, page=page, about=about, exports=EXPORTS))


def render_components(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page of all building blocks, filled with this community's own projects."""
    frame = frame_of(catalogue)
    projects = by_title(catalogue.projects)
    known = next((p for p in projects if p.facts), None)
    facts = known.facts if known else None
    groups = fact_groups_of(known) if known else ()
    page = frame.page("about/components/")
    yield theme.page(
        ComponentsPage(
            site=frame.site,
            page=page,
            cards=cards_of(projects[:3], frame),
            pulses=tuple(PULSES.values()),
            fact_group=groups[0] if groups else FactGroup("On GitHub", (), None),
            shares=shares_of(facts.details if facts else None),
            pager=Pager(2, 3, "about/components/", "about/components/"),
            colours=_COLOURS,
        )
    )


def render_not_found(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page that is shown for an address that is not there."""
    frame = frame_of(catalogue)
    page = frame.lost_page("404.html", "Not found", "There is no page at this address.")
    yield theme.page(NotFoundPage(site=frame.site, page=page))
