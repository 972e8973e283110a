"""Reads CITATION.cff, codemeta.json and publiccode.yml: projects in their own words.

Formats: citation-file-format.github.io (schema 1.2.0), codemeta.github.io (3.0) and
docs.italia.it publiccode.yml (0.4). Files come from strangers, so YAML is read as the registry
is: event by event, bounded in size and depth, every value as the text that was typed. A value with
a tag or an alias, or of another type than expected, is left out; the others count. Pure.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from aggregator.facts.repository import Identifier, Statement
from aggregator.github.values import (
    LARGEST_COUNT,
    inside,
    line,
    objects,
    read_json,
    text,
    web_address,
)
from aggregator.registry.tree import FORBIDDEN, Items, Node, Scalar, Table, read_tree

LARGEST = 200_000  # characters
MOST_WORDS = 30
MOST_LICENCES = 10
MOST_IDENTIFIERS = 20
LANGUAGES = ("en", "en-GB", "en-US")


def read_statements(
    citation: str | None, codemeta: str | None, publiccode: str | None
) -> tuple[Statement, ...]:
    """Return what the files say, in order of precedence: publiccode, codemeta, citation.

    publiccode.yml and codemeta.json describe the software; CITATION.cff may describe a paper.
    """
    found = (_publiccode(publiccode), _codemeta(codemeta), _citation(citation))
    return tuple(one for one in found if one is not None and one != Statement(path=one.path))


def unread_files(
    citation: str | None, codemeta: str | None, publiccode: str | None
) -> tuple[str, ...]:
    """Name the files that hold something and still cannot be read; their owners can mend them."""
    read = {
        "CITATION.cff": (citation, _yaml),
        "codemeta.json": (codemeta, _json),
        "publiccode.yml": (publiccode, _yaml),
    }
    return tuple(
        path for path, (text, reader) in read.items() if text and text.strip() and not reader(text)
    )


def _citation(source: str | None) -> Statement | None:
    data = _yaml(source)
    if data is None:
        return None
    return Statement(
        path="CITATION.cff",
        kind=line(data.get("type")),
        title=line(data.get("title")),
        description=text(data.get("abstract")),
        homepage=web_address(data.get("url")),
        version=line(_word(data.get("version"))),
        doi=line(data.get("doi")),
        identifiers=_identifiers(data.get("identifiers"), "description"),
        released_on=_day(data.get("date-released")),
        keywords=_words(data.get("keywords")),
        authors=_people(data.get("authors"), ("given-names", "family-names")),
        **_licences(data.get("license") or data.get("license-url")),
    )


def _codemeta(source: str | None) -> Statement | None:
    data = _json(source)
    if data is None:
        return None
    return Statement(
        path="codemeta.json",
        kind=line(_one(data.get("@type") or data.get("type"))),
        title=line(data.get("name")),
        description=text(data.get("description")),
        homepage=web_address(data.get("url")),
        version=line(_word(data.get("version"))),
        identifiers=_identifiers([data.get("identifier"), data.get("@id"), data.get("id")]),
        status=line(_one(data.get("developmentStatus"))),
        released_on=_day(data.get("datePublished")),
        keywords=_words(data.get("keywords")),
        authors=_people(data.get("author"), ("givenName", "familyName")),
        **_licences(data.get("license")),
    )


def _publiccode(source: str | None) -> Statement | None:
    data = _yaml(source)
    if data is None:
        return None
    described = _in_english(data.get("description"))
    return Statement(
        path="publiccode.yml",
        title=line(data.get("name")) or line(inside(described, "localisedName")),
        description=text(inside(described, "shortDescription")),
        homepage=web_address(data.get("landingURL")),
        version=line(_word(data.get("softwareVersion"))),
        status=line(data.get("developmentStatus")),
        released_on=_day(data.get("releaseDate")),
        keywords=_words(inside(described, "features")),
        authors=_people(inside(data, "maintenance", "contacts"), ()),
        **_licences(inside(data, "legal", "license")),
    )


def _yaml(source: str | None) -> Mapping[str, Any] | None:
    if not source or len(source) > LARGEST:
        return None
    clean = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", source.removeprefix("\ufeff"))
    try:
        root, _ = read_tree(clean, "")
    except yaml.YAMLError:
        return None
    data = _plain(root)
    return data if isinstance(data, Mapping) else None


def _plain(node: Node | None) -> Any:
    """Take the places off a tree; its depth is bounded where it is read."""
    if isinstance(node, Table):
        return {name: _plain(value) for name, value in node.fields.items()}
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) and node.sound and not node.blank else None


def _json(source: str | None) -> Mapping[str, Any] | None:
    if not source or len(source) > LARGEST:
        return None
    try:
        data = read_json(source)
    except ValueError:
        return None
    return data if isinstance(data, Mapping) else None


def _one(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _word(value: object) -> object:
    """Take a number in codemeta.json for the version that it stands for."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    return str(value) if abs(value) <= LARGEST_COUNT else None


def _licences(value: object) -> dict[str, Any]:
    """Read one licence or several, each as a text, an address or an object that names it."""
    items = value if isinstance(value, list) else [value]
    found = tuple(name for name in map(_licence_name, items[:MOST_LICENCES]) if name)
    return {"licence": found[0] if found else None, "licences": found if len(found) > 1 else ()}


def _licence_name(value: object) -> str | None:
    keys = ("identifier", "@id", "url", "name")
    return line(value) or next((said for key in keys if (said := line(inside(value, key)))), None)


def _identifiers(value: object, note: str = "name") -> tuple[Identifier, ...]:
    """Read the numbers of a project: texts, or objects with a value; lists may hold lists."""
    items = value if isinstance(value, list) else [value]
    flat = [one for item in items for one in (item if isinstance(item, list) else [item])]
    found = ((_identifier(item), line(inside(item, note))) for item in flat[:MOST_IDENTIFIERS])
    return tuple(Identifier(value=value, note=said) for value, said in found if value)


def _identifier(item: object) -> str | None:
    keys = ("value", "@value", "@id", "url", "identifier")
    return line(item) or next((said for key in keys if (said := line(inside(item, key)))), None)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _words(value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    found = (line(item) for item in items) if isinstance(items, list) else ()
    return tuple(word for word in found if word)[:MOST_WORDS]


def _people(value: object, keys: tuple[str, ...]) -> tuple[str, ...]:
    people = objects(value if isinstance(value, list) else [value])
    return tuple(_names(people, keys))[:MOST_WORDS]


def _names(people: Iterator[Mapping[str, Any]], keys: tuple[str, ...]) -> Iterator[str]:
    for person in people:
        parts = [line(person.get(key)) for key in keys]
        whole = line(person.get("name")) or " ".join(part for part in parts if part)
        if whole:
            yield whole


def _in_english(value: object) -> object:
    if not isinstance(value, Mapping):
        return None
    return next((value[key] for key in LANGUAGES if key in value), next(iter(value.values()), None))
