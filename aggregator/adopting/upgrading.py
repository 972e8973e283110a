"""What an upgrade does with the files of a community, and what it tells. Pure.

A file that is as some version wrote it is written again; one that somebody changed is theirs, and
only the difference is shown. What changed for adopters stands in CHANGELOG.md under headings of its
own, and is told from the version whose mark is oldest up to this one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from enum import Enum
from pathlib import Path

from aggregator.adopting.marks import mark_of, without_mark
from aggregator.registry.layout import sections
from aggregator.registry.registry import Registry
from aggregator.registry.tree import TextFile
from aggregator.words.errors import RegistryError

FOR_ADOPTERS = "For adopters"
_LONGEST_DIFFERENCE = 200  # lines; of a file that has become another one, nobody reads more
_VERSION = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)
_SECTION = re.compile(rf"^### {FOR_ADOPTERS}\s*$\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_POINT = re.compile(r"^- (.*(?:\n  .*)*)", re.MULTILINE)


class Fate(Enum):
    """What becomes of one file."""

    CURRENT = "current"
    RENEWED = "renewed"
    CHANGED = "changed by hand"
    ABSENT = "not there"


@dataclass(frozen=True, slots=True)
class FileUpgrade:
    """One file of the folder.

    Args:
        name: Its path in the folder.
        fate: What becomes of it.
        text: What this version writes.
        difference: Of a file that was changed by hand: what this version would do to it.
    """

    name: str
    fate: Fate
    text: str
    difference: tuple[str, ...] = ()


def plan_upgrade(there: Mapping[str, str], made: Mapping[str, str]) -> list[FileUpgrade]:
    """Decide about each file.

    Args:
        there: The files that stand in the folder, by path.
        made: The files that this version writes, with their marks.
    """
    return [_planned(name, there.get(name), text) for name, text in made.items()]


def _planned(name: str, before: str | None, text: str) -> FileUpgrade:
    if before is None:
        return FileUpgrade(name, Fate.ABSENT, text)
    mark = mark_of(before)
    if mark and mark.intact:
        same = before.replace("\r\n", "\n") == text
        return FileUpgrade(name, Fate.CURRENT if same else Fate.RENEWED, text)
    theirs, ours = (without_mark(one).splitlines() for one in (before, text))
    if theirs == ours:
        return FileUpgrade(name, Fate.CURRENT, text)
    lines = list(unified_diff(theirs, ours, name, f"{name} of this version", n=2, lineterm=""))
    if len(lines) > _LONGEST_DIFFERENCE:
        beyond = len(lines) - _LONGEST_DIFFERENCE
        lines = [*lines[:_LONGEST_DIFFERENCE], f"... and {beyond} lines more"]
    return FileUpgrade(name, Fate.CHANGED, text, tuple(lines))


def is_changed(text: str) -> bool:
    """Tell whether a file is not as some version wrote it."""
    mark = mark_of(text)
    return mark is None or not mark.intact


def refuse_unread_settings(listed: Registry, source: TextFile) -> None:
    """Refuse a registry whose settings cannot be read: files would be made of the usual ones.

    A mistake in an entry changes no file of the folder.

    Args:
        listed: The registry.
        source: Its main file.

    Raises:
        RegistryError: A part of it that is not its entries has a mistake.
    """
    entries = [part for part in sections(source.lines) if part.lines[0].startswith("projects")]
    for mistake in listed.errors:
        line = mistake.where.line
        in_entries = any(part.offset < line <= part.offset + len(part.lines) for part in entries)
        if mistake.where.file == source.file and not in_entries:
            what = "nothing was written, as the settings of the registry cannot be read"
            raise RegistryError(what, str(mistake), "`aggregator check` names every mistake")


def marked_versions(texts: Iterable[str]) -> list[str]:
    """Name the versions whose marks stand in files, the oldest first."""
    return sorted({mark.version for text in texts if (mark := mark_of(text))}, key=_order)


def written_later(version: str, than: str) -> bool:
    """Tell whether a version is later than another."""
    return _order(version) > _order(than)


def news_for_adopters(changelog: str, since: str, now: str) -> list[str]:
    """Take from the changelog what changed for adopters after one version and up to another.

    What is not released yet counts where `now` has no heading of its own, as before its release.

    Args:
        changelog: The text of CHANGELOG.md, newest version first.
        since: The version whose news are known.
        now: The version that is told about.
    """
    heads = list(_VERSION.finditer(changelog))
    released = {head[1] for head in heads}
    points: list[str] = []
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        version = head[1]
        if version == "Unreleased":
            wanted = now not in released and since != now
        else:
            wanted = _order(since) < _order(version) <= _order(now)
        if wanted:
            part = changelog[head.end() : after.start() if after else None]
            for section in _SECTION.findall(part):
                points += [" ".join(point.split()) for point in _POINT.findall(section)]
    return points


def _order(version: str) -> tuple[tuple[int, ...], bool]:
    """Put versions in order: numbers as numbers, and what is before a release below it."""
    numbers = re.match(r"\d{1,9}(?:\.\d{1,9}){0,5}", version)
    found = tuple(map(int, numbers[0].split("."))) if numbers else ()
    while found and not found[-1]:
        found = found[:-1]
    return found, numbers is not None and numbers[0] == version


def find_changelog() -> Path:
    """Find the changelog that comes with the program: in the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "CHANGELOG.md"
    return packed if packed.is_file() else package.parent / "CHANGELOG.md"
