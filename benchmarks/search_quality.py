"""Judge search over real repositories, side by side with what others use.

    python benchmarks/search_quality.py [SHARED [NODE_MODULES]]

SHARED holds `corpus/` and `search/` with the judged queries. MiniSearch and Pagefind run in
Node when NODE_MODULES has them; what is absent is left out with a reason.
"""

import importlib.util
import json
import math
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.search import Document, build_index, search  # noqa: E402
from benchmarks.search_corpus import documents  # noqa: E402
from tests.conftest import SHARED  # noqa: E402

Run = dict[str, list[str]]
Queries = list[dict[str, Any]]
FIGURES = ("nDCG@10", "MRR@10", "R@20", "S@3", "empty", "zero")

_NODE = r"""
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const [, , modules, input] = process.argv;
const require = createRequire(modules + "/");
const { documents, queries } = JSON.parse(readFileSync(input, "utf8"));
const MiniSearch = require("minisearch");
const mini = new (MiniSearch.default ?? MiniSearch)({
  fields: ["title", "summary", "headings", "text"], idField: "key",
  searchOptions: { boost: { title: 3, summary: 2 }, prefix: true, fuzzy: 0.2 } });
mini.addAll(documents);
const run = {};
for (const { id, query } of queries) run[id] = mini.search(query).slice(0, 50).map((r) => r.id);
console.log(JSON.stringify(run));
"""

# Pagefind answers in Node as in a browser once `fetch` reads its files.
_PAGEFIND = r"""
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const [, , modules, input, bundle] = process.argv;
const { documents, queries } = JSON.parse(readFileSync(input, "utf8"));
const { createIndex, close } = await import(pathToFileURL(`${modules}/pagefind/lib/index.js`));
const { index } = await createIndex();
const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
for (const [at, d] of documents.entries()) {
  const headings = d.headings.split("\n").map((each) => `<h2>${safe(each)}</h2>`).join("");
  const content = `<html lang="en"><body><h1>${safe(d.title)}</h1><p>${safe(d.summary)}</p>`
    + `${headings}<p>${safe(d.text)}</p></body></html>`;
  const { errors } = await index.addHTMLFile({ url: `/${at}/`, content });
  if (errors.length) throw new Error(errors.join(" "));
}
await index.writeFiles({ outputPath: bundle });
await close();
globalThis.fetch = async (address) => new Response(
  readFileSync(String(address).replace(/^file:\/\//, "").replace(/\?.*/, "")));
const pagefind = await import(pathToFileURL(`${bundle}/pagefind.js`));
await pagefind.options({ basePath: `${bundle}/`, baseUrl: "/" });
const run = {};
for (const { id, query } of queries) {
  const { results } = await pagefind.search(query);
  const pages = await Promise.all(results.slice(0, 50).map((each) => each.data()));
  run[id] = pages.map(({ url }) => documents[Number(url.split("/").filter(Boolean)[0])].key);
}
console.log(JSON.stringify(run));
process.exit(0);
"""


def ours(found: list[Document], queries: Queries, *, glossary: bool) -> Run:
    """Answer with the project's own search, with the glossary it ships or without any."""
    shipped = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))
    index = build_index(found, shipped if glossary else {})
    return {
        q["id"]: [hit.document.key for hit in search(index, q["query"], 50).hits] for q in queries
    }


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


def in_node(script: str, given: list[str], work: Path) -> Run:
    """Run a script in Node and read the run that it prints."""
    place = work / "run.mjs"
    place.write_text(script, encoding="utf-8")
    command = ["node", str(place), *given]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=300)
    run: Run = json.loads(answer.stdout.splitlines()[-1])
    return run


def others(found: list[Document], queries: Queries, modules: Path | None) -> dict[str, Run]:
    """Answer with the libraries that are there; say of the others why they are left out."""
    plain = [
        {
            "key": d.key,
            "title": d.title,
            "summary": d.summary,
            "headings": "\n".join(d.headings),
            "text": d.text,
        }
        for d in found
    ]
    runs: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        given = work / "given.json"
        given.write_text(json.dumps({"documents": plain, "queries": queries}), encoding="utf-8")
        for name, script, rest in (
            ("MiniSearch", _NODE, []),
            ("Pagefind", _PAGEFIND, [str(work / "bundle")]),
        ):
            if modules and (modules / name.lower()).exists() and shutil.which("node"):
                runs[name] = in_node(script, [str(modules), str(given), *rest], work)
            else:
                print(f"{name}: left out, it needs Node and a NODE_MODULES folder that has it")
    return runs


def table(judge: ModuleType, queries: Queries, runs: Mapping[str, Run]) -> Iterable[str]:
    """Give the figures of each run over all queries, then for each kind."""
    yield f"{'':26}" + "".join(f"{figure:>9}" for figure in FIGURES)
    kinds = ["all", *dict.fromkeys(q["kind"] for q in queries)]
    for kind in kinds:
        held = [q for q in queries if kind in ("all", q["kind"])]
        for name, run in runs.items():
            scores = judge.agg([judge.score(q, run.get(q["id"], [])) for q in held])
            figures = (scores[figure] for figure in FIGURES)
            cells = (f"{'-':>9}" if math.isnan(value) else f"{value:9.3f}" for value in figures)
            yield f"{kind:13}{name:13}" + "".join(cells)


def _words(query: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in query).split()


def _judge(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("judge", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str]) -> None:
    """Print the table, and why a row is absent."""
    shared = Path(arguments[0]) if arguments else SHARED
    if not (shared / "search").is_dir():
        sys.exit(f"skipped: {shared / 'search'} is not here; name the folder that holds it")
    lines = (shared / "search" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    found = documents(shared / "corpus")
    runs = {
        "ours": ours(found, queries, glossary=True),
        "no glossary": ours(found, queries, glossary=False),
        "SQLite FTS5": fts5(found, queries),
    }
    modules = Path(arguments[1]).resolve() if len(arguments) > 1 else None
    runs |= others(found, queries, modules)
    print("\n".join(table(_judge(shared / "search" / "evaluate.py"), queries, runs)))


if __name__ == "__main__":
    main(sys.argv[1:])
