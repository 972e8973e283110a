"""Measure what a search costs: bytes fetched, time from a key to the painted result, build time.

    python benchmarks/search_speed.py [--shared SHARED] [--modules NODE_MODULES] [--terminal]
                                      [SIZE ...]

With --terminal, only what `aggregator search` costs: as a command that answers from a built site
(beside the same command without a query, which only starts), and opening the index and answering
alone.

Catalogues are grown from real text; the judged repositories are among them. Bytes are what a
server that compresses with gzip sends. A first search opens an address that holds it, with nothing
kept from before: what is asked for until its first results stand there, by the search and by the
whole page, and then, for the rest of the ten results and for facets, in all. Times are taken in
Chromium on the real page, with the files of a query already there. MiniSearch and Pagefind answer
the same queries on the same projects when NODE_MODULES has them. nDCG@10 is that of the judged
queries; projects that were grown count as not relevant.
"""

import argparse
import gzip
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from aggregator.run.publish import publish
from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.searching.document import Document
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from aggregator.searching.meaning import word_reader
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from benchmarks.lighthouse import AsGitHubPages
from benchmarks.search_corpus import grown
from benchmarks.search_judge import Judge
from benchmarks.search_meaning import with_meaning
from benchmarks.search_rivals import Answers, answers
from tests.conftest import SHARED
from tests.outputs import factory

Files = Mapping[str, bytes]
Sent = list[tuple[str, int]]  # paths, and what each answer weighs compressed
SIZES = (300, 1_000, 10_000, 50_000)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUERIES = (
    "length of stay",
    "forecast ambulance demand",
    "synthetic patient data",
    "python fhir client",
    "discrete event simulation",
    "funel plot",
    "geosp",
    "mental health survey",
    "machine learning imaging",
    "reproducible pipeline",
    "R package",
    "docker deployment",
)

# Stands on the page once a search is answered.
# Of what holds only a little there is no result yet, but the button that shows it.
ANSWERED = "#results li, #found:not([hidden]) :is(#nothing, #more):not([hidden])"
# Notes when the first result stands on the page, or that there is none.
FIRST_NOTED = (
    f"const answered = '{ANSWERED}';"
    """new MutationObserver((_, watch) => {
  if (!document.querySelector(answered)) return;
  window.firstResultAt = performance.now();
  watch.disconnect();
}).observe(document, { childList: true, subtree: true, attributes: true });"""
)
_ASKED_UNTIL_THEN = """() => performance.getEntriesByType("resource")
  .filter((each) => each.startTime <= firstResultAt)
  .map((each) => each.name.slice(location.origin.length))"""

_TIMED = """async (letters) => {
  const box = document.getElementById("q"), results = document.getElementById("results");
  const blocked = [];
  new PerformanceObserver((list) => blocked.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "longtask", buffered: false });
  const type = (text) => new Promise((done) => {
    const start = performance.now(), watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => { const c = new MessageChannel();
        c.port1.onmessage = () => done(performance.now() - start); c.port2.postMessage(0); });
    });
    watch.observe(results, { childList: true });
    box.value = text;
    box.dispatchEvent(new Event("input"));
  });
  const times = [];
  for (const text of letters) {
    times.push(await type(text));
    await new Promise((done) => setTimeout(done, 40));
  }
  return { times, blocked };
}"""


class _Counting(AsGitHubPages):
    """Serve a folder compressed, and note what each answer weighs."""

    def __init__(self, *args: Any, sent: Sent, **kwargs: Any) -> None:
        self.sent = sent
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:  # noqa: N802 (the name that the library calls)
        """Note it, and send it."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            self.sent.append((self.path, len(gzip.compress(path.read_bytes(), 6))))
        super().do_GET()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Sent]]:
    """Serve a folder; give its address and the list of what was sent."""
    sent: Sent = []
    handler = partial(_Counting, directory=str(folder), sent=sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", sent
        server.shutdown()


def site(folder: Path, files: Files) -> None:
    """Publish the real page with the index of a grown catalogue."""
    catalogue = factory.community()
    publish(render_site(catalogue, load_theme(catalogue.showcase.accent)), folder)
    place = folder / "search" / "index"
    shutil.rmtree(place)
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)


def glossary() -> dict[str, list[str]]:
    """Read the glossary that the project ships."""
    shipped: dict[str, list[str]] = yaml.safe_load((ROOT / "glossary.yaml").read_text("utf-8"))
    return shipped


def of_search(sent: Sent) -> Sent:
    """Give what belongs to the search: its scripts and its index."""
    return [each for each in sent if "/search/" in each[0] and "/search/?" not in each[0]]


def weight(sent: Sent) -> float:
    """Give the kilobytes that were sent."""
    return sum(size for _, size in sent) / 1e3


def first_search(browser: Browser, address: str, query: str, sent: Sent) -> tuple[Sent, Sent]:
    """Open the page with a query; give what was sent until its first results, and what in all."""
    sent.clear()
    context = browser.new_context()
    context.add_init_script(FIRST_NOTED)
    page = context.new_page()
    page.goto(f"{address}search/?{urlencode({'q': query})}")
    page.wait_for_selector(ANSWERED)
    page.wait_for_load_state("networkidle")
    asked = set(page.evaluate(_ASKED_UNTIL_THEN))
    context.close()
    return [each for each in sent if each[0] in asked or "/search/?" in each[0]], [*sent]


def first_searches(
    browser: Browser, address: str, sent: Sent, queries: Sequence[str]
) -> dict[str, float]:
    """Measure what each query costs somebody who comes with nothing."""
    until, whole = zip(*(first_search(browser, address, q, sent) for q in queries), strict=True)
    searches = list(map(of_search, until))
    return {
        "queries": len(queries),
        "first requests (median)": statistics.median(map(len, searches)),
        "first requests (8 or fewer)": sum(len(each) <= 8 for each in searches),
        "first requests (most)": max(map(len, searches)),
        "first KB (median)": statistics.median(map(weight, searches)),
        "first KB (most)": max(map(weight, searches)),
        "page requests (most)": max(map(len, until)),
        "page KB (most)": max(map(weight, until)),
        "all results KB (most)": max(weight(of_search(each)) for each in whole),
    }


def further_searches(page: Page, address: str, sent: Sent) -> dict[str, float]:
    """Measure bytes of each query that is typed where others were answered."""
    further = []
    page.goto(f"{address}search/?q=data")
    page.wait_for_load_state("networkidle")
    for query in QUERIES:
        sent.clear()
        page.fill("#q", query)
        page.wait_for_timeout(250)
        page.wait_for_load_state("networkidle")
        further.append(weight(of_search(sent)))
    return {
        "further KB (median)": statistics.median(further),
        "further KB (most)": max(further),
    }


def timed(page: Page, address: str) -> dict[str, float]:
    """Measure the time from a key to the painted results, every file already there."""
    letters = [query[:end] for query in QUERIES for end in range(4, len(query) + 1)]
    page.goto(f"{address}search/?q=data")
    page.wait_for_selector("#results li")
    page.evaluate(_TIMED, letters)
    answer = page.evaluate(_TIMED, letters)
    times = sorted(answer["times"])
    return {
        "key to paint ms (median)": statistics.median(times),
        "key to paint ms (95 %)": times[int(len(times) * 0.95)],
        "longest block ms": max(answer["blocked"], default=0),
    }


def in_terminal(files: Files) -> dict[str, float]:
    """Measure the command over a built site, a process for each query, and its work alone."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "search" / "index"
        place.mkdir(parents=True)
        for name, data in files.items():
            (place / name).write_bytes(data)
        command = [sys.executable, "-m", "aggregator", "search", "--site", folder]
        whole = [_seconds(lambda query=query: _run([*command, query])) for query in QUERIES]
        alone = [
            _seconds(
                lambda query=query: search(Index(lambda name: (place / name).read_bytes()), query)
            )
            for query in QUERIES
        ]
    return {
        "command s (median)": statistics.median(whole),
        "starting alone s": _seconds(lambda: _run([*command, "--help"])),
        "opening and answering ms (median)": statistics.median(alone) * 1e3,
        "opening and answering ms (most)": max(alone) * 1e3,
    }


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_browser(files: Files, queries: Sequence[str]) -> dict[str, float]:
    """Measure the page, from the first byte to the painted result."""
    folder = Path(tempfile.mkdtemp())
    site(folder, files)
    with serving(folder) as (address, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        page = browser.new_page()
        costs = first_searches(browser, address, sent, queries)
        costs |= further_searches(page, address, sent) | timed(page, address)
        browser.close()
    shutil.rmtree(folder)
    return costs


def ours(
    documents: list[Document], judge: Judge, asked: Sequence[str], options: argparse.Namespace
) -> dict[str, float]:
    """Measure the project's own search, with what is near in meaning as a site has it."""
    start = time.perf_counter()
    corpus = read_corpus(documents, glossary())
    files = dict(index_files(with_meaning(corpus, word_reader())))
    costs = {"build s": time.perf_counter() - start}
    costs["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if options.terminal:
        return costs | in_terminal(files)
    index = Index(files.__getitem__)
    run = {q["id"]: [hit.key for hit in search(index, q["query"], 50).hits] for q in judge.queries}
    return costs | in_browser(files, asked) | _quality(judge, run)


def theirs(rival: Answers, judge: Judge) -> dict[str, float]:
    """Say what a rival's answers cost and are worth."""
    further = [rival.further[query] for query in QUERIES]
    return {
        "build s": rival.seconds,
        "all results KB (most)": max(rival.first[query] for query in QUERIES) / 1e3,
        "further KB (median)": statistics.median(further) / 1e3,
        "further KB (most)": max(further) / 1e3,
        **_quality(judge, rival.run),
    }


def _quality(judge: Judge, run: dict[str, list[str]]) -> dict[str, float]:
    scores = judge.scores(judge.queries, run)
    return {"nDCG@10": scores["nDCG@10"], "S@3": scores["S@3"]}


def _print(name: str, size: int, costs: dict[str, float]) -> None:
    rounded = {figure: round(value, 3 if "@" in figure else 1) for figure, value in costs.items()}
    print(json.dumps({"projects": size, "search": name, **rounded}), flush=True)


def first_asked(shared: Path) -> list[str]:
    """Give what a first search is counted of: the judged queries of both hands, and ours."""
    held = sorted((shared / "search").glob("queries*.jsonl"))
    lines = (line for path in held for line in path.read_text("utf-8").splitlines())
    return list(dict.fromkeys([*(json.loads(line)["query"] for line in lines), *QUERIES]))


def main() -> None:
    """Measure each size and print a line for each way of searching it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--modules", type=Path, help="a node_modules with minisearch and pagefind")
    parser.add_argument("--terminal", action="store_true", help="measure the command only")
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    options = parser.parse_args()
    if not (options.shared / "corpus").is_dir():
        sys.exit(f"skipped: {options.shared / 'corpus'} is not here; name the folder that holds it")
    assets = load_theme("#225faa").assets.files
    code = {file.path.split("/", 2)[2]: len(gzip.compress(file.data, 9)) for file in assets}
    print(json.dumps({"code bytes": code["search/page.js"]}))
    judge = Judge(options.shared / "search")
    # Bytes count from the first query on, so that the judged ones come last.
    asked = [*({"id": query, "query": query} for query in QUERIES), *judge.queries]
    first = first_asked(options.shared)
    for size in options.sizes:
        documents = grown(options.shared / "corpus", size)
        _print("ours", size, ours(documents, judge, first, options))
        if options.terminal:
            continue
        modules = options.modules.resolve() if options.modules else None
        for name, rival in answers(documents, asked, modules):
            _print(name, size, theirs(rival, judge))


if __name__ == "__main__":
    main()
