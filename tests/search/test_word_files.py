"""A typed word needs one file of words, and what it leads to comes along."""

import json
import random
from itertools import pairwise
from typing import Any

import pytest

from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.cutting import Cut, cut_into_files, starts_of
from aggregator.searching.document import Document
from aggregator.searching.engine import Results, search
from aggregator.searching.english import is_word
from aggregator.searching.index import Index
from aggregator.searching.match import slots
from aggregator.searching.query import parse
from aggregator.searching.word_files import word_files
from tests.search.conftest import Ask, Files
from tests.search.test_browser_ranks import assert_same

GLOSSARY = {"SPC": ["statistical process control", "XmR"]}
SAID = [
    Document(key="team/charts", summary="Charts for statistical process control."),
    Document(key="team/xmr", summary="XmR in spreadsheets."),
    Document(key="team/rotas", summary="A roster for theatres."),
    Document(key="team/OpenPrescribing", summary="What is prescribed."),
    Document(key="team/plotthedots", summary="Making better decisions."),
    Document(key="team/codes", summary="Lists of ICD10."),
    Document(key="team/rays", summary="An archive of xrays and of datasets."),
    Document(
        key="team/prescribing", summary="Open since Monday: prescribing, plots, dots and rays."
    ),
]
QUERIES = ("SPC", "rota", "open prescribing", "plot the dots", "ICD 10", "x ray", "XmR charts")


@pytest.fixture(scope="module")
def spread() -> Files:
    """The index of those among so many words that it has many files of them."""
    chance = random.Random(5)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(9_000)]
    crowd = [
        Document(key=f"crowd/{n}", text=" ".join(chance.sample(words, 290)) + ".")
        for n in range(60)
    ]
    # Each of these begins the next, so some end a file.
    longer = [word + sign for word in words[:300] for sign in ("", "q")]
    crowd.append(Document(key="crowd/longer", text=" ".join(longer) + "."))
    return dict(index_files(read_corpus([*SAID, *crowd], GLOSSARY)))


def opened_by(files: Files, query: str) -> list[str]:
    """Name the files of words that a search opens."""
    opened: list[str] = []
    index = Index(lambda name: opened.append(name) or files[name])
    slots(parse(query, index.fields), index)
    return [name for name in opened if name.startswith("w-")]


def first(files: Files, query: str) -> str:
    """Give the first result of a search."""
    found: Results = search(Index(files.__getitem__), query)
    return found.hits[0].key


@pytest.mark.parametrize("query", QUERIES)
def test_a_word_needs_one_file(spread: Files, query: str) -> None:
    """What means the same and what neighbours make together cost no file of their own."""
    assert sum(name.startswith("w-") for name in spread) > 20
    assert len(opened_by(spread, query)) <= len(query.split())


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("SPC charts", "team/charts"),
        ("rota", "team/rotas"),
        ("open prescribing", "team/OpenPrescribing"),
        ("plot the dots", "team/plotthedots"),
        ("icd 10", "team/codes"),
        ("x rays", "team/rays"),
        ("data sets", "team/rays"),
    ],
)
def test_what_a_word_leads_to_is_found(spread: Files, query: str, key: str) -> None:
    """Apart or together, and by another name, in whichever file it stands."""
    assert first(spread, query) == key


@pytest.mark.browser
def test_what_a_word_leads_to_is_found_in_both(spread: Files, ask_browser: Ask) -> None:
    """Whatever was searched before, and whatever came along then."""
    asked = [*QUERIES, "prescribing", "open", *QUERIES[::-1], '"x ray"', "spc -xmr"]
    assert_same(spread, [{"query": query} for query in asked], ask_browser)


def test_a_half_typed_word_may_end_a_file(spread: Files) -> None:
    """Whether a word begins others does not hang on where files are cut."""
    words: dict[str, str] = {}
    said: set[str] = set()
    for name in json.loads(spread["boot.json"])["files"]["w"]:
        payload = json.loads(spread[f"w-{name}.json"])
        words |= payload["t"]
        said.update(payload.get("h", "").split())
    keys = [key for key in words if " " not in key]
    begun = [one for one, two in pairwise(keys) if len(one) > 3 and two.startswith(one)]
    assert said == {key for key in begun if not is_word(key)}
    assert said


def test_a_word_that_stands_nowhere_carries_what_is_written_otherwise() -> None:
    """An acronym in the catalogue, typed small, is found beyond the edge of its file."""
    words = {**{f"codi{n:05}": "x" * 90 for n in range(300)}, "coding": "1"}
    made = word_files(words, {}, [])
    home = max(at for at, start in enumerate(made.starts) if start <= "code")
    assert home == 0
    assert "coding" not in made.payloads[home]["t"]
    assert "coding" in made.payloads[home]["a"]


def test_equal_keys_stay_in_one_file() -> None:
    """Two pairs that are one word when joined are looked up in one place."""
    keys = [key for key in "abcdefghij" for _ in range(5)]
    files = cut_into_files(((key, 10) for key in keys), Cut(10, 20, 1))
    assert [key for file in files for key in file] == keys
    assert all(before[-1] < after[0] for before, after in pairwise(files))
    assert starts_of(files) == ["", *"bcdefghij"]


def test_a_new_key_moves_no_other_edge() -> None:
    """A file is cut where a key says so, and not after so many."""
    chance = random.Random(3)
    keys = sorted("".join(chance.choices("abcdefghij", k=6)) for _ in range(2_000))
    cut = Cut(100, 2_000, 24)

    def edges(held: list[str]) -> set[Any]:
        return {file[0] for file in cut_into_files(((key, 10) for key in held), cut)}

    before = edges(keys)
    assert len(before) > 30
    assert len(before ^ edges(sorted([*keys, "egg"]))) <= 2


def test_no_two_files_bear_one_name(spread: Files) -> None:
    """Names are brief, because boot.json lists them all, and each is of one file."""
    names = [name for name in spread if name.startswith("w-")]
    listed = json.loads(spread["boot.json"])["files"]["w"]
    assert sorted(names) == sorted(f"w-{mark}.json" for mark in listed)
    assert len(set(listed)) == len(listed)
    assert {len(mark) for mark in listed} == {8}
