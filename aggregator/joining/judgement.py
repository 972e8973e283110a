"""What a check found, as one value: printed, handed on as JSON, read back for the comment.

The check of a pull request runs the code of the pull request, so a judgement may come from
anybody. Reading one back is strict and bounded, and nothing in it is trusted to be anything but
text. `check` makes it, `preview` adds to its cards, `renderings` puts it into words; no decision
is taken here.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from aggregator.registry.mistakes import Severity
from aggregator.words.errors import RegistryError
from aggregator.words.exits import DONE, WRONG
from aggregator.words.names import RepoName

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

# More than any comment can show; each limit is kept when writing and insisted on when reading.
JSON_LIMIT = 1_000_000
HEADINGS_LIMIT = 12
_MISTAKES_LIMIT = 1_000
_EFFECTS_LIMIT = 500
_LINE_LENGTH = 1_000


class _Bounded:
    """A limit that pydantic insists on when it reads.

    `annotated_types` has such limits too, and importing it took a fifteenth of the time of `check`.
    Source: https://docs.pydantic.dev/latest/concepts/types/#handling-third-party-types
    """

    def __init__(self, **limits: int) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: "GetCoreSchemaHandler"
    ) -> "CoreSchema":
        return {**handler(source), **self.limits}


Text = Annotated[str, _Bounded(max_length=40_000)]
Number = Annotated[int, _Bounded(ge=0, le=10_000_000)]


class _Plain:
    """Nothing is read that is not named here.

    Source: https://docs.pydantic.dev/latest/concepts/dataclasses/.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding(_Plain):
    """One mistake, or one hint."""

    file: Text
    line: Number
    column: Number
    severity: Severity
    what: Text
    cure: Text
    line_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(_Plain):
    """Something that would help visitors, and how to add it."""

    title: Text
    cure: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(_Plain):
    """What the built page of a project shows, in words."""

    summary: Text | None = None
    summary_source: Text | None = None
    activity: Text | None = None
    language: Text | None = None
    licence: Text | None = None
    pushed: date | None = None
    problem: Text | None = None
    readme_start: Text | None = None
    headings: Annotated[tuple[Text, ...], _Bounded(max_length=HEADINGS_LIMIT)] = ()
    sections: Annotated[tuple[Text, ...], _Bounded(max_length=20)] = ()
    missing: Annotated[tuple[Suggestion, ...], _Bounded(max_length=20)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCard(_Plain):
    """How one judged project will look, in words; `repo` is owner/name."""

    repo: Text
    title: Text
    summary: Text | None = None
    organisation: Text | None = None
    stage: Text | None = None
    tags: tuple[Text, ...] = ()
    people: tuple[Text, ...] = ()
    licence: Text | None = None
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(_Plain):
    """What a check found.

    Args:
        ok: Nothing must be mended.
        partial: Only what a change touches was judged.
        conclusion: How it ended, in one line.
        projects: How many projects the registry shows.
        judged: The entries that were judged: all, or those that the change touches.
        notes: Sentences about the check itself, for example that GitHub was silent.
        mistakes: Of the judged entries and of the rest of the file, in file order.
        more_mistakes: How many were left out where this was handed on.
        effects: What the change does, a sentence each; empty when everything was judged.
    """

    ok: bool
    partial: bool
    conclusion: Text
    projects: Number
    judged: Annotated[tuple[ProposedCard, ...], _Bounded(max_length=100_000)]
    notes: Annotated[tuple[Text, ...], _Bounded(max_length=20)] = ()
    mistakes: tuple[CheckFinding, ...] = ()
    more_mistakes: Number = 0
    effects: tuple[Text, ...] = ()

    @property
    def errors(self) -> tuple[CheckFinding, ...]:
        """The mistakes that must be mended."""
        return tuple(found for found in self.mistakes if found.severity == "error")

    @property
    def exit_code(self) -> int:
        """0 when nothing must be mended, 2 otherwise."""
        return DONE if self.ok else WRONG

    @property
    def errors_first(self) -> list[CheckFinding]:
        """The mistakes, the hints after the errors; GitHub shows only the first ten annotations."""
        return sorted(self.mistakes, key=lambda found: found.severity != "error")

    def bounded(self) -> "Judgement":
        """Leave out what is too much to hand on, hints before errors, and say how much that is."""
        kept = set(self.errors_first[:_MISTAKES_LIMIT])
        effects, more = self.effects, len(self.effects) - _EFFECTS_LIMIT + 1
        if more > 1:
            effects = (*effects[: _EFFECTS_LIMIT - 1], f"... and {more:,} changes more")
        mistakes = tuple(
            replace(found, line_text=found.line_text[:_LINE_LENGTH])
            for found in self.mistakes
            if found in kept
        )
        more_mistakes = self.more_mistakes + max(0, len(self.mistakes) - _MISTAKES_LIMIT)
        return replace(self, mistakes=mistakes, more_mistakes=more_mistakes, effects=effects)

    def as_json(self, indent: int | None = None) -> str:
        """Write it as JSON, days as ISO 8601 has them; `read_judgement` reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=indent, default=str)


def read_judgement(content: bytes) -> Judgement:
    """Read a judgement that somebody else wrote.

    Raises:
        RegistryError: It is too large or not a judgement.
    """
    cure = "look at the log of the check"
    if len(content) > JSON_LIMIT:
        raise RegistryError("the report", "it is too large", cure)
    # Only here: `check`, which runs before every commit, starts in half the time without it.
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - see above

    try:
        found = TypeAdapter(Judgement).validate_json(content)
        for card in found.judged:
            RepoName.parse(card.repo)
    except (ValidationError, ValueError):
        found = None
    if found is None or found.bounded() != found:
        raise RegistryError("the report", "it is not one that `check` wrote", cure)
    return found
