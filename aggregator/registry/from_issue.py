"""From the text of an issue form to a change of the registry, or an answer in plain words.

    body -> answers -> fields -> change of the text -> Outcome

The body is written by anybody. It becomes values that pass the same rules as the
file, and it is never part of a command. Called by `aggregator from-issue`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from aggregator.errors import SourceError
from aggregator.registry.add import Draft, plan_additions, problem_with, read_answer, with_additions
from aggregator.registry.editor import Value, edit_entry, remove_entry
from aggregator.registry.forms import (
    FORM_FIELDS,
    NO_ANSWER,
    PROJECT_TO_EDIT,
    PROJECT_TO_REMOVE,
    REPOSITORY,
    FormField,
)
from aggregator.registry.loader import load
from aggregator.registry.models import Entry, Registry
from aggregator.registry.names import meant_repo
from aggregator.registry.rewrite import rewrite
from aggregator.registry.rules import shown
from aggregator.registry.sightings import Lookup, remarks
from aggregator.registry.summary import escaped

Kind = Literal["add", "edit", "remove"]
Edit = Callable[[str], str]

ANSWER_MARK = "<!-- aggregator: answer to a form -->"
BODY_LIMIT = 70_000  # GitHub keeps 65,536 characters of an issue
FIRST_LABELS: Mapping[str, Kind] = {
    REPOSITORY: "add",
    PROJECT_TO_EDIT: "edit",
    PROJECT_TO_REMOVE: "remove",
}


@dataclass(frozen=True)
class Outcome:
    """What became of a form.

    Args:
        kind: Which form it was; None when the issue is no form of ours.
        answer: Markdown for the issue; empty when there is nothing to say.
        title: Title of the pull request, when there is a change.
        file: The file to change, when there is a change.
        edit: The change of its text.
    """

    kind: Kind | None
    answer: str = ""
    title: str = ""
    file: Path | None = None
    edit: Edit | None = None

    @property
    def exit_code(self) -> int:
        """0 for a change or no form at all, 2 for a form that needs another look."""
        return 0 if self.edit is not None or self.kind is None else 2

    @property
    def files(self) -> dict[str, str]:
        """What the workflow reads, by file name: the answer and the pull request's title."""
        texts = {"answer.md": f"{ANSWER_MARK}\n{self.answer}\n" if self.answer else ""}
        return texts | {"title.txt": f"{self.title}\n" if self.title else ""}

    def apply(self) -> None:
        """Write the change into the registry.

        Raises:
            RegistryError: It cannot be written safely; then the file is as it was.
        """
        if self.file is not None and self.edit is not None:
            rewrite(self.file, self.edit)


class _UnclearError(Exception):
    """What is wrong with a form, a sentence each."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(*problems)


def from_issue(
    body: str, path: Path, *, lookup: Lookup | None = None, today: date | None = None
) -> Outcome:
    """Read a form and prepare the change it asks for.

    Args:
        body: The text of the issue.
        path: The file registry.yaml.
        lookup: Asks GitHub about a repository that is to be added.
        today: The day to note as `added`.

    Raises:
        RegistryError: The registry itself cannot be used.
    """
    body = body[:BODY_LIMIT].replace("\r\n", "\n")
    kind = _kind(body)
    if kind is None:
        return Outcome(None)
    try:
        answers = read_form(body, _fields(kind))
        registry = load(path)
        if kind == "add":
            return _add(answers, registry, path, lookup, today)
        entry = _listed(answers["project"], registry)
        return _remove(entry, path) if kind == "remove" else _edit(answers, registry, entry, path)
    except _UnclearError as unclear:
        return Outcome(kind, _please(unclear.problems))
    except SourceError as error:
        what = f"GitHub could not be asked about the repository just now ({error.what})."
        return Outcome(kind, _please([f"{what} Edit the issue a little later to try again."]))


def read_form(body: str, fields: Sequence[FormField]) -> dict[str, str]:
    """Cut the body of a form into answers by field id; "" where nothing was answered.

    Headings count only in the order of the form, so that a heading typed into an
    answer cannot take the place of a later field.
    """
    answers: dict[str, str] = {}
    rest = f"\n{body}"
    for index, one in enumerate(fields):
        start = re.search(_heading(one), rest)
        if start is None:
            answers[one.id] = ""
            continue
        rest = rest[start.end() :]
        ends = (re.search(_heading(later), rest) for later in fields[index + 1 :])
        end = next((found.start() for found in ends if found), len(rest))
        text = rest[:end].strip()
        answers[one.id] = "" if text in _empty(one) else text
        rest = rest[end:]
    return answers


def _empty(one: FormField) -> tuple[str, ...]:
    """Say how GitHub writes that nothing was answered; a dropdown has two ways."""
    return (NO_ANSWER, "None") if one.kind == "dropdown" else (NO_ANSWER,)


def _heading(one: FormField) -> str:
    return rf"\n### {re.escape(one.label)}[ \t]*(?=\n|$)"


def _kind(body: str) -> Kind | None:
    first = re.match(r"\s*### ([^\n]+)", body)
    return FIRST_LABELS.get(first[1].strip()) if first else None


def _fields(kind: Kind) -> Sequence[FormField]:
    label = next(label for label, known in FIRST_LABELS.items() if known == kind)
    return next(fields for fields in FORM_FIELDS.values() if fields[0].label == label)


def _add(
    answers: Mapping[str, str],
    registry: Registry,
    path: Path,
    lookup: Lookup | None,
    today: date | None,
) -> Outcome:
    values, problems = _values(answers, registry)
    plan = plan_additions(path, [answers["repository"] or "nothing"], lookup)
    problems = [*plan.refusals, *problems]
    if problems or not plan.drafts:
        raise _UnclearError(*problems)
    draft = plan.drafts[0]
    full = Draft(draft.repo, sighting=draft.sighting, fields=values)
    return Outcome(
        "add",
        _thanks(full),
        f"Add {draft.repo}",
        path,
        lambda text: with_additions(text, [full], today),
    )


def _thanks(draft: Draft) -> str:
    thanks = f"Thank you! `{draft.repo}` is on its way into the showcase."
    listed = Entry(repo=draft.repo, summary=draft.fields.get("summary"))
    found = remarks(listed, draft.sighting) if draft.sighting else ()
    hints = "".join(f"\n- {escaped(f'{m.what}: {m.cure}')}" for m in found)
    return f"{thanks}\n\nNothing else is needed. Ideas, if you like:\n{hints}" if hints else thanks


def _edit(answers: Mapping[str, str], registry: Registry, entry: Entry, path: Path) -> Outcome:
    values, problems = _values(answers, registry)
    if not problems and not values:
        problems = ["Nothing is filled in besides the project, so there is nothing to change."]
    if problems:
        raise _UnclearError(*problems)
    if "links" in values:
        kept = entry.links.model_dump(exclude_none=True)
        values = values | {"links": kept | _docs(answers)}
    answer = f"Thank you! The entry of `{entry.repo}` is being changed."
    return Outcome(
        "edit",
        answer,
        f"Change the entry of {entry.repo}",
        _file(entry, path),
        lambda text: edit_entry(text, entry, values),
    )


def _remove(entry: Entry, path: Path) -> Outcome:
    return Outcome(
        "remove",
        f"Understood: `{entry.repo}` is being taken off the showcase.",
        f"Remove {entry.repo}",
        _file(entry, path),
        lambda text: remove_entry(text, entry),
    )


def _listed(text: str, registry: Registry) -> Entry:
    repo = meant_repo(text)
    entry = registry.entry(repo) if repo else None
    if entry is None:
        raise _UnclearError(
            f"{shown(text)} is not in the showcase. Write it as owner/name, as on its page here."
        )
    return entry


def _file(entry: Entry, path: Path) -> Path:
    return Path(entry.where.file) if entry.where.file else path


def _values(answers: Mapping[str, str], registry: Registry) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Value] = {}
    problems: list[str] = []
    for name in ("title", "summary", "organisation", "stage", "tags", "people", "story"):
        text = answers.get("project_title" if name == "title" else name, "")
        answer = read_answer(registry, name, text.replace("@", "") if name == "people" else text)
        if answer.problem:
            problems.append(answer.problem)
        elif answer.value is not None:
            values[name] = answer.value
    docs = _docs(answers)
    problem = problem_with("links", docs) if docs else None
    if problem:
        problems.append(problem)
    elif docs:
        values["links"] = docs
    return values, problems


def _docs(answers: Mapping[str, str]) -> dict[str, str]:
    return {"docs": answers["docs"]} if answers.get("docs") else {}


def _please(problems: Sequence[str]) -> str:
    listed = "\n".join(f"- {escaped(problem, 600)}" for problem in problems)
    return (
        "Thank you for filling this in! It cannot be used just yet:\n\n"
        f"{listed}\n\n"
        "Please edit the issue (the three dots at its top right, then *Edit*); "
        "it is read again as soon as you save it."
    )
