"""The GraphQL documents, read from the ``.graphql`` files beside this module.

Whole operations are sent as they stand in their file. Where every repository needs its own
arguments the fragment of the file is repeated under the aliases ``r0``, ``r1``, ... Values travel
as variables only, never inside the text. Nothing is sent from here; ``graphql_source`` does that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_RATE = "rateLimit { cost limit remaining resetAt }"


@dataclass(frozen=True, slots=True)
class Document:
    """A GraphQL query with its variables, ready to post."""

    text: str
    variables: dict[str, object]


@cache
def _read(name: str) -> str:
    return (files(__package__) / "queries" / f"{name}.graphql").read_text(encoding="utf-8")


def glance(names: Sequence[str]) -> Document:
    """Ask for the scalars of repositories by owner/name; answers are under ``r0``, ``r1``, ..."""
    variables: dict[str, object] = {}
    for index, name in enumerate(names):
        owner, _, repository = name.partition("/")
        variables |= {f"o{index}": owner, f"n{index}": repository}
    declared = " ".join(f"${key}: String!" for key in variables)
    lines = [
        f"  r{index}: repository(owner: $o{index}, name: $n{index}) {{ ...Glance }}"
        for index in range(len(names))
    ]
    return Document(_query("Glance", declared, lines) + _read("glance"), variables)


def glance_by_id(node_ids: Sequence[str]) -> Document:
    """Ask for the scalars of repositories by node id; answers are in ``nodes``."""
    return Document(_read("glance_by_id") + _read("glance"), {"ids": list(node_ids)})


def depth(node_ids: Sequence[str], since: str) -> Document:
    """Ask for details and counts by node id; ``since`` (ISO 8601) begins the commit year."""
    return Document(_read("depth"), {"ids": list(node_ids), "year": since})


def readmes(blobs: Sequence[tuple[str, str]]) -> Document:
    """Ask for blob text; ``blobs`` are pairs of repository node id and blob oid."""
    variables: dict[str, object] = {}
    for index, (node_id, oid) in enumerate(blobs):
        variables |= {f"i{index}": node_id, f"b{index}": oid}
    declared = " ".join(
        f"${key}: {'ID!' if key.startswith('i') else 'GitObjectID!'}" for key in variables
    )
    lines = [
        f"  r{index}: node(id: $i{index}) "
        f"{{ ... on Repository {{ object(oid: $b{index}) {{ ...ReadmeText }} }} }}"
        for index in range(len(blobs))
    ]
    return Document(_query("Readmes", declared, lines) + _read("readme"), variables)


def linked(paths: Sequence[tuple[str, str]]) -> Document:
    """Ask for single files with their modes; ``paths`` are pairs of node id and path."""
    variables: dict[str, object] = {}
    for index, (node_id, path) in enumerate(paths):
        variables |= {f"i{index}": node_id, f"p{index}": path}
    declared = " ".join(
        f"${key}: {'ID!' if key.startswith('i') else 'String!'}" for key in variables
    )
    lines = [
        f'  r{index}: node(id: $i{index}) {{ ... on Repository {{ object(expression: "HEAD") '
        f"{{ ... on Commit {{ file(path: $p{index}) {{ ...Linked }} }} }} }} }}"
        for index in range(len(paths))
    ]
    return Document(_query("Linked", declared, lines) + _read("linked"), variables)


def _query(name: str, declared: str, lines: Sequence[str]) -> str:
    body = "\n".join(lines)
    return f"query {name}({declared}) {{\n{body}\n  {_RATE}\n}}\n"
