"""Every kind of page in a real browser: accessible, narrow enough, within budget, private."""

import json
import re
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import Served
from tests.outputs.factory import NOW

pytestmark = pytest.mark.browser

LISTINGS = (
    "",
    "all/",
    "projects/",
    "search/",
    "organisations/",
    "organisations/harbour/",
    "kinds/trust/",
    "compare/",
    "insights/",
    "people/",
    "people/ada-fen/",
    "tags/",
    "tags/spc/",
    "languages/",
    "stages/in-use/",
    "new/",
    "stories/",
    "stories/data-saves/plain-spc/",
    "talks/",
    "paths/",
    "paths/to-a-pipeline/",
    "help-wanted/",
    "status/",
    "add/",
    "subscribe/",
    "accessibility/",
    "privacy/",
    "about/",
    "about/components/",
    "404.html",
)
PROJECTS = (
    "projects/data-saves/plain-spc/",
    "projects/data-saves/vanished/",
    "projects/harbour-trust/theatre-minutes/",
    "projects/harbour-trust/legacy-bed-board/",
    "projects/data-saves/odd-name_1.2/",
    "projects/harbour-trust/ward-rounds/card/",
)
EVERY = LISTINGS + PROJECTS
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 AA and what axe calls best practice: https://www.deque.com/axe/core-documentation/
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between light and dark; the rest of a page is the same in both.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
MOST_REQUESTS = 6


# The day after the last fetch, when nothing is stale yet, and one on which everything is.
FRESH, STALE = NOW + timedelta(days=1), NOW + timedelta(days=12)


def _open(browser: Browser, served: Served, path: str, **options: object) -> Page:
    page = browser.new_page(**options)
    page.clock.set_fixed_time(FRESH)
    page.goto(served.url + path)
    return page


@pytest.mark.timeout(400)  # two hundred looks, at a hundred elements each
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_keeps_anybody_out(browser: Browser, served: Served, width: int) -> None:
    """Axe finds nothing on any page, in light and dark, on a phone and on a desk."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    page.clock.set_fixed_time(FRESH)
    found = []
    for path in EVERY:
        page.goto(served.url + path)
        found += [f"/{path} {each}" for each in _violations(page, ":root")]
    page.clock.set_fixed_time(STALE)
    page.goto(served.url)
    found += _violations(page, "#stale")
    context.close()
    assert found == []


def _violations(page: Page, part: str) -> list[str]:
    """Look at a part of an open page in light, and at its colours again in dark."""
    page.evaluate(AXE)
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
        page.emulate_media(color_scheme=scheme)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        given = {"part": part, "options": options}
        result = page.evaluate("({part, options}) => axe.run(part, options)", given)
        found += [
            f"{scheme}: {each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
            for each in result["violations"]
        ]
    return found


def test_no_page_scrolls_sideways_on_a_small_phone(browser: Browser, served: Served) -> None:
    """At 320 pixels every page fits, which is what 400 % zoom on a desk comes to."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    wide = []
    for path in EVERY:
        page.goto(served.url + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide.append(f"/{path} is {width} wide")
    page.close()
    assert wide == []


def test_no_fact_runs_into_its_name(browser: Browser, served: Served) -> None:
    """The date of a release stands beside its name and not below it, however long it is."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{served.url}projects/data-saves/plain-spc/")
    rows = page.locator(".facts dl > div")
    assert page.locator("#releases").count() == 1
    page.locator("[aria-labelledby=releases] time").first.evaluate(
        "time => { time.textContent = '30 September 2026'; }"
    )
    over = rows.evaluate_all(
        """rows => rows.filter(row => {
            const words = document.createRange();
            words.selectNodeContents(row.querySelector("dt"));
            const { left } = row.querySelector("dd").getBoundingClientRect();
            return words.getBoundingClientRect().right > left;
        }).map(row => row.innerText)"""
    )
    assert over == []
    page.close()


def test_pages_load_from_their_own_site_only(browser: Browser, served: Served) -> None:
    """No page asks anybody but GitHub, for pictures of READMEs, and none meets an error."""
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in EVERY:
        page.goto(served.url + path)
    page.close()
    assert [url for url in asked if not url.startswith(served.url)] == []
    assert [line for line in said if "404.html" not in line] == []


@pytest.mark.parametrize("path", ["", "all/", "page/2/", "tags/long/"])
def test_a_listing_page_takes_few_requests(browser: Browser, full: Served, path: str) -> None:
    """A page of sixty projects arrives whole in at most six requests."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[Request] = []
    # Playwright marks its handlers, which a built-in method does not allow.
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.goto(full.url + path, wait_until="networkidle")
    context.close()
    assert len(asked) <= MOST_REQUESTS, [request.url for request in asked]


def test_the_first_page_is_short_on_a_phone(browser: Browser, rich: Served) -> None:
    """With all that it can show it is at most six screens, and the whole list is a tap away."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(rich.url)
    parts = ["spotlight", "stories", "shipped", "talks", "paths", "cards", "browse"]
    assert [part for part in parts if not page.locator(f"#{part}").is_visible()] == []
    assert page.evaluate("document.documentElement.scrollHeight") <= 6 * 740
    page.get_by_role("link", name=re.compile("^All .* A to Z$")).first.click()
    assert page.locator(".letter li").count() > 12
    page.close()


@pytest.mark.parametrize("day", [FRESH, STALE], ids=["fresh", "stale"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_while_a_page_loads(
    browser: Browser, served: Served, width: int, day: datetime
) -> None:
    """Cumulative layout shift is nought, whether or not the banner comes up."""
    for path in ("", PROJECTS[0], "status/"):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.clock.set_fixed_time(day)
        page.goto(served.url + path)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(
            """() => new Promise(done => new PerformanceObserver(list => done(
                list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
            )).observe({type: "layout-shift", buffered: true}) || setTimeout(done, 300, 0))"""
        )
        page.close()
        assert shift == 0, path


def test_a_site_that_nobody_refreshes_says_so(browser: Browser, served: Served) -> None:
    """Three days without news from GitHub bring up a banner; a day does not."""
    page = browser.new_page()
    page.clock.set_fixed_time(FRESH)
    page.goto(served.url)
    page.locator("[data-confirmed] time").first.wait_for()
    assert page.locator("#stale").is_hidden()
    page.clock.set_fixed_time(STALE)
    page.goto(served.url)
    page.locator("#stale").wait_for()
    assert "12 days ago" in page.locator("#stale").inner_text()
    page.close()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({12: 199, 1: 1}, "199 of 200 projects were last confirmed 12 days ago."),
        ({12: 100, 5: 60, 0: 40}, "160 of 200 projects were last confirmed 5 days ago or earlier."),
        ({12: 40, 0: 160}, "40 of 200 projects were last confirmed 12 days ago."),
        ({12: 39, 0: 161}, ""),
        ({2: 200}, ""),
        ({3: 1}, "the one project were last confirmed 3 days ago."),
        ({30: 7}, "all 7 projects were last confirmed 30 days ago."),
    ],
)
def test_one_fresh_project_hides_no_stale_ones(
    browser: Browser, served: Served, days: dict[int, int], said: str
) -> None:
    """The banner looks at how many projects have old facts, not at the newest of all."""
    told = json.loads((served.folder / "data" / "status.json").read_text(encoding="utf-8"))
    told["confirmed"] = [
        {"at": f"{FRESH - timedelta(days=age):%Y-%m-%dT%H:%M:%SZ}", "projects": count}
        for age, count in days.items()
    ]
    page = browser.new_page()
    page.clock.set_fixed_time(FRESH)
    page.route("**/data/status.json", lambda route: route.fulfill(json=told))
    page.goto(served.url)
    page.locator("[data-confirmed] time").first.wait_for()
    banner = page.locator("#stale")
    assert banner.is_visible() == bool(said)
    assert not said or said in banner.inner_text()
    page.close()


def test_a_page_says_when_the_last_run_was(browser: Browser, served: Served) -> None:
    """No page holds the day but that of the status: scripts read it from one small file."""
    page = _open(browser, served, PROJECTS[0])
    foot = page.locator("footer [data-confirmed]")
    foot.locator("time").wait_for()
    assert foot.inner_text() == ": 3 October 2026"
    assert page.locator(".confirmed a").first.get_attribute("title") == "The last run was yesterday"
    page.close()


@pytest.mark.parametrize("answer", ["", "{", "[]", '{"confirmed": 7}', "null"])
def test_without_that_file_a_page_is_as_it_is_without_scripts(
    browser: Browser, served: Served, answer: str
) -> None:
    """A lost or broken file breaks nothing: the way to the status page stays."""
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    how = {"body": answer} if answer else {"status": 404}
    page.route("**/data/status.json", lambda route: route.fulfill(**how))
    with page.expect_response("**/data/status.json"):
        page.goto(served.url)
    page.wait_for_load_state("networkidle")
    assert page.locator("#stale").is_hidden()
    assert "here is when they were last confirmed. Each" in page.locator("footer").inner_text()
    assert problems == []
    page.close()


def test_the_banner_of_a_stale_site_hides_nothing_that_has_the_focus(
    browser: Browser, served: Served
) -> None:
    """Whoever goes through a page with the keyboard sees where they are (WCAG 2.2, 2.4.11)."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.clock.set_fixed_time(STALE)
    page.goto(served.url + PROJECTS[0])
    page.locator("#stale").wait_for()
    hidden = []
    # A phone shows some of the menu at the foot alone.
    reached = page.locator("a, button, input, summary").filter(visible=True).count()
    assert reached > 20
    for _ in range(reached):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
                const active = document.activeElement.getBoundingClientRect();
                const banner = document.getElementById("stale").getBoundingClientRect();
                return active.bottom > banner.top + 1 && active.top < banner.bottom
                    ? [document.activeElement.outerHTML.slice(0, 160)] : [];
            }"""
        )
    page.close()
    assert hidden == []


def test_dates_say_how_long_ago_they_were(browser: Browser, served: Served) -> None:
    """The day is always written; its age is added for whoever has scripts."""
    page = _open(browser, served, PROJECTS[0])
    assert "2 October 2026\n2 days ago" in page.locator(".reuse").inner_text()
    page.close()


def test_the_keyboard_reaches_everything(browser: Browser, served: Served) -> None:
    """The first Tab offers to skip to the content, and there the focus is."""
    page = _open(browser, served, "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_whatever_has_the_focus_shows_it(browser: Browser, served: Served) -> None:
    """Each stop of the Tab key is outlined."""
    page = _open(browser, served, PROJECTS[0])
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", page.evaluate("document.activeElement.outerHTML")
    page.close()


def test_the_badge_is_copied_with_one_press(browser: Browser, served: Served) -> None:
    """The Markdown of the badge lands on the clipboard."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served.url + PROJECTS[0])
    button = page.locator("button[data-copy=badge-markdown]")
    button.click()
    page.wait_for_function(
        "document.querySelector('[data-copy=badge-markdown]').textContent=='Copied'"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied.startswith("[![Health analytics showcase: in use](https://showcase.example.org/")


def test_the_check_up_unfolds_when_a_link_points_to_it(browser: Browser, served: Served) -> None:
    """The status page leads straight to the lines to copy."""
    page = _open(browser, served, "projects/harbour-trust/theatre-minutes/#check-up")
    assert page.locator("#check-up").evaluate("details => details.open")
    page.close()


def test_pages_are_whole_without_scripts(browser: Browser, served: Served) -> None:
    """Titles, facts and dates are there, and nothing that needs a script shows."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url + PROJECTS[0])
    words = page.locator("body").inner_text()
    assert "Last push 2 October 2026" in words
    assert page.locator("button[data-copy]").first.is_hidden()
    page.goto(served.url + "projects/data-saves/moved-house/")
    page.wait_for_url("**/projects/data-saves/moved-home/")
    assert page.locator("h1").inner_text() == "Moved house"
    context.close()


def test_the_site_opens_from_a_folder_on_disk(browser: Browser, served: Served) -> None:
    """No server is needed to read it."""
    page = browser.new_page()
    page.goto((served.folder / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"
    page.get_by_role("link", name="Plain SPC", exact=True).first.click()
    page.wait_for_url(re.compile(r"plain-spc/index\.html$"))
    assert "Plain SPC" in page.locator("h1").inner_text()
    page.goto((served.folder / "search" / "index.html").as_uri())
    assert page.locator("#unserved").is_visible()  # the one thing that a folder cannot do says so
    around = page.get_by_role("heading", name="Look around")
    assert around.is_visible()  # at once, as the notice leads there
    page.goto(f"{served.url}search/")
    assert page.locator("#unserved").is_hidden()
    page.close()


def test_targets_are_large_enough_for_a_thumb(browser: Browser, served: Served) -> None:
    """Buttons, chips and the navigation are at least 44 pixels high, the menu at the foot 36."""
    page = _open(browser, served, "", viewport={"width": 390, "height": 800})
    for which, least in ((".button, .chip, .nav a", 44), (".bottom li a", 36)):
        pressed = page.locator(which).filter(visible=True)
        heights = pressed.evaluate_all(
            "all => all.map(one => Math.round(one.getBoundingClientRect().height))"
        )
        assert heights
        assert min(heights) >= least, which
    page.close()


# WCAG 2.2, 2.5.8: what stands in a sentence is exempt, and what has room enough around it.
SMALL_TARGETS = """() => {
    const shown = [...document.querySelectorAll("a, button, input, select, summary")].filter(
        one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".visually-hidden")
            && !one.matches(".skip, .visually-hidden"));
    const boxes = shown.map(one => [one, one.getBoundingClientRect()]);
    const isInText = one => {
        if (getComputedStyle(one).display !== "inline") return false;
        const block = one.closest("p, li, dd, dt, td, th, figcaption, blockquote, span, div");
        return block.innerText.trim().length > one.innerText.trim().length;
    };
    const small = boxes.filter(([, {width, height}]) => width < 24 || height < 24);
    return small.filter(([one, box]) => {
        if (isInText(one)) return false;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        return boxes.some(([other, {left, right, top, bottom}]) => {
            if (other === one || other.contains(one) || one.contains(other)) return false;
            const across = Math.max(left - x, 0, x - right);
            const down = Math.max(top - y, 0, y - bottom);
            return Math.hypot(across, down) < 12;
        });
    }).map(([one, {width, height}]) =>
        `${one.outerHTML.slice(0, 100)} ${Math.round(width)}x${Math.round(height)}`);
}"""


def test_no_target_on_any_page_is_hard_to_hit(browser: Browser, served: Served) -> None:
    """At 320 pixels each is 24 pixels wide and high, or has as much room to itself."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.clock.set_fixed_time(FRESH)
    small = {}
    for path in EVERY:
        page.goto(served.url + path)
        if found := page.evaluate(SMALL_TARGETS):
            small[path] = found
    page.close()
    assert small == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_parts_of_a_chart_can_be_told_apart(browser: Browser, served: Served, scheme: str) -> None:
    """No two parts have one colour, and every second one is striped too."""
    page = _open(browser, served, "compare/", color_scheme=scheme)
    charts = page.locator("svg.chart").evaluate_all(
        """charts => charts.map(chart => {
            const parts = chart.querySelectorAll("rect[class^=part-]");
            return [...new Set([...parts].map(part =>
                `${part.getAttribute("class")} ${getComputedStyle(part).fill}`))];
        })"""
    )
    page.close()
    assert max(len(parts) for parts in charts) > 2
    for parts in charts:
        colours = [part.partition(" ")[2] for part in parts]
        assert len(set(colours)) == len(colours), parts
