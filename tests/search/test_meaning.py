"""What is near in meaning helps a search, is told as what it is, and leaves no trace when gone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.run.language_models import Models, models_for
from aggregator.searching import meaning
from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.engine import Results, search
from aggregator.searching.index import Index
from aggregator.searching.meaning import (
    MOST,
    Reader,
    listed_words,
    near_in_meaning,
    nearest,
    sentence_reader,
    texts_of,
    word_reader,
)
from aggregator.searching.rank import Tier, explain
from aggregator.searching.sentence_model import installed_model, vectors_of_texts
from aggregator.searching.word_vectors import LENGTH
from aggregator.store.disk_memo import open_memo
from tests.search.conftest import CASES, Ask, Files
from tests.search.test_browser_ranks import assert_same

# What the stand-in for the model knows: the subjects of words, and how much of each they are.
SUBJECTS = {
    "dental": (1.0, 0, 0, 0),
    "dentist": (1.0, 0, 0, 0),
    "maps": (0, 1.0, 0, 0),
    "atlas": (0, 1.0, 0, 0),
    "rota": (0, 0, 1.0, 0),
    "shift": (0, 0, 1.0, 0),
    "surgery": (0.45, 0, 0, 1.0),
}
# Words of no subject stand beside them, as most of a language does.
LISTED = {"atla": "atlas", "dentist": "dentist", "shift": "shift"} | {
    f"word{number:02}": f"word{number:02}" for number in range(30)
}
DOCUMENTS = [
    Document(key="team/teeth", summary="Dental records."),
    Document(key="team/maps", summary="Maps of towns."),
    Document(key="team/rota", summary="The rota of a ward."),
    Document(key="team/surgery", summary="Bookings of a surgery."),
]


class Subjects:
    """Stands for the model: a direction for each subject, and a list of what it read."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def read(self, texts: Sequence[str]) -> Any:
        """Point where the subjects of each text are."""
        self.seen += texts
        return np.array([self._row(text.lower()) for text in texts], np.float32).reshape(-1, 4)

    def _row(self, text: str) -> Any:
        held = [row for subject, row in SUBJECTS.items() if subject in text]
        whole = np.sum(held, axis=0) if held else np.zeros(4)
        return whole / (np.linalg.norm(whole) or 1.0) * 0.35


class Memo(dict[str, bytes]):
    """A memo in a dictionary."""

    def put_all(self, values: Mapping[str, bytes]) -> bool:
        """Keep values."""
        self.update(values)
        return True


def files_with_meaning(documents: Sequence[Document], model: Subjects | None = None) -> Files:
    """Give the index of some projects, with what the stand-in says of them."""
    reader = Reader("stand-in", (model or Subjects()).read)
    corpus = read_corpus(documents)
    near = near_in_meaning(corpus.documents, LISTED, reader, Memo())
    return dict(index_files(replace(corpus, near=near)))


@pytest.fixture(scope="module")
def index() -> Index:
    """The index of the projects above."""
    return Index(files_with_meaning(DOCUMENTS).__getitem__)


def why(found: Results) -> list[tuple[str, str]]:
    """Give for what the first result counts."""
    return [(each.word, each.match.why) for each in explain(found.slots, found.hits[0].number)]


def test_what_is_very_near_is_found_and_told_apart(index: Index) -> None:
    """Nobody says `dentist`: the page can say so, and what is near to it is found as such."""
    found = search(index, "dentist")
    assert found.unmatched == ("dentist",)
    assert [hit.key for hit in found.hits] == ["team/teeth"]
    assert found.tiers[Tier.NEAR] == 1
    assert why(found) == [("dentist", "near in meaning")]


def test_what_holds_the_word_is_near_to_none(index: Index) -> None:
    """A project that says what was typed is not called near to it."""
    found = search(index, "dental")
    assert [hit.key for hit in found.hits] == ["team/teeth"]
    assert (found.tiers[Tier.ALL], found.tiers[Tier.NEAR]) == (1, 0)
    assert why(found) == [("dental", "as typed")]


def test_who_is_a_little_near_is_helped_and_not_found() -> None:
    """What is only a little near comes before its equals that hold a word, and not by itself."""
    equal = Document(key="team/hall", summary="Bookings of a village.")
    index = Index(files_with_meaning([*DOCUMENTS, equal]).__getitem__)
    assert [hit.key for hit in search(index, "bookings").hits] == ["team/hall", "team/surgery"]
    assert "team/surgery" not in [hit.key for hit in search(index, "dentist").hits]
    both = search(index, "dentist bookings")
    assert [hit.key for hit in both.hits] == ["team/surgery", "team/hall", "team/teeth"]
    assert why(both) == [("dentist", "near in meaning"), ("bookings", "as typed")]
    # What holds a word comes before what holds none, and nobody holds them all.
    assert both.tiers == {Tier.ALL: 0, Tier.SOME: 2, Tier.NEAR: 1}


def test_exact_searches_ask_for_no_meaning(index: Index) -> None:
    """Whoever asks for the words exactly, or puts one in quotes, gets them exactly."""
    assert search(index, "dentist", exact=True).hits == ()
    assert search(index, '"dentist"').hits == ()
    both = search(index, '"bookings" dentist')
    assert [hit.key for hit in both.hits] == ["team/surgery"]


def test_without_a_model_the_index_is_as_before() -> None:
    """Off means off: no file, no line, and every search is answered."""
    files = dict(index_files(read_corpus(DOCUMENTS)))
    assert not any("m" in json.loads(data) for name, data in files.items() if name[0] == "w")
    assert "near" not in json.loads(files["boot.json"])
    assert search(Index(files.__getitem__), "dentist").hits == ()


def test_the_same_projects_give_the_same_bytes() -> None:
    """Whatever the order in which projects come, and whoever was read before."""
    assert files_with_meaning(DOCUMENTS) == files_with_meaning(DOCUMENTS[::-1])


def test_only_what_is_new_is_read() -> None:
    """Words are read once, and a project once for what it says."""
    model, memo = Subjects(), Memo()
    reader = Reader("stand-in", model.read)
    near_in_meaning(DOCUMENTS, LISTED, reader, memo)
    model.seen.clear()
    changed = [replace(DOCUMENTS[0], summary="Dental maps."), *DOCUMENTS[1:]]
    near_in_meaning([replace(each, pushed="2026-11-01") for each in changed], LISTED, reader, memo)
    assert model.seen == list(texts_of(changed[0]))


def test_what_is_spoilt_is_read_again() -> None:
    """A memo that lost the end of what it kept costs time and changes nothing."""
    memo = Memo()
    reader = Reader("stand-in", Subjects().read)
    before = near_in_meaning(DOCUMENTS, LISTED, reader, memo)
    for key in memo:
        memo[key] = memo[key][:-1]
    after = near_in_meaning(DOCUMENTS, LISTED, reader, memo)
    assert np.array_equal(before.documents, after.documents)
    assert np.array_equal(before.impacts, after.impacts)


def test_who_is_gone_leaves_no_trace(tmp_path: Path) -> None:
    """What a model made of a README leaves the disk with the README."""
    reader = Reader("stand-in", Subjects().read)
    secret, known = Document(key="team/secret", summary="Dental maps and a rota."), Memo()
    near_in_meaning([secret], LISTED, reader, known)
    (row,) = (value for value in known.values() if len(value) == 8)
    file = tmp_path / "meaning.db"
    for documents in ([*DOCUMENTS, secret], DOCUMENTS):
        with open_memo(file, reader.version) as memo:
            near_in_meaning(documents, LISTED, reader, memo)
        assert (row in file.read_bytes()) == (secret in documents)


def test_projects_may_be_read_by_others() -> None:
    """A crew is asked for what is not kept, and changes nothing."""
    asked: list[Any] = []

    def crew(function: Any, items: Any) -> Iterator[Any]:
        for item in items:
            asked.append(item)
            yield function(item)

    reader = Reader("stand-in", Subjects().read)
    shared = near_in_meaning(DOCUMENTS, LISTED, reader, Memo(), crew)
    alone = near_in_meaning(DOCUMENTS, LISTED, reader, Memo())
    assert len(asked) == len(DOCUMENTS)
    assert np.array_equal(shared.impacts, alone.impacts)


def test_each_word_keeps_the_nearest_and_no_more() -> None:
    """Of many that are near a few are kept, of equal ones the first."""
    words = np.array([[100, 0], [0, 100]], np.int8)
    projects = np.array([[9_000, 0]] * (MOST + 5) + [[0, 9_000]] * 30, np.int16)
    near = nearest(("one", "two"), words, projects)
    assert near.holding.tolist() == [MOST, MOST]
    assert near.documents[:MOST].tolist() == list(range(MOST))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_young_showcase_is_no_special_case(count: int) -> None:
    """With no project, one or two there is an index, and it answers."""
    index = Index(files_with_meaning(DOCUMENTS[:count]).__getitem__)
    assert [hit.key for hit in search(index, "dentist").hits] == ["team/teeth"][:count]


def test_one_more_project_leaves_most_lists_alone() -> None:
    """What is usual for a word goes in steps: a newcomer changes the lists that it is in."""
    chance = np.random.default_rng(7)
    words = chance.integers(-60, 60, (200, 32)).astype(np.int8)
    projects = chance.integers(-3_000, 3_000, (60, 32)).astype(np.int16)
    keys = [f"word{number:03}" for number in range(200)]

    def lists(near: meaning.Near) -> dict[str, list[tuple[int, int]]]:
        ends = np.cumsum(near.holding)
        pairs = list(zip(near.documents.tolist(), near.impacts.tolist(), strict=True))
        return {k: pairs[e - n : e] for k, n, e in zip(near.keys, near.holding, ends, strict=True)}

    before = lists(nearest(keys, words, projects[:-1]))
    after = lists(nearest(keys, words, projects))
    untouched = [k for k in before if 59 not in dict(after.get(k, []))]
    same = [k for k in untouched if before[k] == after.get(k)]
    assert len(same) >= 0.6 * len(untouched) > 0


@pytest.mark.browser
def test_meaning_gives_the_same_in_both(ask_browser: Ask) -> None:
    """What is near is found in the browser as in the terminal, alone and beside words."""
    asked = ["dentist", "dentist bookings", "atlas shift", "dentst", "shifts -rota", "of", "a"]
    asked += ['"dentist"', '"dentist" bookings', "of dentist", "bookings AND dentist", "dentists"]
    questions: list[dict[str, Any]] = [{"query": each} for each in asked]
    questions += [{"query": "dentist", "exact": True}, {"query": "atlas", "order": "name"}]
    assert_same(files_with_meaning(DOCUMENTS), questions, ask_browser)


def test_the_model_in_numpy_says_what_the_library_says() -> None:
    """Numbers recorded from the library that the model was trained with, to the sixth digit."""
    if installed_model() is None:
        pytest.skip("the model of the extra `semantic` is not installed")
    lines = (CASES / "sentence-model.jsonl").read_text(encoding="utf-8").splitlines()
    cases = list(map(json.loads, lines))
    texts = [case["text"] * case["times"] for case in cases]
    together = vectors_of_texts(texts)
    for case, text, row in zip(cases, texts, together, strict=True):
        alone = vectors_of_texts([text])[0]
        assert alone[:6].tolist() == pytest.approx(case["begins"], abs=5e-6), text[:40]
        assert row.tolist() == pytest.approx(alone.tolist(), abs=5e-6)


def test_common_words_come_with_the_program() -> None:
    """Common words are listed, each once for what search compares, and no stop words."""
    listed = listed_words()
    assert 0.99 * meaning.LISTED <= len(listed) <= meaning.LISTED
    assert "dentist" in listed
    assert "the" not in listed
    assert list(listed) == sorted(listed)


@pytest.mark.parametrize(
    ("typed", "near", "far"),
    [
        ("dentist", "dental records", "maps of towns"),
        ("atlas", "maps of towns", "dental records"),
        ("forecasting", "a prediction model", "a style guide for websites"),
        ("vaccination", "immunisation of children", "colours and fonts"),
        ("physician", "notes of doctors", "routes of buses"),
    ],
)
def test_words_mean_what_people_take_them_for(typed: str, near: str, far: str) -> None:
    """Without any model a word is nearer to what says the same in other words."""
    one, two, three = word_reader().read([typed, near, far])
    assert one @ two > 2 * (one @ three)


def test_a_text_of_unknown_words_means_nothing() -> None:
    """No word, no direction: such a project is near to nothing, and no number is missing."""
    rows = word_reader().read(["", "xqzzt \ud800", "\u7edf\u8ba1", "the of and", "records"])
    assert np.isfinite(rows).all()
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths.tolist() == pytest.approx([0, 0, 0, 0, LENGTH], abs=1e-6)


def test_a_site_is_built_with_meaning_unless_it_is_turned_off(tmp_path: Path) -> None:
    """Whoever installs nothing more is led from `dentist` to `dental` as well."""
    said = [Document(key=f"team/no-{at}", summary=f"Bus routes of town {at}.") for at in range(9)]
    documents = [*said, *DOCUMENTS, Document(key="team/says", summary="Towns of a dentist.")]
    corpus = read_corpus(documents)
    models = Models(None, word_reader(), listed_words())
    near = models.near(corpus, tmp_path / "meaning.db")
    found = search(
        Index(dict(index_files(replace(corpus, near=near))).__getitem__), "dentist records"
    )
    assert found.tiers == {Tier.ALL: 0, Tier.SOME: 2, Tier.NEAR: 0}
    teeth = next(at for at, each in enumerate(corpus.documents) if each.key == "team/teeth")
    assert "near in meaning" in {each.match.why for each in explain(found.slots, teeth)}
    assert models_for(Registry()).reader == (sentence_reader() or word_reader())


def test_texts_of_a_project_are_short_and_few() -> None:
    """The model is given sentences, however long a README is; hostile text is text."""
    long = Document(key="team/long", title="WaitingLists", text="word " * 10_000, summary="\ud800")
    assert texts_of(long)[0] == "waiting lists"
    assert len(texts_of(long)) == 5
    assert max(map(len, texts_of(long))) <= meaning.LONGEST
    for reader in filter(None, (word_reader(), sentence_reader())):
        assert np.isfinite(reader.read(texts_of(long))).all()


def test_turned_off_leaves_no_trace(tmp_path: Path) -> None:
    """One setting turns it off, and what was kept of it is deleted."""
    kept = tmp_path / "meaning.db"
    on = Models(None, Reader("stand-in", Subjects().read), LISTED)
    assert on.near(read_corpus(DOCUMENTS), kept)
    assert kept.exists()
    off = models_for(Registry(showcase=Showcase(meaning="off")))
    assert off.near(read_corpus(DOCUMENTS), kept) is None
    assert not kept.exists()
