"""What is wrong in the registry, where it stands, and how what somebody wrote is quoted.

Values only: the reading makes them, the checks print them. Words for particular mistakes stand
where the mistake is found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Severity = Literal["error", "hint"]

# Control characters, marks that turn the direction of text, halves of characters, which no file can
# hold, and the sign that `tree` puts where a character could not be read: on a terminal or a page
# they hide or reorder what a message says.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufffd]"
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One position in a file; line and column count from 1, in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something a member should mend, with the cure in words.

    An error keeps a field or an entry off the site and fails `check`;
    a hint does neither.
    """

    where: Place
    what: str
    cure: str
    severity: Severity = "error"
    line_text: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.cure}"

    def seen_from(self, registry: Path) -> "Mistake":
        """Name files from the folder of the registry on, for readers on other machines.

        Args:
            registry: the path of registry.yaml as it was given; `registry.d/` stands beside it.
        """
        folder = f"{registry.parent.as_posix()}/".replace("//", "/")
        what, cure = self.what, self.cure
        for name in (registry.name, "registry.d"):
            what, cure = (writable(text.replace(folder + name, name)) for text in (what, cure))
        where = replace(self.where, file=writable(self.where.file.removeprefix(folder)))
        return replace(self, where=where, what=what, cure=cure)


class Mistakes(list[Mistake]):
    """All that is wrong so far; handed down by whoever reads, so that nothing found gets lost."""

    def add(self, where: Place, what: str, cure: str, severity: Severity = "error") -> None:
        """Take in one more."""
        self.append(Mistake(where, what, cure, severity))


def writable(text: str) -> str:
    """Put a question mark for what no file can hold: bytes in a file's name that are no text."""
    return text.encode("utf-8", "replace").decode()


def shown(text: str, length: int = 60) -> str:
    """Quote what somebody wrote, shortened and on one line, for a message."""
    flat = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    return f"`{flat if len(flat) <= length else flat[: length - 1] + '…'}`"


def near(
    word: str, known: Iterable[str], other_words: Mapping[str, str] | None = None
) -> str | None:
    """Find the known word that somebody most likely meant.

    Args:
        word: What they wrote.
        known: What they may have meant.
        other_words: Known words by what else people call them.
    """
    # Reversed, so that the first of two names that differ only in capitals stays.
    folded = {name.lower(): name for name in reversed([*known])}
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    for candidate in (word.strip().lower(), key, (other_words or {}).get(key, "")):
        if candidate in folded:
            return folded[candidate]
    if len(word) > 100 or len(folded) > 600:
        return None  # comparing letter by letter would take for ever
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake waits for it

    # Above difflib's own 0.6, which takes `page` for `stage`: wrong advice is worse than a list.
    close = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return folded[close[0]] if close else None
