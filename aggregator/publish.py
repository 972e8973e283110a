"""Put a finished site where readers find it, all of it or nothing.

    files -> check every path -> write beside the output folder -> swap -> drop the old

Nothing here knows what a page is. `outputs` says what to write, `pipeline`
calls `publish`, and a killed process leaves either the old site or the new one.
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path, PurePosixPath

from aggregator.errors import PublishError, UsageError
from aggregator.outputs.files import File

MARKER = ".aggregator-site"
_MARKER_TEXT = b"This folder is replaced whole at every build. Keep nothing of your own in it.\n"
_KEPT = ".gitkeep"
# What Windows forbids in file names, so that a site can be unpacked anywhere:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN = frozenset('<>:"\\|?*') | {chr(code) for code in range(32)}
_LONGEST_PART = 200
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

Exchange = Callable[[Path, Path], bool]


def publish(
    files: Iterable[File],
    output: Path,
    keep: Iterable[Path] = (),
    exchange: Exchange | None = None,
) -> int:
    """Replace the site in `output` by `files` in one step.

    Args:
        files: every file of the site; paths are relative, with forward slashes.
        output: the folder readers see; made when absent.
        keep: files and folders that must survive, so `output` may not hold them.
        exchange: swaps two folders in one step; False when the system cannot.

    Returns:
        How many files the new site has.

    Raises:
        PublishError: a path escapes the folder or stands twice, or the disk refuses.
        UsageError: `output` is not a folder that may be replaced.
    """
    refuse_unsafe_output(output, keep)
    recover(output)
    staging = _beside(output, "new")
    _remove(staging)
    try:
        count = _stage(files, staging)
        _keep_git_placeholder(output, staging)
        _swap(staging, output, exchange or _exchange)
    except OSError as problem:
        raise PublishError(
            f"the site could not be written to {output}",
            str(problem),
            "free some space or choose another folder with --output; the old site is untouched",
        ) from problem
    finally:
        _remove(staging)
    return count


def refuse_unsafe_output(output: Path, keep: Iterable[Path] = ()) -> None:
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
    if output.is_dir() and not _is_ours(output):
        raise UsageError(
            f"{output} holds files that aggregator did not write",
            "building replaces the whole folder",
            "choose another --output, or empty it first",
        )


def recover(output: Path) -> None:
    """Bring back the old site when a run was killed between the two renames of a swap."""
    old = _beside(output, "old")
    if old.is_dir() and not output.exists():
        old.rename(output)
    _remove(old)


def checked_path(path: str) -> PurePosixPath:
    """Give `path` as a path that stays inside the site on every system.

    Raises:
        PublishError: the path is absolute, climbs, or has a part no system accepts.
    """
    parts = path.split("/")
    if any(_is_unsafe(part) for part in parts):
        raise PublishError(
            f"a page would be written to {path!r}",
            "the path leaves the site or cannot exist on every system",
            "report this as a bug: names are checked when the registry is read",
        )
    return PurePosixPath(*parts)


def _is_unsafe(part: str) -> bool:
    return (
        part in {"", ".", ".."}
        or len(part) > _LONGEST_PART
        or part[-1] in " ."
        or not _FORBIDDEN.isdisjoint(part)
    )


def _is_ours(folder: Path) -> bool:
    names = {entry.name for entry in folder.iterdir()}
    return MARKER in names or names <= {_KEPT}


def _stage(files: Iterable[File], staging: Path) -> int:
    seen: set[str] = set()
    folders: set[str] = set()
    for file in chain(files, (File(MARKER, _MARKER_TEXT),)):
        path = checked_path(file.path)
        _refuse_clash(path, seen, folders)
        target = staging / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)
    return len(seen) - 1


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


def _keep_git_placeholder(output: Path, staging: Path) -> None:
    if (output / _KEPT).is_file():
        shutil.copyfile(output / _KEPT, staging / _KEPT)


def _swap(staging: Path, output: Path, exchange: Exchange) -> None:
    if not output.exists():
        staging.rename(output)
        return
    if exchange(staging, output.resolve()):
        return
    old = _beside(output, "old")
    output.rename(old)
    staging.rename(output)
    _remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step where the system can; False where it cannot.

    renameat2(2) with RENAME_EXCHANGE; file systems without it answer EINVAL and
    kernels without it ENOSYS.
    """
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    names = (os.fsencode(one), os.fsencode(other))
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.EINVAL, errno.ENOSYS, errno.EPERM}:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _beside(output: Path, what: str) -> Path:
    resolved = output.resolve()
    return resolved.with_name(f".{resolved.name}.{what}")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
