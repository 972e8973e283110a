"""Build the index: weigh each word of each project, keep what tells projects apart, write files.

    Corpus --weigh--> words and pairs of each document --postings, columns, cards--> files

Pure: the same documents give the same bytes, in whatever order they come. `index` says what each
file holds and reads them back. Files are cut and named so that news changes few of them: a hash of
a word decides whether a file may begin with it, so a word more or less moves no other file's edges.
"""

import json
from base64 import b32encode
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any, NamedTuple

import numpy as np

from aggregator.searching import match, query, rank, tokens
from aggregator.searching.analysis import Quotes
from aggregator.searching.columns import Corpus, Real, Whole, by_count
from aggregator.searching.cutting import Cut, cut_into_files, starts_of
from aggregator.searching.english import english_from, expected, tasks
from aggregator.searching.facets import FIELD_WORDS, FROM, Facet, columns, orders
from aggregator.searching.hits import write_card
from aggregator.searching.match import SHORTEST_REPAIRED
from aggregator.searching.meaning import Near
from aggregator.searching.places import places_of
from aggregator.searching.postings import ALPHABET, HALF, browser_order, gaps_in, write_numbers
from aggregator.searching.sentences import most_telling
from aggregator.searching.synonyms import doers, keys_of, lines_of, same, write_lines
from aggregator.searching.weighing import Holders, rarity_in_steps, weigh
from aggregator.searching.word_files import word_files

CARDS_PER_FILE = 2

PHRASES_TAUGHT = 3
# What more projects than this share of all hold is no example of a search.
WIDEST_EXAMPLE = 0.25

_AT_ONCE = 4_000  # postings
_CARDS_AT_ONCE = 200  # documents whose sentences are held at once

_Payload = dict[str, Any]
_Kinds = Mapping[str, Sequence[_Payload]]
# Each file by its name, and in the end the names of each kind, without it.
_Files = Generator[tuple[str, bytes], None, dict[str, list[str]]]


# In characters before compression.
_PAIRS = Cut(10_000, 30_000, 48)
_PLACES = Cut(10_000, 30_000, 24)
# Letters of the name of a file: forty bits tell it from what stood there another night.
_NAME = 8
_FEW = 5  # projects that may share a word, however small the catalogue


class _Shards(NamedTuple):
    """Keys with what is written of each, file by file, and where each file begins."""

    held: Sequence[Mapping[str, str]]
    starts: Sequence[str]


def index_files(
    corpus: Corpus, by_name: Mapping[str, Mapping[str, Any]] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Give each file of the index: its name under `search/index/` and its bytes.

    Args:
        corpus: all documents.
        by_name: what else is found, and that by name alone: what a file of it holds, by the
            letter that those names begin with.
    """
    by_name = by_name or {}
    weights, count = weigh(corpus), len(corpus.documents)
    meant = same(lines_of(corpus.glossary))  # `LOS` is no city
    shares = {term: share for term, share in expected().items() if term not in meant}
    meanings = _meanings(corpus, weights.words.spread)
    near = _written_of(corpus.near, count, {}) if corpus.near else {}
    words = word_files(_written_of(weights.words, count, shares), near, meanings)
    texts = zip(weights.words.keys, _place_texts(corpus, weights.words), strict=True)
    facets = tuple(columns(corpus.documents))
    often: _Kinds = {
        "w": words.payloads,
        "f": [{"f": [_facet(each) for each in facets]}],
        "o": [{name: write_numbers(order) for name, order in orders(corpus.documents).items()}],
        "n": [dict(held) for held in by_name.values()],
        "g": [{"meanings": meanings}],
    }
    names = yield from _named(often)
    pairs = _shards(_by_joined(_written_of(weights.pairs, count, shares)), _PAIRS)
    places = _shards(((key, key, text) for key, text in texts if text), _PLACES)
    names |= yield from _seldom(pairs, places, corpus.spellings)
    others = sum(bool(each.origin) for each in corpus.documents)
    numbering = _mark("\n".join(each.key for each in corpus.documents).encode())[:10]
    for number, held in enumerate(_card_files(corpus, weights.worth)):
        yield f"c{number}.json", _json({"b": numbering, "c": held})
    boot = {
        "b": numbering,
        "n": count,
        "unknown": rarity_in_steps(count, 0),
        "words": "|".join(words.starts),
        **({"near": {"factor": match.MEANING, "alone": match.ALONE}} if near else {}),
        "files": names,
        "cards": CARDS_PER_FILE,
        "names": list(by_name),
        "examples": _examples(corpus, facets, weights.words.spread),
        **_RULES,
        **({"others": others, "fields": {**FIELD_WORDS, FROM: FROM}} if others else {}),
    }
    yield "boot.json", _json(boot)


def _named(payloads: _Kinds) -> _Files:
    """Give the files of each kind, and in the end how they are called."""
    names: dict[str, list[str]] = {kind: [] for kind in payloads}
    taken: set[str] = set()
    for kind, held in payloads.items():
        for payload in held:
            data = _json(payload)
            name = _name(data, taken)
            taken.add(name)
            names[kind].append(name)
            yield f"{kind}-{name}.json", data
    return names


def _seldom(pairs: _Shards, places: _Shards, spellings: Mapping[str, Sequence[str]]) -> _Files:
    """Give the files that few searches need, and last one that says where those are."""
    names = yield from _named(
        {
            "p": [_with_english(shard) for shard in pairs.held],
            "l": [{"t": shard} for shard in places.held],
            "s": [{"w": " ".join(listed)} for listed in spellings.values()],
        }
    )
    directory = {
        "pairs": "|".join(pairs.starts),
        "places": "|".join(places.starts),
        "files": names | {"s": dict(zip(spellings, names["s"], strict=True))},
    }
    return (yield from _named({"d": [directory]}))


def _with_english(shard: Mapping[str, str]) -> _Payload:
    """Tell words of English, of which nothing is written, from pairs."""
    pairs = {key: text for key, text in shard.items() if text}
    return {"t": pairs, "e": " ".join(key for key, text in shard.items() if not text)}


def _meanings(corpus: Corpus, spread: Mapping[str, int]) -> list[str]:
    """Give what means the same here, and what tasks are called in general."""
    glossary = [*lines_of(corpus.glossary), *doers(spread)]
    most = max(_FEW, len(corpus.documents) / 4)
    # What many projects say tells none from another: "projection" would lead to each "project".
    telling = {key for key, held in spread.items() if held <= most and " " not in key}
    return [write_lines(glossary, spread), write_lines(tasks(), telling)]


def _name(data: bytes, taken: Container[str]) -> str:
    """Name a file by its bytes, briefly, as boot.json lists all names."""
    mark = _mark(data)
    return next(mark[:end] for end in range(_NAME, len(mark)) if mark[:end] not in taken)


def _mark(data: bytes) -> str:
    return b32encode(sha256(data).digest()).decode().lower()


def _card_files(corpus: Corpus, worth: Real) -> Iterator[list[_Payload]]:
    cards = _cards(corpus, worth)
    while held := list(islice(cards, CARDS_PER_FILE)):
        yield held


# What a browser must know to read a query as Python does: it keeps no copy of its own.
_RULES: _Payload = {
    "stop": tokens.STOP_LIST,
    "spellings": tokens.SPELLINGS,
    "endings": tokens.ENDINGS,
    "begun": " ".join(match.ENDINGS_BEGUN),
    "patterns": [*tokens.IN_BROWSER, query.SPACE, query.CHUNK],
    "asking": query.ASKING,
    "closing": query.CLOSING,
    "fold": tokens.LETTERS,
    "fields": dict(FIELD_WORDS),
    "factors": [
        match.TYPED,
        match.BEGUN,
        match.MEANT,
        match.GLOSSARY,
        match.LONGER,
        match.TASK,
        match.NEAREST,
    ],
    "limits": [query.LONGEST, query.MOST_WORDS, match.MOST_BEGUN, match.LONGEST_JOIN],
    "held": [rank.HELD_WELL, rank.HELD_STEP, rank.LITTLE],
    "slips": [match.SHORTEST_REPAIRED, match.LONG],
}


def _cards(corpus: Corpus, worth: Real) -> Iterator[_Payload]:
    """Write what a result shows of each project."""
    for start in range(0, len(corpus.documents), _CARDS_AT_ONCE):
        documents = corpus.documents[start : start + _CARDS_AT_ONCE]
        quotes = [Quotes.of(kept) for kept in corpus.quotes[start : start + len(documents)]]
        starts = corpus.starts[start : start + len(documents) + 1]
        told = _told(quotes, worth[starts[0] : starts[-1]], starts[:-1] - starts[0])
        for document, quoted, places in zip(documents, quotes, told, strict=True):
            yield write_card(document, [quoted.sentences[at] for at in places])


def _told(quotes: Sequence[Quotes], worth: Real, starts: Whole) -> list[list[int]]:
    """Choose the sentences of some documents, whose words begin at `starts` in `worth`."""

    def numbered(rows: Sequence[Whole]) -> Whole:
        found: Whole = np.concatenate(rows) + np.repeat(starts, list(map(len, rows)))
        return found

    untold = worth.copy()
    untold[numbered([each.summary for each in quotes])] = 0.0  # it is shown anyway
    words, sentences = numbered([each.words for each in quotes]), [len(q.held) for q in quotes]
    held, lengths = (
        np.concatenate(rows, dtype=np.intp)
        for rows in ([each.held for each in quotes], [each.lengths for each in quotes])
    )
    return most_telling(words, held, lengths, untold, np.array(sentences))


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


def _by_joined(pairs: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Order two words as they would stand if they were one, which is how they are looked up.

    Words of English stand among them: what is neither, and no beginning, is likely a slip.
    """
    english = ((word, word, "") for word in english_from(SHORTEST_REPAIRED))
    joined = ((key.replace(" ", ""), key, text) for key, text in pairs.items())
    return sorted((*english, *joined), key=lambda each: (browser_order(each[0]), each[1]))


def _shards(found: Iterable[tuple[str, str, str]], cut: Cut) -> _Shards:
    """Cut what is written of keys, by the texts that they are looked up by, into files."""
    rows = list(found)
    sized = ((place, len(key) + len(text) + 6) for place, key, text in rows)
    files, row = cut_into_files(sized, cut), iter(rows)
    held = [{key: text for _, key, text in islice(row, len(keys))} for keys in files]
    return _Shards(held, starts_of(files))


def _written_of(found: Holders | Near, count: int, shares: Mapping[str, float]) -> dict[str, str]:
    return dict(zip(found.keys, _postings(found, count, shares), strict=True))


def _postings(found: Holders | Near, count: int, shares: Mapping[str, float]) -> Iterator[str]:
    """Write all postings, some thousand at a time, to need little memory."""
    rarities = by_count(found.holding, lambda held: rarity_in_steps(count, held)).astype(np.int64)
    for at, key in enumerate(found.keys):
        if key in shares:
            rarities[at] = rarity_in_steps(count, int(found.holding[at]), shares[key])
    ends = np.append(0, found.holding.cumsum())
    for start in range(0, len(found.keys), _AT_ONCE):
        keys = slice(start, start + _AT_ONCE)
        rows = slice(ends[start], ends[min(start + _AT_ONCE, len(found.keys))])
        documents, impacts = found.documents[rows], found.impacts[rows]
        yield from _written(rarities[keys], found.holding[keys], documents, impacts)


def _place_texts(corpus: Corpus, words: Holders) -> Iterator[str]:
    """Write where each key stands; nothing of one that stands nowhere in order."""
    for numbers, sizes in places_of(corpus, words):
        text, digits = _in_digits(numbers)
        ends = np.append(0, digits.cumsum())[np.append(0, sizes.cumsum())].tolist()
        yield from (text[one:two] for one, two in pairwise(ends))


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
