"""What all pages share: the site, its navigation, and where every group has its page.

Called by the page builders beside this module; reads the catalogue only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from aggregator import __version__
from aggregator.catalogue.types import Catalogue, Group
from aggregator.facts.snapshot import Freshness
from aggregator.registry.models import Organisation
from aggregator.site.colour import DARK_SURFACES, LIGHT_SURFACES
from aggregator.site.links import address_of, root_of, site_path
from aggregator.site.pages.contents import menu, place_of
from aggregator.site.pages.contexts import Feed, Page, Site
from aggregator.site.pages.views import Anchor, Confirmed, NavItem, Outside
from aggregator.words.addresses import web_address
from aggregator.words.names import slugify
from aggregator.words.phrases import timestamp


@dataclass(frozen=True, slots=True)
class Frame:
    """The catalogue with everything that a page needs besides its own content."""

    catalogue: Catalogue
    site: Site
    tags: frozenset[str]
    languages: frozenset[str]
    stages: frozenset[str]

    def page(
        self,
        folder: str,
        title: str = "",
        description: str = "",
        *,
        feeds: tuple[Feed, ...] | None = None,
        wide_images: bool = False,
    ) -> Page:
        """Introduce the page in `folder` ("tags/spc/"; "" is the first page).

        What is not given is taken from the table of contents.

        Raises:
            KeyError: the table of contents has no such page.
        """
        place = place_of(folder)
        title = title or place.title
        path = f"{folder}index.html"
        return Page(
            path=path,
            root=root_of(path),
            title=title if title == self.site.title else f"{title} · {self.site.title}",
            description=description or place.description,
            nav=_menu("main", folder),
            foot=_menu("foot", folder),
            canonical=self.absolute(path),
            feeds=feeds_of("", self.site.title) if feeds is None else feeds,
            wide_images=wide_images,
        )

    def moved_page(self, folder: str, target: str, title: str, description: str) -> Page:
        """Introduce the page left behind in `folder`, which leads on to that in `target`."""
        page = self.page(folder, title, description)
        return replace(page, canonical=self.absolute(target), hidden_from_search_engines=True)

    def lost_page(self, path: str, title: str, description: str) -> Page:
        """Introduce a page that is shown at any address, so that its links start at the host."""
        return Page(
            path=path,
            root=site_path(self.site.url),
            title=f"{title} · {self.site.title}",
            description=description,
            nav=_menu("main", None),
            foot=_menu("foot", None),
            hidden_from_search_engines=True,
        )

    def absolute(self, path: str) -> str | None:
        """Give the full address of a file, where the site's own is known."""
        return f"{self.site.url}{address_of(path)}" if self.site.url else None

    def tag(self, name: str) -> Anchor | None:
        """Link to a tag's page."""
        return _anchor("tags", name, self.tags)

    def language(self, name: str | None) -> Anchor | None:
        """Link to a language's page."""
        return _anchor("languages", name, self.languages) if name else None

    def stage(self, name: str | None) -> Anchor | None:
        """Link to a stage's page."""
        return _anchor("stages", name, self.stages) if name else None


def frame_of(catalogue: Catalogue) -> Frame:
    """Gather what all pages of a catalogue share."""
    return Frame(
        catalogue,
        _site(catalogue),
        _slugs(catalogue.tags),
        _slugs(catalogue.languages),
        _slugs(catalogue.stages),
    )


def organisation_anchor(organisation: Organisation) -> Anchor:
    """Link to an organisation's page."""
    return Anchor(organisation.name, f"organisations/{organisation.slug}/")


def feeds_of(folder: str, title: str) -> tuple[Feed, ...]:
    """Name the two feeds of a folder."""
    return (
        Feed(f"{title}: what changed", f"{folder}feed.xml", "application/atom+xml"),
        Feed(f"{title}: what changed (JSON)", f"{folder}feed.json", "application/feed+json"),
    )


def _menu(name: Literal["main", "foot"], folder: str | None) -> tuple[NavItem, ...]:
    """List the words of a menu, with the one marked that leads to `folder`."""
    return tuple(NavItem(text, path, path == folder) for text, path in menu(name))


def _site(catalogue: Catalogue) -> Site:
    showcase = catalogue.showcase
    return Site(
        title=showcase.title,
        tagline=showcase.tagline,
        language=showcase.language,
        url=_with_slash(showcase.url),
        home=web_address(showcase.home) or None,
        web=catalogue.web,
        host=catalogue.web.partition("://")[2],
        repository_url=f"{catalogue.web}/{showcase.repository}" if showcase.repository else None,
        contact=Outside(showcase.contact, showcase.contact) if showcase.contact else None,
        fetched_at=catalogue.fetched_at,
        confirmed=_confirmed(catalogue.freshness, showcase.stale_after_days),
        stale_after_days=showcase.stale_after_days,
        notices=catalogue.notices,
        project_count=len(catalogue.projects),
        generator=f"aggregator {__version__}",
        theme_colours=(LIGHT_SURFACES[0], DARK_SURFACES[0]),
    )


def _confirmed(freshness: Freshness, stale_after_days: int) -> Confirmed | None:
    """Say when facts were confirmed; what is too old already is one group, however old."""
    if freshness.newest is None or freshness.oldest is None:
        return None
    limit = freshness.newest - timedelta(days=stale_after_days)
    stale = [(day, count) for day, count in freshness.days if day <= limit]
    groups = [(stale[-1][0], sum(count for _, count in stale))] if stale else []
    groups += freshness.days[len(stale) :]
    return Confirmed(
        newest=freshness.newest,
        oldest=freshness.oldest,
        current=freshness.current,
        total=freshness.total,
        marks=" ".join(f"{timestamp(moment)}={count}" for moment, count in groups),
    )


def _with_slash(url: str | None) -> str | None:
    return f"{url.rstrip('/')}/" if url else None


def _slugs(groups: Iterable[Group]) -> frozenset[str]:
    return frozenset(group.slug for group in groups if group.slug)


def _anchor(folder: str, name: str, known: frozenset[str]) -> Anchor | None:
    slug = slugify(name)
    return Anchor(name, f"{folder}/{slug}/") if slug in known else None
