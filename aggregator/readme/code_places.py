"""Where code stands in a README: under which heading, after which words, as which step, for what.

`codes_in` gives headings and code in their order, with what was said since the one before; the
others read what stands around one piece of code. What it is good for is judged in `start`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from turbohtml import Element

from aggregator.readme.markup import HEADINGS
from aggregator.readme.ways import System, own_lines, system_named

_READ = 400  # paragraphs and items between them
_LONGEST_BLOCK = 4_000  # characters
# What one must bring or write before going on, which no command of the README does.
_DEMANDS = re.compile(
    r"\b(?<!this will )(?:set(?: up)?|create|add|fill(?: in| out)?|edit|update|provide|configure|"
    r"enter|specify|obtain|get|need|requires?|replace|define|rename|copy)\b[^.!?\n]{0,50}?"
    r"(?:\benvironment variables?\b|\.env\b|\benv(?:ironment)? file|\bconfig(?:uration)?\.\w+|"
    r"\bconfig file|\bcredentials?\b|\b(?:api|access) (?:keys?|tokens?)\b|\bsecrets?\b|"
    r"\blogin details\b)",
    re.IGNORECASE,
)
# One of these is in all of them, and is looked for faster.
_DEMANDED = (
    *("environment variable", ".env", "env file", "environment file", "config", "credential"),
    *("key", "token", "secret", "login details"),
)
_STEPS = re.compile(r"\b(?:two|three|four|five|several|(?:the )?following) steps\b", re.IGNORECASE)


class HeadingAbove(NamedTuple):
    """A heading, read once for all the code below it."""

    level: int
    text: str
    anchor: str

    @classmethod
    def read(cls, element: Element) -> "HeadingAbove":
        """Read a heading of the page."""
        words = " ".join(element.text.split())
        return cls(int(element.tag[1]), words, element.attr("id") or "")


def codes_in(root: Element) -> Iterator[tuple[Element, str, Sequence[Element]]]:
    """Give headings and code in order, and what was said since the last of them.

    That is the words in bold that stand as a heading above, and the blocks with all words.
    """
    label, said, read = "", list[Element](), 0
    for element in root.select(f"{HEADINGS},pre,code,p,li"):
        if element.tag in {"p", "li"}:
            read += 1
            if read > _READ:
                continue
            said.append(element)
            bold = element.select_one("strong,b") if element.tag == "p" else None
            if bold is not None and (named := _bare(_words_of(element))) == _bare(bold.text):
                label = named
            continue
        if element.tag == "code" and element.closest("pre"):
            continue
        is_code = element.tag in {"pre", "code"}
        yield (element, label, said) if is_code else (element, "", ())
        label, said = label if is_code else "", []


def words_in(said: Sequence[Element]) -> str:
    """Give what blocks say, a line for each."""
    return "\n".join(map(_words_of, said))


def _words_of(block: Element) -> str:
    return " ".join(block.text[:_LONGEST_BLOCK].split())


def _bare(words: str) -> str:
    return " ".join(words.split()).strip(" :")


def lines_of_code(code: Element) -> tuple[str, ...]:
    """Give the lines of a block that say something; of one that is too long none."""
    text = code.text
    return own_lines(text) if len(text) <= _LONGEST_BLOCK else ()


def system_above(code: Element) -> System | None:
    """Give the system that the words right above a block name, and nothing else: "Windows:"."""
    before = code.previous_sibling
    while before is not None and not isinstance(before, Element):
        before = before.previous_sibling
    is_words = isinstance(before, Element) and before.tag in {"p", "summary"}
    return system_named(before.text) if isinstance(before, Element) and is_words else None


def number_of(item: Element) -> int:
    """Give the number in front of an item of a list, 0 where it has none."""
    steps = item.parent
    if not isinstance(steps, Element) or steps.tag != "ol":
        return 0
    first = str(steps.attr("start") or "1")
    before = [each for each in steps if isinstance(each, Element) and each.tag == "li"]
    return (int(first) if first.isdecimal() else 1) + before.index(item)


def asks_for_more(said: str) -> bool:
    """Tell whether words ask for something that no code does."""
    small = said.lower()
    return any(each in small for each in _DEMANDED) and _DEMANDS.search(said) is not None


def announces_steps(said: str) -> bool:
    """Tell whether words announce several steps."""
    return _STEPS.search(said) is not None
