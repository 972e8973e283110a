"""Sentences that stand under a result: whole ones, few, and together telling much."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.searching import hits
from aggregator.searching.analysis import Document
from aggregator.searching.hits import telling_sentences

WORTH = {"bed": 3.0, "forecast": 2.0, "ward": 2.0, "waitlist": 1.0}


def best(text: str, headings: tuple[str, ...] = (), summary: str = "") -> tuple[str, ...]:
    """Give the sentences that a result would show of a README."""
    document = Document(key="a/b", text=text, headings=headings, summary=summary)
    return telling_sentences(document, WORTH)


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
    st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), max_size=14),
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 9), max_size=8),
)
def test_weighing_only_what_stands_first_changes_nothing(
    held: list[set[str]], worth: dict[str, float]
) -> None:
    """The short way chooses what weighing every sentence again each time would choose."""
    untold, waiting, chosen = dict(worth), list(range(len(held))), []
    while waiting and len(chosen) < hits.KEPT:
        first = min(waiting, key=lambda at: (-hits._worth(held[at], untold), at))
        if not hits._worth(held[first], untold):
            break
        chosen.append(first)
        waiting.remove(first)
        untold |= dict.fromkeys(held[first], 0.0)
    assert hits._together(held, dict(worth)) == chosen
