"""What the palette of every page finds by name: organisations, tags, people, talks, pages and more.

    Catalogue --places_of--> NamedPlaces, by kind --name_files--> one file, or one a first letter

It finds projects by the index of the search; here are their titles too, in the order of that index,
where all of it is small enough to be one file. Only what has a page of its own is named. Its other
half is `static/palette/palette.js`. Called by `renderers`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.catalogue.kinds import kinds_of
from aggregator.catalogue.types import Catalogue
from aggregator.searching.document import Document
from aggregator.searching.tokens import tokens, word
from aggregator.site.contents import PAGES
from aggregator.site.frame import Anchor, Frame, group_anchor, named_groups, organisation_anchor
from aggregator.site.menus import own_folder
from aggregator.site.pages.people import person_anchor
from aggregator.site.pages.telling import listed_paths, told_stories
from aggregator.site.talks import listed_talks
from aggregator.words.phrases import sentence, shortened

# Characters of JSON, of which compression leaves a third; beyond them there is a file a letter.
MOST_IN_ONE = 45_000

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_REST = ""  # names of which no word begins with one of those, and all names where there is one file
_NOTE = 80  # characters of what a page of the community's own says of itself
_SEARCH = "search/"  # the last line of the palette leads there anyway


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A page that is found by its name.

    Args:
        text: the name.
        path: the page, from the top of the site.
        count: of how many projects it is; 0 where that is not said.
        note: what else it is known by or tells it apart: an acronym, a login, who speaks.
    """

    text: str
    path: str
    count: int = 0
    note: str = ""


Places = Mapping[str, Sequence[NamedPlace]]


def places_of(catalogue: Catalogue, frame: Frame) -> Places:
    """Give all that can be found by name but projects, by kind; the kinds in the order shown.

    Each kind is sorted by name, so that the same catalogue gives the same bytes.
    """
    named = named_groups(catalogue)
    groups = {
        folder: [_counted(group_anchor(folder, group)) for group in named[folder]]
        for folder in named
    }
    kinds = kinds_of(catalogue.organisations, catalogue.terms.get("kinds", {}))
    found: dict[str, Iterable[NamedPlace]] = {
        "organisations": _organisations(catalogue),
        "tags": groups["tags/"],
        "languages": groups["languages/"],
        "stages": [NamedPlace(sentence(s.text), s.path, s.count) for s in groups["stages/"]],
        "kinds": [
            NamedPlace(sentence(kind.name), f"kinds/{kind.slug}/", len(kind.projects))
            for kind in kinds
        ],
        "people": _people(catalogue),
        "stories": [
            NamedPlace(story.title, story.path, note=story.by or "")
            for story in told_stories(frame, catalogue.projects)
        ],
        "talks": _talks(catalogue),
        "paths": [NamedPlace(p.anchor.text, p.anchor.path) for p in listed_paths(catalogue.paths)],
        "pages": [
            *(
                NamedPlace(kind.title, kind.folder)
                for kind in PAGES
                if kind.itself and kind.found and kind.folder not in {*frame.empty, _SEARCH}
            ),
            *(
                NamedPlace(p.title, own_folder(p.slug), note=shortened(p.description, _NOTE))
                for p in catalogue.written
            ),
        ],
    }
    return {kind: sorted(places, key=_in_order) for kind, places in found.items()}


def name_files(places: Places, projects: Sequence[Document]) -> Mapping[str, Mapping[str, Any]]:
    """Give what each file of names holds, by the letter that words of its names begin with.

    Where all names and the titles of all projects fit into one file, that is "". Each place is
    written as text, path, count and note; each project as title, path and who made it, or else
    which other showcase lists it.

    Args:
        places: what is found by name.
        projects: all of them, in the order of the index.
    """
    titles = [[p.shown_title, p.url, p.origin or p.organisation or p.owner] for p in projects]
    whole = {**_written(places), "projects": titles}
    if len(json.dumps(whole, ensure_ascii=False)) <= MOST_IN_ONE:
        return {_REST: whole}
    by_letter: dict[str, dict[str, list[NamedPlace]]] = defaultdict(lambda: defaultdict(list))
    for kind, named in places.items():
        for place in named:
            for letter in _first_letters(place):
                by_letter[letter][kind].append(place)
    return {letter: _written(by_letter[letter]) for letter in sorted(by_letter)}


def _written(places: Places) -> dict[str, list[list[Any]]]:
    rows = {
        kind: [[p.text, p.path, p.count, p.note] for p in found] for kind, found in places.items()
    }
    return {kind: found for kind, found in rows.items() if found}


def _first_letters(place: NamedPlace) -> set[str]:
    """Give the letters that words of a name begin with, as the browser reads what is typed."""
    firsts = {word(token).surface[:1] for token in tokens(f"{place.text} {place.note}")}
    return {first if first in _LETTERS else _REST for first in firsts} or {_REST}


def _in_order(place: NamedPlace) -> tuple[str, str, str]:
    return place.text.casefold(), place.text, place.path


def _counted(anchor: Anchor) -> NamedPlace:
    return NamedPlace(anchor.text, anchor.path, anchor.count or 0)


def _organisations(catalogue: Catalogue) -> Iterator[NamedPlace]:
    for group in catalogue.organisations:
        body = group.organisation
        anchor = organisation_anchor(body)
        yield NamedPlace(anchor.text, anchor.path, len(group.projects), body.acronym or "")


def _people(catalogue: Catalogue) -> Iterator[NamedPlace]:
    """Name those who have a page; spellings of a login that differ in case are one person."""
    logins = {low: person.login for low, person in catalogue.described.items()}
    projects: dict[str, set[str]] = defaultdict(set)
    for group in catalogue.people:
        logins.setdefault(group.name.lower(), group.name)
        projects[group.name.lower()].update(project.key for project in group.projects)
    for low, login in logins.items():
        anchor = person_anchor(login, catalogue.described.get(low))
        note = login if anchor.text != login else ""
        yield NamedPlace(anchor.text, anchor.path, len(projects[low]), note)


def _talks(catalogue: Catalogue) -> Iterator[NamedPlace]:
    """Name talks; one about a project stands on the page of that, any other in the list."""
    zone = catalogue.showcase.timezone
    for listed in listed_talks(catalogue.projects, catalogue.talks, zone):
        path = listed.project.path if listed.project else "talks/"
        yield NamedPlace(listed.talk.title, path, note=", ".join(listed.talk.speakers))
