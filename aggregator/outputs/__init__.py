"""Everything that is published: pages, feeds, exports, badges.

Each renderer takes the catalogue and the theme and gives files; to add an
output, write one function and add its name here. Nothing here reads the clock
or the network, so the same catalogue gives the same bytes. Called by `pipeline`.
"""

from collections.abc import Callable, Iterable, Iterator

from aggregator.catalogue import Catalogue
from aggregator.outputs.badges import render_badges
from aggregator.outputs.exports import render_exports
from aggregator.outputs.feeds import render_feeds
from aggregator.outputs.files import File
from aggregator.outputs.pages.about import (
    render_about,
    render_add,
    render_components,
    render_not_found,
)
from aggregator.outputs.pages.groups import (
    render_languages,
    render_organisations,
    render_people,
    render_stages,
    render_tags,
)
from aggregator.outputs.pages.home import render_home, render_search
from aggregator.outputs.pages.lists import (
    render_help_wanted,
    render_new,
    render_stories,
    render_talks,
)
from aggregator.outputs.pages.project import render_moved, render_projects, render_unmade
from aggregator.outputs.pages.status import render_status
from aggregator.outputs.search import render_index
from aggregator.outputs.theme import Theme, load_theme
from aggregator.outputs.wellknown import render_assets, render_wellknown

Renderer = Callable[[Catalogue, Theme], Iterable[File]]

RENDERERS: tuple[Renderer, ...] = (
    render_home,
    render_search,
    render_index,
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


def render_site(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make every file of the site."""
    for render in RENDERERS:
        yield from render(catalogue, theme)


__all__ = ["RENDERERS", "File", "Renderer", "Theme", "load_theme", "render_site"]
