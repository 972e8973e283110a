"""The same pages by thumb, in forced colours and on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served
from tests.browser.test_pages import EVERY

pytestmark = pytest.mark.browser

# What one can press that is neither part of a sentence (where a line is as high as its letters)
# nor of a README, whose authors wrote it: https://www.w3.org/TR/WCAG22/#target-size-minimum
TOO_SMALL = """least => {
  const inSentence = one => {
    if (getComputedStyle(one).display !== "inline") return false;
    for (let up = one.parentElement; up; up = up.parentElement) {
      const own = [...up.childNodes].filter(each => each.nodeType === Node.TEXT_NODE);
      if (own.some(each => /[\\p{L}\\p{N}]/u.test(each.data))) return true;
      if (getComputedStyle(up).display !== "inline") return false;
    }
    return false;
  };
  const hidden = one => !one.checkVisibility({ visibilityProperty: true })
    || one.closest(".readme, .story, .visually-hidden, .skip");
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(one => !hidden(one) && !inSentence(one))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => Math.min(Math.round(box.width), Math.round(box.height)) < least)
    .map(([one, box]) => {
      const around = one.parentElement;
      return `${around.localName}.${around.className} > ${one.localName}.${one.className} `
        + `"${one.textContent.trim().slice(0, 30)}" ${box.width} x ${box.height}`;
    });
}"""

# Of each link whose address is printed, the part of the page in which it stands.
WITH_ADDRESS = """all => all
  .filter(one => getComputedStyle(one, "::after").content.includes("http") && one.checkVisibility())
  .map(one => one.closest(".readme, .readme-head, .story, .prose") || one.parentElement)
  .map(part => part.className.split(" ")[0])"""
LINE_BELOW = "all => all.map(one => getComputedStyle(one).borderBottomColor)"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as wide as the narrowest phone."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    yield page
    page.close()


@pytest.mark.timeout(120)
def test_every_target_can_be_hit(phone: Page, served: Served) -> None:
    """Links, buttons and fields outside of sentences are at least 24 pixels high and wide."""
    small: dict[str, list[str]] = {}
    for path in EVERY:
        phone.goto(served.url + path)
        assert phone.locator("a[href]").count(), path
        if found := phone.evaluate(TOO_SMALL, 24):
            small[path] = found
    assert small == {}


def test_on_paper_addresses_stand_in_running_text_alone(browser: Browser, served: Served) -> None:
    """Rows, tables and what stands beside the text print their words, and nothing to press."""
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    printed = {}
    for path in (
        "projects/data-saves/plain-spc/",
        "tags/spc/",
        "help-wanted/",
        "status/",
        "about/",
    ):
        page.goto(served.url + path)
        printed[path] = set(page.locator("a").evaluate_all(WITH_ADDRESS))
        pressed = page.locator("button, .follow, .top, .bottom")
        assert not any(one.is_visible() for one in pressed.all()), path
        assert page.locator("h1").is_visible()
    page.close()
    assert printed.pop("projects/data-saves/plain-spc/") <= {"readme", "readme-head", "story"}
    assert printed.pop("about/") == {"prose"}
    assert set().union(*printed.values()) == set()


def test_forced_colours_show_where_one_is(browser: Browser, served: Served) -> None:
    """Whoever sets their own colours sees which page is open, what to press, what is alive."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, forced_colors="active")
    page.goto(f"{served.url}tags/")
    here, others = (
        set(page.locator(which).evaluate_all(LINE_BELOW))
        for which in (".nav a[aria-current]", ".nav li:not(.narrow-only) a:not([aria-current])")
    )
    assert len(here) == len(others) == 1
    assert here != others
    page.goto(f"{served.url}projects/")
    on, off = (
        set(page.locator(which).evaluate_all("all => all.map(o => getComputedStyle(o).stroke)"))
        for which in (".pulse path.on", ".pulse path:not(.on)")
    )
    assert on
    assert off
    assert not on & off
    page.goto(f"{served.url}subscribe/")
    edges = page.locator(".button").evaluate_all(LINE_BELOW)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert edges
    assert paper not in edges
    page.close()
