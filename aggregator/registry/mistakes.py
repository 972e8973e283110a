"""Where something stands in a file, and what is wrong with it.

Values only: the loader makes them, the checks print them.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Severity = Literal["error", "hint"]

# Control characters, marks that turn the direction of text, and the sign that `tree` puts where a
# character could not be read: on a terminal or a page they hide or reorder what a message says.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]"
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
            what, cure = (text.replace(folder + name, name) for text in (what, cure))
        where = replace(self.where, file=self.where.file.removeprefix(folder))
        return replace(self, where=where, what=what, cure=cure)
