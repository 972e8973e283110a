"""The made-up community that tests of search use, its index, and a browser that reads it."""

import functools
import gzip
import http.server
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page

from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.index import Index
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "search"
STATIC = ROOT / "site_templates" / "static"

Glossary = Mapping[str, Sequence[str]]
Files = Mapping[str, bytes]
Ask = Callable[[Files, list[dict[str, Any]]], list[dict[str, Any]]]


def document(**facts: Any) -> Document:
    """Make a document from plain facts, lists as tuples."""
    shaped = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
    return Document(**{"url": f"projects/{facts['key']}/", **shaped})


def files_of(documents: Iterable[Document], glossary: Glossary | None = None) -> dict[str, bytes]:
    """Give the files of the index of some projects."""
    return dict(index_files(read_corpus(documents, glossary)))


def index_of(documents: Iterable[Document], glossary: Glossary | None = None) -> Index:
    """Index some projects and open the index as a search does."""
    return Index(files_of(documents, glossary).__getitem__)


def read_glossary(path: Path) -> Glossary:
    """Read a glossary as plain YAML."""
    loaded: Glossary = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    """The projects of the made-up community."""
    found = yaml.safe_load((CASES / "projects.yaml").read_text(encoding="utf-8"))
    return [document(**each) for each in found]


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    """The glossary of the made-up community."""
    return read_glossary(CASES / "glossary.yaml")


@pytest.fixture(scope="session")
def index(documents: list[Document], glossary: Glossary) -> Index:
    """The index of the made-up community."""
    return index_of(documents, glossary)


@pytest.fixture(scope="session")
def files(documents: list[Document], glossary: Glossary) -> Files:
    """The files of the same index."""
    return files_of(documents, glossary)


@pytest.fixture(scope="session")
def queries() -> list[str]:
    """Queries of every shape that people and programs type."""
    return (CASES / "queries.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def corpus_files(corpus: Path) -> Files:
    """The index of the real repositories, with the glossary that the project ships."""
    from benchmarks.search_corpus import documents as real  # noqa: PLC0415

    return files_of(real(corpus), read_glossary(ROOT / "glossary.yaml"))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the tests speak."""


@pytest.fixture(scope="session")
def browser_page(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, Path, str]]:
    """A page in Chromium on a small server, with the folder that it serves and its address."""
    folder = tmp_path_factory.mktemp("site")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield browser.new_page(), folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def ask_browser(browser_page: tuple[Page, Path, str]) -> Ask:
    """Ask the browser's engine a list of questions over the files of an index."""
    page, folder, address = browser_page
    asked = 0

    def ask(files: Files, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        nonlocal asked
        asked += 1
        place = folder / f"engine{asked}" / "search"
        place.mkdir(parents=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        for module in (STATIC / "search").glob("*.js"):
            (place / module.name).write_bytes(module.read_bytes())
        (place / "index.html").write_text("<!doctype html><title>x</title>")
        page.goto(f"{address}engine{asked}/search/")
        answers: list[dict[str, Any]] = page.evaluate(_ASK, questions)
        return answers

    return ask


_ASK = """async (questions) => {
  const { open } = await import("./engine.js");
  const held = {};
  const load = (name) => (held[name] ??= fetch(`${name}.json`).then((r) => r.json()));
  const engine = await open(load);
  const answers = [];
  for (const { query, ...options } of questions) {
    const found = await engine.search(query, options);
    const counts = Object.fromEntries((await engine.count(found)).map(({ name, values }) => [name,
      Object.fromEntries(values.filter((v) => v.count).map((v) => [v.value, v.count]))]));
    const cards = await engine.cards(found.hits.slice(0, 5));
    answers.push({ hits: found.hits, changes: found.repairs.map((r) => [r.surface, r.shown]),
      unmatched: found.unmatched, tiers: found.tiers, little: !!found.little,
      unknown: found.unknown, common: found.common, cut: found.cut, counts,
      keys: cards.map((c) => c.k) });
  }
  return answers;
}"""


def weight(data: bytes) -> int:
    """Give the bytes that a web server sends."""
    return len(gzip.compress(data, 9, mtime=0))
