"""A site is published whole or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from aggregator.run import publish as publishing
from aggregator.run.publish import Means, publish, recover
from aggregator.run.site_folder import MARKER, refuse_unsafe_output
from aggregator.site.recipes import File
from aggregator.words.errors import PublishError, UsageError

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


def beside(folder: Path) -> set[str]:
    """Name what stands in a folder, but for the lock, which stays."""
    return {path.name for path in folder.iterdir()} - {".out.lock"}


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_first_site_is_written_whole(tmp_path: Path) -> None:
    """Publishing into a folder that does not exist makes it with every file."""
    published = publish(site("index.html", "a/b/index.html"), tmp_path / "out")
    assert published.files == 2
    assert contents(tmp_path / "out") == {"index.html", "a/b/index.html", MARKER}


@pytest.mark.parametrize("exchange", [None, lambda _one, _other: False], ids=["at once", "renames"])
def test_a_new_site_replaces_the_old_one(tmp_path: Path, exchange) -> None:
    """Pages of the last build that no longer exist are gone after the next."""
    out = tmp_path / "out"
    publish(site("index.html", "old.html"), out)
    publish(site("index.html", "new.html"), out, means=Means(exchange=exchange))
    assert contents(out) == {"index.html", "new.html", MARKER}
    assert beside(tmp_path) == {"out"}


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
    assert beside(tmp_path) == set()


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
    assert beside(tmp_path) == {"out"}


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
        refuse_unsafe_output(out, [out / "registry.yaml"])


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A file where the site should go is refused, and it stays."""
    (tmp_path / "out").write_text("a letter")
    with pytest.raises(UsageError, match="is a file"):
        publish(site("index.html"), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a letter"


EXCHANGES = pytest.mark.parametrize(
    "exchange", [None, lambda _one, _other: False], ids=["at once", "renames"]
)


@EXCHANGES
def test_what_the_community_keeps_survives(tmp_path: Path, exchange) -> None:
    """A domain, a history, named files and folders, and links stand in every new site too."""
    out = tmp_path / "out"
    publish(site("index.html", "old.html"), out)
    (out / "CNAME").write_text("showcase.example.org")
    (out / ".git" / "objects").mkdir(parents=True)
    (out / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    (out / "proof-123.html").write_text("it is ours")
    (out / ".well-known" / "deep").mkdir(parents=True)
    (out / ".well-known" / "deep" / "security.txt").write_text("write to us")
    (out / "latest").symlink_to(tmp_path / "elsewhere")
    keep = ["proof-*.html", ".well-known", "latest"]
    for _ in range(2):
        published = publish(
            site("index.html", "new.html"), out, means=Means(exchange=exchange), survivors=keep
        )
    assert contents(out) == {
        *("index.html", "new.html", MARKER, "CNAME", ".git/HEAD", "proof-123.html"),
        ".well-known/deep/security.txt",
    }
    assert (out / ".git" / "objects").is_dir()
    assert (out / "latest").readlink() == tmp_path / "elsewhere"
    assert published.strangers == ()
    assert beside(tmp_path) == {"out"}


def test_the_history_of_a_worktree_is_a_file_and_survives(tmp_path: Path) -> None:
    """In a git worktree the history is one file, which stays as it is."""
    out = tmp_path / "out"
    out.mkdir()
    (out / ".git").write_text("gitdir: ../.git/worktrees/out")
    publish(site("index.html"), out)
    assert (out / ".git").read_text() == "gitdir: ../.git/worktrees/out"


@EXCHANGES
def test_a_file_that_nobody_named_is_left_and_named(tmp_path: Path, exchange) -> None:
    """What no build wrote and no setting keeps stays where it is, and can be listed."""
    out = tmp_path / "out"
    publish(site("index.html", "a/b.html"), out)
    (out / "a" / "notes.txt").write_text("mine")
    (out / ".DS_Store").write_text("a desktop's")
    published = publish(site("index.html"), out, means=Means(exchange=exchange))
    assert (out / "a" / "notes.txt").read_text() == "mine"
    assert not (out / "a" / "b.html").exists()
    assert published.strangers == ("a/notes.txt",)
    assert publish(site("index.html"), out, survivors=["a"]).strangers == ()


def test_a_page_of_the_communitys_own_comes_before_ours(tmp_path: Path) -> None:
    """A file that is kept by name survives a page at its address; ours come back without it."""
    out = tmp_path / "out"
    publish(site("index.html", "robots.txt"), out)
    publish(site("index.html", "robots.txt"), out, survivors=["robots.txt"])
    assert (out / "robots.txt").read_text() == "robots.txt"
    (out / "robots.txt").write_text("theirs")
    for _ in range(2):
        publish(site("index.html", "robots.txt"), out, survivors=["robots.txt"])
        assert (out / "robots.txt").read_text() == "theirs"
    (out / "robots.txt").unlink()
    publish(site("index.html", "robots.txt"), out, survivors=["robots.txt"])
    assert (out / "robots.txt").read_text() == "robots.txt"


@pytest.mark.parametrize("new", ["talks/index.html", "talks"])
def test_a_file_in_the_way_of_a_page_is_named_and_nothing_changes(tmp_path: Path, new: str) -> None:
    """Neither the stranger nor the page is lost: the build says what stands in its way."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    (out / "talks").mkdir()
    (out / "talks" / "index.html").write_text("mine")
    with pytest.raises(PublishError, match=r"talks/index\.html stands where"):
        publish(site("index.html", new), out)
    assert (out / "talks" / "index.html").read_text() == "mine"
    assert beside(tmp_path) == {"out"}


def test_a_site_of_an_earlier_version_is_known_for_ours(tmp_path: Path) -> None:
    """Pages from before builds noted what they wrote go away, and a domain beside them stays."""
    out = tmp_path / "out"
    publish(site("index.html", "projects/a/b/index.html", "talks/index.html"), out)
    (out / MARKER).write_text("This folder is replaced whole at every build.\n")
    (out / "CNAME").write_text("showcase.example.org")
    (out / "mine.txt").write_text("mine")
    published = publish(site("index.html"), out)
    assert contents(out) == {"index.html", MARKER, "CNAME", "mine.txt"}
    assert published.strangers == ("mine.txt",)


def test_only_what_may_stay_makes_a_folder_ours(tmp_path: Path) -> None:
    """A fresh checkout of the published branch can be built into when all in it is kept."""
    out = tmp_path / "out"
    (out / ".git").mkdir(parents=True)
    (out / "CNAME").write_text("showcase.example.org")
    (out / "proof.html").write_text("it is ours")
    with pytest.raises(UsageError, match="did not write"):
        publish(site("index.html"), out)
    publish(site("index.html"), out, survivors=["proof.html"])
    assert contents(out) == {"index.html", MARKER, "CNAME", "proof.html"}
    assert (out / ".git").is_dir()


def test_a_build_killed_before_it_moved_the_history_loses_none(tmp_path: Path) -> None:
    """The history that a dead build left beside the new site is back after the next one."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    (tmp_path / ".out.new-0123456789abcdef" / ".git").mkdir(parents=True)
    (tmp_path / ".out.new-0123456789abcdef" / ".git" / "HEAD").write_text("ref")
    publish(site("index.html"), out)
    assert (out / ".git" / "HEAD").read_text() == "ref"
    assert beside(tmp_path) == {"out"}


def test_two_histories_are_never_made_one(tmp_path: Path) -> None:
    """When two folders hold a history the build stops, says so, and keeps both."""
    out = tmp_path / "out"
    publish(site("index.html"), out)
    for folder in (tmp_path / ".out.new-0123456789abcdef", out):
        (folder / ".git").mkdir(parents=True)
    with pytest.raises(PublishError, match="are both there"):
        publish(site("index.html"), out)
    assert (tmp_path / ".out.new-0123456789abcdef" / ".git").is_dir()


def test_what_a_neighbour_has_beside_it_stays(tmp_path: Path) -> None:
    """Only what a dead build of this very folder left is cleaned away."""
    out = tmp_path / "out"
    foreign = {".out.newer", ".out.new-mine", ".output.new-0123456789abcdef", "out.old"}
    for name in foreign:
        (tmp_path / name).mkdir()
    for name in (".out.new", ".out.new-0123456789abcdef", ".out.old-0123456789abcdef"):
        (tmp_path / name).mkdir()
    publish(site("index.html"), out)
    assert beside(tmp_path) == {"out", *foreign}


def test_a_torn_site_is_not_published(tmp_path: Path) -> None:
    """What does not stand on the disk as it was written never replaces the old site."""
    out = tmp_path / "out"
    publish(site("index.html"), out)

    def disturbed() -> Iterator[File]:
        yield File("index.html", b"new")
        (staging,) = tmp_path.glob(".out.new-*")
        (staging / "index.html").unlink()
        yield File("other.html", b"new")

    with pytest.raises(PublishError, match="not whole"):
        publish(disturbed(), out)
    assert contents(out) == {"index.html", MARKER}
    assert beside(tmp_path) == {"out"}


def test_the_second_build_is_told_who_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that another process builds is not touched, and the message names the process."""
    monkeypatch.setattr(publishing, "LOCK_WAIT", 0.1)
    out = tmp_path / "out"

    def meddling() -> Iterator[File]:
        with ThreadPoolExecutor() as others:
            second = others.submit(publish, site("second.html"), out)
            with pytest.raises(PublishError, match=r"process \d+ on .+ since 20"):
                second.result()
        yield from site("first.html")

    publish(meddling(), out)
    assert contents(out) == {"first.html", MARKER}


def test_the_marker_lists_what_was_written(tmp_path: Path) -> None:
    """Whoever has sha256sum can check a published site against its own list."""
    publish([File("a/b.html", b"hello")], tmp_path / "out")
    lines = (tmp_path / "out" / MARKER).read_text().splitlines()
    assert lines[-1] == f"{sha256(b'hello').hexdigest()}  a/b.html"


@pytest.mark.parametrize("exchange", [None, lambda _one, _other: False], ids=["at once", "renames"])
def test_what_comes_while_a_site_is_made_is_not_lost(tmp_path: Path, exchange) -> None:
    """Files and links that somebody puts into the folder during a build stand in the new site."""
    output = tmp_path / "output"
    publish(site("index.html", "gone.html"), output)
    (output / "CNAME").write_text("a.example")

    def meanwhile() -> Iterator[File]:
        yield File.of_text("index.html", "new")
        (output / ".well-known").mkdir()
        (output / ".well-known" / "token").write_text("theirs")
        (output / "link").symlink_to("index.html")
        (output / "CNAME").unlink()
        (output / "CNAME").write_text("b.example")
        (output / "late.html").write_text("theirs, where a page of ours comes")
        (output / "index.html").write_text("nobody edits what is made")
        (output / "empty").mkdir()
        yield File.of_text("late.html", "ours")

    publish(meanwhile(), output, means=Means(exchange=exchange))
    found = {n: (output / n).read_text() for n in contents(output) if (output / n).is_file()}
    found.pop(".aggregator-site")
    assert found == {
        "index.html": "new",
        "late.html": "ours",
        ".well-known/token": "theirs",
        "link": "new",
        "CNAME": "b.example",
    }
    assert publish(site("index.html"), output).strangers == (".well-known/token", "link")
