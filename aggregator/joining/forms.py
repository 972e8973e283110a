"""The issue forms for people without git, as the files GitHub reads.

Writes them, and cuts the body that GitHub makes of one into answers again, by the same
labels: GitHub sends nothing else back. Syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from aggregator.joining.answers import is_nothing, kinds_in_use
from aggregator.joining.links import ADD_FORM, EDIT_FORM, REMOVE_FORM
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry

NO_ANSWER = "_No response_"
CLEAR_STAGE = "Remove the stage"
REPOSITORY = "Repository"
PROJECT_TO_EDIT = "Project to change"
PROJECT_TO_REMOVE = "Project to remove"
REASON = "Why"

_KINDS_NAMED = 4


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: its id, its label, and how it is asked."""

    id: str
    label: str
    kind: str = "input"
    required: bool = False
    help: str = ""


# The story is last: what comes after its heading is all story, so no text that
# somebody writes there can pass for another field.
_DETAILS = (
    # Not "title": in an address that would fill in the title of the issue itself.
    FormField("project_title", "Title", help="Leave it empty to use the name of the repository."),
    FormField("summary", "Summary", help="What it does and for whom, in a sentence or two."),
    FormField("organisation", "Organisation", help="Its full name or its short name here."),
    FormField(
        "new_organisation",
        "Another organisation",
        help="Its full name, when it is not in the showcase yet.",
    ),
    FormField(
        "new_organisation_kind",
        "Kind of the other organisation",
        help="What sort of body it is, best in the words that others of its kind use already.",
    ),
    FormField(
        "new_organisation_url",
        "Website of the other organisation",
        help="Its address, if there is any.",
    ),
    FormField("stage", "Stage", "dropdown", help="How far it is."),
    FormField("tags", "Tags", help="What it is about: a few words with commas between."),
    FormField("people", "People", help="GitHub names of people to ask, with commas between."),
    FormField("docs", "Documentation", help="Its address, if there is any."),
    FormField("story", "Story", "textarea", help="How it came about and what it changed."),
)
ADD_FIELDS = (
    FormField(
        "repository",
        REPOSITORY,
        required=True,
        help="Paste its address, or write it as owner/name.",
    ),
    *_DETAILS,
)
EDIT_FIELDS = (
    FormField(
        "project", PROJECT_TO_EDIT, required=True, help="Its address on GitHub, or owner/name."
    ),
    *_DETAILS,
)
REMOVE_FIELDS = (
    FormField(
        "project", PROJECT_TO_REMOVE, required=True, help="Its address on GitHub, or owner/name."
    ),
    FormField("reason", REASON, "textarea", help="A word for those who look after the list."),
)
FORM_FIELDS: Mapping[str, Sequence[FormField]] = {
    ADD_FORM: ADD_FIELDS,
    EDIT_FORM: EDIT_FIELDS,
    REMOVE_FORM: REMOVE_FIELDS,
}


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    description: str
    title: str
    label: str
    welcome: str


_FORMS = {
    ADD_FORM: _Form(
        "Add my project",
        "List a repository in the showcase. No git needed.",
        "Add: ",
        "add-project",
        "Thank you for sharing your work! Only the first field is needed. A pull request is "
        "made from your answers within a minute or two, and somebody looks at it.",
    ),
    EDIT_FORM: _Form(
        "Change my project's entry",
        "Correct or complete what the showcase says about a project.",
        "Change: ",
        "edit-project",
        "Fill in only what should change; everything else stays as it is. Write the word "
        "`remove` into a field to empty it.",
    ),
    REMOVE_FORM: _Form(
        "Remove my project",
        "Take a project off the showcase.",
        "Remove: ",
        "remove-project",
        "Nothing happens to your repository; only the entry in the showcase goes.",
    ),
}


def issue_forms(registry: Registry) -> dict[str, str]:
    """Write the issue forms, with the stages of this registry, by file name."""
    return {name: _form_text(name, registry) for name in _FORMS} | {"config.yml": _config()}


def _config() -> str:
    return _dump({"blank_issues_enabled": True})


def _form_text(name: str, registry: Registry) -> str:
    form = _FORMS[name]
    welcome = {"type": "markdown", "attributes": {"value": LiteralScalarString(form.welcome)}}
    return _dump(
        {
            "name": form.name,
            "description": form.description,
            "title": form.title,
            "labels": [form.label],
            "body": [welcome, *(_field(one, registry, name) for one in FORM_FIELDS[name])],
        }
    )


def _options(one: FormField, registry: Registry, form: str) -> list[str]:
    if one.id == "stage":
        return [*registry.showcase.stages, *([CLEAR_STAGE] if form == EDIT_FORM else [])]
    return []


def _field(one: FormField, registry: Registry, name: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {"label": one.label, "description": one.help}
    kinds = kinds_in_use(registry) if one.id == "new_organisation_kind" else ()
    example = ", ".join(kinds[:_KINDS_NAMED]) or _example(one.id)
    options = _options(one, registry, name)
    if options:
        attributes["options"] = options
    elif example:
        attributes["placeholder"] = example
    kind = "input" if one.kind == "dropdown" and not options else one.kind
    field: dict[str, Any] = {"type": kind, "id": one.id, "attributes": attributes}
    if one.required:
        field["validations"] = {"required": True}
    return field


def _example(name: str) -> str:
    field = {"repository": "repo", "project": "repo", "project_title": "title"}.get(name, name)
    described = Entry.model_fields.get(field)
    example = described.examples[0] if described and described.examples else ""
    return ", ".join(example) if isinstance(example, list) else str(example)


def _dump(content: Mapping[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(dict(content), stream)
    return stream.getvalue()


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
        answers[one.id] = "" if is_nothing(text) else text
        rest = rest[end:]
    return answers


def _heading(one: FormField) -> str:
    return rf"\n### {re.escape(one.label)}[ \t]*(?=\n|$)"
