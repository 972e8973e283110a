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
