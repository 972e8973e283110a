"""A build that would make the site that stands there does nothing, and any input is a reason to."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.together import Place, open_place
from tests.program import clean_environment, run_program

Run = Callable[..., subprocess.CompletedProcess[str]]
Stands = dict[str, tuple[int, int]]
_TAG = "tags/demand/index.html"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A small showcase with a site, built in place: what crews are for is tested elsewhere."""
    with open_place(tmp_path_factory.mktemp("nothing"), clean_environment()) as opened:
        (opened.folder / "looks").mkdir()
        yield opened


@pytest.fixture
def run(place: Place) -> Run:
    """Build there as a person would."""

    def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        asked = ["build", "--crew", "none", "--templates", "looks", *words]
        return run_program(asked, place.folder, {**place.environment, **more})

    return command


def stands(folder: Path) -> Stands:
    """Say of each file which it is and when it was written."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): (p.stat().st_ino, p.stat().st_mtime_ns) for p in found}


def written(folder: Path) -> dict[str, bytes]:
    """Read every file."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_nothing_is_touched_and_the_same_is_said(place: Place, run: Run) -> None:
    """Whoever builds twice waits once, and is told the same."""
    first = run()
    before = stands(place.site)
    again = run()
    assert (again.returncode, again.stdout, again.stderr) == (
        first.returncode,
        first.stdout,
        first.stderr,
    )
    assert stands(place.site) == before


def test_every_input_is_a_reason_to_build(place: Place, run: Run) -> None:
    """After each kind of change the site is what a clean build makes of it."""
    registry, state = place.folder / "registry.yaml", place.folder / ".aggregator"
    page = place.site / "about" / "index.html"

    def also_listed() -> None:
        (place.folder / "registry.d").mkdir(exist_ok=True)
        (place.folder / "registry.d" / "more.yaml").write_text("projects:\n  - some/thing\n")

    def misspelt() -> None:
        registry.write_text(f"{registry.read_text('utf-8')}\nglossary: words.yaml\n", "utf-8")

    def judged() -> None:
        line = '{"query": "charts", "judgments": {"some/thing": 3}}\n'
        (place.folder / "judgements.jsonl").write_text(line)

    def forgotten() -> None:
        with closing(sqlite3.connect(state / "catalogue.db")) as base, base:
            base.execute("DELETE FROM changes")

    def retouched() -> None:
        page.write_bytes(page.read_bytes().replace(b"About", b"Other"))
        os.utime(page, ns=(1, 1))

    def moved() -> None:
        shutil.copy(page, place.site / "new" / "index.html")

    changes: dict[str, Callable[[], object]] = {
        "an entry in another file": also_listed,
        "a mistake in the registry": misspelt,
        "a search that somebody judged": judged,
        "a template": lambda: (place.folder / "looks" / "404.html").write_text("gone"),
        "the facts": forgotten,
        "a page that somebody changed": retouched,
        "a page that somebody deleted": page.unlink,
        "a page in the place of another": moved,
        "a file of the community": lambda: (place.site / "CNAME").write_text("example.org"),
        "the marker": lambda: (place.site / ".aggregator-site").write_text(""),
        "the memory of the site": (state / "cache" / "manifest.sqlite").unlink,
        "the memory of the build": lambda: (state / "cache" / "build.json").write_text("{"),
        "no cache at all": lambda: shutil.rmtree(state / "cache"),
    }
    assert run().returncode in {0, 1}
    theirs = written(place.site).keys() - clean_site(place, run).keys()
    for what, change in changes.items():
        change()
        run("--accept-losses")
        built, clean = written(place.site), clean_site(place, run)
        assert built.keys() - clean.keys() <= theirs | {"CNAME"}, what
        assert [name for name in clean if built.get(name) != clean[name]] == [], what


def test_what_dresses_a_site_is_a_reason_to_build(place: Place, run: Run) -> None:
    """A brand, the logo that it names and a page of the community's own are inputs as well."""
    logo, pages = place.folder / "logo.svg", place.folder / "pages"
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="{}"/></svg>'
    run()
    logo.write_text(drawing.format(3))
    (place.folder / "_brand.yml").write_text("logo: logo.svg\n")
    pages.mkdir()
    (pages / "how.md").write_text("# How we work\n\nTogether.\n")
    run()
    assert b"brand/logo.svg" in (place.site / "index.html").read_bytes()
    assert b"Together." in (place.site / "pages" / "how" / "index.html").read_bytes()
    logo.write_text(drawing.format(4))
    run()
    (drawn,) = place.site.glob("assets/*/brand/logo.svg")
    assert drawn.read_text() == drawing.format(4)
    (pages / "how.md").unlink()
    run()
    assert not (place.site / "pages").exists()


def clean_site(place: Place, run: Run) -> dict[str, bytes]:
    """Build the same without any memory into another folder; the memory stays as it was."""
    cache, aside = place.folder / ".aggregator" / "cache", place.folder / "aside"
    cache.rename(aside)
    run("--accept-losses", "--output", "clean")
    made = written(place.folder / "clean")
    shutil.rmtree(place.folder / "clean")
    shutil.rmtree(cache)
    aside.rename(cache)
    return made


def test_what_surrounds_a_build_is_an_input_too(place: Place, run: Run) -> None:
    """The address of the site is part of its pages, wherever it is said."""
    run()
    run(SHOWCASE_URL="https://example.org/elsewhere/")
    assert b"https://example.org/elsewhere/" in (place.site / "index.html").read_bytes()
    run()
    assert b"https://example.org/elsewhere/" not in (place.site / "index.html").read_bytes()


def test_leavings_of_a_dead_build_are_tidied_up(place: Place, run: Run) -> None:
    """Also when the site that stands there is the right one."""
    run()
    left = place.site.with_name(f".{place.site.name}.new-0123456789abcdef")
    left.mkdir()
    (left / "index.html").write_text("half")
    run()
    assert not left.exists()


def test_a_page_is_explained(place: Place, run: Run) -> None:
    """Whoever wonders why a page is as it is learns what it is made from, and why it was made."""
    shutil.rmtree(place.folder / ".aggregator" / "cache")
    shutil.rmtree(place.site)
    first = run("--explain", "index.html").stdout
    assert "index.html is made by aggregator.site.theme._filled from\n  look: templates\n" in first
    assert "\n  homepage: page, " in first
    assert "why: nothing is known of the site before" in first
    (place.folder / "looks" / "talks").mkdir(exist_ok=True)
    talks = place.folder / "looks" / "talks" / "index.html"
    talks.write_text("{% extends 'layout.html' %}{% block main %}Talk!{% endblock %}")
    changed = run("--explain", "talks/").stdout
    assert "made by the last build that changed the site; why: changed: look.templates" in changed
    for named in ("./index.html", "", "/", f"{place.site}/index.html"):
        kept = run("--explain", named).stdout
        assert "not made again by 1 later build that changed the site" in kept
    assert "\n  channel: id, title, by, " in run("--explain", "feed.xml").stdout
    assert "it was the first build here, its memory was lost" in run("--explain", "feed.xml").stdout
    assert "tags/index.html is made by" in run("--explain", "tags").stdout
    ready = run("--explain", "robots.txt").stdout
    assert "robots.txt is written as other parts of the program give it\n" in ready
    wrong = run("--explain", "talk/index.html")
    assert wrong.returncode == 2
    assert "talks/index.html" in wrong.stderr
