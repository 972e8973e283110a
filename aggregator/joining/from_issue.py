"""From the text of an issue to a change of the registry, or an answer in plain words.

    body -> answers -> fields -> change of the text -> Outcome

The body is written by anybody. It becomes values that pass the same rules as the
file, and it is never part of a command. Called by `aggregator from-issue`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aggregator.joining.add import Draft, plan_additions, with_additions
from aggregator.joining.answers import (
    entries_called,
    means_clear,
    new_organisation,
    read_answer,
    repos_in,
    same_organisation,
)
from aggregator.joining.editor import Value, add_organisation, edit_entry, remove_entry
from aggregator.joining.forms import (
    CLEAR_STAGE,
    FORM_FIELDS,
    PROJECT_TO_EDIT,
    PROJECT_TO_REMOVE,
    REPOSITORY,
    FormField,
    read_form,
)
from aggregator.joining.links import GITHUB, add_link
from aggregator.joining.proposal import Edit, Kind, Outcome, please_mend
from aggregator.joining.summary import escaped
from aggregator.registry.loader import load
from aggregator.registry.messages import near
from aggregator.registry.mistakes import shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.rules import repo_cure
from aggregator.registry.sightings import Lookup, remarks
from aggregator.words.errors import RegistryError, SourceError
from aggregator.words.names import RepoName
from aggregator.words.phrases import listed

Fields = dict[str, Value | None]

BODY_LIMIT = 70_000  # GitHub keeps 65,536 characters of an issue
FIRST_LABELS: Mapping[str, Kind] = {
    REPOSITORY: "add",
    PROJECT_TO_EDIT: "edit",
    PROJECT_TO_REMOVE: "remove",
}
# Words with which people ask for a listing when they have not found the form.
WISH = re.compile(
    r"\b(add|adding|added|list|listed|listing|include|included|showcase|feature|featured|submit"
    r"|submission|register|publish|propose|suggest|nominate|share|sharing"
    r"|new (?:project|repo|repository|entry))\b",
    re.IGNORECASE,
)


class _UnclearError(Exception):
    """What is wrong with a form, a sentence each."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(*problems)


# Words of somebody who reports a fault; a person answers those.
REPORT = re.compile(r"\b(bugs?|broken|errors?|fails?|crash\w*|wrong|typo|slow)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, and of whom to find out what it means.

    Args:
        path: The file registry.yaml.
        lookup: Asks GitHub about a repository that is to be added.
        today: The day to note as `added`.
        title: The title of the issue, which may say what its text does not.
        author: Who opened it, to say whether the entry is their own.
        web: The GitHub that people visit.
        repository: Where the forms are, unless the showcase says so itself.
    """

    path: Path
    lookup: Lookup | None = None
    today: date | None = None
    title: str = ""
    author: str = ""
    web: str = GITHUB
    repository: RepoName | None = None


def from_issue(body: str, asked: Asked) -> Outcome:
    """Read an issue and prepare the change it asks for.

    Args:
        body: The text of the issue.
        asked: Everything else about it.

    Raises:
        RegistryError: The registry itself cannot be used, and the issue is no form.
    """
    body = body[:BODY_LIMIT].replace("\r\n", "\n")
    kind = _kind(body)
    if kind is None:
        return _wish(body, asked)
    try:
        return _outcome(kind, read_form(body, _fields(kind)), asked).rehearsed()
    except RegistryError as error:
        what = f"The list itself needs a look first, by somebody who looks after it ({error})."
        return Outcome(kind, please_mend([f"{what} Nothing is wrong with your answers."]))
    except _UnclearError as unclear:
        return Outcome(kind, please_mend(unclear.problems))
    except SourceError as error:
        what = f"GitHub could not be asked about the repository just now ({error.what})."
        return Outcome(kind, please_mend([f"{what} Edit the issue a little later to try again."]))


def _outcome(kind: Kind, answers: Mapping[str, str], asked: Asked) -> Outcome:
    registry = load(asked.path)
    if kind == "add":
        return _add(answers, registry, asked)
    entry = _listed(answers["project"], registry)
    return _remove(entry, asked) if kind == "remove" else _edit(answers, registry, entry, asked)


def _wish(body: str, asked: Asked) -> Outcome:
    """Answer an issue without a form that asks for a repository to be listed."""
    said = f"{asked.title}\n{body}"
    # Under the title of the form, "Add: ", a name alone is plain enough.
    names_one = "github.com" in said.lower() or asked.title.lower().startswith("add")
    if not names_one or not WISH.search(said) or REPORT.search(said):
        return Outcome(None)
    registry = load(asked.path)
    ours = asked.repository or registry.showcase.repository
    found = [repo for repo in repos_in(said) if repo != ours]
    if not found or any(registry.entry(repo) for repo in found):
        return Outcome(None)
    showcase = registry.showcase.model_copy(update={"repository": ours})
    lines = [
        f"- {_form_for(str(repo), add_link(showcase, str(repo), asked.web))}" for repo in found
    ]
    return Outcome(
        "wish",
        "Thank you! If this asks for a project to be listed: that takes a form, one for each "
        f"repository. Only the first field is needed.\n\n{chr(10).join(lines[:10])}\n\n"
        "If it asks for something else, nothing is needed: somebody will read it.",
    )


def _form_for(repo: str, link: str) -> str:
    name = escaped(repo)
    where = "**Issues → New issue → Add my project**"
    return f"[Add {name}]({link})" if link else f"{name}: choose {where} and paste its address"


def _kind(body: str) -> Kind | None:
    """Tell which form this is by its first heading; words above that are only words."""
    first = re.search(r"^### ([^\n]+)", body, re.MULTILINE)
    return FIRST_LABELS.get(first[1].strip()) if first else None


def _fields(kind: Kind) -> Sequence[FormField]:
    label = next(label for label, known in FIRST_LABELS.items() if known == kind)
    return next(fields for fields in FORM_FIELDS.values() if fields[0].label == label)


def _add(answers: Mapping[str, str], registry: Registry, asked: Asked) -> Outcome:
    values, body, problems = _values(answers, registry)
    draft = None
    try:
        draft = _draft(_one_repo(answers["repository"]), registry, asked)
    except _UnclearError as unclear:
        problems = [*unclear.problems, *problems]
    if problems or draft is None:
        raise _UnclearError(*problems)
    fields = {name: value for name, value in values.items() if value is not None}
    full = Draft(draft.repo, sighting=draft.sighting, fields=fields, organisation=body)
    return Outcome(
        "add",
        _thanks(full, _noted(answers, values, body, registry)),
        f"Add {draft.repo}",
        {asked.path: lambda text: with_additions(text, [full], asked.today)},
    )


def _one_repo(text: str) -> RepoName:
    found = repos_in(text)
    if len(found) > 1:
        names = ", ".join(map(str, found[:10]))
        raise _UnclearError(
            f"A form takes one repository, and this one names {len(found)}: {names}. Leave one of "
            "them here, and open another form for each of the others."
        )
    if not found:
        said = f"{shown(text)} is not the name of a repository" if text else "it is empty"
        raise _UnclearError(f"{REPOSITORY}: {said}: {_cure(text)}")
    return found[0]


def _cure(text: str) -> str:
    cure = repo_cure(" ".join(text[:300].split()))
    return cure.replace(", as in the address github.com/owner/name", ", or paste its address")


def _draft(repo: RepoName, registry: Registry, asked: Asked) -> Draft:
    change = "To change what is said about it, open the form *Change my project's entry*."
    if registry.entry(repo) is not None:
        raise _UnclearError(f"{repo} is in the showcase already. {change}")
    plan = plan_additions(asked.path, [str(repo)], asked.lookup)
    if not plan.drafts:
        said = (re.sub(r": see \S+$", f". {change}", refusal) for refusal in plan.refusals)
        raise _UnclearError(*said)
    return plan.drafts[0]


def _thanks(draft: Draft, noted: Sequence[str]) -> str:
    thanks = f"Thank you! `{draft.repo}` is on its way into the showcase."
    thanks += "".join(f"\n\n{escaped(note)}" for note in noted)
    summary = draft.fields.get("summary")
    listed = Entry(repo=draft.repo, summary=str(summary) if summary else None)
    found = remarks(listed, draft.sighting) if draft.sighting else ()
    hints = "".join(f"\n- {escaped(f'{m.what}: {_in_words_of_forms(m.cure)}')}" for m in found)
    return f"{thanks}\n\nNothing else is needed. Ideas, if you like:\n{hints}" if hints else thanks


def _in_words_of_forms(cure: str) -> str:
    """Say in the words of a form what was said for somebody who edits the file."""
    plain = cure.replace("add `summary:` here", "fill in Summary")
    return plain.replace(", and save the file as UTF-8", "").replace(", or delete the line", "")


def _noted(
    answers: Mapping[str, str], values: Fields, body: Organisation | None, registry: Registry
) -> list[str]:
    if body is not None:
        return [f"{body.name} is listed along with it, as {body.slug}."]
    known = registry.organisation(str(values.get("organisation") or ""))
    written = answers.get("new_organisation") or answers.get("organisation") or ""
    if known is None or written.casefold() in {known.slug, known.name.casefold()}:
        return []
    return [f"It goes to {known.name}, which is here already."]


def _edit(answers: Mapping[str, str], registry: Registry, entry: Entry, asked: Asked) -> Outcome:
    cleared: Fields = {
        _FIELD_OF.get(name, name): None
        for name, text in answers.items()
        if name != "project" and (means_clear(text) or text == CLEAR_STAGE)
    }
    said = {n: t for n, t in answers.items() if _FIELD_OF.get(n, n) not in cleared}
    values, body, problems = _values(said, registry)
    changes: Fields = values | cleared
    if not problems and not changes:
        problems = ["Nothing is filled in to change. To empty a field, write remove into it."]
    if problems:
        raise _UnclearError(*problems)
    if "links" in changes:
        kept = entry.links.model_dump(exclude_none=True, exclude={"docs"})
        docs = changes["links"]
        changes["links"] = {**kept, **(docs if isinstance(docs, Mapping) else {})} or None
    said_now = entry.model_dump(mode="json", exclude_none=True)
    if all((said_now.get(name) or None) == value for name, value in changes.items()):
        raise _UnclearError("The entry says all of this already, so there is nothing to change.")
    file = Path(entry.where.file) if entry.where.file else asked.path
    edits: dict[Path, Edit] = {file: lambda text: edit_entry(text, entry, changes)}
    if body is not None:
        edits = _with_organisation(edits, body, asked.path, file)
    answer = f"Thank you! The entry of `{entry.repo}` is being changed."
    notes = "".join(f"\n\n{escaped(n)}" for n in _noted(answers, values, body, registry))
    title = f"Change the entry of {entry.repo}"
    return Outcome("edit", answer + notes, title, edits, _asker(entry, asked))


def _with_organisation(
    edits: Mapping[Path, Edit], body: Organisation, main: Path, file: Path
) -> dict[Path, Edit]:
    edit = edits[file]
    if file != main:
        return {main: lambda text: add_organisation(text, body), **edits}
    # The entry first: adding an organisation above it moves its line.
    return {file: lambda text: add_organisation(edit(text), body)}


def _remove(entry: Entry, asked: Asked) -> Outcome:
    return Outcome(
        "remove",
        f"Understood: `{entry.repo}` is being taken off the showcase.",
        f"Remove {entry.repo}",
        {
            Path(entry.where.file) if entry.where.file else asked.path: lambda text: remove_entry(
                text, entry
            )
        },
        _asker(entry, asked),
    )


def _asker(entry: Entry, asked: Asked) -> str:
    """Say in the pull request whether the one who asks is of the project."""
    if not asked.author or entry.belongs_to(asked.author):
        return ""
    return (
        f"Asked for by {escaped(asked.author)}, whom the entry of {escaped(str(entry.repo))} does "
        "not name: please make sure that its people agree."
    )


def _listed(text: str, registry: Registry) -> Entry:
    if not text:
        raise _UnclearError("What is not named is not in the showcase: write owner/name.")
    found = repos_in(text)
    entries = [entry for repo in found if (entry := registry.entry(repo)) is not None]
    if not entries:
        entries = entries_called(text, registry)
        found = tuple(entry.repo for entry in entries)
    if len(found) > 1:
        raise _UnclearError("A form takes one project: open another form for each of the others.")
    if not entries:
        raise _UnclearError(
            f"{shown(text)} is not in the showcase. Write it as owner/name, as on its page here."
        )
    return entries[0]


_FIELD_OF = {
    "project_title": "title",
    "docs": "links",
    "new_organisation": "organisation",
    "new_organisation_kind": "organisation",
    "new_organisation_url": "organisation",
}


def _values(
    answers: Mapping[str, str], registry: Registry
) -> tuple[Fields, Organisation | None, list[str]]:
    values: Fields = {}
    problems: list[str] = []
    labels = {one.id: one.label for fields in FORM_FIELDS.values() for one in fields}
    for name in ("project_title", "summary", "stage", "tags", "people", "docs", "story"):
        field_name = "title" if name == "project_title" else name
        answer = read_answer(registry, field_name, answers.get(name, ""))
        if answer.problem:
            said = re.sub(r"^(title|links\.docs|[a-z_]+): ", "", answer.problem)
            problems.append(f"{labels[name]}: {_in_words_of_forms(said)}")
        elif answer.value is not None:
            values[_FIELD_OF.get(name, name)] = answer.value
    slug, body, problem = _organisation(answers, registry)
    if problem:
        problems.append(problem)
    return values | ({"organisation": slug} if slug else {}), body, problems


def _organisation(
    answers: Mapping[str, str], registry: Registry
) -> tuple[str, Organisation | None, str]:
    """Find the organisation that a form names, or the one it adds, or what is wrong."""
    written, name = answers.get("organisation", ""), answers.get("new_organisation", "")
    kind, url = answers.get("new_organisation_kind", ""), answers.get("new_organisation_url", "")
    known = same_organisation(registry, written) if written else None
    if not name and known is None and written and (kind or url):
        written, name = "", written
    if name and written and (known is None or same_organisation(registry, name) != known):
        return (
            "",
            None,
            "Organisation: it can have one. Fill in Organisation or Another organisation.",
        )
    if name:
        known = same_organisation(registry, name, url)
        body = known or new_organisation(registry, name, kind, url)
        if isinstance(body, str):
            said = _in_words_of_forms(body)
            website = "Website of the other organisation"
            is_of_url = said.startswith("url: ")
            label = website if is_of_url else "Another organisation"
            return "", None, f"{label}: {said.removeprefix('url: ')}"
        return body.slug, None if known else body, ""
    if known is None and written:
        return "", None, f"Organisation: {_unknown_organisation(registry, written)}"
    alone = (kind or url) and not written
    problem = "Another organisation: its full name is missing." if alone else ""
    return known.slug if known else "", None, problem


def _unknown_organisation(registry: Registry, written: str) -> str:
    names = {body.slug: body.name for body in registry.organisations}
    meant = near(written, list(names)) or near(written, list(names.values()))
    known = f"did you mean {names.get(meant, meant)}?" if meant else f"here are {_named(names)}."
    more = "If it is not there yet, write its full name under Another organisation."
    return f"{shown(written)} is not in the showcase: {known} {more}"


def _named(names: Mapping[str, str]) -> str:
    return listed(list(names.values())) or "none yet"
