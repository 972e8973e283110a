"""Judge a registry: everything in it, or only what a change touches.

    load -> (what the change touches and does) -> (what GitHub says) -> Judgement

Called by `aggregator check` and by the check of pull requests. Prints nothing; `renderings` puts
a judgement into words.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from aggregator.joining.judgement import CheckFinding, Judgement, ProposedCard
from aggregator.registry.loader import load
from aggregator.registry.mistakes import Mistake, Place, writable
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.sightings import Lookup, Sighting, Sightings, remarks
from aggregator.words.errors import RegistryError, SourceError
from aggregator.words.names import slug_of
from aggregator.words.phrases import plural
from aggregator.words.speech import base_of, translation_missing


def check(  # noqa: PLR0913 - what may be known beside the registry, each by name
    path: Path,
    *,
    changed_since: str | None = None,
    author: str | None = None,
    confirmed: bool = False,
    lookup: Lookup | None = None,
    speaks: Callable[[str], str] | None = None,
) -> Judgement:
    """Check a registry.

    Args:
        path: The file registry.yaml.
        changed_since: Judge only what changed since this branch, tag or commit, and say what.
        author: The login of whoever proposes the change, where that is known.
        confirmed: Somebody has said that entries of others are meant to go.
        lookup: Asks GitHub about repositories; without it the check is offline.
        speaks: Gives the language that pages speak where one is asked for; not asked for English.

    Raises:
        RegistryError: There is no such file, or it is too large to compare.
        UsageError: git cannot compare with `changed_since`.
    """
    registry, broken = _as_far_as_possible(path)
    judged, mistakes, effects = registry.projects, list(registry.mistakes), tuple[str, ...]()
    if changed_since is not None:
        # Only here, because most checks compare with nothing, and git has to be run for this.
        from aggregator.joining.differences import (  # noqa: PLC0415 - see above
            described_by_others,
            differences,
            unconfirmed,
        )
        from aggregator.joining.earlier import change_since  # noqa: PLC0415 - see above

        change = change_since(path, changed_since)
        judged = tuple(entry for entry in judged if change.touches(entry))
        mistakes = change.answers_for(mistakes)
        # Of a file that is nothing like a registry every entry is gone; that is one mistake.
        after = replace(change.before, mistakes=registry.mistakes) if broken else registry
        effects = differences(change.before, after, change.files, change.beside)
        mistakes += described_by_others(change.before, after, author)
        if not confirmed:
            mistakes += unconfirmed(change.before, after, author, path.as_posix())
    sightings, notes = _look(judged, lookup)
    if lookup is not None and not notes:
        mistakes += [m for entry in judged for m in remarks(entry, sightings.get(entry.repo))]
    if changed_since is not None:
        mistakes += _look_alikes(registry, judged)
    found, partial = tuple(_findings(mistakes, path)), changed_since is not None
    return Judgement(
        ok=all(finding.severity != "error" for finding in found),
        partial=partial,
        conclusion=_conclusion(found, len(judged), partial=partial),
        projects=len(registry.projects),
        judged=tuple(_card(registry, entry, sightings.get(entry.repo)) for entry in judged),
        notes=(*notes, *_unspoken(registry.showcase.language, speaks)),
        mistakes=found,
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
    """Ask GitHub, all in one go: a hundred names cost it one question."""
    try:
        return lookup([entry.repo for entry in judged]) if lookup and judged else {}, ()
    except SourceError as error:
        return {}, (f"GitHub was not asked about the repositories: {error}",)


def _unspoken(language: str, speaks: Callable[[str], str] | None) -> Iterator[str]:
    if speaks and base_of(language) != "en":
        yield from filter(None, [translation_missing(language, speaks(language))])


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


def _findings(mistakes: Sequence[Mistake], path: Path) -> Iterator[CheckFinding]:
    """Sort mistakes as the files are read, once each; add the line to what was said without it."""
    lines: dict[str, list[str]] = {}
    for file in {m.where.file for m in mistakes if m.where.file and not m.line_text}:
        # What stands behind a link is none of the registry's, and is never shown.
        if not (Path(file).is_symlink() or Path(file).parent.is_symlink()):
            with suppress(OSError):
                lines[file] = Path(file).read_text("utf-8", errors="replace").splitlines()

    def place(mistake: Mistake) -> tuple[bool, Place]:
        return mistake.where.file not in {"", path.as_posix()}, mistake.where

    for mistake in sorted(dict.fromkeys(mistakes), key=place):
        written = asdict(mistake)
        where = written.pop("where")
        line = lines.get(where["file"], [])[where["line"] - 1 : where["line"]]
        if line and not mistake.line_text:
            written["line_text"] = line[0]
        for name in ("what", "cure", "line_text"):
            written[name] = writable(written[name])
        where["file"] = writable(where["file"])
        yield CheckFinding(**where, **written)


def _conclusion(found: Sequence[CheckFinding], judged: int, *, partial: bool) -> str:
    """Say in one line how the check ended."""
    errors = sum(finding.severity == "error" for finding in found)
    if errors:
        scope = " in what this change touches" if partial else "; everything else goes on"
        return f"{plural(errors, 'mistake')} to mend{scope}"
    scope = "touched by this change" if partial else "in the registry"
    extra = f", {plural(len(found), 'hint')}" if found else ""
    return f"{plural(judged, 'project')} {scope}: no mistakes{extra}"


def _card(registry: Registry, entry: Entry, sighting: Sighting | None) -> ProposedCard:
    body = registry.organisation_of(entry)
    return ProposedCard(
        repo=str(entry.repo),
        title=entry.title or entry.repo.name,
        summary=entry.summary or (sighting.description if sighting else None),
        organisation=body.name if body else None,
        stage=entry.stage,
        tags=entry.tags,
        people=entry.people,
        licence=sighting.licence if sighting else None,
    )
