"""What every test may ask for: where the real repositories are, and the browser."""

import os
from pathlib import Path

import pytest

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
    """GitHub's published GraphQL schema."""
    return _present(SHARED / "github" / "schema.graphql", "GitHub's published GraphQL schema")


@pytest.fixture(scope="session")
def judged_queries() -> Path:
    """The folder of judged search queries with the program that scores a run."""
    return _present(SHARED / "search", "the folder of judged search queries")
