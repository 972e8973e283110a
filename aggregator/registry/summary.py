"""What a member reads on their pull request: the card, the mistakes, what would help.

Markdown for GitHub, made from a report. Every word of it is escaped, so that it can
neither mention people, nor draw images, nor look like our own words.
"""

import re
from collections.abc import Iterator, Sequence

from aggregator.registry.report import Card, Finding, Report

CARD_LIMIT = 20
ROW_LIMIT = 100
MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&@:])")
COMMENT_MARK = "<!-- aggregator: check of the registry -->"


def escaped(text: str, length: int = 300) -> str:
    """Escape a text so that Markdown shows exactly its characters, on one line.

    GitHub looks for mentions and issue numbers after the Markdown is read, so an
    escaped @ or # still needs a comment after it to stay a character.
    """
    flat = " ".join(text.split())
    cut = flat if len(flat) <= length else f"{flat[: length - 1]}…"
    safe = MARKUP.sub(lambda sign: f"&#{ord(sign[1])};", cut)
    return safe.replace("&#64;", "&#64;<!-- -->").replace("&#35;", "&#35;<!-- -->")


def fenced(text: str, language: str) -> str:
    """Show a text as code, in which GitHub reads neither mentions nor Markdown."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def summary_markdown(report: Report) -> str:
    """Write the summary of a check as Markdown."""
    errors = [found for found in report.mistakes if found.severity == "error"]
    hints = [found for found in report.mistakes if found.severity == "hint"]
    sections = [
        _opening(report, len(errors)),
        *_effects(report),
        *_table("To mend", errors),
        *(_card(card) for card in report.judged[:CARD_LIMIT] if report.partial),
        *_table("Ideas, if you like", hints),
        *(escaped(note, 600) for note in report.notes),
    ]
    return "\n\n".join(sections) + "\n"


def comment_markdown(report: Report) -> str:
    """Write the one comment that a pull request carries, with the mark it is found by."""
    return f"{COMMENT_MARK}\n{summary_markdown(report)}"[:60_000]


def _opening(report: Report, errors: int) -> str:
    if errors:
        things = "is one thing" if errors == 1 else f"are {errors} things"
        return f"## Nearly there\n\nThank you! There {things} to mend first; each row says how."
    if report.partial and not report.judged:
        return "## Nothing to mend\n\nThank you! Here is what this change does."
    return "## All is well\n\nThank you! Nothing needs mending."


def _effects(report: Report) -> Iterator[str]:
    if report.effects:
        lines = "\n".join(f"- {escaped(effect, 1_000)}" for effect in report.effects)
        yield f"### What this change does\n\n{lines}"


def _table(title: str, found: Sequence[Finding]) -> Iterator[str]:
    if not found:
        return
    rows = [
        f"| {escaped(f.file, 80)}, line {f.line} | {escaped(f.what)} | {escaped(f.cure)} |"
        for f in found[:ROW_LIMIT]
    ]
    more = f"\n\n... and {len(found) - ROW_LIMIT} more." if len(found) > ROW_LIMIT else ""
    head = f"### {title}\n\n| Where | What | What to do |\n| --- | --- | --- |\n"
    yield head + "\n".join(rows) + more


def _card(card: Card) -> str:
    rows = "\n".join(f"| {name} | {value} |" for name, value in _card_rows(card))
    return f"### How it will look: {escaped(card.title)}\n\n| | |\n| --- | --- |\n{rows}"


def _card_rows(card: Card) -> Iterator[tuple[str, str]]:
    yield "Repository", escaped(str(card.repo))
    otherwise = "the beginning of the README, when there is one"
    yield "Summary", escaped(card.summary) if card.summary else otherwise
    for name, value in (
        ("Organisation", card.organisation),
        ("Stage", card.stage),
        ("Tags", ", ".join(card.tags)),
        ("People", ", ".join(card.people)),
        ("Licence", card.licence),
    ):
        if value:
            yield name, escaped(value)
