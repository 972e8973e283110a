"""The made-up community's site, served as a project site is: below a sub-path."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.run.publish import publish
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, load_theme
from tests.outputs import factory

SUB_PATH = "health"


@dataclass(frozen=True, slots=True)
class Served:
    """A published site: its address, and its folder on disk."""

    url: str
    folder: Path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: a test that fails shows what it asked for."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The made-up community's site."""
    yield from serve(factory.community(), tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with more projects than fit on one page."""
    yield from serve(factory.many(130), tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The community with all that a first page can show."""
    yield from serve(factory.rich(), tmp_path_factory.mktemp("rich"))


def serve(catalogue: Catalogue, folder: Path, theme: Theme | None = None) -> Iterator[Served]:
    """Publish a catalogue and serve it below a sub-path until the tests are done."""
    theme = theme or load_theme(catalogue.showcase.accent)
    publish(render_site(catalogue, theme), folder / SUB_PATH)
    yield from serve_folder(folder)


def serve_folder(folder: Path) -> Iterator[Served]:
    """Serve a folder, in which the site is below the sub-path, until the tests are done."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}/{SUB_PATH}/", folder / SUB_PATH)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
