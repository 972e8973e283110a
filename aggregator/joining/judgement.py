"""What a check found, as one value: printed, handed on as JSON, read back for the comment.

The check of a pull request runs the code of the pull request, so a judgement may come from
anybody. Reading one back is strict and bounded, and nothing in it is trusted to be anything but
text. `check` makes it, `preview` adds to its cards, `renderings` puts it into words; no decision
is taken here.
"""

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
)

from aggregator.registry.mistakes import Severity
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName

# More than any comment can show; each limit is kept when writing and insisted on when reading.
JSON_LIMIT = 1_000_000
HEADINGS_LIMIT = 12
_MISTAKES_LIMIT = 1_000
_EFFECTS_LIMIT = 500
_LINE_LENGTH = 1_000
Text = Annotated[str, Field(max_length=40_000)]
Repo = Annotated[
    RepoName,
    PlainValidator(lambda name: name if isinstance(name, RepoName) else RepoName.parse(name)),
    PlainSerializer(str),
]
Number = Annotated[int, Field(ge=0, le=10_000_000)]


class _Plain(BaseModel):
    """Frozen, and nothing in it that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class CheckFinding(_Plain):
    """One mistake, or one hint."""

    file: Text
    line: Number
    column: Number
    severity: Severity
    what: Text
    cure: Text
    line_text: str = ""


class Suggestion(_Plain):
    """Something that would help visitors, and how to add it."""

    title: Text
    cure: Text


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
    headings: Annotated[tuple[Text, ...], Field(max_length=HEADINGS_LIMIT)] = ()
    sections: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    missing: Annotated[tuple[Suggestion, ...], Field(max_length=20)] = ()


class ProposedCard(_Plain):
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
    judged: Annotated[tuple[ProposedCard, ...], Field(max_length=100_000)]
    notes: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
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
        return 0 if self.ok else 2

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
            found.model_copy(update={"line_text": found.line_text[:_LINE_LENGTH]})
            for found in self.mistakes
            if found in kept
        )
        more_mistakes = self.more_mistakes + max(0, len(self.mistakes) - _MISTAKES_LIMIT)
        update = {"mistakes": mistakes, "more_mistakes": more_mistakes, "effects": effects}
        return self.model_copy(update=update)


def read_judgement(content: bytes) -> Judgement:
    """Read a judgement that somebody else wrote.

    Raises:
        RegistryError: It is too large or not a judgement.
    """
    cure = "look at the log of the check"
    if len(content) > JSON_LIMIT:
        raise RegistryError("the report", "it is too large", cure)
    try:
        found = Judgement.model_validate_json(content)
    except ValidationError:
        found = None
    if found is None or found.bounded() != found:
        raise RegistryError("the report", "it is not one that `check` wrote", cure)
    return found
