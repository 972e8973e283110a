"""People find projects with the words they have."""

import json
import random
from dataclasses import replace

import pytest

from aggregator.cli.search import as_json, lines, run_lines
from aggregator.searching.document import Document
from aggregator.searching.engine import Results, search
from aggregator.searching.english import english_words
from aggregator.searching.facets import count
from aggregator.searching.index import Index
from aggregator.searching.query import parse
from aggregator.searching.rank import Tier, explain
from aggregator.searching.tokens import stem
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
    """`survfy` matches nothing, so `survey` is shown instead, and the page says so."""
    found = search(index, "survfy")
    assert [(change.surface, change.shown) for change in found.repairs] == [("survfy", "survey")]
    assert found.total


@pytest.mark.parametrize("typed", ["surrey", "dialysis", "bread", "handover", "paediatrics"])
def test_a_word_of_english_is_never_repaired(index: Index, typed: str) -> None:
    """`surrey` is no slip for `survey`: where nothing says it, the search says so."""
    assert search(index, typed).repairs == ()


def test_no_common_word_is_repaired_where_all_others_are_known() -> None:
    """Beside words that differ from them by a letter, English words are left as they are."""
    chance = random.Random(15)
    typed = chance.sample(sorted(word for word in english_words() if len(word) > 4), 60)
    slips = [word[:2] + "q" + word[2:] for word in typed]
    index = index_of([Document(key=f"a/{slip}", summary=slip) for slip in slips])
    assert [word for word in typed if search(index, word).repairs] == []
    assert sum(bool(search(index, slip[:-1] + "qx").repairs) for slip in slips) > 30


def test_a_word_as_typed_is_never_stretched(index: Index) -> None:
    """`survey` finds what says survey; only a word without a match is taken as a beginning."""
    found = search(index, "survey").slots
    assert {each.why for slot in found for each in slot.matches if not each.near} == {"as typed"}


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
        ("license:GPL-3.0-only", 2),
        ("is:help", 5),
        ("language:cobol", 0),
    ],
)
def test_field_words_narrow(index: Index, query: str, count: int) -> None:
    """A field and a value narrow, however the value is written."""
    assert search(index, query).total == count


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"licence": ["GPL-3.0"]}, 2),
        ({"licence": ["GPL-3.0-only"]}, 2),
        ({"licence": ["gpl-3.0-only", "MPL-2.0"]}, 3),
        ({"licence": ["GPL"]}, 0),
        ({"licence": ["GPL-3.0-or-later"]}, 0),
    ],
)
def test_an_old_address_finds_what_is_called_otherwise_now(
    index: Index, filters: dict[str, list[str]], count: int
) -> None:
    """A licence that facets call by less than its SPDX name answers to that, and to no part."""
    assert search(index, "", None, filters).total == count


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


def test_a_half_typed_word_goes_on_though_it_stands_here_itself() -> None:
    """`synth` finds the project called so first, then what is synthetic; `port` is a whole word."""
    texts = {"a/synth": "Voices.", "b/made": "Synthetic people.", "c/port": "A port.",
             "d/portal": "A portal."}  # fmt: skip
    index = index_of([Document(key=key, summary=text) for key, text in texts.items()])
    assert keys(search(index, "synth")) == ["a/synth", "b/made"]
    assert keys(search(index, '"synth"')) == ["a/synth"]
    assert keys(search(index, "synth", exact=True)) == ["a/synth"]
    assert keys(search(index, "port")) == ["c/port"]


@pytest.mark.parametrize("typed", ["ICD10", "ICD-10", "ICD 10", "icd10", "icd-10", "icd 10"])
def test_a_code_is_found_however_it_is_written(typed: str) -> None:
    """ICD10, ICD-10 and ICD 10 are one; ICD 9 is another."""
    texts = ["Codes of ICD-10.", "Codes of ICD10.", "Codes of ICD 10.", "Codes of ICD-9."]
    index = index_of([Document(key=f"a/{at}", text=text) for at, text in enumerate(texts)])
    found = search(index, typed)
    assert set(keys(found)[:3]) == {"a/0", "a/1", "a/2"}
    assert found.tiers[Tier.ALL] == 3


def test_covid19_is_covid_19() -> None:
    """A hyphen before a number changes nothing in names and texts of small letters."""
    texts = {"a/one": "On covid-19.", "a/two": "On Covid19.", "a/three": "On COVID 19."}
    index = index_of([Document(key=key, summary=text) for key, text in texts.items()])
    assert set(keys(search(index, "covid19"))) == set(texts)
    assert set(keys(search(index, "Covid-19"))) == set(texts)


def test_public_is_not_publication() -> None:
    """Words that only begin alike are not one."""
    texts = {"a/one": "Public code.", "a/two": "Publications."}
    index = index_of([Document(key=key, summary=text) for key, text in texts.items()])
    assert keys(search(index, "public")) == ["a/one"]
    assert keys(search(index, "publication")) == ["a/two"]
    assert stem("medic") != stem("medication")
    assert stem("indication") == stem("indicator") == stem("indications")


def test_and_or_and_not_are_understood() -> None:
    """In capitals between words they say what must, may and must not be."""
    texts = {"a/one": "beds wards", "a/two": "beds", "a/three": "wards", "a/four": "beds models"}
    index = index_of([Document(key=key, summary=text) for key, text in texts.items()])
    assert set(keys(search(index, "beds AND wards"))) == {"a/one"}
    assert set(keys(search(index, "models OR wards"))) == {"a/one", "a/three", "a/four"}
    assert set(keys(search(index, "beds NOT wards"))) == {"a/two", "a/four"}
    assert set(keys(search(index, "beds AND models OR wards"))) == {"a/one", "a/four"}
    assert set(keys(search(index, '"beds wards" OR "beds models"'))) == {"a/one", "a/four"}
    assert search(index, "beds AND nothing").total == 0
    assert [slot.surface for slot in search(index, "beds AND wards").slots] == ["beds", "wards"]
    assert [word.surface for word in parse("OR beds AND").words] == ["or", "beds", "and"]


def test_a_field_that_is_none_is_said(index: Index) -> None:
    """`auther:` is no field; its words are searched, and the search says so."""
    found = search(index, "auther:asha funnel")
    assert found.unknown == ("auther",)
    assert "No field is called auther:, so it was searched for as words." in lines(found)
    assert search(index, "https://a.example/b language:R").unknown == ()


def test_a_minus_before_a_field_takes_its_projects_away(index: Index) -> None:
    """`-language:R` is the rest of what there is."""
    kept, taken = search(index, "-language:R", None), search(index, "language:R", None)
    assert kept.total + taken.total == index.size
    assert not set(keys(kept)) & set(keys(taken))


def test_results_say_how_much_they_hold() -> None:
    """Who holds both words is counted apart; what is only near comes last."""
    texts = {"a/both": "long list of things: beds, waiting, wards, plans and lists",
             "b/one": "waiting", "c/other": "list"}  # fmt: skip
    documents = [Document(key=key, text=text) for key, text in texts.items()]
    documents += [Document(key="d/waiting", title="waiting"), Document("e/none", title="delay")]
    index = index_of(documents)
    found = search(index, "waiting list")
    assert keys(found)[-1] == "e/none"
    assert list(found.tiers.values()) == [1, 3, 1]
    assert "5 projects, 1 with all your words, 1 near in meaning" in lines(found)


def test_what_holds_only_a_little_of_a_search_is_kept_back_and_said() -> None:
    """Who looks for a record player is not helped by what says `record`; one word is no little."""
    index = index_of([Document(key=f"a/{at}", text="Patient record.") for at in range(9)])
    found = search(index, "vinyl record player")
    assert (found.hits, found.total, found.little) == ((), 0, 9)
    assert set(found.tiers.values()) == {0}
    assert list(lines(found)) == [
        "Nothing here says vinyl or player.",
        "9 projects, with only a little of this: --little shows them",
    ]
    asked = search(index, "vinyl record player", little=True)
    assert (asked.total, asked.little) == (9, 9)
    assert "9 projects, with only a little of this" in lines(asked)
    assert (search(index, "record").little, search(index, "patient recording").little) == (0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        '"record" vinyl player turntable',
        "vinyl OR record OR player OR turntable",
        "record AND patient vinyl player turntable gramophone",
    ],
)
def test_who_says_what_must_be_held_gets_what_holds_it(asked: str) -> None:
    """Quotes, AND and OR are kept to the letter, however little that is of all that was typed."""
    index = index_of([Document(key=f"a/{at}", text="Patient record.") for at in range(9)])
    assert (search(index, asked).total, search(index, asked).little) == (9, 0)


def test_little_is_told_of_what_is_left() -> None:
    """A project that a filter takes away changes nothing of what the others hold."""
    little = [Document(key=f"a/{at}", text="record", language="R") for at in range(9)]
    whole = Document(key="b/all", text="vinyl record player", language="Python")
    index = index_of([*little, whole])
    assert search(index, "vinyl record player").little == 0
    assert search(index, "vinyl record player language:R").little == 9
    assert search(index, "vinyl record player language:R", little=True).total == 9


def test_what_is_only_near_in_meaning_is_not_little() -> None:
    """Where nothing holds a word, what is near stands as what it is."""
    found = search(index_of([Document("e/none", title="delay")]), "waiting")
    assert (found.total, found.little) == (1, 0)


def test_a_phrase_of_the_glossary_counts_once() -> None:
    """An acronym is no more for standing for three words: the words themselves come first."""
    documents = [Document(key="a/los", summary="LOS by ward."),
                 Document(key="b/words", summary="Length of stay by ward.")]  # fmt: skip
    index = index_of(documents, {"LOS": ["length of stay"]})
    found = search(index, "length of stay")
    assert keys(found) == ["b/words", "a/los"]
    assert [
        match.factor for slot in found.slots for match in slot.matches if match.key == "los"
    ] == [4, 4]
    assert found.tiers[Tier.ALL] == 2


def test_general_words_tell_less_than_rare_ones() -> None:
    """In a small catalogue `people` is as rare as `dialysis`, and tells less all the same."""
    documents = [Document(key="a/people", summary="People."), Document("a/x", summary="Dialysis.")]
    people, dialysis = search(index_of(documents), "people dialysis").slots
    assert people.rarity < dialysis.rarity


def test_a_task_leads_to_what_does_it() -> None:
    """`anonymise` finds what redacts, below what says it, and as near in meaning."""
    documents = [Document(key="a/redact", summary="Redacts names."),
                 Document(key="b/anonymise", summary="Anonymises letters.")]  # fmt: skip
    found = search(index_of(documents), "anonymise")
    assert keys(found) == ["b/anonymise", "a/redact"]
    assert [found.tiers[Tier.ALL], found.tiers[Tier.NEAR]] == [1, 1]


def test_a_task_does_not_lead_to_what_every_project_says() -> None:
    """Where all are called reports, who types `dashboard` is not led to each of them."""
    reports = [Document(key=f"a/{letter}", summary=f"A report on {letter}.") for letter in "bcdefg"]
    index = index_of([*reports, Document(key="z/board", summary="A dashboard.")])
    assert keys(search(index, "dashboard")) == ["z/board"]


def test_what_a_project_does_is_found_by_its_peoples_words() -> None:
    """A phrase of `does` outweighs a README that only mentions the words."""
    documents = [Document(key="a/mentions", text="How to remove names from old letters, and more."),
                 Document(key="b/does", does=("remove names from letters",))]  # fmt: skip
    index = index_of(documents)
    assert keys(search(index, "remove names from letters")) == ["b/does", "a/mentions"]
    assert keys(search(index, '"names from letters"')) == ["b/does"]
