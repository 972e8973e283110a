"""A showcase of a community's GitHub projects: registry in, static site out.

    import aggregator

    catalogue = aggregator.open_catalogue("https://example.org/showcase/")
    for found in aggregator.search(catalogue, "waiting list"):
        print(found.project.title, found.project.activity)

This is the whole of the public API; docs/api.md shows it at work. What is not named in `__all__`
is private to the package and may change with any version. A name is loaded when it is first asked
for, so that a command which needs none of it starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.open_data import (
        FoundProject,
        FoundProjects,
        load_registry,
        open_catalogue,
        search,
    )
    from aggregator.registry.registry import Registry
    from aggregator.site.data.export_models import ExportedOrganisation, ExportedProject
    from aggregator.site.data.opened import OpenCatalogue
    from aggregator.words.errors import AggregatorError

__version__ = "0.1.0"

_HOMES = {
    "AggregatorError": "words.errors",
    "ExportedOrganisation": "site.data.export_models",
    "ExportedProject": "site.data.export_models",
    "FoundProject": "open_data",
    "FoundProjects": "open_data",
    "OpenCatalogue": "site.data.opened",
    "Registry": "registry.registry",
    "load_registry": "open_data",
    "open_catalogue": "open_data",
    "search": "open_data",
}
__all__ = [
    "AggregatorError",
    "ExportedOrganisation",
    "ExportedProject",
    "FoundProject",
    "FoundProjects",
    "OpenCatalogue",
    "Registry",
    "load_registry",
    "open_catalogue",
    "search",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
