"""From the text of an issue to a proposed change of the registry, or an answer in plain words.

    body -> form and answers -> fields -> edits of files -> Proposal

The body is written by anybody. It becomes values that pass the same rules as the file, and it is
never part of a command. Nothing here writes, and nothing speaks to GitHub but the lookup that is
handed in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aggregator.joining.add import Draft, draft_of, with_additions
from aggregator.joining.announcements import read_announcement
from aggregator.joining.answers import (
    entries_called,
    means_clear,
    new_organisation,
    read_answer,
    repos_in,
    same_organisation,
)
from aggregator.joining.editor import (
    Value,
    add_organisation,
    add_talk,
    edit_entry,
    extend_entry,
    remove_entry,
)
from aggregator.joining.forms import (
    ADD,
    CLEAR_STAGE,
    EDIT,
    JUDGE,
    REMOVE,
    STORY,
    TALK,
    Form,
    form_link,
    form_of,
    read_form,
)
from aggregator.joining.looked_for import propose_judgement
from aggregator.joining.proposal import Edit, Proposal, UnclearError
from aggregator.joining.renderings import escaped
from aggregator.registry.loader import load
from aggregator.registry.mistakes import near, shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.rules import repo_cure
from aggregator.registry.sightings import Lookup, remarks
from aggregator.words.addresses import GITHUB
from aggregator.words.errors import RegistryError, SourceError
from aggregator.words.names import RepoName
from aggregator.words.phrases import listed

_BODY_LIMIT = 70_000  # GitHub keeps 65,536 characters of an issue
_REPOS_NAMED = 10
_LABELS = {one.id: one.label for one in ADD.fields}
_OTHER = _LABELS["new_organisation"]
# Words with which people ask for a listing when they have not found the form.
_WISH = re.compile(
    r"\b(add|adding|added|list|listed|listing|include|included|showcase|feature|featured|submit"
    r"|submission|register|publish|propose|suggest|nominate|share|sharing"
    r"|new (?:project|repo|repository|entry))\b",
    re.IGNORECASE,
)
# Words of somebody who reports a fault; a person answers those.
_FAULT = re.compile(r"\b(bugs?|broken|errors?|fails?|crash\w*|wrong|typo|slow)\b", re.IGNORECASE)


@dataclass(frozen=True)
class IssueContext:
    """All about an issue but its text, and of whom to find out what it means.

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


_Doing = Callable[[Form, Mapping[str, str], Registry, IssueContext], Proposal]


def from_issue(body: str, context: IssueContext) -> Proposal:
    """Read an issue and prepare the change it asks for.

    Args:
        body: The text of the issue.
        context: Everything else about it.

    Raises:
        RegistryError: The registry itself cannot be used, and the issue is no form.
    """
    body = body[:_BODY_LIMIT].replace("\r\n", "\n")
    form = form_of(body)
    if form is None:
        return _wish(body, context)
    try:
        answers, registry = read_form(body, form.fields), load(context.path)
        doing = _DOING.get(form, _announcement)
        return doing(form, answers, registry, context).rehearsed()
    except UnclearError as unclear:
        problems = unclear.args
    except RegistryError as error:
        what = f"The list itself needs a look first, by somebody who looks after it ({error})."
        problems = (f"{what} Nothing is wrong with your answers.",)
    except SourceError as error:
        what = f"GitHub could not be asked about the repository just now ({error.what})."
        problems = (f"{what} Edit the issue a little later to try again.",)
    wrong = "\n".join(f"- {escaped(problem, 600)}" for problem in problems)
    return Proposal(
        "Thank you for filling this in! It cannot be used just yet:\n\n"
        f"{wrong}\n\n"
        "Please edit the issue (the three dots at its top right, then *Edit*); "
        "it is read again as soon as you save it."
    )


def _wish(body: str, context: IssueContext) -> Proposal:
    """Answer an issue without a form that asks for a repository to be listed."""
    said = f"{context.title}\n{body}"
    # Under the title of the form, "Add: ", a name alone is plain enough.
    names_one = "github.com" in said.lower() or context.title.lower().startswith("add")
    if not names_one or not _WISH.search(said) or _FAULT.search(said):
        return Proposal()
    registry = load(context.path)
    ours = context.repository or registry.showcase.repository
    found = [repo for repo in repos_in(said) if repo != ours]
    if not found or any(registry.entry(repo) for repo in found):
        return Proposal()
    showcase = replace(registry.showcase, repository=ours)
    lines = []
    for name in map(str, found[:_REPOS_NAMED]):
        link = form_link(ADD, showcase, name, context.web)
        where = f"choose **Issues → New issue → {ADD.name}** and paste its address"
        lines.append(f"- [Add {escaped(name)}]({link})" if link else f"- {escaped(name)}: {where}")
    return Proposal(
        "Thank you! If this asks for a project to be listed: that takes a form, one for each "
        f"repository. Only the first field is needed.\n\n{chr(10).join(lines)}\n\n"
        "If it asks for something else, nothing is needed: somebody will read it."
    )


def _addition(
    _: Form, answers: Mapping[str, str], registry: Registry, context: IssueContext
) -> Proposal:
    values, body, problems = _values(answers, registry)
    # The repository may be wrong as well: everything is said in one answer, not one after another.
    try:
        draft = _draft(answers["repository"], registry, context)
    except UnclearError as unclear:
        raise UnclearError(*unclear.args, *problems) from None
    if problems:
        raise UnclearError(*problems)
    full = replace(draft, fields=values, organisation=body)
    answer = f"Thank you! `{draft.repo}` is on its way into the showcase."
    answer += _noted(answers, body, registry)
    summary = values.get("summary")
    entry = Entry(repo=draft.repo, summary=str(summary) if summary else None)
    found = remarks(entry, draft.sighting) if draft.sighting else ()
    hints = "".join(f"\n- {escaped(f'{m.what}: {_in_words_of_forms(m.cure)}')}" for m in found)
    if hints:
        answer += f"\n\nNothing else is needed. Ideas, if you like:\n{hints}"
    return Proposal(
        answer,
        f"Add {draft.repo}",
        {context.path: lambda text: with_additions(text, [full], context.today)},
    )


def _draft(text: str, registry: Registry, context: IssueContext) -> Draft:
    """Begin to list the one repository that a form names."""
    found = repos_in(text)
    if len(found) > 1:
        names = ", ".join(map(str, found[:_REPOS_NAMED]))
        raise UnclearError(
            f"A form takes one repository, and this one names {len(found)}: {names}. Leave one of "
            "them here, and open another form for each of the others."
        )
    if not found:
        said = f"{shown(text)} is not the name of a repository" if text else "it is empty"
        cure = repo_cure(" ".join(text[:300].split()))
        cure = cure.replace(", as in the address github.com/owner/name", ", or paste its address")
        raise UnclearError(f"{ADD.fields[0].label}: {said}: {cure}")
    change = f'To change what is said about it, open the form "{EDIT.name}".'
    if registry.entry(found[0]) is not None:
        raise UnclearError(f"{found[0]} is in the showcase already. {change}")
    draft = draft_of(registry, found[0], context.lookup(found) if context.lookup else None)
    if isinstance(draft, str):
        raise UnclearError(re.sub(r": see \S+$", f". {change}", draft))
    return draft


def _change(
    form: Form, answers: Mapping[str, str], registry: Registry, context: IssueContext
) -> Proposal:
    """Change an entry, or take it off the list."""
    entry = _listed(answers["project"], registry)
    file = Path(entry.where.file) if entry.where.file else context.path
    edits: dict[Path, Edit] = {file: lambda text: remove_entry(text, entry)}
    title = f"Remove {entry.repo}"
    answer = f"Understood: `{entry.repo}` is being taken off the showcase."
    if form is EDIT:
        changes, body = _changes(answers, registry, entry)
        edits = {file: lambda text: edit_entry(text, entry, changes)}
        if body is not None and registry.organisation(body.slug) is None:
            # Organisations stand in the main file. An entry there is changed first, because an
            # organisation above it moves its line.
            edited: Edit = edits.pop(context.path, lambda text: text)
            edits = {context.path: lambda text: add_organisation(edited(text), body), **edits}
        title = f"Change the entry of {entry.repo}"
        answer = f"Thank you! The entry of `{entry.repo}` is being changed."
        answer += _noted(answers, body, registry)
    return Proposal(answer, title, edits, _asked_by(entry, context))


def _asked_by(entry: Entry, context: IssueContext) -> str:
    """Tell whoever merges a change when it was not asked for by the project's own people."""
    if not context.author or entry.belongs_to(context.author):
        return ""
    return (
        f"Asked for by {escaped(context.author)}, whom the entry of "
        f"{escaped(str(entry.repo))} does not name: please make sure that its people agree."
    )


def _announcement(
    form: Form, answers: Mapping[str, str], registry: Registry, context: IssueContext
) -> Proposal:
    """Add good news, a talk or a story to a project, or a talk to those of no project."""
    said, problems = read_announcement(form, answers, context.today)
    entry = None
    if answers["project"] or form is not TALK:
        try:
            entry = _listed(answers["project"], registry)
        except UnclearError as unclear:
            problems = [*unclear.args, *problems]
    if problems:
        raise UnclearError(*problems)
    if entry is None:
        answer = f"Thank you! {escaped(said['title'])} is on its way into the talks."
        title = "Add a talk"
        return Proposal(answer, title, {context.path: lambda text: add_talk(text, said)})
    file = Path(entry.where.file) if entry.where.file else context.path
    note = _asked_by(entry, context)
    if form is STORY:
        before = " It takes the place of the one there." if entry.story else ""
        answer = f"Thank you for the story of `{entry.repo}`! It is on its way.{before}"
        edits: dict[Path, Edit] = {file: lambda text: edit_entry(text, entry, said)}
        return Proposal(answer, f"Tell the story of {entry.repo}", edits, note)
    name = "talks" if form is TALK else "celebrate"
    if any(one.as_written() == said for one in getattr(entry, name)):
        raise UnclearError("The entry says this already, so there is nothing to add.")
    title, answer = (
        f"Celebrate {entry.repo}",
        f"Congratulations! `{entry.repo}` is celebrated soon.",
    )
    if form is TALK:
        title = f"Add a talk about {entry.repo}"
        answer = f"Thank you! The talk about `{entry.repo}` is on its way."
    return Proposal(answer, title, {file: lambda text: extend_entry(text, entry, name, said)}, note)


def _in_words_of_forms(cure: str) -> str:
    """Say in the words of a form what was said for somebody who edits the file."""
    plain = cure.replace("add `summary:` here", "fill in Summary")
    return plain.replace(", and save the file as UTF-8", "").replace(", or delete the line", "")


def _noted(answers: Mapping[str, str], body: Organisation | None, registry: Registry) -> str:
    """Say where a project goes, unless that is just what the member wrote."""
    written = answers.get("new_organisation") or answers.get("organisation") or ""
    if body is None:
        return ""
    if registry.organisation(body.slug) is None:
        return f"\n\n{escaped(f'{body.name} is listed along with it, as {body.slug}.')}"
    if written.casefold() in {body.slug, body.name.casefold()}:
        return ""
    return f"\n\n{escaped(f'It goes to {body.name}, which is here already.')}"


def _changes(
    answers: Mapping[str, str], registry: Registry, entry: Entry
) -> tuple[dict[str, Value | None], Organisation | None]:
    """Find the fields of an entry to set, or to empty (None), and where it goes if that is said."""
    changes: dict[str, Value | None] = {
        one.field: None
        for one in EDIT.fields[1:]
        if means_clear(answers[one.id]) or answers[one.id] == CLEAR_STAGE
    }
    said = {one.id: answers[one.id] for one in EDIT.fields if one.field not in changes}
    values, body, problems = _values(said, registry)
    changes |= values
    if not problems and not changes:
        problems = ["Nothing is filled in to change. To empty a field, write remove into it."]
    if problems:
        raise UnclearError(*problems)
    if "links" in changes:  # the form asks for the documentation alone; the other links stay
        kept = {n: url for n, url in entry.links.as_written().items() if n != "docs"}
        docs = changes["links"]
        changes["links"] = {**kept, **(docs if isinstance(docs, Mapping) else {})} or None
    now = entry.as_written()
    if all((now.get(name) or None) == value for name, value in changes.items()):
        raise UnclearError("The entry says all of this already, so there is nothing to change.")
    return changes, body


def _listed(text: str, registry: Registry) -> Entry:
    if not text:
        raise UnclearError("What is not named is not in the showcase: write owner/name.")
    found = repos_in(text)
    entries = [entry for repo in found if (entry := registry.entry(repo)) is not None]
    if not entries:
        entries = entries_called(text, registry)
        found = tuple(entry.repo for entry in entries)
    if len(found) > 1:
        raise UnclearError("A form takes one project: open another form for each of the others.")
    if not entries:
        raise UnclearError(
            f"{shown(text)} is not in the showcase. Write it as owner/name, as on its page here."
        )
    return entries[0]


def _values(
    answers: Mapping[str, str], registry: Registry
) -> tuple[dict[str, Value], Organisation | None, list[str]]:
    """Read all answers: the fields of an entry, where it belongs, and what is wrong."""
    values: dict[str, Value] = {}
    problems: list[str] = []
    for one in ADD.fields[1:]:
        if one.field == "organisation":
            continue
        value, problem = read_answer(registry, one.field, answers.get(one.id, ""))
        if problem:
            said = re.sub(r"^[a-z_]+(\.docs)?: ", "", problem)
            problems.append(f"{one.label}: {_in_words_of_forms(said)}")
        elif value is not None:
            values[one.field] = value
    try:
        body = _organisation(answers, registry)
    except UnclearError as unclear:
        return values, None, [*problems, *unclear.args]
    return values | ({"organisation": body.slug} if body else {}), body, problems


def _organisation(answers: Mapping[str, str], registry: Registry) -> Organisation | None:
    """Find the organisation that a form names, or make the one that it adds."""
    written, name = answers.get("organisation", ""), answers.get("new_organisation", "")
    kind, url = answers.get("new_organisation_kind", ""), answers.get("new_organisation_url", "")
    known = same_organisation(registry, written) if written else None
    # Who says what sort of body it is, or where its website is, means a new one in either field.
    if not name and known is None and written and (kind or url):
        written, name = "", written
    if name:
        if written and (known is None or same_organisation(registry, name) != known):
            raise UnclearError(f"Organisation: it can have one. Fill in Organisation or {_OTHER}.")
        body = same_organisation(registry, name, url) or new_organisation(registry, name, kind, url)
        if isinstance(body, Organisation):
            return body
        label = _LABELS["new_organisation_url"] if body.startswith("url: ") else _OTHER
        raise UnclearError(f"{label}: {_in_words_of_forms(body).removeprefix('url: ')}")
    if written and known is None:
        names = {body.slug: body.name for body in registry.organisations}
        meant = near(written, list(names)) or near(written, list(names.values()))
        cure = f"did you mean {names.get(meant, meant)}?" if meant else ""
        cure = cure or f"here are {listed(list(names.values())) or 'none yet'}."
        raise UnclearError(
            f"Organisation: {shown(written)} is not in the showcase: {cure} "
            f"If it is not there yet, write its full name under {_OTHER}."
        )
    if (kind or url) and not written:
        raise UnclearError(f"{_OTHER}: its full name is missing.")
    return known


_DOING: Mapping[Form, _Doing] = {
    ADD: _addition,
    EDIT: _change,
    REMOVE: _change,
    JUDGE: lambda _, answers, registry, context: propose_judgement(answers, registry, context.path),
}
