"""Everything that is published: each page, feed, export and badge, and what it is made from.

    Catalogue --frame_of--> Frame --+--> pages: what a page says --Theme.page--+--> Files
                  `---- a part -----'--> data: exports, feeds, badges ... -----'

To add an output, write one function beside those that are called here and call it here. A
renderer is given the parts of the catalogue that it shows and nothing more, so that the file's
key (`File.key`) changes when they do. Nothing here reads the clock or the network: the same
catalogue gives the same bytes. Called by `run`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aggregator.catalogue.growth import growth_of
from aggregator.catalogue.kinds import kinds_of
from aggregator.catalogue.types import Catalogue
from aggregator.searching.build import index_files
from aggregator.searching.columns import Corpus
from aggregator.site.data.assistants import assistant_files
from aggregator.site.data.badges import badges
from aggregator.site.data.calendar import calendar_files
from aggregator.site.data.citing import citation_files
from aggregator.site.data.elsewhere import elsewhere_files
from aggregator.site.data.exports import OpenData, exports, open_data_of
from aggregator.site.data.feeds import feeds
from aggregator.site.data.history import history_files
from aggregator.site.data.judged_search import quality_file
from aggregator.site.data.linked_data import codemeta_files
from aggregator.site.data.neighbour_listing import neighbour_files
from aggregator.site.data.search_index import corpus_of, render_index
from aggregator.site.data.wellknown import wellknown_files
from aggregator.site.events import Event, arrivals_of, events_of, fresh_keys
from aggregator.site.frame import Frame, PageContext, frame_of, named_groups
from aggregator.site.heads import SITE_PICTURE, Heads
from aggregator.site.pages.about import (
    about_page,
    accessibility_page,
    add_page,
    components_page,
    not_found_page,
    privacy_page,
    quality_in,
)
from aggregator.site.pages.cards import pictured
from aggregator.site.pages.compare import compare_page, kind_pages
from aggregator.site.pages.everything import all_pages, projects_pages
from aggregator.site.pages.groups import named_pages, organisation_pages
from aggregator.site.pages.help import help_wanted_pages
from aggregator.site.pages.home import home_page
from aggregator.site.pages.insights import insights_page
from aggregator.site.pages.lists import (
    browse_columns,
    search_page,
)
from aggregator.site.pages.neighbours import elsewhere_pages
from aggregator.site.pages.news import new_page
from aggregator.site.pages.own import own_files, own_pages
from aggregator.site.pages.people import people_pages
from aggregator.site.pages.project import (
    card_pages,
    check_ups_of,
    drawing_files,
    moved_pages,
    project_pages,
    readme_pages,
    unmade_pages,
)
from aggregator.site.pages.status import status_pages
from aggregator.site.pages.subscribe import subscribe_page
from aggregator.site.pages.telling import (
    paths_pages,
    steps_through,
    stories_pages,
    talks_pages,
)
from aggregator.site.palette import name_files, places_of
from aggregator.site.recipes import File
from aggregator.site.share_card import ShareCard, share_card_file
from aggregator.site.subscriptions import Followable, followable
from aggregator.site.talks import ListedTalk, listed_talks
from aggregator.site.theme import Theme
from aggregator.words.speech import in_language, speaking


def render_site(
    catalogue: Catalogue,
    theme: Theme,
    corpus: Corpus | None = None,
    open_data: OpenData | None = None,
    index: Mapping[str, bytes] | None = None,
) -> Iterator[File]:
    """Give every file of the site; each is made when its bytes are asked for.

    Args:
        catalogue: What visitors see.
        theme: What it looks like.
        corpus: The same projects as search reads them; None reads them here.
        open_data: What exports are poured from, where others pour from it too.
        index: What `search_files` gave of the same, where somebody asked for it before.
    """
    return in_language(theme.speech, _site(catalogue, theme, corpus, open_data, index))


def search_files(catalogue: Catalogue, theme: Theme, corpus: Corpus) -> Mapping[str, bytes]:
    """Give the files of the search by their names below its folder, for whoever searches first."""
    with speaking(theme.speech):
        return dict(_index_files(catalogue, frame_of(catalogue), corpus))


def _index_files(catalogue: Catalogue, frame: Frame, corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    return index_files(corpus, name_files(places_of(catalogue, frame), corpus.documents))


def render_look(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Give what hangs on the theme: static files, then pages."""
    return in_language(theme.speech, _look(catalogue, theme))


def _site(
    catalogue: Catalogue,
    theme: Theme,
    corpus: Corpus | None,
    open_data: OpenData | None,
    index: Mapping[str, bytes] | None,
) -> Iterator[File]:
    frame = frame_of(catalogue)
    events = events_of(catalogue.changes, catalogue.by_key)
    yield from history_files(growth_of(catalogue.history, catalogue.ran))
    yield from _look(catalogue, theme)
    corpus = corpus or corpus_of(catalogue)
    made = index.items() if index else _index_files(catalogue, frame, corpus)
    yield from render_index(made)
    yield from quality_file(quality_in(catalogue))
    yield from feeds(frame, events, _followed(catalogue), catalogue.projects)
    yield from exports(catalogue, open_data or open_data_of(catalogue))
    yield from badges(frame.site.title, catalogue.projects, theme.accent)
    yield from calendar_files(frame.site, _talks(catalogue))
    yield from citation_files(catalogue.projects)
    yield from drawing_files(catalogue.projects)
    yield from own_files(catalogue)
    yield from codemeta_files(frame, catalogue.projects)
    yield from elsewhere_files(frame, catalogue.projects)
    yield from neighbour_files(catalogue.elsewhere)
    yield from assistant_files(catalogue, frame)
    yield from wellknown_files(catalogue, frame, theme)


def _look(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    events = events_of(catalogue.changes, catalogue.by_key)
    fresh = fresh_keys(catalogue.projects, events, catalogue.ran)
    frame = replace(frame_of(catalogue), fresh=fresh)
    yield from theme.assets.files
    heads = Heads(catalogue, frame, theme.accent)
    for plain in _pages(catalogue, frame, events):
        context = heads.on(pictured(plain))
        yield replace(theme.page(frame.site, context), nightly=context.nightly)
        if picture := heads.picture(context):
            yield _card_file(catalogue, theme, *picture)


def _card_file(catalogue: Catalogue, theme: Theme, path: str, card: ShareCard) -> File:
    """Give the picture beside a link: for the site itself the community's own, where it has one."""
    own = catalogue.artwork.picture if path == SITE_PICTURE else None
    return File(path, own.data) if own else share_card_file(theme, path, card)


def _followed(catalogue: Catalogue) -> tuple[Followable, ...]:
    kinds = kinds_of(catalogue.organisations, catalogue.terms.get("kinds", {}))
    return followable(catalogue.organisations, kinds, named_groups(catalogue))


def _talks(catalogue: Catalogue) -> tuple[ListedTalk, ...]:
    return listed_talks(catalogue.projects, catalogue.talks, catalogue.showcase.timezone)


def _pages(catalogue: Catalogue, frame: Frame, events: Sequence[Event]) -> Iterator[PageContext]:
    projects, showcase = catalogue.projects, catalogue.showcase
    organisations, named = catalogue.organisations, named_groups(catalogue)
    kinds = kinds_of(organisations, catalogue.terms.get("kinds", {}))
    browse = browse_columns(organisations, named)
    arrivals = arrivals_of(projects, events)
    check_ups = check_ups_of(projects, showcase.stages)
    yield home_page(frame, catalogue, events, named, browse)
    yield from projects_pages(frame, projects)
    yield from all_pages(frame, projects)
    yield search_page(frame, showcase, browse, catalogue.elsewhere)
    steps = steps_through(catalogue.paths, catalogue.by_key)
    for page in project_pages(frame, projects, catalogue.by_key, check_ups, showcase):
        yield replace(page, steps=steps.get(page.card.path, ()))
    yield from readme_pages(frame, projects)
    yield from card_pages(frame, projects)
    yield from moved_pages(frame, projects)
    yield from unmade_pages(frame, catalogue.unmade)
    yield from organisation_pages(frame, organisations)
    yield from kind_pages(frame, kinds)
    yield from compare_page(frame, kinds, len(projects))
    growth = growth_of(catalogue.history, catalogue.ran)
    yield from insights_page(frame, projects, growth, catalogue.changes)
    told = (projects, _talks(catalogue))
    yield from people_pages(frame, catalogue.people, catalogue.described, organisations, told)
    yield from named_pages(frame, named, catalogue.terms.get("tags", {}))
    yield new_page(frame, events, arrivals)
    yield from stories_pages(frame, projects)
    yield from talks_pages(frame, _talks(catalogue))
    yield from paths_pages(frame, catalogue.paths, catalogue.by_key)
    yield from elsewhere_pages(frame, catalogue.elsewhere)
    yield from help_wanted_pages(
        frame, projects, named["stages/"], catalogue.terms.get("stages", {})
    )
    yield from status_pages(frame, catalogue, check_ups)
    has_calendar = any(listed.talk.date for listed in _talks(catalogue))
    yield subscribe_page(frame, _followed(catalogue), has_calendar=has_calendar)
    yield add_page(frame, showcase, named["tags/"], organisations)
    yield about_page(frame, catalogue)
    yield accessibility_page(frame, catalogue)
    yield privacy_page(frame)
    yield from own_pages(frame, catalogue)
    yield components_page(frame, projects)
    yield not_found_page(frame)
