"""What all outputs share: the site as a whole, where its pages are, and how a page begins.

A `Frame` is made once a build. It holds no projects: what a page shows of them is given to the
renderers beside it. Called by `renderers`, pages and data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from markupsafe import Markup

from aggregator.catalogue.assemble import last_push
from aggregator.catalogue.counting import asks_for_help
from aggregator.catalogue.kinds import Kind, kinds_of
from aggregator.catalogue.languages import FORMATS
from aggregator.catalogue.types import Catalogue, Group, Project
from aggregator.registry.models import Organisation
from aggregator.registry.settings import DEFAULT_STAGES, Showcase
from aggregator.site.contents import LAST_RUN, kind_of_page
from aggregator.site.menus import MenuGroup, MenuLink, menus_of
from aggregator.site.own_look import SiteLook, look_of
from aggregator.words.addresses import web_address
from aggregator.words.names import slugify
from aggregator.words.natural_language import Tongues
from aggregator.words.speech import runs_from_right, say, spoken

# A run on GitHub's machines may take so long, and the parts of one that was split over several
# each have their own time: https://docs.github.com/en/actions/reference/limits
_ONE_RUN = timedelta(hours=6)


def older_than_last_run(moment: datetime, ran: datetime | None) -> bool:
    """Tell whether the last run did not confirm something, so that the day has to be named.

    Args:
        moment: when it was confirmed.
        ran: when the last run ended.
    """
    return ran is not None and ran - moment > _ONE_RUN


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
    """A link out of the site; `language` is that of words that are somebody else's."""

    text: str
    url: str
    language: str = ""


class ToldOnce:
    """A frozen value that many pages hold: its `repr`, of which their keys are made, is kept."""

    def __repr__(self) -> str:
        """Tell all of it, as a dataclass does."""
        return self._told

    @cached_property
    def _told(self) -> str:
        names = cast("Any", self).__dataclass_fields__
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({told})"

    def __getstate__(self) -> dict[str, Any]:
        """Leave the kept text behind: another process needs it not, or can tell it itself."""
        return {name: value for name, value in vars(self).items() if name != "_told"}


@dataclass(frozen=True, repr=False, kw_only=True)
class Site(ToldOnce):
    """What every page says about the showcase as a whole; nothing that moves every night.

    Args:
        language: what the words of its pages are in; `tongues` what the texts of members are in.
        direction: how the first one is written: "ltr" or "rtl".
        url: its own address with a slash at the end; None while it is not known.
        home: where the community is to be found.
        web: address of the GitHub that people visit.
        asked: whether GitHub ever answered; `has_facts` whether anything of it is shown.
        last_run: the file from which scripts learn when that was.
        nav: the main menu; the note of each is what the row of a phone calls it.
        foot: the other pages to which a menu leads.
        shelves: all of both in groups, as the foot of every page shows them.
        look: logo, icon and letters of the community's own.
    """

    title: str
    tagline: str | None
    language: str
    tongues: Tongues
    direction: str
    url: str | None
    home: str | None
    web: str
    repository_url: str | None
    contact: str | None
    asked: bool
    has_facts: bool
    last_run: str
    notices: tuple[str, ...]
    project_count: int
    nav: tuple[MenuLink, ...]
    foot: tuple[MenuLink, ...]
    shelves: tuple[MenuGroup, ...]
    look: SiteLook = field(default_factory=SiteLook)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same thing in another form: its media type, a title, and a path from the top."""

    media_type: str
    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page tells programs that send people to it.

    Args:
        linked: schema.org in JSON-LD, safe inside a script element.
        image: the path of the picture that goes with a link; "" for none.
        image_alt: that picture in words.
        elsewhere: other forms of what the page is about.
    """

    linked: Markup
    image: str = ""
    image_alt: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page is and how it introduces itself.

    Args:
        path: its file, from the top of the site.
        root: the way from it to the top: "../../".
        heading: what it calls itself; its title adds the name of the site.
        leads_to: the folder that is its one address, mostly its own; None for none.
        feed: the folder of its feeds, and what they are about.
        json_feed: whether one of them is a JSON Feed; the other one is always there.
        wide_images: whether pictures from other places may load (READMEs hold them).
        head: what programs are told; None for pages to which nobody is sent.
    """

    path: str
    root: str
    heading: str
    description: str
    leads_to: str | None = None
    feed: Anchor | None = None
    json_feed: bool = True
    wide_images: bool = False
    hidden_from_search_engines: bool = False
    head: Head | None = None


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """What a template may read besides `site`: one class for each, beside what fills it."""

    template: ClassVar[str]
    nightly: ClassVar[bool] = False  # whether it says when the last run was
    page: Page


@dataclass(frozen=True, slots=True)
class Frame:
    """The site, and the tags, languages, stages and kinds that have a page, by its folder.

    `ran` is when the last run was. No page may say it but the first one of `status/`. `fresh` are
    the keys of projects that came lately, `meanings` the sentences that describe some of the pages,
    by folder, `empty` the folders of the table of contents on which nothing would stand: no menu
    leads there.
    """

    site: Site
    groups: Mapping[str, Anchor]
    ran: datetime | None = None
    fresh: frozenset[str] = frozenset()
    meanings: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    # What was made of projects, by key, once for all pages that show it; `pages.cards` fills it.
    made: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def page(
        self, folder: str, title: str = "", description: str = "", *, wide_images: bool = False
    ) -> Page:
        """Introduce the page in `folder` ("tags/spc/"; "" is the first page).

        What it is called and what it says are taken from the table of contents where they are
        not given.

        Raises:
            KeyError: the table of contents has no such page.
        """
        kind = kind_of_page(folder)
        path = f"{folder}index.html"
        return Page(
            path=path,
            root=root_of(path),
            heading=title or kind.title,
            description=description or kind.description,
            leads_to=folder,
            feed=Anchor(self.site.title, ""),
            wide_images=wide_images,
        )

    def group(self, folder: str, name: str | None) -> Anchor | None:
        """Link to the page of a group of `folder` ("tags/"), where it has one."""
        path = f"{folder}{slugify(name)}/" if name else ""
        return Anchor(group_name(folder, name), path) if name and path in self.groups else None

    def meaning(self, path: str) -> str | None:
        """Give the sentence that says what a tag, stage, kind or language is, by its page."""
        return self.meanings.get(path)


def frame_of(catalogue: Catalogue) -> Frame:
    """Gather what all outputs of a catalogue share."""
    showcase = catalogue.showcase
    kinds = kinds_of(catalogue.organisations, catalogue.terms.get("kinds", {}))
    empty = _empty_pages(catalogue, kinds)
    menus = menus_of(showcase, catalogue.written, empty)
    site = Site(
        title=showcase.title,
        tagline=showcase.tagline,
        language=spoken().language,
        tongues=catalogue.tongues,
        direction="rtl" if runs_from_right(spoken().language) else "ltr",
        url=address_of_site(showcase),
        home=web_address(showcase.home) or None,
        web=catalogue.web,
        repository_url=f"{catalogue.web}/{showcase.repository}" if showcase.repository else None,
        contact=showcase.contact,
        asked=catalogue.fetched_at is not None,
        has_facts=bool(catalogue.freshness.days),
        last_run=f"data/{LAST_RUN}",
        notices=catalogue.notices,
        project_count=len(catalogue.projects),
        nav=menus.main,
        foot=menus.foot,
        shelves=menus.shelves,
        look=look_of(catalogue.artwork),
    )
    anchors = [
        group_anchor(folder, group)
        for folder, groups in named_groups(catalogue).items()
        for group in groups
    ]
    anchors += [Anchor(kind.name, f"kinds/{kind.slug}/", len(kind.projects)) for kind in kinds]
    groups = {anchor.path: anchor for anchor in anchors}
    return Frame(site, groups, catalogue.ran, meanings=_meanings(catalogue), empty=empty)


def _meanings(catalogue: Catalogue) -> Mapping[str, str]:
    """Give the sentences that members wrote of tags, stages and kinds, and ours of formats."""
    told = {
        f"{kind}/{slug}/": term.means
        for kind, terms in catalogue.terms.items()
        for slug, term in terms.items()
        if term.means
    }
    return told | {f"languages/{slugify(name)}/": say(means) for name, means in FORMATS.items()}


def _empty_pages(catalogue: Catalogue, kinds: Sequence[Kind]) -> frozenset[str]:
    """Name the pages of the table of contents on which nothing would stand."""
    projects = catalogue.projects
    filled = {
        "organisations/": catalogue.organisations,
        "compare/": kinds,
        "insights/": projects or catalogue.history,
        "all/": projects,
        "people/": catalogue.described,
        "paths/": catalogue.paths,
        "tags/": catalogue.tags,
        "languages/": (*catalogue.languages, *catalogue.formats),
        "stages/": catalogue.stages,
        "stories/": [p for p in projects if p.story_html],
        "talks/": [*catalogue.talks, *(p for p in projects if p.talks)],
        "elsewhere/": catalogue.elsewhere,
        "help-wanted/": [*filter(asks_for_help, projects), *_seeking(catalogue)],
    }
    return frozenset(folder for folder, found in filled.items() if not found)


def _seeking(catalogue: Catalogue) -> Iterator[Group]:
    """Give the stages whose projects look for a new home, by what the registry says of them."""
    terms = catalogue.terms.get("stages", {})
    for stage in catalogue.stages:
        term = terms.get(stage.slug)
        if term and term.seeks:
            yield stage


def named_groups(catalogue: Catalogue) -> Mapping[str, tuple[Group, ...]]:
    """Give the tags, languages and stages that have a page, by the folder of their kind.

    A format such as the notebook stands among the languages, with a heading of its own.
    """
    return {
        "tags/": catalogue.tags,
        "languages/": (*catalogue.languages, *catalogue.formats),
        "stages/": catalogue.stages,
    }


def group_anchor(folder: str, group: Group) -> Anchor:
    """Link to the page of a tag, language or stage, and say how many projects are there."""
    name = group_name(folder, group.name)
    return Anchor(name, f"{folder}{group.slug}/", len(group.projects))


def group_name(folder: str, name: str) -> str:
    """Say what a tag, language or stage is called; stages that come with the program are ours."""
    return say(name) if folder == "stages/" and name in DEFAULT_STAGES else name


def organisation_anchor(organisation: Organisation) -> Anchor:
    """Link to an organisation's page."""
    return Anchor(organisation.name, f"organisations/{organisation.slug}/")


def address_of_site(showcase: Showcase) -> str | None:
    """Give the address of the site with a slash at its end; None while it is not known."""
    return f"{showcase.url.rstrip('/')}/" if showcase.url else None


def root_of(path: str) -> str:
    """Say how to reach the top of the site from the page at `path`.

    Links within the site are relative, so the same bytes work under any sub-path and from a
    folder on disk.
    """
    return "../" * path.count("/") or "./"


def site_path(url: str | None) -> str:
    """Give the path below which the site is served: "/" or "/showcase/"."""
    path = urlsplit(url).path if url else "/"
    return path if path.endswith("/") else f"{path}/"


def pushed_at(project: Project) -> datetime | None:
    """Tell when work last arrived."""
    return last_push(project.facts) if project.facts else None
