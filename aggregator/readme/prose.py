"""What sentences of READMEs say: the patterns of `prose.txt`, and where a sentence ends.

Whoever judges a sentence asks here: the excerpt, and what a colleague must hear first. A text has
one space between words and no markup.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

# One set of signs comes first, so that all others are passed at once.
_SENTENCE_END = re.compile(
    r"[.!?\u3002\uff01\uff1f\uff61](?:(?<=[.!?])[)\"'\u201d]?\s+(?=[^\W_a-z]|[\"'(\u2018\u201c])|"
    r"(?<=[\u3002\uff01\uff1f\uff61])[\u300d\u300f\uff09\u201d]?\s*)"
)
_ABBREVIATED = re.compile(
    r"\b(?:[A-QS-Za-z]|e\.g|i\.e|vs|al|Drs?|No|Nr|St|Mrs?|Ms|Prof|Jr|Sra?|Figs?|Eq|Vol|Abb|approx|cf|"
    r"incl|excl|resp|pp|ej|ex|bzw|bspw|vgl|ca|ggf|evtl|[Aa]rt|Abs|Dipl|Ing|Tel|Str|Kap|Mme|chap|núm|"
    r"pág|ecc|bijv)$"
)
_LONGEST_ABBREVIATION = 6
_FULL_STOPS = frozenset("\u3002\uff01\uff1f\uff61\u300d\u300f")


def _lists(table: str) -> dict[str, str]:
    """Read the named lists of patterns, each as one pattern that any of its lines fulfils."""
    lists: dict[str, str] = {}
    for section in re.sub(r"\n {4}|^#.*\n", "", table, flags=re.MULTILINE).split("== ")[1:]:
        name, _, lines = section.partition(" ==\n")
        named = re.sub(r"<([a-z ]+)>", lambda match: lists[match[1]], lines.strip("\n"))
        lists[name] = f"(?:{'|'.join(named.splitlines())})"
    return lists


_LISTS = _lists(Path(__file__).with_name("prose.txt").read_text("utf-8"))


# Letters as `re.IGNORECASE` takes them, which would have each pattern take twice the time.
_SMALL = str.maketrans("\u0130\u0131\u017f", "iis")


def _small(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_SMALL).lower()


class Prose:
    """What some lists of the table say, of a text whose capitals make no difference."""

    def __init__(self, *names: str, form: str = "{}", holding: Sequence[str] = ()) -> None:
        """Put lists together.

        Args:
            names: What they are called in the table.
            form: The pattern that they are put into.
            holding: What a text holds one of if it says so, and few others do: looked for first,
                in a tenth of the time.
        """
        self.regex = re.compile(form.format("|".join(map(_LISTS.__getitem__, names))))
        self.holding = holding

    @staticmethod
    def pattern(name: str) -> str:
        """Give a list as a pattern, to be part of a longer one."""
        return _LISTS[name]

    def may_be_in(self, text: str) -> bool:
        """Tell at one look that a text does not say so anywhere; it may where this is true."""
        return self._is_held_by(_small(text))

    def begins(self, text: str) -> bool:
        """Tell whether the text begins so."""
        small = _small(text)
        return self._is_held_by(small) and self.regex.match(small) is not None

    def is_in(self, text: str) -> bool:
        """Tell whether the text says so anywhere."""
        small = _small(text)
        return self._is_held_by(small) and self.regex.search(small) is not None

    def _is_held_by(self, small: str) -> bool:
        for one in self.holding:  # a third of the time of `any`
            if one in small:
                return True
        return not self.holding


def sentences_of(text: str) -> list[str]:
    """Split a paragraph into sentences; abbreviations and initials do not end one."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATED.search(
            text, max(0, match.start() - _LONGEST_ABBREVIATION), match.start()
        )
    ]
    if not ends:  # as in most short texts
        return [text.strip()]
    found = [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [one for one in found if one] or [""]


def joined(found: Iterable[str]) -> str:
    """Put sentences together, with a space between them where their script has one."""
    text = ""
    for sentence in found:
        text = text + sentence if text[-1:] in _FULL_STOPS else f"{text} {sentence}".strip()
    return text
