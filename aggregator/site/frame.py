"""What all outputs share: the site as a whole, where its pages are, and how a page begins.

A `Frame` is made once a build. It holds no projects: what a page shows of them is given to the
renderers beside it. Called by `renderers`, pages and data.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from aggregator import __version__
from aggregator.catalogue.assemble import last_push
from aggregator.catalogue.types import Catalogue, Group, Project
from aggregator.facts.snapshot import Freshness
from aggregator.registry.models import Organisation, Showcase
from aggregator.site.colour import DARK_SURFACES, LIGHT_SURFACES
from aggregator.site.contents import kind_of_page, menu
from aggregator.words.addresses import web_address
from aggregator.words.names import slugify
from aggregator.words.phrases import timestamp


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link within the site: words, and a path from its top.

    Args:
        text: what one reads.
        path: where it leads.
        count: of how many projects there are, where that is said.
        note: a few words beside it.
    """

    text: str
    path: str
    count: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A link out of the site."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that the head of a page offers to feed readers."""

    title: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """When the facts of all projects were confirmed.

    `marks` tells scripts how many were confirmed when: "2026-10-03T02:10:00Z=22 ...".
    """

    newest: datetime
    oldest: datetime
    current: int
    total: int
    marks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page says about the showcase as a whole.

    Args:
        url: its own address with a slash at the end; None while it is not known.
        home: where the community is to be found.
        web: address of the GitHub that people visit, and `host` its host.
        nav: the words of the main menu.
        foot: the words of the menu at the foot.
    """

    title: str
    tagline: str | None
    language: str
    url: str | None
    home: str | None
    web: str
    host: str
    repository_url: str | None
    contact: Outside | None
    fetched_at: datetime | None
    confirmed: Confirmed | None
    stale_after_days: int
    notices: tuple[str, ...]
    project_count: int
    generator: str
    theme_colours: tuple[str, str]
    nav: tuple[Anchor, ...]
    foot: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page is and how it introduces itself.

    Args:
        path: its file, from the top of the site.
        root: the way from it to the top: "../../".
        heading: what it calls itself; `title` adds the name of the site.
        canonical: its full address, where the site's is known.
        wide_images: whether pictures from other places may load (READMEs hold them).
    """

    path: str
    root: str
    heading: str
    title: str
    description: str
    canonical: str | None = None
    feeds: tuple[Feed, ...] = ()
    wide_images: bool = False
    hidden_from_search_engines: bool = False


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """What a template may read besides `site`: one class for each, beside what fills it."""

    template: ClassVar[str]
    page: Page


@dataclass(frozen=True, slots=True)
class Frame:
    """The site, and which tags, languages and stages have a page."""

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
        kind = kind_of_page(folder)
        path = f"{folder}index.html"
        return Page(
            path=path,
            root=root_of(path),
            heading=title or kind.title,
            title=self._full(title or kind.title),
            description=description or kind.description,
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
            heading=title,
            title=self._full(title),
            description=description,
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
        return _anchor("languages", name, self.languages)

    def stage(self, name: str | None) -> Anchor | None:
        """Link to a stage's page."""
        return _anchor("stages", name, self.stages)

    def _full(self, title: str) -> str:
        return title if title == self.site.title else f"{title} · {self.site.title}"


def frame_of(catalogue: Catalogue) -> Frame:
    """Gather what all outputs of a catalogue share."""
    groups = (catalogue.tags, catalogue.languages, catalogue.stages)
    return Frame(_site(catalogue), *map(_slugs, groups))


def address_of_site(showcase: Showcase) -> str | None:
    """Give the address of the site with a slash at its end; None while it is not known."""
    return f"{showcase.url.rstrip('/')}/" if showcase.url else None


def root_of(path: str) -> str:
    """Say how to reach the top of the site from the page at `path`.

    Links within the site are relative, so the same bytes work under any sub-path and from a
    folder on disk.
    """
    return "../" * path.count("/") or "./"


def address_of(path: str) -> str:
    """Give the address of a page's file: "tags/spc/index.html" is read at "tags/spc/"."""
    return path.removesuffix("index.html") if path.endswith("index.html") else path


def site_path(url: str | None) -> str:
    """Give the path below which the site is served: "/" or "/showcase/"."""
    path = urlsplit(url).path if url else "/"
    return path if path.endswith("/") else f"{path}/"


def pushed_at(project: Project) -> datetime | None:
    """Tell when work last arrived."""
    return last_push(project.facts) if project.facts else None


def organisation_anchor(organisation: Organisation) -> Anchor:
    """Link to an organisation's page."""
    return Anchor(organisation.name, f"organisations/{organisation.slug}/")


def group_anchor(folder: str, group: Group) -> Anchor:
    """Link to the page of a tag, language or stage, and say how many projects are there."""
    return Anchor(group.name, f"{folder}{group.slug}/", len(group.projects))


def feeds_of(folder: str, title: str) -> tuple[Feed, ...]:
    """Name the two feeds of a folder."""
    return (
        Feed(f"{title}: what changed", f"{folder}feed.xml", "application/atom+xml"),
        Feed(f"{title}: what changed (JSON)", f"{folder}feed.json", "application/feed+json"),
    )


def _site(catalogue: Catalogue) -> Site:
    showcase = catalogue.showcase
    return Site(
        title=showcase.title,
        tagline=showcase.tagline,
        language=showcase.language,
        url=address_of_site(showcase),
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
        nav=_menu("main"),
        foot=_menu("foot"),
    )


def _menu(name: Literal["main", "foot"]) -> tuple[Anchor, ...]:
    return tuple(Anchor(text, path) for text, path in menu(name))


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


def _slugs(groups: Iterable[Group]) -> frozenset[str]:
    return frozenset(group.slug for group in groups if group.slug)


def _anchor(folder: str, name: str | None, known: frozenset[str]) -> Anchor | None:
    slug = slugify(name) if name else ""
    return Anchor(name, f"{folder}/{slug}/") if name and slug in known else None
