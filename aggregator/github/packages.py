"""Reads how a package describes itself: DESCRIPTION, pyproject.toml, setup.cfg, package.json.

Formats: cran.r-project.org "Writing R Extensions" (1.1.1), packaging.python.org (pyproject.toml),
setuptools.pypa.io (setup.cfg), docs.npmjs.com (package.json). Files come from strangers, so each is
bounded in size and read, never run, which is why setup.py is none of them. Whether the words are of
the project is judged in the catalogue. Pure.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from configparser import Error as ConfigError
from configparser import RawConfigParser
from email.parser import HeaderParser
from itertools import product
from typing import Any

from aggregator.facts.statement import Package
from aggregator.github.repository_files import PACKAGE_FILES
from aggregator.github.values import inside, read_json
from aggregator.words.clean import clean_line, clean_text

LARGEST = 100_000  # characters; nobody writes so much about one package
# tomllib looks at every beginning of a dotted name, configparser of a line for the name of an
# option: what nobody writes would keep them busy for long.
_MOST_DOTS = 100  # of one line
_LONGEST_LINE = 1_000  # characters
# The tables that say what a package is, the standard one first; older tools have their own.
_TABLES = (("project",), ("tool", "poetry"), ("tool", "flit", "metadata"))


def read_packages(*sources: str | None) -> tuple[Package, ...]:
    """Read how the files of a repository describe a package.

    Args:
        sources: The text of each of `PACKAGE_FILES`, None for one that is not there.

    Returns:
        What each says that says anything, in the same order. One that cannot be read is left out:
        whoever makes the package finds out.
    """
    named = zip(PACKAGE_FILES.values(), sources, strict=True)
    found = (_package(path, source) for path, source in named if source)
    return tuple(one for one in found if one.title or one.description)


def _package(path: str, source: str) -> Package:
    told = _READERS[path](source.removeprefix("\ufeff")) if len(source) <= LARGEST else {}
    return Package(
        path=path,
        name=clean_line(told.get("name")),
        title=clean_line(told.get("title")),
        description=clean_text(told.get("description")),
    )


def _of_r(source: str) -> Mapping[str, Any]:
    """Read the fields of a package in R; of other files of that name none."""
    fields = HeaderParser().parsestr(source)
    if not fields["Package"] or not fields["Version"]:
        return {}
    names = {"name": "Package", "title": "Title", "description": "Description"}
    return {name: str(fields[field] or "") for name, field in names.items()}


def _of_python(source: str) -> Mapping[str, Any]:
    if any(line.count(".") > _MOST_DOTS for line in source.splitlines()):
        return {}
    try:
        told = tomllib.loads(source)
    except (ValueError, RecursionError):
        return {}
    return dict(_first_told(told))


def _first_told(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give name and description from the last table that has them to the first, which wins."""
    for table, field in product(reversed(_TABLES), ("name", "description")):
        if value := inside(told, *table, field):
            yield field, value


def _of_setuptools(source: str) -> Mapping[str, Any]:
    config = RawConfigParser(strict=False)
    if any(len(line) > _LONGEST_LINE for line in source.splitlines()):
        return {}
    try:
        config.read_string(source)
    except ConfigError:
        return {}
    return dict(config["metadata"]) if config.has_section("metadata") else {}


def _of_node(source: str) -> Mapping[str, Any]:
    try:
        told = read_json(source)
    except ValueError:
        return {}
    return {name: inside(told, name) for name in ("name", "description")}


_READERS: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    "DESCRIPTION": _of_r,
    "pyproject.toml": _of_python,
    "setup.cfg": _of_setuptools,
    "package.json": _of_node,
}
