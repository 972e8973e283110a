"""From bytes in a file to lines that can be read, whatever was saved there.

Sizes are bounded here. What YAML forbids as a character becomes a sign that the
rules recognise, so that it spoils one value and not the file.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from aggregator.registry.mistakes import Mistake, Place
from aggregator.words.errors import RegistryError

FILE_LIMIT = 5_000_000
LINE_LIMIT = 30_000

# YAML 1.2.2, section 5.1, allows fewer; the line ends of old systems go as well,
# because editors and GitHub do not count them as lines.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the registry: the name that messages carry, and its text."""

    file: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n")


def read_source(path: Path, file: str | None = None) -> Source:
    """Read one file of the registry.

    Args:
        path: Where it is.
        file: The name for messages; the path itself by default.

    Raises:
        RegistryError: It is absent, no file, unreadable or too large.
    """
    name = file or path.as_posix()
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        cure = "run `aggregator init` to make one, or name it with --registry"
        raise RegistryError(name, "there is no such file", cure) from None
    except OSError as error:
        cause = f"it cannot be read ({error.strerror})"
        raise RegistryError(name, cause, "name a readable file with --registry") from None
    if len(content) > FILE_LIMIT:
        cause = f"it is larger than {FILE_LIMIT // 1_000_000} MB"
        raise RegistryError(name, cause, "split it into files in registry.d/")
    return Source(name, decode(content))


def decode(content: bytes) -> str:
    """Decode a file and mend its line ends; what cannot be read becomes U+FFFD."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def without_conflicts(source: Source) -> tuple[Source, list[Mistake]]:
    """Blank the marks of an unresolved merge and report each."""
    if "\n<<<<<<<" not in f"\n{source.text}" and "\n>>>>>>>" not in f"\n{source.text}":
        return source, []
    lines = source.lines
    marks = [index for index, line in enumerate(lines) if CONFLICT.match(line)]
    for index in marks:
        lines[index] = ""
    what = "two changes to this file were joined and not sorted out (a merge conflict mark)"
    cure = "keep the lines you want between the marks and delete the marks"
    found = [Mistake(Place(source.file, index + 1, 1), what, cure) for index in marks]
    return Source(source.file, "\n".join(lines)), found
