"""The issue forms for people without git: what they ask, their files, and their addresses.

Which fields are asked for, and in which words, is declared with the fields in `registry.models`.
This writes the files that GitHub reads, and cuts the body that GitHub makes of a form into answers
again, by the same labels: GitHub sends nothing else back. What the answers mean is for `answers`.
Syntax: https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote, urlencode

from ruamel.yaml.scalarstring import LiteralScalarString

from aggregator.joining.answers import is_nothing, kinds_in_use
from aggregator.joining.editor import yaml_text
from aggregator.registry.community import Celebration, Talk
from aggregator.registry.declaration import Written, declared_fields
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.addresses import GITHUB

CLEAR_STAGE = "Remove the stage"
_KINDS_NAMED = 4
_WITHIN: Mapping[str, type[Written]] = {"organisation": Organisation, "links": Links}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Args:
        id: Its name in the form, and in addresses that fill it in.
        label: The heading above the answer, by which the answer is found again.
        help: A sentence below it.
        kind: Which of GitHub's inputs it is.
        field: The field of an entry that it fills, or helps to fill.
        example: What stands in it before anything is written.
        choices: What a dropdown offers; the stages of the showcase when it says none.
        needed: The form cannot be sent without it.
    """

    id: str
    label: str
    help: str
    kind: Literal["input", "dropdown", "textarea"] = "input"
    field: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One issue form: the file it is written to, its own words, and what it asks.

    The label of the first field, which is always needed, tells the form from the others.
    """

    file: str
    name: str
    description: str
    title: str
    label: str
    welcome: str
    fields: tuple[FormField, ...]


def _asked(model: type[Written], within: str = "") -> Iterator[FormField]:
    """List what the forms ask for, and inside a field that has fields of its own what of those."""
    for one in declared_fields(model):
        if asked := one.asked:
            example = ", ".join(one.example) if isinstance(one.example, list) else str(one.example)
            said = (asked.id or one.name, asked.label, asked.help, asked.kind)
            yield FormField(*said, within or one.name, "" if within else example)
        if one.name in _WITHIN:
            yield from _asked(_WITHIN[one.name], one.name)


# The story is last: what comes after its heading is all story, so no text that
# somebody writes there can pass for another field.
_REPOSITORY, *_DETAILS = sorted(_asked(Entry), key=lambda one: one.kind == "textarea")
_PROJECT = replace(_REPOSITORY, id="project", help="Its address on GitHub, or owner/name.")

ADD = Form(
    "add-project.yml",
    "Add my project",
    "List a repository in the showcase. No git needed.",
    "Add: ",
    "add-project",
    "Thank you for sharing your work! Only the first field is needed. A pull request is "
    "made from your answers within a minute or two, and somebody looks at it.",
    (_REPOSITORY, *_DETAILS),
)
EDIT = Form(
    "edit-project.yml",
    "Change my project's entry",
    "Correct or complete what the showcase says about a project.",
    "Change: ",
    "edit-project",
    "Fill in only what should change; everything else stays as it is. Write the word "
    "`remove` into a field to empty it.",
    (replace(_PROJECT, label="Project to change"), *_DETAILS),
)
REMOVE = Form(
    "remove-project.yml",
    "Remove my project",
    "Take a project off the showcase.",
    "Remove: ",
    "remove-project",
    "Nothing happens to your repository; only the entry in the showcase goes.",
    (
        replace(_PROJECT, label="Project to remove"),
        FormField("reason", "Why", "A word for those who look after the list.", "textarea"),
    ),
)


def _part(model: type[Written], **labels: str) -> tuple[FormField, ...]:
    """Ask for the fields of a part, in these words; what they mean is said where declared."""
    known = {one.name: one for one in declared_fields(model)}
    return tuple(
        FormField(
            f"its_{name}",
            label,
            known[name].meaning,
            field=name,
            example=", ".join(known[name].example)
            if isinstance(known[name].example, list)
            else str(known[name].example),
            needed=known[name].required,
        )
        for name, label in labels.items()
    )


_WHAT, _DATE, _NEWS_URL, _TEXT = _part(
    Celebration,
    what="What sort of news",
    date="When",
    url="Where to read about it",
    text="What happened",
)
CELEBRATE = Form(
    "celebrate.yml",
    "Celebrate a project",
    "An award, a publication, somebody who took it up, a milestone.",
    "Celebrate: ",
    "celebrate",
    "Congratulations! One sentence is enough; it is shown on the project's page and with the news.",
    (
        replace(_PROJECT, label="Project to celebrate"),
        replace(_WHAT, kind="dropdown", choices=("award", "publication", "adoption", "milestone")),
        replace(_DATE, help=f"{_DATE.help} Leave it empty for today."),
        _NEWS_URL,
        replace(_TEXT, kind="textarea"),
    ),
)
TALK = Form(
    "announce-talk.yml",
    "Announce a talk",
    "A talk, a paper reading or a show-and-tell, to come or past.",
    "Talk: ",
    "announce-talk",
    "Only the title is needed. A talk with a day goes into the calendar that people subscribe to.",
    (
        replace(_part(Talk, title="Title of the talk")[0], id="talk_title"),
        replace(
            _PROJECT,
            label="Project that it is about",
            help="Its address on GitHub, or owner/name; leave it empty when it is about several.",
        ),
        *_part(
            Talk,
            date="Day of the talk",
            time="Beginning",
            place="Place",
            speakers="Speakers",
            url="Address to join or to see the slides",
            recording="Address of the recording",
        ),
    ),
)
_TELLER, _TOLD = _part(Entry, story_by="Who tells it", story_date="When it was written")
STORY = Form(
    "tell-story.yml",
    "Tell the story of a project",
    "The problem, what you did, what changed.",
    "Story: ",
    "tell-story",
    "A few sentences each are enough. It is shown on the project's page, and has one of its own.",
    (
        replace(_PROJECT, label="Project with a story"),
        _TELLER,
        replace(_TOLD, help=f"{_TOLD.help} Leave it empty for today."),
        FormField(
            "problem",
            "The problem",
            "What was hard, and for whom?",
            "textarea",
            "story",
            needed=True,
        ),
        FormField("work", "What we did", "And what did not work?", "textarea", "story"),
        FormField("change", "What changed", "Who does what differently now?", "textarea", "story"),
    ),
)
JUDGE = Form(
    "judge-search.yml",
    "Was this what you looked for?",
    "Say what the search should have found.",
    "Search: ",
    "judge-search",
    "Thank you! By what people looked for, the search is judged, and mended. A pull request is "
    "made from your answers, and somebody looks at it. All of it is public, as any issue is.",
    (
        FormField(
            "searched",
            "What was typed",
            "As it was typed into the search.",
            example="draw a control chart",
            needed=True,
        ),
        FormField(
            "other_words",
            "Other words for it",
            "What such projects call it, when that is something else than what was typed.",
            example="control limits",
        ),
        FormField(
            "looked_for",
            "What you looked for",
            "The projects of this showcase that answer it, the best first, a line each: "
            "owner/name, or the address of the page.",
            "textarea",
            example="owner/name",
            needed=True,
        ),
        FormField("shown", "What was shown", "The first results, as they were.", "textarea"),
    ),
)
FORMS = (ADD, EDIT, REMOVE, CELEBRATE, TALK, STORY, JUDGE)


def issue_forms(registry: Registry) -> dict[str, str]:
    """Write the issue forms, with the stages of this registry, by file name."""
    forms = {
        form.file: yaml_text(
            {
                "name": form.name,
                "description": form.description,
                "title": form.title,
                "labels": [form.label],
                "body": [
                    {
                        "type": "markdown",
                        "attributes": {"value": LiteralScalarString(form.welcome)},
                    },
                    *(_input(one, form, registry) for one in form.fields),
                ],
            }
        )
        for form in FORMS
    }
    return forms | {"config.yml": yaml_text({"blank_issues_enabled": True})}


def _input(one: FormField, form: Form, registry: Registry) -> dict[str, Any]:
    attributes: dict[str, Any] = {"label": one.label, "description": one.help}
    kind, example = one.kind, one.example
    if one.id == "new_organisation_kind":
        example = ", ".join(kinds_in_use(registry)[:_KINDS_NAMED])
    options: list[str] = []
    if kind == "dropdown":
        # Nobody can write the word that empties a field into a dropdown, so it is a choice.
        options = [*(one.choices or registry.showcase.stages)]
        options += [CLEAR_STAGE] if form is EDIT else []
        kind = "dropdown" if options else "input"  # GitHub refuses one without choices
    if options:
        attributes["options"] = options
    elif example:
        attributes["placeholder"] = example
    written: dict[str, Any] = {"type": kind, "id": one.id, "attributes": attributes}
    return written | (
        {"validations": {"required": True}} if one.needed or one is form.fields[0] else {}
    )


def form_of(body: str) -> Form | None:
    """Tell which form an issue is by its first heading; words above that are only words."""
    first = re.search(r"^### ([^\n]+)", body, re.MULTILINE)
    label = first[1].strip() if first else ""
    return next((form for form in FORMS if form.fields[0].label == label), None)


def read_form(body: str, fields: Sequence[FormField]) -> dict[str, str]:
    """Cut the body of a form into answers by field id; "" where nothing was answered.

    Headings count only in the order of the form, so that a heading typed into an
    answer cannot take the place of a later field.
    """
    answers: dict[str, str] = {}
    headings = [rf"\n### {re.escape(one.label)}[ \t]*(?=\n|$)" for one in fields]
    rest = f"\n{body}"
    for index, one in enumerate(fields):
        answers[one.id] = ""
        if start := re.search(headings[index], rest):
            rest = rest[start.end() :]
            ends = (re.search(heading, rest) for heading in headings[index + 1 :])
            end = next((found.start() for found in ends if found), len(rest))
            text, rest = rest[:end].strip(), rest[end:]
            answers[one.id] = "" if is_nothing(text) else text
    return answers


def form_link(form: Form, showcase: Showcase, value: str = "", web: str = GITHUB) -> str:
    """Build the address that opens a form: "" when the showcase does not say where it lives.

    Query parameters as documented for issue forms:
    https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/about-automation-for-issues-and-pull-requests-with-query-parameters

    Args:
        form: One of `FORMS`.
        showcase: The settings; without `repository` there is nowhere to lead to.
        value: What it says already of what it is about: the name of a repository, or that of the
            listed project; of a search, what was typed.
        web: The GitHub that people visit.
    """
    if not showcase.repository:
        return ""
    about = next((one.id for one in form.fields if one.field == "repo"), form.fields[0].id)
    query = {"template": form.file} | ({about: value} if value else {})
    return _link(showcase, web, f"issues/new?{urlencode(query, quote_via=quote)}")


def file_link(showcase: Showcase, web: str = GITHUB) -> str:
    """Build the address of GitHub's editor on registry.yaml, or "" as `form_link` does."""
    return _link(showcase, web, f"edit/{quote(showcase.branch)}/registry.yaml")


def _link(showcase: Showcase, web: str, place: str) -> str:
    home = showcase.repository
    return f"{web.rstrip('/')}/{home}/{place}" if home else ""
