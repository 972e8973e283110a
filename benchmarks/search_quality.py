"""Judge search over real repositories, side by side with what others use.

    python benchmarks/search_quality.py [SHARED [NODE_MODULES]]

SHARED holds `corpus/` and `search/` with the judged queries. MiniSearch and Pagefind run in
Node when NODE_MODULES has them; what is absent is left out with a reason.
"""

import math
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from benchmarks.search_corpus import documents
from benchmarks.search_judge import Judge
from benchmarks.search_rivals import answers
from tests.conftest import SHARED

Run = dict[str, list[str]]
Queries = list[dict[str, Any]]
FIGURES = ("nDCG@10", "MRR@10", "R@20", "S@3", "empty", "zero")


def ours(found: list[Document], queries: Queries, *, glossary: bool) -> Run:
    """Answer with the project's own search, with the glossary it ships or without any."""
    shipped = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))
    files = dict(index_files(read_corpus(found, shipped if glossary else {})))
    index = Index(files.__getitem__)
    return {q["id"]: [hit.key for hit in search(index, q["query"], 50).hits] for q in queries}


def fts5(found: list[Document], queries: Queries) -> Run:
    """Answer with SQLite FTS5: words joined by OR, weighted bm25, Porter stemming."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE d USING fts5(key UNINDEXED, title, summary, headings, text, "
        "tokenize='porter unicode61')"
    )
    rows = [(d.key, d.title, d.summary, " ".join(d.headings), d.text) for d in found]
    base.executemany("INSERT INTO d VALUES (?,?,?,?,?)", rows)
    ranked = "SELECT key FROM d WHERE d MATCH ? ORDER BY bm25(d, 0, 10, 5, 2, 1) LIMIT 50"
    asked = {q["id"]: " OR ".join(f'"{w}"' for w in _words(q["query"])) for q in queries}
    return {id_: [key for (key,) in base.execute(ranked, (text,))] for id_, text in asked.items()}


def table(judge: Judge, queries: Queries, runs: Mapping[str, Run]) -> Iterable[str]:
    """Give the figures of each run over all queries, then for each kind."""
    yield f"{'':26}" + "".join(f"{figure:>9}" for figure in FIGURES)
    kinds = ["all", *dict.fromkeys(q["kind"] for q in queries)]
    for kind in kinds:
        held = [q for q in queries if kind in ("all", q["kind"])]
        for name, run in runs.items():
            scores = judge.scores(held, run)
            figures = (scores[figure] for figure in FIGURES)
            cells = (f"{'-':>9}" if math.isnan(value) else f"{value:9.3f}" for value in figures)
            yield f"{kind:13}{name:13}" + "".join(cells)


def _words(query: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in query).split()


def main(arguments: list[str]) -> None:
    """Print the table, and why a row is absent."""
    shared = Path(arguments[0]) if arguments else SHARED
    if not (shared / "search").is_dir():
        sys.exit(f"skipped: {shared / 'search'} is not here; name the folder that holds it")
    judge = Judge(shared / "search")
    queries = judge.queries
    found = documents(shared / "corpus")
    runs = {
        "ours": ours(found, queries, glossary=True),
        "no glossary": ours(found, queries, glossary=False),
        "SQLite FTS5": fts5(found, queries),
    }
    modules = Path(arguments[1]).resolve() if len(arguments) > 1 else None
    runs |= {name: rival.run for name, rival in answers(found, queries, modules)}
    print("\n".join(table(judge, queries, runs)))


if __name__ == "__main__":
    main(sys.argv[1:])
