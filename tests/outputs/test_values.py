"""Each file is made from its values alone: what they do not hold can change nothing of it."""

import pickle
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta

import pytest
from pydantic import BaseModel

from aggregator.catalogue.types import Catalogue, Group, OrganisationGroup, Project
from aggregator.facts.record import Record
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.searching.columns import read_corpus
from aggregator.site.frame import Frame
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

# What knows more than any one file shows.
_WIDE = (
    *(Catalogue, Project, Group, OrganisationGroup, Showcase, Registry, Entry),
    *(Record, RepoFacts, Snapshot, Frame),
)


class Poison:
    """A text that nobody may read; it tells itself by a digest, as one on disk does."""

    def __repr__(self) -> str:
        return "a digest"

    def __str__(self) -> str:
        raise AssertionError("something outside its values was read")


def _files(catalogue: Catalogue, theme: Theme) -> list[File]:
    return list(render_site(catalogue, theme, read_corpus(())))


def _held(value: object) -> Iterator[object]:
    """Walk through everything that a value is made of, but for the theme."""
    yield value
    if isinstance(value, Theme):
        return
    if isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = list(value)
    elif is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, BaseModel):
        parts = [getattr(value, name) for name in type(value).model_fields]
    else:
        parts = []
    for part in parts:
        yield from _held(part)


def test_no_file_holds_more_than_it_shows(catalogue: Catalogue, theme: Theme) -> None:
    """Whole projects, groups and settings stay outside; so the key of a file is about the file."""
    wide = {
        file.path: type(one).__name__
        for file in _files(catalogue, theme)
        for one in _held(file.values)
        if isinstance(one, _WIDE)
    }
    assert wide == {}


def test_a_text_that_no_list_shows_is_read_by_no_list(catalogue: Catalogue, theme: Theme) -> None:
    """READMEs can be gigabytes together: only the pages of their projects ask for them."""
    poisoned = tuple(
        replace(p, readme=replace(p.readme, html=Poison(), text=Poison())) if p.readme else p
        for p in catalogue.projects
    )
    known = {project.key: project for project in poisoned}
    files = _files(replace(catalogue, projects=poisoned, by_key=known), theme)
    shown = {f"{project.page}index.html" for project in poisoned if project.readme}
    assert shown
    for file in files:
        if file.path in shown:
            with pytest.raises(AssertionError, match="outside its values"):
                _ = file.data
        else:
            assert file.data is not None


def test_values_that_went_to_another_process_make_the_same_file(
    catalogue: Catalogue, theme: Theme
) -> None:
    """No recipe reads anything but its values, not even what this process remembers."""
    for file in _files(catalogue, theme):
        sent = pickle.loads(pickle.dumps(file.values))
        there = File(file.path, sent, file.recipe)
        assert (there.key, there.data) == (file.key, file.data)


def test_a_key_changes_with_each_fact_that_a_file_shows(theme: Theme) -> None:
    """What is shown anywhere is in the key of whatever shows it, and of no other file."""
    known = factory.snapshot()
    name = "data-saves/plain-spc"
    facts = known.records[name].facts
    assert facts is not None
    for update in (
        {"stars": 541},
        {"pushed_at": factory.NOW - timedelta(days=400)},
        {"archived": True},
        {"confirmed_at": factory.NOW - timedelta(days=2)},
    ):
        glance = facts.glance.model_copy(update=update)
        changed = known.records[name].model_copy(
            update={"facts": facts.model_copy(update={"glance": glance})}
        )
        later = known.model_copy(update={"records": {**known.records, name: changed}})
        url = "https://showcase.example.org/health/"
        before, after = (
            {
                file.path: file
                for file in _files(factory.catalogue_of(factory.registry(url), s), theme)
            }
            for s in (known, later)
        )
        assert before.keys() == after.keys()
        moved = {path for path, file in before.items() if file.data != after[path].data}
        assert f"projects/{name}/index.html" in moved
        assert {path for path, file in before.items() if file.key != after[path].key} == moved


def test_every_file_has_a_key_of_its_own_values(catalogue: Catalogue, theme: Theme) -> None:
    """No key holds the address of an object, which would change from run to run."""
    for file in _files(catalogue, theme):
        assert " at 0x" not in repr(file.values)
