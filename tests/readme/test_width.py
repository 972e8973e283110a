"""Real READMEs on a narrow screen, in a real browser."""

import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from aggregator.readme.readme import ReadmeSource
from aggregator.readme.rendering import render
from tests.conftest import ROOT

_WIDTH = 320
_STYLES = sorted((ROOT / "site_templates" / "static" / "css" / "readme").iterdir())
_MEASURE = """html => {
  document.body.innerHTML = `<div class="readme">${html}</div>`;
  for (const details of document.querySelectorAll("details")) details.open = true;
  return document.documentElement.scrollWidth;
}"""


def _pages(corpus: Path) -> dict[str, str]:
    lines = (corpus / "repositories.jsonl").read_text("utf-8").splitlines()
    found = {}
    for facts in map(json.loads, lines):
        if facts["readme_file"]:
            data = gzip.decompress((corpus / facts["readme_file"]).read_bytes())[:60_000]
            place = (facts["readme_path"], facts["full_name"], facts["head_sha"])
            found[facts["full_name"]] = render(ReadmeSource(data, *place, "main")).html
    return found


def _too_wide(page: Page, pages: dict[str, str]) -> dict[str, int]:
    page.route("**/*", lambda route: route.abort())
    styles = "".join(file.read_text() for file in _STYLES)
    page.set_content(f"<!doctype html><style>body {{ margin: 1rem }}{styles}</style>")
    widths = {name: int(page.evaluate(_MEASURE, html)) for name, html in pages.items()}
    return {name: width for name, width in widths.items() if width > _WIDTH}


@pytest.mark.browser
@pytest.mark.corpus
def test_no_real_readme_widens_a_narrow_page(browser: Browser, corpus: Path) -> None:
    """On a phone 320 pixels wide no real README makes the page scroll sideways."""
    pages = _pages(corpus)
    assert len(pages) > 150
    page = browser.new_page(viewport={"width": _WIDTH, "height": 640})
    assert _too_wide(page, {"wide": "<div style='width:900px'>x</div>"})
    assert _too_wide(page, pages) == {}
    page.close()


@pytest.mark.browser
def test_a_picture_keeps_the_height_that_was_given(browser: Browser) -> None:
    """A logo with a height alone is not blown up; one with both sizes keeps its proportions."""
    page = browser.new_page(viewport={"width": _WIDTH, "height": 640})
    picture = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='800' height='400'/%3E"
    )
    _too_wide(page, {})
    sizes = []
    for size in ("height=40", "width=100 height=900", "width=60", ""):
        page.evaluate(_MEASURE, f'<p><img src="{picture}" {size}></p>')
        page.wait_for_function("document.images[0].complete")
        sizes.append(page.evaluate("[document.images[0].width, document.images[0].height]"))
    page.close()
    assert sizes == [[80, 40], [100, 50], [60, 30], [_WIDTH - 32, (_WIDTH - 32) / 2]]


@pytest.mark.browser
def test_commands_are_copied_without_what_came_of_them(browser: Browser) -> None:
    """Of a session at a terminal the button copies what was typed; of other code all of it."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.route("https://example.org/", lambda route: route.fulfill(content_type="text/html"))
    page.goto("https://example.org/")
    text = b"```console\n$ git clone a\nCloning\n$ cd a\n```\n\n```python\nx = 1\n```\n"
    html = str(render(ReadmeSource(text, "README.md", "owner/name", "0" * 40, "main")).html)
    page.set_content(f'<div class="readme">{html}</div>')
    for script in ("01-say.js", "copy.js"):
        page.add_script_tag(path=ROOT / "site_templates/static/js/site" / script)
    copied = []
    for button in page.locator(".code-copied button").all():
        button.click()
        page.wait_for_function("document.querySelector('button').textContent != 'Copy'")
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    context.close()
    assert copied == ["git clone a\ncd a", "x = 1"]
