"""The search page keeps what somebody typed, chose and saw, and helps while they type."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser

MOST_REQUESTS = 8


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor whose page may not break the security policy."""
    context = browser.new_context(bypass_csp=False, viewport={"width": 1280, "height": 900})
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("console", lambda said: faults.append(said.text) if "Security" in said.text else None)
    yield fresh
    context.close()
    assert faults == []


def suggestions(page: Page) -> Locator:
    """Give the list of suggestions."""
    return page.get_by_role("listbox", name="Pages by name")


def typed(page: Page, address: str, words: str) -> Locator:
    """Type words on the search page; give the suggestions once there are some."""
    page.goto(f"{address}search/")
    page.wait_for_selector("#search[data-ready]", state="attached")
    page.focus("#q")
    page.keyboard.type(words)
    names = suggestions(page)
    expect(names.get_by_role("option").first).to_be_visible()
    return names


def chosen(page: Page) -> str | None:
    """Give the text of the suggestion that the box says is active."""
    told = page.evaluate(
        """() => document.getElementById(
            document.getElementById("q").getAttribute("aria-activedescendant"))?.textContent"""
    )
    return None if told is None else str(told)


def spoken(page: Page) -> Locator:
    """Give what screen readers hear."""
    return page.locator("#spoken")


def test_names_are_suggested_while_somebody_types(page: Page, served: Served) -> None:
    """Tags, organisations, people and projects, each with what it is, lead to their pages."""
    names = typed(page, served.url, "spc")
    assert "spc tag" in names.get_by_role("option").all_text_contents()
    expect(spoken(page)).to_have_text(re.compile(r"projects?\. \d+ suggestions?\.$"))
    for words, said in (("bluebell", "organisation"), ("ada", "person"), ("python", "language")):
        page.fill("#q", words)
        expect(names.get_by_role("option").first).to_contain_text(said)
    page.fill("#q", "plain spc")
    first = names.get_by_role("option", name="Plain SPC, project")
    expect(first.first).to_contain_text("project")
    names.get_by_role("option").first.click()
    page.wait_for_url(re.compile("/projects/"))


def test_the_keys_reach_suggestions_and_then_results(page: Page, served: Served) -> None:
    """Down goes through the suggestions and on to the results, Escape closes and then clears."""
    names = typed(page, served.url, "spc")
    box = page.locator("#q")
    assert box.get_attribute("role") == "combobox"
    assert box.get_attribute("aria-expanded") == "true"
    options = names.get_by_role("option").all_text_contents()
    seen = []
    for _ in options:
        page.keyboard.press("ArrowDown")
        seen.append(chosen(page))
    assert seen == options
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert chosen(page) is None
    expect(page.locator("#results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert chosen(page) is None
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert page.input_value("#q") == "spc"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    expect(page.locator("#examples")).to_be_visible()


def test_enter_opens_a_chosen_suggestion_and_else_searches(page: Page, served: Served) -> None:
    """Nobody who types and presses Enter is carried off to a page that they did not choose."""
    typed(page, served.url, "spc")
    page.keyboard.press("Enter")
    expect(suggestions(page).get_by_role("option")).to_have_count(0)
    assert page.url == f"{served.url}search/?q=spc"
    typed(page, served.url, "spc")
    page.keyboard.press("ArrowDown")
    path = page.locator("[aria-selected=true]").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(str(path).removeprefix("../"))))


def test_suggestions_that_cannot_be_loaded_are_not_missed(page: Page, served: Served) -> None:
    """Results come all the same."""
    page.route("**/suggest.js", lambda route: route.abort())
    page.goto(f"{served.url}search/")
    page.fill("#q", "spc")
    page.wait_for_selector("#results li")
    expect(suggestions(page).get_by_role("option")).to_have_count(0)


def test_facets_can_be_used_before_a_query(page: Page, served: Served) -> None:
    """Whoever knows no word for it begins with a language or a stage."""
    page.goto(f"{served.url}search/")
    facets = page.locator("#facets")
    expect(facets.locator("#language-Python")).to_be_visible()
    count = facets.locator("label", has=page.locator("#language-Python")).locator(".count")
    expected = int(count.inner_text())
    assert page.locator("#results li").count() == 0
    facets.locator("#language-Python").check()
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{expected} projects?$"))
    page.locator("#chosen button").click()
    expect(page.locator("#examples")).to_be_visible()
    expect(page.locator("#found")).to_be_hidden()


def test_facets_of_a_phone_are_loaded_when_they_are_unfolded(page: Page, served: Served) -> None:
    """They are folded there, and cost nothing until somebody wants them."""
    page.set_viewport_size({"width": 320, "height": 640})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.url}search/")
    page.wait_for_selector("#examples li")
    page.wait_for_timeout(100)
    assert not [url for url in asked if "/index/f-" in url]
    page.locator("#narrow > summary").click()
    expect(page.locator("#facets input").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_owners_narrow_where_there_are_no_organisations(page: Page, full: Served) -> None:
    """A community that names no organisations narrows by who owns a repository."""
    page.goto(f"{full.url}search/")
    owner = page.get_by_role("group", name="owner")
    owner.get_by_role("checkbox").check()
    expect(page.locator("#count")).to_have_text("130 projects")
    assert "owner=many" in page.url
    assert page.get_by_role("group", name="organisation").count() == 0


def test_the_title_holds_the_query(page: Page, served: Served) -> None:
    """Tabs, bookmarks and histories say what was searched."""
    page.goto(f"{served.url}search/")
    plain = page.title()
    page.fill("#q", "waiting")
    page.wait_for_selector("#results li")
    assert page.title() == f"waiting · {plain}"
    page.fill("#q", "")
    page.wait_for_selector("#examples li")
    assert page.title() == plain


def test_a_repair_is_offered_as_a_choice(page: Page, served: Served) -> None:
    """The whole search is named as it was read and as it was typed, and either can be had."""
    page.goto(f"{served.url}search/?q=spc+wating")
    changed = page.locator("#changed")
    expect(changed).to_contain_text("Showing results for spc waiting.")
    expect(spoken(page)).to_have_text(
        re.compile(r"^Showing results for spc waiting\. Search instead for spc wating\. .*project")
    )
    page.get_by_role("button", name="Search instead for spc wating").click()
    expect(changed).not_to_contain_text("Showing results")
    assert "exact=1" in page.url
    page.go_back()
    expect(changed).to_contain_text("Showing results for spc waiting.")


def test_screen_readers_hear_that_nothing_is_there(page: Page, served: Served) -> None:
    """Not only the count but also what to do next."""
    page.goto(f"{served.url}search/?q=zzzzzzzz")
    expect(spoken(page)).to_have_text(re.compile(r"^No projects\. Nothing here matches. Try other"))


def test_facts_of_a_result_are_words_apart(page: Page, served: Served) -> None:
    """What stands at two edges of a line is not one word to whoever hears it."""
    page.goto(f"{served.url}search/?q=spc")
    expect(page.locator("#results .meta span + span").first).to_be_attached()
    glued = page.locator("#results span + span").evaluate_all(
        "spans => spans.filter(span => span.previousSibling.nodeType !== Node.TEXT_NODE).length"
    )
    assert glued == 0


def test_what_somebody_saw_is_there_when_they_come_back(page: Page, full: Served) -> None:
    """More results and the place on the page survive the way to a project and back."""
    page.goto(f"{full.url}search/?q=long")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#results > li")).to_have_count(20)
    link = page.locator("#results a").nth(17)
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    before = page.evaluate("scrollY")
    assert before > 500
    link.click()
    page.wait_for_url(re.compile("/projects/"))
    page.go_back()
    expect(page.locator("#results > li")).to_have_count(20)
    page.wait_for_function("before => Math.abs(scrollY - before) < 5", arg=before)
    page.reload()
    expect(page.locator("#results > li")).to_have_count(20)
    page.wait_for_function("before => Math.abs(scrollY - before) < 5", arg=before)


def test_a_new_search_begins_at_the_top_with_ten(page: Page, full: Served) -> None:
    """What was shown of one search is not what is shown of the next."""
    page.goto(f"{full.url}search/?q=long")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#results > li")).to_have_count(20)
    page.fill("#q", "project")
    expect(page.locator("#results > li")).to_have_count(10)
    page.fill("#q", "many")
    page.press("#q", "Enter")
    expect(page.locator("#results > li")).to_have_count(10)


def test_the_error_goes_when_loading_works_again(page: Page, served: Served) -> None:
    """Whoever types on, or is online again, has results and no message."""
    broken = "**/search/index/boot.json*"
    page.route(broken, lambda route: route.abort())
    page.goto(f"{served.url}search/?q=spc")
    failed = page.locator("#failed")
    expect(failed).to_be_visible()
    page.unroute(broken)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#results li")
    expect(failed).to_be_hidden()


def test_a_site_that_was_published_anew_is_begun_anew(page: Page, served: Served) -> None:
    """An open page reads the new names by itself, and what it asks for is of one build."""
    page.goto(f"{served.url}search/?q=data")
    page.wait_for_selector("#results li")
    gone: list[str] = []

    def once(route: Route) -> None:
        gone.append(route.request.url)
        if len(gone) == 1:
            route.fulfill(status=404, body="gone")
        else:
            route.continue_()

    page.route("**/search/index/w-*", once)
    page.fill("#q", "waiting")
    expect(page.locator("#results mark").first).to_have_text(re.compile("wait", re.IGNORECASE))
    assert len(gone) > 1
    expect(page.locator("#failed")).to_be_hidden()


def test_first_results_come_in_few_requests(page: Page, served: Served) -> None:
    """A link to a search asks for at most eight files beside those of any page."""
    page.goto(f"{served.url}privacy/", wait_until="networkidle")
    asked: list[Request] = []
    seen: list[int] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.add_init_script(
        """new MutationObserver((_, watcher) => {
            if (!document.querySelector("#results li")) return;
            watcher.disconnect();
            console.log("results");
        }).observe(document, { subtree: true, childList: true });"""
    )
    page.on("console", lambda said: seen.append(len(asked)) if said.text == "results" else None)
    page.goto(f"{served.url}search/?q=waiting+list", wait_until="networkidle")
    needed = [request.url for request in asked[: seen[0]] if "/search/" in request.url]
    assert len(needed) - 1 <= MOST_REQUESTS, needed  # one is the page itself
    assert [url for url in needed if "page.js" in url]
