"""Whole sites, as a build leaves them: their links lead somewhere, and their pages are light."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.run.publish import publish
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.search.readings import corpus_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
# The most bytes of a page before compression, which takes four fifths. Without its README the page
# of a project is a third of this; what is longer than that is folded onto a page of its own.
BUDGETS = {
    "index.html": 32_000,
    "all/index.html": 40_000,
    "projects/index.html": 80_000,
    "search/index.html": 24_000,
    "new/index.html": 64_000,
    "help-wanted/index.html": 64_000,
    "compare/index.html": 64_000,
    "insights/index.html": 56_000,
}
PROJECT = 72_000  # colours of code are many small marks, of which compression leaves little
STYLES, SCRIPTS = 46_000, 12_000  # of every page, once
_ID = re.compile(r'\sid="([^"]+)"')


@pytest.fixture(scope="module")
def real(corpus: Path, theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the real repositories."""
    folder = tmp_path_factory.mktemp("real")
    publish(render_site(corpus_catalogue(corpus, folder), theme), folder / "site")
    return folder / "site"


def test_every_link_of_the_sample_leads_somewhere(demo: Path) -> None:
    """No page of it links to a page, a file or a place on a page that is not there."""
    assert list(_astray(demo / "output")) == []


@pytest.mark.corpus
def test_every_link_of_a_real_site_leads_somewhere(real: Path) -> None:
    """Of what we write, all; of what a README says, all but its own places that it lacks."""
    assert [(page, link) for page, link in _astray(real) if not _is_of_a_readme(link)] == []


@pytest.mark.corpus
def test_places_of_a_folded_readme_are_on_the_page_that_has_the_whole(real: Path) -> None:
    """Where a README goes on elsewhere, its list of contents leads there."""
    folded = [path.parent.parent for path in real.glob("projects/*/*/readme/index.html")]
    assert folded
    for folder in folded:
        whole = set(_ID.findall((folder / "readme" / "index.html").read_text(encoding="utf-8")))
        page = (folder / "index.html").read_text(encoding="utf-8")
        missed = {link.removeprefix("#") for link in _links(page) if link.startswith("#user-")}
        assert (missed - set(_ID.findall(page))) & whole == set(), folder


def test_pages_of_the_sample_are_light(demo: Path) -> None:
    """Each kind of page keeps to its bytes, and so do the styles and scripts of all."""
    assert _too_heavy(demo / "output") == {}


@pytest.mark.corpus
def test_pages_of_a_real_site_are_light(real: Path) -> None:
    """READMEs of any length change nothing in that."""
    assert _too_heavy(real) == {}


def _too_heavy(site: Path) -> dict[str, int]:
    most = {site / path: size for path, size in BUDGETS.items() if (site / path).exists()}
    most |= dict.fromkeys(site.glob("projects/*/*/index.html"), PROJECT)
    most |= dict.fromkeys(site.glob("assets/*/css/site.css"), STYLES)
    most |= dict.fromkeys(site.glob("assets/*/js/site.js"), SCRIPTS)
    assert len(most) > len(BUDGETS) / 2 + 2
    sizes = {path: path.stat().st_size for path in most}
    return {
        path.relative_to(site).as_posix(): size for path, size in sizes.items() if size > most[path]
    }


def _is_of_a_readme(link: str) -> bool:
    return link.startswith("#user-content-")


def _links(html: str) -> Iterator[str]:
    """Give the links within the site."""
    for node in LexborHTMLParser(html).css("[href], [src], [action]"):
        for name in ("href", "src", "action"):
            link = node.attributes.get(name)
            if link is not None and not re.match(r"[a-z]+:", link):
                yield link


def _astray(site: Path) -> Iterator[tuple[str, str]]:
    """Give the pages that link to what is not there, with the links."""

    @cache
    def ids(path: Path) -> frozenset[str]:
        tree = LexborHTMLParser(path.read_bytes())
        return frozenset(node.attributes["id"] or "" for node in tree.css("[id]"))

    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site).as_posix()
        if page == "404.html":  # which may stand for any address, and so names whole ones
            continue
        for link in _links(path.read_text(encoding="utf-8")):
            target, _, place = link.partition("#")
            target = unquote(target.partition("?")[0])
            found = site / normpath(f"/{dirname(page)}/{target}").lstrip("/") if target else path
            found = found / "index.html" if found.is_dir() else found
            # The database is put beside the exports by the program, not by a renderer.
            is_there = found.is_file() or found == site / "data" / "catalogue.db"
            if is_there and place and found.suffix == ".html":
                is_there = unquote(place) in ids(found)
            if not is_there:
                yield page, link
