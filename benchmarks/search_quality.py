"""Judge search over real repositories, side by side with what others use.

    python benchmarks/search_quality.py [SHARED [NODE_MODULES]]

SHARED holds `corpus/` and `search/` with the judged queries: `queries.jsonl`, by which weights were
set, and `queries_fresh.jsonl`, of another hand, tasks and questions most of all. MiniSearch and
Pagefind run in Node when NODE_MODULES has them, the sentence model where the extra `semantic` is
installed; what is absent is left out with a reason.

Of the fresh queries every second one was set aside: whatever has to do with meaning was chosen by
the others and by the judged ones.
"""

import gzip
import math
import random
import sqlite3
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.searching.build import index_files
from aggregator.searching.columns import Corpus, read_corpus
from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from aggregator.searching.meaning import installed_reader
from benchmarks.search_corpus import documents
from benchmarks.search_judge import Judge, read_queries
from benchmarks.search_meaning import fused, model_alone, with_meaning
from benchmarks.search_rivals import answers
from tests.conftest import SHARED

Run = dict[str, list[str]]
MODEL_MB = 23  # of the sentence model as browsers run it, one byte a weight
RESAMPLED = 10_000
Queries = list[dict[str, Any]]
FIGURES = ("nDCG@10", "MRR@10", "R@20", "S@3", "empty", "zero")


def ours(found: list[Document], queries: Queries, *, glossary: bool) -> Run:
    """Answer with the project's own search, with the glossary it ships or without any."""
    return answered(dict(index_files(as_read(found, glossary=glossary))), queries)


def as_read(found: list[Document], *, glossary: bool) -> Corpus:
    """Read projects, with the glossary that is shipped or without any."""
    shipped = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))
    return read_corpus(found, shipped if glossary else {})


def answered(files: Mapping[str, bytes], queries: Queries) -> Run:
    """Answer with the files of an index."""
    index = Index(files.__getitem__)
    return {q["id"]: [hit.key for hit in search(index, q["query"], 50).hits] for q in queries}


def with_models(found: list[Document], queries: Queries) -> Iterator[tuple[str, Run]]:
    """Answer with what is near in meaning, and with the sentence model alone and fused."""
    corpus, reader = with_meaning(as_read(found, glossary=True)), installed_reader()
    if corpus is None or reader is None:
        print("left out: what hangs on meaning, because the extra `semantic` is not installed")
        return
    files = dict(index_files(corpus))
    print("\n".join(costs(files, queries, len(found))))
    near, alone = answered(files, queries), model_alone(reader, corpus.documents, queries)
    words = ours(found, queries, glossary=True)
    yield "meaning", near
    yield "model alone", alone
    yield "model fused", fused(words, alone)


def costs(files: Mapping[str, bytes], queries: Queries, projects: int) -> Iterator[str]:
    """Say what each way of knowing meaning costs in bytes, as a server sends them."""
    sizes = {name: len(gzip.compress(data, 9)) for name, data in files.items() if name[0] == "m"}
    asked = [_fetched(files, query["query"]) for query in queries]
    each = sorted(sum(sizes[name] for name in names) for names in asked)
    files_each = statistics.median(map(len, asked))
    yield f"meaning: {sum(sizes.values()) / 1e3:.0f} kB on the server in {len(sizes)} files; of a"
    yield f"  query {each[len(each) // 2] / 1e3:.1f} kB (median) in {files_each:.0f} files"
    yield f"model alone: {MODEL_MB} MB to a browser, and {projects * 384 / 1e3:.0f} kB of vectors"


def _fetched(files: Mapping[str, bytes], query: str) -> list[str]:
    names: list[str] = []

    def opened(name: str) -> bytes:
        names.append(name)
        return files[name]

    search(Index(opened), query, 10)
    return [name for name in names if name.startswith("m-")]


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


def interval(judge: Judge, queries: Queries, before: Run, after: Run) -> tuple[float, float, float]:
    """Give the mean difference in nDCG@10 over queries, and where 95 of 100 resamples lie."""
    apart = [
        judge.scores([q], after)["nDCG@10"] - judge.scores([q], before)["nDCG@10"]
        for q in queries
        if q["judgments"]
    ]
    chance = random.Random(7)
    means = sorted(statistics.fmean(chance.choices(apart, k=len(apart))) for _ in range(RESAMPLED))
    low, high = means[round(0.025 * RESAMPLED)], means[round(0.975 * RESAMPLED)]
    return statistics.fmean(apart), low, high


def _words(query: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in query).split()


def main(arguments: list[str]) -> None:
    """Print the table, and why a row is absent."""
    shared = Path(arguments[0]) if arguments else SHARED
    if not (shared / "search").is_dir():
        sys.exit(f"skipped: {shared / 'search'} is not here; name the folder that holds it")
    judge = Judge(shared / "search")
    fresh = read_queries(shared / "search" / "queries_fresh.jsonl")
    known = {q["id"] for q in judge.queries}
    fresh = [q for q in fresh if q["id"] not in known]
    asked = {
        "judged": judge.queries,
        "fresh": fresh,
        "fresh, chosen by": fresh[0::2],
        "fresh, set aside": fresh[1::2],
    }
    queries = [*judge.queries, *fresh]
    found = documents(shared / "corpus")
    runs = {
        "ours": ours(found, queries, glossary=True),
        "no glossary": ours(found, queries, glossary=False),
        "SQLite FTS5": fts5(found, queries),
    }
    runs |= dict(with_models(found, queries))
    modules = Path(arguments[1]).resolve() if len(arguments) > 1 else None
    runs |= {name: rival.run for name, rival in answers(found, queries, modules)}
    for name, held in asked.items():
        print(f"\n{name}: {len(held)} queries")
        print("\n".join(table(judge, held, runs)))
        if "meaning" in runs:
            mean, low, high = interval(judge, held, runs["ours"], runs["meaning"])
            print(f"meaning against ours: nDCG@10 {mean:+.3f} ({low:+.3f} to {high:+.3f})")


if __name__ == "__main__":
    main(sys.argv[1:])
