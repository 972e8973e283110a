"""Everything that is published: pages, feeds, exports, badges.

Each renderer takes the catalogue and the theme and gives files; to add an
output, write one function and add its name here. Nothing here reads the clock
or the network, so the same catalogue gives the same bytes. Called by `pipeline`.
"""

from collections.abc import Callable, Iterable, Iterator

from aggregator.catalogue.types import Catalogue
from aggregator.search.analysis import Corpus
from aggregator.site.data.badges import render_badges
from aggregator.site.data.exports import render_exports
from aggregator.site.data.feeds import render_feeds
from aggregator.site.data.search_index import corpus_of, render_index
from aggregator.site.data.wellknown import render_assets, render_wellknown
from aggregator.site.files import File
from aggregator.site.pages.about import (
    render_about,
    render_add,
    render_components,
    render_not_found,
)
from aggregator.site.pages.groups import (
    render_languages,
    render_organisations,
    render_people,
    render_stages,
    render_tags,
)
from aggregator.site.pages.home import render_home, render_search
from aggregator.site.pages.lists import render_help_wanted, render_new, render_stories, render_talks
from aggregator.site.pages.project import render_moved, render_projects, render_unmade
from aggregator.site.pages.status import render_status
from aggregator.site.theme import Theme, load_theme

Renderer = Callable[[Catalogue, Theme], Iterable[File]]

RENDERERS: tuple[Renderer, ...] = (
    render_home,
    render_search,
    render_projects,
    render_moved,
    render_unmade,
    render_organisations,
    render_people,
    render_tags,
    render_languages,
    render_stages,
    render_new,
    render_stories,
    render_talks,
    render_help_wanted,
    render_status,
    render_add,
    render_about,
    render_components,
    render_not_found,
    render_feeds,
    render_exports,
    render_badges,
    render_assets,
    render_wellknown,
)


def render_site(catalogue: Catalogue, theme: Theme, corpus: Corpus | None = None) -> Iterator[File]:
    """Make every file of the site.

    Args:
        catalogue: what to show.
        theme: how it looks.
        corpus: the catalogue as search reads it, where that was done for something else already.
    """
    for render in RENDERERS:
        yield from render(catalogue, theme)
    yield from render_index(corpus or corpus_of(catalogue))


__all__ = ["RENDERERS", "File", "Renderer", "Theme", "load_theme", "render_site"]
