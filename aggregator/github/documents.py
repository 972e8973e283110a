"""The GraphQL documents, read from the ``.graphql`` files beside this module.

Most are sent as they stand. Where every repository needs arguments of its own, the lines of the
file that hold a 0 are repeated for each, under the aliases ``r0``, ``r1``, ... Values travel as
variables only, never inside the text. Nothing is sent from here; ``graphql_source`` does that.
"""

import re
from collections.abc import Sequence
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
    query = _repeated("glance", [{"owner": owner, "name": name} for owner, _, name in split])
    return GraphqlQuery(query.text + _read("glance_fields"), query.variables)


def glance_by_id(node_ids: Sequence[str]) -> GraphqlQuery:
    """Ask for the scalars of repositories by node id; answers are in ``nodes``."""
    return GraphqlQuery(_read("glance_by_id") + _read("glance_fields"), {"ids": list(node_ids)})


def depth(node_ids: Sequence[str], since: str) -> GraphqlQuery:
    """Ask for details and counts by node id; ``since`` (ISO 8601) begins the commit year."""
    return GraphqlQuery(_read("depth"), {"ids": list(node_ids), "year": since})


def readmes(blobs: Sequence[tuple[str, str]]) -> GraphqlQuery:
    """Ask for blob text; ``blobs`` are pairs of repository node id and blob oid."""
    return _repeated("readmes", [{"id": node_id, "oid": oid} for node_id, oid in blobs])


def linked(paths: Sequence[tuple[str, str]]) -> GraphqlQuery:
    """Ask for single files with their modes; ``paths`` are pairs of node id and path."""
    return _repeated("linked", [{"id": node_id, "path": path} for node_id, path in paths])


def _repeated(name: str, rows: Sequence[dict[str, str]]) -> GraphqlQuery:
    """Repeat the numbered lines of a document for each row of values."""
    lines: list[str] = []
    for line in _read(name).splitlines(keepends=True):
        times = range(len(rows)) if _NUMBERED.search(line) else range(1)
        lines += [_NUMBERED.sub(str(number), line) for number in times]
    values = {f"{key}{n}": value for n, row in enumerate(rows) for key, value in row.items()}
    return GraphqlQuery("".join(lines), dict(values))
