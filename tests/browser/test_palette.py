"""The palette: a search over every page, for hands, eyes and ears."""

import re
from collections.abc import Iterator
from gzip import compress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from aggregator.site import palette as palette_files
from aggregator.site.theme import load_theme
from aggregator.words.speech import speaking
from tests.browser.conftest import Served, serve
from tests.browser.test_pages import AXE, COLOUR_RULES, RULES
from tests.outputs import factory
from tests.outputs.unsaid import LANGUAGE, bracketed

pytestmark = pytest.mark.browser

HERE = "tags/spc/"
MOST_REQUESTS = 8
MOST_CODE = 12_000  # bytes, compressed


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor whose page may not fail once, nor break the security policy."""
    context = browser.new_context(bypass_csp=False)
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda fault: faults.append(str(fault)))
    fresh.on("console", lambda said: faults.append(said.text) if "Security" in said.text else None)
    yield fresh
    context.close()
    # A browser whose transition between two pages is cut short says so; nothing failed.
    assert [fault for fault in faults if "ViewTransition" not in fault] == []


def opened(page: Page, address: str, words: str = "") -> Locator:
    """Open the palette by its key and type; give it once it shows what was found."""
    page.goto(address)
    page.keyboard.press("/")
    palette = page.locator("dialog.palette")
    expect(palette).to_be_visible()
    if words:
        page.keyboard.type(words)
        expect(palette.get_by_role("option").last).to_contain_text(words)
    return palette


def chosen(page: Page) -> str:
    """Give the text of the option that the box says is active."""
    return str(
        page.evaluate(
            """() => {
                const id = document.activeElement.getAttribute("aria-activedescendant");
                const option = document.getElementById(id);
                return option.getAttribute("aria-selected") === "true" ? option.textContent : "";
            }"""
        )
    )


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_it_on_any_page(page: Page, served: Served, key: str) -> None:
    """The slash and Ctrl-K lead to a box to type in, over the page that one is on."""
    for path in ("", HERE, "projects/data-saves/plain-spc/"):
        page.goto(served.url + path)
        page.keyboard.press(key)
        expect(page.get_by_role("combobox", name="Search")).to_be_focused()
        assert page.url == served.url + path


def test_the_menu_opens_it(page: Page, served: Served) -> None:
    """Whoever has a mouse or a thumb opens it by "Search", and closes it by a button or beside."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(served.url + HERE)
    search = page.locator("a[data-search]")
    search.click()
    palette = page.locator("dialog.palette")
    expect(palette).to_be_visible()
    palette.get_by_role("button", name="Close").click()
    expect(palette).to_be_hidden()
    search.click()
    expect(palette).to_be_visible()
    page.mouse.click(160, 620)
    expect(palette).to_be_hidden()
    assert page.url == served.url + HERE


def test_the_link_may_still_be_opened_beside(page: Page, served: Served) -> None:
    """With a key held, "Search" is the link that it looks like."""
    page.goto(served.url + HERE)
    with page.context.expect_page() as other:
        page.locator("a[data-search]").click(modifiers=["ControlOrMeta"])
    assert other.value.url == f"{served.url}search/"
    assert page.locator("dialog").count() == 0


def test_a_slash_in_a_field_is_a_slash(page: Page, served: Served) -> None:
    """Nobody who types an address is carried off."""
    page.goto(served.url)
    box = page.get_by_role("searchbox")
    box.focus()
    page.keyboard.type("a/b")
    assert box.input_value() == "a/b"
    assert page.locator("dialog").count() == 0
    opened(page, served.url + HERE)
    page.keyboard.type("a/b")
    assert page.get_by_role("combobox").input_value() == "a/b"


def test_on_the_search_page_the_keys_go_to_its_box(page: Page, served: Served) -> None:
    """There is one search on it, and not two."""
    for key in ("/", "Control+k"):
        page.goto(f"{served.url}search/")
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("dialog").count() == 0


def test_projects_and_names_are_found_in_groups(page: Page, served: Served) -> None:
    """Projects are ranked as on the search page; organisations, tags and people go by name."""
    page.goto(f"{served.url}search/?q=waiting")
    page.wait_for_selector("#results li")
    ranked = page.locator("#results h2 a, #results .card-title a").all_inner_texts()
    count = page.locator("#count").inner_text()
    palette = opened(page, served.url + HERE, "waiting")
    projects = palette.get_by_role("group", name=count, exact=True)
    found = projects.get_by_role("option").locator("span:first-child").all_inner_texts()
    assert found == ranked[:5]
    for words, group in (
        ("HHFT", "1 organisation"),
        ("Bluebell", "1 organisation"),
        ("python", "1 language"),
        ("ada", "1 person"),
        ("learning", "1 page"),
        ("in use", "1 stage"),
        ("charity", "1 kind of organisation"),
    ):
        page.get_by_role("combobox").fill(words)
        expect(palette.get_by_role("option").last).to_have_text(f"All results for {words}")
        expect(palette.get_by_role("group", name=group, exact=True)).to_be_visible()


def test_enter_opens_the_first(page: Page, served: Served) -> None:
    """What is called just so comes first, whatever it is; a quick Enter waits for it."""
    opened(page, served.url + HERE)
    page.keyboard.type("python")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}languages/python/")
    page.go_back()
    expect(page.locator("dialog.palette")).to_be_hidden()


def test_the_last_line_leads_to_all_results(page: Page, served: Served) -> None:
    """What was typed goes on to the search page."""
    opened(page, served.url + HERE, "waiting list")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "All results for waiting list"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}search/?q=waiting+list")
    page.wait_for_selector("#results li")


def test_a_repair_is_offered_as_a_choice(page: Page, served: Served) -> None:
    """What was typed can be searched as it is: the last line but one leads there."""
    palette = opened(page, served.url + HERE, "spc wating")
    expect(palette).to_contain_text("Showing results for spc waiting.")
    palette.get_by_role("option", name="Search instead for spc wating").click()
    page.wait_for_url(f"{served.url}search/?q=spc+wating&exact=1")


def test_what_holds_only_a_little_is_counted_and_not_shown(page: Page, served: Served) -> None:
    """Who looks for something else gets no project for one word, and hears how many say it."""
    palette = opened(page, served.url, "vinyl hospital player turntable")
    expect(palette.locator(".palette-notes")).to_have_text(
        re.compile(r"^\d+ projects?, with only a little of this$")
    )
    expect(palette.get_by_role("option")).to_have_count(1)


def test_a_letter_on_the_way_is_not_nothing(page: Page, served: Served) -> None:
    """Only once typing has paused is it said that nothing matches."""
    palette = opened(page, served.url + HERE, "spc wz")
    expect(palette.get_by_role("group").first).to_be_visible()
    page.get_by_role("combobox").fill("zzzzzzzz")
    expect(palette.get_by_role("option").last).to_contain_text("zzzzzzzz")
    expect(palette).not_to_contain_text("Nothing here matches.", timeout=1)
    expect(palette).to_contain_text("Nothing here matches.")


def test_arrows_go_through_all_and_around(page: Page, served: Served) -> None:
    """Each option in turn is said to be chosen, from the first to the last and on to the first."""
    palette = opened(page, served.url + HERE, "spc")
    options = palette.get_by_role("option").all_text_contents()
    assert len(options) > 2
    seen = []
    for _ in options:
        seen.append(chosen(page))
        page.keyboard.press("ArrowDown")
    assert seen == options
    assert chosen(page) == options[0]
    expect(page.get_by_role("combobox")).to_be_focused()


@pytest.mark.parametrize("press", ["Tab", ""])
def test_escape_gives_the_focus_back(page: Page, served: Served, press: str) -> None:
    """It closes the palette, and whoever was on a link is on it again."""
    page.goto(served.url + HERE)
    page.locator("main a").first.focus()
    before = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("spc")
    if press:
        page.keyboard.press(press)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.palette")).to_be_hidden()
    assert page.evaluate("document.activeElement.outerHTML") == before


def test_how_many_there_are_is_said(page: Page, served: Served) -> None:
    """Screen readers hear counts, repairs and that nothing is there, once typing has paused."""
    palette = opened(page, served.url + HERE, "spc")
    spoken = palette.get_by_role("status")
    expect(spoken).to_have_text(re.compile(r"^1 tag, \d+ projects"))
    box = page.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "true"
    box.fill("wating")
    expect(spoken).to_have_text(re.compile("^Showing results for waiting. .*project"))
    box.fill("zzzzzzzz")
    expect(spoken).to_have_text("Nothing here matches.")
    box.fill("")
    expect(spoken).to_have_text("")
    assert box.get_attribute("aria-expanded") == "false"
    assert palette.get_by_role("option").count() == 0


@pytest.mark.parametrize("width", [320, 1280])
def test_nobody_is_kept_out(browser: Browser, served: Served, width: int) -> None:
    """Axe finds nothing in light, dark and forced colours; it fits on the smallest phone."""
    context = browser.new_context(viewport={"width": width, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    opened(page, served.url + HERE, "wating")
    page.evaluate(AXE)
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate("rules => axe.run('dialog', {runOnly: rules})", rules)
        found += [(each["id"], [n["html"] for n in each["nodes"]]) for each in told["violations"]]
    assert found == []
    box = page.locator("dialog.palette").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.locator("dialog :is(a, button, input)").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    page.emulate_media(forced_colors="active")
    edges = page.locator("dialog a").evaluate_all(
        "all => all.map(one => getComputedStyle(one).outlineColor)"
    )
    assert edges.count(edges[0]) == 1
    context.close()


def test_nothing_is_loaded_before_it_is_opened(page: Page, served: Served) -> None:
    """A page costs what it cost; the first results come in at most eight requests."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.goto(served.url + HERE, wait_until="networkidle")
    before = len(asked)
    assert [r.url for r in asked if "/search/" in r.url or "palette" in r.url] == []
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("waiting list")
    page.get_by_role("option").first.wait_for()
    assert len(asked) - before <= MOST_REQUESTS, [request.url for request in asked[before:]]
    assert [r.url for r in asked if not r.url.startswith(served.url)] == []
    code = next(served.folder.glob("assets/*/palette/palette.js")).read_bytes()
    assert len(compress(code)) <= MOST_CODE


@pytest.fixture
def lettered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The community as if it had more names than one file may hold."""
    monkeypatch.setattr(palette_files, "MOST_IN_ONE", 0)
    yield from serve(factory.community(), tmp_path)


def test_a_large_site_gives_names_by_letter(page: Page, lettered: Served) -> None:
    """Its names are many files, of which a word needs one, and its titles come from the cards."""
    asked: list[str] = []
    page.goto(lettered.url + HERE, wait_until="networkidle")
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("/")
    page.get_by_role("combobox").fill("bluebell")
    palette = page.locator("dialog.palette")
    expect(palette.get_by_role("group", name="1 organisation")).to_be_visible()
    assert len(asked) <= MOST_REQUESTS, asked
    page.get_by_role("combobox").fill("python")
    projects = palette.get_by_role("group", name=re.compile(r"^\d+ projects$"))
    expect(projects.get_by_role("option")).to_have_count(3)
    assert len([url for url in asked if "/n-" in url]) == 2


def test_without_scripts_the_menu_leads_to_the_search_page(
    browser: Browser, served: Served
) -> None:
    """There is no palette then, and nothing that promises one."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url + HERE)
    assert page.locator("[aria-haspopup], dialog").count() == 0
    page.locator("a[data-search]").click()
    page.wait_for_url(f"{served.url}search/")
    context.close()


def test_from_a_folder_on_disk_the_menu_leads_to_the_search_page(
    browser: Browser, served: Served
) -> None:
    """Browsers load no modules from there; the link is the link that it is."""
    page = browser.new_page()
    page.goto((served.folder / "tags" / "index.html").as_uri())
    page.locator("a[data-search]").click()
    page.wait_for_url("**/search/index.html")
    assert page.locator("dialog").count() == 0
    page.close()


def test_a_search_that_cannot_be_loaded_says_so(browser: Browser, served: Served) -> None:
    """The last line is there all the same, and what failed is asked for again."""
    page = browser.new_page()
    broken = "**/search/index/boot.json*"
    page.route(broken, lambda route: route.abort())
    palette = opened(page, served.url + HERE, "spc")
    expect(palette).to_contain_text("The search could not be loaded.")
    assert palette.get_by_role("option").count() == 1
    page.unroute(broken)
    page.keyboard.type(" ")
    expect(palette.get_by_role("group").first).to_be_visible()
    expect(palette).not_to_contain_text("could not be loaded")
    page.close()


def test_a_palette_that_cannot_be_loaded_leads_to_the_search_page(
    browser: Browser, served: Served
) -> None:
    """Nobody who presses "Search" is left with nothing."""
    page = browser.new_page()
    page.route("**/palette.js", lambda route: route.abort())
    page.goto(served.url + HERE)
    page.locator("a[data-search]").click()
    page.wait_for_url(f"{served.url}search/")
    page.close()


def test_what_is_typed_stays_text(page: Page, served: Served) -> None:
    """Nothing of either becomes markup."""
    palette = opened(page, served.url + HERE, "<img src=x onerror=alert(1)>")
    assert palette.locator("img").count() == 0


def test_it_speaks_the_language_of_the_site(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every word of it is a message."""
    theme = load_theme("#225faa", bracketed(tmp_path_factory.mktemp("templates")), LANGUAGE)
    with speaking(theme.speech):
        catalogue = factory.community()
    for site in serve(catalogue, tmp_path_factory.mktemp("said"), theme):
        palette = opened(page, site.url + HERE, "wating")
        expect(palette.get_by_role("group").first).to_be_visible()
        said = palette.locator(".palette-head, .palette-keys, .palette-notes, button, .palette-all")
        texts = said.all_inner_texts()
        assert len(texts) > 4
        assert [text for text in texts if not text.strip().startswith("⟦")] == []
        box = palette.get_by_role("combobox")
        assert str(box.get_attribute("placeholder")).startswith("⟦")
        assert str(box.get_attribute("aria-label")) == "⟦Search⟧"
