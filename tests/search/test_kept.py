"""What was found in a document is kept while it says the same, and changes nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.searching.analysis import (
    Analysis,
    analysed,
    analysis_version,
    name_of_analysis,
    worded,
)
from aggregator.searching.build import index_files
from aggregator.searching.columns import AnalysisMemo, read_corpus
from aggregator.searching.document import Document
from aggregator.searching.related import related_to_each
from aggregator.store.disk_memo import open_memo

WORDS = """
statistical process control (SPC) wards beds Forecasting e-learning Łódź 病棟の Beds. We draw funnel
plots of every ward. Nurses' rotas are planned here each night!
"""
SAID = st.lists(st.sampled_from([*WORDS.split(), "\n\n"]), max_size=40).map(" ".join)
DOCUMENTS = st.builds(
    Document,
    key=st.sampled_from([f"team{n % 3}/Ward-{n}" for n in range(7)]),
    title=st.sampled_from(["", "WardPlans", "bed forecasts"]),
    summary=SAID,
    tags=st.lists(st.sampled_from(["beds", "maps"]), max_size=2, unique=True).map(tuple),
    people=st.lists(st.sampled_from(["AnnaOne", "bob-2"]), max_size=2).map(tuple),
    headings=st.lists(st.sampled_from(["Beds.", "We draw"]), max_size=2).map(tuple),
    text=SAID,
    story=SAID,
    pushed=st.sampled_from(["", "2026-01-01"]),
    stage=st.sampled_from(["", "in use"]),
)
CATALOGUES = st.lists(DOCUMENTS, max_size=7, unique_by=lambda each: each.key)
GLOSSARIES = st.sampled_from(
    [{}, {"SPC": ["statistical process control"]}, {"BF": ["bed forecast"]}]
)


def made(
    documents: list[Document], glossary: dict[str, list[str]], memo: AnalysisMemo | None
) -> tuple[Any, ...]:
    """Give everything that is made of some documents."""
    corpus = read_corpus(documents, glossary, memo)
    return dict(index_files(corpus)), related_to_each(corpus)


class Spoiling(dict[str, bytes]):
    """A memo of which a part is damaged or lost whenever somebody looks."""

    def put_all(self, values: Mapping[str, bytes]) -> bool:
        """Keep values."""
        self.update(values)
        return True

    def spoil(self, how: int) -> None:
        """Cut, change and lose some of what is kept."""
        for number, key in enumerate(sorted(self)):
            value = self[key]
            if (number + how) % 4 == 0:
                self[key] = value[: how % (len(value) + 1)]
            elif (number + how) % 4 == 1:
                at = how % len(value) if value else 0
                self[key] = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] if value else b""
            elif (number + how) % 4 == 2:
                del self[key]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(CATALOGUES, GLOSSARIES, st.integers(0, 10_000)), min_size=2, max_size=4))
def test_what_is_kept_changes_nothing(nights: list[tuple[Any, ...]]) -> None:
    """After any nights, whatever became of the memo, everything is as if made anew."""
    memo = Spoiling()
    for documents, glossary, how in nights:
        assert made(documents, glossary, memo) == made(documents, glossary, None)
        memo.spoil(how)


def test_who_says_the_same_is_not_read_again() -> None:
    """A night that brings a date and a stage, and one new README, reads one document."""
    read: list[str] = []

    def counting(function: Any, items: Any) -> Iterator[Any]:
        for item in items:
            read.append(item.key)
            yield function(item)

    memo = Spoiling()
    before = [Document(key=f"a/{n}", text=f"Beds of ward {n}") for n in range(4)]
    read_corpus(before, {}, memo, counting)
    assert read == [each.key for each in before]
    read.clear()
    after = [replace(each, pushed="2026-11-01", stage="in use") for each in before]
    after[2] = replace(after[2], text="Rotas")
    read_corpus(after, {}, memo, counting)
    assert read == ["a/2"]


@pytest.mark.parametrize("field", [each.name for each in fields(Document)])
def test_an_analysis_sees_only_what_names_it(field: str) -> None:
    """Whatever changes what is found changes the name that it is kept under."""
    whole = Document(
        **{
            each.name: ("harbour boats",) if "tuple" in str(each.type) else "harbour boats"
            for each in fields(Document)
            if each.type is not int
        }
    )
    old = getattr(whole, field)
    other = ("lighthouse",) if isinstance(old, tuple) else 7 if isinstance(old, int) else "light"
    changed = replace(whole, **{field: other})
    same_name = name_of_analysis(whole) == name_of_analysis(changed)
    same_words = analysed(worded(whole)) == analysed(worded(changed))
    assert same_words or not same_name


def test_what_is_erased_leaves_the_disk(tmp_path: Path) -> None:
    """A README that is gone cannot be read out of the cache after the next build."""
    file = tmp_path / "analyses.db"
    secret = Document(key="a/secret", text="Zyzzyva harbour lighthouse.")
    public = Document(key="b/open", text="Beds of wards.")
    for documents in ([secret, public], [public]):
        with open_memo(file, analysis_version()) as memo:
            read_corpus(documents, {}, memo)
        assert (b"zyzzyva" in file.read_bytes()) == (secret in documents)


def test_an_analysis_is_read_back() -> None:
    """Numbers beyond sixteen bits and halves of signs survive the way through the memo."""
    said = Document(key="a/b", text="beds " * 3, headings=("beds",) * 70_000, summary="\ud800 ward")
    found = Analysis.of(analysed(worded(said)))
    assert max(found.times.tolist()) == 70_000
    assert "ward" in found.terms
