"""Measure when somebody who follows a link to a search sees its results, on a slow line.

    python benchmarks/search_paint.py [--shared SHARED] [SIZE ...]

Prints, for catalogues grown to each size, when the largest thing of the page was painted (LCP) and
when the first result stood there, over the twelve queries of `search_speed.py`, in milliseconds
from the beginning of the visit. Nothing is kept from before; the line and the processor are as slow
as Lighthouse has them for a middling phone: 150 ms there and back for each file, 1.6 Mbit/s, a
quarter of the speed of this machine. How long a browser takes to connect to a real server is not in
it. Of three looks at each the quickest counts, since a busy machine only ever takes from it; run it
on one that does nothing else.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from benchmarks.search_corpus import grown
from benchmarks.search_speed import (
    ANSWERED,
    CHROMIUM,
    FIRST_NOTED,
    QUERIES,
    glossary,
    serving,
    site,
)
from tests.conftest import SHARED

SIZES = (5_000,)
LOOKS = 3
_LINE = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_638_400 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
_SLOWER = 4
_PHONE = {"width": 412, "height": 823}
_PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
  const { startTime, element } = list.getEntries().at(-1);
  done([startTime, window.firstResultAt, !!element?.closest("#results")]);
}).observe({ type: "largest-contentful-paint", buffered: true }))"""


def first_paint(browser: Browser, address: str, query: str) -> tuple[float, float, bool]:
    """Open the page with a query, and say when its largest thing came, and its first result.

    And whether the largest is of a result.
    """
    context = browser.new_context(viewport=_PHONE)
    context.add_init_script(FIRST_NOTED)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(f"{address}search/?{urlencode({'q': query})}")
    page.wait_for_selector(ANSWERED)
    page.wait_for_load_state("networkidle")
    largest, first, of_result = page.evaluate(_PAINTED)
    context.close()
    return largest, first, of_result


def painted(folder: Path) -> dict[str, float]:
    """Measure each query over a site that was built into a folder."""
    with serving(folder) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        best = [
            min(first_paint(browser, address, query) for _ in range(LOOKS)) for query in QUERIES
        ]
        browser.close()
    largest, first, of_result = zip(*best, strict=True)
    return {
        "LCP ms (median)": statistics.median(largest),
        "LCP ms (most)": max(largest),
        "first result ms (median)": statistics.median(first),
        "first result ms (most)": max(first),
        "largest is a result": sum(of_result),
    }


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    options = parser.parse_args()
    if not (options.shared / "corpus").is_dir():
        sys.exit(f"skipped: {options.shared / 'corpus'} is not here; name the folder that holds it")
    for size in options.sizes:
        documents = grown(options.shared / "corpus", size)
        folder = Path(tempfile.mkdtemp())
        site(folder, dict(index_files(read_corpus(documents, glossary()))))
        costs = painted(folder)
        print(json.dumps({"projects": size} | {name: round(v) for name, v in costs.items()}))
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
