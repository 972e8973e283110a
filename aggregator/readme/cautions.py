"""What a README says that a colleague must hear first: one caution, and what data is needed.

Both are whole sentences of the authors, taken as they stand or not at all. What a caution is, is
told by the patterns of `prose.txt`; only the beginning of a README and sections called after
warnings are searched for one, because further down such words speak of a detail.
"""

import re
from collections.abc import Iterator
from itertools import islice

from turbohtml import Element

from aggregator.readme.excerpt import Prose, sentences_of
from aggregator.readme.markup import HEADINGS
from aggregator.readme.readme import Quote

_BLOCKS = f"p,li,{HEADINGS}"
_LOOKED_AT = 150
_NEAR_THE_TOP = 12
_LENGTHS = range(12, 241)  # characters
_READ = 1_200
# A part of the README is not the project.
_OF_A_PART = r"(?!(?:note )?this (?:section|page|document|list|readme)\b|we\b)"
_CAUTION = Prose("cautions", form=rf"\W*{_OF_A_PART}{{}}")
_NEEDS = Prose("needs")
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
    caution = needs = None
    for place, block, heading, text in _sentences(root):
        named = heading.text if heading else ""
        if caution is None and _CAUTION.begins(text):
            warns = _WARNS.search(named) is not None
            is_quoted = block.closest("li,td,details") is not None
            if warns or (place < _NEAR_THE_TOP and not is_quoted):
                caution = _quote(text, heading)
        if needs is None and _speaks_of_needs(text, named, block):
            needs = _quote(text, heading)
        if caution and needs:
            break
    return caution, needs


def _speaks_of_needs(text: str, heading: str, block: Element) -> bool:
    """Tell whether a sentence says what data is needed, or opens the section on its data."""
    if not text.endswith(".") or block.closest("details,td"):
        return False
    if _ON_DATA.fullmatch(" ".join(heading.split())) and block.tag == "p":
        return _SPEAKS_OF_DATA.search(text) is not None
    return _NEEDS.begins(text)


def _sentences(root: Element) -> Iterator[tuple[int, Element, Element | None, str]]:
    heading: Element | None = None
    paragraphs = 0
    for block in islice(root.select(_BLOCKS), _LOOKED_AT):
        if block.tag not in {"p", "li"}:
            heading = block
            continue
        if block.tag == "li" and block.find("p") is not None:
            continue
        paragraphs += 1
        for text in sentences_of(" ".join(block.text.split())[:_READ]):
            if len(text) in _LENGTHS and text[-1] not in ":,;" and "\ufffd" not in text:
                yield paragraphs, block, heading, _without_label(text)


def _without_label(text: str) -> str:
    """Take away what only says that something is to be noted: "[!WARNING]", "Note:"."""
    return _ORNAMENTS.sub("", _LABEL.sub("", text, count=1))


def _quote(text: str, heading: Element | None) -> Quote:
    named = " ".join(heading.text.split()) if heading else ""
    return Quote(text, named, (heading.attr("id") or "") if heading else "")
