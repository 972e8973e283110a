"""A question is read for what it looks for: how people begin and end one says nothing of it."""

import pytest

from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.query import parse, telling
from tests.search.conftest import index_of


def left_of(asked: str) -> list[str]:
    """Give the words that are searched."""
    query = parse(asked)
    return [query.words[at].surface for at in telling(query.words)]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("how do I make a funnel plot?", "funnel plot"),
        ("is there a tool for record linkage", "record linkage"),
        ("what packages exist for survival analysis?", "survival analysis"),
        ("I am looking for maps of beds", "maps beds"),
        ("has anyone built a rota?", "rota"),
        ("show me all projects about prescribing", "prescribing"),
        ("I'd like to join records", "join records"),
        ("I\u2019m trying to join records", "join records"),
        ("don't know how to join records", "join records"),
        ("cant find ward maps", "ward maps"),
        ("what's the best way to join records", "join records"),
        ("can anyone help me join records", "join records"),
        ("hi all, my manager wants me to join records", "join records"),
        ("is it possible to join records", "join records"),
        ("does a tool exist to join records", "join records"),
        ("who works on ward maps", "ward maps"),
        ("any advice on ward maps please", "ward maps"),
    ],
)
def test_a_question_is_read_for_what_it_looks_for(asked: str, left: str) -> None:
    """How a question begins says nothing of the project that answers it."""
    assert left_of(asked) == left.split()


def test_letters_without_a_fellow_are_read_alike_by_python_and_browsers() -> None:
    """Only Python takes a dotless i for an i: such a word begins no question in either."""
    words = [word.surface for word in parse("\u0131s there a rota").words]
    assert words == ["is", "there", "a", "rota"]
    assert [word.surface for word in parse("is there a rota").words] == ["rota"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("how do I turn my script into a package", "turn script package"),
        ("write an r package", "write r package"),
        ("publish a public repository", "publish public repository"),
        ("waiting list package", "waiting list"),
    ],
)
def test_what_somebody_makes_is_what_the_question_is_about(asked: str, left: str) -> None:
    """Whoever writes a package looks for that; whoever wants any package does not."""
    assert left_of(asked) == left.split()


@pytest.mark.parametrize("ending", ["please", "anyone?", "tools", "package, thanks", "software!"])
def test_how_a_question_ends_says_nothing(ending: str) -> None:
    """Neither thanks nor a word for whatever does it tell one project from another."""
    assert left_of(f"join records {ending}") == ["join", "records"]


@pytest.mark.parametrize(
    "asked",
    [
        "how to",
        "tools",
        "please",
        "sim tools",
        "help desk",
        "advice line",
        "best practice guide",
        "information governance",
        "people waiting",
        "explain models",
        "package code",
        "wanted persons",
    ],
)
def test_what_only_looks_like_a_question_is_searched_whole(asked: str) -> None:
    """A name may begin or end with a word that questions do."""
    assert left_of(asked) == asked.split()


def test_a_question_finds_what_its_subject_finds() -> None:
    """Words of the question that a README happens to hold do not bring it to the top."""
    documents = [
        Document(key="a/joined", summary="Record linkage."),
        Document(key="b/chat", summary="We can't help anyone: my manager wants the best records."),
    ]
    index = index_of(documents)
    asked = ("record linkage", "can anyone help me with record linkage", "record linkage, anyone?")
    first = [search(index, each).hits[0] for each in asked]
    assert [(hit.key, hit.score) for hit in first] == [("a/joined", first[0].score)] * 3
