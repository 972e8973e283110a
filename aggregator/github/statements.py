"""Reads CITATION.cff, codemeta.json and publiccode.yml: projects in their own words.

Formats: citation-file-format.github.io (schema 1.2.0), codemeta.github.io (3.0) and
docs.italia.it publiccode.yml (0.4). Files come from strangers, so YAML is read as the registry
is: event by event, bounded in size and depth, every value as the text that was typed. A value with
a tag or an alias, or of another type than expected, is left out; the others count. Pure.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import yaml

from aggregator.facts.statement import Author, Identifier, Publication, Statement
from aggregator.github.repository_files import STATEMENT_FILES
from aggregator.github.values import LARGEST_COUNT, inside, lines, objects, read_json
from aggregator.registry.tree import FORBIDDEN, Items, Node, Scalar, Table, read_tree
from aggregator.words.clean import clean_address, clean_line, clean_text

LARGEST = 200_000  # characters
MOST_WORDS = 30
MOST_LICENCES = 10
MOST_IDENTIFIERS = 20
LANGUAGES = ("en", "en-GB", "en-US")
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


def _data(source: str, *, is_json: bool) -> Mapping[str, Any] | None:
    try:
        if is_json:
            data = read_json(source)
        else:
            clean = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", source.removeprefix("\ufeff"))
            data = _plain(read_tree(clean, "")[0])
    except (ValueError, yaml.YAMLError):
        return None
    return data if isinstance(data, Mapping) else None


def _plain(node: Node | None) -> Any:
    """Take the places off a tree; its depth is bounded where it is read."""
    if isinstance(node, Table):
        return {name: _plain(value) for name, value in node.fields.items()}
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) and node.sound and not node.blank else None


def _first_line(value: object) -> str | None:
    return clean_line(value[0] if isinstance(value, list) and value else value)


def _version(value: object) -> str | None:
    """Read a version; a number in codemeta.json stands for the one that it looks like."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value) if abs(value) <= LARGEST_COUNT else None
    return clean_line(value)


def _called(value: object, *keys: str) -> str | None:
    """Read a text, or what an object says under the first of these keys that says something."""
    found = (clean_line(inside(value, key)) for key in keys)
    return clean_line(value) or next(filter(None, found), None)


def _licences(value: object) -> tuple[str, ...]:
    """Read one licence or several, each as a text, an address or an object that names it."""
    items = value if isinstance(value, list) else [value]
    found = (_called(item, "identifier", "@id", "url", "name") for item in items[:MOST_LICENCES])
    return tuple(filter(None, found))


def _identifiers(value: object) -> tuple[Identifier, ...]:
    """Read the numbers of a project: texts, or objects with a value; lists may hold lists."""
    items = value if isinstance(value, list) else [value]
    flat = [one for item in items for one in (item if isinstance(item, list) else [item])]
    return tuple(
        Identifier(
            value=number, note=clean_line(inside(item, "name") or inside(item, "description"))
        )
        for item in flat[:MOST_IDENTIFIERS]
        if (number := _called(item, "value", "@value", "@id", "url", "identifier"))
    )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _words(value: object) -> tuple[str, ...]:
    return (lines(value.split(",") if isinstance(value, str) else value) or ())[:MOST_WORDS]


def _people(value: object) -> tuple[str, ...]:
    """Read names, whole or put together from their parts."""
    keys = ("given-names", "givenName", "family-names", "familyName")
    found = (
        clean_line(person.get("name"))
        or " ".join(part for key in keys if (part := clean_line(person.get(key))))
        for person in objects(value if isinstance(value, list) else [value])
    )
    return tuple(name for name in found if name)[:MOST_WORDS]


def _authors(value: object) -> tuple[Author, ...]:
    """Read the parts of names; a name that the file does not take apart stays in one."""
    people = objects(value if isinstance(value, list) else [value])
    found = (
        Author(
            family=_called(person, "family-names", "familyName"),
            given=_called(person, "given-names", "givenName"),
            particle=_called(person, "name-particle"),
            suffix=_called(person, "name-suffix", "honorificSuffix"),
            whole=_called(person, "name", "alias"),
        )
        for person in people
    )
    # A family name or a whole one; given names alone are a name in one piece.
    named = (_told_once(author) for author in found)
    return tuple(author for author in named if author.family or author.whole)[:MOST_WORDS]


def _told_once(author: Author) -> Author:
    if author.family:
        return author.model_copy(update={"whole": None})
    return Author(whole=author.whole or author.given)


def _publication(value: object) -> Publication | None:
    """Read `preferred-citation`; without a title or authors nobody could cite it."""
    title, people = clean_line(inside(value, "title")), _authors(inside(value, "authors"))
    if not title or not people:
        return None
    day = _day(inside(value, "date-published")) or _day(inside(value, "date-released"))
    year = _version(inside(value, "year")) or str(day.year if day else "")
    return Publication(
        title=title,
        kind=clean_line(inside(value, "type")),
        people=people,
        container=_called(value, "journal", "collection-title"),
        publisher=_called(inside(value, "publisher"), "name"),
        volume=_version(inside(value, "volume")),
        issue=_version(inside(value, "issue")),
        start=_version(inside(value, "start")),
        end=_version(inside(value, "end")),
        year=int(year) if _YEAR.fullmatch(year) else None,
        doi=clean_line(inside(value, "doi")),
        url=clean_address(inside(value, "url")),
    )


# Each field of a statement: how it is read, and where it stands in each of `STATEMENT_FILES`. Of
# several places the first that says something counts.
_FIELDS: Mapping[str, tuple[Callable[[object], Any], tuple[str, str, str]]] = {
    "kind": (_first_line, ("type", "@type type", "")),
    "title": (clean_line, ("title", "name", "name english.localisedName")),
    "description": (clean_text, ("abstract", "description", "english.shortDescription")),
    "homepage": (clean_address, ("url", "url", "landingURL")),
    "version": (_version, ("version", "version", "softwareVersion")),
    "doi": (clean_line, ("doi", "", "")),
    "identifiers": (_identifiers, ("identifiers", "identities", "")),
    "status": (_first_line, ("", "developmentStatus", "developmentStatus")),
    "released_on": (_day, ("date-released", "datePublished", "releaseDate")),
    "keywords": (_words, ("keywords", "keywords", "english.features")),
    "authors": (_people, ("authors", "author", "maintenance.contacts")),
    "people": (_authors, ("authors", "author", "")),
    "preferred": (_publication, ("preferred-citation", "", "")),
    "licences": (_licences, ("license license-url", "license", "legal.license")),
}


def read_statements(*sources: str | None) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """Read what files of a repository say about the project.

    Args:
        sources: The text of each of `STATEMENT_FILES`, None for one that is not there.

    Returns:
        What they say, in order of precedence: publiccode.yml and codemeta.json describe the
        software, CITATION.cff may describe a paper. And the names of those that hold something
        and still cannot be read; their owners can mend them.
    """
    said, unread = [], []
    named = zip(STATEMENT_FILES.values(), sources, strict=True)
    for column, (path, source) in enumerate(named):
        if not source or not source.strip():
            continue
        data = _data(source, is_json=path.endswith(".json")) if len(source) <= LARGEST else None
        if not data:
            unread.append(path)
        elif (one := _statement(path, column, data)) != Statement(path=path):
            said.append(one)
    return tuple(reversed(said)), tuple(unread)


def _statement(path: str, column: int, data: Mapping[str, Any]) -> Statement:
    described, english = data.get("description"), None
    if isinstance(described, Mapping):  # in publiccode.yml, by language
        known = [described[key] for key in LANGUAGES if key in described]
        english = next(iter([*known, *described.values()]), None)
    identities = [data.get(key) for key in ("identifier", "@id", "id")]
    data = {**data, "english": english, "identities": identities}
    found: dict[str, Any] = {}
    for field, (reader, places) in _FIELDS.items():
        values = (reader(inside(data, *place.split("."))) for place in places[column].split())
        found[field] = next(filter(None, values), None)
    licences = found.pop("licences") or ()
    several = licences if len(licences) > 1 else ()
    told = {field: value for field, value in found.items() if value}
    return Statement(path=path, licence=next(iter(licences), None), licences=several, **told)
