"""What stands in an output folder and whose it is: the last site, or the community's own files.

The marker lists what a build wrote, as sha256sum does, so that the next build knows its own pages
from files that somebody else put there. `publish` decides what becomes of it.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from aggregator.words.errors import UsageError

MARKER = ".aggregator-site"
_MARKER_TEXT = (
    "This folder is replaced whole at every build, but for what showcase.keep names.\n"
    "The build wrote these files (no sum for what every night changes):\n\n"
)
_LISTED = re.compile(r"([0-9a-f]{64})  (.+)")
NO_SUM = "0" * 64  # of what every night changes
_WILD = frozenset("*?[")
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


class Stat(NamedTuple):
    """What tells, without reading it, whether a file is still what was written."""

    size: int
    mtime: int  # nanoseconds


@dataclass(frozen=True)
class SiteFolder:
    """The files of an output folder.

    Args:
        place: the folder.
        found: every file by path; None for links, empty folders and what is no plain file.
        theirs: what no build wrote, each with whether it is kept by name.
        marker: the text of the marker; "" where there is none.
        keeping: what the community keeps, whether it is there or not.
        listed: the sum of each file that the marker names; zeros for what every night changes.
    """

    place: Path
    found: Mapping[str, Stat | None]
    theirs: tuple[tuple[str, bool], ...]
    marker: str
    keeping: "KeptPaths"
    listed: Mapping[str, str]

    def has(self, name: str, stat: Stat, digest: str) -> bool:
        """Tell whether a file is still the one that stood there like this, with this sum.

        A build that was killed after the swap is not remembered, and where times are coarse its
        file may look like the one before: the marker tells them apart. Of what every night changes
        it has no sum; these few are read.
        """
        if self.found.get(name) != stat:
            return False
        return digest == self.listed.get(name) or digest == sum_of(self.place / name)

    @property
    def kept(self) -> frozenset[str]:
        """The paths, without case, in whose place the community keeps files of its own."""
        return frozenset(name.casefold() for name, is_kept in self.theirs if is_kept)

    @property
    def strangers(self) -> tuple[str, ...]:
        """What no build wrote and no setting keeps."""
        return tuple(name for name, is_kept in self.theirs if not is_kept)

    @cached_property
    def ours(self) -> frozenset[str]:
        """What builds wrote, the marker among it."""
        theirs = {name for name, _ in self.theirs}
        return frozenset(name for name, stat in self.found.items() if stat and name not in theirs)


def look_into(
    output: Path,
    survivors: Sequence[str] = (),
    remembered: Mapping[str, tuple[Stat, str]] | None = None,
) -> SiteFolder:
    """Look at every file in a site, and tell whose each is.

    Args:
        output: the folder, which may be absent.
        survivors: what the community keeps in it, as patterns of paths.
        remembered: how files of the last site stood, each with its sum: where the marker was
            damaged, they are known by that.
    """
    written = remembered or {}
    keeping, named = KeptPaths((*ALWAYS_KEPT, *survivors)), KeptPaths(survivors)
    marker, is_marked = output / MARKER, (output / MARKER).is_file()
    text = marker.read_text("utf-8", errors="replace") if is_marked else ""
    listed = {line[2]: line[1] for line in map(_LISTED.fullmatch, text.splitlines()) if line}
    found = leaves(output)
    theirs = []
    for name, stat in found.items():
        kept = keeping.match(name)
        if is_marked and not listed:
            # An earlier version did not say: what it always wrote is taken for its own.
            ours = name.partition("/")[0] in _EARLIER and name not in survivors
            ours = ours or (not named.match(name) and _is_as_written(output, name, stat, written))
        elif kept and name in listed:  # the community may have put its own in our place
            ours = stat is not None and _is_as_listed(output / name, listed[name], found[MARKER])
        else:
            ours = name in listed or name == MARKER
            ours = ours or (not named.match(name) and _is_as_written(output, name, stat, written))
        # An empty folder that nobody named: nothing in it can be lost.
        is_nothing = not kept and stat is None and not (output / name).is_symlink()
        if not ours and name != MARKER and not (is_nothing and (output / name).is_dir()):
            theirs.append((name, kept))
    return SiteFolder(output, found, tuple(theirs), text, keeping, listed)


class Folders:
    """Makes the folders of a site, each once; as text, as there are thousands."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._made: set[str] = set()

    def make(self, path: str) -> None:
        """Make the folder at a path below the top, and those above it; "" is the top."""
        if path in self._made:
            return
        if path:
            self.make(path.rpartition("/")[0])
            with suppress(FileExistsError):  # a file there is found when one below it is written
                os.mkdir(f"{self._top}/{path}")  # noqa: PTH102 - as text
        else:
            os.makedirs(self._top, exist_ok=True)  # noqa: PTH103 - as text
        self._made.add(path)


def bring_along(old: Path, there: SiteFolder) -> None:
    """Bring from the old site what somebody put there after it was looked into.

    A large site takes minutes to make, and what else writes into the folder, such as whoever renews
    its certificate, knows nothing of that.
    """
    theirs = {name for name, _ in there.theirs}
    for name, stat in leaves(old).items():
        is_new, target = name not in there.found, there.place / name
        changed = name in theirs and stat != there.found[name]
        if (is_new and not os.path.lexists(target) and _holds_something(old / name)) or changed:
            with suppress(FileExistsError, NotADirectoryError):  # a page of ours stands above it
                target.parent.mkdir(parents=True, exist_ok=True)
                (old / name).replace(target)


def _holds_something(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def marker_text(sums: Mapping[str, str | None]) -> str:
    """Write the marker: of each file its sum, or None where every night changes it."""
    lines = (f"{digest or NO_SUM}  {name}\n" for name, digest in sorted(sums.items()))
    return _MARKER_TEXT + "".join(lines)


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
    if output.is_dir() and not _is_a_site(output, survivors):
        raise UsageError(
            f"{output} holds files that aggregator did not write",
            "building replaces the whole folder",
            "choose another --output, or empty it first",
        )


def leaves(folder: Path) -> dict[str, Stat | None]:
    """Find files, links and empty folders by path; no link is followed, no history walked."""
    return {name: stat and Stat(*stat) for name, stat in sorted(_each_leaf(folder))}


def sum_of_leaves(folder: Path) -> str:
    """Sum up what `leaves` finds, at two thirds of the cost: a large site has many."""
    return _sum_of_told(_each_leaf(folder))


def sum_of_found(found: Mapping[str, Stat | None]) -> str:
    """Give the sum that `sum_of_leaves` gives of a folder in which that is `found`."""
    return _sum_of_told((name, stat and (stat.size, stat.mtime)) for name, stat in found.items())


def _sum_of_told(found: Iterable[tuple[str, tuple[int, int] | None]]) -> str:
    told = sorted(f"{name}\0{stat}" for name, stat in found)
    return hashlib.sha256("\n".join(told).encode(errors="surrogateescape")).hexdigest()


def _each_leaf(folder: Path) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Give the path of each leaf with its size and time; None for what is no plain file."""
    waiting = [(str(folder), "")] if folder.is_dir() else []
    while waiting:
        place, above = waiting.pop()
        is_empty = True
        with os.scandir(place) as entries:
            for entry in entries:
                is_empty, name = False, f"{above}{entry.name}"
                if entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    yield name, (stat.st_size, stat.st_mtime_ns)
                elif entry.is_symlink() or not entry.is_dir():
                    yield name, None
                elif name != ".git":  # moved in one piece once the new site stands
                    waiting.append((entry.path, f"{name}/"))
        if is_empty and above:
            yield above[:-1], None


def sum_of(path: Path) -> str:
    """Give the sum of a file as the marker lists it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_as_listed(path: Path, listed: str, marker: Stat | None) -> bool:
    """Tell whether a file is the one that a build wrote; without a sum its age has to tell."""
    if listed != NO_SUM:
        return sum_of(path) == listed
    return marker is not None and path.stat().st_mtime_ns <= marker.mtime


def _is_as_written(
    output: Path, name: str, stat: Stat | None, written: Mapping[str, tuple[Stat, str]]
) -> bool:
    """Tell whether a file is, byte for byte, one that a build remembers: nothing else is lost."""
    known, digest = written.get(name, (None, ""))
    return stat is not None and stat == known and sum_of(output / name) == digest


def _is_a_site(folder: Path, survivors: Sequence[str]) -> bool:
    names = {entry.name for entry in folder.iterdir()}
    # The first part of a pattern is what it can match at the top.
    tops = [p.removeprefix("**/").partition("/")[0] for p in (*ALWAYS_KEPT, *survivors)]
    return MARKER in names or all(any(_fits([n], [top]) for top in tops) for n in names)


class KeptPaths:
    """Which paths the community keeps; asked of every file, so plain names are looked up."""

    def __init__(self, patterns: Sequence[str]) -> None:
        plain = {p for p in patterns if _WILD.isdisjoint(p.removeprefix("**/"))}
        self._top = {p for p in plain if "/" not in p}
        self._anywhere = {p[3:] for p in plain if p.startswith("**/") and "/" not in p[3:]}
        looked_up = {*self._top, *(f"**/{name}" for name in self._anywhere)}
        self._others = [p.split("/") for p in patterns if p not in looked_up]

    def match(self, name: str) -> bool:
        """Tell whether a file of this path, with forward slashes, is kept."""
        parts = name.split("/")
        return (
            parts[0] in self._top
            or not self._anywhere.isdisjoint(parts)
            or any(_fits(parts, pattern) for pattern in self._others)
        )


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match a path with a pattern part by part; what lies below a match belongs to it."""
    if not pattern or not parts:
        return not pattern
    if pattern[0] == "**":
        return _fits(parts, pattern[1:]) or _fits(parts[1:], pattern)
    return fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])
