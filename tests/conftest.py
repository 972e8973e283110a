"""What every test may ask for: where the real repositories are, and the browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("AGGREGATOR_SHARED", ROOT.parent / "shared"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once: two of Playwright's own loops do not run beside each other.

    Without it the tests that ask for it are skipped with a reason, except where CI is set: there a
    missing browser is a failure.
    """
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"there is no Chromium at {CHROMIUM} (set CHROMIUM to where it is)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
        yield chromium
        chromium.close()


def _present(path: Path, what: str) -> Path:
    if not path.exists():
        pytest.skip(f"{what} is not here (looked at {path}; set AGGREGATOR_SHARED to its folder)")
    return path


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real repositories, read where it is and never copied."""
    return _present(SHARED / "corpus", "the folder of real repositories")


@pytest.fixture(scope="session")
def github_schema() -> Path:
    """GitHub's published GraphQL schema, which `develop.py` fetches from npm."""
    path = ROOT / "build" / "github" / "schema.graphql"
    if not path.exists():
        pytest.skip("GitHub's GraphQL schema is not here (`make test` fetches it where npm is)")
    return path


@pytest.fixture(scope="session")
def judged_queries() -> Path:
    """The folder of judged search queries with the program that scores a run."""
    return _present(SHARED / "search", "the folder of judged search queries")
