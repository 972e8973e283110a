"""Each field of the registry is declared once, and what its declaration says of it is so."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from aggregator.registry.declaration import Written, declared_fields
from aggregator.registry.messages import meant_field
from aggregator.registry.models import MODELS, Entry, Links, Organisation, Showcase, Talk
from aggregator.registry.registry import Registry
from aggregator.registry.validation import read_values
from aggregator.site.data.search_index import documents_of
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.words.names import RepoName
from tests.outputs import factory

PACKAGE = Path(__file__).resolve().parents[2] / "aggregator"
REPO = RepoName.parse("data-saves/plain-spc")
ENTRY = "projects/data-saves/plain-spc/index.html"
BODY = "organisations/slugword/index.html"
OWN = (ENTRY, BODY)
READERS = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
# Of each field a value that is found nowhere else, and the text by which it is shown.
VALUES: dict[type[Written], dict[str, tuple[object, str]]] = {
    Talk: {
        "title": ("Talkword", "Talkword"),
        "date": (date(1987, 5, 9), "1987"),
        "url": ("https://talk.example.org/", "talk.example.org"),
    },
    Links: {
        name: (f"https://{name}.example.org/", f"{name}.example.org")
        for name in ("docs", "demo", "paper")
    },
    Entry: {
        "repo": (REPO, "plain-spc"),
        "title": ("Titleword", "Titleword"),
        "summary": ("Summaryword", "Summaryword"),
        "organisation": ("slugword", "slugword"),
        "stage": ("Stageword", "Stageword"),
        "tags": (("tagword",), "tagword"),
        "people": (("peopleword",), "peopleword"),
        "added": (date(1985, 4, 8), "1985"),
        "story": ("Storyword", "red arrow on a board paper"),
        "used_by": (("otherword",), "otherword"),
    },
    Organisation: {
        "slug": ("slugword", "slugword"),
        "name": ("Nameword", "Nameword"),
        "kind": ("Kindword", "Kindword"),
        "url": ("https://body.example.org/", "body.example.org"),
        "acronym": ("ACROWORD", "ACROWORD"),
    },
    Showcase: {
        "title": ("Showword", "Showword"),
        "tagline": ("Taglineword", "Taglineword"),
        "about": ("Aboutword", "Aboutword"),
        "url": ("https://site.example.org/here/", "site.example.org/here"),
        "repository": (RepoName.parse("holder/place"), "holder/place"),
        "branch": ("branchword", "branchword"),
        "home": ("https://home.example.org/", "home.example.org"),
        "contact": ("contactword@example.org", "contactword@example.org"),
        "stages": (("Stageword", "Laterword"), "Stageword"),
        "accent": ("#123456", "#123456"),
        "language": ("cy", 'lang="cy"'),
        "stale_after_days": (217, "217"),
    },
}


def values_of(model: type[Written]) -> dict[str, object]:
    return {name: value for name, (value, _) in VALUES[model].items()}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The site of one project with every field filled in; what it is searched by is a file too."""
    talks, links = (Talk(**values_of(Talk)),), Links(**values_of(Links))
    entry = Entry(**values_of(Entry), talks=talks, links=links)
    other = Organisation(slug="otherword", name="Another body")
    body = Organisation(**values_of(Organisation))
    registry = Registry(Showcase(**values_of(Showcase)), (body, other), (entry,))
    known = factory.snapshot()
    catalogue = factory.catalogue_of(registry, known)
    files = {
        file.path: file.data.decode(errors="replace")
        for file in render_site(catalogue, load_theme(registry.showcase.accent))
    }
    return files | {"searched": repr(documents_of(catalogue))}


def seen(model: type[Written], text: str, texts: dict[str, str]) -> Iterator[str]:
    """Tell where a visitor meets a text."""
    # A card alone stands on somebody else's page, which says who it is.
    pages = {
        path: html
        for path, html in texts.items()
        if path.endswith("index.html") and not path.endswith("/card/index.html")
    }
    styles = (css for path, css in texts.items() if path.endswith(".css"))
    if all(text in html for html in pages.values()) or any(text in css for css in styles):
        yield "every page"
    elif any(text in html for path, html in pages.items() if model is Showcase or path in OWN):
        yield "page"
    if text in texts["data/catalogue.json"]:
        yield "export"
    if text in texts["searched"]:
        yield "search"
    # An organisation is listed among the ways to look around, in its short form.
    cards = "index.html" if model is Organisation else "projects/index.html"
    if text in texts[cards] and model is not Showcase:
        yield "card"


@pytest.mark.parametrize(
    ("model", "name"), [(model, name) for model, fields in VALUES.items() for name in fields]
)
def test_a_field_is_seen_where_its_declaration_says(
    model: type[Written], name: str, texts: dict[str, str]
) -> None:
    """What a member writes is shown, exported and found in just the places that are promised."""
    declared = {field.name: field.seen for field in declared_fields(model)}
    assert set(declared[name]) == set(seen(model, VALUES[model][name][1], texts))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_field_is_accepted_for_nothing(model: type[Written]) -> None:
    """A field is met by visitors, or holds fields that are, or says why not and is read."""
    for field in declared_fields(model):
        assert bool(field.seen) != bool(field.unseen), field.name
        is_group = field.name in {"talks", "links"}
        known = is_group or field.unseen or field.name in VALUES[model]
        assert known, f"{field.name}: put a value into VALUES, and the text by which it is shown"
        if field.unseen:
            assert re.search(rf"\.{field.name}\b", READERS), f"nothing reads {field.name}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_that_can_be_written_is_declared(model: type[Written]) -> None:
    """No field comes in beside the declarations; `where` is the loader's own."""
    names = {field.name for field in fields(model)}
    assert names - {"where"} == {field.name for field in declared_fields(model)}
    assert all(field.meaning for field in declared_fields(model))


def test_what_is_written_of_a_part_reads_back_as_it() -> None:
    """An entry, an organisation and settings that the program writes are those that it meant."""
    talks, links = (Talk(**values_of(Talk)),), Links(**values_of(Links))
    entry = Entry(**values_of(Entry) | {"tags": ("a-tag",)}, talks=talks, links=links)
    for part in (entry, Organisation(**values_of(Organisation)), Showcase(**values_of(Showcase))):
        assert read_values(type(part), part.as_written()) == (part, [])
    assert Entry(repo=REPO).as_written() == {"repo": str(REPO)}


def test_no_other_word_stands_for_two_fields() -> None:
    """What people write for a field leads to one field, and never away from one of that name."""
    pairs = [
        (word, field.name)
        for model in MODELS
        for field in declared_fields(model)
        for word in field.also
    ]
    assert len(pairs) == len({word for word, _ in pairs})
    assert meant_field("Maintainers", Entry) == "people"
