"""No page grows with the catalogue: at 5,000 projects each can still be read on a phone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.community import Talk
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.site.recipes import File
from aggregator.site.renderers import render_look
from aggregator.site.theme import Theme
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome
from tests.outputs import factory

_PROJECTS = 5_000
_MOST_ELEMENTS = 3_000


def _entry(number: int) -> Entry:
    """List a project that is on as many lists as one can be."""
    return Entry(
        repo=RepoName(f"owner-{number:04}", "rap-starter"),
        tags=("everybody", f"tag-{number % 2_500}"),
        summary="One of many.",
        organisation=f"body-{number % 700}",
        used_by=("body-0",) if number % 10 == 0 else (),
        stage="needs a new home",
        people=("ada-fen", f"person-{number % 50}"),
        talks=(Talk(title=f"Talk {number}"),),
        story="It began on a Monday.",
    )


@pytest.fixture(scope="module")
def large() -> Catalogue:
    """Assemble a catalogue whose every list is long, after a night with little luck."""
    entries = tuple(map(_entry, range(_PROJECTS)))
    bodies = tuple(
        Organisation(slug=f"body-{number}", name=f"Body {number}", kind=f"Kind {number % 40}")
        for number in range(700)
    )
    records = {}
    for number, entry in enumerate(entries):
        record = factory.known(str(entry.repo), "Python", "MIT", number % 400, number)
        if number % 2:
            failed = {"outcome": Outcome.UNREACHABLE, "message": "No answer.", "cure": "None."}
            record = record.model_copy(update=failed)
        records[entry.repo.key] = record
    written = Registry(showcase=Showcase(title="Large"), organisations=bodies, projects=entries)
    catalogue = factory.catalogue_of(written, Snapshot(fetched_at=factory.NOW, records=records))
    mistake = Mistake(Place("registry.yaml", 1, 1), "something is wrong", "mend it")
    told = tuple(replace(p, story_html="<p>It began.</p>") for p in catalogue.projects)
    return replace(catalogue, mistakes=(mistake,) * 2_000, projects=told)


def _pages(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Give the pages, none of which is made yet."""
    return (file for file in render_look(catalogue, theme) if file.path.endswith(".html"))


def _is_a_list(path: str) -> bool:
    """Tell whether a page is not about one project, and of a long list one of the first two."""
    is_later = "/page/" in f"/{path}" and not path.endswith("page/2/index.html")
    # Of the thousands of pages of tags and bodies a few tell of all.
    is_one_of_many = path.startswith(("tags/tag-", "organisations/body-", "people/person-"))
    is_first = path.startswith(("tags/tag-1/", "organisations/body-0/", "people/person-1/"))
    return not (path.startswith("projects/") or is_later or (is_one_of_many and not is_first))


def test_no_page_of_a_large_catalogue_is_large(large: Catalogue, theme: Theme) -> None:
    """A list goes on over pages, whatever it is a list of."""
    sizes = {
        file.path: len(LexborHTMLParser(file.data).css("*"))
        for file in _pages(large, theme)
        if _is_a_list(file.path)
    }
    assert {path: size for path, size in sizes.items() if size > _MOST_ELEMENTS} == {}
    long = ("", "all/", "tags/", "organisations/", "talks/", "stories/", "help-wanted/", "status/")
    for folder in long:
        assert f"{folder}page/2/index.html" in sizes
    assert "organisations/body-0/page/2/index.html" in sizes


def test_what_an_organisation_uses_follows_its_own_projects(large: Catalogue, theme: Theme) -> None:
    """Both are one long list, and each project stands on one of its pages."""
    pages = [
        LexborHTMLParser(file.data)
        for file in _pages(large, theme)
        if file.path.startswith("organisations/body-0/")
    ]
    linked = [a.attributes["href"] for page in pages for a in page.css(".card-title a")]
    own = -(-_PROJECTS // 700)
    assert len(linked) == own + _PROJECTS // 10
    assert len(pages[0].css("#projects")) == len(pages[0].css("#also")) == 1
    assert "needs a look" not in pages[1].text().lower()
