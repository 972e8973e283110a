"""What projects say that their acronyms stand for is believed, and nothing more."""

import pytest

from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.synonyms import expansion
from tests.search.conftest import index_of


@pytest.mark.parametrize(
    ("short", "before", "long"),
    [
        ("SPC", "charts for statistical process control", "statistical process control"),
        ("LoS", "the length of stay", "length of stay"),
        ("ICBs", "for integrated care boards", "integrated care boards"),
        ("HL", "see below", ""),
        ("SPC", "process control", ""),
        ("NHS", "the service", ""),
    ],
)
def test_only_what_is_spelt_out_is_believed(short: str, before: str, long: str) -> None:
    """The first letters of the words must be the acronym, every one of them."""
    assert expansion(short, before.split()) == long


def test_a_readme_that_explains_an_acronym_helps_the_others() -> None:
    """One project's explanation lets the acronym find a project that never writes it."""
    explains = Document(key="a/charts", text="Statistical process control (SPC) for wards.")
    silent = Document(key="b/limits", summary="Limits by statistical process control.")
    found = search(index_of([explains, silent]), "SPC")
    assert {hit.key for hit in found.hits} == {"a/charts", "b/limits"}


def test_the_commonest_meanings_are_kept_and_the_community_speaks_first() -> None:
    """Members' own glossary lines stand before what was read."""
    said = Document(key="a/b", text="We record OPD (outpatient department data) and RTT.")
    assert read_corpus([said]).glossary == {}
    spelt = Document(key="a/b", summary="DES (discrete event simulation) of beds")
    assert read_corpus([spelt], {"des": ["simulation"]}).glossary == {
        "des": ("simulation", "discrete event simulation")
    }


def test_a_word_that_ends_in_two_letters_is_not_the_acronym_with_one() -> None:
    """A length of stay is no loss, a possible thing no POS, and a crossing still a cross."""
    said = {"a/los": "LOS by ward", "b/loss": "a total loss", "c/losses": "losses of data"}
    index = index_of([Document(key=key, summary=text) for key, text in said.items()],
                     {"LOS": ["length of stay"]})  # fmt: skip
    for typed, found in (
        ("length of stay", {"a/los"}),
        ("LOS", {"a/los"}),
        ("los", {"a/los"}),
        ("loss", {"b/loss", "c/losses"}),
        ("losses", {"b/loss", "c/losses"}),
    ):
        assert {hit.key for hit in search(index, typed).hits} == found, typed


def test_half_typed_words_of_a_known_phrase_lead_to_its_acronym() -> None:
    """`stat proc` finds a project that only says SPC."""
    index = index_of(
        [Document(key="a/b", summary="SPC charts"), Document(key="c/d", summary="Statistics")],
        {"SPC": ["statistical process control"]},
    )
    assert "a/b" in [hit.key for hit in search(index, "stat proc").hits]
