"""One project as search reads it, and what is found by reading it: its words, counted and stemmed.

    Document --analysed--> bytes, to be kept as long as it says the same --Analysis.of--> Analysis

Whatever hangs on one document alone is found here, once; what its words weigh against those of all
others is decided in `build` and `related`. Whoever changes a rule need not think of what is kept:
`analysis_version` follows from the text of the rules themselves.
"""

import json
import re
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.document import (
    DOES,
    FIELDS,
    HEADINGS,
    LANGUAGE,
    NAME,
    ORGANISATION,
    PEOPLE,
    REST,
    STORY,
    SUMMARY,
    TAGS,
    TEXT,
    Document,
    Field,
)
from aggregator.searching.sentences import sentences_in
from aggregator.searching.synonyms import Expansion, expansions_in
from aggregator.searching.tokens import (
    STOP_WORDS,
    Word,
    joins,
    name_parts,
    readable,
    remembered,
    stem,
    tokens,
    word,
    words,
)

TEXT_LIMIT = 512_000  # characters of a README that are read: GitHub gives no more bytes of one
FIRST_PART = 20_000  # of them, those that weigh, and that related projects are found by
_PLACE = {field: number for number, field in enumerate(FIELDS)}
PAIRS_OF_TEXT = 40
# With a hyphen, or of a name with a space between: `covid-19`, `Python 3`, and not `about 300`.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{2,12}(?=[-\u2010\u2011])|[A-Z][A-Za-z]{1,11}(?= ))"
    r"[-\u2010\u2011 ]([0-9]{1,4})(?![A-Za-z0-9])"
)
# Four letters are one slip from too many words: `drone` is not meant for `done`.
_SPELLING = re.compile("[a-z][a-z0-9]{4,23}")

_ROWS = (
    *("fields", "lengths", "distinct", "paired", "sequence"),
    *("counted", "times", "firsts", "seconds", "together"),
)
_SAID = (
    *("key", "title", "summary", "tags", "topics", "does", "organisation", "organisation_slug"),
    *("kind", "people", "headings", "text", "story"),
)
_said_of = attrgetter(*_SAID)
_term_of = attrgetter("term")
_RULES = ("analysis.py", "document.py", "sentences.py", "synonyms.py", "tokens.py")

Numbers = NDArray[Any]  # whole numbers, as narrow as they were kept


def analysis_version() -> str:
    """Name everything that an analysis depends on beside its document: the rules as written."""
    sums = sha256(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    for name in _RULES:
        sums.update(files(__package__).joinpath(name).read_bytes())
    return sums.hexdigest()[:16]


def worded(document: Document) -> Document:
    """Give what a document says, without the facts that change often and are no words of it.

    Its analysis, which `name_of_analysis` names, sees nothing else.
    """
    said = dict(zip(_SAID, _said_of(document), strict=True))
    return Document(**said, languages=document.all_languages, formats=document.formats)


def name_of_analysis(document: Document) -> str:
    """Name what is found in a document: the same for all that say the same words."""
    said = repr((_said_of(document), document.all_languages, document.formats))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The sentences of a README that may be shown, with their words by number.

    Args:
        sentences: as they are shown.
        words: the words of one after the other, each once, those of `Analysis.terms` by number.
        held: how many of `words` are of each sentence.
        lengths: how many different words each sentence has.
        summary: the words of the summary, which is shown anyway.
    """

    sentences: Sequence[str]
    words: Numbers
    held: Numbers
    lengths: Numbers
    summary: Numbers

    @classmethod
    def of(cls, kept: bytes) -> "Quotes":
        """Read what is kept of them."""
        numbers, texts = _unpacked(zlib.decompress(kept))
        return cls(texts, *numbers)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found by reading one document; words go by their number among `terms`.

    Args:
        terms: what search compares of each word, in order of first use.
        fields: which of `FIELDS` say anything.
        lengths: how many words each of these has, words left out not counted.
        distinct: how many of `counted` are of each field.
        paired: how many of the pairs are of each field.
        sequence: the words of one field after the other, in order.
        counted: the different words of one field after the other.
        times: how often each stands there; 0 for a name that is only written joined.
        firsts: the first word of each two that stand together; of a README the commonest that
            come again.
        seconds: the second word of each.
        together: how often they do.
        once: words as written that a slip may be meant for, met once.
        twice: those met more often.
        names: those that are names.
        expansions: acronyms with what they stand for.
        quotes: what `Quotes.of` reads.
    """

    terms: Sequence[str]
    fields: Numbers
    lengths: Numbers
    distinct: Numbers
    paired: Numbers
    sequence: Numbers
    counted: Numbers
    times: Numbers
    firsts: Numbers
    seconds: Numbers
    together: Numbers
    once: Sequence[str]
    twice: Sequence[str]
    names: Sequence[str]
    expansions: Sequence[Expansion]
    quotes: bytes

    @classmethod
    def of(cls, kept: bytes) -> "Analysis":
        """Read what `analysed` gave.

        Raises:
            ValueError: it is damaged.
        """
        length, sums = np.frombuffer(kept[:8], "<u4").tolist() if len(kept) > 8 else (0, -1)
        if zlib.crc32(kept[8:]) != sums:
            raise ValueError("what was kept of a document is damaged")
        numbers, texts = _unpacked(kept[8 : 8 + length])
        terms, once, twice, names = (each.split(" ") if each else [] for each in texts[:4])
        said = [(short, long) for short, long in json.loads(texts[4])]
        rows = dict(zip(_ROWS, numbers, strict=True))
        return cls(
            **rows,
            terms=terms,
            once=once,
            twice=twice,
            names=names,
            expansions=said,
            quotes=kept[8 + length :],
        )


def analysed(document: Document) -> bytes:
    """Read a document (`worded`), and give what was found in a form to be kept."""
    text, story = (readable(str(each))[:TEXT_LIMIT] for each in (document.text, document.story))
    headings = tuple(map(readable, document.headings))
    parts = _parts(document, headings, story, text)
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    rows: dict[str, list[int]] = {name: [] for name in _ROWS}
    for part in parts:
        said = list(map(number.__getitem__, map(_term_of, part.sequence)))
        counts = Counter(said)
        extra = dict.fromkeys(number[each] for each in part.extra)
        joined = [each for each in extra if each not in counts]
        pairs = _pairs(part.field, said, number)
        found = {
            "fields": [_PLACE[part.field]],
            "lengths": [len(said)],
            "distinct": [len(counts) + len(joined)],
            "paired": [len(pairs)],
            "sequence": said,
            "counted": [*counts, *joined],
            "times": [*counts.values(), *(0 for _ in joined)],
            "firsts": [one for (one, _), _ in pairs],
            "seconds": [two for (_, two), _ in pairs],
            "together": [often for _, often in pairs],
        }
        for name, more in found.items():
            rows[name] += more
    texts = [" ".join(number), *map(" ".join, _spellings(parts))]
    said_of = (document.summary, story, text)
    explained = sorted(set(chain.from_iterable(map(expansions_in, said_of))))
    main = _packed(list(rows.values()), [*texts, json.dumps(explained)])
    body = main + _quotes(document.summary, sentences_in(text, headings), number)
    return np.array([len(main), zlib.crc32(body)], "<u4").tobytes() + body


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of one field, in order."""

    field: Field
    sequence: Sequence[Word]
    extra: Sequence[str] = ()  # names written joined; they do not make the field longer


def _parts(document: Document, headings: Sequence[str], story: str, text: str) -> list[_Part]:
    owners = (document.organisation, document.organisation_slug, document.owner, document.kind)
    people = [each for login in document.people for each in _spread([login])[0]]
    logins = [word(login).term for login in document.people]
    first, rest = _in_two(text)
    parts = [
        _Part(NAME, *_spread([document.title, document.name])),
        _Part(TAGS, *_spread([*document.tags, *document.topics])),
        _Part(ORGANISATION, *_spread(owners)),
        _Part(PEOPLE, people, logins),
        _Part(LANGUAGE, _sequence((*document.all_languages, *document.formats))),
        _Part(DOES, _sequence(document.does), _codes(" \n".join(document.does))),
        _Part(SUMMARY, words(document.summary), _compounds(document.summary)),
        _Part(HEADINGS, _sequence(headings), _codes(" \n".join(headings))),
        _Part(STORY, words(story), _codes(story)),
        _Part(TEXT, words(first), _codes(first)),
        _Part(REST, words(rest), _codes(rest)),
    ]
    return [each for each in parts if each.sequence]


def _in_two(text: str) -> tuple[str, str]:
    """Cut a long text between two words."""
    if len(text) <= FIRST_PART:
        return text, ""
    at = text.rfind(" ", 0, FIRST_PART) + 1
    return text[:at], text[at:]


def _pairs(
    field: Field, said: Sequence[int], terms: Iterable[str]
) -> list[tuple[tuple[int, int], int]]:
    """Count each two words that stand together; of a README the commonest that come again."""
    if field is REST:
        return []
    counts = Counter(pairwise(said))
    if field is not TEXT:
        return list(counts.items())
    written = list(terms)
    often = [(pair, times) for pair, times in counts.items() if times > 1]
    often.sort(key=lambda each: (-each[1], written[each[0][0]], written[each[0][1]]))
    return often[:PAIRS_OF_TEXT]


def _spellings(parts: Iterable[_Part]) -> tuple[list[str], list[str], list[str]]:
    """Give the words as written that stand here once, more often, and in the name."""
    said = chain.from_iterable(part.sequence for part in parts)
    counts = Counter(map(attrgetter("surface"), said))
    spelt = list(filter(_may_be_meant, counts))
    named = {
        surface: None
        for part in parts
        if part.field is NAME
        for surface in (*(each.surface for each in part.sequence), *part.extra)
    }
    once = [surface for surface in spelt if counts[surface] == 1]
    twice = [surface for surface in spelt if counts[surface] > 1]
    return once, twice, list(filter(_may_be_meant, named))


@remembered
def _may_be_meant(surface: str) -> bool:
    return _SPELLING.fullmatch(surface) is not None


def _quotes(summary: str, sentences: Sequence[str], number: dict[str, int]) -> bytes:
    said = [set(map(_term_of, words(sentence))) for sentence in sentences]
    # A sentence may begin in the middle of a word of the text; that half is no word of it.
    known = [sorted(number[term] for term in terms if term in number) for terms in said]
    told = sorted({number[each.term] for each in words(summary) if each.term in number})
    rows = [[*chain.from_iterable(known)], [*map(len, known)], [*map(len, said)], told]
    return zlib.compress(_packed(rows, sentences), 1)


def _packed(rows: Sequence[Sequence[int]], texts: Sequence[str]) -> bytes:
    """Write rows of whole numbers, and texts without line breaks."""
    numbers = np.concatenate([np.array(row, "<u4") for row in rows])
    wide = "<u4" if numbers.max(initial=0) > 0xFFFF else "<u2"
    head = np.array([int(wide[-1]), len(rows), *map(len, rows)], "<u4").tobytes()
    told = "\n".join(texts).encode("utf-8", "surrogatepass")
    return head + numbers.astype(wide).tobytes() + told


def _unpacked(packed: bytes) -> tuple[list[Numbers], list[str]]:
    size, count = np.frombuffer(packed, "<u4", 2).tolist()
    lengths = np.frombuffer(packed, "<u4", count, 8).tolist()
    start = 8 + 4 * count
    numbers = np.frombuffer(packed, f"<u{size}", sum(lengths), start)
    told = packed[start + size * len(numbers) :].decode("utf-8", "surrogatepass")
    ends = [0, *accumulate(lengths)]
    rows = [numbers[one:two] for one, two in pairwise(ends)]
    return rows, told.split("\n") if told else []


def _sequence(texts: Iterable[str]) -> tuple[Word, ...]:
    return tuple(each for text in texts for each in words(text))


def _spread(names: Iterable[str]) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """Give the parts of names as words, and their runs written as one word."""
    spread = [_spread_of(name) for name in names]
    parts = dict.fromkeys(chain.from_iterable(parts for parts, _ in spread))
    joined = dict.fromkeys(chain.from_iterable(joined for _, joined in spread))
    return tuple(parts), tuple(joined)


@remembered
def _spread_of(name: str) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    seen: dict[str, None] = {}
    joined: dict[str, None] = {}
    for parts in (name_parts(name), name_parts(name, by_case=True)):
        seen |= dict.fromkeys(parts)
        joined |= dict.fromkeys(joins(parts))
    for whole in map(word, tokens(name)):
        joined |= {whole.term: None, whole.surface: None}
    said = tuple(Word(part, stem(part)) for part in seen if part not in STOP_WORDS)
    return said, tuple(each for each in joined if each not in STOP_WORDS)


def _compounds(text: str) -> tuple[str, ...]:
    """Give words written with a hyphen as one: `e-learning` is found by `elearning`."""
    chunks = (chunk for chunk in text.split() if "-" in chunk.strip("-"))
    found = ("".join(tokens(chunk)).lower() for chunk in chunks)
    # Nothing is left of `(-)`.
    return tuple(dict.fromkeys([*filter(None, found), *_codes(text)]))


def _codes(text: str) -> tuple[str, ...]:
    """Give a name and its number as one: `ICD-10` and `ICD 10` are found by `ICD10`."""
    found = (f"{one}{two}".lower() for one, two in _CODE.findall(text))
    return tuple(dict.fromkeys(found))
