"""What is near in meaning for benchmarks, and the sentence model asked by itself or fused.

Rows are kept in a file between runs, since reading a thousand projects takes minutes.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.columns import Corpus
from aggregator.searching.document import Document
from aggregator.searching.meaning import (
    Reader,
    VectorMemo,
    listed_words,
    near_in_meaning,
    texts_of,
)
from aggregator.store.disk_memo import open_memo

Queries = Sequence[Mapping[str, Any]]
Run = dict[str, list[str]]

KEPT = Path(tempfile.gettempdir()) / "benchmark-of-meaning"
_FUSED = 20  # places that are nearly as good as the first, in reciprocal ranks


def with_meaning(corpus: Corpus, reader: Reader) -> Corpus:
    """Tell what is near in meaning, as a language model or the rows of words say."""
    KEPT.mkdir(exist_ok=True)
    name = f"{reader.version.split()[0]}-{len(corpus.documents)}.db"
    with open_memo(KEPT / name, reader.version) as memo:
        near = near_in_meaning(corpus.documents, listed_words(), reader, memo)
        return replace(corpus, near=near)


def model_alone(reader: Reader, documents: Sequence[Document], queries: Queries) -> Run:
    """Answer as an engine of vectors would: a vector of each query, beside those of all projects.

    Of its texts a project is as near as the mean, which is what the lists of words are made of.
    """
    KEPT.mkdir(exist_ok=True)
    with open_memo(KEPT / f"alone-{len(documents)}.db", reader.version) as memo:
        rows = [_row(texts_of(each), reader, memo) for each in documents]
    projects = np.array([row / (np.linalg.norm(row) or 1) for row in rows])
    found = {}
    for query in queries:
        nearness = projects @ reader.read([query["query"]])[0]
        nearest = np.argsort(-nearness, kind="stable")[:50]
        found[query["id"]] = [documents[at].key for at in nearest.tolist()]
    return found


def _row(texts: Sequence[str], reader: Reader, memo: VectorMemo) -> NDArray[np.float32]:
    name = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
    kept = memo.get(name)
    if kept is None:
        kept = reader.read(texts).sum(axis=0).astype("<f4").tobytes()
        memo.put_all({name: kept})
    return np.frombuffer(kept, "<f4")


def fused(one: Run, other: Run) -> Run:
    """Put two runs together by reciprocal ranks.

    Source: Cormack, Clarke and Buettcher, Reciprocal Rank Fusion (2009).
    """
    found = {}
    for query, keys in one.items():
        sums: dict[str, float] = {}
        for run in (keys, other[query]):
            for place, key in enumerate(run):
                sums[key] = sums.get(key, 0.0) + 1 / (_FUSED + place)
        found[query] = sorted(sums, key=lambda key: -sums[key])
    return found
