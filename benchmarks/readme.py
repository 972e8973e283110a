"""How fast READMEs are rendered, beside the libraries that do a part of the same work.

Run `python benchmarks/readme.py FOLDER`, where the folder holds READMEs in Markdown (`*.md`, or
`*.md.gz`). The ways take turns over all of them, so that a busy moment of the machine meets each;
every figure is the best of several rounds: processor time in one process, and elapsed time for the
workers. A few large READMEs take much of the time: what one in the middle takes is said as well.
The steps of `render` are printed below it, and what a README in each other format costs; see
"Speed" in docs/readmes.md for the target.
"""

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

from aggregator.readme import rendering
from aggregator.readme.encodings import read_text
from aggregator.readme.readme import MAX_BYTES, Readme, ReadmeSource
from aggregator.readme.rendering import render
from aggregator.readme.sanitise import sanitise
from aggregator.readme.workers import open_renderer
from aggregator.words.natural_language import language_at_once, language_of

Clock = Callable[[], float]
Way = tuple[Callable[[Any], object], list[Any], Clock]
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


def _time(work: Callable[[Any], object], items: list[Any], clock: Clock) -> float:
    start = clock()
    for item in items:
        work(item)
    return clock() - start


def _best(ways: dict[str, Way], rounds: int) -> dict[str, float]:
    """Time each way in turn, round after round, and give the best of each in seconds."""
    taken = [{name: _time(*way) for name, way in ways.items()} for _ in range(rounds)]
    return {name: min(one[name] for one in taken) for name in ways}


def _in_workers(sources: list[ReadmeSource], workers: int, rounds: int) -> float:
    """Time the whole of it, through a pool that has already started."""
    keyed = {str(number): source for number, source in enumerate(sources)}
    with open_renderer(None, workers) as renderer:
        renderer.render_all(dict(list(keyed.items())[:workers]))
        way = (renderer.render_all, [keyed], time.perf_counter)
        return min(_time(*way) for _ in range(rounds))


def _report(name: str, seconds: float, count: int, bare: float) -> None:
    speed = f"{count / seconds:8.0f} READMEs/s   {bare / seconds:6.1%} of cmarkgfm+nh3"
    print(f"{name:34} {seconds * 1000:8.0f} ms   {speed}")


def _readmes(folder: Path | None) -> list[bytes]:
    """Read the given folder, the real repositories beside the project, or the test cases."""
    beside = Path(os.environ.get("AGGREGATOR_SHARED", ROOT.parent / "shared")) / "corpus/readmes"
    chosen = folder or (beside if beside.is_dir() else ROOT / "tests" / "cases" / "readme")
    return [_read(file) for file in sorted([*chosen.rglob("*.md"), *chosen.rglob("*.md.gz")])]


def _others() -> dict[str, Callable[[str], object]]:
    """Give the libraries that do the same and are installed."""
    ways: dict[str, Callable[[str], object]] = {}
    if find_spec("markdown_it"):
        from markdown_it import MarkdownIt  # noqa: PLC0415

        ways["markdown-it-py"] = MarkdownIt("gfm-like", {"linkify": False}).render
    if find_spec("readme_renderer"):
        from readme_renderer import markdown  # noqa: PLC0415

        # Without its extra `md` it imports and renders nothing.
        if markdown.render("*words*"):
            ways["readme_renderer"] = markdown.render
    for name in sorted({"markdown-it-py", "readme_renderer"} - ways.keys()):
        print(f"{name}: left out, it is not installed (readme_renderer needs its extra md)")
    return ways


# The steps of `render` by the names it calls them.
_STAGES = (
    *("read_text", "markdown_to_html", "read_markup", "show_formulas", "place_images"),
    *("find_lead_image", "anchor_headings", "point_links", "find_excerpt", "find_start"),
    *("find_cautions", "prose_of", "is_longer", "names_a_way", "draw_diagrams", "draw_formulas"),
    *("colour_code", "dress_blocks", "_beginning", "sanitise"),
)


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


_LARGE = 100_000  # bytes


def _report_each(sources: list[ReadmeSource], rounds: int) -> None:
    """Say what one README takes, on average and in the middle, and how much of it large ones do."""
    runs = (
        [_time(render, [source], time.process_time) for source in sources] for _ in range(rounds)
    )
    taken = min(runs, key=sum)
    whole, average, middle = sum(taken), statistics.mean(taken), statistics.median(taken)
    pairs = list(zip(taken, sources, strict=True))
    others = [one for one, source in pairs if len(source.data) <= _LARGE]
    print(
        f"{'one rendering':34} {average * 1000:8.2f} ms on average, {middle * 1000:.2f} ms in the "
        f"middle; 5,000 take {average * 5000:.1f} s\n"
        f"{'larger than 100 kB':34} {len(taken) - len(others):8} of {len(taken)}, with "
        f"{1 - sum(others) / whole:.0%} of the time; without them "
        f"{statistics.mean(others) * 1000:.2f} ms on average"
    )


def _report_languages(readmes: list[Readme]) -> None:
    """Time what tells the languages of rendered READMEs, once for each README in its life."""
    start = time.process_time()
    language_of("Un texte qui ne montre sa langue par rien d'autre que par ses mots.")
    print(f"{'loading the model of languages':34} {(time.process_time() - start) * 1000:8.0f} ms")
    prose = [readme.prose for readme in readmes]
    at_once = [language_at_once(text) for text in prose]
    start = time.process_time()
    told = [language_of(text) for text in prose]
    each_takes = (time.process_time() - start) * 1000 / max(1, len(told))
    print(
        f"{'telling the language':34} {each_takes:8.2f} ms each, {sum(map(bool, told))} told, "
        f"{sum(not one for one in at_once)} asked the model"
    )


def main() -> None:
    """Print one line for each way of rendering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    data = _readmes(options.folder)
    texts = [read_text(one).text for one in data]
    sources = [ReadmeSource(one, "README.md", "owner/name", "0" * 40, "main") for one in data]
    count, clock = len(texts), time.process_time
    print(f"{count} READMEs, {sum(map(len, data)) / 1e6:.2f} MB")
    ways: dict[str, Way] = {
        "cmarkgfm + nh3": (_bare, texts, clock),
        "cmarkgfm + our sanitiser": (_bare_with_ours, texts, clock),
        "render": (render, sources, clock),
    }
    best = _best(ways, options.rounds)
    best |= _best({name: (way, texts, clock) for name, way in _others().items()}, 1)
    bare = best["cmarkgfm + nh3"]
    for name, seconds in best.items():
        _report(name, seconds, count, bare)
    _report_each(sources, options.rounds)
    _report_languages([render(source) for source in sources])
    for workers in (1, 2):
        seconds = _in_workers(sources, workers, options.rounds)
        _report(f"render_all, {workers} worker{'s' * (workers > 1)}", seconds, count, bare)
    print("of render:")
    for name, seconds in _stages(sources).items():
        print(f"    {name.strip('_'):30} {seconds * 1000:8.0f} ms   {seconds / bare:6.1%} as long")
    print("of READMEs in other formats, one takes:")
    for name, milliseconds in _formats(options.rounds).items():
        print(f"    {name:30} {milliseconds:8.2f} ms")


# Made up, and so large as READMEs of these formats are; the real ones are few.
_OTHER_FORMATS = ("ipynb", "qmd", "rst", "adoc", "org", "textile", "mediawiki")


def _formats(rounds: int) -> dict[str, float]:
    """Time a README of each other format: the milliseconds that one of the test cases takes."""
    taken = {}
    for ending in _OTHER_FORMATS:
        files = sorted((ROOT / "tests" / "cases" / "readme" / "formats").glob(f"*.{ending}"))
        sources = [ReadmeSource(_read(one), one.name, "o/n", "0" * 40, "main") for one in files]
        best = min(_time(render, sources, time.process_time) for _ in range(rounds))
        taken[ending] = 1000 * best / len(sources)
    return taken


if __name__ == "__main__":
    main()
