"""The registry of a git repository is taken before a run, and nothing of it can do harm."""

import os
import re
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.cli.environment import git_environment
from aggregator.run import registry_from
from aggregator.run.registry_from import GitAddress, Taken, take_registry
from aggregator.words.errors import SourceError, UsageError

IDENTITY = ("-c", "user.name=Wren", "-c", "user.email=wren@example.org")


class Origin:
    """A repository that members merge into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *words: str) -> str:
        """Run git in it."""
        command = ["git", *IDENTITY, *words]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def merge(self, text: str, name: str = "registry.yaml") -> str:
        """Commit a file and give the commit."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--message", "Merge")
        return self.git("rev-parse", "HEAD")

    def take(self, state: Path, branch: str = "", **more: float) -> Taken:
        """Take the registry into a state folder."""
        address = GitAddress(f"file://{self.folder}", branch)
        return take_registry(address, state, git_environment(), **more)


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """A repository with a registry."""
    made = Origin(tmp_path / "origin")
    made.merge("projects: [octo/one]\n")
    return made


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder that is not there yet."""
    return tmp_path / "state"


def left(state: Path) -> set[str]:
    """What stands in the state folder, without locks."""
    return {path.name for path in state.iterdir() if path.suffix not in {".lock", ".holder"}}


def test_what_members_merged_is_what_is_built(origin: Origin, state: Path) -> None:
    """Each time the files are those of the newest commit, and nothing of an older one stays."""
    origin.merge("x: [a]\n", "registry.d/more.yaml")
    commit = origin.merge("words\n", "glossary.yaml")
    came = origin.take(state)
    assert came == Taken(state / "registry", commit)
    assert (came.folder / "registry.yaml").read_text() == "projects: [octo/one]\n"
    assert (came.folder / "registry.d" / "more.yaml").is_file()
    origin.git("rm", "--quiet", "-r", "registry.d")
    origin.merge("projects: [octo/two]\n")
    came = origin.take(state)
    assert (came.folder / "registry.yaml").read_text() == "projects: [octo/two]\n"
    assert not (came.folder / "registry.d").exists()
    assert left(state) == {"registry"}


def test_a_branch_can_be_named(origin: Origin, state: Path) -> None:
    """What waits on another branch is not built, unless it is asked for."""
    origin.git("switch", "--quiet", "--create", "next/one")
    origin.merge("projects: [octo/next]\n")
    origin.git("switch", "--quiet", "main")
    assert "octo/one" in (origin.take(state).folder / "registry.yaml").read_text()
    assert "octo/next" in (origin.take(state, "next/one").folder / "registry.yaml").read_text()


def test_a_repository_that_is_away_costs_no_night(origin: Origin, state: Path) -> None:
    """The registry taken last stays, and the run says so, why, and since when."""
    origin.take(state)
    origin.folder.rename(origin.folder.with_name("moved"))
    came = origin.take(state)
    assert came.commit == ""
    assert "cannot be taken from git" in came.problem
    assert "goes on with the registry of file://" in came.problem
    assert re.search(r"taken \d{4}-\d\d-\d\d \d\d:\d\d UTC$", came.problem)
    assert (came.folder / "registry.yaml").read_text() == "projects: [octo/one]\n"
    assert left(state) == {"registry"}


def test_a_repository_that_never_came_is_one_clear_error(tmp_path: Path, state: Path) -> None:
    """Without any registry there is nothing to go on with, and the message says what git said."""
    address = GitAddress(f"file://{tmp_path / 'nowhere'}")
    with pytest.raises(SourceError, match=r"git fetch: .*(not exist|does not appear|repository)"):
        take_registry(address, state, git_environment())
    assert left(state) == set()


def test_a_branch_that_is_not_there_keeps_the_last_registry(origin: Origin, state: Path) -> None:
    """A branch that was renamed is told by its name."""
    origin.take(state)
    assert "gone" in origin.take(state, "gone").problem


def test_a_process_that_died_half_way_is_mended_by_the_next(origin: Origin, state: Path) -> None:
    """Whatever stands there half-done, also between the two renames, the next time is clean."""
    origin.take(state)
    (state / "registry").rename(state / ".registry.former")
    (state / ".registry.new").mkdir()
    (state / ".registry.git").mkdir()
    (state / ".registry.git" / "HEAD").write_text("nonsense")
    assert origin.take(state).commit
    assert left(state) == {"registry"}
    (state / "registry").rename(state / ".registry.former")
    came = Origin.take(origin, state, "gone")
    assert came.problem
    assert (came.folder / "registry.yaml").is_file()


def test_nothing_of_the_repository_runs_or_leads_elsewhere(
    origin: Origin, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks, filters, links and submodules of a stranger do nothing here."""
    ran, secret = tmp_path / "ran", tmp_path / "secret"
    secret.write_text("secret")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "post-merge", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (hooks / name).chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        f'[core]\n\thooksPath = {hooks}\n[filter "lfs"]\n\tsmudge = touch {ran}\n\trequired\n'
    )
    other = Origin(tmp_path / "other")
    other.merge("x")
    (origin.folder / "link").symlink_to(secret)
    (origin.folder / "folder").symlink_to(tmp_path)
    origin.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder))
    origin.merge("registry.yaml filter=lfs\n", ".gitattributes")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    came = origin.take(state)
    assert came.commit
    assert not ran.exists()
    found = [path for path in came.folder.rglob("*") if path.is_symlink()]
    assert found == []
    assert (came.folder / "link").read_text() == str(secret)
    assert not (came.folder / "other" / "registry.yaml").exists()
    assert (came.folder / "registry.yaml").read_text() == "projects: [octo/one]\n"


def test_files_are_as_they_were_committed(origin: Origin, state: Path) -> None:
    """No attribute of a repository makes a file larger than what was looked at, or another."""
    origin.merge("$Id$\n" * 9, "notes.md")
    origin.merge("plain\n", "other.txt")
    asked = "*.md ident\n*.txt working-tree-encoding=UTF-16LE\nregistry.yaml eol=crlf\n"
    origin.merge(asked, ".gitattributes")
    folder = origin.take(state).folder
    for name in ("notes.md", "other.txt", "registry.yaml"):
        written = origin.git("hash-object", "--no-filters", str(folder / name))
        assert written == origin.git("rev-parse", f"HEAD:{name}"), name


@pytest.mark.parametrize(
    ("name", "most"), [("_LARGEST_TREE", 10), ("_LARGEST_FILE", 10), ("_MOST_FILES", 1)]
)
def test_what_no_registry_has_is_refused(
    origin: Origin, state: Path, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository that fills the disk is told its size, and the last registry stays."""
    origin.take(state)
    origin.merge("more\n", "notes.txt")
    monkeypatch.setattr(registry_from, name, most)
    came = origin.take(state)
    assert "is larger than a registry may be" in came.problem
    assert not (came.folder / "notes.txt").exists()


def test_what_comes_without_end_is_cut_off(
    origin: Origin, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes are counted on their way, not when the disk is full."""
    (origin.folder / "noise").write_bytes(os.urandom(3_000_000))
    origin.merge("x", "y")
    monkeypatch.setattr(registry_from, "_LARGEST_PACK", 10)
    monkeypatch.setattr(registry_from, "_LOOK", 0.001)
    with pytest.raises(SourceError, match="more than 10 bytes"):
        origin.take(state)


class _Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.gate.wait(30)  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitAddress]:
    """A server that takes a question and never answers; https is not what is tested."""
    monkeypatch.setattr(
        registry_from, "_HARDENED", (*registry_from._HARDENED, "protocol.http.allow=always")
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), _Silent) as server:
        server.gate = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield GitAddress(f"http://127.0.0.1:{server.server_port}/x")
        server.gate.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def test_a_server_that_never_answers_is_given_up(silent: GitAddress, state: Path) -> None:
    """A night waits for git so long, and no longer; nothing of git goes on behind it."""
    began = time.monotonic()
    with pytest.raises(SourceError, match="no end after 1 seconds"):
        take_registry(silent, state, git_environment(), seconds=1.0)
    assert time.monotonic() - began < 10


def test_a_stop_ends_git_at_once(silent: GitAddress, state: Path) -> None:
    """SIGTERM is not answered with a minute of waiting for a server."""
    began = time.monotonic()
    with pytest.raises(SourceError, match="stopped by hand"):
        take_registry(silent, state, git_environment(), lambda: True)
    assert time.monotonic() - began < 5


def test_nobody_is_asked_for_a_password(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks who we are is an error at once; and git is told of no token of ours."""
    heard: list[dict[str, str]] = []

    class Asks(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(dict(self.headers))
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=x")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    monkeypatch.setattr(
        registry_from, "_HARDENED", (*registry_from._HARDENED, "protocol.http.allow=always")
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GITHUB_TOKEN", "a-marked-token")
    with ThreadingHTTPServer(("127.0.0.1", 0), Asks) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        address = GitAddress(f"http://127.0.0.1:{server.server_port}/x")
        with pytest.raises(SourceError, match=r"git fetch: fatal: .*(Username|terminal prompts)"):
            take_registry(address, state, git_environment(), seconds=20.0)
        server.shutdown()
        thread.join()
    assert heard
    assert "a-marked-token" not in str(heard)
    assert "GITHUB_TOKEN" not in git_environment()


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/octo/showcase",
        "https://git.example.org:8443/octo/showcase.git#main",
        "ssh://git@example.org:22/octo/showcase.git",
        "git@github.com:octo/showcase.git#release/1",
        "file:///srv/git/showcase.git",
        "/srv/git/showcase.git",
    ],
)
def test_addresses_as_git_knows_them_are_taken(text: str) -> None:
    """https, ssh in both its forms, and folders of this machine."""
    assert str(GitAddress.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://github.com/octo/showcase",
        "git://github.com/octo/showcase",
        "ext::sh -c touch% x",
        "--upload-pack=touch x",
        "-oProxyCommand=x@example.org:octo/x",
        "git@-oProxyCommand=x:octo/x",
        "ssh://-oProxyCommand=x/octo/x",
        "https://me:word@github.com/octo/showcase",
        "https://token@github.com/octo/showcase",
        "https://me:a/word@here@github.com/octo/showcase",
        "https://me:a\nword@github.com/octo/showcase",
        "me:word@github.com:octo/showcase",
        "https://github.com/octo/showcase?token=word",
        "https://github.com/octo/show case",
        "https://github.com/octo/showcase\n--x",
        "registry.yaml",
        "https://github.com/octo/showcase#--exec=x",
        "https://github.com/octo/showcase#a..b",
        "https://github.com/octo/showcase#a b",
    ],
)
def test_what_else_git_would_take_is_refused(text: str) -> None:
    """No option, no program, no plain http, and no password that a list of processes would show."""
    with pytest.raises(UsageError) as refused:
        GitAddress.parse(text)
    assert "word" not in str(refused.value).replace("password", "")


def test_the_folder_of_the_registry_is_nobody_elses_to_write(origin: Origin, state: Path) -> None:
    """Files come as files, without rights that the repository gave them beyond running."""
    mode = (origin.take(state).folder / "registry.yaml").stat().st_mode
    assert not mode & (stat.S_IWOTH | stat.S_ISUID | stat.S_ISGID)
