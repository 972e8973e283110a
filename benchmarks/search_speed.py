"""Measure what a search costs: bytes fetched, time from a key to the painted result, build time.

    python benchmarks/search_speed.py [CORPUS [SIZE ...]]

Catalogues are grown from real text. Bytes are what a server that compresses with gzip sends;
times are taken in Chromium on the real page, with the files of a query already there.
"""

import gzip
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.outputs import load_theme, render_site  # noqa: E402
from aggregator.publish import publish  # noqa: E402
from aggregator.search import build_index, write_index  # noqa: E402
from benchmarks.search_corpus import grown  # noqa: E402
from tests.conftest import SHARED  # noqa: E402
from tests.outputs import factory  # noqa: E402

SIZES = (300, 1_000, 10_000)
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


class _Counting(SimpleHTTPRequestHandler):
    """Serve a folder and note what each answer weighs compressed."""

    sent: list[tuple[str, int]]

    def __init__(self, *args: Any, sent: list[tuple[str, int]], **kwargs: Any) -> None:
        self.sent = sent
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_file():
            self.sent.append((self.path, len(gzip.compress(path.read_bytes(), 6))))
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Serve a folder; give its address and the list of what was sent."""
    sent: list[tuple[str, int]] = []
    handler = partial(_Counting, directory=str(folder), sent=sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", sent
        server.shutdown()


def site(folder: Path, corpus: Path, size: int) -> dict[str, float]:
    """Publish the real page with the index of a grown catalogue; say what building cost."""
    catalogue = factory.community()
    publish(render_site(catalogue, load_theme(catalogue.showcase.accent)), folder)
    place = folder / "search" / "index"
    shutil.rmtree(place)
    place.mkdir()
    documents = grown(corpus, size)
    glossary = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))
    start = time.perf_counter()
    for name, data in write_index(build_index(documents, glossary)):
        (place / name).write_bytes(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"build s": time.perf_counter() - start, "peak MB": peak}


def searched(sent: list[tuple[str, int]]) -> int:
    """Add up what belongs to the search: its scripts and its index."""
    return sum(size for path, size in sent if "/search/" in path and not path.endswith("/search/"))


def fetched(page: Page, address: str, sent: list[tuple[str, int]]) -> dict[str, float]:
    """Measure bytes until the first results and for each further query."""
    first, further = [], []
    for query in QUERIES:
        sent.clear()
        context = page.context.browser.new_context()  # type: ignore[union-attr]
        fresh = context.new_page()
        fresh.goto(f"{address}search/?q={query.replace(' ', '+')}")
        fresh.wait_for_selector("#results li")
        fresh.wait_for_load_state("networkidle")
        first.append(searched(sent))
        context.close()
    page.goto(f"{address}search/?q=data")
    page.wait_for_load_state("networkidle")
    for query in QUERIES:
        sent.clear()
        page.fill("#q", query)
        page.wait_for_timeout(250)
        page.wait_for_load_state("networkidle")
        further.append(searched(sent))
    return {
        "first KB (most)": max(first) / 1e3,
        "further KB (median)": statistics.median(further) / 1e3,
        "further KB (most)": max(further) / 1e3,
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


def measure(corpus: Path, size: int) -> dict[str, float]:
    """Measure one size from the text to the painted result."""
    folder = Path(tempfile.mkdtemp())
    costs = site(folder, corpus, size)
    with serving(folder) as (address, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        page = browser.new_page()
        costs |= fetched(page, address, sent) | timed(page, address)
        browser.close()
    shutil.rmtree(folder)
    return costs


def main(arguments: list[str]) -> None:
    """Measure each size and print a line for it."""
    corpus = Path(arguments[0]) if arguments else SHARED / "corpus"
    if not corpus.is_dir():
        sys.exit(f"skipped: {corpus} is not here; name the folder of real repositories")
    scripts = ROOT / "site_templates" / "static" / "search"
    code = sum(
        len(gzip.compress((scripts / name).read_bytes(), 9)) for name in ("engine.js", "page.js")
    )
    print(json.dumps({"code bytes": code}))
    for size in [int(each) for each in arguments[1:]] or SIZES:
        costs = {name: round(value, 1) for name, value in measure(corpus, size).items()}
        print(json.dumps({"projects": size, **costs}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
