"""The GraphQL documents, read from the ``.graphql`` files beside this module.

Most are sent as they stand. Where every repository needs arguments of its own, the lines of the
file that hold a 0 are repeated for each, under the aliases ``r0``, ``r1``, ... Values travel as
variables only, never inside the text. Nothing is sent from here; ``graphql_source`` does that.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_NUMBERED = re.compile(r"(?<=[a-z])0\b")


@dataclass(frozen=True, slots=True)
class GraphqlQuery:
    """A GraphQL query with its variables, ready to post."""

    text: str
    variables: dict[str, object]


@cache
def _read(name: str) -> str:
    return (files(__package__) / "queries" / f"{name}.graphql").read_text(encoding="utf-8")


def glance(names: Sequence[str]) -> GraphqlQuery:
    """Ask for the scalars of repositories by owner/name; answers are under ``r0``, ``r1``, ..."""
    split = [name.partition("/") for name in names]
    rows = [{"owner": owner, "name": name} for owner, _, name in split]
    return _with(_repeated("glance", rows), "glance_fields")


def glance_by_id(node_ids: Sequence[str]) -> GraphqlQuery:
    """Ask for the scalars of repositories by node id; answers are in ``nodes``."""
    query = GraphqlQuery(_read("glance_by_id"), {"ids": list(node_ids)})
    return _with(query, "glance_fields")


def depth(wanted: Sequence[tuple[str, bool, bool]]) -> GraphqlQuery:
    """Ask for details and counts; answers are under ``r0``, ``r1``, ...

    Args:
        wanted: Node ids, each with whether to ask for the authors of the newest commits, and for
            the text of READMEs that are named as nearly all are.
    """
    rows = [{"id": node, "people": people, "usual": usual} for node, people, usual in wanted]
    return _with(_repeated("depth", rows), "readme_text")


def readmes(blobs: Sequence[tuple[str, str]]) -> GraphqlQuery:
    """Ask for blob text; ``blobs`` are pairs of repository node id and blob oid."""
    rows = [{"id": node_id, "oid": oid} for node_id, oid in blobs]
    return _with(_repeated("readmes", rows), "readme_text")


def linked(paths: Sequence[tuple[str, str]]) -> GraphqlQuery:
    """Ask for single files with their modes; ``paths`` are pairs of node id and path."""
    return _repeated("linked", [{"id": node_id, "path": path} for node_id, path in paths])


def _with(query: GraphqlQuery, fragments: str) -> GraphqlQuery:
    """Add the fragments of another file."""
    return GraphqlQuery(query.text + _read(fragments), query.variables)


def _repeated(name: str, rows: Sequence[Mapping[str, object]]) -> GraphqlQuery:
    """Repeat the numbered lines of a document for each row of values."""
    lines: list[str] = []
    for line in _read(name).splitlines(keepends=True):
        times = range(len(rows)) if _NUMBERED.search(line) else range(1)
        lines += [_NUMBERED.sub(str(number), line) for number in times]
    values = {f"{key}{n}": value for n, row in enumerate(rows) for key, value in row.items()}
    return GraphqlQuery("".join(lines), dict(values))
