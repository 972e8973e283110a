"""A fact is declared once: what it means, where GitHub tells it, who reads it or why it is kept."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from aggregator.facts.base import Fact, declared_facts
from aggregator.facts.repository import Basis, Counts, Details, Glance, RepoFacts
from aggregator.facts.snapshot import Day, Mark
from aggregator.github import documents
from aggregator.store.rows import read_facts
from tests.fetch.conftest import FIRST_NIGHT

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def _words_read(room: str) -> frozenset[str]:
    """Collect every attribute that the code of a room reads, its templates included."""
    folders = [ROOT / "aggregator" / room] + ([ROOT / "site_templates"] if room == "site" else [])
    words: set[str] = set()
    for path in (file for folder in folders for file in folder.rglob("*")):
        if path.suffix == ".py":
            words |= set(_read_in(ast.parse(path.read_text(encoding="utf-8"))))
        elif path.suffix in {".html", ".sql"}:
            words |= set(re.findall(r"\.(\w+)", path.read_text(encoding="utf-8")))
    return frozenset(words)


def _read_in(tree: ast.Module) -> Iterator[str]:
    """Give every attribute that code reads: by a dot, or by a path that an export declares."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
            said = getattr(node.value.func, "id", "") == "says"
            paths = [a.value for a in node.value.args[1:] if isinstance(a, ast.Constant)]
            if said:
                yield from (word for path in paths for word in str(path).split("."))
                yield from [ast.unparse(node.target)] if len(node.value.args) == 1 else []


def _blocks_below(block: type[Fact]) -> Iterator[type[Fact]]:
    yield block
    for field in block.model_fields.values():
        for kind in _kinds(field.annotation):
            yield from _blocks_below(kind)


def _kinds(annotation: object) -> Iterator[type[Fact]]:
    if isinstance(annotation, type) and issubclass(annotation, Fact):
        yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


STORED = {block for root in (RepoFacts, Day, Mark) for block in _blocks_below(root)} - {
    RepoFacts,
    Basis,
}  # what holds the blocks, and what a run notes to compare with
FACTS = {
    f"{block.__name__}.{name}": one
    for block in STORED
    for name, one in declared_facts(block).items()
}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_stored_fact_has_a_reader_or_a_reason(name: str) -> None:
    """Nothing is stored that no room reads, unless its declaration says what it is kept for."""
    one = FACTS[name]
    assert one.meaning
    assert bool(one.read_by) != bool(one.kept), "either a reader or a reason"
    for room in one.read_by.split():
        assert name.partition(".")[2] in _words_read(room), f"{room} does not read it"


def test_every_stored_fact_is_declared() -> None:
    """No field is stored about a repository without a declaration of its own."""
    stored = {f"{block.__name__}.{name}" for block in STORED for name in block.model_fields}
    assert stored - {"Day.date", "Mark.date", "Mark.repo"} == set(FACTS)


def _asked(document: DocumentNode, node: str) -> set[str]:
    """List the paths that a query asks below its nodes, steps joined by dots."""
    named = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    (query,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    found = set(_paths(query.selection_set, named))
    return {path.removeprefix(f"{node}.") for path in found if path.startswith(f"{node}.")}


def _paths(
    selected: SelectionSetNode | None, named: Mapping[str, FragmentDefinitionNode], above: str = ""
) -> Iterator[str]:
    for one in selected.selections if selected else ():
        if isinstance(one, FieldNode):
            path = f"{above}{(one.alias or one.name).value}"
            yield path
            yield from _paths(one.selection_set, named, f"{path}.")
        elif isinstance(one, FragmentSpreadNode):
            yield from _paths(named[one.name.value].selection_set, named, above)
        else:
            yield from _paths(getattr(one, "selection_set", None), named, above)


ASKED = {
    "Glance": _asked(parse(documents.glance(["owner/name"]).text), "r0"),
    "Details": _asked(parse(documents.depth([("R_1", True, True)]).text), "r0"),
}
ASKED["Counts"] = ASKED["Details"]


@pytest.mark.parametrize(
    "name", sorted(n for n, f in FACTS.items() if f.graphql and n.partition(".")[0] in ASKED)
)
def test_every_declared_source_is_asked(name: str) -> None:
    """A fact that GraphQL is said to tell stands in the query of its pass."""
    assert set(FACTS[name].graphql.split()) <= ASKED[name.partition(".")[0]]


def test_what_is_no_longer_asked_for_is_still_read() -> None:
    """Facts that an older version asked for are read without a remark, and say what they said."""
    glance = Glance(repository_id=1, name_with_owner="a/b", mirror=True, confirmed_at=FIRST_NIGHT)
    details = Details(confirmed_at=FIRST_NIGHT)
    old = RepoFacts(glance=glance, details=details, counts=Counts(confirmed_at=FIRST_NIGHT))
    remarks: list[str] = []
    assert read_facts(old.model_dump_json(), remarks.append) == old
    assert remarks == []
