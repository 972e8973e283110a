"""Sentences that stand under a result: whole ones, few, and together telling much."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aggregator.searching.analysis import Analysis, Quotes, analysed
from aggregator.searching.document import Document
from aggregator.searching.sentences import KEPT, SHORT, most_telling

WORTH = {"bed": 3.0, "forecast": 2.0, "ward": 2.0, "waitlist": 1.0}


def best(text: str, headings: tuple[str, ...] = (), summary: str = "") -> tuple[str, ...]:
    """Give the sentences that a result would show of a README."""
    document = Document(key="a/b", text=text, headings=headings, summary=summary)
    found = Analysis.of(analysed(document))
    quotes = Quotes.of(found.quotes)
    worth = np.array([WORTH.get(term, 0.0) for term in found.terms])
    worth[quotes.summary] = 0.0
    count = np.array([len(quotes.held)])
    (chosen,) = most_telling(quotes.words, quotes.held, quotes.lengths, worth, count)
    return tuple(quotes.sentences[at] for at in chosen)


def test_what_adds_nothing_new_is_left_out() -> None:
    """The second way to say the same stays away, however telling its words are."""
    said = "We forecast how many beds each ward needs. "
    again = "For every single ward somebody wants the forecast of its beds next week. "
    other = "It also reads the waitlist of every clinic. "
    assert best(said + again + other) == (said.strip(), other.strip())


def test_what_the_summary_says_need_not_be_said_again() -> None:
    """A result shows its summary anyway."""
    text = "The forecast of beds is made every night. It also reads the waitlist of every clinic."
    assert best(text, summary="Forecast of beds") == (
        "It also reads the waitlist of every clinic.",
    )


def test_sentences_keep_their_order() -> None:
    """What comes first in the README comes first here, whichever tells more."""
    text = "It also reads the waitlist of every clinic. We forecast how many beds each ward needs."
    assert " ".join(best(text)) == text


def test_a_heading_runs_into_no_sentence() -> None:
    """A heading above a sentence is no part of it."""
    text = "Bed planning We forecast how many beds each ward needs."
    assert best(text, ("Bed planning",)) == ("We forecast how many beds each ward needs.",)


def test_what_is_no_sentence_is_not_shown() -> None:
    """No code, no address, nobody's e-mail, no table, no scrap, and nothing endless."""
    for scrap in (
        "Beds.",
        "install_package(beds, ward = TRUE, forecast = FALSE).",
        "See the forecast of beds at https://example.org/forecast.",
        "Repository owner of the beds forecast: somebody@example.org.",
        "Ward | Beds | Forecast of the week | Waitlist of the week.",
        "the beds of this ward and its forecast without a beginning.",
        "Beds of this ward and its forecast " * 9 + ".",
    ):
        assert best(scrap) == ()


@given(
    st.lists(st.lists(st.sets(st.integers(0, 7), min_size=1), max_size=14), max_size=4),
    st.lists(st.integers(0, 9), min_size=8, max_size=8),
)
def test_sentences_are_taken_one_after_another(
    documents: list[list[set[int]]], worth: list[int]
) -> None:
    """Each time the one that adds most to those before it is taken, the first of equals."""
    words = [word + 8 * at for at, held in enumerate(documents) for s in held for word in sorted(s)]
    sizes = np.array([len(sentence) for held in documents for sentence in held], np.intp)
    found = most_telling(
        np.array(words, np.intp),
        sizes,
        sizes,
        np.array(worth * len(documents), float),
        np.array([len(held) for held in documents], np.intp),
    )
    assert found == [_taken(held, worth) for held in documents]


def _taken(held: list[set[int]], worth: list[int]) -> list[int]:
    untold, waiting = list(worth), list(range(len(held)))
    chosen: list[int] = []

    def adds(at: int) -> float:
        return math.fsum(untold[word] for word in held[at]) / (SHORT + len(held[at]))

    while waiting and len(chosen) < KEPT:
        first = min(waiting, key=lambda at: (-adds(at), at))
        if not adds(first):
            break
        chosen.append(first)
        waiting.remove(first)
        for word in held[first]:
            untold[word] = 0
    return sorted(chosen)
