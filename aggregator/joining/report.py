"""A verdict in plain values: what `--format json` prints and what a comment is made of.

The check of a pull request runs the code of the pull request, so a report may come
from anybody. Reading one back is strict and bounded, and nothing in it is trusted
to be anything but text.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aggregator.joining.check import Verdict
from aggregator.registry.mistakes import Mistake, Severity
from aggregator.registry.models import Entry
from aggregator.registry.rules import Repo
from aggregator.words.errors import RegistryError

REPORT_LIMIT = 1_000_000
MISTAKES_LIMIT = 1_000
EFFECTS_LIMIT = 500
HEADINGS_LIMIT = 12
START_LENGTH = 400
TEXT_LENGTH = 1_000
Text = Annotated[str, Field(max_length=40_000)]
Number = Annotated[int, Field(ge=0, le=10_000_000)]


class Part(BaseModel):
    """A part of a report: frozen, and nothing in it that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Finding(Part):
    """One mistake."""

    file: Text
    line: Number
    column: Number
    severity: Severity
    what: Text
    cure: Text
    line_text: Text = ""


class Idea(Part):
    """Something that would help visitors, and how to add it."""

    title: Text
    cure: Text


class Preview(Part):
    """What the built page of a project shows, in words."""

    summary: Text | None = None
    summary_source: Text | None = None
    language: Text | None = None
    licence: Text | None = None
    pushed: date | None = None
    problem: Text | None = None
    readme_start: Text | None = None
    headings: Annotated[tuple[Text, ...], Field(max_length=HEADINGS_LIMIT)] = ()
    sections: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    missing: Annotated[tuple[Idea, ...], Field(max_length=20)] = ()


class Card(Part):
    """How one judged project will look, in words."""

    repo: Repo
    title: Text
    summary: Text | None = None
    organisation: Text | None = None
    stage: Text | None = None
    tags: tuple[Text, ...] = ()
    people: tuple[Text, ...] = ()
    licence: Text | None = None
    preview: Preview | None = None


class Report(Part):
    """What a check found."""

    ok: bool
    partial: bool
    conclusion: Text
    projects: Number
    judged: Annotated[tuple[Card, ...], Field(max_length=100_000)]
    notes: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    mistakes: Annotated[tuple[Finding, ...], Field(max_length=MISTAKES_LIMIT)] = ()
    more_mistakes: Number = 0
    effects: Annotated[tuple[Text, ...], Field(max_length=EFFECTS_LIMIT)] = ()


def report_of(verdict: Verdict) -> Report:
    """Put a verdict into plain values."""
    ordered = sorted(verdict.mistakes, key=lambda mistake: mistake.severity != "error")
    kept = set(ordered[:MISTAKES_LIMIT])
    return Report(
        ok=not verdict.errors,
        partial=verdict.partial,
        conclusion=conclusion(verdict),
        projects=len(verdict.registry.projects),
        judged=tuple(_card(verdict, entry) for entry in verdict.judged),
        notes=verdict.notes,
        mistakes=tuple(_finding(mistake) for mistake in verdict.mistakes if mistake in kept),
        effects=_shortened(verdict.effects),
        more_mistakes=max(0, len(ordered) - MISTAKES_LIMIT),
    )


def read_report(content: bytes) -> Report:
    """Read a report that somebody else wrote.

    Raises:
        RegistryError: It is too large or not a report.
    """
    if len(content) > REPORT_LIMIT:
        raise RegistryError("the report", "it is too large", "look at the log of the check")
    try:
        return Report.model_validate_json(content)
    except ValidationError:
        cure = "look at the log of the check"
        raise RegistryError("the report", "it is not one that `check` wrote", cure) from None


def conclusion(verdict: Verdict) -> str:
    """Say in one line how the check ended."""
    errors = len(verdict.errors)
    hints = len(verdict.mistakes) - errors
    scope = "touched by this change" if verdict.partial else "in the registry"
    judged = _count(len(verdict.judged), "project")
    if errors and verdict.partial:
        return f"{_count(errors, 'mistake')} to mend in what this change touches"
    if errors:
        return f"{_count(errors, 'mistake')} to mend; everything else goes on"
    extra = f", {_count(hints, 'hint')}" if hints else ""
    return f"{judged} {scope}: no mistakes{extra}"


def _shortened(effects: Sequence[str]) -> tuple[str, ...]:
    if len(effects) <= EFFECTS_LIMIT:
        return tuple(effects)
    more = len(effects) - EFFECTS_LIMIT + 1
    return (*effects[: EFFECTS_LIMIT - 1], f"... and {more:,} changes more")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _finding(mistake: Mistake) -> Finding:
    return Finding(
        file=mistake.where.file,
        line=mistake.where.line,
        column=mistake.where.column,
        severity=mistake.severity,
        what=mistake.what,
        cure=mistake.cure,
        line_text=mistake.line_text[:1_000],
    )


def _card(verdict: Verdict, entry: Entry) -> Card:
    sighting = verdict.sightings.get(entry.repo)
    body = verdict.registry.organisation_of(entry)
    return Card(
        repo=str(entry.repo),
        title=entry.title or entry.repo.name,
        summary=entry.summary or (sighting.description if sighting else None),
        organisation=body.name if body else None,
        stage=entry.stage,
        tags=entry.tags,
        people=entry.people,
        licence=sighting.licence if sighting else None,
    )
