"""What a change of the registry does, in sentences: entries, organisations, settings, search.

Compares the registry before and after, as values, and says which pages will change. Only what was
understood is said, so a change of comments or of order is called just that. Pure; `earlier` finds
the registry before, `check` asks for a word where a stranger's entry goes.
"""

import re
from collections.abc import Iterator, Sequence

from aggregator.registry.declaration import Written, declared_fields, field_names
from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.phrases import listed, plural

CONFIRM_LABEL = "removal-confirmed"
CONFIRM_BOX = "I mean to remove entries that are not my own"


def differences(
    before: Registry, after: Registry, files: Sequence[str], beside: Sequence[str] = ()
) -> tuple[str, ...]:
    """Say what a change does, a sentence for each thing that changes; never nothing.

    Args:
        before: The registry that the change began from.
        after: The registry with the change.
        files: The files whose text differs, as messages name them.
        beside: Those of the brand and of the community's own pages.
    """
    sentences = [
        sentence
        for part in (_entries, _organisations, _moved, _stages, _beside, _settings, _search)
        for sentence in part(before, after)
    ]
    if beside:
        sentences.append(f"Changes {listed(beside)}, from which pages are made as they are")
    if not sentences and files:
        sentences = [f"In {listed(files)}, {_form(before, after)}"]
    return tuple(sentences or ["This does not touch the registry"])


def _removed(before: Registry, after: Registry) -> list[Entry]:
    return [entry for entry in before.projects if after.entry(entry.repo) is None]


def _called(entry: Entry) -> str:
    return f"{entry.repo} ({entry.title})" if entry.title else str(entry.repo)


def _entries(before: Registry, after: Registry) -> Iterator[str]:
    for entry in _removed(before, after):
        yield f"Removes {_called(entry)}"
    if added := [str(entry.repo) for entry in _removed(after, before)]:
        yield f"Adds {plural(len(added), 'entry', 'entries')}: {listed(added)}"
    for entry in after.projects:
        if fields := _changed(before.entry(entry.repo), entry):
            yield f"Changes the entry of {entry.repo}: {', '.join(fields)}"


def _organisations(before: Registry, after: Registry) -> Iterator[str]:
    for body in before.organisations:
        if after.organisation(body.slug) is None:
            names = listed(_members(before, body))
            shown_with = f": it was shown with {names}" if names else ", which had no project"
            yield f"Removes the organisation {body.name}{shown_with}"
    for body in after.organisations:
        old = before.organisation(body.slug)
        fields = _changed(old, body)
        many = plural(len(_members(after, body)), "project")
        if old is None:
            yield f"Adds the organisation {body.name}: {many} shown under it"
        elif fields:
            what = f"Changes {listed(fields)} of the organisation {body.name}"
            if old.name != body.name:
                what = f"Renames the organisation {old.name} to {body.name}"
            yield f"{what}: its own page and the pages of {many} change"


def _members(registry: Registry, body: Organisation) -> list[str]:
    return [str(e.repo) for e in registry.projects if registry.organisation_of(e) == body]


def _moved(before: Registry, after: Registry) -> Iterator[str]:
    """Find projects that another list of owners, not their own entry, puts elsewhere."""
    for entry in after.projects:
        old, here = before.entry(entry.repo), after.organisation_of(entry)
        if old is None or here is None or old.organisation != entry.organisation:
            continue
        there = before.organisation_of(old)
        if there is None or there.slug != here.slug:
            yield f"Shows {entry.repo} under {here.name}, because of its owner"


def _stages(before: Registry, after: Registry) -> Iterator[str]:
    old, new = before.showcase.stages, after.showcase.stages
    for stage in old:
        if stage not in new:
            names = listed([str(e.repo) for e in before.projects if e.stage == stage])
            yield f"Removes the stage {shown(stage)}, the stage of {names or 'no project'}"
    if added := [stage for stage in new if stage not in old]:
        yield f"Adds the stage {listed(added)}"
    if set(old) == set(new) and old != new:
        yield "Puts the stages in another order: filters and the pages of stages change"


def _beside(before: Registry, after: Registry) -> Iterator[str]:
    """Say what changes beside the projects: people, paths, talks, words."""
    old, new = dict(_things_beside(before)), dict(_things_beside(after))
    for called in old:
        if called not in new:
            yield f"Removes {called}"
    for called, part in new.items():
        if called not in old:
            yield f"Adds {called}"
        elif fields := _changed(old[called], part):
            yield f"Changes {listed(fields)} of {called}"


def _things_beside(registry: Registry) -> Iterator[tuple[str, Written]]:
    for person in registry.people:
        yield f"the description of {person.login}", person
    for path in registry.paths:
        yield f"the learning path {shown(path.title)}", path
    for talk in registry.talks:
        yield f"the talk {shown(talk.title)}", talk
    for section, terms in registry.terms.items():
        for term in terms:
            yield f"what is said of the {section.removesuffix('s')} {shown(term.name)}", term


def _settings(before: Registry, after: Registry) -> Iterator[str]:
    every = f"every page changes, those of {plural(len(after.projects), 'project')} too"
    reach = {field.name: field.reach for field in declared_fields(Showcase)}
    for name in _changed(before.showcase, after.showcase):
        if name != "stages":
            old, new = getattr(before.showcase, name), getattr(after.showcase, name)
            texts = [shown(str(value), 40) for value in (old, new) if isinstance(value, str | int)]
            is_short = len(texts) == 2 and name != "about"
            from_to = f" from {texts[0]} to {texts[1]}" if is_short else ""
            yield f"Changes the setting {name}{from_to}: {reach[name] or every}"


def _search(before: Registry, after: Registry) -> Iterator[str]:
    """Say what changes of the files for the search: the glossary, and what it should find."""
    old, new = before.glossary, after.glossary
    if terms := [term for term in {**old, **new} if old.get(term) != new.get(term)]:
        count = plural(len(terms), "term")
        what = "what the search finds, and no page"
        yield f"Changes {count} of the glossary ({listed(terms)}): {what}"
    were, are = ({each.query: each for each in one.judgements} for one in (before, after))
    if queries := [query for query in {**were, **are} if were.get(query) != are.get(query)]:
        count = plural(len(queries), "search", "searches")
        what = "the figure by which the search is judged, and nothing that it finds"
        yield f"Changes what {count} should find ({listed([shown(q) for q in queries])}): {what}"


def _form(before: Registry, after: Registry) -> str:
    """Say what differs where the registry means the same as before."""
    if after.errors:
        return "something differs that could not be read"
    files = {entry.repo: entry.where.file for entry in before.projects}
    moved = [str(e.repo) for e in after.projects if files.get(e.repo) != e.where.file]
    if moved:
        return f"only the place of {listed(moved)} differs, now in another file: no page changes"
    if [e.repo for e in before.projects] != [e.repo for e in after.projects]:
        return "only the order of the entries differs: no page changes"
    return "only comments, spaces or the way of writing differ: no page changes"


def _changed(old: Written | None, new: Written) -> list[str]:
    if old is None:
        return []
    return [name for name in field_names(type(new)) if getattr(old, name) != getattr(new, name)]


def unconfirmed(
    before: Registry, after: Registry, author: str | None, path: str
) -> Iterator[Mistake]:
    """Ask for a word of confirmation for each removed entry that is not its author's own.

    An entry is somebody's own when they own the repository or stand under its `people`, as the
    registry was before the change: nobody can make an entry their own by the change that removes
    it.

    Args:
        before: The registry that the change began from.
        after: The registry with the change.
        author: The login of whoever proposes it, where that is known.
        path: The file to name.
    """
    cure = (
        f"put it back; or, if that is meant, tick {shown(CONFIRM_BOX)} in the pull request's "
        f"description or give it the label {shown(CONFIRM_LABEL)} (here: --confirmed)"
    )
    who = f"{author} is not of that project" if author else "nobody said whose change this is"
    for entry in _removed(before, after):
        if author is None or not entry.belongs_to(author):
            # It stands nowhere any more, so no line of the file is shown: a blank one stays blank.
            what = f"this removes {_called(entry)}, and {who}"
            yield Mistake(Place(path, 1, 1), what, cure, line_text=" ")


def described_by_others(before: Registry, after: Registry, author: str | None) -> Iterator[Mistake]:
    """Ask, kindly, whether somebody who is newly described has asked for it themselves."""
    known = {person.login.lower() for person in before.people}
    for person in after.people:
        if person.login.lower() not in {*known, (author or "").lower()}:
            who = f"and {author} proposes it" if author else "and nobody said who proposes it"
            what = f"this describes {person.login}, {who}"
            yield Mistake(person.where, what, "make sure that they asked for it", "hint")


def confirms(description: str) -> bool:
    """Tell whether the box that confirms a removal is ticked in a pull request's description."""
    visible = re.sub(r"<!--.*?(-->|\Z)", "", description, flags=re.DOTALL)
    boxes = re.findall(r"^[ \t]*[-*+][ \t]+\[[xX]\][ \t]+(.*)$", visible, re.MULTILINE)
    return any(CONFIRM_BOX.lower() in " ".join(box.lower().split()) for box in boxes)
