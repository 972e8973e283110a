"""Pages about the showcase itself: how to join, who runs it, and what is not there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.judged_searches import SearchQuality, quality_of
from aggregator.catalogue.types import Activity, Catalogue, Group, OrganisationGroup, Project
from aggregator.joining.forms import ADD, file_link, form_link
from aggregator.registry.community import Accessibility
from aggregator.registry.settings import Showcase
from aggregator.site.data.judged_search import SEARCH_QUALITY
from aggregator.site.frame import Frame, PageContext, group_name, site_path
from aggregator.site.pages.cards import (
    Card,
    Pager,
    Pulse,
    SafeHtml,
    by_title,
    cards_of,
    pulse_of,
    trusted,
)
from aggregator.site.pages.facts import FactGroup, Share, glance_group, shares_of
from aggregator.words.speech import say

_SUGGESTED_TAGS = 100


@dataclass(frozen=True, kw_only=True)
class AddPage(PageContext):
    """The three ways to list a project.

    Args:
        form_url: a new issue of the registry's repository, from the form for projects.
        edit_url: the registry in GitHub's editor.
        stages: each as it is written in the registry, and what pages call it.
        organisations: slug and name of each.
    """

    template: ClassVar[str] = "add/index.html"
    form_url: str | None
    edit_url: str | None
    stages: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    organisations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AboutPage(PageContext):
    """Who runs this, where the facts come from, and the open data.

    Args:
        about_language: what is said of it is written in.
        data_licence: the SPDX identifier of the catalogue's licence as a collection.
        licence_url: where to read its text.
        quality: how well the search does, where members judged what it should find.
        quality_path: the file that says it of each search.
    """

    template: ClassVar[str] = "about/index.html"
    about: SafeHtml | None
    about_language: str
    data_licence: str
    licence_url: str
    quality: SearchQuality | None
    quality_path: str = SEARCH_QUALITY


@dataclass(frozen=True, kw_only=True)
class AccessibilityPage(PageContext):
    """The accessibility statement: what is true of every such site, and what its people add.

    Args:
        problems: what they say does not work yet, and the language of that.
    """

    template: ClassVar[str] = "accessibility/index.html"
    accessibility: Accessibility
    problems: SafeHtml | None
    problems_language: str


@dataclass(frozen=True, kw_only=True)
class PrivacyPage(PageContext):
    """What is kept about a visitor, and about those whose work is listed."""

    template: ClassVar[str] = "privacy/index.html"


@dataclass(frozen=True, kw_only=True)
class ComponentsPage(PageContext):
    """Every building block side by side, for whoever changes the look."""

    template: ClassVar[str] = "about/components.html"
    cards: tuple[Card, ...]
    pulses: tuple[Pulse, ...]
    facts: tuple[FactGroup, ...]
    shares: tuple[Share, ...]
    pager: Pager


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
        stages=tuple((stage, group_name("stages/", stage)) for stage in showcase.stages),
        tags=tuple(group.slug for group in tags)[:_SUGGESTED_TAGS],
        organisations=tuple((g.organisation.slug, g.organisation.name) for g in organisations),
    )


def about_page(frame: Frame, catalogue: Catalogue) -> AboutPage:
    """Make the page about the showcase and its open data."""
    data_licence = catalogue.showcase.data_licence
    words = say("What %(title)s is and how it works.", title=frame.site.title)
    page = frame.page("about/", description=words)
    return AboutPage(
        page=page,
        about=trusted(catalogue.about_html),
        about_language=catalogue.about_language,
        data_licence=data_licence,
        licence_url=f"https://spdx.org/licenses/{data_licence}.html",
        quality=quality_in(catalogue),
    )


def quality_in(catalogue: Catalogue) -> SearchQuality | None:
    """Give what the judged searches come to, where a build scored them."""
    proven = catalogue.proven
    return quality_of(catalogue.judged, proven.searched_on) if proven else None


def accessibility_page(frame: Frame, catalogue: Catalogue) -> AccessibilityPage:
    """Make the accessibility statement."""
    return AccessibilityPage(
        page=frame.page("accessibility/"),
        # What the page shows of it as HTML is no part of its key twice.
        accessibility=replace(catalogue.showcase.accessibility, problems=None),
        problems=trusted(catalogue.problems_html),
        problems_language=catalogue.problems_language,
    )


def privacy_page(frame: Frame) -> PrivacyPage:
    """Make the privacy note."""
    return PrivacyPage(page=frame.page("privacy/"))


def components_page(frame: Frame, projects: Sequence[Project]) -> ComponentsPage:
    """Make the page of all building blocks, filled with this community's own projects."""
    listed = by_title(projects)
    known = next((project for project in listed if project.facts), None)
    facts = known.facts if known else None
    return ComponentsPage(
        page=frame.page("about/components/"),
        cards=cards_of(listed[:3], frame),
        pulses=tuple(map(pulse_of, Activity)),
        facts=(glance_group(known, facts.glance, frame.ran),) if known and facts else (),
        shares=shares_of(facts.details if facts else None),
        pager=Pager(2, 3, "about/components/", "about/components/"),
    )


def not_found_page(frame: Frame) -> NotFoundPage:
    """Make the page that is shown at any address, so that its links start at the host."""
    page = frame.page("", say("Not found"), say("There is no page at this address."))
    return NotFoundPage(
        page=replace(
            page,
            path="404.html",
            root=site_path(frame.site.url),
            leads_to=None,
            feed=None,
            hidden_from_search_engines=True,
        )
    )
