"""While somebody types, results come and do not go again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from aggregator.searching.engine import search
from aggregator.searching.index import Index
from tests.conftest import ROOT
from tests.search.conftest import Files, files_of, read_glossary
from tests.search.test_page import site_over

pytestmark = pytest.mark.browser

PAUSE = 800  # milliseconds, after which typing counts as done
AMONG = 3  # results that everybody sees

# Types a text letter by letter, each once the answer to the one before is on the page. Gives for
# each letter whether the page said that there is nothing, and its first results.
_TYPE = """async ([text, among]) => {
  const box = document.getElementById("q");
  const page = document.getElementById("search");
  const type = async (words) => {
    box.value = words;
    box.dispatchEvent(new Event("input"));
    while (page.dataset.ready !== words) await new Promise((done) => setTimeout(done));
  };
  const seen = [];
  await type("");
  for (let length = 1; length <= text.length; length++) {
    await type(text.slice(0, length));
    const links = [...document.querySelectorAll("#results .card-title a")].slice(0, among);
    const empty = document.getElementById("nothing").getBoundingClientRect().height > 0;
    seen.push([empty, links.map((link) => link.getAttribute("href"))]);
  }
  return seen;
}"""


@dataclass(frozen=True, slots=True)
class Flicker:
    """What somebody saw who typed one query: keystrokes, and at how many of them it flickered."""

    keys: int
    empty: int
    lost: int


def typed(page: Page, text: str) -> Flicker:
    """Type a text into the empty box of the search page, and count."""
    seen = page.evaluate(_TYPE, [text, AMONG])
    best = seen[-1][1][:1]
    among = [best != [] and best[0] in shown for _, shown in seen]
    lost = sum(before and not now for before, now in pairwise(among))
    return Flicker(len(seen), sum(empty for empty, _ in seen), lost)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor whose page may not fail once."""
    context = browser.new_context()
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda fault: faults.append(str(fault)))
    yield fresh
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def address(browser_page: tuple[Page, Path, str], files: Files) -> str:
    """The search page over the made-up community's index."""
    _, folder, root = browser_page
    return root + site_over(files, folder / "typed")


@pytest.mark.parametrize(
    "text", ["forecast bed demand", "waiting list", "notes on the survey", "r survey", "lang:R"]
)
def test_nothing_is_said_on_the_way_to_something(page: Page, address: str, text: str) -> None:
    """One letter, a small word or half a field is not a search that finds nothing."""
    page.goto(address)
    assert typed(page, text).empty == 0


def test_what_nothing_holds_is_said_after_a_pause(page: Page, address: str) -> None:
    """Nobody is left in doubt: once typing has paused the page says that nothing is there."""
    page.goto(address)
    page.fill("#q", "zzzzzz")
    assert not page.locator("#nothing").is_visible()
    page.wait_for_selector("#nothing:visible", timeout=PAUSE + 1_000)
    page.fill("#q", "zz")
    page.wait_for_timeout(PAUSE)
    assert not page.locator("#nothing").is_visible()
    page.press("#q", "Enter")
    page.wait_for_selector("#nothing:visible")


def test_a_half_typed_word_leaves_what_was_found(page: Page, address: str) -> None:
    """The words before it are searched, and it is not said that nobody uses it."""
    page.goto(address)
    page.fill("#q", "funnel plot")
    page.wait_for_selector("#results a:has-text('funnelplots')")
    before = page.locator("#count").inner_text()
    page.fill("#q", "funnel plot x")
    page.wait_for_selector("[data-ready='funnel plot x']", state="attached")
    assert page.locator("#count").inner_text() == before
    assert page.locator("#changed").is_hidden()
    page.press("#q", "Enter")
    page.wait_for_selector("#changed:has-text('Nothing here says x.')")


@pytest.fixture(scope="session")
def real(browser_page: tuple[Page, Path, str], corpus_files: Files) -> str:
    """The search page over the index of real repositories."""
    _, folder, root = browser_page
    return root + site_over(corpus_files, folder / "real")


@pytest.mark.corpus
@pytest.mark.timeout(600)
def test_real_queries_do_not_flicker(
    page: Page,
    real: str,
    corpus_files: Files,
    judged_queries: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every judged query, key by key: nothing is said on the way where something is found."""
    lines = [
        line
        for name in ("queries", "queries_fresh")
        for line in (judged_queries / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    asked = [json.loads(line)["query"] for line in lines]
    page.goto(real)
    seen = {text: typed(page, text) for text in asked}
    keys, empty, lost = (
        sum(getattr(each, name) for each in seen.values()) for name in ("keys", "empty", "lost")
    )
    with capsys.disabled():
        print(  # noqa: T201 (the figures of docs/search.md)
            f"\n{len(asked)} queries, {keys} keystrokes: nothing said at {empty} "
            f"({empty / keys:.1%}), the best lost again at {lost} ({lost / keys:.1%})"
        )
    index = Index(corpus_files.__getitem__)
    finding = [text for text in asked if search(index, text).hits]
    assert [text for text in finding if seen[text].empty] == []
    assert lost / keys <= 0.03


@pytest.mark.corpus
def test_the_beginning_of_a_word_that_exists_always_finds(corpus: Path) -> None:
    """However slowly somebody types a word of a README, nobody tells them that there is nothing."""
    from benchmarks.search_corpus import documents as real  # noqa: PLC0415

    files = files_of(real(corpus), read_glossary(ROOT / "glossary.yaml"))
    index = Index(files.__getitem__)
    words = {word for letter in "abcdefghijklmnopqrstuvwxyz" for word in index.spellings(letter)}
    begun = {word[:length] for word in words for length in range(3, len(word) + 1)}
    assert len(words) > 1_000
    found = {part: search(index, part, 1) for part in sorted(begun)}
    # A small word that is whole ("can") is said to be too common, and holds what was found before.
    assert [part for part, each in found.items() if not (each.hits or each.common)] == []
