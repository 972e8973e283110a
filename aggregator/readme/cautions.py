"""What a README says that a colleague must hear first: one caution, and what data is needed.

Both are whole sentences of the authors, taken as they stand or not at all. What a caution is, is
told by the patterns of `prose.txt`. What a project is unfit for comes before that nobody supports
it any more, and that before how far it is; the latter two are looked for at the beginning of a
README, its headings among them, and in sections called after warnings: further down such words
speak of a detail.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, zip_longest
from operator import itemgetter

from turbohtml import Element

from aggregator.readme.markup import HEADINGS
from aggregator.readme.prose import Prose, sentences_of
from aggregator.readme.readme import Quote
from aggregator.words.phrases import STATUS_IN_A_TITLE

_BLOCKS = f"p,li,{HEADINGS}"
_LOOKED_AT = 150
_NEAR_THE_TOP = 12
_LENGTHS = range(12, 241)  # characters
_READ = 1_200
# A part of the README is not the project.
_OF_A_PART = r"(?!(?:note )?this (?:section|page|document|list|readme)\b|we\b)"
_CAUTION = Prose("cautions", form=rf"\W*{_OF_A_PART}{{}}")
_UNFIT = Prose(
    "unfit",
    form=rf"\W*{_OF_A_PART}{{}}",
    holding=("not ", "only", "be used", "designed to", "proof", "prototype", "demonstrator"),
)
_UNSUPPORTED = Prose("unsupported")
# The first of the words is in all that is said below a heading on data as well.
_NEEDS = Prose("needs", holding=("data", "extract", "csv file"))
_FEW_WORDS = 6  # a shorter caution takes the next sentence along
_WORDS_OF_A_SENTENCE = 5
# What a sentence on data is shown for: who may have them, and whether they are of real people.
_ON_ACCESS = re.compile(
    r"\b(?:access\w*|shared|synthetic|simulated|fake|dummy|public(?:all?y|ly)?|"
    r"not (?:\w+ )?available|no (?:\w+ )?data)\b",
    re.IGNORECASE,
)
_MADE_UP = re.compile(r"\b(?:synthetic|simulated|fake|dummy)\b", re.IGNORECASE)
# Sections that warn, and those that speak of data to bring.
_WARNS = re.compile(
    r"\b(?:warnings?|caution|disclaimers?|project status|status|maturity|limitations|stability|"
    r"important)\b",
    re.IGNORECASE,
)
# A section that is about the data and nothing else.
_ON_DATA = re.compile(
    r"\W*(?:\d\W*)?(?:(?:input|required|source|underlying|about the|the) )*(?:data|data ?sets?)"
    r"(?: (?:sources?|requirements?|access|inputs?|availability|required|needed|used))?\W*|inputs?",
    re.IGNORECASE,
)
_SPEAKS_OF_DATA = re.compile(r"\bdata(?:sets?|bases?)?\b", re.IGNORECASE)
_ORNAMENTS = re.compile(r"[^\w.!?)\]\"'\u2019\u201d]+\Z")
_LABEL = re.compile(
    r"\A(?:[^\w\[]|_)*(?:\[!\w+\])?[\W_]*"
    r"(?:(?:note|warning|caution|important|disclaimer)\s*[:!-]\s*)?\W*",
    re.IGNORECASE,
)


def find_cautions(root: Element) -> tuple[Quote | None, Quote | None]:
    """Give what its authors warn of, and what they say of the data that it needs.

    Args:
        root: The README, its headings anchored.
    """
    cautions, needs = list[tuple[int, Quote]](), list[tuple[bool, Quote]]()
    sentences = list(_sentences(root))
    for (place, block, heading, text), following in zip_longest(sentences, sentences[1:]):
        named = heading.text if heading else ""
        after = following[3] if following and following[1] == block else ""
        rank = _rank(text, named, place, block)
        if rank is not None:
            is_short = len(text.split()) < _FEW_WORDS and text.endswith(".")
            cautions.append((rank, _quote(_with_next(text, after) if is_short else text, heading)))
        if _speaks_of_needs(text, named, block):
            said = _with_next(text, after) if _MADE_UP.search(after) else text
            needs.append((_ON_ACCESS.search(said) is None, _quote(said, heading)))
    return (
        min(cautions, key=itemgetter(0))[1] if cautions else None,
        min(needs, key=itemgetter(0))[1] if needs else None,
    )


def _rank(text: str, heading: str, place: int, block: Element) -> int | None:
    """Say how much a caution matters, what matters most as 0; None for no caution."""
    if _UNFIT.begins(text) and not _is_listed(block):
        return 0
    warns = _warns(heading)
    if not warns and (place >= _NEAR_THE_TOP or _is_listed(block)):  # as most sentences
        return None
    is_title = block.tag not in {"p", "li"} and STATUS_IN_A_TITLE.search(text) is not None
    if not (is_title or _CAUTION.begins(text)):
        return None
    return 1 if _UNSUPPORTED.is_in(text) else 2


def _is_listed(block: Element) -> bool:
    return block.closest("li,td,details") is not None


def _with_next(text: str, after: str) -> str:
    """Take the next sentence along where both are short enough for a card."""
    both = f"{text} {after}".strip()
    return both if len(both) in _LENGTHS else text


def _speaks_of_needs(text: str, heading: str, block: Element) -> bool:
    """Tell whether a sentence says what data is needed, or opens the section on its data."""
    # Where a bracket is left open, the markup of a link went wrong.
    is_broken = "](" in text or text.count("[") != text.count("]")
    if not text.endswith(".") or is_broken:
        return False
    if block.tag == "p" and _is_on_data(heading):
        speaks = _SPEAKS_OF_DATA.search(text) is not None
    else:
        speaks = _NEEDS.begins(text)
    return speaks and block.closest("details,td") is None


# A heading is asked about once for each sentence below it.
@lru_cache(maxsize=500)
def _warns(heading: str) -> bool:
    return _WARNS.search(heading) is not None


@lru_cache(maxsize=500)
def _is_on_data(heading: str) -> bool:
    return _ON_DATA.fullmatch(" ".join(heading.split())) is not None


def _sentences(root: Element) -> Iterator[tuple[int, Element, Element | None, str]]:
    heading: Element | None = None
    paragraphs = 0
    for block in islice(root.select(_BLOCKS), _LOOKED_AT):
        if block.tag not in {"p", "li"}:
            text = _of_heading(" ".join(block.text.split()), is_title=heading is None)
            heading = block
            if len(text) in _LENGTHS:
                yield paragraphs, block, block, text
            continue
        if block.tag == "li" and block.find("p") is not None:
            continue
        paragraphs += 1
        words = " ".join(block.text.split())[:_READ]
        is_heard = paragraphs < _NEAR_THE_TOP or (heading is not None and _warns(heading.text))
        if not (is_heard or _UNFIT.may_be_in(words) or _NEEDS.may_be_in(words)):  # as most
            continue
        for text in sentences_of(words):
            if len(text) in _LENGTHS and text[-1] not in ":,;" and "\ufffd" not in text:
                yield paragraphs, block, heading, _without_label(text)


def _of_heading(words: str, *, is_title: bool) -> str:
    """Give a heading that may warn: a title that says how far it is, or a sentence; "" for none."""
    if is_title and STATUS_IN_A_TITLE.search(words):
        return words
    if len(words.split()) < _WORDS_OF_A_SENTENCE:  # as most
        return ""
    text = _without_label(sentences_of(words[:_READ])[0])
    return text if len(text.split()) >= _WORDS_OF_A_SENTENCE else ""


def _without_label(text: str) -> str:
    """Take away what only says that something is to be noted: "[!WARNING]", "Note:"."""
    bare = _LABEL.sub("", text, count=1)
    return bare if bare.endswith(".") else _ORNAMENTS.sub("", bare)  # no stop is one


def _quote(text: str, heading: Element | None) -> Quote:
    named = " ".join(heading.text.split()) if heading else ""
    return Quote(text, named, (heading.attr("id") or "") if heading else "")
