"""The registry of a git repository, taken before a run: what members merged is what is built.

    address --git fetch--> one commit --looked at: size, kinds--> a new folder --swap--> registry/

git runs as a stranger's data asks for: within seconds and bytes, without questions, hooks, links,
submodules or filters. Whatever goes wrong, the registry that was taken last stays, and is said to.
Each time begins anew: what a repository grows to over the years is never here.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from aggregator.store.locking import hold
from aggregator.words.errors import SourceError, UsageError
from aggregator.words.phrases import minute_of, shortened

_PLACE = "registry"
_FORMER = ".registry.former"
_NEW = ".registry.new"
_GIT = ".registry.git"
_LOCK = "registry.lock"
_SECONDS = 60.0  # for each call of git
_LOOK = 0.1  # seconds between two looks at how much there is
_LARGEST_PACK = 100_000_000  # bytes on the way
_LARGEST_TREE = 50_000_000  # bytes of all files
_LARGEST_FILE = 10_000_000
_MOST_FILES = 5_000
_FILE = b"100"  # begins the mode of a plain file; links, submodules and folders have others
_LONGEST_LINE = 300
# https://git-scm.com/docs/git-fetch#_git_urls, those of them that are encrypted or of this machine.
_HTTPS = re.compile(r"https://\w[\w.-]*(?::\d{1,5})?/[\w./~+%-]+")
_SSH = re.compile(r"ssh://(?:\w[\w.-]*@)?\w[\w.-]*(?::\d{1,5})?/[\w./~+%-]+")
_SHORT_SSH = re.compile(r"\w[\w.-]*@\w[\w.-]*:[\w./~+][\w./~+-]*")
_FILES = re.compile(r"(?:file://)?/[^\0-\x1f]+")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]{0,200}")
# Above what a repository asks for: files are written as they are, and so no larger than they were
# said to be (an `$Id$` becomes ten times as long). https://git-scm.com/docs/gitattributes
_ATTRIBUTES = "* -text !eol -ident -filter !working-tree-encoding\n"
_HARDENED = (
    f"core.hooksPath={os.devnull}",
    "core.symlinks=false",
    "core.fsmonitor=false",
    "core.bigFileThreshold=1m",  # larger ones are never held in memory
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.file.allow=always",
)


@dataclass(frozen=True, slots=True)
class GitAddress:
    """Where a repository is, and which branch of it is meant; "" is the one that it offers."""

    address: str
    branch: str = ""

    @classmethod
    def parse(cls, text: str) -> "GitAddress":
        """Read `ADDRESS` or `ADDRESS#BRANCH`, or raise UsageError."""
        address, _, branch = text.partition("#")
        if not any(form.fullmatch(address) for form in (_HTTPS, _SSH, _SHORT_SSH, _FILES)):
            raise UsageError(
                f"{_without_password(text)!r} is not an address to take a registry from",
                "it takes https, ssh and files of this machine, and no password, which everybody "
                "could read who lists the processes",
                "write https://github.com/OWNER/NAME or git@github.com:OWNER/NAME, with #BRANCH "
                "for another branch",
            )
        if branch and (not _BRANCH.fullmatch(branch) or ".." in branch):
            raise UsageError(f"{branch!r} is not the name of a branch", "", "write it as in git")
        return cls(address, branch)

    def __str__(self) -> str:
        return f"{self.address}#{self.branch}" if self.branch else self.address


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: the folder, and the commit or why the one taken before stays."""

    folder: Path
    commit: str = ""
    problem: str = ""


def place_in(state: Path) -> Path:
    """Say where in a state folder the files stand that were taken last."""
    return state / _PLACE


def take_registry(
    source: GitAddress,
    state: Path,
    variables: Mapping[str, str],
    stopping: Callable[[], bool] = lambda: False,
    seconds: float = _SECONDS,
) -> Taken:
    """Take the files of a branch as they are now.

    Args:
        source: where from.
        state: they stand in a folder of it.
        variables: the environment of git.
        stopping: is asked now and then whether to give up.
        seconds: how long one call of git may take.

    Raises:
        SourceError: they cannot be had, and never were.
        StateError: another process is at it.
    """
    state.mkdir(parents=True, exist_ok=True)
    place = place_in(state)
    with hold(state / _LOCK, _SECONDS, "the registry from git"):
        if not place.exists() and (state / _FORMER).exists():
            (state / _FORMER).rename(place)  # a process died between two renames
        try:
            _clean(state)
            git = _Git(state / _GIT, variables, stopping, seconds)
            commit = _fetched(git, source, state / _NEW)
            _swapped(state)
        except (SourceError, OSError) as problem:
            if not place.is_dir():
                raise
            return Taken(place, problem=_kept(source, problem, place))
        finally:
            _clean(state)
    return Taken(place, commit)


def _fetched(git: "_Git", source: GitAddress, into: Path) -> str:
    """Bring one commit, look at what it holds, and write that into a new folder."""
    git.run("init", "--quiet", "--bare", "--template=", bare=True)
    (git.folder / "info").mkdir(exist_ok=True)
    (git.folder / "info" / "attributes").write_text(_ATTRIBUTES, "ascii")
    words = (
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-commit-graph",
    )
    ref = f"refs/heads/{source.branch}" if source.branch else "HEAD"
    git.run("fetch", *words, "--", source.address, ref)
    commit = git.run("rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
    listing = git.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    _refuse_too_much(str(source), [line for line in listing.split(b"\0") if line])
    into.mkdir()
    git.run(f"--work-tree={into.resolve()}", "checkout", "--quiet", "--force", commit, "--", ".")
    return commit


def _refuse_too_much(source: str, lines: Sequence[bytes]) -> None:
    """Refuse a tree that no registry has; a line is "MODE KIND OID SIZE", a tab and the path."""
    heads = [line.partition(b"\t")[0].split() for line in lines]
    sizes = [int(head[3]) for head in heads if head[0].startswith(_FILE)]
    if not sizes:
        raise SourceError(f"{source} holds no file", "", "name the branch that holds the registry")
    if len(lines) > _MOST_FILES or sum(sizes) > _LARGEST_TREE or max(sizes) > _LARGEST_FILE:
        raise SourceError(
            f"{source} is larger than a registry may be",
            f"it holds {len(lines):,} files of {sum(sizes):,} bytes, the largest of {max(sizes):,}",
            f"keep it below {_MOST_FILES:,} files, {_LARGEST_TREE:,} bytes in all and "
            f"{_LARGEST_FILE:,} in one, in a repository of its own",
        )


def _swapped(state: Path) -> None:
    place, new, former = place_in(state), state / _NEW, state / _FORMER
    if place.exists():
        place.rename(former)
    new.rename(place)


def _clean(state: Path) -> None:
    names = (_GIT, _NEW, *([_FORMER] if place_in(state).exists() else []))
    for name in names:
        with suppress(FileNotFoundError):
            shutil.rmtree(state / name)


def _kept(source: GitAddress, problem: Exception, place: Path) -> str:
    since = minute_of(datetime.fromtimestamp(place.stat().st_mtime, UTC))
    return f"{problem}; the run goes on with the registry of {source} that was taken {since}"


def _without_password(text: str) -> str:
    """Show an address that was refused without what may be secret in it.

    What stands before the last `@` may be a password with any sign in it, and what is asked for
    behind a question mark may be a token.
    """
    place, mark, _ = re.sub(r"^(\w+://)?.*@", r"\1...@", text, flags=re.DOTALL).partition("?")
    return f"{place}?..." if mark else place


@dataclass(frozen=True, slots=True)
class _Git:
    """Runs git on one repository, within bounds."""

    folder: Path
    variables: Mapping[str, str]
    stopping: Callable[[], bool]
    seconds: float

    def run(self, *words: str, bare: bool = False) -> bytes:
        """Give what a call of git writes; SourceError where it fails or is too much."""
        where = [] if bare else [f"--git-dir={self.folder.resolve()}"]
        settings = [part for each in _HARDENED for part in ("-c", each)]
        self.folder.mkdir(exist_ok=True)
        out, err = self.folder / "said.out", self.folder / "said.err"
        with out.open("wb") as heard, err.open("wb") as complaints:
            process = self._started(["git", *settings, *where, *words], heard, complaints)
            try:
                why = self._watched(process)
            finally:
                _end(process)
        if why or process.returncode:
            said = err.read_bytes()[-10_000:].decode(errors="replace").strip().splitlines()
            told = why or shortened(said[-1] if said else "it says nothing", _LONGEST_LINE)
            raise SourceError(
                "the registry cannot be taken from git",
                f"git {_verb(words)}: {told}",
                "look at the address and at who may read it; `git ls-remote ADDRESS` tries it",
            )
        return out.read_bytes()

    def _started(
        self, command: Sequence[str], out: BinaryIO, err: BinaryIO
    ) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603 - the address is checked, and none is an option
                command,
                cwd=self.folder,
                env=dict(self.variables),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,  # without a terminal nobody can be asked, and it ends whole
            )
        except OSError as problem:
            cure = "install git"
            raise SourceError("git cannot be run here", problem.strerror or "", cure) from problem

    def _watched(self, process: "subprocess.Popen[bytes]") -> str:
        """Wait until it ends, or say why it has to."""
        began = time.monotonic()
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK)
                return ""
            if self.stopping():
                return "stopped by hand"
            if time.monotonic() - began > self.seconds:
                return f"no end after {self.seconds:.0f} seconds"
            if _size(self.folder) > _LARGEST_PACK:
                return f"more than {_LARGEST_PACK:,} bytes"


def _verb(words: Sequence[str]) -> str:
    return next(word for word in words if not word.startswith("-"))


def _size(folder: Path) -> int:
    whole = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # git renames what is complete
            whole += path.stat().st_size
    return whole


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End git and whatever it started."""
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
