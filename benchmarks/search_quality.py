"""Judge search over real repositories, side by side with what others use, and say what it costs.

    python benchmarks/search_quality.py [--shared SHARED] [--modules NODE_MODULES] [--size N]
                                        [--judgements FILE] [--site NAME=FOLDER ...]

SHARED holds `corpus/` and `search/` with the judged queries: `queries.jsonl`, by which weights were
set, and `queries_fresh.jsonl`, of another hand, tasks and questions most of all. With N projects,
real ones and then grown ones, which count as not relevant. FILE is judged queries of a community,
as they stand beside a registry. FOLDER is a built site, whose index then answers as NAME.

Words alone, the sentence model alone and both together answer all of them, the last in two ways: as
lists in the index, which is what a site has where the model is installed (`meaning`), and as two
orders put together (`fused`). `word meaning` is the same lists from the meaning of single words,
which is what other sites have.
MiniSearch and Pagefind run in Node when NODE_MODULES has them, the model where the extra `semantic`
is installed; what is absent is left out with a reason. Each row is set beside words alone, query by
query: the mean of the differences, and where 95 of 100 resamples of the queries lie.

Of the fresh queries every second one was set aside: whatever has to do with meaning was chosen by
the others and by the judged ones. The last two tables part all of them, every second one of each
file, for whoever tries something new: choose by the one half, and believe the other.
"""

import argparse
import gzip
import json
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
from aggregator.searching.meaning import sentence_reader, word_reader
from benchmarks.search_corpus import documents, grown
from benchmarks.search_judge import Judge, read_queries
from benchmarks.search_meaning import fused, model_alone, with_meaning
from benchmarks.search_rivals import answers
from tests.conftest import SHARED

Run = dict[str, list[str]]
Files = Mapping[str, bytes]
Queries = list[dict[str, Any]]
WORDS = "words"  # what every other row is set beside
MODEL_KB = 23_000  # of the sentence model as browsers run it, one byte a weight
VECTOR_BYTES = 384  # of a project, one byte a number
RESAMPLED = 10_000
FEWEST = 4  # queries of a kind that an interval is given for
FIGURES = ("nDCG@10", "MRR@10", "R@20", "S@3", "empty", "zero")


def index_of(found: list[Document], *, glossary: bool = True) -> Files:
    """Build the index of words alone."""
    return dict(index_files(as_read(found, glossary=glossary)))


def as_read(found: list[Document], *, glossary: bool) -> Corpus:
    """Read projects, with the glossary that is shipped or without any."""
    shipped = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))
    return read_corpus(found, shipped if glossary else {})


def answered(files: Files, queries: Queries) -> Run:
    """Answer with the files of an index."""
    index = Index(files.__getitem__)
    return {q["id"]: [hit.key for hit in search(index, q["query"], 50).hits] for q in queries}


def with_models(
    found: list[Document], queries: Queries, words: Run
) -> Iterator[tuple[str, Run, str]]:
    """Answer with what is near in meaning, and with the sentence model alone and fused."""
    corpus = as_read(found, glossary=True)
    files = dict(index_files(with_meaning(corpus, word_reader())))
    yield "word meaning", answered(files, queries), cost_of(files, queries)
    reader = sentence_reader()
    if reader is None:
        print("left out: the language model, because the extra `semantic` is not installed")
        return
    files = dict(index_files(with_meaning(corpus, reader)))
    alone = model_alone(reader, corpus.documents, queries)
    vectors = f"{MODEL_KB:,} kB of model, {len(found) * VECTOR_BYTES / 1e3:,.0f} kB of vectors"
    yield "meaning", answered(files, queries), cost_of(files, queries)
    yield "model alone", alone, f"{vectors}, once; nothing a query"
    yield "fused", fused(words, alone), f"{vectors}, once; and what words cost"


def cost_of(files: Files, queries: Queries) -> str:
    """Say what an index weighs as a server sends it, and what a query fetches of it."""
    sizes = {name: len(gzip.compress(data, 9)) for name, data in files.items()}
    near = sum(map(_nearness, files.values()))
    fetched = [sum(sizes[name] for name in opened_by(files, q["query"])) for q in queries]
    return (
        f"{sum(sizes.values()) / 1e3:,.0f} kB in {len(sizes)} files, {near / 1e3:.0f} kB of them "
        f"nearness; boot.json {sizes['boot.json'] / 1e3:.1f} kB; a query fetches "
        f"{statistics.median(fetched) / 1e3:.1f} kB (median) beside it"
    )


def _nearness(data: bytes) -> int:
    """Say what a file of words would weigh less without what is near to them in meaning."""
    payload = json.loads(data)
    near = payload.pop("m", None)
    without = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return len(gzip.compress(data, 9)) - len(gzip.compress(without, 9)) if near else 0


def opened_by(files: Files, query: str) -> list[str]:
    """Name the files that one query opens for ten results, besides the first one of all."""
    names: list[str] = []

    def opened(name: str) -> bytes:
        names.append(name)
        return files[name]

    search(Index(opened), query, 10)
    return [name for name in names if name != "boot.json"]


def of_site(folder: Path) -> Files:
    """Read the index of a built site."""
    return {path.name: path.read_bytes() for path in (folder / "search" / "index").iterdir()}


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


def differences(judge: Judge, queries: Queries, runs: Mapping[str, Run]) -> Iterable[str]:
    """Set every row beside words alone, over all queries and each kind of which there are some."""
    kinds = ["all", *dict.fromkeys(q["kind"] for q in queries)]
    for name, run in runs.items():
        told = []
        for kind in kinds:
            held = [q for q in queries if kind in ("all", q["kind"]) and q["judgments"]]
            if name != WORDS and len(held) >= FEWEST:
                mean, low, high = interval(judge, held, runs[WORDS], run)
                told.append(f"{kind} {mean:+.3f} ({low:+.3f} to {high:+.3f})")
        if told:
            yield f"{name} beside {WORDS}: {'; '.join(told)}"


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


def read_arguments() -> argparse.Namespace:
    """Read what is to be judged, and by what."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--size", type=int, help="grow the catalogue to so many projects")
    parser.add_argument("--judgements", type=Path, help="also judge by these queries")
    parser.add_argument("--site", action="append", default=[], help="NAME=FOLDER of a built site")
    return parser.parse_args()


def asked_of(shared: Path, judgements: Path | None) -> dict[str, Queries]:
    """Give the judged queries by what they are called."""
    judged = read_queries(shared / "search" / "queries.jsonl")
    known = {q["id"] for q in judged}
    fresh = read_queries(shared / "search" / "queries_fresh.jsonl")
    fresh = [q for q in fresh if q["id"] not in known]
    return {
        "judged": judged,
        "fresh": fresh,
        "fresh, chosen by": fresh[0::2],
        "fresh, set aside": fresh[1::2],
        "one half of both": [*judged[0::2], *fresh[0::2]],
        "other half of both": [*judged[1::2], *fresh[1::2]],
        **({"of the community": read_queries(judgements)} if judgements else {}),
    }


def runs_over(
    found: list[Document], queries: Queries, modules: Path | None
) -> Iterator[tuple[str, Run, str]]:
    """Answer all queries in each way that is there; gives its name, its answers, and its cost."""
    files = index_of(found)
    words = answered(files, queries)
    yield WORDS, words, cost_of(files, queries)
    yield "no glossary", answered(index_of(found, glossary=False), queries), ""
    yield "SQLite FTS5", fts5(found, queries), ""
    yield from with_models(found, queries, words)
    for name, rival in answers(found, queries, modules):
        yield name, rival.run, ""


def main() -> None:
    """Print what each way costs, then for each set of queries the figures and the differences."""
    given = read_arguments()
    if not (given.shared / "search").is_dir():
        sys.exit(f"skipped: {given.shared / 'search'} is not here; name the folder with --shared")
    judge, corpus = Judge(given.shared / "search"), given.shared / "corpus"
    asked = asked_of(given.shared, given.judgements)
    queries = list({q["id"]: q for held in asked.values() for q in held}.values())
    found = grown(corpus, given.size) if given.size else documents(corpus)
    runs = {}
    modules = given.modules.resolve() if given.modules else None
    ways = [*runs_over(found, queries, modules)]
    for name, folder in (each.split("=", 1) for each in given.site):
        files = of_site(Path(folder))
        ways.append((name, answered(files, queries), cost_of(files, queries)))
    print(f"{len(found)} projects")
    for name, run, cost in ways:
        runs[name] = run
        if cost:
            print(f"{name}: {cost}")
    for called, held in asked.items():
        print(f"\n{called}: {len(held)} queries")
        print("\n".join(table(judge, held, runs)))
        print("\n".join(differences(judge, held, runs)))


if __name__ == "__main__":
    main()
