"""A verdict as text: for a person, for GitHub's annotations, for another program.

Everything a member wrote is hostile here: a field can neither forge an annotation
nor colour the terminal.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aggregator.joining.check import Verdict
from aggregator.joining.report import conclusion, report_of
from aggregator.joining.summary import summary_markdown
from aggregator.registry.mistakes import UNREADABLE, Mistake

Format = Literal["text", "github", "json"]

SHOWN_LIMIT = 200
LINE_WIDTH = 160
BOLD, RED, CYAN, DIM, PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[36m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a command prints, and what belongs into the summary of a job, if any."""

    text: str
    job_summary: str = ""


def render(verdict: Verdict, style: Format, *, colour: bool = False) -> Rendered:
    """Turn a verdict into text.

    Args:
        verdict: What the check found.
        style: `text` for a person, `github` for a workflow, `json` for a program.
        colour: Use the colours of a terminal; only for `text`.
    """
    if style == "json":
        return Rendered(report_of(verdict).model_dump_json(indent=2) + "\n")
    if style == "github":
        return Rendered(_annotations(verdict), summary_markdown(report_of(verdict)))
    return Rendered(_text(verdict, colour=colour))


def _text(verdict: Verdict, *, colour: bool) -> str:
    lines = [
        line
        for mistake in verdict.mistakes[:SHOWN_LIMIT]
        for line in _mistake_lines(mistake, colour=colour)
    ]
    if len(verdict.mistakes) > SHOWN_LIMIT:
        lines.append(f"... and {len(verdict.mistakes) - SHOWN_LIMIT:,} more")
    lines.extend(_clean(note) for note in verdict.notes)
    lines.extend(_effects(verdict))
    lines.append(conclusion(verdict))
    return "\n".join(lines) + "\n"


def _mistake_lines(mistake: Mistake, *, colour: bool) -> Iterator[str]:
    def painted(text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if colour else text

    is_error = mistake.severity == "error"
    what = _clean(mistake.what) if is_error else f"hint: {_clean(mistake.what)}"
    where = painted(f"{_clean(str(mistake.where))}:", BOLD)
    yield f"{where} {painted(what, RED if is_error else CYAN)}: {_clean(mistake.cure)}"
    if mistake.line_text.strip():
        text, column = _window(mistake)
        number = f"{mistake.where.line:>5}"
        yield painted(f"{number} | ", DIM) + text
        yield painted(f"{'':>5} | ", DIM) + " " * _width(text[:column]) + painted("^", RED)


def _window(mistake: Mistake) -> tuple[str, int]:
    """Cut a long line around the place, and give the place's index in what is left."""
    line, column = _clean(mistake.line_text, keep_indent=True), mistake.where.column - 1
    start = max(0, column - LINE_WIDTH // 2)
    return line[start : start + LINE_WIDTH], min(column, len(line)) - start


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _clean(text: str, *, keep_indent: bool = False) -> str:
    safe = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))
    return safe.replace("\n", " ").rstrip() if keep_indent else " ".join(safe.split())


def _annotations(verdict: Verdict) -> str:
    ordered = sorted(verdict.mistakes, key=lambda mistake: mistake.severity != "error")
    lines = [_annotation(mistake) for mistake in ordered[:SHOWN_LIMIT]]
    lines.extend(f"::notice title=Registry::{_message(note)}" for note in verdict.notes)
    lines.extend(_effects(verdict))
    lines.append(conclusion(verdict))
    return "\n".join(lines) + "\n"


def _effects(verdict: Verdict) -> Iterator[str]:
    # The dash keeps a name from beginning a line, where it could pass for a command of a workflow.
    yield from (f"- {_clean(effect)}" for effect in verdict.effects[:SHOWN_LIMIT])


def _annotation(mistake: Mistake) -> str:
    level = "error" if mistake.severity == "error" else "notice"
    where = mistake.where
    place = f"file={_property(where.file)},line={where.line},col={where.column}"
    return f"::{level} {place},title=Registry::{_message(f'{mistake.what}: {mistake.cure}')}"


# The escapes of https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
