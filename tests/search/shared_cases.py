"""Cases that Python and the browser's modules both answer, in a file that both read.

    python -m tests.search.shared_cases        write it again after a rule was changed on purpose

The questions stand here, the answers in `tests/cases/search/shared.json`: a test of Python compares
them with what it answers now, `node --test tests/browser` with what the modules answer. The file
holds the index of the made-up community too, so that the second needs no Python.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from aggregator.searching.engine import search
from aggregator.searching.facets import count
from aggregator.searching.index import Index
from aggregator.searching.match import distance
from aggregator.searching.postings import Posting, write_numbers, write_posting
from aggregator.searching.query import parse, telling
from aggregator.searching.tokens import stem, tokens
from tests.search.conftest import CASES, document, files_of, read_glossary

FILE = CASES / "shared.json"

NUMBERS = [[0], [44, 45, 46], [0, 1, 44, 45, 2_024, 2_025, 2_026, 99_999, 2**31]]
POSTINGS = [Posting(1, [], []), Posting(300, [0, 1, 7, 5_000], [31, 1, 30, 2])]
TEXTS = [
    "A&E, C++ and C# or R. Guy's and St Thomas' café",
    "为病房绘制床位统计图表 beds",
    "Zakłady w Łodzi, Tromsø, Straße, Þingvellir, Æsir",
    "अस्पताल के बिस्तर और أسِرَّة",
    "data\u00adbase na\u200dme \ud83d\ude80 (-)",
    "",
]
WORDS = ["analysing", "analysed", "organisations", "colour", "aims", "running", "r", "centre"]
PAIRS = [("surrey", "survey"), ("abcd", "acbd"), ("forcasting", "forecasting"), ("", "ab")]
TYPED = [
    "how do I make a funnel plot",
    '"length of stay" -python lang:R',
    'stage:"in use" WHO is:help',
    '-"two words" nothing: a:b',
    "   ",
    "the of and",
    "beds AND wards NOT r OR python",
    '"two words" OR "one more" -stage:idea',
    "OR NOT rota AND",
    "is there a tool for record linkage?",
]
QUESTIONS: list[dict[str, Any]] = [
    {"query": "patient data", "filters": {"language": ["R", "Python"]}},
    {"query": "", "filters": {"stage": ["in use"], "kind": ["Trust", "ICB"]}},
    {"query": "", "filters": {"licence": ["GPL-3.0-only"]}},
    {"query": "", "filters": {"language": ["python", "no such"]}},
    {"query": "patient", "order": "active"},
    {"query": "fhir survey", "order": "name"},
    {"query": "forcasting geosp", "exact": True},
]


def cases() -> dict[str, Any]:
    """Ask everything, and give it with the answers."""
    projects = yaml.safe_load((CASES / "projects.yaml").read_text(encoding="utf-8"))
    files = files_of(
        [document(**each) for each in projects], read_glossary(CASES / "glossary.yaml")
    )
    index = Index(files.__getitem__)
    lines = (CASES / "queries.txt").read_text(encoding="utf-8").splitlines()
    questions = [*({"query": line} for line in lines), *QUESTIONS]
    return {
        "numbers": [[write_numbers(each), each] for each in NUMBERS],
        "postings": [[write_posting(each), _plain(each)] for each in POSTINGS],
        "tokens": [[text, tokens(text)] for text in TEXTS],
        "stems": [[word, stem(word)] for word in WORDS],
        "distances": [[one, two, distance(one, two)] for one, two in PAIRS],
        "queries": [[text, _parsed(text)] for text in TYPED],
        "answers": [[asked, _answer(index, asked)] for asked in questions],
        "index": dict(_opened(files, lines)),
    }


def _opened(files: Mapping[str, bytes], asked: list[str]) -> Iterator[tuple[str, Any]]:
    """Give the files of the index; of the words of English only those that are asked for."""
    said = {token.lower() for line in asked for token in tokens(line)}
    for name, data in files.items():
        payload = json.loads(data)
        if name.startswith("p-"):
            payload["e"] = " ".join(word for word in payload["e"].split(" ") if word in said)
        yield name.removesuffix(".json"), payload


def text_of(held: Mapping[str, Any]) -> str:
    """Write cases so that a changed answer is a changed line."""
    groups = []
    for name, group in held.items():
        values = group.items() if isinstance(group, dict) else group
        rows = (
            f"{json.dumps(each[0])}: {json.dumps(each[1])}"
            if isinstance(group, dict)
            else json.dumps(each)
            for each in values
        )
        opening, closing = "{}" if isinstance(group, dict) else "[]"
        groups.append(f'"{name}": {opening}\n' + ",\n".join(rows) + f"\n{closing}")
    return "{\n" + ",\n".join(groups) + "\n}\n"


def _plain(held: Posting) -> dict[str, Any]:
    return {
        "rarity": held.rarity,
        "documents": list(held.documents),
        "impacts": list(held.impacts),
    }


def _parsed(text: str) -> dict[str, Any]:
    asked = parse(text)
    return {
        "words": [asked.words[at].surface for at in telling(asked.words)],
        "required": [
            [[each.term for each in phrase] for phrase in group] for group in asked.required
        ],
        "excluded": [[each.term for each in phrase] for phrase in asked.excluded],
        "filters": [list(each) for each in asked.filters],
        "barred": [list(each) for each in asked.barred],
        "unknown": list(asked.unknown),
    }


def _answer(index: Any, asked: dict[str, Any]) -> dict[str, Any]:
    found = search(index, limit=None, little=True, **asked)
    return {
        "hits": [hit.number for hit in found.hits],
        "repairs": [[repair.surface, repair.shown] for repair in found.repairs],
        "unmatched": list(found.unmatched),
        "rarities": [slot.rarity for slot in found.slots],
        **({"counts": count(index.facets, found.ranked, found.wanted)} if len(asked) > 1 else {}),
    }


if __name__ == "__main__":
    FILE.write_text(text_of(cases()), encoding="utf-8")
