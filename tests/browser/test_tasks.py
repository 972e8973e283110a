"""What visitors come for is two steps from the first page, on the site of the sample community.

A step is a link that is followed or one search; unfolding a part of a page or reading it is none.
"""

import csv
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import SUB_PATH, Served, serve_folder

pytestmark = pytest.mark.browser

MOST_STEPS = 2
BOM = "\ufeff"  # without it Excel takes UTF-8 for the old encoding of the machine


@pytest.fixture(scope="module")
def sampled(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site that `aggregator demo` makes, served as anybody would publish it."""
    folder = tmp_path_factory.mktemp("sampled")
    shutil.copytree(demo / "output", folder / SUB_PATH)
    yield from serve_folder(folder)


@dataclass
class Visitor:
    """Somebody who begins on the first page and counts what they do."""

    page: Page
    steps: int = 0

    def follow(self, name: str | re.Pattern[str], within: str = "body") -> None:
        """Follow the first link of this name in a part of the page."""
        self._step()
        exact = isinstance(name, str)
        self.page.locator(within).get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def search(self, words: str) -> Locator:
        """Search for words and give what was found, best first."""
        self._step()
        self.page.get_by_role("searchbox").fill(words)
        self.page.keyboard.press("Enter")
        results = self.page.locator("#results > li")
        results.first.wait_for()
        return results

    def download(self, name: str) -> Path:
        """Follow a link to a file and give where the browser kept it."""
        self._step()
        with self.page.expect_download() as kept:
            self.page.get_by_role("link", name=name, exact=True).first.evaluate(
                "link => { link.download = ''; link.click(); }"
            )
        return kept.value.path()

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Read texts in the main part of the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def _step(self) -> None:
        self.steps += 1
        assert self.steps <= MOST_STEPS, "that is too far from the first page"


@pytest.fixture
def visitor(browser: Browser, sampled: Served) -> Iterator[Visitor]:
    """A visitor on the first page."""
    page = browser.new_page()
    page.goto(sampled.url)
    yield Visitor(page)
    page.close()


def test_i_need_a_method_in_python_and_may_i_reuse_it(visitor: Visitor) -> None:
    """The first result of a search says what it does, and what its licence allows."""
    results = visitor.search("small numbers in tables python")
    first = results.first
    expect(first.get_by_role("heading")).to_have_text("suppress")
    expect(first).to_contain_text("Python")
    expect(first).to_contain_text("You may use, change and share it")
    visitor.follow("suppress", "#results")
    visitor.sees("May I reuse it?", "also commercially", "MIT", "LICENSE")


def test_who_works_on_the_demand_for_ambulances(visitor: Visitor) -> None:
    """A search in plain words finds who does it, and the page of a project whom to ask."""
    results = visitor.search("who works on ambulance demand")
    expect(results.first).to_contain_text("Isle of Skerrin Ambulance Service")
    visitor.follow("Handover clock", "#results")
    visitor.sees("Who made it?", "Whom to ask?")


def test_what_is_new_this_month(visitor: Visitor) -> None:
    """One step leads to what happened, by day and kind."""
    visitor.follow("New")
    visitor.sees("Latest arrivals", re.compile(r"This week.*This month.*releases", re.DOTALL))
    days = visitor.page.locator("main h3, main h2").filter(has_text="November 2026")
    assert days.count() >= 2


def test_how_trusts_and_national_bodies_differ(visitor: Visitor) -> None:
    """The comparison has both in one table, number beside number, in the same order."""
    visitor.follow("Organisations")
    visitor.follow(re.compile("side by side"), "main")
    table = visitor.page.get_by_role("table", name="Main language")
    for kind in ("Trust", "National body"):
        row = table.get_by_role("row").filter(has=visitor.page.get_by_text(kind, exact=True))
        assert re.search(r"\d", row.first.inner_text())


def test_something_easy_to_start_with_in_r(visitor: Visitor) -> None:
    """Help wanted has the first issues of one language, each with its day."""
    visitor.follow("Help wanted")
    visitor.follow(re.compile(r"^R\b"), "main")
    visitor.sees("Help wanted: R", "good first issue", re.compile(r"opened\s+\d+ \w+ 20\d\d"))
    facts = visitor.page.locator("main .rows > li, main article").all_inner_texts()
    assert facts
    assert [text for text in facts if not re.search(r"\bR\b", text)] == []


def test_is_it_alive_how_do_i_install_it_and_what_is_its_licence(visitor: Visitor) -> None:
    """All three are answered on the first screen of the page of a project, on a desk."""
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.follow(re.compile("A to Z"))
    visitor.follow("Waiting list ladder", "main")
    for asked, answer in (
        ("Is it alive?", "Active this month"),
        ("How to start", 'pak::pak("wrenford-icb/waiting-list-ladder")'),
        ("May I reuse it?", "You may use, change and share it"),
    ):
        visitor.sees(asked)
        box = visitor.page.get_by_text(answer).first.bounding_box()
        assert box is not None
        assert box["y"] < 900, asked


def test_a_story(visitor: Visitor) -> None:
    """The first page tells of stories, and each is a page with its teller and day."""
    visitor.follow("Ward weather", "section[aria-labelledby=stories]")
    visitor.sees("Told by Nkechi Orme", "The problem", "What we did", "What changed")


def test_the_news_of_a_tag(visitor: Visitor) -> None:
    """The page of a tag leads to a feed of that tag alone."""
    visitor.follow("teaching")
    feed = visitor.page.locator("main").get_by_role("link", name="Follow").first
    address = feed.evaluate("link => link.href")
    said = visitor.page.request.get(address)
    assert said.ok
    assert "<feed" in said.text()
    assert "teaching" in said.text().partition("<entry")[0]


def test_how_to_cite_it(visitor: Visitor) -> None:
    """The page of a project has a reference to copy and files for reference managers."""
    visitor.follow(re.compile("A to Z"))
    visitor.follow("suppress", "main")
    visitor.sees("Cite and share", "Quill, O., & Varley, S. (2026). suppress (Version 2.0.0)")
    visitor.page.get_by_text("BibTeX", exact=True).first.click()
    expect(visitor.page.locator("#cite-bibtex")).to_be_visible()
    expect(visitor.page.locator("#cite-bibtex")).to_contain_text("@software{")


@pytest.mark.parametrize("name", ["catalogue.csv", "catalogue.db"])
def test_the_whole_list_in_excel_and_in_datasette(visitor: Visitor, name: str) -> None:
    """Two steps lead to a file that each of them opens, with a row for every project."""
    visitor.follow("Open data")
    visitor.sees("Excel", "Datasette")
    file = visitor.download(name)
    if name.endswith(".csv"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith(BOM)
        rows = len(list(csv.DictReader(text.removeprefix(BOM).splitlines())))
    else:
        connection = sqlite3.connect(file)
        (rows,) = connection.execute("select count(*) from projects").fetchone()
        connection.close()
    assert rows >= 26
