"""Judge a registry: everything in it, or only what a change touches.

    load -> (what the change touches) -> (what GitHub says) -> Verdict

Called by `aggregator check` and by the check of pull requests. Prints nothing;
`render` turns a verdict into text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.joining.differences import differences, unconfirmed
from aggregator.joining.history import change_since
from aggregator.joining.similar import similar_projects
from aggregator.registry.loader import load
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.sightings import Lookup, Sightings, remarks
from aggregator.words.errors import RegistryError, SourceError

OK, WRONG = 0, 2


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Args:
        registry: The registry as it could be read.
        judged: The entries that were judged: all, or those that the change touches.
        mistakes: Of the judged entries and of the rest of the file, in file order.
        sightings: What GitHub said about the judged entries, empty when offline.
        notes: Sentences about the check itself, for example that GitHub was silent.
        partial: Only what a change touches was judged.
        effects: What the change does, a sentence each; empty when everything was judged.
    """

    registry: Registry
    judged: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...]
    sightings: Sightings
    notes: tuple[str, ...] = ()
    partial: bool = False
    effects: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """The mistakes that must be mended."""
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")

    @property
    def exit_code(self) -> int:
        """0 when nothing must be mended, 2 otherwise."""
        return WRONG if self.errors else OK


def check(
    path: Path,
    *,
    changed_since: str | None = None,
    author: str | None = None,
    confirmed: bool = False,
    lookup: Lookup | None = None,
) -> Verdict:
    """Check a registry.

    Args:
        path: The file registry.yaml.
        changed_since: Judge only what changed since the registry and this branch, tag or
            commit went apart, and say what the change does.
        author: The login of whoever proposes the change, where that is known.
        confirmed: Somebody has said that entries of others are meant to go.
        lookup: Asks GitHub about repositories; without it the check is offline.

    Raises:
        RegistryError: There is no such file, or it is too large to compare.
        UsageError: git cannot compare with `changed_since`.
    """
    registry, broken = _as_far_as_possible(path)
    judged, mistakes = registry.projects, list(registry.mistakes)
    effects: tuple[str, ...] = ()
    if changed_since is not None:
        change = change_since(path, changed_since)
        judged = tuple(entry for entry in judged if change.touches(entry))
        mistakes = change.judged(mistakes)
        # Of a file that is nothing like a registry every entry is gone; that is one mistake.
        after = replace(change.before, mistakes=registry.mistakes) if broken else registry
        found = differences(change.before, after, change.files)
        effects = found.sentences
        mistakes += unconfirmed(found.removed, author, path=path.as_posix(), confirmed=confirmed)
    sightings, notes = _look(judged, lookup)
    if lookup is not None and not notes:
        mistakes += [m for entry in judged for m in remarks(entry, sightings.get(entry.repo))]
    if changed_since is not None:
        mistakes += _look_alikes(registry, judged)
    return Verdict(
        registry,
        judged,
        _with_lines(mistakes, path),
        sightings,
        notes,
        partial=changed_since is not None,
        effects=effects,
    )


def _as_far_as_possible(path: Path) -> tuple[Registry, bool]:
    """Load; a file that is there but no registry is a mistake like any other, told everywhere."""
    try:
        return load(path), False
    except RegistryError as error:
        if not path.is_file():
            raise
        where = Place(path.as_posix(), 1, 1)
        return Registry(mistakes=(Mistake(where, error.cause, error.cure),)), True


def _look(judged: Sequence[Entry], lookup: Lookup | None) -> tuple[Sightings, tuple[str, ...]]:
    if lookup is None or not judged:
        return {}, ()
    try:
        return lookup([entry.repo for entry in judged]), ()
    except SourceError as error:
        return {}, (f"GitHub was not asked about the repositories: {error}",)


def _look_alikes(registry: Registry, judged: Sequence[Entry]) -> Iterator[Mistake]:
    for entry in judged:
        for other, why in similar_projects(entry, registry.projects):
            what = f"{entry.repo}: {why} as {other.repo}"
            yield Mistake(entry.where, what, "make sure that both should be listed", "hint")


def _with_lines(mistakes: Sequence[Mistake], path: Path) -> tuple[Mistake, ...]:
    """Add the text of the line to remarks that were made without the file at hand."""
    files = {m.where.file for m in mistakes if not m.line_text}
    lines = {file: _lines(Path(file)) for file in files if file}

    def with_line(mistake: Mistake) -> Mistake:
        found = lines.get(mistake.where.file, [])[mistake.where.line - 1 : mistake.where.line]
        return mistake if mistake.line_text or not found else replace(mistake, line_text=found[0])

    order = {path.as_posix(): ""}
    return tuple(
        with_line(mistake)
        for mistake in sorted(
            dict.fromkeys(mistakes),
            key=lambda m: (order.get(m.where.file, m.where.file), m.where.line, m.where.column),
        )
    )


def _lines(path: Path) -> list[str]:
    # What stands behind a link is none of the registry's, and is never shown.
    if path.is_symlink() or path.parent.is_symlink():
        return []
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
