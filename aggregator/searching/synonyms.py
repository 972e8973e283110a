"""What means the same: the community's glossary, and what is learnt from the projects' own words.

Somebody who writes "statistical process control (SPC)" has told the search that both are one.
Only what is written so, letter for letter, is believed; nothing is guessed. The glossary is a
mapping from an acronym to what it stands for, as written, until `lines_of` makes keys of it.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from aggregator.searching.tokens import STOP_WORDS, stem, tokens, word, words

Expansion = tuple[str, str]  # an acronym and what it stands for
Line = Sequence[str]  # keys that mean the same

MOST_ACRONYMS = 400  # of a catalogue: those that most projects explain
MOST_MEANINGS = 3  # of one acronym
_SHORT = r"[A-Z][A-Za-z&]{0,6}[A-Z]s?"
_LONGEST_SHORT = 12  # letters of an acronym, and what may stand before it
_LOOKED_BACK = 120  # characters before an acronym in brackets
_IN_BRACKETS = re.compile(rf"\(({_SHORT})\)")
_ENDS = re.compile(r"[()\[\].;:!?|]")
_LONG_AFTER = re.compile(r" \(([^()\[\].;:!?|]{5,120})\)")
_SHORT_BEFORE = re.compile(rf"\b({_SHORT})\Z")

MOST_DOERS = 400  # pairs, those of the words that most projects hold
_SHORTEST_DONE = 4  # letters of what is done
_FEWEST_DOING = 2  # projects that hold it: a slip or a foreign word stands alone


def expansions_in(text: str) -> Iterator[Expansion]:
    """Give the acronyms that a text explains, before or after them in brackets."""
    for match in _IN_BRACKETS.finditer(text):
        before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
        if long := expansion(match[1], tokens(_ENDS.split(before)[-1])):
            yield match[1].removesuffix("s").upper(), long
    for match in _LONG_AFTER.finditer(text):
        said = text[max(0, match.start() - _LONGEST_SHORT) : match.start()]
        if acronym := _SHORT_BEFORE.search(said):
            short, within = acronym[1], tokens(match[1])
            long = expansion(short, within)
            if long and len(long.split()) == len(within):
                yield short.removesuffix("s").upper(), long


def mined(said: Mapping[Expansion, int]) -> dict[str, tuple[str, ...]]:
    """Make a glossary of what documents explain, each with how many of them do."""
    meanings: dict[str, list[str]] = {}
    often: Counter[str] = Counter()
    for short, long in sorted(said, key=lambda pair: (-said[pair], pair)):
        meanings.setdefault(short, []).append(long)
        often[short] += said[short, long]
    commonest = sorted(often, key=lambda short: (-often[short], short))[:MOST_ACRONYMS]
    return {short: tuple(meanings[short][:MOST_MEANINGS]) for short in commonest}


def one_glossary(
    community: Mapping[str, Sequence[str]], read: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Give one glossary with what was read; the community's words come first."""
    known = {short.lower(): short for short in community}
    both = {short: tuple(long) for short, long in community.items()}
    for short, long in read.items():
        key = known.get(short.lower(), short)
        both[key] = (*both.get(key, ()), *long)
    return both


def keys_of(text: str) -> list[str]:
    """Give the keys of one side: a single word also counts without its capitals.

    Several words become one key (`length stay`), counted where they stand together.
    """
    terms = [each.term for each in words(text)] or [word(token).term for token in tokens(text)]
    if len(terms) == 1:
        return list(dict.fromkeys([terms[0], stem(terms[0])]))
    return [" ".join(terms)] if terms else []


def lines_of(glossary: Mapping[str, Sequence[str]]) -> list[Line]:
    """Give each line of a glossary as the keys of all its sides."""
    return [
        [key for text in (acronym, *expansions) for key in keys_of(text)]
        for acronym, expansions in sorted(glossary.items())
    ]


def same(lines: Iterable[Line], leading: Container[str] | None = None) -> dict[str, Line]:
    """Give, for each key of some lines, the keys that stand beside it, in the order written.

    Args:
        lines: keys that mean the same, line by line.
        leading: the keys that others may lead to, if not to all.
    """
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        known = [key for key in line if leading is None or key in leading]
        for side in line:
            others = (other for other in known if other != side)
            found.setdefault(side, {}).update(dict.fromkeys(others))
    return {side: tuple(others) for side, others in found.items() if others}


def write_lines(lines: Iterable[Line], leading: Container[str]) -> str:
    """Write lines as an index holds them: what no other side leads to has a dash before it."""
    told = (
        [key if key in leading else f"-{key}" for key in dict.fromkeys(line)]
        for line in lines
        if len(set(line)) > 1 and any(key in leading for key in line)
    )
    return "\n".join(map("|".join, told))


def read_lines(text: str) -> dict[str, Line]:
    """Give what `same` makes of lines that `write_lines` wrote."""
    lines = [line.split("|") for line in text.split("\n")]
    leading = {key for line in lines for key in line if not key.startswith("-")}
    return same(([key.removeprefix("-") for key in line] for line in lines), leading)


def doers(spread: Mapping[str, int]) -> list[Line]:
    """Lead from who or what does something to what is done: `parser` to `parsing`, and back.

    Taking `er` off every word would make one of `number` and `numb`, so only what stands in this
    catalogue in both forms is joined, and weakly, as a line of the glossary is.

    Args:
        spread: in how many documents each word stands.
    """
    pairs = [(doer, done) for doer in spread if (done := _done(doer, spread))]
    pairs.sort(key=lambda pair: (-spread[pair[0]], pair))
    return list(pairs[:MOST_DOERS])


def _done(doer: str, spread: Mapping[str, int]) -> str | None:
    """Give what the doer does: `scrap` for `scraper`, `plan` for `planner`."""
    if not doer.endswith("er") or not doer.isalpha():
        return None
    root = doer.removesuffix("er")
    ways = (root, root[:-1] if root[-2:-1] == root[-1:] else root)
    known = (way for way in ways if spread.get(way, 0) >= _FEWEST_DOING)
    return next((way for way in known if len(way) >= _SHORTEST_DONE), None)


def expansion(short: str, before: Sequence[str]) -> str:
    """Give the last of some words whose first letters are the acronym, or an empty text.

    Small words may stand between without a letter: `LoS` and `IMD` both have an "of".
    """
    letters = [letter for letter in short.removesuffix("s").lower() if letter != "&"]
    at = len(before)
    while letters and at:
        at -= 1
        said = before[at].lower()
        if said[0] == letters[-1]:
            letters.pop()
        elif said not in STOP_WORDS:
            return ""
    return " ".join(before[at:]).lower() if not letters and len(before) - at > 1 else ""
