"""What each page tells programs that send people to it: schema.org, other forms, and a picture.

Found by the address of a page and not by its kind, so that a new kind of page has a head without
asking for it: a picture of its own for projects, organisations and stories, that of the site for
all others. Pages to which nobody is sent have none. Called by `renderers`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from aggregator.catalogue.types import Catalogue, OrganisationGroup, Project
from aggregator.site.colour import Accent
from aggregator.site.contents import kind_of_page
from aggregator.site.data.citing import cite_path
from aggregator.site.data.elsewhere import oembed_path
from aggregator.site.data.linked_data import (
    Linked,
    article,
    breadcrumbs,
    codemeta_path,
    dataset,
    described_in,
    event,
    in_a_script,
    organisation,
    person,
    software,
)
from aggregator.site.frame import (
    Elsewhere,
    Frame,
    Head,
    Page,
    PageContext,
    group_name,
    organisation_anchor,
)
from aggregator.site.share_card import ShareCard
from aggregator.site.talks import listed_talks
from aggregator.words.addresses import quoted
from aggregator.words.natural_language import marked
from aggregator.words.phrases import plural, sentence, shortened

ContextT = TypeVar("ContextT", bound=PageContext)

SITE_PICTURE = "card.png"
_MOST_EVENTS = 20
_NEXT_PAGE = re.compile(r"(?<=/)page/\d+/\Z")
_ALT_LENGTH = 200
_CARD_TEXT = 300  # its most characters; a card has room for some four lines
# What pages are that are no lists: https://schema.org/WebPage#subtypes
_KINDS = {
    "": "WebSite",
    "about/": "AboutPage",
    "search/": "SearchResultsPage",
    "people/": "ProfilePage",
    "projects/": "ItemPage",
    "status/": "WebPage",
    "add/": "WebPage",
    "pages/": "WebPage",
}


class Heads:
    """Gives pages their heads, and the pictures that these name."""

    def __init__(self, catalogue: Catalogue, frame: Frame, accent: Accent) -> None:
        self._catalogue, self._frame, self._accent = catalogue, frame, accent
        self._projects = {
            project.page: project
            for project in catalogue.projects
            if not project.standing.outcome.erases
        }
        self._tellers = {
            f"stories/{page.removeprefix('projects/')}": project
            for page, project in self._projects.items()
            if project.story_html
        }
        self._bodies = {
            organisation_anchor(group.organisation).path: group for group in catalogue.organisations
        }

    def on(self, context: ContextT) -> ContextT:
        """Give the same page with its head."""
        page = context.page
        if page.hidden_from_search_engines or page.leads_to is None:
            return context
        folder = page.leads_to
        own = self._own_picture(folder)
        head = Head(
            linked=in_a_script(list(self._told(page, folder))),
            image=f"{own}{SITE_PICTURE}" if self._frame.site.url else "",
            image_alt=shortened(f"{page.heading}: {page.description}", _ALT_LENGTH),
            elsewhere=self._other_forms(folder),
        )
        return replace(context, page=replace(page, head=head))

    def picture(self, context: PageContext) -> tuple[str, ShareCard] | None:
        """Give the path of a picture that belongs to a page, and what is on it."""
        page = context.page
        folder = page.leads_to
        if page.head is None or not page.head.image or folder is None:
            return None
        if self._own_picture(folder) != folder:
            return None
        return f"{folder}{SITE_PICTURE}", self._card(page, folder)

    def _own_picture(self, folder: str) -> str:
        """Name the folder whose picture a page shows: its own, that of its first page, the top."""
        first = _NEXT_PAGE.sub("", folder)
        is_story = first.startswith("stories/") and first != "stories/"
        return first if first in self._projects or first in self._bodies or is_story else ""

    def _card(self, page: Page, folder: str) -> ShareCard:
        site = self._frame.site
        plain = ShareCard(
            title=page.heading,
            name=urlsplit(site.url or "").hostname or "",
            text=shortened(page.description, _CARD_TEXT),
            site=site.title,
            accent=self._accent.light,
            on_accent=self._accent.on_light,
        )
        if project := self._projects.get(folder):
            return _of_project(plain, project)
        if body := self._bodies.get(folder):
            return _of_body(plain, body)
        if teller := self._tellers.get(folder):
            plain = replace(plain, name=teller.repo)
        if folder:
            return replace(plain, overline=kind_of_page(folder).title)
        return replace(plain, facts=(plural(site.project_count, "project"),))

    def _told(self, page: Page, folder: str) -> Iterator[Linked]:
        site = self._frame.site
        first = f"{folder.partition('/')[0]}/" if folder else ""
        address = f"{site.url}{quoted(folder)}" if site.url else None
        told: Linked = {"@type": _KINDS.get(first, "CollectionPage"), "name": page.heading}
        told["inLanguage"] = site.language
        if address:
            told["url"] = address
        if about := self._main_thing(page, folder):
            told["mainEntity"] = about
        else:
            told["description"] = page.description
        yield told
        if not folder:
            yield dataset(self._frame, self._catalogue.showcase.data_licence)
        if folder == "talks/":
            yield from self._events()
        if folder and site.url:
            yield breadcrumbs(list(self._way(page, folder, site.url)))

    def _main_thing(self, page: Page, folder: str) -> Linked | None:
        site, web = self._frame.site, self._frame.site.web
        if project := self._projects.get(folder):
            told, summary = software(project, site.url), project.summary
            language = summary.language if summary else ""
            return told and described_in(told, marked(language, site.language))
        if body := self._bodies.get(folder):
            told = organisation(body.organisation, site.url, web)
            return self._in_its_language(told, body.organisation.about)
        parts = folder.split("/")
        if teller := self._tellers.get(folder):
            language = marked(teller.story_language, site.language)
            return article(teller, page.heading, site.url, language)
        if parts[0] == "people" and len(parts) == 3:
            described = self._catalogue.described.get(parts[1])
            told = person(parts[1], described, web)
            return self._in_its_language(told, described.about if described else None)
        return None

    def _in_its_language(self, told: Linked, description: str | None) -> Linked:
        site = self._frame.site
        return described_in(told, marked(site.tongues.of(description or ""), site.language))

    def _way(self, page: Page, folder: str, site: str) -> Iterator[tuple[str, str]]:
        kind = kind_of_page(folder)
        yield self._frame.site.title, site
        if kind.itself and kind.folder and kind.folder != folder:
            yield kind.title, f"{site}{quoted(kind.folder)}"
        yield page.heading, f"{site}{quoted(folder)}"

    def _events(self) -> Iterator[Linked]:
        """Tell of the latest talks on a known day."""
        known = self._catalogue
        talks = listed_talks(known.projects, known.talks, known.showcase.timezone)
        latest = sorted(talks, key=lambda one: one.talk.date or date.min, reverse=True)
        for listed in latest[:_MOST_EVENTS]:
            if told := event(listed, self._frame.site.url):
                yield told

    def _other_forms(self, folder: str) -> tuple[Elsewhere, ...]:
        if folder not in self._projects:
            return ()
        forms = [
            Elsewhere("application/ld+json", "CodeMeta", codemeta_path(folder)),
            Elsewhere("application/x-bibtex", "BibTeX", cite_path(folder, "bib")),
            Elsewhere("application/x-research-info-systems", "RIS", cite_path(folder, "ris")),
        ]
        if self._frame.site.url:
            forms.append(Elsewhere("application/json+oembed", "oEmbed", oembed_path(folder)))
        return tuple(forms)


def _of_project(card: ShareCard, project: Project) -> ShareCard:
    owner = project.repo.partition("/")[0]
    facts = (
        *project.languages[:2],
        project.licence_label,
        sentence(group_name("stages/", project.stage or "")),
    )
    return replace(
        card,
        name=project.repo,
        overline=project.organisation.name if project.organisation else owner,
        text=shortened(project.summary.text, _CARD_TEXT) if project.summary else "",
        facts=tuple(filter(None, facts)),
    )


def _of_body(card: ShareCard, body: OrganisationGroup) -> ShareCard:
    said = body.organisation
    return replace(
        card,
        title=said.name,
        name=said.slug,
        overline=said.kind or "",
        text=shortened(said.about or "", _CARD_TEXT),
        facts=(plural(len(body.projects), "project"),),
    )
