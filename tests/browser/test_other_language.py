"""Scripts say what they add to a page in the language of the page."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page

from aggregator.site.theme import load_theme
from aggregator.words.phrases import day_of
from aggregator.words.speech import Speech, speaking
from tests.browser.conftest import Served, serve
from tests.outputs import factory
from tests.outputs.unsaid import LANGUAGE, bracketed

pytestmark = pytest.mark.browser

PROJECT = "projects/data-saves/plain-spc/"


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site in a language in which every message is its English in brackets."""
    theme = load_theme("#225faa", bracketed(tmp_path_factory.mktemp("templates")), LANGUAGE)
    with speaking(theme.speech):
        catalogue = factory.community()
    yield from serve(catalogue, tmp_path_factory.mktemp("translated"), theme)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor whose clipboard may be written to."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_the_search_page_speaks_before_and_after_a_search(page: Page, translated: Served) -> None:
    """Counts, facets, chips and repairs are said as the page itself is."""
    page.goto(f"{translated.url}search/")
    assert page.locator("h1").inner_text() == "⟦Search⟧"
    assert page.locator("#q").get_attribute("placeholder") == "⟦Search projects⟧"
    page.goto(f"{translated.url}search/?q=wating&language=Python&stage=in+use")
    page.wait_for_selector("#facets legend")
    assert page.locator("#count").inner_text().startswith("⟦")
    legends = page.locator("#facets legend").all_text_contents()
    assert legends
    assert all(legend.startswith("⟦") for legend in legends)
    removing = page.locator("#chosen button").first.get_attribute("aria-label")
    assert removing == "⟦Remove ⟦language⟧: Python⟧"
    assert page.locator("#changed").inner_text() == (
        "⟦Showing results for waiting.⟧ ⟦Search instead for wating⟧"
    )
    assert page.locator("#changed strong").all_inner_texts() == ["waiting"]
    page.fill("#q", "zzzzzzzz")
    page.wait_for_selector("#count:text-is('⟦No projects⟧')")
    page.wait_for_selector("#nothing:visible")
    page.wait_for_selector("#spoken:has-text('⟦No projects⟧')", state="attached")


def test_the_confirmed_line_speaks(page: Page, translated: Served) -> None:
    """What the script adds to the foot of a page is said in one message, with its days."""
    told = json.loads((translated.folder / "data" / "status.json").read_text(encoding="utf-8"))
    told["freshness"] |= {"projects": 9, "current": 7}
    page.route("**/data/status.json", lambda route: route.fulfill(json=told))
    page.goto(translated.url)
    slot = page.locator("footer [data-confirmed]")
    slot.locator("time").first.wait_for()
    said = slot.inner_text()
    assert said.startswith("⟦: 7 of 9 projects on ")
    assert said.endswith("⟧")
    assert slot.locator("time").count() == 2
    newest = datetime.fromisoformat(told["freshness"]["newest"])
    with speaking(Speech(LANGUAGE)):
        assert slot.locator("time").first.inner_text() == day_of(newest)


def test_how_long_ago_is_said_where_the_browser_does_not_know_the_language(
    page: Page, translated: Served
) -> None:
    """It would speak the language of its own windows in the midst of a page."""
    page.goto(translated.url + PROJECT)
    known = page.evaluate(
        "Intl.RelativeTimeFormat.supportedLocalesOf(document.documentElement.lang)"
    )
    assert known == []
    ago = page.locator("[data-ago]").first
    assert re.fullmatch(r"⟦(today|\d+ (day|month|year)s? ago)⟧", ago.inner_text())


def test_the_copy_button_speaks(page: Page, translated: Served) -> None:
    """A press is answered in the language of the page, and then the button is as it was."""
    page.goto(translated.url + PROJECT)
    button = page.locator("button[data-copy=badge-markdown]")
    before = button.inner_html()
    button.click()
    page.wait_for_function(
        "document.querySelector('[data-copy=badge-markdown]').textContent == '⟦Copied⟧'"
    )
    page.wait_for_function(
        "before => document.querySelector('[data-copy=badge-markdown]').innerHTML == before",
        arg=before,
    )


def test_an_english_site_carries_no_messages(served: Served, translated: Served) -> None:
    """What stands in English where it is said is sent once."""
    english, other = (
        next(site.folder.glob("assets/*/js/site.js")).read_text(encoding="utf-8")
        for site in (served, translated)
    )
    assert "window.words =" not in english
    assert other.count("window.words =") == 1
    assert other.endswith(english)
