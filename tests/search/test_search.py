"""People find projects with the words they have."""

import json
from dataclasses import replace

import pytest

from aggregator.cli.search import as_json, lines, run_lines
from aggregator.searching.document import Document
from aggregator.searching.engine import Results, search
from aggregator.searching.facets import count
from aggregator.searching.index import Index
from aggregator.searching.rank import explain
from tests.search.conftest import index_of


def keys(results: Results) -> list[str]:
    """Give the keys of the results in order."""
    return [hit.key for hit in results.hits]


def first(index: Index, query: str) -> str:
    """Give the best result's name."""
    return keys(search(index, query))[0].partition("/")[2]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("plotthebeans", "plotthebeans"),
        ("plot the beans", "plotthebeans"),
        ("path flow r", "PathFlowR"),
        ("open records", "openrecords"),
        ("queuing", "PathFlowR"),
        ("C++", "c-plus-signals"),
        ("A&E", "ed-waits"),
        ("pediatric", "paediatric-asthma"),
        ("color", "colour-blind-charts"),
        ("geosp", "travel-times"),
        ("reprod anal", "rap-template"),
        ("how do I make a funnel plot", "funnelplots"),
        ("predict missed appointments", "did-not-attend"),
        ("SPC", "plotthebeans"),
        ("Straße", "straße-karte"),
        ("creme brulee", "letters-nlp"),
        ("asha-okafor", "bed-forecaster"),
        ("deprivaton", "deprivation-lookup"),
    ],
)
def test_the_expected_project_comes_first(index: Index, query: str, name: str) -> None:
    """Names, acronyms, tasks, slips and half words lead to the project that was meant."""
    assert first(index, query) == name


def test_a_word_that_nobody_wrote_finds_nothing(index: Index) -> None:
    """Nothing found is said honestly, never padded with guesses."""
    for query in ("blockchain", "kidney dialysis"):
        found = search(index, query)
        assert (found.total, found.repairs) == (0, ())


def test_a_repaired_word_is_always_shown(index: Index) -> None:
    """No repair is silent, and searching exactly takes it back."""
    found = search(index, "forcasting")
    assert [(change.surface, change.shown) for change in found.repairs] == [
        ("forcasting", "forecasting")
    ]
    assert found.total
    assert search(index, "forcasting", exact=True).total == 0


def test_a_slip_of_one_letter_is_repaired_and_said(index: Index) -> None:
    """`surrey` matches nothing, so `survey` is shown instead, and the page says so."""
    found = search(index, "surrey")
    assert [(change.surface, change.shown) for change in found.repairs] == [("surrey", "survey")]
    assert found.total


def test_a_word_as_typed_is_never_stretched(index: Index) -> None:
    """`survey` finds what says survey; only a word without a match is taken as a beginning."""
    sources = {each.why for slot in search(index, "survey").slots for each in slot.matches}
    assert sources == {"as typed"}


def test_the_glossary_works_both_ways(index: Index) -> None:
    """LOS finds length of stay, and length of stay finds LOS."""
    assert "north-shore-trust/staylength" in keys(search(index, "LOS"))
    assert "north-shore-trust/LOS-dashboard" in keys(search(index, "length of stay"))


def test_the_glossary_never_overtakes_the_typed_words() -> None:
    """Of two projects alike in all but the word, the one that holds it as typed comes first."""
    held = Document(key="z/typed", summary="Charts of XYZ by ward.")
    same = replace(held, key="a/meant", summary="Charts of xylophone by ward.")
    index = index_of([held, same], {"XYZ": ["xylophone"]})
    assert keys(search(index, "XYZ")) == ["z/typed", "a/meant"]
    assert keys(search(index, "xylophone")) == ["a/meant", "z/typed"]


def test_a_list_of_everything_does_not_come_first(index: Index) -> None:
    """A README that names every topic is behind the projects that are about them."""
    for query in ("simulation", "fhir", "spc", "synthetic data", "deprivation", "survey"):
        assert first(index, query) != "awesome-care-data"


def test_quotes_keep_words_together(index: Index) -> None:
    """A quoted phrase must stand there in that order."""
    assert search(index, '"synthetic patient data"').total == 1
    assert search(index, '"patient synthetic"').total == 0


def test_a_minus_leaves_out(index: Index) -> None:
    """-word takes away every project that holds the word."""
    left = keys(search(index, "fhir -java"))
    assert "open-clinic/fhir-tiny" in left
    assert "open-clinic/openrecords" not in left


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("language:R", 6),
        ("lang:c++", 1),
        ("org:north-shore", 3),
        ('org:"valley integrated"', 3),
        ('stage:"needs a new home"', 1),
        ("kind:university language:python", 2),
        ("license:gpl", 2),
        ("is:help", 5),
        ("language:cobol", 0),
    ],
)
def test_field_words_narrow(index: Index, query: str, count: int) -> None:
    """A field and a value narrow, however the value is written."""
    assert search(index, query).total == count


def test_facet_counts_are_what_choosing_gives(index: Index) -> None:
    """The count beside a value is the number of results that choosing it shows."""
    chosen = {"kind": ["Trust"]}
    found = search(index, "patient", None, chosen)
    counts = count(index.facets, found.ranked, found.wanted)
    for name, values in counts.items():
        for value, promised in values.items():
            filters = {**chosen, name: [value]}
            assert search(index, "patient", None, filters).total == promised, (name, value)


def test_orders_put_the_newest_first(index: Index) -> None:
    """Recently active, recently added and by name mean what they say."""
    active = search(index, "patient", None, order="active").hits
    assert [h.pushed for h in active] == sorted((h.pushed for h in active), reverse=True)
    named = search(index, "patient", None, order="name").hits
    titles = [h.title.lower() for h in named]
    assert titles == sorted(titles)


def test_every_result_can_be_explained(index: Index) -> None:
    """What the words gave, times what they cover, is the score."""
    found = search(index, "length of stay model", None)
    for hit in found.hits:
        parts = explain(found.slots, hit.number)
        assert sum(p.points for p in parts) * sum(p.share for p in parts) == hit.score


def test_the_command_line_says_what_was_found_and_why(index: Index) -> None:
    """Text names the results and the repair; explaining gives a line for each word."""
    text = "\n".join(lines(search(index, "forcasting beds"), explained=True))
    assert "No results for forcasting. Showing forecasting." in text
    assert "north-shore-trust/bed-forecaster" in text
    assert "rarity" in text
    assert list(lines(search(index, "blockchain"))) == ["No projects"]


def test_json_is_for_programs(index: Index) -> None:
    """JSON carries the results, the repairs and, if asked, the reasons."""
    found = search(index, "funel plot", 2)
    answer = json.loads(as_json("funel plot", found, explained=True))
    assert answer["changes"] == [{"typed": "funel", "shown": "funnel"}]
    assert answer["results"][0]["repository"] == "health-data-guild/funnelplots"
    assert answer["results"][0]["why"][0]["word"] == "funel"
    assert len(answer["results"]) == 2


def test_a_file_of_queries_gives_a_run(index: Index) -> None:
    """Each query of a file is answered on a line of its own, in order."""
    asked = [("a", "fhir client"), ("b", "blockchain")]
    answers = [json.loads(line) for line in run_lines(index, asked)]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert answers[0]["results"][0] == "open-clinic/fhir-tiny"
    assert answers[1]["results"] == []


def test_an_empty_catalogue_can_be_searched() -> None:
    """A showcase on its first day has a search that finds nothing and does not fail."""
    assert search(index_of([]), "anything -at all:").total == 0


def test_every_example_finds_something(index: Index) -> None:
    """What the empty search page invites to is found here, and not by every project."""
    assert index.examples
    for example in index.examples:
        assert 0 < search(index, example).total < index.size


def test_who_does_something_leads_to_what_is_done() -> None:
    """`parser` finds what parses, below what says parser; no letters are taken off for it."""
    texts = {"a/one": "a parser", "a/two": "parsing messages", "a/three": "parsing dates"}
    built = index_of([Document(key=key, summary=text) for key, text in texts.items()])
    assert keys(search(built, "parser")) == ["a/one", "a/three", "a/two"]
    assert keys(search(built, "parsing")) == ["a/three", "a/two", "a/one"]
    alone = index_of([Document(key="a/b", summary="a number"), Document(key="a/c", summary="numb")])
    assert keys(search(alone, "number")) == ["a/b"]
