"""How fast READMEs are rendered, beside the libraries that do a part of the same work.

Run `python benchmarks/readme.py FOLDER`, where the folder holds READMEs in Markdown (`*.md`, or
`*.md.gz`). Every figure is the best of several rounds over all of them: processor time in one
process, and elapsed time for the workers. The steps of `render` are printed below it. The target of
60 % of cmarkgfm+nh3 is not reached: see "Speed" in docs/readmes.md for what stands in the way.
"""

import argparse
import gzip
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

from aggregator.readme import ReadmeSource, open_renderer, render, rendering
from aggregator.readme.decode import MAX_BYTES, decode
from aggregator.readme.sanitise import sanitise

Clock = Callable[[], float]
ROOT = Path(__file__).resolve().parent.parent
_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES


def _read(path: Path) -> bytes:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data[:MAX_BYTES]


def _bare(text: str) -> str:
    """Do the least that is still safe: GitHub's parser, then a sanitiser."""
    return nh3.clean(cmarkgfm.github_flavored_markdown_to_html(text, _OPTIONS))


def _bare_with_ours(text: str) -> str:
    """Do the same with GitHub's allowlist, which keeps more and takes longer."""
    return sanitise(cmarkgfm.github_flavored_markdown_to_html(text, _OPTIONS))


def _best(
    work: Callable[[Any], object], items: list[Any], rounds: int, clock: Clock = time.process_time
) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = clock()
        for item in items:
            work(item)
        best = min(best, clock() - start)
    return best


def _in_workers(sources: list[ReadmeSource], workers: int, rounds: int) -> float:
    """Time the whole of it, through a pool that has already started."""
    keyed = {str(number): source for number, source in enumerate(sources)}
    with open_renderer(None, workers) as renderer:
        renderer.render_all(dict(list(keyed.items())[:workers]))
        return _best(renderer.render_all, [keyed], rounds, time.perf_counter)


def _report(name: str, seconds: float, count: int, bare: float) -> None:
    speed = f"{count / seconds:8.0f} READMEs/s   {bare / seconds:6.1%} of cmarkgfm+nh3"
    print(f"{name:34} {seconds * 1000:8.0f} ms   {speed}")


def _readmes(folder: Path | None) -> list[bytes]:
    """Read the given folder, the real repositories beside the project, or the test cases."""
    beside = Path(os.environ.get("AGGREGATOR_SHARED", ROOT.parent / "shared")) / "corpus/readmes"
    chosen = folder or (beside if beside.is_dir() else ROOT / "tests" / "cases" / "readme")
    return [_read(file) for file in sorted([*chosen.rglob("*.md"), *chosen.rglob("*.md.gz")])]


def _others(texts: list[str], bare: float) -> None:
    """Time what may or may not be installed."""
    if find_spec("markdown_it"):
        from markdown_it import MarkdownIt  # noqa: PLC0415

        gfm = MarkdownIt("gfm-like", {"linkify": False})
        _report("markdown-it-py", _best(gfm.render, texts, 1), len(texts), bare)
    if find_spec("readme_renderer"):
        from readme_renderer import markdown  # noqa: PLC0415

        _report("readme_renderer", _best(markdown.render, texts, 1), len(texts), bare)


# The steps of `render` by the names it calls them.
_STAGES = ("decode", "_by_format", "_tags_written", "finish", "sanitise")


def _stages(sources: list[ReadmeSource]) -> dict[str, float]:
    """Time the steps of one round, in seconds; the clock adds a little to each."""
    spent = dict.fromkeys(_STAGES, 0.0)
    originals = {name: getattr(rendering, name) for name in _STAGES}

    def timed(name: str) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            start = time.process_time()
            result = originals[name](*arguments)
            spent[name] += time.process_time() - start
            return result

        return step

    for name in _STAGES:
        setattr(rendering, name, timed(name))
    for source in sources:
        render(source)
    for name, original in originals.items():
        setattr(rendering, name, original)
    return spent


def main() -> None:
    """Print one line for each way of rendering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    data = _readmes(options.folder)
    texts = [decode(one) for one in data]
    sources = [ReadmeSource(one, "README.md", "owner/name", "0" * 40, "main") for one in data]
    count, rounds = len(texts), options.rounds
    print(f"{count} READMEs, {sum(map(len, data)) / 1e6:.2f} MB")
    bare = _best(_bare, texts, rounds)
    _report("cmarkgfm + nh3", bare, count, bare)
    _report("cmarkgfm + our sanitiser", _best(_bare_with_ours, texts, rounds), count, bare)
    _report("render", _best(render, sources, rounds), count, bare)
    for name, seconds in _stages(sources).items():
        print(f"    {name.strip('_'):30} {seconds * 1000:8.0f} ms   {seconds / bare:6.1%} as long")
    _report("render_all, 1 worker", _in_workers(sources, 1, rounds), count, bare)
    _report("render_all, 2 workers", _in_workers(sources, 2, rounds), count, bare)
    _others(texts, bare)


if __name__ == "__main__":
    main()
