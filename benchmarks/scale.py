"""Measures how costs grow with a community, and writes the figures and charts of docs/scale.md.

    python benchmarks/scale.py [--sizes 100 1000 10000 50000] [--fetch-most 10000] [--write]
        [--shared SHARED]

Each size is grown from real repositories (`grown_state`), built cold, again, and after one README
in a hundred changed. Fetching is measured on the sandbox, which counts requests itself, up to the
size that is asked for: it holds the whole world in memory. Without `--write` nothing is written;
with it what was measured before stays, at other sizes and of requests that were not counted anew.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.build import steps
from benchmarks.fetch import ours, running_away
from benchmarks.grown_state import grow
from benchmarks.growth import Growth, block, charts, joined, read_rows, with_block
from tests.conftest import SHARED
from tests.stand_in.synthetic import synthetic_world

DOCS = ROOT / "docs"
PAGE = DOCS / "scale.md"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the block of figures, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000, 50_000])
    parser.add_argument("--fetch-most", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="put the figures into docs/scale.md")
    parser.add_argument("--shared", type=Path, default=SHARED)
    given = parser.parse_args(words)
    corpus = given.shared / "corpus"
    if not (corpus / "repositories.jsonl").is_file():
        print(f"left out: there are no real repositories at {corpus}")
        return 0
    rows = []
    for size in sorted(given.sizes):
        asked = _requests(size) if size <= given.fetch_most else (None, None)
        rows.append(_measured(corpus, size, *asked))
        print(block(rows[-1:]).splitlines()[4], flush=True)
    print(block(rows))
    if given.write:
        write(rows)
    return 0


def write(rows: Sequence[Growth]) -> None:
    """Put figures into the page, beside those of other sizes, and draw its charts from all."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_block(page, joined(read_rows(page), rows)), encoding="utf-8")
    for name, drawn in charts(read_rows(PAGE.read_text(encoding="utf-8"))).items():
        (DOCS / name).write_text(drawn, encoding="utf-8")


def _measured(corpus: Path, size: int, first: int | None, quiet: int | None) -> Growth:
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        done = {step.name: step for step in steps(grow(corpus, size, Path(folder)))}
    cold = done["cold"]
    return Growth(
        projects=size,
        cold=round(cold.cost.cpu, 1),
        wall=round(cold.cost.wall, 1),
        part=round(done["1 % of READMEs changed"].cost.cpu, 1),
        unchanged=round(done["nothing changed"].cost.cpu, 1),
        memory=round(cold.cost.memory),
        site=round(cold.did.size / 1e6, 1),
        files=cold.did.files,
        first=first,
        quiet=quiet,
    )


def _requests(size: int) -> tuple[int, int]:
    """Count the requests of a first night and of one without news."""
    with running_away(size) as server:
        first, quiet = (f.requests for f in ours(server, synthetic_world(size).names, 0.0))
    return first, quiet


if __name__ == "__main__":
    raise SystemExit(main())
