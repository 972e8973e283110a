"""Judge a registry: everything in it, or only what a change touches.

    load -> (what the change touches and does) -> (what GitHub says) -> Judgement

Called by `aggregator check` and by the check of pull requests. Prints nothing; `renderings` puts
a judgement into words.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aggregator.joining.judgement import CheckFinding, Judgement, ProposedCard
from aggregator.registry.loader import load
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.sightings import Lookup, Sighting, Sightings, remarks
from aggregator.words.errors import RegistryError, SourceError
from aggregator.words.names import slug_of
from aggregator.words.phrases import plural


def check(
    path: Path,
    *,
    changed_since: str | None = None,
    author: str | None = None,
    confirmed: bool = False,
    lookup: Lookup | None = None,
) -> Judgement:
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
    try:
        registry, broken = load(path), False
    except RegistryError as error:
        if not path.is_file():
            raise
        # A file that is there but no registry is a mistake like any other, told everywhere.
        where = Place(path.as_posix(), 1, 1)
        registry, broken = Registry(mistakes=(Mistake(where, error.cause, error.cure),)), True
    judged, mistakes = registry.projects, list(registry.mistakes)
    effects: tuple[str, ...] = ()
    if changed_since is not None:
        # Only here, because most checks compare with nothing, and git has to be run for this.
        from aggregator.joining.differences import differences, unconfirmed  # noqa: PLC0415
        from aggregator.joining.earlier import change_since  # noqa: PLC0415

        change = change_since(path, changed_since)
        judged = tuple(entry for entry in judged if change.touches(entry))
        mistakes = change.answers_for(mistakes)
        # Of a file that is nothing like a registry every entry is gone; that is one mistake.
        after = replace(change.before, mistakes=registry.mistakes) if broken else registry
        effects = differences(change.before, after, change.files)
        if not confirmed:
            mistakes += unconfirmed(change.before, after, author, path.as_posix())
    sightings: Sightings = {}
    notes: tuple[str, ...] = ()
    try:
        # All in one go: a hundred names cost GitHub one question.
        if lookup is not None and judged:
            sightings = lookup([entry.repo for entry in judged])
            mistakes += [m for entry in judged for m in remarks(entry, sightings.get(entry.repo))]
    except SourceError as error:
        notes = (f"GitHub was not asked about the repositories: {error}",)
    if changed_since is not None:
        mistakes += _look_alikes(registry, judged)
    in_order = _in_order(mistakes, path)
    return Judgement(
        ok=all(mistake.severity != "error" for mistake in in_order),
        partial=changed_since is not None,
        conclusion=_conclusion(in_order, len(judged), partial=changed_since is not None),
        projects=len(registry.projects),
        judged=tuple(_card(registry, entry, sightings.get(entry.repo)) for entry in judged),
        notes=notes,
        mistakes=tuple(map(CheckFinding.of, in_order)),
        effects=effects,
    )


def _look_alikes(registry: Registry, judged: Sequence[Entry]) -> Iterator[Mistake]:
    """Ask, kindly, about entries that may be the same project twice."""
    signs = {
        entry.repo: {
            why: slug_of(text or "").replace("-", "")
            for why, text in (
                ("name", entry.repo.name),
                ("title", entry.title),
                ("summary", entry.summary),
            )
        }
        for entry in registry.projects
    }
    for entry in judged:
        for other, theirs in signs.items():
            same = [why for why, sign in signs[entry.repo].items() if sign and sign == theirs[why]]
            if same and other != entry.repo:
                what = f"{entry.repo}: it has the same {same[0]} as {other}"
                yield Mistake(entry.where, what, "make sure that both should be listed", "hint")


def _in_order(mistakes: Sequence[Mistake], path: Path) -> list[Mistake]:
    """Sort mistakes as the files are read, once each; add the line to what was said without it."""
    lines: dict[str, list[str]] = {}
    for file in {m.where.file for m in mistakes if m.where.file and not m.line_text}:
        # What stands behind a link is none of the registry's, and is never shown.
        if not (Path(file).is_symlink() or Path(file).parent.is_symlink()):
            with suppress(OSError):
                lines[file] = Path(file).read_text("utf-8", errors="replace").splitlines()

    def with_line(mistake: Mistake) -> Mistake:
        number = mistake.where.line
        found = lines.get(mistake.where.file, [])[number - 1 : number]
        return mistake if mistake.line_text or not found else replace(mistake, line_text=found[0])

    def place(mistake: Mistake) -> tuple[bool, Place]:
        return mistake.where.file != path.as_posix(), mistake.where

    return [with_line(mistake) for mistake in sorted(dict.fromkeys(mistakes), key=place)]


def _conclusion(mistakes: Sequence[Mistake], judged: int, *, partial: bool) -> str:
    """Say in one line how the check ended."""
    errors = sum(mistake.severity == "error" for mistake in mistakes)
    hints = len(mistakes) - errors
    if errors:
        scope = " in what this change touches" if partial else "; everything else goes on"
        return f"{plural(errors, 'mistake')} to mend{scope}"
    scope = "touched by this change" if partial else "in the registry"
    extra = f", {plural(hints, 'hint')}" if hints else ""
    return f"{plural(judged, 'project')} {scope}: no mistakes{extra}"


def _card(registry: Registry, entry: Entry, sighting: Sighting | None) -> ProposedCard:
    body = registry.organisation_of(entry)
    return ProposedCard(
        repo=entry.repo,
        title=entry.title or entry.repo.name,
        summary=entry.summary or (sighting.description if sighting else None),
        organisation=body.name if body else None,
        stage=entry.stage,
        tags=entry.tags,
        people=entry.people,
        licence=sighting.licence if sighting else None,
    )
