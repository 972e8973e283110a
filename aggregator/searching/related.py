"""Find the projects that are most like another one, for "Related projects" on its page.

    Corpus --rows of weights--> likeness by words --vectors, if any--> the likest of each

Two projects are as alike as the angle between their rows is narrow. Where a project comes from is
left out of its row: one address shared by ten projects would make all ten alike. A language model
looks again where the community asks for it, only at what shares words: alone, it finds everything
in one organisation's style alike. docs/related.md tells the whole of it.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import mul

import numpy as np

from aggregator.searching import document as places
from aggregator.searching.columns import AnalysisMemo, Corpus, Real, Whole, by_count, rarity, totals
from aggregator.searching.document import FIELDS, Document
from aggregator.searching.sentence_model import installed_model, vectors_of_texts
from aggregator.searching.synonyms import keys_of

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
    places.NAME: 6.0,
    places.TAGS: 6.0,
    places.SUMMARY: 4.0,
    places.STORY: 1.5,
    places.TEXT: 1.0,
}

SHARE = 0.2  # how much meaning counts beside words; above 0.3 it found everything alike
USUAL = 0.4  # likeness in meaning of two projects of one field; only what is above it adds
COMPARED = 40  # those that share most words; more changed no reading
READ = 1_500  # characters of a README: more than the model's 256 word pieces
_CELLS = 1 << 17  # pairs of projects that are compared at once
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
        likest = _likest(likeness, groups[number], groups, limit)
        found[document.key] = tuple(corpus.documents[other].key for other in likest)
    return found


def vectors_of(corpus: Corpus, embedder: Embedder, memo: AnalysisMemo) -> list[Vector]:
    """Say of each project what it means, for `related_to_each`.

    Args:
        corpus: all projects.
        embedder: the model.
        memo: keeps vectors between builds, so that what did not change is not read again.
    """
    return [_vector(passage(each), embedder, memo) for each in corpus.documents]


def packaged_model() -> Embedder | None:
    """Give the model that the extra installs, or None where it is not installed."""
    version = installed_model()
    return Embedder(version, _embed) if version else None


def passage(document: Document) -> str:
    """Give what the model reads of a project, the summary once where the README begins with it."""
    readme = str(document.text)[:READ]
    told = document.summary if document.summary not in readme else ""
    return "\n".join(filter(None, (document.title, told, readme)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What each project says that others say too: one row after the other, in order.

    Args:
        starts: where the row of each project begins, and one more.
        word: the words of the rows; within a row each stands once.
        weight: how much each weighs; the squares of a row make one.
    """

    starts: Whole
    word: Whole
    weight: Real


def _alike(rows: _Rows, least: float) -> Iterator[Mapping[int, float]]:
    """Say of each project how alike the others are that it shares words with.

    Args:
        rows: what they say.
        least: what is less alike is left out.
    """
    count = len(rows.starts) - 1
    lengths = np.diff(rows.starts)
    order = np.argsort(rows.word, kind="stable")  # each word's holders, in order
    holder, share = np.repeat(np.arange(count), lengths)[order], rows.weight[order]
    held = np.bincount(rows.word, minlength=1)
    firsts = held.cumsum() - held
    at_once = max(1, _CELLS // max(1, count))
    for start in range(0, count, at_once):
        stop = min(count, start + at_once)
        mine = slice(rows.starts[start], rows.starts[stop])
        words, often = rows.word[mine], held[rows.word[mine]]
        # Every word of these projects beside every holder of it.
        within = np.arange(int(often.sum())) - np.repeat(often.cumsum() - often, often)
        theirs = np.repeat(firsts[words], often) + within
        shares = np.repeat(rows.weight[mine], often) * share[theirs]
        row = np.repeat(np.repeat(np.arange(stop - start), lengths[start:stop]), often)
        cell = row * count + holder[theirs]
        together = totals(cell, shares, (stop - start) * count)
        strongest = np.zeros(len(together))
        np.maximum.at(strongest, cell, shares)
        likeness = together - LONE * np.maximum(0.0, 2 * strongest - together)
        likeness[np.arange(stop - start) * count + np.arange(start, stop)] = 0.0
        near = np.flatnonzero((likeness > 0) & (likeness >= least))
        ends = np.searchsorted(near, np.arange(stop - start + 1) * count)
        for number, (one, two) in enumerate(pairwise(ends.tolist())):
            others = (near[one:two] - number * count).tolist()
            yield dict(zip(others, likeness[near[one:two]].tolist(), strict=True))


def _rows(corpus: Corpus) -> _Rows:
    """Weigh the words of each document and keep the heaviest that others say too."""
    document, term, weight = _weights(corpus)
    count, widest = len(corpus.documents), _widest(len(corpus.documents))
    holding = np.bincount(term, minlength=1)
    told = weight * by_count(holding, lambda held: _telling(held, count, widest))[term]
    shared = np.flatnonzero(told > 0)
    # Acronyms that nobody writes come after all words, where weights are equal.
    rank = np.append(corpus.rank, np.arange(len(corpus.rank), len(holding)))[term[shared]]
    kept = shared[_heaviest(told[shared], rank, document[shared])]
    document, term, told = document[kept], term[kept], told[kept]
    lengths = np.sqrt(totals(document, told * told, count))
    starts = np.searchsorted(document, np.arange(count + 1))
    return _Rows(starts, term, told / lengths[document])


def _heaviest(told: Real, rank: Whole, document: Whole) -> Whole:
    """Give the heaviest words of one document after the other, the heaviest of each first."""
    rows = np.argsort(document, kind="stable")
    ends = np.append(0, np.bincount(document).cumsum())
    kept = [np.zeros(0, np.intp)]
    for start, end in pairwise(ends.tolist()):
        row = rows[start:end]
        kept.append(row[np.lexsort((-rank[row], -told[row]))[:KEPT]])
    return np.concatenate(kept)


def _telling(holding: int, count: int, widest: float) -> float:
    return rarity(count, holding) ** RARITY_POWER if 1 < holding <= widest else 0.0


def _weights(corpus: Corpus) -> tuple[Whole, Whole, Real]:
    """Say what each word of each document weighs there: document, word, weight.

    What an acronym stands for counts as the acronym.
    """
    factors = corpus.factors(WEIGHTS, float)
    tone = by_count(corpus.times, lambda times: 1 + math.log(times) if times else JOINED)
    meant = _acronyms_meant(corpus)
    counted = _places(meant, corpus.part, corpus.term[corpus.entry])
    owners = {(int(corpus.document[part]), term) for part, term in meant}
    entries = _places(owners, corpus.entry_document, corpus.term)
    new = {owner: len(corpus.term) + at for at, owner in enumerate(sorted(owners - set(entries)))}
    entries |= new
    further = []
    for (part, term), times in sorted(meant.items()):
        if (place := counted.get((part, term))) is not None:
            tone[place] = 1 + math.log((int(corpus.times[place]) or JOINED) + times)
        else:
            entry = entries[int(corpus.document[part]), term]
            further.append((entry, factors[part] * (1 + math.log(times))))
    weights = np.zeros(len(corpus.term) + len(new))
    weights[: len(corpus.term)] = totals(
        corpus.entry, factors[corpus.part] * tone, len(corpus.term)
    )
    for entry, weight in further:
        weights[entry] += weight
    owned = np.array(list(new), np.int32).reshape(-1, 2)
    document = np.concatenate([corpus.entry_document, owned[:, 0]])
    word = np.concatenate([corpus.term, owned[:, 1]])
    said = np.flatnonzero(weights)
    return document[said], word[said], weights[said]


def _acronyms_meant(corpus: Corpus) -> dict[tuple[int, int], int]:
    """Say how often each part spells out an acronym: (part, word), the acronym's number.

    One that nobody writes has a number after those of all words.
    """
    short, phrases = _short_forms(corpus.glossary), corpus.phrases
    unwritten = sorted(set(short.values()) - set(corpus.terms))
    number = {term: at for at, term in enumerate((*corpus.terms, *unwritten))}
    means = [number[short[key]] if key in short else -1 for key in phrases.keys]
    counting = [each in WEIGHTS for each in FIELDS]
    found: Counter[tuple[int, int]] = Counter()
    columns = (phrases.part, phrases.key, phrases.times, corpus.field[phrases.part])
    for part, key, times, field in zip(*(each.tolist() for each in columns), strict=True):
        if counting[field] and means[key] >= 0:
            found[part, means[key]] += times
    return found


def _places(
    wanted: Collection[tuple[int, int]], ones: Whole, others: Whole
) -> dict[tuple[int, int], int]:
    """Say where each wanted pair stands in two columns side by side."""
    first, second = np.array(sorted(wanted), np.intp).reshape(-1, 2).T
    near, nearer = (
        np.zeros(int(max(column.max(initial=0), wanted.max(initial=0))) + 1, bool)
        for column, wanted in ((ones, first), (others, second))
    )
    near[first], nearer[second] = True, True
    places = np.flatnonzero(near[ones])
    places = places[nearer[others[places]]]
    # Both are below these sizes, so each pair is one number.
    codes = first * len(nearer) + second
    met = ones[places].astype(np.intp) * len(nearer) + others[places]
    places = places[codes[np.searchsorted(codes[:-1], met)] == met] if len(codes) else places
    pairs = zip(ones[places].tolist(), others[places].tolist(), strict=True)
    return dict(zip(pairs, places.tolist(), strict=True))


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


def _likest(
    likeness: Mapping[int, float],
    mine: Mapping[str, float],
    groups: Sequence[Mapping[str, float]],
    limit: int,
) -> list[int]:
    """Give those that are likest once what they share of groups is added."""
    ranked: list[tuple[float, int]] = []
    most = sum(mine.values()) + 1e-5  # what groups may add, and rounding
    for other in sorted(likeness, key=lambda other: (-likeness[other], other)):
        value = likeness[other]
        if value < LEAST or (0 < limit == len(ranked) and value + most < -ranked[-1][0]):
            break  # nobody after this one can come before those that are found
        theirs = groups[other]
        shared = sum(worth for group, worth in mine.items() if group in theirs)
        ranked = sorted([*ranked, (-round(value + shared, 6), other)])[:limit]
    return [other for _, other in ranked]


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
    return [float(value) for value in vectors_of_texts([text])[0]]


def _vector(text: str, embedder: Embedder, memo: AnalysisMemo) -> Vector:
    name = hashlib.sha256(json.dumps([embedder.version, text]).encode()).hexdigest()[:40]
    with suppress(TypeError, ValueError):  # what is spoilt is as good as none and made again
        kept = json.loads(memo.get(name) or b"null")
        if isinstance(kept, list):
            return [float(number) for number in kept]
    made = [round(value, DIGITS) for value in embedder.embed(text)]
    memo.put_all({name: json.dumps(made).encode()})
    return made
