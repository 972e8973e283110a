"""Build the index: weigh each word of each project, keep what tells projects apart, write files.

    Corpus --weigh--> words and pairs of each document --postings, columns, cards--> files

Pure: the same documents give the same bytes, in whatever order they come. `index` says what each
file holds and reads them back.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from aggregator.searching import match, query, tokens
from aggregator.searching.analysis import Quotes
from aggregator.searching.columns import Corpus, Real, Whole, by_count, rarity, totals
from aggregator.searching.document import FIELDS, TEXT
from aggregator.searching.facets import FIELD_WORDS, Facet, columns, orders
from aggregator.searching.hits import write_card
from aggregator.searching.index import ALPHABET, HALF, browser_order, gaps_in, write_numbers
from aggregator.searching.sentences import most_telling
from aggregator.searching.synonyms import doers, keys_of, one_glossary, same

TOP_IMPACT = 31  # five bits: finer steps measured no better and cost bytes
SATURATION = 3.0
RARITY_STEPS = 64
# (projects up to, README words kept)
KEYWORDS = ((500, 300), (2_000, 150), (20_000, 100), (math.inf, 50))

CARDS_PER_FILE = 2
WORD_SHARD = 5_000  # characters of a shard before compression; most queries ask for several
PAIR_SHARD = 15_000

PHRASES_TAUGHT = 3
# What more projects than this share of all hold is no example of a search.
WIDEST_EXAMPLE = 0.25

_WORTH = {field: field.weight for field in FIELDS}
_TEXT = FIELDS.index(TEXT)

_Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """Which documents hold which keys, key by key in a browser's order, and how strongly.

    Args:
        keys: words, or pairs.
        holding: how many documents hold each.
        documents: those of one key after the other, rising.
        weights: what the key weighs in each.
    """

    keys: Sequence[str]
    holding: Whole
    documents: Whole
    weights: Real

    @property
    def spread(self) -> dict[str, int]:
        """Say how many documents hold each key."""
        return dict(zip(self.keys, self.holding.tolist(), strict=True))


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
    factors = corpus.factors(_WORTH)
    weights = _word_weights(corpus, factors)
    words, pairs = _words(corpus, weights, factors), _pairs(corpus, factors)
    cards = list(_cards(corpus, weights))
    spread = words.spread
    facets = tuple(columns(corpus.documents))
    word_shards, pair_shards = _shards(words, count, WORD_SHARD), _shards(pairs, count, PAIR_SHARD)
    known = {
        key: held
        for key, others in one_glossary(means, doers(spread)).items()
        if (held := [each for each in others if each in spread])  # others the browser need not ask
    }
    card_files = (cards[at : at + CARDS_PER_FILE] for at in range(0, count, CARDS_PER_FILE))
    return {
        **{f"w{n}": {"t": shard} for n, shard in enumerate(word_shards)},
        **{f"p{n}": {"t": shard} for n, shard in enumerate(pair_shards)},
        **{f"s-{letter}": {"w": " ".join(listed)} for letter, listed in corpus.spellings.items()},
        **{f"c{n}": {"c": held} for n, held in enumerate(card_files)},
        "f": {"f": [_facet(each) for each in facets]},
        "o": {name: write_numbers(order) for name, order in orders(corpus.documents).items()},
        "boot": {
            "n": count,
            "unknown": rarity_in_steps(count, 0),
            "words": "|".join(_starts(word_shards)),
            "pairs": "|".join(_starts(pair_shards)),
            "letters": "".join(corpus.spellings),
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
    return max(1, round(RARITY_STEPS * rarity(documents, holding)))


def _tone(times: int) -> float:
    return 1 + math.log(times) if times else 1.0


def _rarities(corpus: Corpus) -> Real:
    """Say how rare each word is among all documents."""
    count = len(corpus.documents)
    spread = np.bincount(corpus.term, minlength=len(corpus.terms))
    return by_count(spread, lambda held: math.log(1 + count / held) if held else 0.0)


def _word_weights(corpus: Corpus, factors: Real) -> Real:
    """Say what each entry weighs; nothing, where its README has words that set it apart more.

    So a list of everything is not at the top of every search.
    """
    count = len(corpus.documents)
    most = next(kept for limit, kept in KEYWORDS if count <= limit)
    values = factors[corpus.part] * by_count(corpus.times, _tone)
    distinct = np.bincount(corpus.part, minlength=len(corpus.field))
    long = np.flatnonzero(((corpus.field == _TEXT) & (distinct > most))[corpus.part])
    part, term = corpus.part[long], corpus.term[corpus.entry[long]]
    telling = corpus.times[long] * _rarities(corpus)[term]
    order = np.lexsort((corpus.rank[term], -telling, part))
    starts = np.searchsorted(part, part)  # `part` rises, so each stays where its part is
    left_out = long[order][np.arange(len(order)) - starts >= most]
    values[left_out] = 0.0
    return totals(corpus.entry, values, len(corpus.term))


def _words(corpus: Corpus, weights: Real, factors: Real) -> _Found:
    """Find who holds which words, and which phrases of the glossary."""
    held = np.flatnonzero(weights)
    term, document = corpus.term[held], corpus.entry_document[held]
    phrases = corpus.phrases
    values = factors[phrases.part] * by_count(phrases.times, _tone)
    summed = _summed(phrases.key, corpus.document[phrases.part], values)
    used = np.unique(np.concatenate([term, summed[0] + len(corpus.terms)]))
    names = {n: corpus.terms[n] for n in used[: np.searchsorted(used, len(corpus.terms))].tolist()}
    names |= {n + len(corpus.terms): phrases.keys[n] for n in np.unique(summed[0]).tolist()}
    numbers = sorted(names, key=lambda number: browser_order(names[number]))
    rank = np.zeros(len(corpus.terms) + len(phrases.keys), np.int32)
    rank[numbers] = np.arange(len(numbers))
    key = rank[np.concatenate([term, summed[0] + len(corpus.terms)])]
    order = np.argsort(key, kind="stable")  # a key is a word or a phrase, so documents still rise
    return _Found(
        [names[number] for number in numbers],
        np.bincount(key, minlength=len(numbers)),
        np.concatenate([document, summed[1]])[order],
        np.concatenate([weights[held], summed[2]])[order],
    )


def _pairs(corpus: Corpus, factors: Real) -> _Found:
    """Find who holds which two words together."""
    pairs, size = corpus.pairs, len(corpus.terms)
    order = np.argsort(corpus.rank)  # the word of each place in a browser's order
    # A space stands before every sign of a word, so pairs are in order as their words are.
    code = corpus.rank[pairs.first].astype(np.int64) * size + corpus.rank[pairs.second]
    values = factors[pairs.part] * by_count(pairs.times, _tone)
    codes, documents, weights = _summed(code, corpus.document[pairs.part], values)
    distinct, holding = np.unique(codes, return_counts=True)
    ones, twos = (
        order[each].tolist() for each in (distinct // max(1, size), distinct % max(1, size))
    )
    keys = [f"{corpus.terms[one]} {corpus.terms[two]}" for one, two in zip(ones, twos, strict=True)]
    return _Found(keys, holding, documents, weights)


def _summed(keys: Whole, documents: Whole, values: Real) -> tuple[Whole, Whole, Real]:
    """Sum the values of each key in each document, in order of both."""
    order = np.lexsort((documents, keys))
    keys, documents = keys[order], documents[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (documents[1:] != documents[:-1])
    place = new.cumsum() - 1
    return keys[new], documents[new], totals(place, values[order], int(new.sum()))


def _strength(weights: Real) -> Real:
    """Level weights off: BM25's saturation, 0 to 1."""
    return weights / (SATURATION + weights)


def _cards(corpus: Corpus, weights: Real) -> Iterator[_Payload]:
    """Write what a result shows of each project."""
    worth = _strength(weights) * _rarities(corpus)[corpus.term]
    for document, kept, (start, end) in zip(
        corpus.documents, corpus.quotes, pairwise(corpus.starts.tolist()), strict=True
    ):
        quotes = Quotes.of(kept)
        told = worth[start:end].copy()
        told[quotes.summary] = 0.0
        chosen = most_telling(quotes.words, quotes.held, quotes.lengths, told)
        yield write_card(document, [quotes.sentences[at] for at in chosen])


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
    impacts = np.maximum(1, np.rint(TOP_IMPACT * _strength(found.weights))).astype(np.int64)
    rarities = by_count(found.holding, lambda held: rarity_in_steps(count, held)).astype(np.int64)
    shards: list[dict[str, str]] = [{}]
    filled = 0
    written = _written(rarities, found.holding, found.documents, impacts)
    for key, text in zip(found.keys, written, strict=True):
        if shards[-1] and filled + len(text) > size:
            shards.append({})
            filled = 0
        shards[-1][key] = text
        filled += len(key) + len(text) + 6
    return shards


def _written(rarities: Whole, holding: Whole, documents: Whole, impacts: Whole) -> Iterator[str]:
    """Write postings as `index.write_posting` writes one, all at once."""
    ends = holding.cumsum()
    firsts = ends - holding
    gaps = np.diff(documents, prepend=-1) - 1
    gaps[firsts] = documents[firsts]
    # The rarity of each key, then a gap and an impact of each document, key by key.
    numbers = np.empty(len(holding) + 2 * len(gaps), np.int64)
    shift = np.repeat(np.arange(1, len(holding) + 1), holding)
    places = 2 * np.arange(len(gaps)) + shift
    numbers[places], numbers[places + 1] = gaps, impacts
    heads = 2 * firsts + np.arange(len(holding))
    numbers[heads] = rarities
    text, digits = _in_digits(numbers)
    stops = np.append(digits.cumsum()[heads] - digits[heads], len(text)).tolist()
    return (text[one:two] for one, two in pairwise(stops))


def _in_digits(numbers: Whole) -> tuple[str, Whole]:
    """Write whole numbers as `index.write_numbers` does, and say how many signs each takes."""
    digits = np.ones(len(numbers), np.int64)
    least = HALF
    while (larger := numbers >= least).any():
        digits += larger
        least *= HALF
    ends, left = digits.cumsum(), numbers.copy()
    signs = np.empty(int(digits.sum()), np.uint8)
    for place in range(int(digits.max(initial=0))):
        held = np.flatnonzero(digits > place)
        further = np.where(digits[held] > place + 1, HALF, 0)
        signs[ends[held] - digits[held] + place] = left[held] % HALF + further
        left[held] //= HALF
    alphabet = np.frombuffer(ALPHABET.encode(), np.uint8)
    return alphabet[signs].tobytes().decode(), digits


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
