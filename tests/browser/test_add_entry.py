"""The form on the add page writes an entry that the loader takes."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from aggregator.registry.loader import load_texts

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "site_templates/static/js"
FORM = """\
<form id="entry-form" data-edit="https://github.com/octo/showcase/edit/main/registry.yaml"
      data-host="github.com">
  <input name="repository" required><textarea name="summary"></textarea>
  <input name="organisation"><input name="stage"><input name="tags">
  <div id="entry-result" hidden><pre id="entry-yaml"></pre></div>
</form>
"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The form of the add page, with its script."""
    page = browser.new_page()
    page.set_content(FORM)
    page.add_script_tag(path=SCRIPTS / "site" / "01-say.js")
    page.add_script_tag(path=SCRIPTS / "add.js")
    yield page
    page.close()


def typed(page: Page, **fields: str) -> str:
    """Type into the form and read the entry it writes."""
    for name in ("repository", "summary", "organisation", "stage", "tags"):
        page.fill(f"[name={name}]", fields.get(name, ""))
    return page.locator("#entry-yaml").text_content() or ""


@pytest.mark.parametrize(
    "summary",
    ["Counts beds.", "Beds: how many?", "no", "# one", "It's \"quoted\" \\ slashed", "- dash",
     "@home & away * [x]", "2026-11-22", "ends with a colon:", "Café — naïve", "{a: b}"],
)  # fmt: skip
def test_what_is_typed_is_what_is_read(page: Page, summary: str) -> None:
    """The lines to paste mean exactly what somebody typed."""
    lines = typed(page, repository="octo/beta", summary=summary, tags="Time series; A&E, beds")
    registry = load_texts({"registry.yaml": f"projects:\n{lines}\n"})
    assert registry.mistakes == ()
    entry = registry.projects[0]
    assert entry.summary == summary
    assert entry.tags == ("time-series", "a-and-e", "beds")


@pytest.mark.parametrize(
    "address",
    ["https://github.com/Octo/beta.git", "github.com/Octo/beta/tree/main", "@Octo/beta",
     "git@github.com:Octo/beta.git", " Octo/beta ", "https://github.com/Octo/beta?tab=readme#x"],
)  # fmt: skip
def test_a_pasted_address_becomes_a_name(page: Page, address: str) -> None:
    """People paste what their browser shows."""
    assert typed(page, repository=address) == "  - repo: Octo/beta"


@pytest.mark.parametrize("address", ["octo", "octo/..", "https://example.org/a/b", "a b/c"])
def test_what_is_no_repository_shows_no_entry(page: Page, address: str) -> None:
    """Nothing is offered to copy before there is a repository, and the field says why."""
    typed(page, repository=address)
    assert page.locator("#entry-result").is_hidden()
    message = page.eval_on_selector("[name=repository]", "field => field.validationMessage")
    assert "owner/name" in message


def test_a_new_file_opens_with_the_entry_in_it(page: Page) -> None:
    """One click leads to GitHub with the whole file written."""
    typed(page, repository="Octo/beta", summary="Beds & more: 100 %", stage="in use")
    link = urlsplit(page.locator("[data-new-file]").get_attribute("href") or "")
    query = parse_qs(link.query)
    assert (
        f"{link.scheme}://{link.netloc}{link.path}" == "https://github.com/octo/showcase/new/main"
    )
    assert query["filename"] == ["registry.d/octo--beta.yaml"]
    registry = load_texts({"registry.yaml": query["value"][0]})
    assert registry.mistakes == ()
    assert registry.projects[0].summary == "Beds & more: 100 %"
