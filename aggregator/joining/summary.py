"""What a member reads on their pull request: the card, the mistakes, what would help.

Markdown for GitHub, made from a report. Every word of it is escaped, so that it can
neither mention people, nor draw images, nor look like our own words.
"""

import re
from collections.abc import Iterator, Sequence

from aggregator.joining.report import Card, Finding, Preview, Report

CARD_LIMIT = 20
ROW_LIMIT = 100
COMMENT_LENGTH = 60_000  # GitHub keeps 65,536 characters
# https://docs.github.com/actions/how-tos/manage-workflow-runs/download-workflow-artifacts
ARTIFACT = r"[\w.-]{1,100}/[\w.-]{1,100}/actions/runs/\d{1,20}(?:/artifacts/\d{1,20})?"
WHOSE = {
    "GitHub": "the description on GitHub",
    "README": "the README",
    "repository": "a file in the repository",
}
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


def comment_markdown(report: Report, pages: str = "", web: str = "https://github.com") -> str:
    """Write the one comment that a pull request carries, with the mark it is found by.

    Args:
        report: What the check found.
        pages: Where the built pages can be fetched: an artifact of a run on GitHub. Any other
            address is left out.
        web: The GitHub that people visit.
    """
    link = ""
    if re.fullmatch(rf"{re.escape(web.rstrip('/'))}/{ARTIFACT}", pages):
        link = f"[Fetch the built pages]({pages}): unpack them and open index.html.\n\n"
    return f"{COMMENT_MARK}\n{link}{summary_markdown(report)}"[:COMMENT_LENGTH]


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
    preview = card.preview or Preview()
    summary, source = card.summary or preview.summary, preview.summary_source
    words = f"> {escaped(summary)}" if summary else f"> {_no_summary(card)}"
    whose = f" (from {WHOSE[source]})" if source in WHOSE and not card.summary else ""
    rows = "\n".join(f"| {name} | {value} |" for name, value in _card_rows(card, preview))
    parts = [
        f"### How it will look: {escaped(card.title)}",
        f"{words}{whose}",
        f"| | |\n| --- | --- |\n{rows}",
        *_page(preview),
        *_missing(preview),
    ]
    return "\n\n".join(parts)


def _no_summary(card: Card) -> str:
    if card.preview is None:
        return "The beginning of the README, when there is one."
    return "No summary yet: a sentence under summary says what it does and for whom."


def _card_rows(card: Card, preview: Preview) -> Iterator[tuple[str, str]]:
    yield "Repository", escaped(str(card.repo))
    for name, value in (
        ("Organisation", card.organisation),
        ("Stage", card.stage),
        ("Tags", ", ".join(card.tags)),
        ("People", ", ".join(card.people)),
        ("Language", preview.language),
        ("Licence", card.licence or preview.licence),
        ("Last push", preview.pushed.isoformat() if preview.pushed else None),
        ("At the last look", preview.problem),
    ):
        if value:
            yield name, escaped(value)


def _page(preview: Preview) -> Iterator[str]:
    if preview.sections:
        yield f"Its page will hold {escaped(', '.join(preview.sections), 600)}."
    if preview.readme_start:
        yield f"The README begins:\n\n> {escaped(preview.readme_start, 400)}"
    if preview.headings:
        yield f"Its headings: {escaped(' · '.join(preview.headings), 600)}"


def _missing(preview: Preview) -> Iterator[str]:
    if preview.missing:
        lines = (f"- {escaped(idea.title)}: {escaped(idea.cure)}" for idea in preview.missing)
        yield "What would help the people who find it, if you like:\n\n" + "\n".join(lines)
