"""Look whether a tag may become a release, and write what is new in it.

    python releasing.py v1.2.0 > notes.md

The version stands in `aggregator/__init__.py` alone; the tag and CHANGELOG.md have to say the same.
Run by .github/workflows/release.yml before anything is built, and by whoever is about to set a tag.
Needs nothing but Python. docs/releasing.md has the whole way.
"""

import re
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?", re.ASCII)
# Of Keep a Changelog; the last is told to communities by `aggregator upgrade`.
HEADINGS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "For adopters")
_SECTION = re.compile(r"^## (.*)$", re.MULTILINE)
_DATED = re.compile(r"\[([^\]]+)\] - (\d{4}-\d\d-\d\d)")
_STAGES = ("a", "b", "rc", None)  # of the way to a release, the release last


class NotReadyError(Exception):
    """Why the tag may not become a release."""


def main(words: list[str]) -> int:
    """Write the notes of the release that the one word names, or why there is none."""
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    code = (HERE / "aggregator" / "__init__.py").read_text(encoding="utf-8")
    stated = " and ".join(VERSION.findall(code)) or "nothing"
    changelog = (HERE / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        print(release_notes(words[0], stated, changelog))
    except NotReadyError as problem:
        print(f"{words[0]} cannot be released: {problem}.", file=sys.stderr)
        return 1
    return 0


def release_notes(tag: str, stated: str, changelog: str) -> str:
    """Give what the changelog says of a release.

    Args:
        tag: Such as `v1.2.0`.
        stated: The version that the package says it has.
        changelog: The text of CHANGELOG.md.

    Raises:
        NotReadyError: The three disagree, or the changelog is not in order.
    """
    if tag != f"v{stated}" or not RELEASE.fullmatch(stated):
        raise NotReadyError(f"aggregator/__init__.py says {stated}, so the tag would be v{stated}")
    rest = _SECTION.split(changelog)[1:]
    sections = list(zip(rest[::2], rest[1::2], strict=True))
    if not sections or sections[0][0] != "[Unreleased]":
        raise NotReadyError("CHANGELOG.md does not begin with ## [Unreleased]")
    if sections[0][1].strip():
        raise NotReadyError("CHANGELOG.md has unreleased lines: move them below a heading")
    dated = [_read(heading) for heading, _ in sections[1:]]
    if not dated or dated[0][0] != stated:
        raise NotReadyError(f"CHANGELOG.md has no ## [{stated}] - YYYY-MM-DD below ## [Unreleased]")
    if any(_newer(one) <= _newer(other) for one, other in pairwise(dated)):
        raise NotReadyError("the versions in CHANGELOG.md are not in order, the newest first")
    text = sections[1][1].strip()
    if unknown := set(re.findall(r"^### (.*)$", text, re.MULTILINE)) - set(HEADINGS):
        raise NotReadyError(
            f"CHANGELOG.md has a heading that is none: {', '.join(sorted(unknown))}"
        )
    if not re.search(r"^- \S", text, re.MULTILINE):
        raise NotReadyError(f"CHANGELOG.md does not say what is new in {stated}")
    return text


def _read(heading: str) -> tuple[str, date]:
    match = _DATED.fullmatch(heading)
    if match is None or not RELEASE.fullmatch(match[1]):
        raise NotReadyError(f"CHANGELOG.md: ## {heading} is no [VERSION] - YYYY-MM-DD")
    try:
        return match[1], date.fromisoformat(match[2])
    except ValueError:
        raise NotReadyError(f"CHANGELOG.md: {match[2]} is no day") from None


def _newer(dated: tuple[str, date]) -> tuple[int, ...]:
    found = RELEASE.fullmatch(dated[0])
    if found is None:
        raise NotReadyError(f"{dated[0]} is no version")
    stage, number = found[4], int(found[5] or 0)
    return (*map(int, found.group(1, 2, 3)), _STAGES.index(stage), number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
