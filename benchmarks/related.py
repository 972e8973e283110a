"""Judge related projects against what a reader of the repositories thinks of them.

    python benchmarks/related.py [SHARED]

SHARED holds `corpus/`, the real repositories. The readings are in `tests/cases/search/`. Rows that
need the language model are left out, with a reason, where the extra `semantic` is not installed.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from operator import mul
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aggregator.catalogue.types import Catalogue
from aggregator.run.assembling import likest
from aggregator.searching.related import Embedder, packaged_model, passage
from aggregator.site.data.search_index import corpus_of
from tests.conftest import SHARED
from tests.search.readings import (
    ROOM,
    Suggestions,
    at_home,
    corpus_catalogue,
    judge,
    readings,
)

_HEAD = f"{'':36}{'suggested':>10}{'fair':>8}{'glad':>8}{'found':>8}{'unread':>8}{'shelf':>8}"


def main(words: list[str]) -> int:
    """Print a table for each of the readings."""
    corpus = Path(words[0]) / "corpus" if words else SHARED / "corpus"
    if not (corpus / "repositories.jsonl").is_file():
        print(f"left out: there are no real repositories at {corpus}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        runs = _runs(corpus_catalogue(corpus, Path(folder)), Path(folder) / "vectors.db")
    for title, grades in readings().items():
        print(f"\n{len(grades)} projects {title}\n{_HEAD}")
        for name, suggestions in runs.items():
            figures = judge(suggestions, grades)
            print(
                f"{name:36}{figures.suggested:>10}{figures.fair:>8.1%}{figures.glad:>8.1%}"
                f"{figures.found:>8.1%}{len(figures.unread):>8}{at_home(suggestions):>8.1%}"
            )
    return 0


def _runs(catalogue: Catalogue, vectors: Path) -> Mapping[str, Suggestions]:
    runs = {"words": _timed("words", catalogue, None, vectors)}
    model = packaged_model()
    if model is None:
        print("left out: the language model, because the extra `semantic` is not installed")
        return runs
    runs["words and model"] = _timed("words and model", catalogue, model, vectors)
    _timed("words and model, vectors kept", catalogue, model, vectors)
    for least in (0.0, 0.5):
        runs[f"model alone, from {least}"] = _alone(catalogue, model, least)
    return runs


def _timed(name: str, catalogue: Catalogue, model: Embedder | None, vectors: Path) -> Suggestions:
    start = time.perf_counter()
    found = likest(catalogue, corpus_of(catalogue), model, vectors)
    print(f"{name}: {time.perf_counter() - start:.1f} s for {len(found)} projects")
    return found


def _alone(catalogue: Catalogue, model: Embedder, least: float) -> Suggestions:
    """Suggest what the model finds likest among all, where it is at least so alike."""
    keys = {project.repo: project.key for project in catalogue.projects}
    documents = corpus_of(catalogue).documents
    vectors = {keys[each.key]: model.embed(passage(each)) for each in documents}
    found = {}
    for key, mine in vectors.items():
        others = ((sum(map(mul, mine, other)), name) for name, other in vectors.items())
        near = sorted((-like, name) for like, name in others if name != key and like >= least)
        found[key] = tuple(name for _, name in near[:ROOM])
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
