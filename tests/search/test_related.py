"""Related projects are alike, and a project that is like none has none."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.run.assembling import likest
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.related import (
    Embedder,
    Vector,
    packaged_model,
    related_to_each,
    vectors_of,
)
from aggregator.site.data.search_index import corpus_of
from aggregator.store.disk_memo import open_memo
from tests.outputs import factory
from tests.search.conftest import Glossary
from tests.search.readings import all_grades, at_home, corpus_catalogue, judge

SHOWN = {
    "maps/one": "Draws maps of wards",
    "maps/two": "Charts of wards on maps",
    "rota/one": "Plans the rota of wards",
}
DOCUMENTS = [Document(key=key, text=text) for key, text in SHOWN.items()]


def related(
    documents: Sequence[Document], key: str, glossary: Glossary | None = None, limit: int = 4
) -> tuple[str, ...]:
    """Give what the page of one project suggests."""
    return related_to_each(read_corpus(documents, glossary), limit=limit)[key]


class Likening:
    """Stands for the language model: one direction for each subject, and a list of its readings."""

    def __init__(self, version: str = "fake 1") -> None:
        self.version = version
        self.read: list[str] = []

    def embed(self, text: str) -> list[float]:
        """Point where the subject is."""
        self.read.append(text)
        return [1.0, 0.0] if "maps" in text else [0.0, 1.0]


def look_again(model: Likening, folder: Path, documents: Sequence[Document]) -> list[Vector]:
    """Prepare the second look as a build does, with what earlier builds left on disk."""
    with open_memo(folder / "vectors.db", model.version) as memo:
        embedder = Embedder(model.version, model.embed)
        return vectors_of(read_corpus(documents), embedder, memo)


def test_a_project_leads_to_the_ones_about_the_same(
    documents: list[Document], glossary: Glossary
) -> None:
    """Two projects about length of stay lead to each other."""
    found = related_to_each(read_corpus(documents, glossary))
    assert "north-shore-trust/staylength" in found["north-shore-trust/LOS-dashboard"]
    assert "north-shore-trust/LOS-dashboard" in found["north-shore-trust/staylength"]
    assert "open-clinic/fhir-tiny" in found["open-clinic/openrecords"]


def test_a_project_is_never_related_to_itself(documents: list[Document]) -> None:
    """No project offers itself, and none offers more than it was asked for."""
    suggested = related_to_each(read_corpus(documents), limit=3)
    assert suggested.keys() == {document.key for document in documents}
    for key, found in suggested.items():
        assert key not in found
        assert len(found) <= 3
        assert len(set(found)) == len(found)


def test_nothing_in_common_means_nothing_related(documents: list[Document]) -> None:
    """A project that says nothing of itself is related to nothing."""
    assert related(documents, "someone/dotfiles-healthcare") == ()


def test_a_shared_organisation_alone_relates_nothing() -> None:
    """Living in one organisation makes projects more alike, but never alike."""
    strangers = [
        Document(key="north-trust/one", organisation="North", text="Counting sheep on hills"),
        Document(key="north-trust/two", organisation="North", text="Rockets reach orbit"),
        Document(key="south/three", organisation="South", text="Painting with water"),
    ]
    assert related(strangers, "north-trust/one") == ()


def test_an_acronym_leads_to_what_it_stands_for() -> None:
    """Whoever writes `SPC` and whoever writes it in full are about the same."""
    spelt = [
        Document(key="a/one", title="SPC for wards"),
        Document(key="b/two", summary="Draws statistical process control charts"),
        Document(key="c/three", summary="Plans the rota"),
    ]
    glossary = {"SPC": ["statistical process control"]}
    assert related(spelt, "a/one", glossary) == ("b/two",)
    assert related(spelt, "a/one") == ()


def test_a_rare_tag_relates_more_than_a_common_one() -> None:
    """Of two projects that are as alike, the one that shares the rarer tag comes first."""
    crowd = [Document(key=f"x/{n}", title=f"x{n}", tags=("maps",)) for n in range(4)]
    rest = [Document(key=f"y/{n}", title=f"y{n}") for n in range(60)]
    three = [
        Document(key="a/one", summary="ward alerts", tags=("maps", "sepsis")),
        Document(key="b/two", summary="ward alerts", tags=("maps",)),
        Document(key="c/three", summary="ward alerts", tags=("sepsis",)),
    ]
    assert related([*three, *crowd, *rest], "a/one")[:2] == ("c/three", "b/two")


def test_the_same_projects_give_the_same_relations(documents: list[Document]) -> None:
    """The order in which members list projects changes nothing."""
    turned = related_to_each(read_corpus(reversed(documents)))
    assert turned == related_to_each(read_corpus(documents))


def test_meaning_decides_between_the_same_words(tmp_path: Path) -> None:
    """What means the same comes nearer, and what only shares words goes further away."""
    said = {
        "a/one": "Draws maps of wards and shifts of clinics",
        "b/two": "Plans wards of clinics",
        "c/three": "Charts maps of shifts by nurses",
    }
    alike = [Document(key=key, text=text) for key, text in said.items()]
    looked = look_again(Likening(), tmp_path, alike)
    assert related(alike, "a/one") == ("b/two", "c/three")
    assert related_to_each(read_corpus(alike), looked)["a/one"] == ("c/three", "b/two")


def test_a_readme_is_embedded_once(tmp_path: Path) -> None:
    """The next build reads from disk, and gives the same; a changed README is read again."""
    first, second = Likening(), Likening()
    before = look_again(first, tmp_path, DOCUMENTS)
    after = look_again(second, tmp_path, DOCUMENTS)
    assert len(first.read) == 3
    assert second.read == []
    assert before == after
    changed = Document(key="maps/one", text="Draws maps of clinics")
    look_again(second, tmp_path, [changed, *DOCUMENTS[1:]])
    assert second.read == [changed.text]


def test_another_model_reads_everything_again(tmp_path: Path) -> None:
    """Vectors of two models are never compared."""
    look_again(Likening("fake 1"), tmp_path, DOCUMENTS)
    newer = Likening("fake 2")
    look_again(newer, tmp_path, DOCUMENTS)
    assert len(newer.read) == 3


def test_a_spoilt_file_is_made_again(tmp_path: Path) -> None:
    """What cannot be read on disk costs time and nothing else."""
    look_again(Likening(), tmp_path, DOCUMENTS)
    with sqlite3.connect(tmp_path / "vectors.db") as base:
        for key, spoilt in zip(
            base.execute("SELECT key FROM memo").fetchall(), ("", "{}", '["x"]'), strict=True
        ):
            base.execute("UPDATE memo SET value = ? WHERE key = ?", (spoilt.encode(), *key))
    base.close()
    mended = Likening()
    look_again(mended, tmp_path, DOCUMENTS)
    assert len(mended.read) == 3


def test_what_left_leaves_no_vector(tmp_path: Path) -> None:
    """A project that is gone takes its vector along; turning the model off takes all of them."""
    look_again(Likening(), tmp_path, DOCUMENTS)
    look_again(Likening(), tmp_path, DOCUMENTS[:2])
    again = Likening()
    look_again(again, tmp_path, DOCUMENTS)
    assert again.read == [SHOWN["rota/one"]]
    catalogue = factory.community()
    likest(catalogue, corpus_of(catalogue), None, tmp_path / "vectors.db")
    assert list(tmp_path.iterdir()) == []


def test_the_packaged_model_knows_what_texts_mean() -> None:
    """With the extra installed, the model works without a network."""
    packaged = packaged_model()
    if packaged is None:
        pytest.skip("the extra `semantic` is not installed")
    stay, los, maps = map(
        packaged.embed, ("days in hospital", "length of inpatient stay", "a map of bus routes")
    )
    assert dot(stay, stay) == pytest.approx(1, abs=1e-4)
    assert dot(stay, los) > dot(stay, maps) + 0.2


@pytest.fixture(scope="module")
def real(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The catalogue of the real repositories, as a build makes it."""
    return corpus_catalogue(corpus, tmp_path_factory.mktemp("real"))


@pytest.mark.corpus
def test_what_is_suggested_was_read_and_is_rarely_chance(real: Catalogue, tmp_path: Path) -> None:
    """Of what pages of real projects suggest, five of six are fair neighbours or better."""
    suggested = likest(real, corpus_of(real), None, tmp_path / "vectors.db")
    figures = judge(suggested, all_grades())
    assert len(figures.unread) <= figures.suggested * 0.05, "read these, and grade them"
    assert figures.fair >= 0.82
    # Titles in words find a few more neighbours, fair ones: the share of the best is less by it.
    assert figures.glad >= 0.45
    assert figures.found >= 0.68
    assert at_home(suggested) >= 0.78


@pytest.mark.corpus
@pytest.mark.slow
def test_the_model_makes_suggestions_no_worse(real: Catalogue, tmp_path: Path) -> None:
    """With the extra installed, more of what was missed is found and no more is chance."""
    packaged = packaged_model()
    if packaged is None:
        pytest.skip("the extra `semantic` is not installed")
    figures = judge(likest(real, corpus_of(real), packaged, tmp_path / "vectors.db"), all_grades())
    assert figures.fair >= 0.84
    assert figures.found >= 0.73


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """Multiply two vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))
