"""Write the index as small JSON files, so that a query fetches only what its words need.

    boot.json    tables and settings, read first; where each shard begins
    wN.json      words: key -> posting           pN.json   pairs, for quoted phrases
    s-L.json     words as written, by first letter, for slips
    cN.json      what a few neighbouring results show
    f.json       facets            o.json   the other orders

Every file carries the same build mark, so that a browser that meets files of two nights notices.
JSON, because every web server compresses it. Same documents, same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from aggregator.search import facets, match, query, spelling, words
from aggregator.search.document import Document
from aggregator.search.index import Facet, Index, Posting

ALPHABET = "".join(chr(code) for code in range(35, 126) if code != ord("\\"))
HALF = len(ALPHABET) // 2
CARDS_PER_FILE = 2
WORD_SHARD = 5_000  # characters of a shard before compression; most queries ask for several
PAIR_SHARD = 15_000
SUMMARY_SHOWN = 220

_Payload = dict[str, Any]


def write_index(index: Index) -> Iterator[tuple[str, bytes]]:
    """Give each file of the index: its name under `search/index/` and its bytes."""
    word_shards = list(_shards(index.words, WORD_SHARD))
    pair_shards = list(_shards(index.pairs, PAIR_SHARD))
    payloads: dict[str, _Payload] = {
        **{f"w{n}": {"t": shard} for n, shard in enumerate(word_shards)},
        **{f"p{n}": {"t": shard} for n, shard in enumerate(pair_shards)},
        **{f"s-{letter}": {"w": " ".join(w)} for letter, w in index.spellings.items()},
        **{f"c{n}": {"c": cards} for n, cards in enumerate(_cards(index))},
        "f": {"f": [_facet(each) for each in index.facets]},
        "o": {name: numbers(order) for name, order in index.orders.items()},
    }
    payloads["boot"] = _boot(index, _starts(word_shards), _starts(pair_shards))
    mark = _mark(payloads)
    for name, payload in sorted(payloads.items()):
        yield f"{name}.json", _json({"b": mark, **payload})


def number(value: int) -> str:
    """Write a whole number in few characters, the lowest digits first."""
    digits = []
    while value >= HALF:
        digits.append(ALPHABET[HALF + value % HALF])
        value //= HALF
    digits.append(ALPHABET[value])
    return "".join(digits)


def numbers(values: Iterable[int]) -> str:
    """Write whole numbers one after another."""
    return "".join(map(number, values))


def gaps(rising: Iterable[int]) -> Iterator[int]:
    """Give how many numbers lie between each of a rising row and the one before it."""
    before = -1
    for value in rising:
        yield value - before - 1
        before = value


def posting(held: Posting) -> str:
    """Write a posting: its rarity, then for each document the gap before it and its impact."""
    pairs = zip(gaps(held.documents), held.impacts, strict=True)
    return number(held.rarity) + "".join(number(gap) + ALPHABET[impact] for gap, impact in pairs)


def _shards(postings: Mapping[str, Posting], size: int) -> Iterator[dict[str, str]]:
    """Cut sorted postings into runs of about `size` characters."""
    shard: dict[str, str] = {}
    filled = 0
    for key, held in postings.items():
        text = posting(held)
        if shard and filled + len(text) > size:
            yield shard
            shard, filled = {}, 0
        shard[key] = text
        filled += len(key) + len(text) + 6
    yield shard


def _starts(shards: Sequence[Mapping[str, str]]) -> list[str]:
    """Give where each shard begins, as short as tells it from the key before."""
    starts = [""]
    for before, shard in pairwise(shards):
        last, first = list(before)[-1], next(iter(shard))
        length = next(n for n in range(1, len(first) + 1) if first[:n] != last[:n])
        starts.append(first[:length])
    return starts[: len(shards)]


def _boot(index: Index, word_starts: list[str], pair_starts: list[str]) -> _Payload:
    return {
        "n": len(index.documents),
        "unknown": index.unknown_rarity,
        "words": "|".join(word_starts),
        "pairs": "|".join(pair_starts),
        "letters": "".join(index.spellings),
        "cards": CARDS_PER_FILE,
        "glossary": index.glossary,
        "examples": index.examples,
        "stop": " ".join(sorted(words.STOP_WORDS)),
        "spellings": words.SPELLINGS,
        "endings": words.ENDINGS,
        "begun": " ".join(match.ENDINGS_BEGUN),
        "patterns": [*words.IN_BROWSER, query.SPACE, query.CHUNK],
        "fold": words.LETTERS,
        "fields": dict(facets.FIELD_WORDS),
        "factors": [match.TYPED, match.BEGUN, match.MEANT, match.GLOSSARY],
        "limits": [query.LONGEST, query.MOST_WORDS, match.MOST_BEGUN, match.LONGEST_JOIN],
        "slips": [spelling.SHORTEST, spelling.LONG],
    }


def _facet(facet: Facet) -> list[Any]:
    return [
        facet.name,
        [[value, label, numbers(gaps(held))] for value, label, held in facet.values],
        {name: numbers(gaps(held)) for name, held in facet.aliases},
    ]


def _cards(index: Index) -> Iterator[list[_Payload]]:
    cards = [
        _card(document, sentences)
        for document, sentences in zip(index.documents, index.sentences, strict=True)
    ]
    for start in range(0, len(cards), CARDS_PER_FILE):
        yield cards[start : start + CARDS_PER_FILE]


def _card(document: Document, sentences: Sequence[str]) -> _Payload:
    card = {
        "k": document.key,
        "t": document.title or document.name,
        "u": document.url,
        "s": _cut(document.summary),
        "o": document.organisation or document.owner,
        "l": ", ".join(document.all_languages),
        "g": document.stage,
        "p": document.pushed[:10],
        "x": [each for each in sentences if each not in document.summary],
        **document.card,
    }
    return {name: value for name, value in card.items() if value}


def _cut(text: str) -> str:
    if len(text) <= SUMMARY_SHOWN:
        return text
    return text[:SUMMARY_SHOWN].rsplit(" ", 1)[0] + "\u2026"


def _mark(payloads: Mapping[str, _Payload]) -> str:
    digest = hashlib.sha256()
    for name, payload in sorted(payloads.items()):
        digest.update(name.encode())
        digest.update(_json(payload))
    return digest.hexdigest()[:10]


def _json(payload: _Payload) -> bytes:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
