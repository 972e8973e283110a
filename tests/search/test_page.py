"""The search page does what it promises to hands, eyes and ears."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from aggregator.run.publish import publish
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from tests.conftest import ROOT
from tests.outputs import factory
from tests.search.conftest import Files, read_glossary, weight

pytestmark = pytest.mark.browser


def site_over(files: Files, place: Path) -> str:
    """Make the real search page over an index in a folder; give its path from beside that."""
    catalogue = factory.community()
    publish(render_site(catalogue, load_theme(catalogue.showcase.accent)), place)
    index = place / "search" / "index"
    for old in index.iterdir():
        old.unlink()
    for name, data in files.items():
        (index / name).write_bytes(data)
    return f"{place.name}/search/"


@pytest.fixture(scope="session")
def address(browser_page: tuple[Page, Path, str], files: Files) -> str:
    """The real search page over the made-up community's index."""
    _, folder, root = browser_page
    return root + site_over(files, folder / "site")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor whose page may not fail once, nor break the security policy."""
    context = browser.new_context()
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda fault: faults.append(str(fault)))
    fresh.on("console", lambda said: faults.append(said.text) if "Security" in said.text else None)
    yield fresh
    context.close()
    # A browser whose transition between two pages is cut short says so; nothing failed.
    assert [fault for fault in faults if "ViewTransition" not in fault] == []


def test_results_appear_as_people_type_and_are_announced(page: Page, address: str) -> None:
    """Typing shows results with the words marked, and says the count to screen readers."""
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("funnel plot")
    page.wait_for_selector("#results li")
    assert page.locator("#results a").first.inner_text() == "funnelplots"
    assert "Funnel" in page.locator("#results mark").all_inner_texts()
    page.wait_for_selector("#spoken:has-text('project')", state="attached")


def test_the_address_holds_the_search_and_back_works(page: Page, address: str) -> None:
    """A search with filters can be shared, and the back button undoes a filter."""
    page.goto(f"{address}?q=survey")
    page.wait_for_selector("#facets input")
    before = page.locator("#results li").count()
    page.locator("#language-Python").check()
    page.wait_for_selector("#chosen button")
    assert "language=Python" in page.url
    assert page.locator("#results li").count() < before
    page.go_back()
    page.wait_for_selector("#chosen button", state="detached")
    assert page.locator("#results li").count() == before


def test_a_chip_takes_a_filter_away(page: Page, address: str) -> None:
    """Each chosen filter is a chip that removes it."""
    page.goto(f"{address}?q=survey&language=R")
    page.locator("#chosen button").click()
    page.wait_for_selector("#chosen button", state="detached")
    assert "language" not in page.url


def test_a_filter_of_an_old_address_can_be_taken_away(page: Page, address: str) -> None:
    """What no box is called any more still narrows, and has a chip that removes it."""
    page.goto(f"{address}?licence=GPL-3.0-only")
    page.wait_for_selector("#results li")
    page.wait_for_selector("#chosen button")
    assert page.locator("#results li").count() == 2
    assert page.locator("#chosen button").all_inner_texts() == ["GPL-3.0-only \u00d7"]
    page.locator("#chosen button").click()
    page.wait_for_selector("#chosen button", state="detached")
    assert "licence" not in page.url


def test_arrows_move_and_escape_clears(page: Page, address: str) -> None:
    """The keyboard reaches each result and comes back to an empty box."""
    page.goto(f"{address}?q=survey")
    page.wait_for_selector("#results li")
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "surveytools"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.wait_for_selector("#examples li")
    assert page.input_value("#q") == ""


def test_a_repair_is_shown_and_can_be_refused(page: Page, address: str) -> None:
    """What was searched instead is said, with a way to search as typed."""
    page.goto(f"{address}?q=forcasting")
    page.wait_for_selector("#changed button")
    assert "Showing results for forecasting." in page.inner_text("#changed")
    page.locator("#changed button").click()
    page.wait_for_selector("#nothing:visible")


def test_what_holds_only_a_little_comes_when_it_is_asked_for(page: Page, address: str) -> None:
    """Nothing is shown for a record player; who wants what says `survey` is one press away."""
    page.goto(f"{address}?q=vinyl+survey+player+turntable")
    page.wait_for_selector("#more:visible")
    assert page.inner_text("#count") == "4 projects, with only a little of this"
    assert "Nothing here says vinyl." in page.inner_text("#changed")
    assert page.locator("#results li").count() == 0
    assert page.locator("#start").is_visible()
    assert not page.locator("#nothing").is_visible()
    page.locator("#more").click()
    page.wait_for_selector("#results li:nth-child(4)")
    assert page.locator("#results li").count() == 4
    page.wait_for_function("document.activeElement.closest('#results li')")
    assert not page.locator("#more").is_visible()
    # Who asked for them keeps them, in another order and on the way back.
    page.select_option("#order", "name")
    page.wait_for_selector("#results li:nth-child(4)")
    page.locator("#results a").first.click()
    page.go_back()
    page.wait_for_selector("#results li")
    page.fill("#q", "vinyl survey player gramophone")
    page.keyboard.press("Enter")
    page.wait_for_selector("#more:visible")
    assert page.locator("#results li").count() == 0


def test_recent_searches_stay_on_the_device(page: Page, address: str) -> None:
    """A search that was sent is offered again, until it is to be forgotten."""
    page.goto(address)
    page.fill("#q", "fhir")
    page.press("#q", "Enter")
    page.goto(address)
    page.wait_for_selector("#recent button.chip")
    page.click("#forget")
    page.wait_for_selector("#recent", state="hidden")


def test_what_was_typed_and_shown_goes_into_the_form(page: Page, address: str) -> None:
    """Whoever misses something says so with one link; there is none before a search."""
    page.goto(address)
    page.wait_for_selector("#search[data-ready]")
    assert not page.locator("#judge").is_visible()
    page.goto(f"{address}?q=funnel+%26+plot")
    page.wait_for_selector("#results li:nth-child(6)")
    asked, shown = form_of(page)
    assert asked == "funnel & plot"
    assert len(shown.split()) == min(10, page.locator("#results li").count())
    assert shown.split()[0].endswith("/funnelplots")
    page.goto(f"{address}?q=blockchain")
    page.wait_for_selector("#nothing:visible")
    assert form_of(page) == ("blockchain", "")


def form_of(page: Page) -> tuple[str, str]:
    """Reach for the link, and give what it would fill in."""
    page.locator("#judge").focus()
    address = page.get_attribute("#judge", "href") or ""
    filled = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert filled["template"] == ["judge-search.yml"]
    return filled["searched"][0], filled["shown"][0]


def test_hostile_words_stay_words(page: Page, address: str) -> None:
    """Nothing typed or found becomes markup."""
    page.goto(f"{address}?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&language=%3Cb%3E")
    page.wait_for_selector("#nothing:visible")
    assert page.locator("#search img").count() == 0


def test_what_was_loaded_goes_on_offline(page: Page, address: str) -> None:
    """With the connection gone, words that were searched before still give results."""
    page.goto(f"{address}?q=fhir")
    page.wait_for_selector("#facets input")
    page.context.set_offline(True)
    page.fill("#q", "")
    page.wait_for_selector("#results li", state="hidden")
    page.fill("#q", "fhir")
    page.wait_for_selector("#results li")
    page.context.set_offline(False)


def test_a_browser_that_limits_the_address_still_finds(page: Page, address: str) -> None:
    """Safari refuses the address of a state after a hundred in half a minute; results come."""
    page.add_init_script("History.prototype.replaceState = () => { throw new Error('enough'); };")
    page.goto(address)
    page.fill("#q", "fhir")
    page.wait_for_selector("#results li")


def test_without_scripts_the_page_says_so_and_leads_on(browser: Browser, address: str) -> None:
    """Without JavaScript, links to static pages remain."""
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    assert "JavaScript" in plain.inner_text("noscript")
    form = plain.locator("noscript form")
    assert form.get_attribute("action") == "https://github.com/health-analysts/showcase/issues/new"
    assert form.locator("[name=template]").input_value() == "judge-search.yml"
    assert form.locator("[name=searched]").is_visible()
    assert plain.locator("#start a").count() > 3
    context.close()


def test_the_code_stays_small() -> None:
    """What a first search is sent of the code weighs at most 10 KB, and suggestions 2 more."""
    assets = load_theme("#225faa").assets.files
    sent = {file.path.split("/", 2)[2]: weight(file.data) for file in assets}
    assert sent["search/page.js"] <= 10 * 1024
    assert sent["search/suggest.js"] <= 2 * 1024
    later = ("facets", "narrowing", "phrases", "recent", "typing", "unfound")
    assert max(sent[f"search/{name}.js"] for name in later) <= 2 * 1024


_NOTED = """new MutationObserver((_, watch) => {
  if (!document.querySelector("#results li")) return;
  window.firstResultAt = performance.now();
  watch.disconnect();
}).observe(document, { childList: true, subtree: true });"""


def test_every_module_is_asked_for_at_once(page: Page, address: str) -> None:
    """No module that results need waits for another: the page names each that is loaded."""
    page.add_init_script(_NOTED)
    page.goto(f"{address}?q=survey")
    # A function, as the page forbids to run a text.
    page.wait_for_function("() => window.firstResultAt")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter((e) => e.startTime <= firstResultAt)"
        ".map((e) => e.name)"
        ".filter((name) => name.includes('/search/') && name.endsWith('.js'))"
    )
    named = page.evaluate(
        "[...document.querySelectorAll('link[rel=modulepreload], script[type=module]')]"
        ".map((each) => each.href || each.src).filter((name) => name.includes('/search/'))"
    )
    assert sorted(loaded) == sorted(named)


def test_the_shipped_glossary_is_rich_and_plain() -> None:
    """At least sixty lines, each with something to find."""
    glossary = read_glossary(ROOT / "glossary.yaml")
    assert len(glossary) >= 60
    assert all(meanings for meanings in glossary.values())


_SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;
}).observe({ type: "layout-shift", buffered: false }); }"""


@pytest.mark.parametrize("width", [390, 1280])
def test_results_come_without_pushing_the_page_about(page: Page, address: str, width: int) -> None:
    """While results, facets and notes come and go, on a phone and a desk, nothing jumps."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?q=survey", wait_until="networkidle")
    page.evaluate(_SHIFTS)
    page.evaluate("""() => { const box = document.getElementById("q");
      box.value = "funnel plot"; box.dispatchEvent(new Event("input")); }""")
    page.wait_for_selector("#results a:has-text('funnelplots')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.shifted") < 0.1


@pytest.mark.parametrize("query", ["", "?q=forcasting"])
def test_the_search_page_has_no_known_barrier(page: Page, address: str, query: str) -> None:
    """Empty or with repaired words, results and facets, the page passes the checks for access."""
    page.goto(f"{address}{query}")
    page.wait_for_selector("#examples li, #facets input, #nothing:visible", state="attached")
    page.wait_for_timeout(100)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
