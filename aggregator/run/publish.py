"""Put a finished site where readers find it, all of it or nothing.

    lock -> files -> check every path -> write beside the output folder -> count what stands there
         -> take over what the community keeps in the folder -> swap -> drop the old

Nothing here knows what a page is. A killed process leaves either the old site or the new one; the
next finds its leavings beside the folder. The marker lists what was written, as sha256sum does, so
that the next build knows its own pages from files that somebody else put there.
"""

import ctypes
import errno
import hashlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from aggregator.site.recipes import File
from aggregator.store.locking import hold
from aggregator.words.errors import PublishError, UsageError

MARKER = ".aggregator-site"
LOCK_WAIT = 60.0
_MARKER_TEXT = (
    "This folder is replaced whole at every build, but for what showcase.keep names.\n"
    "The build wrote these files:\n\n"
)
_LISTED = re.compile(r"([0-9a-f]{64})  (.+)")
# What people keep in such a folder whatever the settings say: its history, and its own domain.
# The last are what desktops put into every folder that somebody looks at.
ALWAYS_KEPT = (
    *(".git", ".gitattributes", ".gitignore", ".gitkeep", "CNAME"),
    *("**/.DS_Store", "**/Thumbs.db", "**/desktop.ini"),
)
# What versions before the list in the marker wrote at the top, so that it is known for ours.
_EARLIER = frozenset(
    (
        *(".nojekyll", "404.html", "feed.json", "feed.xml", "index.html", "opensearch.xml"),
        *("robots.txt", "site.webmanifest", "sitemap.xml", "about", "add", "assets", "badges"),
        *("data", "help-wanted", "languages", "new", "organisations", "page", "people"),
        *("projects", "search", "stages", "status", "stories", "tags", "talks"),
    )
)
# What Windows forbids in file names, so that a site can be unpacked anywhere:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN = frozenset('<>:"\\|?*') | {chr(code) for code in range(32)}
_LONGEST_PART = 200
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

Exchange = Callable[[Path, Path], bool]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication wrote, and found."""

    files: int
    strangers: tuple[str, ...]  # that no build wrote and no setting keeps; left where they were


@contextmanager
def only_builder(output: Path) -> Iterator[None]:
    """Let one process at a time make the site in `output`, from the facts to the swap.

    Raises:
        PublishError: another one takes too long, or the file system gives no locks.
    """
    output.resolve().parent.mkdir(parents=True, exist_ok=True)
    lock = _beside(output, "lock")
    with hold(lock, LOCK_WAIT, f"the folder {output}", PublishError, nested=True):
        yield


def publish(
    files: Iterable[File],
    output: Path,
    keep: Iterable[Path] = (),
    exchange: Exchange | None = None,
    survivors: Sequence[str] = (),
) -> Published:
    """Replace the site in `output` by `files` in one step.

    Args:
        files: every file of the site; paths are relative, with forward slashes.
        output: the folder readers see; made when absent.
        keep: files and folders that must survive, so `output` may not hold them.
        exchange: swaps two folders in one step; False when the system cannot.
        survivors: what the community keeps in `output`, as patterns of paths in it. A file that
            is neither ours nor named here is taken over as well, as one of the strangers.

    Raises:
        PublishError: a path escapes the folder or stands twice, the disk refuses, or another
            process is at work on `output`.
        UsageError: `output` is not a folder that may be replaced.
    """
    with only_builder(output):
        refuse_unsafe_output(output, keep, survivors)
        recover(output)
        staging = _beside(output, f"new-{secrets.token_hex(8)}")
        try:
            theirs = _theirs(output, survivors)
            written = _stage(files, staging, {name.casefold() for name, kept in theirs if kept})
            for name, _ in theirs:
                _carry(name, output, staging)
            _swap(staging, output, exchange or _exchange)
        except OSError as problem:
            raise PublishError(
                f"the site could not be written to {output}",
                str(problem),
                "free some space or choose another folder with --output; the old site is untouched",
            ) from problem
        finally:
            _discard(staging, output)
        return Published(written, tuple(name for name, kept in theirs if not kept))


def refuse_unsafe_output(
    output: Path, keep: Iterable[Path] = (), survivors: Sequence[str] = ()
) -> None:
    """Raise UsageError when replacing `output` whole loses `keep` or files of somebody else."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"{output} is a file", "a site needs a folder", "choose another --output")
    for kept in keep:
        if kept.resolve().is_relative_to(output.resolve()):
            raise UsageError(
                f"{output} holds more than a site",
                f"{kept} is inside it and would be lost",
                "choose a folder of its own, such as --output output",
            )
    if output.is_dir() and not _is_ours(output, survivors):
        raise UsageError(
            f"{output} holds files that aggregator did not write",
            "building replaces the whole folder",
            "choose another --output, or empty it first",
        )


def recover(output: Path) -> None:
    """Mend what a dead process left: bring back the old site, drop unfinished ones.

    The caller holds the lock, so whatever stands beside the folder belongs to nobody.
    """
    place = output.resolve()
    left = re.compile(rf"\.{re.escape(place.name)}\.(new|old)(-[0-9a-f]{{16}})?")
    found = sorted(entry for entry in place.parent.iterdir() if left.fullmatch(entry.name))
    old = [folder for folder in found if ".old" in folder.name[len(place.name) :]]
    if old and not output.exists():
        old[-1].rename(place)
        found.remove(old[-1])
    for folder in found:
        _discard(folder, output)


def checked_path(path: str) -> PurePosixPath:
    """Give a path that stays inside the site on every system; raise PublishError for others."""
    for part in path.split("/"):
        impossible = part in {"", ".", ".."} or part[-1] in " ." or len(part) > _LONGEST_PART
        if impossible or not _FORBIDDEN.isdisjoint(part):
            raise PublishError(
                f"a page would be written to {path!r}",
                "the path leaves the site or cannot exist on every system",
                "report this as a bug: names are checked when the registry is read",
            )
    return PurePosixPath(path)


def _is_ours(folder: Path, survivors: Sequence[str]) -> bool:
    names = {entry.name for entry in folder.iterdir()}
    # The first part of a pattern is what it can match at the top.
    tops = [p.removeprefix("**/").partition("/")[0] for p in (*ALWAYS_KEPT, *survivors)]
    return MARKER in names or all(any(_fits([n], [top]) for top in tops) for n in names)


def _stage(files: Iterable[File], staging: Path, theirs: set[str]) -> int:
    """Write every file but those in whose place the community keeps its own, and count them."""
    seen: set[str] = set()
    folders: set[str] = set()
    sums: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for file in files:
        path = checked_path(file.path)
        _refuse_clash(path, seen, folders)
        if str(path).casefold() not in theirs:
            sizes[str(path)], sums[str(path)] = _put(file, staging)
    listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    sizes[MARKER], _ = _put(File.of_text(MARKER, _MARKER_TEXT + listing), staging)
    _refuse_torn(staging, sizes)
    return len(sums)


def _put(file: File, staging: Path) -> tuple[int, str]:
    """Make a file stand at its path; give its size, and its sum as the marker lists it."""
    target = staging / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.write_bytes(file.data), hashlib.sha256(file.data).hexdigest()


def _refuse_clash(path: PurePosixPath, seen: set[str], folders: set[str]) -> None:
    """Remember `path`; names that differ only in case are one file on Windows and macOS."""
    name = str(path).casefold()
    above = {str(parent).casefold() for parent in path.parents} - {"."}
    if name in seen or name in folders or not seen.isdisjoint(above):
        raise PublishError(
            f"two pages would be written to {path}",
            "each page needs an address of its own",
            "report this as a bug: duplicates are refused when the registry is read",
        )
    seen.add(name)
    folders |= above


def _refuse_torn(staging: Path, written: Mapping[str, int]) -> None:
    """Count what stands on the disk against what was written, before readers get it."""
    found = {
        path.relative_to(staging).as_posix(): path.stat().st_size
        for path in staging.rglob("*")
        if path.is_file()
    }
    wrong = sorted(found.items() ^ written.items())
    if wrong:
        raise PublishError(
            "the new site is not whole",
            f"{wrong[0][0]} is not as it was written ({len(wrong)} differences)",
            "see what else writes beside the output folder; the old site is untouched",
        )


def _theirs(output: Path, survivors: Sequence[str]) -> list[tuple[str, bool]]:
    """List the files in a site that no build wrote, each with whether it is kept by name."""
    patterns = [pattern.split("/") for pattern in (*ALWAYS_KEPT, *survivors)]
    is_marked = (output / MARKER).is_file()
    text = (output / MARKER).read_text("utf-8", errors="replace") if is_marked else ""
    listed = {line[2]: line[1] for line in map(_LISTED.fullmatch, text.splitlines()) if line}
    found = []
    for name in _leaves(output, ""):
        path, kept = output / name, any(_fits(name.split("/"), one) for one in patterns)
        if is_marked and not listed:
            # An earlier version did not say: what it always wrote is taken for its own.
            ours = name.partition("/")[0] in _EARLIER and name not in survivors
        elif kept and name in listed:  # the community may have put its own in our place
            ours = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == listed[name]
        else:
            ours = name in listed or name == MARKER
        # An empty folder that nobody named: nothing in it can be lost.
        is_nothing = not kept and path.is_dir() and not path.is_symlink()
        if not ours and not is_nothing and name != MARKER:
            found.append((name, kept))
    return found


def _leaves(folder: Path, above: str) -> Iterator[str]:
    """List files, links and empty folders by path; no link is followed, no history walked."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        name = f"{above}{entry.name}"
        if entry.is_symlink() or not entry.is_dir():
            yield name
        elif name != ".git":  # moved in one piece once the new site stands
            below = list(_leaves(entry, f"{name}/"))
            yield from below or [name]


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match a path with a pattern part by part; what lies below a match belongs to it."""
    if not pattern or not parts:
        return not pattern
    if pattern[0] == "**":
        return _fits(parts, pattern[1:]) or _fits(parts[1:], pattern)
    return fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def _carry(name: str, output: Path, staging: Path) -> None:
    """Put a file of the community into the new site too; until the swap it stands in both."""
    source, target = output / name, staging / name
    standing = next(path for path in (target, *target.parents) if os.path.lexists(path))
    if standing == target or not standing.is_dir():
        raise PublishError(
            f"{source} stands where the new site has a page",
            "no build wrote it",
            "move it away, or name it under showcase.keep in registry.yaml to keep it instead",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # not every file system has hard links
        shutil.copy2(source, target, follow_symlinks=False)


def _discard(folder: Path, output: Path) -> None:
    """Remove a folder that is no site any more, but never the history that was kept in one."""
    history = folder / ".git"
    if history.is_dir() and not history.is_symlink():
        if os.path.lexists(output / ".git"):
            raise PublishError(
                f"{history} and {output / '.git'} are both there",
                "a build was killed before it could move the first to where the second is now",
                "keep the one that you want as the second, and remove the first",
            )
        history.rename(output / ".git")
    if folder.exists():
        shutil.rmtree(folder)


def _swap(staging: Path, output: Path, exchange: Exchange) -> None:
    if not output.exists():
        staging.rename(output)
    elif not exchange(staging, output.resolve()):
        old = _beside(output, f"old-{secrets.token_hex(8)}")
        output.rename(old)
        staging.rename(output)
        _discard(old, output)
    # Else `staging` is the old site now, which the caller discards.


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step where the system can; False where it cannot.

    renameat2(2): file systems without RENAME_EXCHANGE answer EINVAL, kernels without it ENOSYS.
    """
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = (os.fsencode(one), os.fsencode(other))
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.EINVAL, errno.ENOSYS, errno.EPERM}:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _beside(output: Path, what: str) -> Path:
    resolved = output.resolve()
    return resolved.with_name(f".{resolved.name}.{what}")
