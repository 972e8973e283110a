"""The browser and the command line never disagree."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.facets import count
from aggregator.searching.index import Index
from aggregator.searching.rank import Tier
from tests.search.conftest import Ask, Files, files_of

pytestmark = pytest.mark.browser

FACETED: list[dict[str, Any]] = [
    {"query": "data", "filters": {"language": ["R", "Python"]}},
    {"query": "", "filters": {"stage": ["in use"], "kind": ["Trust", "ICB"]}},
    {"query": "patient", "order": "active"},
    {"query": "patient", "order": "added", "filters": {"organisation": ["st-marys"]}},
    {"query": "fhir survey", "order": "name"},
    {"query": "forcasting geosp", "exact": True},
    {"query": "", "filters": {}},
    {"query": "fhir", "filters": {"language": ["none such"]}},
    {"query": "vinyl survey player turntable"},
    {"query": "vinyl survey player turntable", "filters": {"language": ["none such"]}},
    {"query": "vinyl survey player turntable language:r", "order": "name"},
    {"query": '"survey" vinyl player turntable'},
    {"query": "vinyl OR survey OR player OR turntable"},
]


def in_python(index: Index, question: dict[str, Any]) -> dict[str, Any]:
    """Answer a question in the shape in which the browser answers it."""
    found = search(index, limit=None, little=True, **question)
    return {
        "hits": [hit.number for hit in found.hits],
        "changes": [[repair.surface, repair.shown] for repair in found.repairs],
        "unmatched": list(found.unmatched),
        "tiers": [found.tiers[tier] for tier in Tier],
        "little": found.little > 0,
        "unknown": list(found.unknown),
        "common": list(found.common),
        "cut": found.cut,
        "counts": count(index.facets, found.ranked, found.wanted),
        "keys": [hit.key for hit in found.hits[:5]],
    }


def assert_same(files: Files, questions: list[dict[str, Any]], ask: Ask) -> None:
    """Compare both halves, question by question."""
    index = Index(files.__getitem__)
    for question, answer in zip(questions, ask(files, questions), strict=True):
        assert answer == in_python(index, question), question


def test_every_kind_of_query_gives_the_same_in_both(
    files: Files, queries: list[str], ask_browser: Ask
) -> None:
    """What the results page shows is what `aggregator search` says, query by query."""
    assert_same(files, [{"query": query} for query in queries], ask_browser)


def test_filters_and_orders_give_the_same_in_both(files: Files, ask_browser: Ask) -> None:
    """Facets, orders and exact search come out the same in the browser and in Python."""
    assert_same(files, FACETED, ask_browser)


def test_an_empty_catalogue_gives_the_same_in_both(ask_browser: Ask) -> None:
    """On a showcase's first day the page finds nothing and does not fail."""
    questions = [{"query": query} for query in ("data", "openprescribing", '"two words"', "-a")]
    assert_same(files_of([]), questions, ask_browser)


def test_projects_that_are_alike_keep_one_order_in_both(ask_browser: Ask) -> None:
    """Of projects with one score, the first by name comes first, in the browser as well."""
    alike = [Document(key=f"team/copy-{n}", summary="Waiting times.") for n in range(300)]
    assert_same(files_of(alike), [{"query": "waiting times copy"}], ask_browser)


def test_a_sign_without_letters_is_no_word_in_either(ask_browser: Ask) -> None:
    """A dash in brackets in a summary does not make that project answer every unknown word."""
    files = files_of([Document(key="team/signs", summary="Beds (-) and wards <-> homes.")])
    assert "" not in Index(files.__getitem__).words
    assert_same(files, [{"query": "kidney dialysis"}], ask_browser)


def test_half_typed_words_give_the_same_in_both(files: Files, ask_browser: Ask) -> None:
    """While somebody types, each letter gives the same results in both halves."""
    words = "reproducible analytical pipelines for hospitalised paediatric patients"
    questions = [{"query": words[:length]} for length in range(len(words) + 1)]
    assert_same(files, questions, ask_browser)


WRITTEN = {
    "wards": "为病房绘制床位统计图表 beds",
    "counts": "病棟のデータを数える",
    "figures": "สถิติเตียงในโรงพยาบาล",
    "totals": "병상통계를 그리는 도구",
    "names": "Zakłady Opieki w Łodzi, Tromsø, Straße, Þingvellir, Æsir",
    "signs": "अस्पताल के बिस्तर और أسِرَّة المستشفى",
}
ASKED = ["统计", "床位统计", "图", "データ", "棟", "โรงพยาบาล", "เตียง", "통계", "그", '"统计图表"']
ASKED += [
    "lodzi",
    "tromso",
    "strasse",
    "thingvellir",
    "aesir",
    "बिस्तर",
    "اسرة",
    "-统计",
    "统计 -图表",
]


def test_every_script_gives_the_same_in_both(ask_browser: Ask) -> None:
    """Words inside Chinese, Thai or Korean text are found in the browser as in the terminal."""
    written = [Document(key=f"team/{name}", summary=text) for name, text in WRITTEN.items()]
    assert_same(files_of(written), [{"query": query} for query in ASKED], ask_browser)


@pytest.mark.corpus
def test_real_queries_give_the_same_in_both(
    corpus_files: Files, judged_queries: Path, queries: list[str], ask_browser: Ask
) -> None:
    """Over real repositories, every judged query ranks the same in both halves."""
    judged = (judged_queries / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["query"] for line in judged] + queries
    assert_same(corpus_files, [{"query": query} for query in asked], ask_browser)


ODD_TEXTS = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.text("abcdefghir's&+#\"-: ÀßŁİé½²①٣", max_size=24),
        st.text('病床統計图表デーダﾃ통계สถิติးထាំहिन्दी𠀋ّأΣςæØ\u00ad\u200dR2 "-', max_size=24),
        st.lists(
            st.sampled_from(
                [
                    "fhir",
                    "Survey",
                    "LOS",
                    "stay",
                    "forecst",
                    "-R",
                    "lang:R",
                    '"in use"',
                    "'ed'",
                    "C++",
                ]
            ),
            max_size=6,
        ).map(" ".join),
    ),
    min_size=40,
    max_size=60,
)


def test_anything_typed_gives_the_same_in_both(files: Files, ask_browser: Ask) -> None:
    """No text, however odd, makes the two halves differ or fail."""

    @settings(max_examples=4, deadline=None, derandomize=True, database=None)
    @given(ODD_TEXTS)
    def holds(typed: list[str]) -> None:
        assert_same(files, [{"query": text} for text in typed], ask_browser)

    holds()


def test_the_browser_finds_by_the_same_names(ask_browser: Ask) -> None:
    """The results page knows owners, acronyms and all languages as the terminal does."""
    documents = [
        Document("tern/a", organisation="Coast", organisation_slug="coast",
                 organisation_names=("CCT",), language="R", languages=("R", "Python")),
        Document("gull/b", language="Jupyter Notebook", languages=("Python",)),
    ]  # fmt: skip
    files = files_of(documents)
    index = Index(files.__getitem__)
    queries = ["org:tern", "org:gull", "org:cct", "org:none", "language:python",
               'language:"jupyter notebook"', "org:coast language:r"]  # fmt: skip
    answers = ask_browser(files, [{"query": query} for query in queries])
    assert [answer["hits"] for answer in answers] == [
        [hit.number for hit in search(index, query, limit=None).hits] for query in queries
    ]
    assert [len(answer["hits"]) for answer in answers] == [1, 1, 1, 0, 2, 1, 1]
