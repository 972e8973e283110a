"""How fast READMEs are rendered, beside the libraries that do a part of the same work.

Run `python benchmarks/readme.py FOLDER`, where the folder holds READMEs in Markdown (`*.md`, or
`*.md.gz`). Every figure is the best of several rounds over all of them in one process.
"""

import argparse
import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
from readme_renderer import markdown as readme_renderer

from aggregator.readme import ReadmeSource, open_renderer, render
from aggregator.readme.decode import MAX_BYTES, decode

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES


def _read(path: Path) -> bytes:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data[:MAX_BYTES]


def _bare(text: str) -> str:
    """Do the least that is still safe: GitHub's parser, then a sanitiser."""
    return nh3.clean(cmarkgfm.github_flavored_markdown_to_html(text, _OPTIONS))


def _best(work: Callable[[Any], object], items: list[Any], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for item in items:
            work(item)
        best = min(best, time.perf_counter() - start)
    return best


def _in_workers(sources: list[ReadmeSource], workers: int, rounds: int) -> float:
    """Time the whole of it, through a pool that has already started."""
    keyed = {str(number): source for number, source in enumerate(sources)}
    with open_renderer(None, workers) as renderer:
        renderer.render_all(dict(list(keyed.items())[:workers]))
        return _best(renderer.render_all, [keyed], rounds)


def _report(name: str, seconds: float, count: int, bare: float) -> None:
    speed = f"{count / seconds:8.0f} READMEs/s   {bare / seconds:6.1%} of cmarkgfm+nh3"
    print(f"{name:34} {seconds * 1000:8.0f} ms   {speed}")


def main() -> None:
    """Print one line for each way of rendering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    files = sorted([*options.folder.glob("*.md"), *options.folder.glob("*.md.gz")])
    data = [_read(file) for file in files]
    texts = [decode(one) for one in data]
    sources = [ReadmeSource(one, "README.md", "owner/name", "0" * 40, "main") for one in data]
    print(f"{len(texts)} READMEs, {sum(map(len, data)) / 1e6:.2f} MB")
    count, rounds = len(texts), options.rounds
    bare = _best(_bare, texts, rounds)
    _report("cmarkgfm + nh3", bare, count, bare)
    _report("render", _best(render, sources, rounds), count, bare)
    _report("render_all, 1 worker", _in_workers(sources, 1, rounds), count, bare)
    _report("render_all, 2 workers", _in_workers(sources, 2, rounds), count, bare)
    gfm = MarkdownIt("gfm-like", {"linkify": False})
    _report("markdown-it-py", _best(gfm.render, texts, 1), count, bare)
    _report("readme_renderer", _best(readme_renderer.render, texts, 1), count, bare)


if __name__ == "__main__":
    main()
