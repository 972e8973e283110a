"""The mark in each file written for a community: by which version, and whether it is as it was.

    # Written by aggregator 0.1.0, sum 3f9c2a7e51d8: `aggregator upgrade` renews it unless ...

The sum is over everything else in the file, with plain line ends and without the commits that
actions are pinned to: whoever lets a robot move those has changed nothing by hand. Pure.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

_LINE = re.compile(
    r'^(?:# |<!-- |  "\$comment": ")Written by aggregator (\S{1,40}), sum ([0-9a-f]{12}): [^\n]*\n',
    re.MULTILINE,
)
_PIN = re.compile(r"@[0-9a-f]{40}(?: # \S+)?")
_SUM_LENGTH = 12
_AROUND = {".md": ("<!-- ", " -->"), ".json": ('  "$comment": "', '",')}


@dataclass(frozen=True, slots=True)
class FileMark:
    """What the mark of a file says.

    Args:
        version: Which version of the program wrote it.
        intact: Nobody has changed it since.
    """

    version: str
    intact: bool


def marked(name: str, text: str, version: str) -> str:
    """Put the mark into a text: on its first line, in JSON as the first thing that it says."""
    begin, end = _AROUND.get(PurePosixPath(name).suffix, ("# ", ""))
    told = f"Written by aggregator {version}, sum {_sum(text)}: "
    line = f"{begin}{told}`aggregator upgrade` renews it unless it is changed.{end}\n"
    at = len("{\n") if begin.startswith("  ") else 0
    return f"{text[:at]}{line}{text[at:]}"


def mark_of(text: str) -> FileMark | None:
    """Read the mark of a file, None where there is none."""
    match = _LINE.search(text := text.replace("\r\n", "\n"))
    if match is None:
        return None
    return FileMark(match[1], _sum(text[: match.start()] + text[match.end() :]) == match[2])


def without_mark(text: str) -> str:
    """Give what a file says, without its mark and with plain line ends."""
    return _LINE.sub("", text.replace("\r\n", "\n"), count=1)


def _sum(text: str) -> str:
    return hashlib.sha256(_PIN.sub("", text).encode()).hexdigest()[:_SUM_LENGTH]
