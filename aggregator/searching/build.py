"""Build the index: weigh each word of each project, keep what tells projects apart, write files.

    Corpus --weigh--> words and pairs of each document --postings, columns, cards--> files

Pure: the same documents give the same bytes, in whatever order they come. `index` says what each
file holds and reads them back.
"""

import hashlib
import heapq
import json
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from aggregator.searching import analysis, match, query, tokens
from aggregator.searching.analysis import FIELDS, NAME, TEXT, Corpus, FieldWords
from aggregator.searching.facets import FIELD_WORDS, Facet, columns, orders
from aggregator.searching.hits import telling_sentences, write_card
from aggregator.searching.index import (
    Posting,
    browser_order,
    gaps_in,
    write_numbers,
    write_posting,
)
from aggregator.searching.synonyms import Phrases, doers, keys_of, one_glossary, same

TOP_IMPACT = 31  # five bits: finer steps measured no better and cost bytes
SATURATION = 3.0
RARITY_STEPS = 64
PAIRS_OF_TEXT = 40
# (projects up to, README words kept)
KEYWORDS = ((500, 300), (2_000, 150), (20_000, 100), (math.inf, 50))

CARDS_PER_FILE = 2
WORD_SHARD = 5_000  # characters of a shard before compression; most queries ask for several
PAIR_SHARD = 15_000

SPELLINGS_LISTED = 4_000  # of each first letter
# Four letters are one slip from too many words: `drone` is not meant for `done`.
_SPELLING = re.compile("[a-z][a-z0-9]{4,23}")

PHRASES_TAUGHT = 3
# What more projects than this share of all hold is no example of a search.
WIDEST_EXAMPLE = 0.25

_WORTH = {field: field.weight for field in FIELDS}

_Payload = dict[str, Any]
_Weights = dict[str, float]  # key -> what it weighs in one document
# key -> documents that hold it, and how strongly each
_Found: TypeAlias = "dict[str, tuple[array[int], bytearray]]"


def index_files(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    """Give each file of the index: its name under `search/index/` and its bytes."""
    payloads = sorted(_payloads(corpus).items())
    digest = hashlib.sha256()
    for name, payload in payloads:
        digest.update(name.encode() + _json(payload))
    mark = digest.hexdigest()[:10]
    for name, payload in payloads:
        yield f"{name}.json", _json({"b": mark, **payload})


def _payloads(corpus: Corpus) -> dict[str, _Payload]:
    count = len(corpus.documents)
    means = same(corpus.glossary)
    weigher = _Weigher(corpus, Phrases(means))
    words: _Found = {}
    pairs: _Found = {}
    cards = []
    for number, (document, fields) in enumerate(zip(corpus.documents, corpus.fields, strict=True)):
        weights = weigher.words(fields)
        _add(words, number, weights)
        _add(pairs, number, weigher.pairs(fields))
        cards.append(write_card(document, telling_sentences(document, weigher.worth(weights))))
    spread = {key: len(holders) for key, (holders, _) in words.items()}
    facets, spellings = tuple(columns(corpus.documents)), _spellings(corpus)
    word_shards, pair_shards = _shards(words, count, WORD_SHARD), _shards(pairs, count, PAIR_SHARD)
    known = {
        key: held
        for key, others in one_glossary(means, doers(spread)).items()
        if (held := [each for each in others if each in words])  # others the browser need not ask
    }
    card_files = (cards[at : at + CARDS_PER_FILE] for at in range(0, count, CARDS_PER_FILE))
    return {
        **{f"w{n}": {"t": shard} for n, shard in enumerate(word_shards)},
        **{f"p{n}": {"t": shard} for n, shard in enumerate(pair_shards)},
        **{f"s-{letter}": {"w": " ".join(listed)} for letter, listed in spellings.items()},
        **{f"c{n}": {"c": held} for n, held in enumerate(card_files)},
        "f": {"f": [_facet(each) for each in facets]},
        "o": {name: write_numbers(order) for name, order in orders(corpus.documents).items()},
        "boot": {
            "n": count,
            "unknown": rarity_in_steps(count, 0),
            "words": "|".join(_starts(word_shards)),
            "pairs": "|".join(_starts(pair_shards)),
            "letters": "".join(spellings),
            "cards": CARDS_PER_FILE,
            "glossary": known,
            "examples": _examples(corpus, facets, spread),
            **_RULES,
        },
    }


# What a browser must know to read a query as Python does: it keeps no copy of its own.
_RULES: _Payload = {
    "stop": " ".join(sorted(tokens.STOP_WORDS)),
    "spellings": tokens.SPELLINGS,
    "endings": tokens.ENDINGS,
    "begun": " ".join(match.ENDINGS_BEGUN),
    "patterns": [*tokens.IN_BROWSER, query.SPACE, query.CHUNK],
    "fold": tokens.LETTERS,
    "fields": dict(FIELD_WORDS),
    "factors": [match.TYPED, match.BEGUN, match.MEANT, match.GLOSSARY],
    "limits": [query.LONGEST, query.MOST_WORDS, match.MOST_BEGUN, match.LONGEST_JOIN],
    "slips": [match.SHORTEST_REPAIRED, match.LONG],
}


def rarity_in_steps(documents: int, holding: int) -> int:
    """Say how much finding a word tells, in whole steps: a browser must come to the same."""
    return max(1, round(RARITY_STEPS * analysis.rarity(documents, holding)))


def _add(found: _Found, document: int, weights: _Weights) -> None:
    for key, weight in weights.items():
        documents, impacts = found.setdefault(key, (array("I"), bytearray()))
        documents.append(document)
        impacts.append(max(1, round(TOP_IMPACT * _strength(weight))))


class _Weigher:
    """Weighs the words of a document, knowing how rare each is among all documents."""

    def __init__(self, corpus: Corpus, phrases: Phrases) -> None:
        count = len(corpus.documents)
        spread = Counter(
            term
            for fields in corpus.fields
            for term in {term for part in fields for term in (*part.terms, *part.extra)}
        )
        self._corpus, self._phrases = corpus, phrases
        self._kept_of_text = next(kept for limit, kept in KEYWORDS if count <= limit)
        self._unseen = math.log(1 + count)
        self._rarities = {term: math.log(1 + count / held) for term, held in spread.items()}

    def words(self, fields: Iterable[FieldWords]) -> _Weights:
        return self._corpus.weigh(((part, self._kept(part)) for part in fields), _WORTH)

    def worth(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Say how much finding each word in this document tells."""
        return {key: _strength(held) * self._rarity(key) for key, held in weights.items()}

    def pairs(self, fields: Iterable[FieldWords]) -> _Weights:
        """Weigh each two words that stand together; of a README the commonest that come again."""
        counted = []
        for part in fields:
            counts: Mapping[str, int] = Counter(f"{one} {two}" for one, two in pairwise(part.terms))
            if part.field is TEXT:
                often = [(-times, pair) for pair, times in counts.items() if times > 1]
                counts = {pair: -less for less, pair in heapq.nsmallest(PAIRS_OF_TEXT, often)}
            counted.append((part, counts))
        return self._corpus.weigh(counted, _WORTH)

    def _kept(self, part: FieldWords) -> dict[str, float]:
        """Count each term and phrase; of a long README only the terms that set it apart.

        So a list of everything is not at the top of every search.
        """
        counts = part.counts()
        if part.field is TEXT and len(counts) > self._kept_of_text:
            scored = [(-times * self._rarity(term), term) for term, times in counts.items()]
            chosen = heapq.nsmallest(self._kept_of_text, scored)
            counts = {term: counts[term] for _, term in chosen}
        return counts | Counter(self._phrases.found_in(part.terms))

    def _rarity(self, term: str) -> float:
        return self._rarities.get(term, self._unseen)


def _strength(weight: float) -> float:
    """Level a weight off: BM25's saturation, 0 to 1."""
    return weight / (SATURATION + weight)


def _spellings(corpus: Corpus) -> dict[str, list[str]]:
    """Give the words that a slip may be meant for, by first letter, commonest first.

    A word counts at most twice for one document, as a slip rarely comes twice. A short one that
    counts only once may itself be a slip, so it must be a name, which counts twice more.
    """
    often: Counter[str] = Counter()
    names: set[str] = set()
    for fields in corpus.fields:
        counted = Counter(each.surface for part in fields for each in part.sequence)
        often.update({surface: min(times, 2) for surface, times in counted.items()})
        for part in fields:
            if part.field is NAME:
                names.update((each.surface for each in part.sequence), part.extra)
    often.update(dict.fromkeys(names, 2))
    found: dict[str, list[str]] = {}
    for surface in sorted(often, key=lambda surface: (-often[surface], surface)):
        if (often[surface] > 1 or len(surface) >= match.LONG) and _SPELLING.fullmatch(surface):
            found.setdefault(surface[0], []).append(surface)
    return {letter: found[letter][:SPELLINGS_LISTED] for letter in sorted(found)}


def _examples(corpus: Corpus, facets: Iterable[Facet], spread: Mapping[str, int]) -> list[str]:
    """Choose searches to teach with: each finds something here, and each is of another kind.

    What acronyms stand for, phrases of three or four words before those of two; then the commonest
    topic, organisation and language.
    """
    most = max(2, len(corpus.documents) * WIDEST_EXAMPLE)
    held: dict[str, int] = {}
    for expansions in corpus.glossary.values():
        for text in expansions[:1]:
            holding = max((spread.get(key, 0) for key in keys_of(text)), default=0)
            if 2 <= len(text.split()) <= 4 and 2 <= holding <= most:
                held[text] = holding
    taught = sorted(held, key=lambda text: (len(text.split()) < 3, -held[text], text))
    commonest = {facet.name: [label for _, label, _ in facet.values[:1]] for facet in facets}
    quoted = (f'"{label}"' if " " in label else label for label in commonest["language"])
    languages = [f"language:{label}" for label in quoted]
    found = [*taught[:PHRASES_TAUGHT], *commonest["topic"], *commonest["organisation"], *languages]
    return list(dict.fromkeys(found))


def _shards(found: _Found, count: int, size: int) -> list[dict[str, str]]:
    """Write postings in a browser's order, cut into runs of about `size` characters."""
    shards: list[dict[str, str]] = [{}]
    filled = 0
    for key in sorted(found, key=browser_order):
        documents, impacts = found[key]
        text = write_posting(Posting(rarity_in_steps(count, len(documents)), documents, impacts))
        if shards[-1] and filled + len(text) > size:
            shards.append({})
            filled = 0
        shards[-1][key] = text
        filled += len(key) + len(text) + 6
    return shards


def _starts(shards: Sequence[Mapping[str, str]]) -> list[str]:
    """Give where each shard begins, as short as tells it from the key before."""
    starts = [""]
    for before, shard in pairwise(shards):
        last, first = list(before)[-1], next(iter(shard))
        length = next(n for n in range(1, len(first) + 1) if first[:n] != last[:n])
        starts.append(first[:length])
    return starts


def _facet(facet: Facet) -> list[Any]:
    return [
        facet.name,
        [[value, label, write_numbers(gaps_in(held))] for value, label, held in facet.values],
        {name: write_numbers(gaps_in(held)) for name, held in facet.aliases.items()},
    ]


def _json(payload: _Payload) -> bytes:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # Half of a pair of UTF-16, which no text should hold, becomes a question mark.
    return text.encode("utf-8", "replace")
