"""Pages of the community's own as visitors see them: what was written, made safe to show.

A page whose rendering failed is missing, and so is every menu's way there: the fault is told where
it happened. Where their links lead is decided in `site/pages/own`, which knows all other pages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aggregator.readme.readme import Readme
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
