"""What is published is the same for the same documents."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from aggregator.searching.postings import Posting, read_posting, write_posting
from aggregator.words.errors import StateError
from tests.conftest import ROOT
from tests.search.conftest import Files, files_of, index_of

# Sentences that hold the same words are equally good, whatever order a sum takes them in.
_PRINTED = """
import hashlib, random
from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
words = ("wards beds nurses theatres clinics scans letters visits waits trials doses plans "
         "costs risks shifts rotas").split()
chance, texts = random.Random(3), []
for number in range(60):
    said = chance.sample(words, 9)
    texts.append(" ".join("Here " + " ".join(chance.sample(said, 9)) + "." for _ in range(9)))
documents = [Document(key=f"team/{n}", text=text) for n, text in enumerate(texts)]
files = hashlib.sha256()
for name, data in index_files(read_corpus(documents)):
    files.update(name.encode() + data)
print(files.hexdigest())
"""


def test_the_same_documents_give_the_same_bytes_in_every_process() -> None:
    """Two nights without news publish the same files, though Python hashes text anew each time."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINTED],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(printed) == 1


def test_a_result_says_whose_it_is() -> None:
    """A result names the organisation, or else the owner, as every other card does."""
    alone, housed = (
        Document(key="somebody/charts", summary="Charts."),
        Document(key="somebody/maps", summary="Maps.", organisation="Harbour Trust"),
    )
    files = files_of([alone, housed])
    cards = json.loads(files["c0.json"])["c"]
    assert [card["o"] for card in cards] == ["somebody", "Harbour Trust"]


@pytest.mark.parametrize(
    "held",
    [
        Posting(1, [], []),
        Posting(300, [0], [1]),
        Posting(44, [0, 1, 2, 44, 45, 46, 99_999], [31, 30, 1, 2, 3, 4, 5]),
    ],
)
def test_what_is_written_of_a_word_is_read_back(held: Posting) -> None:
    """Where a word stands and how strongly survives the way through a file."""
    assert read_posting(write_posting(held)) == held


def test_an_index_read_from_its_folder_answers_every_query_the_same(
    files: Files, index: Index, queries: list[str], tmp_path: Path
) -> None:
    """What was written to a disk and is read back piece by piece gives the same results."""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    for query in queries:
        read_back = Index(lambda name: (tmp_path / name).read_bytes())
        assert search(read_back, query, None) == search(index, query, None), query


def test_a_query_reads_few_files(files: Files) -> None:
    """Only what its words fall into is read, so that an index may be far away."""
    opened: list[str] = []
    search(Index(lambda name: opened.append(name) or files[name]), "funnel plot", 2)
    assert opened[0] == "boot.json"
    assert len(opened) == len(set(opened)) <= 8


def kept(files: Files, kind: str) -> str:
    """Name the first file of a kind, as the index itself names it."""
    if kind in ("boot", "c0"):
        return f"{kind}.json"
    letter, _, begun = kind.partition("-")
    names = json.loads(files["boot.json"])["files"]
    if letter not in names:
        names = json.loads(files[f"d-{names['d'][0]}.json"])["files"]
    return f"{letter}-{names[letter][begun or 0]}.json"


@pytest.mark.parametrize("asked", ["funnel", "-nothing"])  # reads words, and nothing but a card
def test_files_of_two_builds_are_never_mixed(files: Files, asked: str) -> None:
    """A site that is published anew during a search gives no answer out of both."""
    other = files_of([Document(key="a/b", summary="Funnel plots.")])
    mixed = Index({**other, "boot.json": files["boot.json"]}.__getitem__)
    with pytest.raises(StateError, match="two builds"):
        search(mixed, asked)


def ask_everything(files: Files) -> None:
    """Ask what reads files of every kind."""
    index = Index(files.__getitem__)
    for query in ("funnel", "fhir", "forcastng", "language:r", "-nothing"):
        search(index, query, None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff", b'{"b": 3}', b"[" * 100_000])
@pytest.mark.parametrize("kind", ["boot", "d", "w", "c0", "f", "o", "s-f"])
def test_a_file_that_is_no_index_is_named(files: Files, kind: str, content: bytes) -> None:
    """Whatever stands in a file, one line says which it is and what helps."""
    with pytest.raises(StateError):
        ask_everything({**files, kept(files, kind): content})


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("w", {"t": {"funnel": write_posting(Posting(9, [7], [3]))}}),  # there is no project 7
        ("w", {"t": {"funnel": "zzzzzzzzzzzzzzzzzzzzzzzz$"}}),
        ("o", {"active": "zzz", "added": "", "name": ""}),
        ("c0", {"c": [{"k": 3, "x": 5}]}),
    ],
)
def test_numbers_that_lead_nowhere_are_no_index(kind: str, held: dict[str, Any]) -> None:
    """What a harmful index might name and is not there is an error and no crash."""
    files = files_of([Document(key="a/b", summary="Funnel plots.")])
    mark = json.loads(files["boot.json"])["b"]
    spoilt = json.dumps({"b": mark, **held}).encode()
    with pytest.raises(StateError):
        ask_everything({**files, kept(files, kind): spoilt})


def a_crowd() -> list[Document]:
    """Sixty projects with so many words that the index has many files of them."""
    chance = random.Random(5)
    words = ["".join(chance.choices("bcdfglmnprst", k=8)) for _ in range(6_000)]
    return [
        Document(key=f"team/{n}", text=" ".join(chance.sample(words, 280)) + ".") for n in range(60)
    ]


@pytest.mark.parametrize("rules", ["stop", "spellings", "endings"])
def test_an_index_of_other_rules_of_words_is_refused(files: Files, rules: str) -> None:
    """Words made otherwise would be told as unknown that the index holds."""
    boot = json.loads(files["boot.json"])
    other = {**files, "boot.json": json.dumps({**boot, rules: boot[rules][1:]}).encode()}
    with pytest.raises(StateError, match="boot"):
        Index(other.__getitem__)


def test_news_changes_the_files_that_it_stands_in() -> None:
    """A sentence more, with words that nobody said before, leaves nearly all files as they were."""
    crowd = a_crowd()
    before = files_of(crowd)
    said = f"{crowd[30].text} Kestrels nest above the harbour office."
    after = files_of([replace(each, text=said) if each is crowd[30] else each for each in crowd])
    assert sum(name.startswith("w-") for name in before) > 20
    changed = {name for name in after if before.get(name) != after[name]}
    assert "boot.json" in changed
    assert 1 < len(changed) < 12
    assert len(set(before) - set(after)) < 12


def test_a_date_leaves_words_alone() -> None:
    """A night that only brings a date changes the card, the orders and what names them."""
    crowd = a_crowd()
    before = files_of(crowd)
    after = files_of([*crowd[:-1], replace(crowd[-1], pushed="2026-11-01")])
    changed = {name for name in after if before.get(name) != after[name]}
    assert sorted(name[0] for name in changed) == ["b", "c", "o"]


def test_an_empty_index_opens() -> None:
    """The first day of a showcase has an index too."""
    opened = index_of([])
    assert (opened.size, list(opened.words.beginning("")), opened.facets[0].values) == (0, [], ())
