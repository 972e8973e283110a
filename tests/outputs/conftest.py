"""The made-up community, published once for all tests that only look."""

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, load_theme
from tests.neighbours.listings import including
from tests.outputs import factory


@pytest.fixture(scope="session")
def theme() -> Theme:
    """The look that comes with the program."""
    return load_theme("#225faa")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The made-up community, which includes another one."""
    return including(factory.community())


@pytest.fixture(scope="session")
def site(catalogue: Catalogue, theme: Theme) -> dict[str, bytes]:
    """Every file of its site, by path."""
    return {file.path: file.data for file in render_site(catalogue, theme)}
