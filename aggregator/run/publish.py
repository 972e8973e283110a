"""Put a finished site where readers find it, all of it or nothing.

    lock -> files -> check every path -> known by its key? --yes--> link the one of the last site
                                                  `--no--> make it, beside the output folder
         -> add what the community keeps -> count what stands there -> swap -> drop the old

Nothing here knows what a page is. A killed process leaves either the old site or the new one; the
next finds its leavings beside the folder. Where no file has changed, nothing is touched.
"""

import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.run.crews import IN_PLACE
from aggregator.run.making import Made, make_into
from aggregator.run.manifest import UNKNOWN, FileOrigin, Known, Manifest
from aggregator.run.site_folder import (
    MARKER,
    Folders,
    SiteFolder,
    Stat,
    bring_along,
    leaves,
    look_into,
    marker_text,
    refuse_unsafe_output,
)
from aggregator.site.recipes import File
from aggregator.store.locking import hold
from aggregator.words.causes import IN_THE_WAY
from aggregator.words.crew import Crew
from aggregator.words.errors import PublishError

LOCK_WAIT = 60.0
# What Windows forbids in file names, so that a site can be unpacked anywhere:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN = frozenset('<>:"\\|?*') | {chr(code) for code in range(32)}
_LONGEST_PART = 200
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

Swapping = Callable[[Path, Path], bool]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication wrote, and found."""

    sizes: Mapping[str, int]  # bytes of each file, by path
    strangers: tuple[str, ...]  # that no build wrote and no setting keeps; left where they were
    made: int = 0  # files that are not as they were in the last site

    @property
    def files(self) -> int:
        """Count them."""
        return len(self.sizes)


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


@dataclass(frozen=True, slots=True)
class Means:
    """With what a site is published.

    Args:
        manifest: what is known of the last site; what has not changed since is not made again.
        crew: makes the rest.
        exchange: swaps two folders in one step; False when the system cannot.
    """

    manifest: Manifest | None = None
    crew: Crew = IN_PLACE
    exchange: Swapping | None = None


def publish(
    files: Iterable[File],
    output: Path,
    survivors: Sequence[str] = (),
    means: Means = Means(),
) -> Published:
    """Replace the site in `output` by `files` in one step.

    Args:
        files: every file of the site; paths are relative, with forward slashes.
        output: the folder readers see; made when absent.
        survivors: what the community keeps in `output`, as patterns of paths in it. A file that
            is neither ours nor named here is taken over as well, as one of the strangers.
        means: with what.

    Raises:
        PublishError: a path escapes the folder or stands twice, the disk refuses, or another
            process is at work on `output`.
        UsageError: `output` is not a folder that may be replaced.
    """
    with only_builder(output):
        refuse_unsafe_output(output, survivors=survivors)
        recover(output)
        manifest = means.manifest or Manifest(None, "", output)
        staging = _beside(output, f"new-{secrets.token_hex(8)}")
        try:
            known = manifest.known()
            there = look_into(output, survivors, {n: (k.stat, k.sum) for n, k in known.items()})
            laid = _Layout(there, manifest, known, staging)
            with closing(make_into(laid.changed(files), staging, means.crew)) as made:
                for one in made:
                    laid.add(one)
            if laid.differs():
                laid.finish(output)
                if old := _swap(staging, output, means.exchange or _exchange):
                    bring_along(old, there)
                    _discard(old, output)
                manifest.keep(laid.build, laid.remembered(), laid.gone)
        except OSError as problem:
            raise PublishError(
                f"the site could not be written to {output}",
                str(problem),
                "free some space or choose another folder with --output; the old site is untouched",
            ) from problem
        finally:
            _discard(staging, output)
        return Published(laid.sizes, there.strangers, len(laid.made))


def recover(output: Path) -> None:
    """Mend what a dead process left: bring back the old site, drop unfinished ones.

    The caller holds the lock, so whatever stands beside the folder belongs to nobody.
    """
    found = leavings(output)
    place = output.resolve()
    old = [folder for folder in found if ".old" in folder.name[len(place.name) :]]
    if old and not output.exists():
        old[-1].rename(place)
        found.remove(old[-1])
    for folder in found:
        _discard(folder, output)


def leavings(output: Path) -> list[Path]:
    """List what builds that died left beside the folder."""
    place = output.resolve()
    left = re.compile(rf"\.{re.escape(place.name)}\.(new|old)(-[0-9a-f]{{16}})?")
    return sorted(entry for entry in place.parent.iterdir() if left.fullmatch(entry.name))


def checked_path(path: str) -> str:
    """Give a path that stays inside the site on every system; raise PublishError for others."""
    for part in path.split("/"):
        impossible = part in {"", ".", ".."} or part[-1] in " ." or len(part) > _LONGEST_PART
        if impossible or not _FORBIDDEN.isdisjoint(part):
            raise PublishError(
                f"a page would be written to {path!r}",
                "the path leaves the site or cannot exist on every system",
                "report this as a bug: names are checked when the registry is read",
            )
    return path


@dataclass(slots=True)
class _Layout:
    """The next site, while it is laid out beside the last one."""

    there: SiteFolder
    manifest: Manifest
    known: Mapping[str, Known]  # files of the last site
    staging: Path
    sums: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    stands: Mapping[str, Stat | None] = field(default_factory=dict)  # in the end, on the disk
    build: int = field(init=False)  # its number, of the builds that are remembered
    _remade: dict[str, tuple[str, FileOrigin]] = field(default_factory=dict)  # with their keys
    _without_sum: set[str] = field(default_factory=set)  # as every night changes them
    _seen: set[str] = field(default_factory=set)
    _folders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.build = self.manifest.builds + 1 if self.known else 1

    def changed(self, files: Iterable[File]) -> Iterator[File]:
        """Give what must be made, and take over the rest.

        Nothing is written in whose place the community keeps a file of its own.
        """
        for file in files:
            name = checked_path(file.path)
            _refuse_clash(name, self._seen, self._folders)
            if name.casefold() in self.there.kept:
                continue
            # Of what the community may put a file of its own in the place of, the sum has to tell.
            if file.nightly and not self.there.keeping.match(name):
                self._without_sum.add(name)
            known = self.known.get(name)
            if known and known.key == file.key and self.there.has(name, known.stat, known.sum):
                self.taken.append(name)
                self.sums[name] = known.sum
            else:
                self._remade[name] = file.key, FileOrigin.of(file, self.build, self._why(file))
                yield file

    def add(self, made: Made) -> None:
        """Note a file that was made."""
        self.made[made.path] = made
        self.sums[made.path] = made.sha256

    @property
    def marker(self) -> str:
        """The text of the marker."""
        return marker_text({n: None if n in self._without_sum else s for n, s in self.sums.items()})

    def _why(self, file: File) -> str:
        """Say why a file is made, for whoever asks."""
        before = self.manifest.origin(file.path) if file.path in self.known else None
        if before is None:
            return "it is new" if self.known else UNKNOWN
        if self.known[file.path].key == file.key:
            return "it was no longer there as it had been written"
        now = file.parts
        changed = {name for name, _ in before.parts.items() ^ now.items()}
        # In their own order, then what is no part of it any more.
        named = [*(n for n in now if n in changed), *sorted(changed - now.keys())]
        return f"changed: {', '.join(named)}" if named else "its recipe changed"

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of each file."""
        taken = {name: self.known[name].stat.size for name in self.taken}
        return taken | {name: one.size for name, one in self.made.items()}

    @property
    def gone(self) -> list[str]:
        """The paths of the last site that this one has no more."""
        return sorted(self.known.keys() - self.sums.keys())

    def differs(self) -> bool:
        """Tell whether this is another site than the one that stands there."""
        same = {*self.taken, MARKER} == self.there.ours
        return bool(self.made) or not same or self.there.marker != self.marker

    def finish(self, output: Path) -> None:
        """Bring together what was made, what is taken over and what is the community's."""
        self.staging.mkdir(exist_ok=True)
        _link_all(self.taken, output, self.staging)
        marker = (self.staging / MARKER).write_bytes(self.marker.encode())
        written = {**self.sizes, MARKER: marker}
        self.stands = leaves(self.staging)
        _refuse_torn(self.stands, written)
        for name, _ in self.there.theirs:
            _carry(name, output, self.staging)

    def remembered(self) -> Iterator[tuple[str, Known, FileOrigin]]:
        """Say of each file that was made how it stands on the disk now, and from what it is."""
        for name, made in self.made.items():
            if stat := self.stands[name]:
                key, origin = self._remade[name]
                yield name, Known(key, stat, made.sha256), origin


def _refuse_clash(path: str, seen: set[str], folders: set[str]) -> None:
    """Remember `path`; names that differ only in case are one file on Windows and macOS."""
    name = path.casefold()
    above = name.rpartition("/")[0]
    new = []
    while above and above not in folders:
        new.append(above)
        above = above.rpartition("/")[0]
    if name in seen or name in folders or not seen.isdisjoint(new):
        raise PublishError(
            f"two pages would be written to {path}",
            "each page needs an address of its own",
            "report this as a bug: duplicates are refused when the registry is read",
        )
    seen.add(name)
    folders.update(new)


def _refuse_torn(stands: Mapping[str, Stat | None], written: Mapping[str, int]) -> None:
    """Hold what stands on the disk against what was written, before readers get it."""
    found = {name: stat.size if stat else -1 for name, stat in stands.items()}
    wrong = sorted(found.items() ^ written.items())
    if wrong:
        raise PublishError(
            "the new site is not whole",
            f"{wrong[0][0]} is not as it was written ({len(wrong)} differences)",
            "see what else writes beside the output folder; the old site is untouched",
        )


def _carry(name: str, output: Path, staging: Path) -> None:
    """Put a file of the community into the new site too; until the swap it stands in both."""
    source, target = output / name, staging / name
    standing = next(path for path in (target, *target.parents) if os.path.lexists(path))
    if standing == target or not standing.is_dir():
        raise PublishError(
            IN_THE_WAY.saying(file=source),
            f"no build wrote it, as far as {MARKER} in that folder says",
            "move it away, or name it under showcase.keep in registry.yaml to keep it instead; "
            f"where {MARKER} was damaged, delete all in the folder that is not yours",
        )
    if source.is_dir() and not source.is_symlink():
        target.mkdir(parents=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(str(source), str(target))


def _link_all(names: Iterable[str], output: Path, staging: Path) -> None:
    """Let files of the last site stand in the new one as well; as text, as there are many."""
    source, target = str(output), str(staging)
    folders = Folders(target)
    for name in names:
        folders.make(name.rpartition("/")[0])
        _link(f"{source}/{name}", f"{target}/{name}")


def _link(source: str, target: str) -> None:
    """Let a file stand in a second place as well, with its time."""
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


def _swap(staging: Path, output: Path, exchange: Swapping) -> Path | None:
    """Put the new site in its place; gives where the old one is now."""
    if not output.exists():
        staging.rename(output)
        return None
    if exchange(staging, output.resolve()):
        return staging
    old = _beside(output, f"old-{secrets.token_hex(8)}")
    output.rename(old)
    staging.rename(output)
    return old


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
