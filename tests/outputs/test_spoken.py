"""What Python says is said in the language of the pages, whoever makes them, and nowhere else."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from aggregator.catalogue.permissions import permission_of
from aggregator.site.data.feeds import SPOTLIGHT
from aggregator.site.events import NEWS_KINDS, around_name, change_words
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, load_theme
from aggregator.words.phrases import joined
from aggregator.words.speech import Speech, say, speaking
from tests.outputs import factory
from tests.outputs.messages import gathered
from tests.outputs.unsaid import LANGUAGE, bracketed

PACKAGE = Path(__file__).resolve().parent.parent.parent / "aggregator"
# Whose words stand on pages, and the places of their messages among the arguments.
ROOMS = ("catalogue", "facts", "readme", "registry", "searching", "site", "words")
SAID = {"say": (0,), "later": (0,), "say_many": (1, 2)}
HOLE = re.compile(r"%\((\w+)\)s")
# Imports each module of the rooms while every message that is asked for is noted.
IMPORTING = """
import importlib, pkgutil, sys
import aggregator.words.speech as speech

asked = []
codes = {getattr(speech.Speech, name).__code__ for name in ("gettext", "ngettext", "pgettext")}
sys.setprofile(lambda frame, event, _: asked.append(frame.f_back.f_back.f_code.co_filename)
               if event == "call" and frame.f_code in codes else None)
for room in sys.argv[1:]:
    package = importlib.import_module(f"aggregator.{room}")
    for found in pkgutil.walk_packages(package.__path__, f"aggregator.{room}."):
        importlib.import_module(found.name)
sys.setprofile(None)
speech.say("Home")
print(len(sys.modules), *asked)
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """A look whose language puts every message in brackets."""
    return load_theme("#225faa", bracketed(tmp_path_factory.mktemp("templates")), LANGUAGE)


@pytest.fixture(scope="module")
def files(foreign: Theme) -> tuple[File, ...]:
    """The files of a whole site in that language, none of them made yet."""
    with speaking(foreign.speech):
        catalogue = factory.rich()
    return tuple(render_site(catalogue, foreign))


@pytest.fixture(scope="module")
def brackets(files: tuple[File, ...], foreign: Theme) -> dict[str, bytes]:
    """The same, each made while the language is spoken."""
    with speaking(foreign.speech):
        return {file.path: file.data for file in files}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Give each call that names a message, with the place where it stands."""
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(getattr(node, "func", None), "id", "")
                if isinstance(node, ast.Call) and name in SAID and path.name != "speech.py":
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def written(call: ast.Call) -> list[str]:
    """Give the messages that a call holds as they stand there; a name holds none."""
    assert isinstance(call.func, ast.Name)
    given = [call.args[at] for at in SAID[call.func.id]]
    return [str(each.value) for each in given if isinstance(each, ast.Constant)]


def test_nothing_is_said_while_modules_are_imported() -> None:
    """What is said when a module is read is in the language of nobody."""
    told = subprocess.run(
        [sys.executable, "-c", IMPORTING, *ROOMS], capture_output=True, text=True, check=True
    )
    modules, *asked = told.stdout.split()
    assert int(modules) > 100
    assert asked == []


def test_no_module_says_a_message_outside_of_its_functions() -> None:
    """A constant is marked where it stands, and said where it is used."""
    early = []
    for path in sorted(PACKAGE.rglob("*.py")):
        waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting += [
                    *node.decorator_list,
                    *node.args.defaults,
                    *filter(None, node.args.kw_defaults),
                ]
            elif not isinstance(node, ast.Lambda):
                waiting += ast.iter_child_nodes(node)
            name = getattr(getattr(node, "func", None), "id", "")
            line = getattr(node, "lineno", 0)
            if name in {"say", "say_many", "plural", "day_of", "month_of", "joined"}:
                early.append(f"{path.relative_to(PACKAGE)}:{line}: {name}")
    assert early == []


def test_every_message_can_be_translated() -> None:
    """Translators are given each text that Python says; one that is put together has no key."""
    known = {form for m in gathered() for form in (m.id if isinstance(m.id, tuple) else (m.id,))}
    found = [(place, text) for place, call in calls() for text in written(call)]
    assert len(found) > 300
    assert [(place, text) for place, text in found if text not in known] == []
    built = (ast.JoinedStr, ast.BinOp)
    assert [place for place, call in calls() for a in call.args[:3] if isinstance(a, built)] == []


def test_every_hole_of_a_message_is_filled() -> None:
    """A sentence never comes out with a hole in it, and nothing that is named is left out."""
    wrong = []
    for place, call in calls():
        names = {keyword.arg for keyword in call.keywords}
        if call.func.id == "later" or None in names:  # type: ignore[attr-defined]
            continue
        holes = {text: set(HOLE.findall(text)) - {"count"} for text in written(call)}
        wrong += [f"{place}: {text}" for text in holes if holes[text] != names - {"count"}]
    assert wrong == []


def made(file: File) -> bytes:
    """Make a file where nobody speaks."""
    return file.data


def test_recipes_say_nothing(files: tuple[File, ...], brackets: dict[str, bytes]) -> None:
    """A file is the same, made while its language is spoken or later by a process that does not."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        there = elsewhere.map(made, files, chunksize=50)
        found = {file.path: data for file, data in zip(files, there, strict=True)}
    assert len(found) > 300
    assert [path for path in found if found[path] != brackets[path]] == []


def test_what_was_assembled_in_english_is_rendered_in_another_language(
    brackets: dict[str, bytes], foreign: Theme
) -> None:
    """A catalogue holds no words of ours, so that no page mixes two languages."""
    english = {file.path: file.data for file in render_site(factory.rich(), foreign)}
    assert english.keys() == brackets.keys()
    assert [path for path in english if english[path] != brackets[path]] == []


def test_what_programs_read_is_the_same_in_every_language(brackets: dict[str, bytes]) -> None:
    """Whoever joins the data of two communities finds one set of names and states in them."""
    site = render_site(factory.rich(), load_theme("#225faa"))
    data = {f.path: f.data for f in site if f.path.startswith("data/") or "/codemeta" in f.path}
    assert data.pop(SPOTLIGHT), "a feed, whose sentences are for people"
    assert len(data) > 20
    assert [path for path in data if data[path] != brackets[path]] == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("feed.xml", "⟦Plain SPC celebrates"),
        ("new/releases/feed.json", "⟦Releases⟧"),
        ("opensearch.xml", "⟦Search the projects of Health analytics showcase⟧"),
        ("talks/calendar.ics", "⟦About Ward rounds⟧"),
        ("badges/data-saves/vanished.svg", "⟦no longer listed⟧"),
        ("badges/data-saves/plain-spc.svg", "⟦in use⟧"),
        ("projects/data-saves/plain-spc/cite.bib", "⟦Made from what GitHub says⟧"),
        ("index.html", "⟦By stage⟧"),
        ("tags/index.html", "⟦Tags⟧"),
        ("stages/index.html", "⟦in progress⟧"),
    ],
)
def test_what_python_writes_is_said(brackets: dict[str, bytes], path: str, words: str) -> None:
    """Feeds, calendars, badges and pages speak the language of the site."""
    assert words in brackets[path].decode().replace("\r\n ", "")


def test_results_of_the_search_speak_it(brackets: dict[str, bytes]) -> None:
    """A filter shows its words in the language of the site, and keeps its value in addresses."""
    index = next(data for path, data in brackets.items() if path.startswith("search/index/f-"))
    facets = {name: values for name, values, *_ in json.loads(index)["f"]}
    labels = {value: label for value, label, _ in facets["activity"]}
    assert labels["active this month"] == "⟦active this month⟧"
    assert {value: label for value, label, _ in facets["stage"]}["in use"] == "⟦in use⟧"


def test_each_file_names_the_language_that_it_is_in() -> None:
    """Without a translation the words are English, whatever the members write in."""
    plain = factory.registry("https://showcase.example.org/health/")
    french = replace(plain, showcase=replace(plain.showcase, language="fr"))
    catalogue = factory.catalogue_of(french, factory.snapshot())
    theme = load_theme("#225faa", language="fr")
    site = {
        file.path: file.data.decode()
        for file in render_site(catalogue, theme)
        if file.path.endswith(("index.html", "feed.xml", "feed.json", "listing.json", "manifest"))
    }
    assert '<html lang="en"' in site["index.html"]
    assert 'xml:lang="en"' in site["feed.xml"]
    assert json.loads(site["feed.json"])["language"] == "en"
    # Titles and summaries are all that these hold.
    assert json.loads(site["data/listing.json"])["language"] == "fr"
    assert json.loads(site["site.webmanifest"])["lang"] == "fr"


def test_the_name_may_stand_anywhere_in_a_sentence() -> None:
    """News leads to its project by a name that another language puts elsewhere."""
    change = next(c for c in factory.snapshot().changes if c.kind in NEWS_KINDS[1].kinds)
    last = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    last += b'msgid "%(name)s joined the showcase"\nmsgstr "Neu dabei: %(name)s!"\n'
    with speaking(Speech("de", last)):
        assert change_words(change, "Rota") == "Neu dabei: Rota!"
        assert around_name(change) == ("Neu dabei: ", "!")


def test_a_choice_is_told_as_its_language_tells_one() -> None:
    """Which licence may be chosen is a list with its own word before the last."""
    assert (
        permission_of("MIT OR GPL-3.0-only").allows
        == "You may choose its licence: MIT or GPL-3.0-only."
    )
    with speaking(Speech("de")):
        assert permission_of("MIT OR GPL-3.0-only").allows.endswith("MIT oder GPL-3.0-only.")


def test_nothing_has_no_translation() -> None:
    """An empty text stays one, although gettext keeps its header under it."""
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    with speaking(Speech("de", header)):
        assert say("") == ""


def test_what_the_terminal_says_too_is_marked_as_english(files: tuple[File, ...]) -> None:
    """A screen reader speaks advice to those who run the site in the language that it is in."""
    status = next(file for file in files if file.path == "status/index.html").data.decode()
    marked = re.findall(r'<(?:p class="small"|span) lang="en">([^<]+)', status)
    assert marked
    assert not any("\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}" in words for words in marked)
    english = next(
        f
        for f in render_site(factory.rich(), load_theme("#225faa"))
        if f.path == "status/index.html"
    )
    assert b'lang="en"' not in english.data


def test_a_list_of_words_has_no_bracket_in_it() -> None:
    """Unicode leaves open how Welsh says "and" before a vowel; a page cannot."""
    with speaking(Speech("cy")):
        assert joined(["Ann", "Bea", "Cai"]) == "Ann, Bea, Cai"
    with speaking(Speech("fr")):
        assert joined(["Ann", "Bea", "Cai"]) == "Ann, Bea et Cai"
