"""Judge search without a judge: is each project found by its own summary, once that is taken away?

    python benchmarks/search_known.py [SHARED [NODE_MODULES]]

SHARED holds `corpus/`, the real repositories. Each summary is taken out of its project and out of
its README, and its first three, five or eight telling words, none of them in the project's name,
are searched for. Only that one project counts as found, so the figures are low for everybody; no
rule or weight was chosen by them. MiniSearch and Pagefind answer where NODE_MODULES has them.
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.searching.document import Document
from aggregator.searching.tokens import name_parts, words
from aggregator.site.data.search_index import documents_of
from benchmarks.search_quality import Queries, Run, answered, fts5, index_of
from benchmarks.search_rivals import answers
from tests.conftest import SHARED
from tests.search.readings import corpus_catalogue

LENGTHS = (3, 5, 8)
LEAST = 30  # characters: shorter summaries are hardly more than a name


def without_summary(document: Document) -> Document:
    """Take the summary out of a project, wherever it stands."""
    said = document.summary.removesuffix("\u2026")
    text = document.text.replace(said, " ") if said else document.text
    return replace(document, summary="", text=text)


def telling(document: Document) -> list[str]:
    """Give the words of a summary, in order, that are not in the project's name."""
    named = f"{document.title} {document.name} {document.owner}"
    known = {each.term for each in words(f"{named} {' '.join(name_parts(named))}")}
    return [each.surface for each in words(document.summary) if each.term not in known]


def queries(documents: list[Document], length: int) -> Queries:
    """Make a query of each summary that is long enough for the shortest."""
    told = {each.key: telling(each) for each in documents if len(each.summary) >= LEAST}
    return [
        {"id": key, "query": " ".join(found[:length])}
        for key, found in told.items()
        if len(found) >= LENGTHS[0]
    ]


def figures(run: Run, asked: Queries) -> Mapping[str, float]:
    """Say where the one right project stands: the mean of 1/place, and how often it is near."""
    given = [_place(run.get(q["id"], []), q["id"]) for q in asked]
    return {
        "MRR": sum(1 / place for place in given if place) / len(given),
        "first": sum(place == 1 for place in given) / len(given),
        "in 3": sum(0 < place <= 3 for place in given) / len(given),
        "in 10": sum(0 < place <= 10 for place in given) / len(given),
    }


def _place(found: list[str], key: str) -> int:
    return found.index(key) + 1 if key in found else 0


def main(arguments: list[str]) -> None:
    """Print a table for each length of query."""
    shared = Path(arguments[0]) if arguments else SHARED
    modules = Path(arguments[1]).resolve() if len(arguments) > 1 else None
    if not (shared / "corpus").is_dir():
        sys.exit(f"skipped: {shared / 'corpus'} is not here; name the folder that holds it")
    with tempfile.TemporaryDirectory() as folder:
        whole = list(documents_of(corpus_catalogue(shared / "corpus", Path(folder))))
    bare = [without_summary(each) if len(each.summary) >= LEAST else each for each in whole]
    for length in LENGTHS:
        asked = queries(whole, length)
        runs = {
            "ours": answered(index_of(bare), asked),
            "no glossary": answered(index_of(bare, glossary=False), asked),
            "SQLite FTS5": fts5(bare, asked),
        }
        runs |= {name: rival.run for name, rival in answers(bare, asked, modules)}
        print(f"\n{len(asked)} queries of {length} words or fewer")
        for name, run in runs.items():
            cells = (f"{figure} {value:.3f}" for figure, value in figures(run, asked).items())
            print(f"  {name:13}" + "   ".join(cells))


if __name__ == "__main__":
    main(sys.argv[1:])
