"""Files, trees and commits have the ids that git gives them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.demo.git import History, Tree, object_oid, read_time
from tests.stand_in.rest import until

FILES = {
    "README.md": b"# Hello\n",
    "docs/guide.md": b"guide",
    "docs-old.txt": b"old",
    "docs/deep/er.txt": b"deep",
    "empty": b"",
}


def test_oids_are_those_of_git(tmp_path: Path) -> None:
    """Blobs and trees have the object ids that git computes for the same files."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    run = [git, "-C", str(tmp_path), "-c", "core.autocrlf=false"]
    subprocess.run([*run, "init", "-q"], check=True)
    subprocess.run([*run, "add", "-A"], check=True)
    written = subprocess.run([*run, "write-tree"], check=True, capture_output=True, text=True)
    assert Tree(FILES).oid == written.stdout.strip()


def test_an_empty_file_has_the_well_known_oid() -> None:
    """The empty blob is the one that everybody has seen."""
    assert object_oid("blob", b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["readme.txt", "README.rst", "Readme.md"], "Readme.md"),
        (["README.md", "docs/README.md", ".github/README.md"], ".github/README.md"),
        (["docs/readme"], "docs/readme"),
        (["README.html", "README.rst"], "README.rst"),
        (["src/README.md", "readme_first.txt", "README/"], None),
    ],
)
def test_the_readme_that_github_shows(names: list[str], best: str | None) -> None:
    """The README is looked for in .github, the root and docs, Markdown first, in any case."""
    assert Tree(dict.fromkeys(names, b"x")).readme_path == best


def test_a_listed_folder_is_empty() -> None:
    """A path that ends in a slash is a folder without files."""
    folder = Tree({"src/": b""}).find("src")
    assert isinstance(folder, Tree)
    assert folder.entries == ()


def history(count: int) -> History:
    """Describe a history of two authors."""
    return History(
        "seed", "2024-01-01T00:00:00Z", "2026-11-01T12:00:00Z", count, (("a", 3), ("b", 1))
    )


@pytest.mark.parametrize("count", [1, 2, 60])
def test_histories_are_ordered_and_repeatable(count: int) -> None:
    """Commits run from newest to oldest between the two ends, the same each time."""
    commits = list(history(count))
    dates = [commit.date for commit in commits]
    assert commits == list(history(count))
    assert len({commit.oid for commit in commits}) == count
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == "2026-11-01T12:00:00Z"
    assert sum(history(count).by_author.values()) == count


def test_since_and_until() -> None:
    """Commits between two times are exactly those with dates between them."""
    since, last = "2026-01-01T00:00:00Z", "2026-06-01T00:00:00+01:00"
    found = list(until(history(60).since(since), last))
    start, end = read_time(since), read_time(last)
    assert found
    assert found == [c for c in history(60) if start <= read_time(c.date) <= end]


def test_shares_of_authors() -> None:
    """Who has three shares of four made about three commits of four."""
    counts = history(60).by_author
    assert 35 <= counts["a"] <= 55
