"""Each field of the registry is declared once, and what its declaration says of it is so."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest

from aggregator.registry.appearance import Appearance, CommunityLink, Font, MenuItem
from aggregator.registry.community import (
    Accessibility,
    Celebration,
    Inclusion,
    LearningPath,
    Person,
    Step,
    StoryPicture,
    Talk,
    Term,
)
from aggregator.registry.declaration import Written, declared_fields
from aggregator.registry.messages import meant_field
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.outline import MODELS
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
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
        "time": (time(23, 41), "23:41"),
        "place": ("Placeword", "Placeword"),
        "speakers": (("Speakerword",), "Speakerword"),
        "recording": ("https://recording.example.org/", "recording.example.org"),
    },
    Celebration: {
        "what": ("milestone", "milestone"),
        "text": ("Newsword", "Newsword"),
        "date": (date(1986, 3, 7), "1986"),
        "url": ("https://news.example.org/", "news.example.org"),
    },
    StoryPicture: {
        "file": ("pages/storyfileword.jpg", "storyfileword.jpg"),
        "shows": ("Storyshowsword", "Storyshowsword"),
        "credit": ("Storycreditword", "Storycreditword"),
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
        "does": (("doesword",), "doesword"),
        "people": (("peopleword",), "peopleword"),
        "added": (date(1985, 4, 8), "1985"),
        "story": ("Storyword", "red arrow on a board paper"),
        "story_by": ("Tellerword", "Tellerword"),
        "story_date": (date(1984, 2, 6), "1984"),
        "used_by": (("otherword",), "otherword"),
    },
    Organisation: {
        "slug": ("slugword", "slugword"),
        "name": ("Nameword", "Nameword"),
        "kind": ("Kindword", "Kindword"),
        "url": ("https://body.example.org/", "body.example.org"),
        "acronym": ("ACROWORD", "ACROWORD"),
        "about": ("Bodyaboutword", "Bodyaboutword"),
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
        "language": ("en-ZA", 'lang="en-ZA"'),
        "timezone": ("Pacific/Chatham", "Pacific/Chatham"),
        "data_licence": ("OGL-UK-3.0", "OGL-UK-3.0"),
        "stale_after_days": (217, "217"),
    },
    Accessibility: {
        "reviewed": (date(1983, 1, 5), "1983"),
        "tested": ("Testedword", "Testedword"),
        "problems": ("Problemword", "Problemword"),
        "contact": ("accessword@example.org", "accessword@example.org"),
    },
    Inclusion: {
        "from": (
            "https://fromword.example.org/data/catalogue.json",
            "https://fromword.example.org/data/catalogue.json",
        ),
        "title": ("Includedword", "Includedword"),
    },
    Person: {
        "login": ("peopleword", "peopleword"),
        "name": ("Personword", "Personword"),
        "about": ("Personaboutword", "Personaboutword"),
        "organisation": ("slugword", "slugword"),
        "url": ("https://person.example.org/", "person.example.org"),
    },
    Term: {
        "name": ("tagword", "tagword"),
        "means": ("Meaningword", "Meaningword"),
        "group": ("Groupword", "Groupword"),
        "seeks": ("home", '"seeks": "home"'),
    },
    Step: {
        "say": ("Sayword", "Sayword"),
        "repo": (REPO, str(REPO)),
        "url": ("https://step.example.org/", "step.example.org"),
        "title": ("Steptitleword", "Steptitleword"),
    },
    Appearance: {
        "logo": ("logoword.svg", "logoword.svg"),
        "logo_dark": ("darkword.svg", "darkword.svg"),
        "name": ("within", "withinword"),
        "icon": ("iconword.svg", "iconword.svg"),
        "picture": ("pictureword.png", "pictureword.png"),
    },
    Font: {
        "part": ("text", "fontpartword"),
        "file": ("fontword.woff2", "fontword.woff2"),
        "weight": ("777", '"777"'),
        "style": ("italic", '"italic"'),
    },
    MenuItem: {
        "page": ("projects", "menupageword"),
        "url": ("https://menu.example.org/", "menu.example.org"),
        "text": ("Menuword", "Menuword"),
    },
    CommunityLink: {
        "text": ("Linkword", "Linkword"),
        "url": ("https://link.example.org/", "link.example.org"),
    },
    LearningPath: {
        "slug": ("pathslugword", "pathslugword"),
        "title": ("Pathword", "Pathword"),
        "summary": ("Pathsummaryword", "Pathsummaryword"),
    },
}
# What stands beside the projects has pages of its own, each with tests of its own; that it is
# exported is asked here.
BESIDE = frozenset(
    (
        *(Celebration, StoryPicture, Person, Term, Step, LearningPath, Accessibility, Inclusion),
        *(Appearance, Font, MenuItem, CommunityLink),
    )
)
LATELY = frozenset(
    (model, name)
    for model, names in {
        Talk: ("time", "place", "speakers", "recording"),
        Entry: ("story_by", "story_date"),
        Organisation: ("about",),
        Showcase: ("timezone", "data_licence"),
    }.items()
    for name in names
)


def values_of(model: type[Written]) -> dict[str, object]:
    return {name: value for name, (value, _) in VALUES[model].items()}


def everything() -> Registry:
    """A registry of one project in which every field has a value."""
    talks, links = (Talk(**values_of(Talk)),), Links(**values_of(Links))
    news = (Celebration(**values_of(Celebration)),)
    picture = StoryPicture(**values_of(StoryPicture))
    entry = Entry(
        **values_of(Entry), talks=talks, links=links, celebrate=news, story_picture=picture
    )
    other = Organisation(slug="otherword", name="Another body")
    body = Organisation(**values_of(Organisation))
    said = Accessibility(**values_of(Accessibility))
    # Each step has one of the two: a project, or an address with a title.
    shared = values_of(Step)
    steps = tuple(Step(**{n: v for n, v in shared.items() if n != no}) for no in ("url", "repo"))
    return Registry(
        Showcase(**values_of(Showcase), accessibility=said),
        (body, other),
        (entry,),
        people=(Person(**values_of(Person)),),
        paths=(LearningPath(**values_of(LearningPath), steps=steps),),
        terms={"tags": (Term(**values_of(Term)),)},
    )


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The site of one project with every field filled in; what it is searched by is a file too."""
    registry = everything()
    known = factory.snapshot()
    catalogue = factory.catalogue_of(registry, known)
    look = registry.showcase
    files = {
        file.path: file.data.decode(errors="replace")
        for file in render_site(catalogue, load_theme(look.accent, language=look.language))
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
    declared = {field.name: set(field.seen) for field in declared_fields(model)}[name]
    found = set(seen(model, VALUES[model][name][1], texts))
    if model in BESIDE or (model, name) in LATELY:
        declared, found = declared & {"export"}, found & {"export"}
    assert declared == found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_field_is_accepted_for_nothing(model: type[Written]) -> None:
    """A field is met by visitors, or holds fields that are, or says why not and is read."""
    for field in declared_fields(model):
        assert bool(field.seen) != bool(field.unseen), field.name
        is_group = bool(field.inner)
        known = is_group or field.unseen or field.name in VALUES[model]
        assert known, f"{field.name}: put a value into VALUES, and the text by which it is shown"
        if field.unseen:
            assert re.search(rf"\.{field.name}\b", READERS), f"nothing reads {field.name}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_that_can_be_written_is_declared(model: type[Written]) -> None:
    """No field comes in beside the declarations; `where` is the loader's own."""
    names = {field.name for field in fields(model)}
    assert names - {"where"} == {field.attribute for field in declared_fields(model)}
    assert all(field.meaning for field in declared_fields(model))


def test_what_is_written_of_a_part_reads_back_as_it() -> None:
    """An entry, an organisation and settings that the program writes are those that it meant."""
    known = everything()
    parts = (*known.projects, *known.organisations, known.showcase, *known.people, *known.paths)
    for part in (*parts, *known.terms["tags"]):
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
