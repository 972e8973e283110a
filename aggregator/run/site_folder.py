"""What stands in an output folder and whose it is: the last site, or the community's own files.

The marker lists what a build wrote, as sha256sum does, so that the next build knows its own pages
from files that somebody else put there. Only reads; `publish` decides what becomes of it.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Stat:
    """What tells, without reading it, whether a file is still what was written."""

    size: int
    mtime: int  # nanoseconds


@dataclass(frozen=True)
class SiteFolder:
    """The files of an output folder.

    Args:
        found: every file by path; None for links, empty folders and what is no plain file.
        theirs: what no build wrote, each with whether it is kept by name.
        marker: the text of the marker; "" where there is none.
        keeping: what the community keeps, whether it is there or not.
    """

    found: Mapping[str, Stat | None]
    theirs: tuple[tuple[str, bool], ...]
    marker: str
    keeping: "KeptPaths"

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


def look_into(output: Path, survivors: Sequence[str] = ()) -> SiteFolder:
    """Look at every file in a site, and tell whose each is.

    Args:
        output: the folder, which may be absent.
        survivors: what the community keeps in it, as patterns of paths.
    """
    keeping = KeptPaths((*ALWAYS_KEPT, *survivors))
    marker, is_marked = output / MARKER, (output / MARKER).is_file()
    text = marker.read_text("utf-8", errors="replace") if is_marked else ""
    listed = {line[2]: line[1] for line in map(_LISTED.fullmatch, text.splitlines()) if line}
    found = dict(leaves(output))
    theirs = []
    for name, stat in found.items():
        kept = keeping.match(name)
        if is_marked and not listed:
            # An earlier version did not say: what it always wrote is taken for its own.
            ours = name.partition("/")[0] in _EARLIER and name not in survivors
        elif kept and name in listed:  # the community may have put its own in our place
            ours = stat is not None and _is_as_listed(output / name, listed[name], found[MARKER])
        else:
            ours = name in listed or name == MARKER
        # An empty folder that nobody named: nothing in it can be lost.
        is_nothing = not kept and stat is None and not (output / name).is_symlink()
        if not ours and name != MARKER and not (is_nothing and (output / name).is_dir()):
            theirs.append((name, kept))
    return SiteFolder(found, tuple(theirs), text, keeping)


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


def leaves(folder: Path) -> Iterator[tuple[str, Stat | None]]:
    """List files, links and empty folders by path; no link is followed, no history walked."""
    if folder.is_dir():
        yield from _below(str(folder), "")


def _below(folder: str, above: str) -> Iterator[tuple[str, Stat | None]]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        name = f"{above}{entry.name}"
        if entry.is_file(follow_symlinks=False):
            found = entry.stat(follow_symlinks=False)
            yield name, Stat(found.st_size, found.st_mtime_ns)
        elif entry.is_symlink() or not entry.is_dir():
            yield name, None
        elif name != ".git":  # moved in one piece once the new site stands
            below = list(_below(entry.path, f"{name}/"))
            yield from below or [(name, None)]


def sum_of(path: Path) -> str:
    """Give the sum of a file as the marker lists it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_as_listed(path: Path, listed: str, marker: Stat | None) -> bool:
    """Tell whether a file is the one that a build wrote; without a sum its age has to tell."""
    if listed != NO_SUM:
        return sum_of(path) == listed
    return marker is not None and path.stat().st_mtime_ns <= marker.mtime


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
