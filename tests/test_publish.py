"""A site is published whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.errors import PublishError, UsageError
from aggregator.outputs.files import File
from aggregator.publish import MARKER, publish, recover

ESCAPING = (
    "../outside.html",
    "/etc/passwd",
    "a/../../b",
    "a//b",
    "",
    ".",
    "a/./b",
    "c:/b",
    "a\\b",
    "a\0b",
    "nice/ends-with-dot.",
    "nice/ends-with-space ",
    f"{'x' * 300}.html",
)


def site(*names: str) -> list[File]:
    return [File(name, name.encode()) for name in names]


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_first_site_is_written_whole(tmp_path: Path) -> None:
    """Publishing into a folder that does not exist makes it with every file."""
    count = publish(site("index.html", "a/b/index.html"), tmp_path / "out")
    assert count == 2
    assert contents(tmp_path / "out") == {"index.html", "a/b/index.html", MARKER}


@pytest.mark.parametrize("exchange", [None, lambda _one, _other: False], ids=["at once", "renames"])
def test_a_new_site_replaces_the_old_one(tmp_path: Path, exchange) -> None:
    """Pages of the last build that no longer exist are gone after the next."""
    out = tmp_path / "out"
    publish(site("index.html", "old.html"), out)
    publish(site("index.html", "new.html"), out, exchange=exchange)
    assert contents(out) == {"index.html", "new.html", MARKER}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_placeholder_that_git_keeps_survives(tmp_path: Path) -> None:
    """The empty folder of a fresh checkout can be built into and stays in git."""
    out = tmp_path / "out"
    out.mkdir()
    (out / ".gitkeep").touch()
    publish(site("index.html"), out)
    assert (out / ".gitkeep").is_file()


@pytest.mark.parametrize("path", ESCAPING)
def test_no_page_leaves_the_site(tmp_path: Path, path: str) -> None:
    """A path that climbs, or that some system cannot hold, is refused and nothing changes."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    with pytest.raises(PublishError):
        publish(site("new.html", path), out)
    assert contents(out) == {"index.html", MARKER}


@pytest.mark.parametrize(
    "names", [("a.html", "a.html"), ("a/B.html", "A/b.html"), ("a", "a/b"), ("a/b", "a")]
)
def test_two_pages_never_share_an_address(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Two files at one address, even in other letters, are refused before anything is lost."""
    with pytest.raises(PublishError, match="two pages"):
        publish(site(*names), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_the_old_site(tmp_path: Path) -> None:
    """When a page cannot be made, readers go on seeing the site they had."""
    out = tmp_path / "out"
    publish(site("index.html"), out)

    def breaks() -> Iterator[File]:
        yield File("other.html", b"")
        raise RuntimeError("a bug in a page")

    with pytest.raises(RuntimeError):
        publish(breaks(), out)
    assert contents(out) == {"index.html", MARKER}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_killed_between_two_renames_is_mended(tmp_path: Path) -> None:
    """The old site comes back when a run died after moving it away."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    out.rename(tmp_path / ".out.old")
    recover(out)
    assert contents(out) == {"index.html", MARKER}


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """A folder with files that aggregator did not write is refused, and they stay."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="did not write"):
        publish(site("index.html"), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_folder_that_holds_what_must_be_kept_is_not_replaced(tmp_path: Path) -> None:
    """The folder of the registry, or one above it, is never taken for the site."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    with pytest.raises(UsageError, match="would be lost"):
        publish(site("index.html"), out, keep=[out / "registry.yaml"])


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A file where the site should go is refused, and it stays."""
    (tmp_path / "out").write_text("a letter")
    with pytest.raises(UsageError, match="is a file"):
        publish(site("index.html"), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a letter"
