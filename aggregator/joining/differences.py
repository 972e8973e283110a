"""What a change of the registry does, in sentences: entries, organisations, settings, search.

Compares the registry before and after, as values, and says which pages will change.
Only what was understood is said, so a change of comments or of order is called just
that. Pure; `history` finds the registry before, `check` asks for a word where a
stranger's entry goes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator.registry.declaration import Written, field_names
from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.words.phrases import listed

CONFIRM_LABEL = "removal-confirmed"
CONFIRM_BOX = "I mean to remove entries that are not my own"
NAMES_LIMIT = 12

# Settings that change less than every page, and what they change instead.
REACH = {
    "about": "the page about the showcase changes",
    "glossary": "what the search finds may change, and no page",
    "related": "the related projects on every project's page may change",
    "schedule": "no page changes, only when the site is built",
    "vanish_limit_percent": "no page changes, only when a run is held back",
}


@dataclass(frozen=True, slots=True)
class Differences:
    """What a change does.

    Args:
        sentences: One for each thing that changes; never empty.
        removed: The entries that are no longer listed.
    """

    sentences: tuple[str, ...]
    removed: tuple[Entry, ...] = ()


def differences(before: Registry, after: Registry, files: Sequence[str]) -> Differences:
    """Say what a change does.

    Args:
        before: The registry that the change began from.
        after: The registry with the change.
        files: The files whose text differs, as messages name them.
    """
    removed = tuple(entry for entry in before.projects if after.entry(entry.repo) is None)
    sentences = [
        *_entries(before, after, removed),
        *_organisations(before, after),
        *_stages(before, after),
        *_settings(before, after),
        *_glossary(before, after),
    ]
    if not sentences and files:
        sentences = [f"In {_few(files)}, {what}" for what in _form(before, after)]
    return Differences(tuple(sentences or ["This does not touch the registry"]), removed)


def _entries(before: Registry, after: Registry, removed: Sequence[Entry]) -> Iterator[str]:
    added = [entry for entry in after.projects if before.entry(entry.repo) is None]
    yield from (f"Removes {_called(entry)}" for entry in removed)
    if added:
        yield f"Adds {_count(len(added), 'entry')}: {_few(str(entry.repo) for entry in added)}"
    for entry in after.projects:
        old = before.entry(entry.repo)
        fields = _changed(old, entry) if old else []
        if fields:
            yield f"Changes the entry of {entry.repo}: {', '.join(fields)}"


def _called(entry: Entry) -> str:
    return f"{entry.repo} ({entry.title})" if entry.title else str(entry.repo)


def _organisations(before: Registry, after: Registry) -> Iterator[str]:
    for body in before.organisations:
        if after.organisation(body.slug) is None:
            names = _few(_members(before, body))
            shown_under = f": it was shown with {names}" if names else ", which had no project"
            yield f"Removes the organisation {body.name}{shown_under}"
    for body in after.organisations:
        old = before.organisation(body.slug)
        fields = _changed(old, body) if old else []
        if old is not None and not fields:
            continue
        many = _count(len(_members(after, body)), "project")
        if old is None:
            yield f"Adds the organisation {body.name}: {many} shown under it"
        else:
            what = f"Changes {_few(fields)} of the organisation {body.name}"
            if old.name != body.name:
                what = f"Renames the organisation {old.name} to {body.name}"
            yield f"{what}: its own page and the pages of {many} change"
    yield from _moved(before, after)


def _moved(before: Registry, after: Registry) -> Iterator[str]:
    """Find projects that another list of owners, not their own entry, puts elsewhere."""
    for entry in after.projects:
        old = before.entry(entry.repo)
        here, there = after.organisation_of(entry), before.organisation_of(old) if old else None
        changed = old is not None and old.organisation == entry.organisation
        if changed and here and (there is None or there.slug != here.slug):
            yield f"Shows {entry.repo} under {here.name}, because of its owner"


def _members(registry: Registry, body: Organisation) -> list[str]:
    found = (e for e in registry.projects if registry.organisation_of(e) == body)
    return [str(entry.repo) for entry in found]


def _stages(before: Registry, after: Registry) -> Iterator[str]:
    old, new = before.showcase.stages, after.showcase.stages
    for stage in old:
        if stage not in new:
            names = _few(str(e.repo) for e in before.projects if e.stage == stage)
            yield f"Removes the stage {shown(stage)}, the stage of {names or 'no project'}"
    if added := [stage for stage in new if stage not in old]:
        yield f"Adds the stage {_few(added)}"
    if set(old) == set(new) and old != new:
        yield "Puts the stages in another order: filters and the pages of stages change"


def _settings(before: Registry, after: Registry) -> Iterator[str]:
    for name in _changed(before.showcase, after.showcase):
        if name != "stages":
            every = f"every page changes, those of {_count(len(after.projects), 'project')} too"
            reach = REACH.get(name, every)
            yield f"Changes the setting {name}{_from_to(before, after, name)}: {reach}"


def _from_to(before: Registry, after: Registry, name: str) -> str:
    old, new = getattr(before.showcase, name), getattr(after.showcase, name)
    texts = [shown(str(value), 40) for value in (old, new) if isinstance(value, str | int)]
    return f" from {texts[0]} to {texts[1]}" if len(texts) == 2 and name != "about" else ""


def _glossary(before: Registry, after: Registry) -> Iterator[str]:
    old, new = before.glossary, after.glossary
    terms = [term for term in {**old, **new} if old.get(term) != new.get(term)]
    if terms:
        count = _count(len(terms), "term")
        yield f"Changes {count} of the glossary ({_few(terms)}): what the search finds, and no page"


def _form(before: Registry, after: Registry) -> Iterator[str]:
    if [m for m in after.mistakes if m.severity == "error"]:
        yield "something differs that could not be read"
        return
    files = {entry.repo: entry.where.file for entry in before.projects}
    moved = [str(e.repo) for e in after.projects if files.get(e.repo) != e.where.file]
    if moved:
        yield f"only the place of {_few(moved)} differs, now in another file: no page changes"
    elif [e.repo for e in before.projects] != [e.repo for e in after.projects]:
        yield "only the order of the entries differs: no page changes"
    else:
        yield "only comments, spaces or the way of writing differ: no page changes"


def _changed(old: Written | None, new: Written) -> list[str]:
    names = field_names(type(new))
    return [name for name in names if getattr(old, name, None) != getattr(new, name)]


def _few(
    words: Iterable[str],
) -> str:
    return listed(list(words), NAMES_LIMIT)


def _count(number: int, noun: str) -> str:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"


def unconfirmed(
    removed: Iterable[Entry], author: str | None, *, path: str, confirmed: bool
) -> list[Mistake]:
    """Ask for a word of confirmation for each removed entry that is not its author's own.

    An entry is somebody's own when they own the repository or stand under its `people`, as the
    registry was before the change: nobody can make an entry their own by the change that removes
    it.

    Args:
        removed: The entries that a change takes away.
        author: The login of whoever proposes it, where that is known.
        path: The file to name.
        confirmed: Somebody has said that it is meant.
    """
    if confirmed:
        return []
    strange = [entry for entry in removed if author is None or not entry.belongs_to(author)]
    cure = (
        f"put it back; or, if that is meant, tick {shown(CONFIRM_BOX)} in the pull request's "
        f"description or give it the label {shown(CONFIRM_LABEL)} (here: --confirmed)"
    )
    who = f"{author} is not of that project" if author else "nobody said whose change this is"
    return [
        Mistake(Place(path, 1, 1), f"this removes {_called(entry)}, and {who}", cure, line_text=" ")
        for entry in strange
    ]


def confirms(description: str) -> bool:
    """Tell whether the box that confirms a removal is ticked in a pull request's description."""
    visible = re.sub(r"<!--.*?(-->|\Z)", "", description, flags=re.DOTALL)
    boxes = re.findall(r"^[ \t]*[-*+][ \t]+\[[xX]\][ \t]+(.*)$", visible, re.MULTILINE)
    return any(CONFIRM_BOX.lower() in " ".join(box.lower().split()) for box in boxes)
