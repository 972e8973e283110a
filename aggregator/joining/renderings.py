"""A judgement in words: for a terminal, as GitHub's annotations, as JSON, and as Markdown.

Everything a member wrote is hostile here. A field can neither forge an annotation nor colour the
terminal, and in Markdown every word is escaped, so that it can neither mention people, nor draw
images, nor look like our own words. What is found is decided in `check`, never here.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from aggregator.joining.judgement import CheckFinding, Judgement, Preview, ProposedCard
from aggregator.registry.mistakes import UNREADABLE
from aggregator.words.addresses import GITHUB

Format = Literal["text", "github", "json"]

COMMENT_MARK = "<!-- aggregator: check of the registry -->"
_SHOWN_LIMIT = 200  # nobody reads further, and GitHub shows ten annotations of each kind
_LINE_WIDTH = 160
_CARD_LIMIT = 20
_ROW_LIMIT = 100
_COMMENT_LENGTH = 60_000  # GitHub keeps 65,536 characters
_BOLD, _RED, _CYAN, _DIM, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
# https://docs.github.com/actions/how-tos/manage-workflow-runs/download-workflow-artifacts
_ARTIFACT = r"[\w.-]{1,100}/[\w.-]{1,100}/actions/runs/\d{1,20}(?:/artifacts/\d{1,20})?"
_WHOSE = {
    "GitHub": "the description on GitHub",
    "README": "the README",
    "repository": "a file in the repository",
}
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&@:])")


def render(judgement: Judgement, style: Format, *, colour: bool = False) -> str:
    """Turn a judgement into what a command prints.

    Args:
        judgement: What the check found.
        style: `text` for a person, `github` for a workflow, `json` for a program.
        colour: Use the colours of a terminal; only for `text`.
    """
    if style == "json":
        return judgement.bounded().as_json(indent=2) + "\n"
    if style == "github":
        shown = map(_annotation, judgement.errors_first[:_SHOWN_LIMIT])
        notes = (f"::notice title=Registry::{_message(note)}" for note in judgement.notes)
        lines = [*shown, *notes]
    else:
        found = judgement.mistakes
        lines = [line for one in found[:_SHOWN_LIMIT] for line in _located(one, colour)]
        if len(found) > _SHOWN_LIMIT:
            lines.append(f"... and {len(found) - _SHOWN_LIMIT:,} more")
        lines.extend(map(_clean, judgement.notes))
    # The dash keeps a name from beginning a line, where it could pass for a command of a workflow.
    effects = (f"- {_clean(effect)}" for effect in judgement.effects[:_SHOWN_LIMIT])
    return "\n".join([*lines, *effects, judgement.conclusion]) + "\n"


def _located(found: CheckFinding, colour: bool) -> Iterator[str]:
    """Show a mistake with its line and a mark below the place, as compilers do."""

    def painted(text: str, style: str) -> str:
        return f"{style}{text}{_PLAIN}" if colour else text

    is_error = found.severity == "error"
    what = _clean(found.what) if is_error else f"hint: {_clean(found.what)}"
    where = painted(f"{_clean(f'{found.file}:{found.line}:{found.column}')}:", _BOLD)
    yield f"{where} {painted(what, _RED if is_error else _CYAN)}: {_clean(found.cure)}"
    if found.line_text.strip():
        line, column = _clean(found.line_text, keep_indent=True), found.column - 1
        # A long line is cut around the place.
        start = max(0, column - _LINE_WIDTH // 2)
        before = _width(line[start : min(column, len(line))])
        yield painted(f"{found.line:>5} | ", _DIM) + line[start : start + _LINE_WIDTH]
        yield painted(f"{'':>5} | ", _DIM) + " " * before + painted("^", _RED)


def _width(text: str) -> int:
    # East Asian characters take two columns on a terminal; the mark must stand below the right one.
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _clean(text: str, *, keep_indent: bool = False) -> str:
    safe = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))
    return safe.replace("\n", " ").rstrip() if keep_indent else " ".join(safe.split())


def _annotation(found: CheckFinding) -> str:
    level = "error" if found.severity == "error" else "notice"
    file = _message(found.file).replace(":", "%3A").replace(",", "%2C")
    place = f"file={file},line={found.line},col={found.column}"
    return f"::{level} {place},title=Registry::{_message(f'{found.what}: {found.cure}')}"


# The escapes of https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped(text: str, length: int = 300) -> str:
    """Escape a text so that Markdown shows exactly its characters, on one line.

    GitHub looks for mentions and issue numbers after the Markdown is read, so an
    escaped @ or # still needs a comment after it to stay a character.
    """
    flat = " ".join(text.split())
    cut = flat if len(flat) <= length else f"{flat[: length - 1]}…"
    safe = _MARKUP.sub(lambda sign: f"&#{ord(sign[1])};", cut)
    return safe.replace("&#64;", "&#64;<!-- -->").replace("&#35;", "&#35;<!-- -->")


def fenced(text: str, language: str) -> str:
    """Show a text as code, in which GitHub reads neither mentions nor Markdown."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def summary_markdown(judgement: Judgement) -> str:
    """Write what a member reads: the cards, the mistakes, what would help."""
    hints = [found for found in judgement.mistakes if found.severity == "hint"]
    effects = [f"- {escaped(effect, 1_000)}" for effect in judgement.effects]
    cards = judgement.judged[:_CARD_LIMIT] if judgement.partial else ()
    # Counted, not taken from `ok`: a judgement from a stranger may call itself well.
    errors = len(judgement.errors)
    opening = "## All is well\n\nThank you! Nothing needs mending."
    if errors:
        things = "is one thing" if errors == 1 else f"are {errors} things"
        opening = f"## Nearly there\n\nThank you! There {things} to mend first; each row says how."
    elif judgement.partial and not judgement.judged:
        opening = "## Nothing to mend\n\nThank you! Here is what this change does."
    sections = [
        opening,
        *(["### What this change does\n\n" + "\n".join(effects)] if effects else []),
        *_table("To mend", judgement.errors),
        *map(_card, cards),
        *_table("Ideas, if you like", hints),
        *(escaped(note, 600) for note in judgement.notes),
    ]
    return "\n\n".join(sections) + "\n"


def comment_markdown(judgement: Judgement, pages: str = "", web: str = GITHUB) -> str:
    """Write the one comment that a pull request carries, with the mark it is found by.

    Args:
        judgement: What the check found.
        pages: Where the built pages can be fetched: an artifact of a run on GitHub. Any other
            address is left out.
        web: The GitHub that people visit.
    """
    link = ""
    if re.fullmatch(rf"{re.escape(web.rstrip('/'))}/{_ARTIFACT}", pages):
        link = f"[Fetch the built pages]({pages}): unpack them and open index.html.\n\n"
    return f"{COMMENT_MARK}\n{link}{summary_markdown(judgement)}"[:_COMMENT_LENGTH]


def _table(title: str, found: Sequence[CheckFinding]) -> list[str]:
    rows = [
        f"| {escaped(f.file, 80)}, line {f.line} | {escaped(f.what)} | {escaped(f.cure)} |"
        for f in found[:_ROW_LIMIT]
    ]
    more = f"\n\n... and {len(found) - _ROW_LIMIT} more." if len(found) > _ROW_LIMIT else ""
    head = f"### {title}\n\n| Where | What | What to do |\n| --- | --- | --- |\n"
    return [head + "\n".join(rows) + more] if found else []


def _card(card: ProposedCard) -> str:
    """Write the card as the site will show it: the same facts, for a page without our styles."""
    preview = card.preview or Preview()
    if summary := card.summary or preview.summary:
        whose = None if card.summary else _WHOSE.get(preview.summary_source or "")
        words = escaped(summary)
    else:
        whose, words = None, "The beginning of the README, when there is one."
        if card.preview:
            words = "No summary yet: a sentence under summary says what it does and for whom."
    facts = {
        "Repository": card.repo,
        "Organisation": card.organisation,
        "Tags": ", ".join(card.tags),
        "Activity": preview.activity,
        "Language": preview.language,
        "Stage": card.stage,
        "Licence": card.licence or preview.licence,
        "People": ", ".join(card.people),
        "Last push": preview.pushed.isoformat() if preview.pushed else None,
        "At the last look": preview.problem,
    }
    rows = [f"| {name} | {escaped(value)} |" for name, value in facts.items() if value]
    ideas = [f"- {escaped(idea.title)}: {escaped(idea.cure)}" for idea in preview.missing]
    more = (
        (preview.sections, f"Its page will hold {escaped(', '.join(preview.sections), 600)}."),
        (
            preview.readme_start,
            f"The README begins:\n\n> {escaped(preview.readme_start or '', 400)}",
        ),
        (preview.headings, f"Its headings: {escaped(' · '.join(preview.headings), 600)}"),
        (ideas, "What would help the people who find it, if you like:\n\n" + "\n".join(ideas)),
    )
    sections = [
        f"### How it will look: {escaped(card.title)}",
        f"> {words} (from {whose})" if whose else f"> {words}",
        "| | |\n| --- | --- |\n" + "\n".join(rows),
        *(text for there, text in more if there),
    ]
    return "\n\n".join(sections)
