"""Build the index: weigh each word of each project, keep what tells projects apart, write files.

    Corpus --weigh--> words and pairs of each document --postings, columns, cards--> files

Pure: the same documents give the same bytes, in whatever order they come. `index` says what each
file holds and reads them back. Files are cut and named so that news changes few of them: a hash of
a word decides whether a file may begin with it, so a word more or less moves no other file's edges.
"""

import json
from base64 import b32encode
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any
from zlib import crc32

import numpy as np

from aggregator.searching import match, query, rank, tokens
from aggregator.searching.analysis import Quotes
from aggregator.searching.columns import Corpus, Real, Whole, by_count
from aggregator.searching.english import by_letter, expected, is_word, tasks
from aggregator.searching.facets import FIELD_WORDS, FROM, Facet, columns, orders
from aggregator.searching.hits import write_card
from aggregator.searching.index import ALPHABET, HALF, gaps_in, write_numbers
from aggregator.searching.match import SHORTEST_REPAIRED
from aggregator.searching.meaning import Near
from aggregator.searching.places import places_of
from aggregator.searching.sentences import most_telling
from aggregator.searching.synonyms import doers, keys_of, lines_of, same, write_lines
from aggregator.searching.weighing import Holders, rarity_in_steps, weigh

CARDS_PER_FILE = 2

PHRASES_TAUGHT = 3
# What more projects than this share of all hold is no example of a search.
WIDEST_EXAMPLE = 0.25

_AT_ONCE = 4_000  # postings
_CARDS_AT_ONCE = 200  # documents whose sentences are held at once

_Payload = dict[str, Any]
_Kinds = Mapping[str, Sequence[_Payload]]
_Shard = Mapping[str, str]
# Each file by its name, and in the end the names of each kind, without it.
_Files = Generator[tuple[str, bytes], None, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where postings are cut into files.

    Args:
        least: characters of a file before the next may begin.
        most: characters that it never goes beyond, but for a single longer posting.
        one_in: of so many words, one may begin a file.
    """

    least: int
    most: int
    one_in: int


# In characters before compression; most queries ask for several files of words.
_WORDS = _Cut(3_500, 9_000, 24)
_PAIRS = _Cut(10_000, 30_000, 48)
_NEAR = _Cut(2_500, 6_000, 12)  # a query asks for as many of these as it has words
_PLACES = _Cut(10_000, 30_000, 24)
_FEW = 5  # projects that may share a word, however small the catalogue


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
    words, pairs = (
        _shards(zip(found.keys, _postings(found, count, shares), strict=True), cut)
        for found, cut in ((weights.words, _WORDS), (weights.pairs, _PAIRS))
    )
    nearest = _near_shards(corpus.near, count) if corpus.near else []
    texts = zip(weights.words.keys, _place_texts(corpus, weights.words), strict=True)
    places = _shards((each for each in texts if each[1]), _PLACES)
    facets = tuple(columns(corpus.documents))
    often: _Kinds = {
        "w": [_with_halves(shard) for shard in words],
        **({"m": [{"t": shard} for shard in nearest]} if nearest else {}),
        "f": [{"f": [_facet(each) for each in facets]}],
        "o": [{name: write_numbers(order) for name, order in orders(corpus.documents).items()}],
        "n": [dict(held) for held in by_name.values()],
    }
    names = yield from _named(often)
    names |= yield from _seldom(pairs, places, corpus.spellings)
    others = sum(bool(each.origin) for each in corpus.documents)
    numbering = _mark("\n".join(each.key for each in corpus.documents).encode())
    for number, held in enumerate(_card_files(corpus, weights.worth)):
        yield f"c{number}.json", _json({"b": numbering, "c": held})
    boot = {
        "b": numbering,
        "n": count,
        "unknown": rarity_in_steps(count, 0),
        "words": "|".join(_starts(words)),
        **({"near": _near_words(nearest)} if nearest else {}),
        "files": names,
        "cards": CARDS_PER_FILE,
        "names": list(by_name),
        **_meanings(corpus, weights.words.spread),
        "examples": _examples(corpus, facets, weights.words.spread),
        **_RULES,
        **({"others": others, "fields": {**FIELD_WORDS, FROM: FROM}} if others else {}),
    }
    yield "boot.json", _json(boot)


def _named(payloads: _Kinds) -> _Files:
    """Give the files of each kind, and in the end how they are called."""
    names: dict[str, list[str]] = {kind: [] for kind in payloads}
    for kind, held in payloads.items():
        for payload in held:
            data = _json(payload)
            names[kind].append(_mark(data))
            yield f"{kind}-{names[kind][-1]}.json", data
    return names


def _seldom(
    pairs: Sequence[_Shard], places: Sequence[_Shard], spellings: Mapping[str, Sequence[str]]
) -> _Files:
    """Give the files that few searches need, and last one that says where those are."""
    lettered = {"s": spellings, "e": by_letter(SHORTEST_REPAIRED)}
    names = yield from _named(
        {
            "p": [{"t": shard} for shard in pairs],
            "l": [{"t": shard} for shard in places],
            **{
                kind: [{"w": " ".join(listed)} for listed in letters.values()]
                for kind, letters in lettered.items()
            },
        }
    )
    by_letters = {
        kind: dict(zip(letters, names[kind], strict=True)) for kind, letters in lettered.items()
    }
    directory = {
        "pairs": "|".join(_starts(pairs)),
        "places": "|".join(_starts(places)),
        "files": names | by_letters,
    }
    return (yield from _named({"d": [directory]}))


def _meanings(corpus: Corpus, spread: Mapping[str, int]) -> _Payload:
    """Give what means the same here, and what tasks are called in general."""
    glossary = [*lines_of(corpus.glossary), *doers(spread)]
    most = max(_FEW, len(corpus.documents) / 4)
    # What many projects say tells none from another: "projection" would lead to each "project".
    telling = {key for key, held in spread.items() if held <= most and " " not in key}
    return {"meanings": [write_lines(glossary, spread), write_lines(tasks(), telling)]}


def _near_shards(near: Near, count: int) -> list[dict[str, str]]:
    """Write what is near in meaning as what holds a word is written."""
    return _shards(zip(near.keys, _postings(near, count, {}), strict=True), _NEAR)


def _near_words(shards: Sequence[Mapping[str, str]]) -> _Payload:
    words = "|".join(_starts(shards))
    return {"words": words, "factor": match.MEANING, "alone": match.ALONE}


def _mark(data: bytes) -> str:
    """Name bytes; fifty bits keep any two files of one index apart."""
    return b32encode(sha256(data).digest())[:10].decode().lower()


def _with_halves(shard: Mapping[str, str]) -> _Payload:
    """Name the words of a file that are likely half typed: others begin so, and English has none.

    Of the next word alone, for the one after it begins so only if that does.
    """
    keys = [key for key in shard if " " not in key]
    halves = [
        key
        for key, following in pairwise(keys)
        if len(key) >= match.SHORTEST_HALF and following.startswith(key) and not is_word(key)
    ]
    return {"t": shard} | ({"h": " ".join(halves)} if halves else {})


def _card_files(corpus: Corpus, worth: Real) -> Iterator[list[_Payload]]:
    cards = _cards(corpus, worth)
    while held := list(islice(cards, CARDS_PER_FILE)):
        yield held


# What a browser must know to read a query as Python does: it keeps no copy of its own.
_RULES: _Payload = {
    "stop": " ".join(sorted(tokens.STOP_WORDS)),
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
    "held": [rank.HELD_WELL, rank.HELD_STEP],
    "slips": [match.SHORTEST_REPAIRED, match.LONG],
    # What the version before this one read, which had all names and meanings here.
    "pairs": "",
    "places": "",
    "glossary": {},
    "tasks": {},
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


def _shards(found: Iterable[tuple[str, str]], cut: _Cut) -> list[dict[str, str]]:
    """Cut keys with what is written of each, in a browser's order, into files."""
    shards: list[dict[str, str]] = [{}]
    filled = 0
    for key, text in found:
        size = len(key) + len(text) + 6
        may = filled >= cut.least and crc32(key.encode("utf-8", "replace")) % cut.one_in == 0
        if shards[-1] and (may or filled + size > cut.most):
            shards.append({})
            filled = 0
        shards[-1][key] = text
        filled += size
    return shards


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
