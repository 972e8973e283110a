"""Results of several showcases in a browser: each is marked, and leads to where it is listed."""

from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, serve
from tests.neighbours.listings import including
from tests.outputs import factory

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The made-up community, which includes a showcase of gardeners."""
    community = including(factory.community())
    yield from serve(community, tmp_path_factory.mktemp("including"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor whose page may not fail once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda fault: faults.append(str(fault)))
    yield fresh
    context.close()
    assert faults == []


def test_a_result_says_where_it_is_listed_and_leads_there(page: Page, site: Served) -> None:
    """Its title leads to its page there, and a link of its own to its repository."""
    page.goto(f"{site.url}search/?q=seed+swap")
    found = page.locator("#results li").first
    expect(found).to_contain_text("Listed in Allotment software.")
    title = found.locator(".card-title a")
    assert title.get_attribute("href") == "https://allotment.example/projects/plot/seeds/"
    code = found.get_by_role("link", name="Repository")
    assert code.get_attribute("href") == "https://github.com/plot/seeds"


def test_results_are_narrowed_to_one_showcase(page: Page, site: Served) -> None:
    """The facet lists every showcase with a count, and its choice stays in the address."""
    page.goto(f"{site.url}search/?q=charts")
    box = page.get_by_role("group", name="from").get_by_role("checkbox", name="this showcase")
    expect(page.locator("#results li", has_text="Listed in")).not_to_have_count(0)
    box.check()
    expect(page.locator("#results li", has_text="Listed in")).to_have_count(0)
    assert "from=-own" in page.url
    expect(page.locator("#results .card-title a").first).to_be_visible()


def test_a_showcase_can_be_typed(page: Page, site: Served) -> None:
    """What stands before a colon is read in the browser as it is in Python."""
    page.goto(f"{site.url}search/?q=charts+-from:allotment")
    page.wait_for_selector("#results li")
    expect(page.locator("#results li", has_text="Listed in")).to_have_count(0)
    page.goto(f"{site.url}search/?q=charts+from:allotment")
    page.wait_for_selector("#results li")
    expect(page.locator("#results li", has_not_text="Listed in")).to_have_count(0)


def test_the_keys_go_from_result_to_result(page: Page, site: Served) -> None:
    """A second link in a result is no stop for the arrow keys."""
    page.goto(f"{site.url}search/?q=seed+swap+plot")
    page.wait_for_selector("#results li:nth-child(2)")
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .card-title a").nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .card-title a").nth(1)).to_be_focused()


def test_only_our_own_results_are_judged(page: Page, site: Served) -> None:
    """The form that says what a search should find names no project of another showcase."""
    page.goto(f"{site.url}search/?q=charts")
    page.wait_for_selector("#results li:nth-child(2)")
    link = page.locator("#judge")
    link.hover()
    told = unquote_plus(link.get_attribute("href") or "")
    assert "searched=charts" in told
    assert "data-saves/plain-spc" in told
    assert "plot/" not in told


def test_what_strangers_wrote_is_text_in_a_result(page: Page, site: Served) -> None:
    """Markup in a title is shown as it was written."""
    page.goto(f"{site.url}search/?q=plot/shed")
    expect(page.locator("#results .card-title a").first).to_contain_text(factory.HOSTILE)


def test_the_palette_leads_there_too(page: Page, site: Served) -> None:
    """From any page its line says which showcase lists it."""
    page.goto(site.url)
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill("seed swap")
    line = page.get_by_role("option", name="Seed swap charts")
    expect(line).to_contain_text("Allotment software")
    assert line.get_attribute("href") == "https://allotment.example/projects/plot/seeds/"


@pytest.mark.parametrize("path", ["elsewhere/", "elsewhere/allotment-example/", "search/?q=seed"])
def test_everybody_can_use_these_pages(page: Page, site: Served, path: str) -> None:
    """No rule of accessibility that can be tested is broken, on a phone neither."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site.url}{path}")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
