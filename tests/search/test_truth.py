"""What a search says of the projects is so: every word and every phrase of them is found."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.cli.search import lines
from aggregator.searching.analysis import FIRST_PART
from aggregator.searching.document import Document
from aggregator.searching.engine import Results, search
from aggregator.searching.index import Index
from aggregator.searching.tokens import STOP_WORDS, readable, tokens, word, words
from benchmarks.search_corpus import documents as real_documents
from tests.search.conftest import Ask, files_of, index_of
from tests.search.test_browser_ranks import assert_same

_SAID = ["bed", "beds", "ward", "WHO", "who", "of", "the", "IT", "it", "model", "MODEL", "é", "C++"]
_TEXT = st.lists(st.sampled_from(_SAID), min_size=1, max_size=12).map(" ".join)
_TEXTS = st.lists(_TEXT, max_size=5)


def keys(found: Results) -> set[str]:
    """Give the projects found."""
    return {hit.key for hit in found.hits}


def in_order(documents: Sequence[Document]) -> dict[str, str]:
    """Give the words of every text, one after the other."""
    return {
        each.key: "".join(f" {said.term} " for said in words(readable(str(each.text))))
        for each in documents
    }


def holders(phrase: str, texts: Mapping[str, str]) -> set[str]:
    """Look through every text for a phrase: what a search must find at least."""
    asked = "".join(f" {each.term} " for each in words(phrase))
    return {key for key, said in texts.items() if asked in said}


def some_phrases(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """Give phrases of two to six words, as they stand in texts, that say anything at all."""
    for document in chance.choices(documents, k=150):
        said = tokens(readable(str(document.text)))
        if len(said) > 6:
            size = chance.randint(2, 6)
            start = chance.randrange(len(said) - size)
            phrase = " ".join(said[start : start + size])
            if words(phrase):
                yield phrase


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(_TEXTS, st.data())
def test_any_phrase_of_any_text_is_found(texts: list[str], data: st.DataObject) -> None:
    """Whoever quotes words that stand together finds each project that says them."""
    documents = [Document(key=f"team/{at}", text=text) for at, text in enumerate(texts)]
    index, ordered = index_of(documents), in_order(documents)
    for text in texts:
        said = text.split()
        start = data.draw(st.integers(0, len(said) - 1))
        phrase = " ".join(said[start : start + data.draw(st.integers(1, 5))])
        if words(phrase):
            found = search(index, f'"{phrase}"', None)
            assert holders(phrase, ordered) <= keys(found), phrase
            assert found.unmatched == ()


@pytest.mark.corpus
def test_every_phrase_of_real_readmes_is_found(corpus: Path) -> None:
    """A quoted phrase of a README finds all the projects that hold it, in a few requests."""
    documents = real_documents(corpus)
    files, ordered = files_of(documents), in_order(documents)
    for phrase in some_phrases(documents, random.Random(15)):
        asked: list[str] = []

        def opened(name: str, asked: list[str] = asked) -> bytes:
            asked.append(name)
            return files[name]

        found = search(Index(opened), f'"{phrase}"', None)
        assert holders(phrase, ordered) <= keys(found), phrase
        assert found.unmatched == (), phrase
        distinct = {each.term for each in map(word, tokens(phrase))}
        places = [name for name in asked if name.startswith("l-")]
        assert len(places) <= 2 * len(distinct), (phrase, places)


@pytest.mark.corpus
def test_every_word_of_real_readmes_is_found(corpus: Path) -> None:
    """No word of a README is answered with "Nothing here says", however long the README is."""
    documents = real_documents(corpus)
    index = index_of(documents)
    chance = random.Random(15)
    for document in documents:
        said = tokens(readable(str(document.text)))
        for typed in chance.choices(said, k=min(8, len(said))):
            if typed.lower() not in STOP_WORDS:
                found = search(index, typed, None)
                assert document.key in keys(found), (document.key, typed)
                assert not found.unmatched


def test_words_that_a_long_text_says_once_are_found_last() -> None:
    """The last word of a long list is found, behind the project that is about it."""
    long = " ".join(f"topic{number} topic{number}" for number in range(2_000))
    index = index_of([Document(key="a/list", text=f"{long} falconry"),
                      Document(key="b/about", text="On falconry.")])  # fmt: skip
    assert [hit.key for hit in search(index, "falconry").hits] == ["b/about", "a/list"]
    assert keys(search(index, "topic1999")) == {"a/list"}


def test_a_phrase_goes_on_where_a_long_readme_is_cut() -> None:
    """Only the first part of a long README weighs; words on both sides still stand together."""
    text = "filler " * (FIRST_PART // 7 - 1) + "alpha beta gamma delta epsilon zeta"
    assert "gamma" in text[FIRST_PART - 12 : FIRST_PART + 12]
    index = index_of([Document(key="a/b", text=text)])
    for phrase in ("alpha beta gamma delta", "beta gamma", "gamma delta", "delta epsilon zeta"):
        assert search(index, f'"{phrase}"').total == 1, phrase
    assert search(index, '"beta delta"').total == 0


def test_a_phrase_never_goes_from_one_place_into_another() -> None:
    """The last word of a name and the first of a summary do not stand together."""
    index = index_of([Document(key="a/b", title="Ward beds", summary="Model of a day.")])
    assert search(index, '"ward beds"').total == 1
    assert search(index, '"beds model"').total == 0
    assert search(index, '"model of a day"').total == 1
    assert search(index, '"day model"').total == 0


def test_what_a_minus_quotes_is_left_out_wherever_it_stands() -> None:
    """A phrase that a README says once leaves the project out, too."""
    index = index_of([Document(key="a/b", text="A model of ward beds."),
                      Document(key="a/c", text="Beds of a ward, a model.")])  # fmt: skip
    assert keys(search(index, 'model -"ward beds"')) == {"a/c"}


def test_small_words_are_too_common_and_never_said_to_be_absent() -> None:
    """`how to` is in every text; the search says that it is not looked for."""
    index = index_of([Document(key="a/b", text="How to make the beds.")])
    found = search(index, "how to")
    assert (found.unmatched, found.common, found.total) == ((), ("how", "to"), 0)
    assert list(lines(found)) == ["Too common to search for: how, to.", "No projects"]
    assert search(index, '"how to" beds').total == 1
    assert search(index, "HOW TO beds").unmatched == ()
    assert search(index, "beds -the").total == 1


def test_a_small_word_in_capitals_is_an_acronym() -> None:
    """`WHO` and `IT` are found where they are written so."""
    index = index_of([Document(key="a/who", text="Figures of the WHO."),
                      Document(key="a/it", text="Who runs IT services?")])  # fmt: skip
    assert keys(search(index, "WHO")) == {"a/who"}
    assert keys(search(index, '"IT services"')) == {"a/it"}


def test_more_than_is_read_is_said() -> None:
    """A search that is cut says so; one that is not says nothing."""
    index = index_of([Document(key="a/b", text="beds")])
    for typed in ("beds " * 25, "beds " + "x" * 300, "beds " + "y" * 61):
        assert search(index, typed).cut
        assert "Only the beginning of what was typed is searched." in lines(search(index, typed))
    assert not search(index, "beds " * 20).cut


@pytest.mark.browser
def test_phrases_give_the_same_in_both(ask_browser: Ask) -> None:
    """The browser finds a phrase where Python does, and leaves out the same words."""
    texts = ["WHO beds model of IT", "who model beds", "IT it models bed", "the of é model bed WHO"]
    documents = [Document(key=f"team/{at}", text=text) for at, text in enumerate(texts)]
    asked = ['"WHO beds"', '"model of IT"', '"the of"', "the of", "WHO", '"HOW bed"', "HOW",
             '"model bed" -"bed who"', "y" * 61, "model " * 30, '"é model"', '"IT"', "-the", "-WHO",
             '"model bed who"', "bed AND model", "WHO OR it", '"bed" OR "it models" NOT who',
             "nothing:bed", "-tag:x bed", "beds AND the", "(bed) AND WHO", "NOT bed", "AND bed OR",
             "is there a tool for beds?", "where can I find the model", "bed AND mode",
             '"mode"', '"mode" mode OR bed', "show me", "how to", '"beds" AND (-)', "it AND IT",
             '-"of the" model']  # fmt: skip
    assert_same(files_of(documents), [{"query": query} for query in asked], ask_browser)
