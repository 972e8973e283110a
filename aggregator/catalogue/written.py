"""Pages of the community's own as visitors see them: what was written, made safe to show.

A page whose rendering failed is missing, and so is every menu's way there: the fault is told where
it happened. Where their links lead is decided in `site/pages/own`, which knows all other pages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from aggregator.readme.readme import Readme
from aggregator.registry.community import StoryPicture
from aggregator.registry.models import Entry
from aggregator.registry.own_pages import PAGES_FOLDER
from aggregator.registry.registry import Registry
from aggregator.words.natural_language import Tongues


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPage:
    """A page of the community's own, made safe; its relative links lead nowhere yet.

    Args:
        slug: its name in addresses, below `pages/`.
        file: its file, from which its links are seen.
        menu: the menu that leads there: "main", "foot" or "none".
        drawings: of its diagrams, as those of a README.
    """

    slug: str
    file: str
    title: str
    description: str
    menu: str
    html: str
    language: str = ""
    drawings: tuple[tuple[str, str], ...] = ()


def written_pages(
    registry: Registry, rendered: Mapping[str, Readme], tongues: Tongues
) -> tuple[WrittenPage, ...]:
    """Give the community's own pages; titles name no blocked domain.

    Args:
        registry: what members wrote.
        rendered: the pages as safe HTML, by their names in addresses, without links that are
            blocked.
        tongues: tells the language of a text that shows none.
    """
    return tuple(_each(registry, rendered, tongues))


def story_picture_of(entry: Entry, registry: Registry) -> StoryPicture | None:
    """Give the picture of an entry's story, its file seen from `pages/`, where it was read."""
    picture = entry.story_picture
    name = picture.file.removeprefix(f"{PAGES_FOLDER}/") if picture else ""
    return replace(picture, file=name) if picture and name in registry.own.pictures else None


def _each(
    registry: Registry, rendered: Mapping[str, Readme], tongues: Tongues
) -> Iterator[WrittenPage]:
    blocked = registry.showcase.blocklist
    for page in registry.own.pages:
        if page.slug in rendered:
            readme = rendered[page.slug]
            yield WrittenPage(
                slug=page.slug,
                file=page.file,
                title=blocked.unlinked(page.title),
                description=blocked.unlinked(page.header.description or readme.excerpt or ""),
                menu=page.header.menu,
                html=str(readme.html),
                language=tongues.of("", readme.language),
                drawings=readme.drawings,
            )
